import { isIP } from "node:net";

type Resolve = (name: string) => Promise<string[]>;
type Tree = { [key: string]: unknown };

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Traefik's services with each server's name replaced by every address behind it, one server an address, so that
 * health checks and load balancing see replicas. A name that nobody answers for stays as it is. A single server is
 * not checked: with nobody to stand in, a slow answer is better than none.
 */
export async function expandNames(config: unknown, resolve: Resolve): Promise<unknown> {
  if (!isTree(config)) return config;
  const entries = Object.entries(config).map(async ([key, value]) => {
    if (key !== "servers" || !Array.isArray(value)) return [key, await expandNames(value, resolve)] as const;
    const servers = await Promise.all(value.map((server) => expandServer(server, resolve)));
    return [key, servers.flat()] as const;
  });
  const expanded: Tree = Object.fromEntries(await Promise.all(entries));
  if (Array.isArray(expanded.servers) && expanded.servers.length < 2) delete expanded.healthCheck;
  return expanded;
}

async function expandServer(server: unknown, resolve: Resolve): Promise<unknown[]> {
  if (!isTree(server)) return [server];
  const [key, text] = typeof server.url === "string" ? ["url", server.url] : ["address", server.address];
  const [, before = "", name = "", after = ""] = /^([a-z]+:\/\/)?([^:/]+)(.*)$/.exec(String(text)) ?? [];
  if (name === "" || isIP(name) !== 0) return [server];
  const addresses = await resolve(name);
  if (addresses.length === 0) return [server];
  return addresses.toSorted().map((address) => ({ ...server, [String(key)]: `${before}${address}${after}` }));
}
