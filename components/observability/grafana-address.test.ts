import { describe, expect, it } from "vitest";
import { grafanaAddress } from "./grafana-address.ts";

const view = { dashboard: "doors", range: "6h", from: null, to: null, isDark: true } as const;
const query = (address: string) => Object.fromEntries(new URL(address, "https://panel.test").searchParams);

describe("Grafana's address", () => {
  it("carries theme and time, and in a frame leaves out what the panel has already", () => {
    const full = grafanaAddress(view, false);
    expect(full).toMatch(/^\/grafana\/d\/causeway-doors\?/);
    expect(query(full)).toEqual({ from: "now-6h", to: "now", theme: "dark" });
    const framed = query(grafanaAddress({ ...view, isDark: false }, true));
    expect(framed).toMatchObject({ kiosk: "true", theme: "light", "_dash.hideTimePicker": "true" });
  });

  it("takes over the charts' zoom", () => {
    const [from, to] = [new Date(1_800_000_000_000), new Date(1_800_000_060_000)];
    expect(query(grafanaAddress({ ...view, from, to }, true))).toMatchObject({
      from: "1800000000000",
      to: "1800000060000",
    });
  });
});
