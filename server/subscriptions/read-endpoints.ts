import { parseVlessLink, type VlessLink } from "#server/xray/links.ts";

export type Endpoint = VlessLink & { tag: string };

/** Names that our own groups and outbounds have in a client's config. */
const TAKEN = ["Causeway", "auto", "direct", "DIRECT", "REJECT", "GLOBAL", "PASS", "COMPATIBLE"];

/** The links as parts, each with a tag that is its own: clients refuse a config that names two things alike. */
export function readEndpoints(vlessLinks: readonly string[]): Endpoint[] {
  const used = new Set(TAKEN);
  return vlessLinks.map((link) => {
    const parts = parseVlessLink(link);
    const wanted = parts.remark === "" ? `${parts.host}:${parts.port}` : parts.remark;
    let tag = wanted;
    for (let count = 2; used.has(tag); count++) tag = `${wanted} ${count}`;
    used.add(tag);
    return { ...parts, tag };
  });
}
