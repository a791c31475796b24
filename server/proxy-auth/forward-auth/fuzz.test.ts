import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReplicaUser } from "#lib/schemas/internal.ts";
import { type Bench, startBench } from "../testing/bench.ts";
import { readCheckedRequest } from "./checked-request.ts";
import { splitCookies } from "./cookie-header.ts";

/** `npm run test:long` asks for 100 000. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 2_000);

const pieces = fc.constantFrom(
  ...[
    "/",
    "\\",
    "%",
    "%2f",
    "%00",
    "..",
    ".",
    ";",
    ":",
    "@",
    "#",
    "?",
    "[",
    "]",
    "::1",
    "127.0.0.1",
    "panel.test",
  ],
  ...[
    "PANEL.TEST",
    "other.test",
    ",",
    " ",
    "\t",
    "é",
    "\u0000",
    "\u007f",
    "xn--",
    "443",
    "99999",
    "-",
    "_",
    "*",
    "a",
  ],
);
const crafted = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(""));
const text = fc.oneof(crafted, fc.string({ unit: "binary", maxLength: 80 }), fc.webUrl());
const forwarded = fc.record({
  "x-forwarded-method": fc.oneof(fc.constant("GET"), text),
  "x-forwarded-proto": fc.oneof(fc.constantFrom("https", "http", "wss", "ws"), text),
  "x-forwarded-host": fc.oneof(fc.constantFrom("panel.test", "other.test:8443"), text),
  "x-forwarded-uri": fc.oneof(
    text,
    text.map((rest) => `/${rest}`),
  ),
  accept: fc.oneof(fc.constant("text/html"), text),
});

describe("reading what Traefik asks about", () => {
  it("answers null or a request whose parts agree, and never throws", () => {
    fc.assert(
      fc.property(forwarded, (headers) => {
        const checked = readCheckedRequest(headers);
        if (checked === null) return;
        const url = new URL(checked.url);
        expect(url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "")).toBe(checked.hostname);
        expect(checked.url).not.toMatch(/[\r\n\0]/);
        expect(checked.path.startsWith("/")).toBe(true);
        expect(["https:", "http:"]).toContain(url.protocol);
      }),
      { numRuns: RUNS },
    );
  });

  it("takes our cookies out and leaves every other as it was", () => {
    const part = fc.oneof(
      fc.constantFrom(
        "__Host-causeway=x",
        " __Host-causeway = y",
        "__host-causeway=z",
        "__Host-causeway",
        "a=b",
        "=",
        "",
      ),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const { values, rest } = splitCookies(parts.join(";"), "__Host-causeway");
        const kept = (rest ?? "").split(";").map((cookie) => cookie.trim());
        expect(kept.some((cookie) => cookie.split("=")[0]?.trim() === "__Host-causeway")).toBe(false);
        const ours = parts
          .join(";")
          .split(";")
          .filter((cookie) => cookie.split("=")[0]?.trim() === "__Host-causeway");
        expect(values).toHaveLength(ours.length);
      }),
      { numRuns: RUNS },
    );
  });
});

describe("the server itself", () => {
  let bench: Bench;
  let admin: ReplicaUser;
  beforeAll(async () => {
    bench = await startBench();
    admin = bench.panel.addUser("ops", { role: "admin" });
    await bench.announce();
  });
  afterAll(() => bench.close());

  /** The status lines of all answers to these bytes. */
  function send(bytes: Buffer, isAll = false): Promise<number[]> {
    return new Promise((resolve) => {
      const socket = connect(bench.proxy.ports.forwardAuth, "127.0.0.1", () =>
        isAll ? socket.end(bytes) : socket.write(bytes),
      );
      let answer = "";
      socket.setTimeout(2_000, () => socket.destroy());
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
      });
      socket.on("error", () => {});
      socket.on("close", () =>
        resolve([...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map((match) => Number(match[1]))),
      );
    });
  }

  it("lets nobody in and breaks down for nobody, whatever stands in the headers", async () => {
    const header = fc.tuple(
      fc.constantFrom(
        "Cookie",
        "Authorization",
        "X-Forwarded-Host",
        "X-Forwarded-Uri",
        "Remote-User",
        "Accept",
        "Host",
      ),
      text,
    );
    const known = randomBytes(32).toString("base64url");
    await fc.assert(
      fc.asyncProperty(fc.array(header, { maxLength: 8 }), async (headers) => {
        const lines = headers.map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, "")}`);
        const head = [
          "GET /forward-auth HTTP/1.1",
          "Host: x",
          "Connection: close",
          "X-Forwarded-Method: GET",
          "X-Forwarded-Proto: https",
          `Cookie: __Host-causeway=${known}`,
          ...lines,
        ];
        const statuses = await send(Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"));
        for (const status of statuses) {
          expect(status).toBeGreaterThanOrEqual(300);
          expect(status).toBeLessThan(500);
        }
      }),
      { numRuns: Math.ceil(RUNS / 20) },
    );
    // It is still there, for who belongs.
    const cookie = `__Host-causeway=${bench.panel.addSession(admin.id, "panel.test")}`;
    const head = `GET /forward-auth HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: panel.test\r\nX-Forwarded-Uri: /\r\nCookie: ${cookie}\r\n\r\n`;
    expect(await send(Buffer.from(head))).toEqual([200]);
  });

  it("answers random bytes with a clean close", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        for (const status of await send(Buffer.from(bytes), true))
          expect([400, 404, 408, 431]).toContain(status);
      }),
      { numRuns: Math.ceil(RUNS / 20) },
    );
  });
});
