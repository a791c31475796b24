import { once } from "node:events";
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from "node:http2";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { issueLeaf, type Pem } from "#stack/pki/issue.ts";
import { type Bench, eventually, startBench } from "../testing/bench.ts";

let tls: Pem;
let bench: Bench;
let user: ReplicaUser;
const sessions: ClientHttp2Session[] = [];
const env = () => ({ FORWARD_AUTH_CERT_FILE: tls.certificate, FORWARD_AUTH_KEY_FILE: tls.key });

beforeAll(async () => {
  tls = await issueLeaf({ name: "proxy-auth", names: ["127.0.0.1"], days: 1, usage: "server" });
  bench = await startBench({ env: env() });
  user = bench.panel.addUser("ada", { role: "admin" });
  bench.panel.setRules([
    { host: "site.test", path: "/owner/*", policy: "deny", roles: [], groups: [] },
    { host: "*", path: "/*", policy: "any_user", roles: [], groups: [] },
  ]);
  await bench.announce();
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy();
});
afterAll(() => bench.close());

async function connected(port = bench.proxy.ports.forwardAuthTls): Promise<ClientHttp2Session> {
  const session = connect(`https://127.0.0.1:${port}`, {
    ca: tls.certificate,
    maxSendHeaderBlockLength: 1_000_000,
  });
  sessions.push(session);
  session.on("error", () => {});
  await once(session, "remoteSettings");
  return session;
}

const question = (cookie: string, more: OutgoingHttpHeaders = {}): OutgoingHttpHeaders => ({
  ":path": "/forward-auth",
  "x-forwarded-method": "GET",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "site.test",
  "x-forwarded-uri": "/x",
  "x-forwarded-for": "198.18.0.1",
  cookie,
  ...more,
});

type Answer = { status: number; headers: IncomingHttpHeaders; text: string };

function read(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const answer: Answer = { status: 0, headers: {}, text: "" };
    stream.on("response", (headers) => Object.assign(answer, { status: headers[":status"], headers }));
    stream.on("data", (chunk) => {
      answer.text += String(chunk);
    });
    stream.on("error", reject).on("end", () => resolve(answer));
    stream.end();
  });
}

const ask = (session: ClientHttp2Session, cookie: string, more: OutgoingHttpHeaders = {}) =>
  read(session.request(question(cookie, more)));

const outcomeOf = (session: ClientHttp2Session) =>
  ask(session, "a=1").then(
    ({ status }) => status,
    (error: Error) => error.message,
  );

/** Of somebody who is let in. */
async function signedIn(session: ClientHttp2Session): Promise<{ value: string; cookie: string }> {
  const value = bench.panel.addSession(user.id, "site.test");
  await bench.announce();
  const cookie = `__Host-causeway=${value}; theme=dark`;
  await eventually(async () => (await ask(session, cookie)).status === 200, 1_000);
  return { value, cookie };
}

describe("asked over HTTP/2, ForwardAuth", () => {
  it("lets in and says who it is, thought about or from memory", async () => {
    const session = await connected();
    const { cookie } = await signedIn(session);
    for (const more of [{}, {}, { "x-forwarded-proto": "wss" }]) {
      const { status, headers } = await ask(session, cookie, more);
      expect(status).toBe(200);
      expect(headers).toMatchObject({ "remote-user": "ada", cookie: "theme=dark" });
      expect(headers["remote-groups"]).toBe("admin");
    }
  });

  it("refuses strangers, and those whom the rules keep out", async () => {
    const session = await connected();
    const { cookie } = await signedIn(session);
    expect((await ask(session, "a=1")).status).toBe(401);
    const page = await ask(session, "a=1", { accept: "text/html" });
    expect(page.status).toBe(302);
    expect(page.headers.location).toMatch(/^https:\/\/panel\.test\/login\?/);
    expect(page.headers["set-cookie"]?.[0]).toMatch(/^__Host-causeway-signin=/);
    const forbidden = await ask(session, cookie, { "x-forwarded-uri": "/owner/x", accept: "text/html" });
    expect([forbidden.status, forbidden.text]).toEqual([
      403,
      expect.stringContaining("You cannot open this"),
    ]);
    expect(forbidden.text).toContain(String(forbidden.headers["x-request-id"]));
  });

  it("refuses a session at once when it has ended", async () => {
    const session = await connected();
    const { value, cookie } = await signedIn(session);
    bench.panel.endSession(value);
    await bench.announce();
    await eventually(async () => (await ask(session, cookie)).status === 401, 400);
  });

  it("takes no header twice for one, and goes on after one that is too large", async () => {
    const session = await connected();
    const { cookie } = await signedIn(session);
    for (const name of ["x-forwarded-host", "x-forwarded-uri", "x-forwarded-proto", "x-forwarded-method"])
      expect((await ask(session, cookie, { [name]: ["site.test", "other.test"] })).status).not.toBe(200);
    expect((await ask(session, cookie, { "x-large": "x".repeat(48 * 1024) })).status).toBe(200);
    const lines = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`x-${i}`, "x".repeat(2_000)]));
    await expect(ask(session, cookie, lines)).rejects.toThrow();
    const many = Object.fromEntries(Array.from({ length: 1_100 }, (_, i) => [`a-${i}`, `${i}`]));
    expect((await ask(session, cookie, many)).status).toBe(200);
    expect(session.closed).toBe(false);
  });

  it("goes on for others when thousands of questions are taken back", async () => {
    const session = await connected();
    const { cookie } = await signedIn(session);
    for (let round = 0; round < 20; round++) {
      const known = ask(session, cookie);
      for (let i = 0; i < 200; i++) {
        const stream = session.request(question(i % 2 === 0 ? cookie : "a=1"));
        stream.on("error", () => {});
        stream.close(constants.NGHTTP2_CANCEL);
      }
      expect((await known).status).toBe(200);
    }
    expect(session.closed).toBe(false);
  });

  it("serves nothing but ForwardAuth to a proxy, and nobody else at all", async () => {
    const session = await connected();
    expect((await ask(session, "", { ":path": "/nothing" })).status).toBe(404);
    const another = await startBench({ trusted: ["192.0.2.1"], env: env() });
    try {
      const stranger = connect(`https://127.0.0.1:${another.proxy.ports.forwardAuthTls}`, {
        ca: tls.certificate,
      });
      sessions.push(stranger);
      stranger.on("error", () => {});
      await expect(ask(stranger, "a=1")).rejects.toThrow();
    } finally {
      await another.close();
    }
  });

  it("asks for a new connection now and then, so that others get their share", async () => {
    const session = await connected();
    await once(session, "goaway", { signal: AbortSignal.timeout(7_000) });
    expect((await ask(await connected(), "a=1")).status).toBe(401);
  }, 10_000);

  it("loses no question when it ends: what comes too late was not begun", async () => {
    const another = await startBench({ env: env() });
    const session = await connected(another.proxy.ports.forwardAuthTls);
    let isTold = false;
    session.on("goaway", () => {
      isTold = true;
    });
    const asked: Promise<number | string>[] = [];
    const timer = setInterval(() => {
      // As Traefik does: no new question to somebody who leaves.
      if (!isTold && !session.closed) asked.push(outcomeOf(session));
    }, 1);
    await eventually(() => asked.length > 20);
    await another.proxy.stop();
    clearInterval(timer);
    const outcomes = await Promise.all(asked);
    expect(isTold).toBe(true);
    expect(outcomes.filter((one) => one !== 401 && !/REFUSED_STREAM/.test(String(one)))).toEqual([]);
    expect(outcomes.filter((one) => one === 401).length).toBeGreaterThan(20);
    await another.close();
  });
});
