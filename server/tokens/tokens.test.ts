import { describe, expect, it } from "vitest";
import { sha256, sha256Hex } from "#server/crypto.ts";
import { createToken } from "#server/tokens/create-token.ts";
import { listTokens } from "#server/tokens/list-tokens.ts";
import { revokeToken } from "#server/tokens/revoke-token.ts";
import { upsertCliToken } from "#server/tokens/upsert-cli-token.ts";
import { verifyToken } from "#server/tokens/verify-token.ts";
import { cliContext, preparePlatform, systemContext, userContext } from "#test/database.ts";
import { makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const asOwner = async () => userContext({ ...(await makeUser()), role: "user" });
const verify = (token: string) => verifyToken({ tokenHash: sha256(token) });

describe("an API token", () => {
  it("is shown once, stored as a hash, and opens until it is revoked", async () => {
    const ctx = await asOwner();
    const made = await createToken({ ctx, input: { name: "script", scopes: ["read"] } });
    expect(made.token).toMatch(/^cwy_[\w-]{43}$/);
    expect(await verify(made.token)).toMatchObject({ tokenId: made.id, scopes: ["read"], expiresAt: null });
    const listed = await listTokens({ ctx });
    expect(listed).toMatchObject([{ id: made.id, name: "script" }]);
    expect(JSON.stringify(listed)).not.toContain(made.token);
    const trail = await trailOf(platform.db, () => revokeToken({ ctx, id: made.id }));
    expect(trail.audit).toEqual([{ action: "token.revoke", targetName: "script" }]);
    expect(trail.changes).toEqual([{ kind: "token", ids: [made.id] }]);
    expect(await verify(made.token)).toBeNull();
    expect(await listTokens({ ctx })).toEqual([]);
  });

  it("leaves an audit row when it is made", async () => {
    const ctx = await asOwner();
    const { audit } = await trailOf(platform.db, () =>
      createToken({ ctx, input: { name: "a", scopes: ["write"] } }),
    );
    expect(audit).toEqual([{ action: "token.create", targetName: "a" }]);
  });

  it("does not open after its expiry, and cannot be made expired", async () => {
    const ctx = await asOwner();
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const made = await createToken({ ctx, input: { name: "short", scopes: ["read"], expiresAt } });
    expect(await verify(made.token)).not.toBeNull();
    await platform.db.apiToken.update({ where: { id: made.id }, data: { expiresAt: new Date() } });
    expect(await verify(made.token)).toBeNull();
    await expect(
      createToken({ ctx, input: { name: "old", scopes: ["read"], expiresAt: "2020-01-01T00:00:00Z" } }),
    ).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("cannot be revoked by a stranger", async () => {
    const made = await createToken({ ctx: await asOwner(), input: { name: "a", scopes: ["read"] } });
    await expect(revokeToken({ ctx: await asOwner(), id: made.id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(revokeToken({ ctx: cliContext(), id: made.id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect(await verify(made.token)).not.toBeNull();
  });

  it("cannot make a token that may do more than itself", async () => {
    const { id, name } = await makeUser();
    const ctx = {
      ...systemContext(),
      actor: { kind: "token", id, name, role: "user", tokenId: id, scopes: ["write"] } as const,
    };
    await expect(
      createToken({ ctx, input: { name: "more", scopes: ["write", "forward-auth"] } }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("the CLI's token", () => {
  it("is replaced by each new file, and left alone by the same one", async () => {
    const ctx = systemContext();
    await upsertCliToken({ ctx, tokenHash: sha256Hex("first") });
    expect(
      (await trailOf(platform.db, () => upsertCliToken({ ctx, tokenHash: sha256Hex("first") }))).audit,
    ).toEqual([]);
    const { audit } = await trailOf(platform.db, () =>
      upsertCliToken({ ctx, tokenHash: sha256Hex("second") }),
    );
    expect(audit).toEqual([{ action: "token.renew-cli", targetName: "local-cli" }]);
    expect(await verify("first")).toBeNull();
    expect(await verify("second")).toMatchObject({ user: null, scopes: ["read", "write"] });
  });

  it("is renewed by nobody but the server", async () => {
    for (const ctx of [cliContext(), userContext({ role: "owner" })])
      await expect(upsertCliToken({ ctx, tokenHash: sha256Hex("x") })).rejects.toMatchObject({
        code: "FORBIDDEN",
      });
  });
});
