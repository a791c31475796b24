import { beforeAll, describe, expect, it } from "vitest";
import type { ListUsersQuery } from "#lib/schemas/user.ts";
import { countUsers } from "#server/users/count-users.ts";
import { listUsers } from "#server/users/list-users.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser } from "#test/made.ts";

const platform = preparePlatform();
const USERS = 23;

async function allNames(query: Partial<ListUsersQuery>): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listUsers({
      ctx: cliContext(),
      query: { ...query, limit: 5, ...(cursor ? { cursor } : {}) },
    });
    names.push(...page.items.map((user) => user.name));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return names;
}

describe("listUsers", () => {
  beforeAll(async () => {
    for (let index = 0; index < USERS; index++) {
      const user = await makeUser({
        name: `p${String(index).padStart(2, "0")}`,
        email: index % 2 ? `Person${index}@Example.org` : null,
        note: index === 7 ? "100%_Sure ärger" : "",
        role: index === 3 ? "admin" : "user",
        expiresAt: index % 3 ? new Date(Date.UTC(2030, 0, 30 - index)).toISOString() : null,
      });
      await platform.db.userUsage.update({
        where: { userId: user.id },
        data: { httpUp: BigInt((index * 7) % 10), ...(index < 2 ? { onlineAt: new Date() } : {}) },
      });
    }
  });

  it.each(["name", "createdAt", "usedBytes", "expiresAt"] as const)(
    "pages through everybody once, sorted by %s, both ways",
    async (sort) => {
      const up = await allNames({ sort, order: "asc" });
      const down = await allNames({ sort, order: "desc" });
      expect(new Set(up).size).toBe(USERS);
      expect(down).toEqual([...up].reverse());
    },
  );

  it("stands unlimited expiry after every date", async () => {
    const names = await allNames({ sort: "expiresAt", order: "asc" });
    expect(names.at(0)).toBe("p22");
    expect(Number(names.at(-1)?.slice(1)) % 3).toBe(0);
  });

  it("searches name, e-mail and note, taking every character literally", async () => {
    const find = (query: string) => allNames({ query });
    expect(await find("P0")).toHaveLength(10);
    expect(await find("person5@example")).toEqual(["p05"]);
    expect(await find("0%_s")).toEqual(["p07"]);
    expect(await find("_")).toEqual(["p07"]);
    expect(await find("\\")).toEqual([]);
  });

  it("filters by status, role and who is online, with the filtered total", async () => {
    expect(await allNames({ role: "admin" })).toEqual(["p03"]);
    expect(await allNames({ online: "true" })).toEqual(["p00", "p01"]);
    const { total, items } = await listUsers({ ctx: cliContext(), query: { status: "active", limit: 2 } });
    expect([total, items.length]).toEqual([USERS, 2]);
    expect(await countUsers()).toMatchObject({ total: USERS, online: 2, active: USERS, disabled: 0 });
  });

  it("refuses users, and cursors that are not ours", async () => {
    await expect(listUsers({ ctx: userContext({ role: "user" }), query: {} })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    for (const cursor of ["x", Buffer.from('["a","b"]').toString("base64url")])
      await expect(listUsers({ ctx: cliContext(), query: { cursor } })).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
    const forged = Buffer.from(JSON.stringify(["not a time", crypto.randomUUID()])).toString("base64url");
    await expect(
      listUsers({ ctx: cliContext(), query: { sort: "createdAt", cursor: forged } }),
    ).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
