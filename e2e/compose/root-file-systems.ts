import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand, tryCommand } from "#stack/run-command.ts";
import { aptInstall } from "#stack/tools/apt.ts";
import { cached } from "#stack/tools/cache.ts";

const SUITE = "bookworm";
/** PostgreSQL without its just-in-time compiler. */
const NEEDLESS = [
  "usr/lib/llvm-14",
  "usr/lib/x86_64-linux-gnu/libLLVM-14.so.1",
  "usr/share/doc",
  "usr/share/man",
  "usr/share/locale",
  "var/cache/apt",
  "var/lib/apt/lists",
];
/** Grows when what is in the archives changes. */
const KEY = `stand-ins-${SUITE}-2`;

export type RootFileSystems = {
  /** A small Debian with what our images need. */
  base: string;
  /** The same with PostgreSQL, Redis and Prometheus of the distribution. */
  services: string;
};

/** Archives of Debian root file systems for stand-in images, made once and kept in the tool cache. */
export async function makeRootFileSystems(): Promise<RootFileSystems> {
  const services = await cached(
    KEY,
    "services.tar",
    "Making root file systems for stand-ins (two minutes)",
    make,
  );
  return { services, base: services.replace("services.tar", "base.tar") };
}

async function make(directory: string): Promise<void> {
  if ((await tryCommand("debootstrap", ["--version"])).code !== 0)
    await aptInstall(["debootstrap"], "debootstrap");
  const root = join(directory, "root");
  const include = "--include=iproute2,ca-certificates,wget";
  await runCommand("debootstrap", ["--variant=minbase", include, SUITE, root], "debootstrap");
  await pack(root, join(directory, "base.tar"));
  // Packages would start their services.
  writeFileSync(join(root, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  await runCommand("cp", ["/etc/resolv.conf", join(root, "etc/resolv.conf")], "cp");
  const inside = (command: string) =>
    runCommand("chroot", [root, "sh", "-c", command], "Installing packages", {
      env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    });
  await inside(
    "mkdir -p /var/cache/apt/archives/partial /var/lib/apt/lists/partial && apt-get update -qq && " +
      "apt-get install -y -qq --no-install-recommends postgresql-15 redis-server redis-tools prometheus",
  );
  // The numbers that the official images use.
  await inside("usermod -u 999 postgres && chown -R 999 /var/run/postgresql");
  await pack(root, join(directory, "services.tar"));
  rmSync(root, { recursive: true, force: true });
}

async function pack(root: string, archive: string): Promise<void> {
  for (const path of NEEDLESS) rmSync(join(root, path), { recursive: true, force: true });
  await runCommand(
    "tar",
    ["-C", root, "-cf", archive, "--exclude=./dev/*", "--exclude=./proc/*", "."],
    "tar",
  );
}
