import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  continueTrace,
  currentTraceId,
  currentTraceparent,
  initTracing,
  isRecording,
  stopTracing,
  withChildSpan,
  withSpan,
} from "./tracing.ts";

type Sent = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status?: { code?: number };
};

const KEPT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NOT_KEPT = KEPT.replace(/01$/, "00");
let collector: Server;
let bodies: string[];
let sent: Sent[];

beforeEach(async () => {
  bodies = [];
  sent = [];
  collector = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    for (const resource of JSON.parse(body).resourceSpans)
      for (const scope of resource.scopeSpans) sent.push(...scope.spans);
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await stopTracing();
  collector.close();
  collector.closeAllConnections();
});

const endpoint = () => `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
const start = (
  options: { endpoint?: string; sampleRatio?: number; onExport?: (e: Error | null) => void } = {},
) => initTracing({ program: "test", version: "1", endpoint: endpoint(), sampleRatio: 1, ...options });

describe("tracing", () => {
  it("off: runs what it is given and knows no trace", async () => {
    await start({ endpoint: "" });
    const seen = await continueTrace(KEPT, "request", {}, async () =>
      withSpan("inner", {}, () => [currentTraceId(), currentTraceparent(), isRecording()]),
    );
    expect(seen).toEqual([null, null, false]);
  });

  it("goes on with the trace that came in, across awaits, and sends it with the program's name", async () => {
    await start();
    const traceparent = await continueTrace(KEPT, "request", { "http.route": "/users/{ref}" }, async () => {
      await sleep(1);
      return withSpan("inner", {}, async () => currentTraceparent());
    });
    await stopTracing();
    const [inner, outer] = sent;
    expect(outer).toMatchObject({ name: "request", parentSpanId: "b7ad6b7169203331" });
    expect(inner).toMatchObject({ name: "inner", parentSpanId: outer?.spanId });
    expect(traceparent).toBe(`00-0af7651916cd43dd8448eb211c80319c-${inner?.spanId}-01`);
    expect(bodies.join()).toContain("causeway-test");
  });

  it("keeps what the sender decided: nothing of a trace that is not kept, but its id", async () => {
    await start();
    const seen = continueTrace(NOT_KEPT, "request", {}, () => {
      withSpan("inner", {}, () => undefined);
      return currentTraceparent();
    });
    await stopTracing();
    expect(seen).toBe(NOT_KEPT);
    expect(sent).toEqual([]);
  });

  it("keeps about the asked share of the traces that begin here, whole ones", async () => {
    await start({ sampleRatio: 0.2 });
    for (let round = 0; round < 500; round++) withSpan("outer", {}, () => withSpan("inner", {}, () => 0));
    await stopTracing();
    const outer = sent.filter(({ name }) => name === "outer").length;
    expect(outer).toBeGreaterThan(50);
    expect(outer).toBeLessThan(160);
    expect(sent.filter(({ name }) => name === "inner")).toHaveLength(outer);
  });

  it("takes anything that is no traceparent for the start of a trace", async () => {
    await start();
    const zero = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
    for (const wrong of [null, undefined, "", "abc", zero, `ff${KEPT.slice(2)}`])
      continueTrace(wrong, "request", {}, () => expect(currentTraceId()).toMatch(/^[\da-f]{32}$/));
    await stopTracing();
    expect(sent).toHaveLength(6);
    expect(sent.every(({ parentSpanId }) => !parentSpanId)).toBe(true);
  });

  it("passes failures on and names their kind, never their message", async () => {
    await start();
    const failing = async () => {
      throw Object.assign(new Error("value hunter2 is wrong"), { code: "P2002" });
    };
    await expect(withSpan("write", {}, failing)).rejects.toThrow("hunter2");
    await stopTracing();
    expect(sent[0]).toMatchObject({ name: "write", status: { code: 2 } });
    expect(bodies.join()).toContain("P2002");
    expect(bodies.join()).not.toContain("hunter2");
  });

  it("makes no span of what a timer does", async () => {
    await start();
    expect(withChildSpan("SELECT change", {}, () => 1)).toBe(1);
    await stopTracing();
    expect(sent).toEqual([]);
  });

  it("lets no address with a secret out, nor what stands below it, nor a query", async () => {
    await start();
    const secret = "q4mJ0f1l5GmX2l8bH3aQw9Zr7yT6uV0sKcPdNeRfBhA";
    for (const path of [`/sub/${secret}`, `/invite/${secret}`, `/api/v1/invites/${secret}`, `/pac/${secret}`])
      withSpan("GET", { "http.target": path }, () => withSpan("inner", {}, () => undefined));
    withSpan(`GET /sub/${secret}`, {}, () => undefined);
    withSpan("GET", { "http.target": `/login?next=${secret}` }, () => undefined);
    withSpan("GET", { note: `cwy_${secret}` }, () => undefined);
    withSpan("GET /sub/[token]", {}, () => undefined);
    await stopTracing();
    expect(sent.map(({ name }) => name)).toEqual(["GET", "GET", "GET /sub/[token]"]);
    expect(bodies.join()).not.toContain(secret);
  });

  it("goes on without a collector: spans are dropped, the first failure is told", async () => {
    const told: (string | null)[] = [];
    await start({ endpoint: "http://127.0.0.1:1", onExport: (error) => told.push(error?.message ?? null) });
    for (let round = 0; round < 5_000; round++) withSpan("work", {}, () => undefined);
    const startedAt = Date.now();
    await stopTracing();
    expect(Date.now() - startedAt).toBeLessThan(2_500);
    expect(told.every((message) => message !== null)).toBe(true);
  });
});
