import { readFile, stat } from "node:fs/promises";
import { isIP } from "node:net";
import type { Clock } from "#server/clock.ts";

const CHECK_EVERY_MS = 5_000;

/** Lines of /etc/hosts → name → addresses. */
export function parseHostsFile(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [address = "", ...hosts] = (line.split("#")[0] ?? "").trim().split(/\s+/);
    if (isIP(address) === 0 || address.includes("%")) continue;
    for (const host of hosts) {
      const name = host.toLowerCase().replace(/\.$/, "");
      names.set(name, [...(names.get(name) ?? []), address]);
    }
  }
  return names;
}

/** /etc/hosts, read again when it has changed. A file that cannot be read is empty. */
export function createHostsFile(clock: Clock, path = "/etc/hosts"): (name: string) => Promise<string[]> {
  let names = new Map<string, string[]>();
  let modifiedAt = -1;
  let checkedAt = Number.NEGATIVE_INFINITY;
  return async (name) => {
    if (clock.now() - checkedAt > CHECK_EVERY_MS) {
      checkedAt = clock.now();
      try {
        const { mtimeMs } = await stat(path);
        if (mtimeMs !== modifiedAt) names = parseHostsFile(await readFile(path, "utf8"));
        modifiedAt = mtimeMs;
      } catch {
        names = new Map();
        modifiedAt = -1;
      }
    }
    return names.get(name) ?? [];
  };
}
