import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LogLine, logLineSchema, logPageSchema, logProgramsSchema } from "#lib/schemas/log.ts";
import type { Context } from "#server/context.ts";
import { makeApi, makeVisitor, makeWebRuntime, type Visitor } from "#test/api.ts";
import { preparePlatform, systemContext } from "#test/database.ts";
import { followLogs } from "./follow-logs.ts";
import { listLogs } from "./list-logs.ts";

const platform = preparePlatform();
const directory = mkdtempSync(join(tmpdir(), "causeway-logs-"));
const REQUEST = "2c41f2d7-6b5e-4b0e-9b2a-0d9a3c9f1e11";
const START = Date.parse("2026-11-23T12:00:00Z");
let api: ReturnType<typeof makeApi>;
let admin: Visitor;
let person: Visitor;

const line = (program: string, second: number, rest: object) =>
  `${JSON.stringify({ level: "info", time: new Date(START + second * 1_000).toISOString(), program, msg: "x", ...rest })}\n`;
const file = (name: string) => join(directory, name);

beforeAll(async () => {
  const { env } = makeWebRuntime(platform);
  api = makeApi(platform, { env: { ...env, LOG_DIR: directory } });
  [admin, person] = [await makeVisitor("admin"), await makeVisitor("user")];
  const web = [0, 2, 4].map((second) =>
    line("web", second, { msg: `web ${second}`, userId: person.user.id }),
  );
  writeFileSync(file("web.log.20261123T120003000Z"), web.slice(0, 2).join(""));
  writeFileSync(file("web.log"), web.slice(2).join(""));
  writeFileSync(
    file("proxy-auth.log"),
    line("proxy-auth", 1, { level: "warn", msg: "wrong proxy password", name: person.user.name }) +
      line("proxy-auth", 3, { level: "error", msg: "failed", requestId: REQUEST }),
  );
  writeFileSync(
    file("traefik.log"),
    `{"level":"error","time":"2026-11-23T12:00:05Z","message":"redis://a:hunter22@x"}\n`,
  );
  writeFileSync(file("not-a-log.txt"), line("web", 9, {}));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const get = (path: string, visitor: Visitor = admin) =>
  api.request(`/api/v1${path}`, { headers: { cookie: visitor.cookie } });
const list = async (query: string) => logPageSchema.parse(await (await get(`/logs${query}`)).json());
const messages = async (query: string) => (await list(query)).items.map(({ msg }) => msg);

describe("GET /logs", () => {
  it("merges all programs and their older files, newest first, page by page", async () => {
    const all = ["redis://[redacted]@x", "web 4", "failed", "web 2", "wrong proxy password", "web 0"];
    expect(await messages("")).toEqual(all);
    const first = await list("?limit=4");
    const second = await list(`?limit=4&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ msg }) => msg)).toEqual(all);
    expect(second.nextCursor).toBeNull();
  });

  it.each([
    ["?program=traefik,web&limit=2", ["redis://[redacted]@x", "web 4"]],
    ["?level=error", ["redis://[redacted]@x", "failed"]],
    [`?requestId=${REQUEST}`, ["failed"]],
    ["?text=WRONG%20proxy", ["wrong proxy password"]],
    ["?from=2026-11-23T12:00:02Z&to=2026-11-23T12:00:03Z", ["failed", "web 2"]],
    ["?program=redis", []],
  ])("%s", async (query, expected) => expect(await messages(query)).toEqual(expected));

  it("finds a user's lines by name and by id, whichever they hold", async () => {
    const expected = ["web 4", "web 2", "wrong proxy password", "web 0"];
    expect(await messages(`?user=${person.user.name}`)).toEqual(expected);
    expect(await messages(`?user=${person.user.id}`)).toEqual(expected);
  });

  it("refuses people, wrong cursors and wrong filters", async () => {
    expect((await get("/logs", person)).status).toBe(403);
    const actor = { kind: "user", id: "x", name: "x", role: "user", sessionId: "x" } as const;
    const ctx: Context = { actor, requestId: "x", ip: null };
    await expect(listLogs({ ctx, settings: { LOG_DIR: directory }, query: {} })).rejects.toThrow();
    for (const query of ["?cursor=x", "?level=loud", "?from=yesterday", "?program=../etc", "?limit=501"])
      expect((await get(`/logs${query}`)).status, query).toBe(400);
  });

  it("says in words when no files are kept", async () => {
    const { LOG_DIR: _, ...env } = makeWebRuntime(platform).env;
    const response = await makeApi(platform, { env }).request("/api/v1/logs", {
      headers: { cookie: admin.cookie },
    });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("LOG_DIR");
  });
});

it("GET /logs/download gives the same lines as NDJSON", async () => {
  const response = await get("/logs/download?program=web");
  expect(response.headers.get("content-disposition")).toMatch(/causeway-logs-.*\.ndjson/);
  const lines = (await response.text()).trimEnd().split("\n");
  expect(lines.map((text) => logLineSchema.parse(JSON.parse(text)).msg)).toEqual(["web 4", "web 2", "web 0"]);
});

it("GET /logs/programs counts files and bytes", async () => {
  const { items, ...rest } = logProgramsSchema.parse(await (await get("/logs/programs")).json());
  expect(items.map(({ program, files }) => [program, files])).toEqual([
    ["proxy-auth", 1],
    ["traefik", 1],
    ["web", 2],
  ]);
  expect(rest).toMatchObject({ capBytes: 300_000_000, keepDays: 14, keepsDestinations: false });
});

describe("GET /logs/stream", () => {
  const decoder = new TextDecoder();
  async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, word: string): Promise<string> {
    let text = "";
    while (!text.includes(word)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`ended before ${word}: ${text}`);
      text += decoder.decode(value);
    }
    return text;
  }

  it("sends what is written from now on, across a rotation, and ends with the session", async () => {
    let isAllowed = true;
    const body = await followLogs({
      ctx: systemContext(),
      settings: { LOG_DIR: directory },
      query: { program: "controller" },
      isAllowed: async () => isAllowed,
      signal: new AbortController().signal,
      checkEveryMs: 50,
    });
    const reader = body.getReader();
    await readUntil(reader, ": open");
    await new Promise((resolve) => setTimeout(resolve, 100));
    appendFileSync(file("controller.log"), line("controller", 10, { msg: "one" }));
    appendFileSync(file("web.log"), line("web", 10, { msg: "another" }));
    const first = await readUntil(reader, "lines");
    const [sent] = JSON.parse(/data: (.*)/.exec(first)?.[1] ?? "[]") as LogLine[];
    expect(sent).toMatchObject({ program: "controller", msg: "one" });
    expect(first).not.toContain("another");
    appendFileSync(file("controller.log"), line("controller", 11, { msg: "two" }));
    renameSync(file("controller.log"), file("controller.log.20261123T121000000Z"));
    appendFileSync(file("controller.log"), line("controller", 12, { msg: "three" }));
    const rest = await readUntil(reader, "three");
    expect(rest).toContain("two");
    isAllowed = false;
    await readUntil(reader, "event: end");
    expect((await reader.read()).done).toBe(true);
  });
});
