import { expect, it } from "vitest";
import { auditPageSchema } from "#lib/schemas/status.ts";
import { listAudit } from "#server/audit/list-audit.ts";
import { holdLease, releaseLeases } from "#server/leases/hold-lease.ts";
import { deleteUser } from "#server/users/delete-user.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser } from "#test/made.ts";

preparePlatform();

it("lists who did what, newest first, page by page, also of users that are gone", async () => {
  const [ada, eve] = [await makeUser(), await makeUser()];
  await disableUser({ ctx: cliContext(), ref: ada.id });
  await deleteUser({ ctx: cliContext(), ref: ada.id });
  await disableUser({ ctx: cliContext(), ref: eve.id });
  const page = auditPageSchema.parse(
    await listAudit({ ctx: cliContext(), query: { user: ada.name, limit: 2 } }),
  );
  expect(page.items.map((item) => item.action)).toEqual(["user.delete", "user.disable"]);
  expect(page.items[0]).toMatchObject({ actor: "local-cli", targetName: ada.name, ip: "192.0.2.7" });
  const rest = await listAudit({
    ctx: cliContext(),
    query: { user: ada.id, cursor: page.nextCursor ?? "", limit: 2 },
  });
  expect(rest.items.map((item) => item.action)).toEqual(["user.create"]);
  expect(rest.nextCursor).toBeNull();
  expect((await listAudit({ ctx: cliContext(), query: {} })).items[0]).toMatchObject({
    targetName: eve.name,
  });
});

it("is for operators, and refuses cursors that are not ours", async () => {
  await expect(listAudit({ ctx: userContext({ role: "user" }), query: {} })).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  await expect(listAudit({ ctx: cliContext(), query: { cursor: "1; --" } })).rejects.toMatchObject({
    code: "INVALID_INPUT",
  });
});

it("gives a lease to one holder at a time, and to the next one once it is released or over", async () => {
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  const take = (holder: string, ttlSeconds = 60) => holdLease({ name: "job", holder, ttlSeconds });
  expect(await Promise.all([take(first), take(first)])).toEqual([true, true]);
  expect(await take(second)).toBe(false);
  await releaseLeases({ holder: first });
  expect(await take(second, 0.05)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect(await take(first)).toBe(true);
});
