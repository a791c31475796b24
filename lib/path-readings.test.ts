import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideAccess, type HeldRule } from "./access-policy.ts";
import { readingsOf } from "./path-readings.ts";

const rule = (path: string, policy: HeldRule["policy"]): HeldRule => ({
  host: "site.test",
  path,
  policy,
  roles: [],
  groups: [],
});
const rules = [rule("/open/*", "public"), rule("/secret/*", "deny"), rule("/*", "any_user")];
const ask = (path: string, isSignedIn: boolean) =>
  decideAccess({
    rules,
    hostname: "site.test",
    path,
    visitor: isSignedIn ? { role: "user", groups: [] } : null,
  }).outcome;

const bytes = (text: string) => Buffer.from(text, "latin1");
const decode = (text: string) =>
  text.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function relative(path: string): string {
  try {
    return new URL(path, "http://localhost").pathname;
  } catch {
    return "";
  }
}

/** How servers that people run come from the bytes on the wire to a file or a route. */
const SERVERS: Record<string, (path: string) => string> = {
  "decodes, then tidies": (path) => posix.normalize(decode(path)),
  "tidies, then decodes": (path) => decode(posix.normalize(path)),
  "tidies, decodes, tidies": (path) => posix.normalize(decode(posix.normalize(path))),
  "decodes twice": (path) => posix.normalize(decode(decode(path))),
  "has backslashes": (path) => posix.normalize(decode(path).replaceAll("\\", "/")),
  "ends at NUL": (path) => posix.normalize((decode(path).split("\0")[0] ?? "").concat("")),
  "leaves NUL out": (path) => posix.normalize(decode(path).replaceAll("\0", "")),
  "ends at a fragment": (path) => posix.normalize(decode(path.split("#")[0] ?? "")),
  "splits off the query after decoding": (path) => posix.normalize(decode(path).split(/[?#]/)[0] ?? ""),
  "drops parameters": (path) => posix.normalize(decode(path.replace(/;[^/]*/g, ""))),
  "decodes, drops parameters": (path) => posix.normalize(decode(path).replace(/;[^/]*/g, "")),
  "ignores case": (path) => posix.normalize(decode(path)).toLowerCase(),
  "is a browser's URL": (path) => new URL(`http://site.test${path}`).pathname,
  "is given a URL relative to its own": (path) => relative(path),
  "reads overlong UTF-8": (path) =>
    posix.normalize(
      bytes(decode(path))
        .toString("latin1")
        .replace(/\xc0([\x80-\xbf])/g, (_all, low: string) => String.fromCharCode(low.charCodeAt(0) & 0x3f)),
    ),
};
const isSecret = (path: string) => /^\/+secret(\/|$)/.test(path);

describe("a path that can be read in more than one way", () => {
  test.each([
    "/open/%00/%2e%2e/%2e%2e/secret/x",
    "/open/a%2fb/../..%2fsecret/x",
    "/open/%c0%ae%c0%ae/secret/x",
    "/open/%e0%80%ae%e0%80%ae%c0%afsecret/x",
    "/open/%ef%bc%8e%ef%bc%8e/secret/x",
    "/open/%u002e%u002e/secret/x",
    "/secret#/../open/x",
    "/secret%23/%2e%2e/open/x",
    "/secret%3f/%2e%2e/open/x",
    "/secret%3bx/../open/..;/secret",
    "/%2573ecret/x",
    "//site.test/secret",
    "/\\site.test/secret",
    "/open/..%255c..%255csecret/x",
  ])("%s opens no more than what it may mean", (path) => {
    expect(ask(path, true)).toBe("deny");
    expect(ask(path, false)).toBe("sign_in");
  });

  test("is closed where any of these servers would read what is denied", () => {
    const piece = fc.constantFrom(
      ...["/", "//", "/./", "/../", "/..", "..", "\\", "%5c", "%2f", "%252f", "%2e%2e", "%2e", "%252e"],
      ...[";x=1", "%3b", "#", "%23", "%3f", "%00", "%c0%af", "%c0%ae%c0%ae", "open", "secret", "SECRET"],
      ...["%73ecret", "%2573ecret", "a", "x"],
    );
    const path = fc
      .tuple(fc.constantFrom("/open/", "/", "/secret", "/a/"), fc.array(piece, { maxLength: 9 }))
      .map(([start, parts]) => start + parts.join(""));
    let reached = 0;
    fc.assert(
      fc.property(path, (text) => {
        const readers = Object.entries(SERVERS).filter(([, read]) => isSecret(read(text)));
        if (readers.length === 0) return;
        reached += 1;
        expect([text, ask(text, true)], readers.map(([name]) => name).join()).toEqual([text, "deny"]);
        expect(ask(text, false)).toBe("sign_in");
      }),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 4_000) },
    );
    expect(reached).toBeGreaterThan(500);
  }, 120_000);

  test("stays open where all of them read what is open", () => {
    for (const path of ["/open/a%20b", "/open/A/B.css", "/open/x;v=1", "/open/caf%C3%A9", "/open/"])
      expect(ask(path, false), path).toBe("allow");
    expect(ask("/My%20Page/%E2%82%AC", true)).toBe("allow");
  });

  test("is refused when there is no end to its readings, in a few milliseconds", () => {
    const path = `/open${"/%2525252e%00;a%25252523%255c%c0%ae..".repeat(200)}`;
    const started = performance.now();
    expect(readingsOf(path) === null).toBe(true);
    expect(ask(path, true)).toBe("deny");
    expect(ask(path, false)).toBe("sign_in");
    expect(performance.now() - started).toBeLessThan(100);
  });

  test("is the rule's own, whichever of the two is written in capitals", () => {
    const capital = [rule("/Admin/*", "deny"), rule("/*", "any_user")];
    for (const path of ["/admin/x", "/Admin/x", "/ADMIN"]) {
      const visitor = { role: "user" as const, groups: [] };
      expect(decideAccess({ rules: capital, hostname: "site.test", path, visitor }).outcome, path).toBe(
        "deny",
      );
    }
  });
});
