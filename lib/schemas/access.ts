import { z } from "zod";
import { timeSchema, uuidSchema } from "./common.ts";
import { roleSchema } from "./user.ts";

const HOST = /^(?:\*|(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*)$/;
const HOST_HINT =
  "Write a host (wiki.example.org), all below one (*.example.org), or * for every host; no port.";
/** Printable, already decoded, nothing that servers read in two ways. */
const PATH = /^\/(?:[A-Za-z0-9._~!$&'()+,=:@-]+\/)*(?:\*|[A-Za-z0-9._~!$&'()+,=:@-]+)?$/;
const PATH_HINT = "Write a path (/health), a path and all below it (/api/*), or /* for every path.";

/** Who a rule lets in: anyone, whoever is signed in, some roles, some groups, nobody. */
export const ACCESS_POLICIES = ["public", "any_user", "roles", "groups", "deny"] as const;

/** `host` ignores ports. `path`: exactly, or with `/*` at the end it and all below. */
export const accessRuleSchema = z
  .strictObject({
    host: z.string().trim().toLowerCase().max(255).regex(HOST, HOST_HINT),
    path: z
      .string()
      .trim()
      .max(500)
      .regex(PATH, PATH_HINT)
      .refine((path) => !/\/\.{1,2}(\/|$)/.test(path), PATH_HINT)
      .default("/*"),
    policy: z.enum(ACCESS_POLICIES),
    roles: z.array(roleSchema).default([]),
    /** By name; a rename is followed. */
    groups: z.array(z.string().max(64)).default([]),
    note: z.string().max(200, "Use at most 200 characters.").default(""),
  })
  .refine((rule) => (rule.policy === "roles") === rule.roles.length > 0, {
    path: ["roles"],
    message: "Name the roles for the policy “roles”, and only for it.",
  })
  .refine((rule) => (rule.policy === "groups") === rule.groups.length > 0, {
    path: ["groups"],
    message: "Name the groups for the policy “groups”, and only for it.",
  });

const rulesSchema = z.array(accessRuleSchema).max(1_000, "A policy takes at most 1 000 rules.");

/** A rule as it is stored and as doors hold it: parsed before, groups by id. */
export const heldRuleSchema = z.object({
  host: z.string(),
  path: z.string(),
  policy: z.enum(ACCESS_POLICIES),
  roles: z.array(roleSchema),
  groups: z.array(uuidSchema),
});

/** The rules in force, first match decides, no match is nobody. Version 0 = as installed. */
export const accessPolicySchema = z.object({
  version: z.number().int(),
  rules: rulesSchema,
  changedAt: timeSchema.nullable(),
  changedBy: z.string().nullable(),
});
export type AccessPolicy = z.infer<typeof accessPolicySchema>;

/** `version` is the one that was edited: somebody else's change in between is a conflict, not lost. */
export const updateAccessPolicyInputSchema = z.strictObject({
  version: z.number().int().nonnegative(),
  rules: rulesSchema,
});

export const accessPolicyVersionsSchema = z.object({
  items: z.array(accessPolicySchema.omit({ rules: true }).extend({ rules: z.number().int() })),
});

/** `user` null = somebody who is not signed in. */
export const testAccessInputSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "Write a whole address, as in https://wiki.example.org/page." }),
  user: z.string().min(1).max(64).nullable().default(null),
});
export const accessTestSchema = z.object({
  outcome: z.enum(["allow", "sign_in", "deny"]),
  /** Position from 1; null = none matches, or the panel's own host decides. */
  rule: z.number().int().nullable(),
  /** In words. */
  reason: z.string(),
});
export type AccessTest = z.infer<typeof accessTestSchema>;
