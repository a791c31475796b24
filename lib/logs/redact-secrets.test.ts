import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { redactFields, redactSecrets } from "./redact-secrets.ts";

const secret = () => randomBytes(32).toString("base64url");
const ID = "2c41f2d7-6b5e-4b0e-9b2a-0d9a3c9f1e11";

describe("redactSecrets", () => {
  const token = secret();
  it.each([
    ["an API token", `used cwy_${token} here`],
    ["a subscription's path", `GET /sub/${token}?format=mihomo`],
    ["an invite's path", `GET https://host/invite/${token}`],
    ["an invite's API path", `/api/v1/invites/${token}/x`],
    ["a session cookie", `Cookie: a=1; __Host-causeway=${token}; b=2`],
    ["a bearer header", `"authorization","Bearer ${token}"`],
    ["a basic header", `Basic ${Buffer.from(`ada:${token}`).toString("base64")}`],
    ["a proxy URL", `via http://ada:${token.slice(0, 24)}@host:8888 failed`],
    ["a database URL", `postgresql://causeway:${token}@127.0.0.1/causeway`],
    ["a vless link", `vless://${token}@host:443?pbk=x`],
    ["a query's token", `/x?token=${token.slice(0, 12)}&a=1`],
    ["a key of 32 bytes", `key ${token}.`],
    ["a key in base64", `key ${randomBytes(32).toString("base64")}`],
    ["JSON in a text", JSON.stringify({ body: JSON.stringify({ password: `p"${token}\\`, n: 1 }) })],
  ])("takes out %s and nothing after it", (_, text) => {
    const line = JSON.stringify({ text, last: "kept" });
    const safe = redactSecrets(line);
    expect(safe).not.toContain(token.slice(0, 12));
    expect(JSON.parse(safe)).toMatchObject({ last: "kept" });
    expect(redactSecrets(safe)).toBe(safe);
  });

  it("leaves ids, routes and words alone", () => {
    const line = JSON.stringify({
      requestId: ID,
      route: "/api/v1/invites/:token",
      msg: "the token is basic",
    });
    expect(redactSecrets(line)).toBe(line);
  });

  it.each([
    '"password":"',
    "a",
    "\\",
    "://",
    '\\"token\\":\\"',
    "eyJaaaaaaaa",
    "basic ",
    "causeway=",
    "/sub/",
    "=",
  ])("takes no longer on a megabyte of %s", (part) => {
    const startedAt = performance.now();
    redactSecrets(part.repeat(1_000_000 / part.length));
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});

describe("redactFields", () => {
  it("empties secret fields at any depth and cuts what is too long", () => {
    const safe = redactFields({
      user: { newPassword: "x", list: [{ vlessId: ID, name: "ada" }] },
      Authorization: "y",
      token: null,
      tokens: 3,
      text: "z".repeat(10_000),
    });
    expect(safe).toMatchObject({
      user: { newPassword: "[redacted]", list: [{ vlessId: "[redacted]", name: "ada" }] },
      Authorization: "[redacted]",
      token: null,
      tokens: 3,
    });
    expect(String(safe.text).length).toBeLessThan(9_000);
  });
});
