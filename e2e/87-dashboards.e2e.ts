import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { curl, startXrayClient, type Tunnel } from "./clients.ts";
import { DataSources, readDashboards, readQueries } from "./grafana-queries.ts";
import { addUser, api, eventually, originUrl, request, signIn, stackFile, through, vpn } from "./product.ts";

const inData = (...parts: string[]) => join(inject("stack").dataDir, ...parts);
const browser = { accept: "text/html,application/xhtml+xml" };

describe("dashboards on real programs after real traffic", () => {
  let sources: DataSources;
  let reader: pg.Client;
  const tunnels: Tunnel[] = [];
  const secret = () => inData("secrets", "postgres-password-grafana");

  beforeAll(async () => {
    reader = new pg.Client({
      host: "127.0.0.1",
      port: stackFile().ports.postgres ?? 0,
      user: "causeway_grafana",
      password: readFileSync(secret(), "utf8").trim(),
      database: "causeway",
    });
    await reader.connect();
    sources = new DataSources({ prometheus: `http://127.0.0.1:${stackFile().ports.prometheus}`, reader });
  });
  afterAll(async () => {
    await reader.end();
    for (const tunnel of tunnels) await tunnel.stop();
  });

  it("the role reads its views and no table, with a password that only this server knows", async () => {
    expect(statSync(secret()).mode & 0o077).toBe(0);
    const { rows } = await reader.query<{ name: string }>(
      "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { name } of rows)
      await expect(reader.query(`SELECT 1 FROM ${name} LIMIT 1`), name).rejects.toThrow(/permission denied/);
    await expect(reader.query("SELECT pg_advisory_lock(1)")).rejects.toThrow(/permission denied/);
  });

  it("every query of every dashboard, variable and annotation answers with data", async () => {
    const user = await addUser();
    const other = await addUser();
    const tunnel = await startXrayClient(user.vlessLinks[0] ?? "");
    tunnels.push(tunnel);
    const owner = inject("stack").ready.owner;
    const cookie = await signIn(owner.name, owner.password ?? "");
    const doors = [through.http(user), through.socks(user), through.vpn(tunnel.socksPort)];
    const fromMs = Date.now() - 60_000;
    const traffic = async () => {
      const calls = doors.map((door) => curl([...door, originUrl("http", "/bytes/100000")]));
      await Promise.all(calls);
      await curl(["-x", user.proxy.httpUrl.replace(user.proxy.password, "wrong"), originUrl("http", "/")]);
      for (const path of ["/status", "/users", "/nodes", "/audit", "/me"]) await api(path);
      const dashboard = `https://127.0.0.1:${stackFile().ports.dashboard}/dashboard/`;
      await request(dashboard, { headers: { cookie } });
      await request(dashboard, { headers: browser });
      await request(`${stackFile().panelUrl}/overview`, { headers: { cookie } });
    };
    for (let round = 0; round < 3; round++) {
      await traffic();
      await vpn("user", round % 2 === 0 ? "disable" : "enable", other.name);
    }
    let left = readQueries();
    const all = left.length;
    const variables = readDashboards().flatMap(({ templating }) => templating.list);
    const everything = Object.fromEntries(variables.map(({ name, allValue }) => [name, allValue ?? ".+"]));
    await eventually(
      "every query to answer",
      async () => {
        await traffic();
        const toMs = Date.now();
        const counts = await Promise.all(
          left.map(({ target }) => sources.count(target, { fromMs, toMs, values: everything })),
        );
        left = left.filter((_query, index) => counts[index] === 0);
        if (left.length > 0) await sleep(2_000);
        return left.length === 0;
      },
      120_000,
    ).catch((error: unknown) => {
      if (left.length === 0) throw error;
    });
    expect(left.map(({ where }) => where)).toEqual([]);
    expect(all).toBeGreaterThan(100);

    // And with one thing chosen, as far as it was used.
    for (const variable of variables) {
      const values = await sources.valuesOf(variable);
      expect(values.length, variable.name).toBeGreaterThan(0);
      expect(values.length, variable.name).toBeLessThan(100);
      const toMs = Date.now();
      for (const value of values.slice(0, 3))
        for (const { target, where } of readQueries().filter(({ target }) =>
          target.expr?.includes(`$${variable.name}`),
        ))
          await expect(
            sources.count(target, { fromMs, toMs, values: { ...everything, [variable.name]: value } }),
            `${where} with ${value}`,
          ).resolves.toBeGreaterThanOrEqual(0);
    }
  }, 300_000);
});
