import { z } from "zod";
import { wrongUse } from "#cli/cli-error.ts";
import { parseBytes } from "#lib/parse-bytes.ts";
import { parseExpiry } from "#lib/parse-duration.ts";
import { createUserInputSchema } from "#lib/schemas/user.ts";

export type Person = z.input<typeof createUserInputSchema>;

const FIELDS = ["name", "limit", "expires", "reset", "email", "note", "role"] as const;
const recordSchema = z.strictObject({
  name: z.string(),
  limit: z.string().optional(),
  expires: z.string().optional(),
  reset: z.string().optional(),
  email: z.string().optional(),
  note: z.string().optional(),
  role: z.string().optional(),
});

/** CSV with a header line, or one JSON object a line; the fields are called as the options of `vpn user add`. */
export function readPeople(text: string, now: number): Person[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const records = lines.some((line) => line.trimStart().startsWith("{"))
    ? readJsonLines(lines)
    : readCsv(lines);
  if (records.length === 0) throw wrongUse("The file names nobody.");
  return records.map(({ line, value }) => toPerson(line, value, now));
}

type Numbered = { line: number; value: unknown };

function readJsonLines(lines: readonly string[]): Numbered[] {
  return lines.flatMap((text, index) => {
    if (text.trim() === "") return [];
    try {
      return [{ line: index + 1, value: JSON.parse(text) as unknown }];
    } catch {
      throw wrongUse(
        `Line ${index + 1} is not JSON. Write one object a line, like {"name":"ada","limit":"10GB"}.`,
      );
    }
  });
}

function readCsv(lines: readonly string[]): Numbered[] {
  const [header = "", ...rows] = lines;
  const names = splitCsv(header).map((name) => name.trim().toLowerCase());
  const unknown = names.filter((name) => !FIELDS.some((field) => field === name));
  if (!names.includes("name") || unknown.length > 0)
    throw wrongUse(`The first line must name the columns, among them name. There are: ${FIELDS.join(", ")}.`);
  return rows.flatMap((row, index) => {
    if (row.trim() === "") return [];
    const cells = splitCsv(row).map((cell) => cell.trim());
    if (cells.length > names.length)
      throw wrongUse(`Line ${index + 2} has more columns than the first line.`);
    const filled = names
      .map((name, column) => [name, cells[column] ?? ""] as const)
      .filter(([, cell]) => cell !== "");
    return [{ line: index + 2, value: Object.fromEntries(filled) }];
  });
}

/** RFC 4180 within a line: fields may stand in quotes, a doubled quote is one. */
function splitCsv(line: string): string[] {
  const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

function toPerson(line: number, value: unknown, now: number): Person {
  const fail = (words: string) => wrongUse(`Line ${line}: ${words}`);
  const record = recordSchema.safeParse(value);
  if (!record.success) throw fail(record.error.issues[0]?.message ?? "it is not understood.");
  const { name, limit, expires, reset, email, note, role } = record.data;
  const bytes = limit === undefined ? null : parseBytes(limit);
  if (bytes !== null && "error" in bytes) throw fail(bytes.error);
  const end = expires === undefined ? null : parseExpiry(expires, now);
  if (end !== null && "error" in end) throw fail(end.error);
  const person = createUserInputSchema.safeParse({
    name,
    ...(bytes === null ? {} : { limitBytes: bytes.value }),
    ...(end === null ? {} : { expiresAt: end.value }),
    ...(reset === undefined ? {} : { resetPeriod: reset }),
    ...(email === undefined ? {} : { email }),
    ...(note === undefined ? {} : { note }),
    ...(role === undefined ? {} : { role }),
  });
  if (!person.success) throw fail(person.error.issues[0]?.message ?? "it is not understood.");
  return person.data;
}
