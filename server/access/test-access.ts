import type { z } from "zod";
import { decideAccess, PANEL_HOST_RULES, type Visitor } from "#lib/access-policy.ts";
import { type AccessTest, testAccessInputSchema } from "#lib/schemas/access.ts";
import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden } from "#server/errors.ts";
import { getInstallation } from "#server/users/installation.ts";
import { getUserRow } from "#server/users/user-row.ts";
import { readAccessPolicy, toHeldRules } from "./access-policy-row.ts";

/** What ForwardAuth would say to a user, or to somebody who is not signed in, at an address; and which rule says so. */
export async function testAccess({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof testAccessInputSchema>;
}): Promise<AccessTest> {
  if (ctx.actor.role === "user") throw forbidden();
  const { url, user: ref } = testAccessInputSchema.parse(input);
  const { hostname, pathname } = new URL(url);
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  const user = ref === null ? null : await getUserRow(ctx, ref);
  if (user && user.status !== "active")
    return {
      outcome: "deny",
      rule: null,
      reason: `${user.name} is ${user.status}: every door is closed to them.`,
    };
  const visitor: Visitor = user && { role: user.role, groups: await groupsOf(user.id) };
  const panelHost = new URL(getInstallation().panelUrl).hostname.replace(/^\[|\]$/g, "");
  const isPanel = host === panelHost;
  const rules = isPanel ? PANEL_HOST_RULES : toHeldRules(await readAccessPolicy());
  const verdict = decideAccess({ rules, hostname: host, path: pathname, visitor });
  const rule = isPanel || verdict.rule === null ? null : verdict.rule + 1;
  const because = isPanel
    ? "on the panel's own host everything behind ForwardAuth is for owners and admins"
    : rule === null
      ? "no rule matches, and what no rule opens is closed"
      : `rule ${rule} decides`;
  const who = user?.name ?? "Whoever is not signed in";
  const says = { allow: "gets in", sign_in: "is sent to the sign-in", deny: "is refused" }[verdict.outcome];
  return { outcome: verdict.outcome, rule, reason: `${who} ${says}: ${because}.` };
}

async function groupsOf(userId: string): Promise<string[]> {
  const rows = await getDb().groupMember.findMany({ where: { userId }, select: { groupId: true } });
  return rows.map((row) => row.groupId);
}
