import { createHash, timingSafeEqual } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import { unauthenticated } from "#server/errors.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Bearer token of a program; compared as digests, so neither content nor length shows in the time taken. */
export function requireProgram(tokens: Record<string, string>): MiddlewareHandler {
  const expected = Object.values(tokens).map((token) => {
    if (token.length < 20)
      throw new Error("A program's token is too short: make a new one of 32 random bytes.");
    return digest(token);
  });
  return async (c, next) => {
    const given = digest(/^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "");
    const isKnown = expected.map((token) => timingSafeEqual(token, given)).includes(true);
    if (!isKnown)
      throw unauthenticated("This listener is for Causeway's own programs: send the program's token.");
    await next();
  };
}
