/** A user in Xray is `<userId>.<inboundTag>`: counters are per e-mail, and one account has one a inbound. */
export function buildEmail(userId: string, inboundTag: string): string {
  return `${userId}.${inboundTag}`;
}

/** null when the e-mail is not one of ours. */
export function parseEmail(email: string): { userId: string; inboundTag: string } | null {
  const dot = email.indexOf(".");
  if (dot !== 36) return null;
  return { userId: email.slice(0, dot), inboundTag: email.slice(dot + 1) };
}
