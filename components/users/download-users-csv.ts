import { api } from "#components/api.ts";
import { downloadFile } from "#components/download-file.ts";
import type { UserFilters } from "#components/query-keys.ts";
import type { User } from "#lib/schemas/user.ts";

const COLUMNS = [
  "name",
  "email",
  "role",
  "status",
  "usedBytes",
  "limitBytes",
  "resetPeriod",
  "expiresAt",
  "onlineAt",
  "createdAt",
  "note",
] as const satisfies readonly (keyof User)[];

/** Everyone the filters match, not only who is loaded. */
export async function downloadUsersCsv(filters: UserFilters): Promise<void> {
  const lines = [COLUMNS.join(",")];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof api.listUsers>> = await api.listUsers({
      ...filters,
      limit: 200,
      ...(cursor ? { cursor } : {}),
    });
    for (const user of page.items) lines.push(COLUMNS.map((key) => csvCell(user[key])).join(","));
    cursor = page.nextCursor;
  } while (cursor);
  downloadFile({
    fileName: "users.csv",
    contentType: "text/csv;charset=utf-8",
    body: `${lines.join("\r\n")}\r\n`,
  });
}

/** RFC 4180, and no cell that a spreadsheet would run as a formula. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
