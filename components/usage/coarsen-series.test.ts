import { describe, expect, it } from "vitest";
import { coarsenSeries } from "./coarsen-series.ts";

const series = (start: string, stepSeconds: number, count: number) => ({
  stepSeconds,
  points: Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.parse(start) + index * stepSeconds * 1_000).toISOString(),
    vpn: 1,
    http: index,
    socks: 0,
  })),
});

describe("coarsenSeries", () => {
  it("adds 5 minutes up to half hours on round times, whole ones only at the start", () => {
    const day = coarsenSeries(series("2026-11-22T12:35:00Z", 300, 288));
    expect(day.stepSeconds).toBe(1_800);
    expect(day.points[0]).toMatchObject({ at: "2026-11-22T13:00:00.000Z", vpn: 6 });
    expect(day.points.length).toBeLessThanOrEqual(64);
  });
  it("loses no byte after its first bucket", () => {
    const fine = series("2026-11-16T00:00:00Z", 3_600, 168);
    const coarse = coarsenSeries(fine);
    const total = (points: { http: number }[]) => points.reduce((sum, point) => sum + point.http, 0);
    expect(coarse.stepSeconds).toBe(10_800);
    expect(total(coarse.points)).toBe(total(fine.points));
  });
  it("leaves days as they are", () => {
    const days = series("2026-10-24T00:00:00Z", 86_400, 30);
    expect(coarsenSeries(days)).toBe(days);
  });
  it("leaves an empty series empty", () =>
    expect(coarsenSeries({ stepSeconds: 300, points: [] }).points).toEqual([]));
});
