import type { UserStatus } from "./schemas/user.ts";

/** Limits are per user over all doors; null = unlimited. Times in ms since 1970. */
export type StatusInput = {
  isDisabled: boolean;
  isOnHold: boolean;
  expiresAt: number | null;
  limitBytes: number | null;
  usedBytes: number;
  now: number;
};

/** The one rule for a user's status: what an admin said goes before time, time before volume. */
export function deriveStatus(user: StatusInput): UserStatus {
  if (user.isDisabled) return "disabled";
  if (user.isOnHold) return "on_hold";
  if (user.expiresAt !== null && user.now >= user.expiresAt) return "expired";
  if (user.limitBytes !== null && user.usedBytes >= user.limitBytes) return "limited";
  return "active";
}
