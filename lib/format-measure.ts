import { formatBytes } from "./format-bytes.ts";
import type { ChartUnit } from "./schemas/chart.ts";

/** A measured value in words as short as an axis needs them: `1.2 MB/s`, `340 µs`, `2.5 min`, `12%`. */
export function formatMeasure(unit: ChartUnit, value: number): string {
  switch (unit) {
    case "bytes":
      return formatBytes(Math.round(value));
    case "bytes-per-second":
      return `${formatBytes(Math.round(value))}/s`;
    case "seconds":
      return formatSeconds(value);
    case "per-second":
      return `${shortNumber(value)}/s`;
    case "ratio":
    case "cores":
      return `${shortNumber(value * 100)}%`;
    case "count":
      return shortNumber(value);
  }
}

function formatSeconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0 s";
  if (size < 0.001) return `${threeDigits(value * 1e6)} µs`;
  if (size < 1) return `${threeDigits(value * 1e3)} ms`;
  if (size < 120) return `${threeDigits(value)} s`;
  if (size < 7_200) return `${threeDigits(value / 60)} min`;
  return size < 172_800 ? `${threeDigits(value / 3_600)} h` : `${threeDigits(value / 86_400)} d`;
}

function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${threeDigits(value / 1e6)} M`;
  if (size >= 1e4) return `${threeDigits(value / 1e3)} k`;
  return size >= 100 ? String(Math.round(value)) : threeDigits(value);
}

/** Never in powers of ten: what is too small to matter is 0. */
function threeDigits(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}
