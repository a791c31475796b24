import { expect, it } from "vitest";
import { openRedirects } from "#test/open-redirects.ts";
import { safeNext } from "./safe-next.ts";

const PANEL = "https://vpn.example.org";
const payloads = openRedirects("vpn.example.org");

it("knows at least 300 ways astray", () => {
  expect(payloads.length).toBeGreaterThanOrEqual(300);
});

it("leads nobody off the panel's host by any of them", () => {
  for (const payload of payloads) {
    for (const state of [undefined, "s".repeat(43)]) {
      const target = safeNext(payload, PANEL, state);
      // As a browser reads it in the address bar, in a Location header and in location.assign.
      const resolved = new URL(target, PANEL);
      expect(resolved.protocol, payload).toBe("https:");
      expect(resolved.hostname, payload).toBe("vpn.example.org");
      expect(resolved.username, payload).toBe("");
      expect(target, payload).not.toMatch(/^[\\/]{2}|^\/[\\]|[\r\n\t\0]/);
      expect(resolved.pathname, payload).not.toMatch(/^\/[/\\]/);
    }
  }
});
