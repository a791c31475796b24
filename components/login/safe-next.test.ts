import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeNext } from "./safe-next.ts";

const PANEL = "https://vpn.example.org";

describe("safeNext", () => {
  it.each([
    ["/users?status=active#x", "/users?status=active#x"],
    ["https://vpn.example.org/users", "/users"],
    ["https://vpn.example.org:8080/dashboard/", "https://vpn.example.org:8080/dashboard/"],
  ])("follows %s", (next, target) => expect(safeNext(next, PANEL)).toBe(target));

  it.each([
    undefined,
    "https://evil.example/",
    "//evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://vpn.example.org/",
    "https://vpn.example.org@evil.example/",
    "https://a:b@vpn.example.org:8080/",
    "/login?next=/login",
    "https://vpn.example.org//evil.example/x",
    "/.//evil.example",
    "/x/..//evil.example",
    "https://",
  ])("does not follow %s", (next) => expect(safeNext(next, PANEL)).toBe("/"));

  it("leaves a site on another host to the page that knows which hosts are ours", () => {
    const target = safeNext("https://wiki.example.org/a?b=c", PANEL, "s".repeat(43));
    expect(target).toBe(
      `/login/continue?next=https%3A%2F%2Fwiki.example.org%2Fa%3Fb%3Dc&state=${"s".repeat(43)}`,
    );
    expect(safeNext("http://wiki.example.org/", PANEL, "s")).toBe("/");
    expect(safeNext("https://u:p@wiki.example.org/", PANEL, "s")).toBe("/");
  });

  it("never leaves the panel's host, whatever is asked", () => {
    const pieces = ["/", "\\", ".", "..", ":", "@", "%2f", "https:", "vpn.example.org", "evil.example", "\t"];
    const crafted = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), crafted), (next) => {
        for (const state of [undefined, "s"])
          expect(new URL(safeNext(next, PANEL, state), PANEL).hostname).toBe("vpn.example.org");
      }),
      { numRuns: 400 },
    );
  });
});
