import { z } from "zod";
import { parseBytes } from "#lib/parse-bytes.ts";
import {
  type CreateUserInput,
  createUserInputSchema,
  resetPeriodSchema,
  roleSchema,
  type UpdateUserInput,
  type User,
} from "#lib/schemas/user.ts";

/** What stands in the form's fields, as people type it; `""` = no limit, never, none. */
export const userFormSchema = z.object({
  name: createUserInputSchema.shape.name,
  limit: z.string().superRefine((text, context) => {
    const parsed = readLimit(text);
    if ("error" in parsed) context.addIssue({ code: "custom", message: parsed.error });
  }),
  resetPeriod: resetPeriodSchema,
  expires: z.string(),
  role: roleSchema,
  email: z.union([z.literal(""), z.email("Write an address like ada@example.org.").max(254)]),
  note: z.string().max(500, "Use at most 500 characters."),
});
export type UserFormValues = z.infer<typeof userFormSchema>;

export const EMPTY_USER_FORM: UserFormValues = {
  name: "",
  limit: "",
  resetPeriod: "never",
  expires: "",
  role: "user",
  email: "",
  note: "",
};

function readLimit(text: string) {
  return text.trim() === "" ? { value: null } : parseBytes(text);
}

/** A datetime-local value is in the reader's time zone. */
export function toLocalInput(time: string | number): string {
  const date = new Date(time);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export function toFormValues(user: User): UserFormValues {
  return {
    name: user.name,
    limit: user.limitBytes === null ? "" : exactLimit(user.limitBytes),
    resetPeriod: user.resetPeriod,
    expires: user.expiresAt === null ? "" : toLocalInput(user.expiresAt),
    role: user.role,
    email: user.email ?? "",
    note: user.note,
  };
}

/** The shortest text that parses back to exactly these bytes. */
function exactLimit(bytes: number): string {
  const units = [
    ["TB", 1e12],
    ["GB", 1e9],
    ["MB", 1e6],
    ["kB", 1e3],
  ] as const;
  for (const [unit, size] of units) {
    const count = bytes / size;
    if (count >= 1 && Number(count.toFixed(2)) === count) return `${count} ${unit}`;
  }
  return `${bytes} B`;
}

export function toCreateInput(values: UserFormValues): CreateUserInput {
  const limit = readLimit(values.limit);
  return {
    name: values.name,
    email: values.email === "" ? null : values.email,
    role: values.role,
    note: values.note,
    limitBytes: "value" in limit ? limit.value : null,
    resetPeriod: values.resetPeriod,
    expiresAt: values.expires === "" ? null : new Date(values.expires).toISOString(),
  };
}

/** Only what was changed: two operators who edit different fields do not undo each other. */
export function toUpdateInput(values: UserFormValues, user: User): UpdateUserInput {
  const before = toFormValues(user);
  const { email, role, note, limitBytes, resetPeriod, expiresAt } = toCreateInput(values);
  return {
    ...(values.email !== before.email ? { email } : {}),
    ...(values.role !== before.role ? { role } : {}),
    ...(values.note !== before.note ? { note } : {}),
    ...(values.limit !== before.limit ? { limitBytes } : {}),
    ...(values.resetPeriod !== before.resetPeriod ? { resetPeriod } : {}),
    ...(values.expires !== before.expires ? { expiresAt } : {}),
  };
}
