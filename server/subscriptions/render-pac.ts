/** tls: only through TLS to the proxy · plain: the password is readable on the way to the proxy. */
export type PacKind = "tls" | "plain";

/**
 * A proxy auto-config file (PAC): everything through the proxy, but not the home network, this machine and the panel
 * itself, so that a person whose account is closed still reaches it. It holds no password: browsers ask for it.
 */
export function renderPac(options: { httpProxyAddress: string; panelUrl: string; kind: PacKind }): string {
  const { httpProxyAddress, panelUrl, kind } = options;
  const panelHost = new URL(panelUrl).hostname;
  const proxy = `${kind === "tls" ? "HTTPS" : "PROXY"} ${httpProxyAddress}`;
  // Compared as text: dnsResolve would send every name to the resolver at home, which the proxy is there to avoid.
  return `// Causeway: made for one person. Keep its address to yourself.
function FindProxyForURL(url, host) {
  host = host.toLowerCase().replace(/^\\[|\\]$/g, "");
  if (host === ${JSON.stringify(panelHost.replace(/^\[|\]$/g, ""))}) return "DIRECT";
  if (isPlainHostName(host) && host.indexOf(":") === -1) return "DIRECT";
  if (/\\.(local|localhost|home\\.arpa|internal)$/.test(host)) return "DIRECT";
  if (/^(127|10)\\.\\d+\\.\\d+\\.\\d+$/.test(host)) return "DIRECT";
  if (/^(192\\.168|169\\.254|172\\.(1[6-9]|2\\d|3[01]))\\.\\d+\\.\\d+$/.test(host)) return "DIRECT";
  if (host === "::1" || /^(fe[89ab]|f[cd])[0-9a-f]*:/.test(host)) return "DIRECT";
  return ${JSON.stringify(proxy)};
}
`;
}
