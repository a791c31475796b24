import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { getTrace } from "./get-trace.ts";
import { listTraces } from "./list-traces.ts";

const tag = (key: string, value: unknown) => ({ key, type: "string", value });
const child = (spanID: string) => [{ refType: "CHILD_OF", traceID: "ab", spanID }];
const TRACE = {
  traceID: "00000000000000000000000000abcdef",
  processes: { p1: { serviceName: "causeway-traefik" }, p2: { serviceName: "causeway-web" } },
  spans: [
    {
      spanID: "c",
      operationName: "postgres SELECT user",
      references: child("b"),
      startTime: 1_700_000_000_003_000,
      duration: 2_000,
      processID: "p2",
      tags: [tag("error", true), tag("db.query.summary", "SELECT user"), tag("otel.scope.name", "causeway")],
    },
    {
      spanID: "a",
      operationName: "POST",
      startTime: 1_700_000_000_000_000,
      duration: 9_500,
      processID: "p1",
      tags: [tag("url.path", "/api/v1/users")],
    },
    {
      spanID: "b",
      operationName: "POST /api/v1/users",
      references: child("a"),
      startTime: 1_700_000_000_001_000,
      duration: 8_000,
      processID: "p2",
      tags: [tag("http.route", "/api/v1/users"), tag("causeway.request_id", "r1")],
    },
  ],
};
const asked: string[] = [];
const jaeger = createServer((request, response) => {
  asked.push(request.url ?? "");
  const isKnown = (request.url ?? "").includes("abcdef") || request.url?.includes("?");
  if (!isKnown) return void response.writeHead(404).end("{}");
  response.end(JSON.stringify({ data: [TRACE] }));
}).listen(0, "127.0.0.1");
afterAll(() => void jaeger.close());
const queryUrl = (path = "") => `http://127.0.0.1:${(jaeger.address() as AddressInfo).port}${path}`;
const query = { program: "web", errors: "1", minMs: 250, limit: 5 } as const;

describe("traces", () => {
  it("are listed by what was asked for, how long it took, and whether it failed", async () => {
    const list = await listTraces({ queryUrl: queryUrl("/jaeger"), query });
    expect(list).toEqual({
      isConfigured: true,
      pagesPath: "/jaeger",
      items: [
        {
          id: TRACE.traceID,
          name: "POST /api/v1/users",
          at: "2023-11-14T22:13:20.000Z",
          milliseconds: 9.5,
          spans: 3,
          programs: ["traefik", "web"],
          hasError: true,
        },
      ],
    });
    expect(asked[0]).toMatch(
      /^\/jaeger\/api\/traces\?service=causeway-web&limit=5&lookback=2d&minDuration=250ms&tags=/,
    );
  });

  it("one is a tree: parents before their children, without noise", async () => {
    const { tree } = await getTrace({ queryUrl: queryUrl(), id: TRACE.traceID });
    expect(tree.map(({ id, depth, startMs }) => [id, depth, startMs])).toEqual([
      ["a", 0, 0],
      ["b", 1, 1],
      ["c", 2, 3],
    ]);
    expect(tree[2]).toMatchObject({ hasError: true, attributes: { "db.query.summary": "SELECT user" } });
  });

  it("what is not known is NOT_FOUND; no Jaeger, or a silent one, is said in words", async () => {
    const id = "f".repeat(32);
    await expect(getTrace({ queryUrl: queryUrl(), id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await listTraces({ queryUrl: "", query })).toMatchObject({ isConfigured: false, items: [] });
    await expect(getTrace({ queryUrl: "", id })).rejects.toThrow("--with jaeger");
    const silent = getTrace({ queryUrl: "http://127.0.0.1:1", id });
    await expect(silent).rejects.toThrow("Jaeger does not answer");
  });
});
