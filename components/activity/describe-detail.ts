import { formatBytes } from "#lib/format-bytes.ts";
import { formatTime } from "#lib/format-time.ts";

/** One value of an audit entry's details as text, bytes and times by the name of their field; null = nothing there. */
export function describeDetail(field: string, value: unknown): string | null {
  if (value === null || value === undefined || value === "") return null;
  if (Array.isArray(value)) return value.map((item) => describeDetail("", item) ?? "–").join(", ");
  if (typeof value === "number" && field.endsWith("Bytes")) return formatBytes(value);
  if (typeof value === "string" && field.endsWith("At") && !Number.isNaN(Date.parse(value)))
    return formatTime(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
