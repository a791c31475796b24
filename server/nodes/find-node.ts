import type { Context } from "#server/context.ts";
import { getDb } from "#server/db.ts";
import { forbidden, notFound } from "#server/errors.ts";

/** A node that is there, by id or name, for an operator. */
export async function findNodeRow({ ctx, ref }: { ctx: Context; ref: string }) {
  if (ctx.actor.role === "user") throw forbidden();
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(ref);
  const node = await getDb().node.findFirst({
    where: { ...(isId ? { id: ref } : { name: ref }), removedAt: null },
    include: { enrolment: true, inbounds: { select: { id: true, tag: true } } },
  });
  if (node === null) throw notFound("node", ref);
  return node;
}
