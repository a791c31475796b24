import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { jwksSchema, registeredJwtKeySchema } from "#lib/schemas/jwks.ts";
import { makeApi, makeInternalApi, PROXY_AUTH_TOKEN } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { listJwtKeys } from "./list-jwt-keys.ts";
import { registerJwtKey } from "./register-jwt-key.ts";

const platform = preparePlatform();
let internal: ReturnType<typeof makeInternalApi>;
beforeAll(() => {
  internal = makeInternalApi(platform);
});

const minutes = (count: number) => count * 60_000;

async function makeKey() {
  const { x = "", y = "", ...rest } = await exportJWK((await generateKeyPair("ES256")).publicKey);
  return { kid: await calculateJwkThumbprint({ ...rest, x, y }), x, y };
}
const register = (body: unknown, token = PROXY_AUTH_TOKEN) =>
  internal.request("/internal/jwks", {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });

describe("signing keys", () => {
  test("a registered key is published to everyone, with a time to keep it", async () => {
    const key = await makeKey();
    expect(registeredJwtKeySchema.parse(await (await register(key)).json())).toMatchObject({ isNew: true });
    expect(registeredJwtKeySchema.parse(await (await register(key)).json())).toMatchObject({ isNew: false });
    const published = { ...key, kty: "EC", crv: "P-256", alg: "ES256", use: "sig" };
    for (const answer of [
      await makeInternalApi(platform).request("/jwks.json"),
      await makeApi(platform).request("/api/v1/jwks.json"),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("cache-control")).toBe("public, max-age=4");
      expect(jwksSchema.parse(await answer.json()).keys).toContainEqual(published);
    }
  });

  test("nobody registers a key without the program's token", async () => {
    expect((await register(await makeKey(), "x".repeat(43))).status).toBe(401);
  });

  test("a key under another's kid, off the curve or with a private half is refused", async () => {
    const [one, two] = [await makeKey(), await makeKey()];
    expect((await register({ ...one, kid: two.kid })).status).toBe(400);
    const zero = "A".repeat(43);
    const kid = await calculateJwkThumbprint({ kty: "EC", crv: "P-256", x: zero, y: zero });
    expect((await register({ kid, x: zero, y: zero })).status).toBe(400);
    expect((await register({ ...one, d: one.x })).status).toBe(400);
    expect((await register({ ...one, x: "short" })).status).toBe(400);
  });

  test("a key that is not renewed leaves the set after its lease, and is new again when it comes back", async () => {
    const input = await makeKey();
    const now = Date.now() + minutes(1_000);
    const { leaseSeconds } = await registerJwtKey({ input, now });
    const kids = async (at: number) => (await listJwtKeys({ now: at })).keys.map(({ kid }) => kid);
    expect(await kids(now + leaseSeconds * 1_000 - 1)).toContain(input.kid);
    expect(await kids(now + leaseSeconds * 1_000)).not.toContain(input.kid);
    const later = now + minutes(60);
    expect(await registerJwtKey({ input, now: later })).toMatchObject({ isNew: true });
    expect(await kids(later)).toEqual([input.kid]);
    expect(await platform.db.jwtKey.count()).toBe(1);
  });

  test("a proxy-auth that makes keys without end is told so", async () => {
    const now = Date.now() + minutes(10_000);
    const keys = await Promise.all(Array.from({ length: 129 }, makeKey));
    for (const input of keys.slice(0, 128)) await registerJwtKey({ input, now });
    await expect(registerJwtKey({ input: keys[128] ?? (await makeKey()), now })).rejects.toThrow(/Too many/);
    expect((await listJwtKeys({ now })).keys).toHaveLength(128);
  });
});
