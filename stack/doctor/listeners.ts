import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type Listener = { port: number; isEverywhere: boolean; pid: number | null; program: string | null };

const LISTEN = "0A";

/** Who listens on which TCP port of this machine, from /proc. Other users' processes stay unknown without root. */
export function readListeners(): Listener[] {
  const rows = ["tcp", "tcp6"].flatMap((name) => readRows(`/proc/net/${name}`));
  const owners = readOwners(new Set(rows.map(({ inode }) => inode)));
  return rows.map(({ inode, port, isEverywhere }) => {
    const pid = owners.get(inode) ?? null;
    return { port, isEverywhere, pid, program: pid === null ? null : nameOf(pid) };
  });
}

function readRows(path: string): { port: number; isEverywhere: boolean; inode: string }[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text
    .trim()
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      if (state !== LISTEN) return [];
      return [{ port: Number.parseInt(port, 16), isEverywhere: /^0+$/.test(address), inode }];
    });
}

function readOwners(inodes: ReadonlySet<string>): Map<string, number> {
  const owners = new Map<string, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    let files: string[];
    try {
      files = readdirSync(`/proc/${pid}/fd`);
    } catch {
      continue;
    }
    for (const file of files) {
      try {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1];
        if (inode !== undefined && inodes.has(inode)) owners.set(inode, Number(pid));
      } catch {
        // Closed meanwhile.
      }
    }
  }
  return owners;
}

function nameOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return null;
  }
}

/** Whether `pid` is `ancestor` or was started below it. */
export function isBelow(pid: number, ancestor: number): boolean {
  for (let current = pid; current > 1; ) {
    if (current === ancestor) return true;
    try {
      const stat = readFileSync(`/proc/${current}/stat`, "utf8");
      current = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    } catch {
      return false;
    }
  }
  return false;
}
