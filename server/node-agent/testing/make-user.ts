import { randomUUID } from "node:crypto";
import type { AgentUser } from "#lib/schemas/agent.ts";

export function makeUser(change: Partial<AgentUser> = {}): AgentUser {
  const base = { expiresAt: null, limitBytes: null, usedBytes: 0 };
  return { id: randomUUID(), vlessId: randomUUID(), ...base, ...change };
}

export function usersById(...users: AgentUser[]): Map<string, AgentUser> {
  return new Map(users.map((user) => [user.id, user]));
}
