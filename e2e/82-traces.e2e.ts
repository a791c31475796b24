import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readStream } from "./log-files.ts";
import { addPerson, api, cliToken, eventually, request, signIn, stackFile, vpn, vpnJson } from "./product.ts";

const SERVICES = ["traefik", "web", "proxy-auth", "controller", "node-agent"];
const browser = { accept: "text/html" };
const dashboard = (path: string) => `https://127.0.0.1:${stackFile().ports.dashboard}${path}`;

type Span = { spanID: string; operationName: string; processID: string; references: { spanID: string }[] };
type JaegerTrace = {
  traceID: string;
  spans: Span[];
  processes: Record<string, { serviceName: string }>;
};

async function jaeger(path: string): Promise<JaegerTrace[]> {
  const response = await fetch(`http://127.0.0.1:${stackFile().ports["jaeger-ui"]}${path}`);
  return ((await response.json()) as { data: JaegerTrace[] | null }).data ?? [];
}

const traces = (program: string, limit = 100, query = "") =>
  jaeger(`/api/traces?service=causeway-${program}&limit=${limit}&lookback=3h${query}`);

/** `program: span` of each, and of each the one above it. */
function lines({ spans, processes }: JaegerTrace): { name: string; parent: string | null }[] {
  const name = (span: Span | undefined) =>
    span === undefined
      ? null
      : `${processes[span.processID]?.serviceName.replace("causeway-", "")}: ${span.operationName}`;
  return spans.map((span) => ({
    name: name(span) ?? "",
    parent: name(spans.find(({ spanID }) => spanID === span.references[0]?.spanID)),
  }));
}

/** The trace through `program` that holds a span of this name, once all of `wanted` are in it. */
async function findTrace(program: string, wanted: string[]): Promise<JaegerTrace> {
  let found: JaegerTrace | undefined;
  await eventually(`one trace with ${wanted.join(", ")}`, async () => {
    found = (await traces(program)).find((trace) => {
      const names = lines(trace).map(({ name }) => name);
      return wanted.every((span) => names.includes(span));
    });
    return found !== undefined;
  });
  if (found === undefined) throw new Error("not found");
  return found;
}

const linesAbout = (program: string, words: string) =>
  readStream(`${program}.log`).filter((line) => line.includes(words)).length;

describe("traces", () => {
  it("one dashboard request is one trace: Traefik, ForwardAuth, Redis, the identity API, Postgres", async () => {
    const { owner } = inject("stack").ready;
    const cookie = await signIn(owner.name, owner.password ?? "");
    const headers = { ...browser, cookie };
    expect((await request(dashboard("/api/overview"), { headers })).status).toBe(200);
    const trace = await findTrace("proxy-auth", [
      "traefik: GET",
      "traefik: AuthRequest",
      "proxy-auth: forward-auth",
      "proxy-auth: redis GET",
      "proxy-auth: GET /internal/sessions/…",
      "web: GET /internal/sessions/:idHash",
      "web: postgres SELECT session",
    ]);
    const parents = new Map(lines(trace).map(({ name, parent }) => [name, parent]));
    expect(parents.get("traefik: AuthRequest")).toBe("traefik: GET");
    expect(parents.get("proxy-auth: forward-auth")).toBe("traefik: AuthRequest");
    expect(parents.get("proxy-auth: redis GET")).toBe("proxy-auth: forward-auth");
    expect(parents.get("web: GET /internal/sessions/:idHash")).toBe("proxy-auth: GET /internal/sessions/…");
    expect(parents.get("web: postgres SELECT session")).toBe("web: GET /internal/sessions/:idHash");
  });

  it("one `vpn user add` is one trace down to the call into Xray, and its log lines carry the id", async () => {
    await vpnJson("user", "add", `traced-${Date.now().toString(36)}`);
    const trace = await findTrace("node-agent", [
      "traefik: POST",
      "web: POST /api/v1/users",
      "web: postgres INSERT user",
      "web: postgres INSERT change",
      "controller: sync node",
      "controller: POST /v1/delta",
      "node-agent: POST /v1/delta",
      "node-agent: xray AddUser",
    ]);
    const parents = new Map(lines(trace).map(({ name, parent }) => [name, parent]));
    expect(parents.get("controller: sync node")).toBe("web: POST /api/v1/users");
    expect(parents.get("node-agent: POST /v1/delta")).toBe("controller: POST /v1/delta");
    expect(parents.get("node-agent: xray AddUser")).toBe("node-agent: POST /v1/delta");
    expect(lines(trace).filter(({ parent }) => parent === null)).toHaveLength(1);
    await eventually("web's line", () => linesAbout("web", trace.traceID) > 0);

    const own = await api(`/traces/${trace.traceID}`);
    const body = (await own.json()) as { name: string; tree: { name: string; depth: number }[] };
    expect(body.name).toBe("POST /api/v1/users");
    expect(body.tree[0]).toMatchObject({ name: "POST", depth: 0 });
    expect(body.tree.some(({ name }) => name === "xray AddUser")).toBe(true);
  });

  it("a job queued by a request is part of its trace; one on its schedule is a trace of its own", async () => {
    expect((await api("/jobs/pruning/run", { method: "POST", body: {} })).status).toBe(204);
    const trace = await findTrace("controller", ["traefik: POST", "controller: job pruning"]);
    expect(lines(trace).map(({ name }) => name)).toContain("controller: postgres DELETE session");
    await eventually("the schedule has run once", async () =>
      (await traces("controller", 100, "&operation=job%20partitions")).some((other) =>
        lines(other).some(({ name, parent }) => name === "controller: job partitions" && parent === null),
      ),
    );
  });

  it("no secret is in any span, wherever it was sent", async () => {
    const { owner } = inject("stack").ready;
    const { user, password, cookie } = await addPerson();
    const invite = await vpnJson<{ invite: { url: string } | null }>(
      "user",
      "add",
      `inv-${Date.now().toString(36)}`,
    );
    const inviteUrl = invite.invite?.url ?? "";
    const subPath = new URL(user.subscriptionUrl).pathname;
    const { panelUrl, ports } = stackFile();
    for (const url of [
      user.subscriptionUrl,
      `${user.subscriptionUrl}?format=sing-box`,
      `http://127.0.0.1:${ports.http}${subPath}`,
      dashboard(subPath),
      `${panelUrl}/%73ub${subPath.slice(4)}`,
      inviteUrl,
      `${panelUrl}/login?next=${encodeURIComponent(subPath)}`,
      `${panelUrl}/api/v1${new URL(inviteUrl).pathname.replace("invite", "invites")}`,
    ])
      await request(url, { headers: { ...browser, cookie } });
    const token = `cwy_${"x".repeat(43)}`;
    await request(dashboard("/api/overview"), { headers: { authorization: `Bearer ${token}` } });
    await vpn("user", "links", user.name);
    await vpn("user", "rotate", user.name);
    await sleep(3_000);
    const all = (await Promise.all(SERVICES.map((program) => traces(program, 1_500)))).flat();
    const text = JSON.stringify(all);
    expect(all.length).toBeGreaterThan(20);
    const secrets = {
      subscription: subPath.split("/").at(-1) ?? "",
      invite: new URL(inviteUrl).pathname.split("/").at(-1) ?? "",
      "proxy password": user.proxy.password,
      "panel password": password,
      "owner's password": owner.password ?? "",
      cookie: cookie.split("=")[1] ?? "",
      "API token": token,
      "CLI's token": cliToken(),
      "VLESS id": new URL(user.vlessLinks[0] ?? "").username,
    };
    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret.length, what).toBeGreaterThan(8);
      expect(text.includes(secret), what).toBe(false);
    }
  });
});

describe("without its collector", () => {
  const programs = ["web", "proxy-auth", "controller", "node-agent"];
  const alive: number[] = [];
  const before = new Map<string, number>();
  const newLines = (program: string) => linesAbout(program, "collector is away") - (before.get(program) ?? 0);
  beforeAll(() => {
    for (const program of programs) before.set(program, linesAbout(program, "collector is away"));
    const pid = stackFile().pids.jaeger;
    if (pid === undefined) throw new Error("Jaeger does not run");
    process.kill(pid, "SIGSTOP");
    alive.push(pid);
  });
  afterAll(() => {
    for (const pid of alive)
      try {
        process.kill(pid, "SIGCONT");
      } catch {
        // It was replaced.
      }
  });

  it("everything goes on as fast, and each program says so once", async () => {
    const startedAt = Date.now();
    for (let round = 0; round < 40; round++) expect((await api("/users?limit=1")).status).toBe(200);
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    await eventually("web tells that the collector is away", () => newLines("web") > 0, 60_000);
    await sleep(3_000);
    for (const program of programs) expect(newLines(program), program).toBeLessThanOrEqual(1);
    const listed = await api("/traces");
    expect(listed.status).toBe(503);
    expect(((await listed.json()) as { detail: string }).detail).toContain("Jaeger does not answer");
  });

  it("a killed Jaeger comes back by itself, and traces with it", async () => {
    const before = stackFile().pids.jaeger;
    if (before !== undefined) process.kill(before, "SIGKILL");
    await eventually("Jaeger is back", async () => {
      const { pids } = stackFile();
      return pids.jaeger !== undefined && pids.jaeger !== before && (await traces("web")).length >= 0;
    });
    await eventually("a new trace", async () => {
      await api("/users?limit=1");
      return (await traces("web")).length > 0;
    });
    await eventually("web tells that it is back", () => linesAbout("web", "collector is back") > 0);
  });
});
