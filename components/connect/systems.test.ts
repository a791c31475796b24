import { describe, expect, it } from "vitest";
import { APPS } from "./apps.ts";
import { detectSystem, SYSTEMS } from "./systems.ts";

describe("detectSystem", () => {
  it.each([
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15", "ios"],
    ["Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140", "android"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", "macos"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "linux"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36", "windows"],
    ["", "windows"],
  ])("preselects from %s", (agent, system) => expect(detectSystem(agent)).toBe(system));
});

describe("apps", () => {
  const url = "https://vpn.example.org:8443/sub/abc_DEF-123";

  it("puts the whole subscription URL into each import link, whatever the scheme", () => {
    for (const app of SYSTEMS.flatMap((system) => APPS[system])) {
      const link = app.importUrl?.(url, "Causeway ada");
      if (link === undefined) continue;
      const base64 = /sub:\/\/([^?]+)/.exec(link)?.[1];
      expect(base64 ? atob(base64) : decodeURIComponent(link), app.name).toContain(url);
      expect(link, app.name).not.toContain(" ");
    }
  });

  it("names free apps first on every system", () => {
    for (const system of SYSTEMS) {
      const free = APPS[system].map((app) => app.isFree);
      expect(free).toEqual(free.toSorted((a, b) => Number(b) - Number(a)));
    }
  });
});
