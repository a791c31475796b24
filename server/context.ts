import type { Role } from "#lib/schemas/user.ts";
import type { Prisma } from "#server/generated/prisma/client.ts";

/** Who acts. A job acts as `system`; the CLI's token file is `local-cli`: admin without changes to owners. */
export type Actor =
  | { kind: "user"; id: string; name: string; role: Role; sessionId: string }
  | { kind: "token"; id: string; name: string; role: Role; tokenId: string; scopes: readonly string[] }
  | { kind: "cli"; name: "local-cli"; role: "admin" }
  | { kind: "system"; name: string; role: "owner" };

/** What every service verb gets first. Services read no cookies, headers or process.env. */
export type Context = {
  actor: Actor;
  requestId: string;
  ip: string | null;
  /** Set when a verb runs inside another's transaction. */
  tx?: Prisma.TransactionClient;
};
