import type { z } from "zod";
import { AppError, type FieldError, invalidInput } from "#server/errors.ts";

export const API_BODY_LIMIT_BYTES = 256 * 1024;

/** The JSON body, never more than limitBytes in memory; an empty body is an empty object. */
export async function readJsonBody(request: Request, limitBytes: number): Promise<unknown> {
  const text = await readText(request, limitBytes);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "unreadable";
    throw new AppError(
      "INVALID_INPUT",
      `The body is not JSON (${reason.slice(0, 120)}). Send one object such as {"name": "ada"}.`,
      { cause },
    );
  }
}

/** `where` names what was wrong as a whole: "body", "query", "path". */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields: FieldError[] = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join("."),
    message: issue.message,
  }));
  const first = fields[0];
  const hint = first ? `${first.path === "" ? where : first.path}: ${first.message}` : where;
  throw invalidInput(`The ${where} is not right. ${hint}`, fields);
}

async function readText(request: Request, limitBytes: number): Promise<string> {
  const tooLarge = () => new AppError("TOO_LARGE", `The body is larger than ${limitBytes / 1024} kB.`);
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw tooLarge();
  if (!request.body) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new AppError("INVALID_INPUT", "The body is not UTF-8 text.", { cause });
  }
}
