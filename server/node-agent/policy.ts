import type { AgentUser } from "#lib/schemas/agent.ts";

/** Whether a user's VPN door is open now: what the controller said, plus time and bytes since. */
export function isDoorOpen(user: AgentUser, now: number, unacknowledgedBytes: number): boolean {
  if (user.expiresAt !== null && user.expiresAt <= now) return false;
  return user.limitBytes === null || user.usedBytes + unacknowledgedBytes < user.limitBytes;
}
