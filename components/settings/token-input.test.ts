import { describe, expect, it } from "vitest";
import { createTokenInputSchema } from "#lib/schemas/session.ts";
import { EXPIRY_CHOICES, toExpiresAt, tokenFormSchema } from "./token-input.ts";

const NOW = Date.UTC(2026, 10, 23);

describe("token form", () => {
  it("always makes what the API accepts", () => {
    for (const expiry of EXPIRY_CHOICES) {
      const form = tokenFormSchema.parse({ name: " backup ", scopes: ["read"], expiry });
      const input = { name: form.name, scopes: form.scopes, expiresAt: toExpiresAt(form.expiry, NOW) };
      expect(createTokenInputSchema.parse(input)).toMatchObject({ name: "backup" });
    }
  });
  it("counts days from now", () => {
    expect(toExpiresAt("30", NOW)).toBe("2026-12-23T00:00:00.000Z");
    expect(toExpiresAt("never", NOW)).toBeNull();
  });
  it("asks for a name and a scope", () => {
    const wrong = tokenFormSchema.safeParse({ name: " ", scopes: [], expiry: "30" });
    expect(wrong.error?.issues.map((issue) => issue.message)).toEqual(["nameMissing", "scopesMissing"]);
  });
});
