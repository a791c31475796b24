/** An IPv6 address stands in brackets before a port. */
export const agentUrlOf = (address: string, port: number): string =>
  `https://${address.includes(":") ? `[${address}]` : address}:${port}`;

export function readAgentUrl(agentUrl: string): { address: string; port: number } {
  const { hostname, port } = new URL(agentUrl);
  return { address: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port || 443) };
}
