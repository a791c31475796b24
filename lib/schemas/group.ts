import { z } from "zod";
import { timeSchema, uuidSchema } from "./common.ts";

const NAME_HINT =
  "Use 1 to 32 of a–z, 0–9, dot, dash and underscore, starting with a letter or digit; not a role's name.";
/** Roles stand beside groups in `Remote-Groups`: a group must not look like one. */
const ROLE_NAMES = new Set(["owner", "admin", "user"]);
export const groupNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,31}$/, NAME_HINT)
  .refine((name) => !ROLE_NAMES.has(name), NAME_HINT);

const DOMAIN =
  /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const TARGET_HINT =
  "Write a domain (example.org), all below one (*.example.org), an address or network (192.0.2.0/24, 2001:db8::/32), or * for everything.";

/** Ports as `443`, `8000-8100`, comma-separated. */
const portsSchema = z
  .string()
  .max(200)
  .regex(
    /^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/,
    "Write ports as 443 or 8000-8100, separated by commas.",
  )
  .refine(
    (text) => text.split(",").every((part) => isPortRange(part.split("-").map(Number))),
    "Ports are 1 to 65535, the smaller first.",
  );

function isPortRange([from = 0, to = from]: number[]): boolean {
  return from >= 1 && from <= to && to <= 65_535;
}

/**
 * `target`: `example.org` exactly, `*.example.org` everything below it, an address or CIDR (compared with the address
 * that is dialled), or `*`. `ports` null = all.
 */
export const destinationRuleSchema = z.strictObject({
  action: z.enum(["allow", "deny"]),
  target: z
    .string()
    .trim()
    .toLowerCase()
    .max(255)
    .refine((target) => target === "*" || isNetwork(target) || isDomain(target), TARGET_HINT),
  ports: portsSchema.nullable().default(null),
});
export type DestinationRule = z.infer<typeof destinationRuleSchema>;

const ipv4 = z.ipv4();
const cidrv4 = z.cidrv4();
const ipv6 = z.ipv6();
const cidrv6 = z.cidrv6();
export function isNetwork(target: string): boolean {
  return [ipv4, cidrv4, ipv6, cidrv6].some((schema) => schema.safeParse(target).success);
}
/** Only digits and dots would be an address somebody mistyped. */
function isDomain(target: string): boolean {
  return target.length <= 253 && DOMAIN.test(target) && !/^[\d.]+$/.test(target);
}

/** First match decides, then `otherwise`. A user in several groups may go where every one of them lets them. */
export const destinationsSchema = z.strictObject({
  otherwise: z.enum(["allow", "deny"]).default("allow"),
  rules: z.array(destinationRuleSchema).max(500, "A group takes at most 500 rules.").default([]),
});
export type Destinations = z.infer<typeof destinationsSchema>;

const noteSchema = z.string().max(500, "Use at most 500 characters.");

export const createGroupInputSchema = z.strictObject({
  name: groupNameSchema,
  note: noteSchema.default(""),
  destinations: destinationsSchema.default({ otherwise: "allow", rules: [] }),
});
export const updateGroupInputSchema = z.strictObject({
  name: groupNameSchema.optional(),
  note: noteSchema.optional(),
  destinations: destinationsSchema.optional(),
});
/** Users by id or name. */
export const changeMembersInputSchema = z.strictObject({
  add: z.array(z.string().min(1).max(64)).max(1_000).default([]),
  remove: z.array(z.string().min(1).max(64)).max(1_000).default([]),
});

export const groupSchema = z.object({
  id: uuidSchema,
  name: z.string(),
  note: z.string(),
  destinations: destinationsSchema,
  members: z.number().int(),
  createdAt: timeSchema,
});
export type Group = z.infer<typeof groupSchema>;
/** All of them: an installation has tens, not thousands (at most 1 000). */
export const groupListSchema = z.object({ items: z.array(groupSchema) });
