import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "#server/crypto.ts";
import { createSession } from "#server/session-rows/create-session.ts";
import { findSession } from "#server/session-rows/find-session.ts";
import { acceptInvite } from "#server/users/accept-invite.ts";
import { changePassword } from "#server/users/change-password.ts";
import { createInvite } from "#server/users/create-invite.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { findSignInUser } from "#server/users/find-sign-in-user.ts";
import { getInvite } from "#server/users/get-invite.ts";
import { verifyPassword } from "#server/users/verify-password.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const from = { ip: null, requestId: "test" };
const tokenOf = (url: string | undefined) => url?.split("/").at(-1) ?? "";

async function makeSession(user: { id: string; name: string }) {
  const idHash = sha256Hex(randomBytes(8).toString("hex"));
  const expiresAt = new Date(Date.now() + 60_000);
  const session = await createSession({
    ...from,
    idHash,
    user: { id: user.id, name: user.name, role: "user" },
    host: "panel.test",
    userAgent: "test",
    expiresAt,
  });
  return { ...session, idHash };
}

describe("an invite", () => {
  it("sets the password once, and ends other invites and all sign-ins", async () => {
    const user = await makeUser({ email: "ada@example.org" });
    const session = await makeSession(user);
    const token = tokenOf(user.invite?.url);
    expect((await getInvite({ token })).user.name).toBe(user.name);
    const trail = await trailOf(platform.db, () =>
      acceptInvite({ token, input: { password: "correct horse battery" }, ...from }),
    );
    expect(trail.audit).toEqual([{ action: "user.accept-invite", targetName: user.name }]);
    expect(trail.changes).toEqual([
      { kind: "session", ids: [session.idHash] },
      { kind: "user", ids: [user.id] },
    ]);
    expect(await findSession({ idHash: session.idHash })).toBeNull();
    await expect(
      acceptInvite({ token, input: { password: "another password" }, ...from }),
    ).rejects.toMatchObject({
      code: "GONE",
    });
    const ok = { id: user.id, name: user.name, role: "user" };
    expect(
      await verifyPassword({ user: await findSignInUser(user.name), password: "correct horse battery" }),
    ).toEqual(ok);
    expect(
      await verifyPassword({
        user: await findSignInUser("Ada@example.org"),
        password: "correct horse battery",
      }),
    ).toEqual(ok);
    expect(
      await verifyPassword({ user: await findSignInUser(user.name), password: "another password" }),
    ).toBeNull();
  });

  it("works once when two requests race", async () => {
    const user = await makeUser();
    const token = tokenOf(user.invite?.url);
    const results = await Promise.allSettled(
      ["first password", "second password"].map((password) =>
        acceptInvite({ token, input: { password }, ...from }),
      ),
    );
    expect(results.map((result) => result.status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("is replaced by a newer one, and expires after 72 hours", async () => {
    const user = await makeUser();
    const newer = await createInvite({ ctx: cliContext(), ref: user.name });
    await expect(getInvite({ token: tokenOf(user.invite?.url) })).rejects.toMatchObject({ code: "GONE" });
    expect(Math.round((Date.parse(newer.expiresAt) - Date.now()) / 3_600_000)).toBe(72);
    await platform.db.invite.updateMany({ data: { expiresAt: new Date() } });
    await expect(getInvite({ token: tokenOf(newer.url) })).rejects.toMatchObject({ code: "GONE" });
  });
});

describe("changePassword", () => {
  it("asks for the current one and ends the other sign-ins only", async () => {
    const user = await makeUser();
    await acceptInvite({
      token: tokenOf(user.invite?.url),
      input: { password: "the old password" },
      ...from,
    });
    const [current, other] = [await makeSession(user), await makeSession(user)];
    const ctx = userContext({ id: user.id, name: user.name, role: "user", sessionId: current.id });
    const change = (currentPassword: string) =>
      changePassword({ ctx, input: { currentPassword, newPassword: "the new password" } });
    await expect(change("wrong")).rejects.toMatchObject({
      code: "INVALID_INPUT",
      fields: [expect.objectContaining({ path: "currentPassword" })],
    });
    const trail = await trailOf(platform.db, () => change("the old password"));
    expect(trail.audit).toEqual([{ action: "user.change-password", targetName: user.name }]);
    expect(trail.changes[0]).toEqual({ kind: "session", ids: [other.idHash] });
    expect(await findSession({ idHash: current.idHash })).not.toBeNull();
    expect(await findSession({ idHash: other.idHash })).toBeNull();
    await expect(
      changePassword({ ctx: cliContext(), input: { currentPassword: "x", newPassword: "1234567890" } }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});

it("lets nobody in who is disabled, unknown or without a password", async () => {
  const user = await makeUser();
  expect(await verifyPassword({ user: await findSignInUser(user.name), password: "" })).toBeNull();
  expect(
    await verifyPassword({ user: await findSignInUser("nobody"), password: "whatever it is" }),
  ).toBeNull();
  await acceptInvite({ token: tokenOf(user.invite?.url), input: { password: "a good password" }, ...from });
  await disableUser({ ctx: cliContext(), ref: user.id });
  expect(
    await verifyPassword({ user: await findSignInUser(user.name), password: "a good password" }),
  ).toBeNull();
});
