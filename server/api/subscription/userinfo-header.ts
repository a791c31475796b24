type Counted = {
  usage: Record<"vpnUp" | "vpnDown" | "httpUp" | "httpDown" | "socksUp" | "socksDown", bigint> | null;
  limitBytes: bigint | null;
  expiresAt: Date | null;
};

/**
 * What client apps show as used, left and until when. Bytes over all doors since the last reset;
 * no limit is total=0 and no expiry leaves `expire` out, as the apps read them.
 */
export function userinfoHeader({ usage, limitBytes, expiresAt }: Counted): string {
  const upload = usage ? usage.vpnUp + usage.httpUp + usage.socksUp : 0n;
  const download = usage ? usage.vpnDown + usage.httpDown + usage.socksDown : 0n;
  const parts = [`upload=${upload}`, `download=${download}`, `total=${limitBytes ?? 0n}`];
  if (expiresAt) parts.push(`expire=${Math.floor(expiresAt.getTime() / 1000)}`);
  return parts.join("; ");
}
