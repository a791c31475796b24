import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ROOT } from "#stack/paths.ts";
import { buildDockerCompose } from "#stack/tools/docker-compose.ts";
import { fetchHadolint } from "#stack/tools/hadolint.ts";

const home = mkdtempSync(join(tmpdir(), "causeway-compose-file-"));
const ENVIRONMENT = {
  CAUSEWAY_HOME: home,
  CAUSEWAY_TRAEFIK: "172.30.80.2",
  CAUSEWAY_SUBNET: "172.30.80.0/24",
  CAUSEWAY_IP_RANGE: "172.30.80.128/25",
};
const serviceSchema = z.object({
  image: z.string(),
  user: z.string().optional(),
  read_only: z.boolean().optional(),
  restart: z.string(),
  cap_drop: z.array(z.string()),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  network_mode: z.string().optional(),
  networks: z.record(z.string(), z.unknown()).optional(),
  ports: z
    .array(
      z.object({
        published: z.string(),
        protocol: z.string(),
      }),
    )
    .default([]),
  secrets: z.array(z.object({ source: z.string() })).default([]),
  logging: z.object({ options: z.record(z.string(), z.string()) }),
  healthcheck: z.unknown().optional(),
  deploy: z.object({ resources: z.object({ limits: z.object({ memory: z.string() }) }) }).optional(),
});
type Service = z.infer<typeof serviceSchema>;

let plugin = "";
let services: Record<string, Service> = {};
const config = (env: Record<string, string>) =>
  spawnSync(plugin, ["--profile", "monitoring", "config", "--format", "json"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: home, ...env } as unknown as NodeJS.ProcessEnv,
  });
const entries = () => Object.entries(services);

beforeAll(async () => {
  plugin = await buildDockerCompose();
  mkdirSync(join(home, "config/env"), { recursive: true });
  for (const name of ["web", "controller", "proxy-auth", "node", "edge"])
    writeFileSync(join(home, "config/env", `${name}.env`), "");
  const { status, stdout, stderr } = config(ENVIRONMENT);
  expect(status, stderr).toBe(0);
  services = z.object({ services: z.record(z.string(), serviceSchema) }).parse(JSON.parse(stdout)).services;
}, 400_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("docker-compose.yml", () => {
  it("starts nothing before vpn init, and says so", () => {
    const { status, stderr } = config({ CAUSEWAY_HOME: home });
    expect(status).not.toBe(0);
    expect(stderr).toContain("Nothing is set up here yet. Run first - ./vpn init");
  });

  it("publishes the public doors only", () => {
    const published = Object.fromEntries(
      entries().flatMap(([name, { ports }]) =>
        ports.length === 0 ? [] : [[name, ports.map((port) => Number(port.published)).sort((a, b) => a - b)]],
      ),
    );
    expect(published).toEqual({ node: [8443], traefik: [80, 443, 1080, 8080, 8888] });
  });

  it("publishes the proxies' ports of proxy-auth itself where that is set", () => {
    const { stdout } = config({ ...ENVIRONMENT, COMPOSE_FILE: "docker-compose.yml:docker/doors-direct.yml" });
    const direct = z
      .object({ services: z.record(z.string(), serviceSchema) })
      .parse(JSON.parse(stdout)).services;
    const publishedBy = (name: string) =>
      direct[name]?.ports.map((port) => Number(port.published)).sort((a, b) => a - b);
    expect(publishedBy("traefik")).toEqual([80, 443, 8080]);
    expect(publishedBy("proxy-auth")).toEqual([1080, 8888]);
  });

  it("publishes SOCKS5's UDP range where it is set", () => {
    const { stdout } = config({
      ...ENVIRONMENT,
      COMPOSE_FILE: "docker-compose.yml:docker/socks-udp.yml",
      CAUSEWAY_SOCKS_UDP: "10800-10803:10800-10803/udp",
    });
    const { ports } = z.object({ services: z.record(z.string(), serviceSchema) }).parse(JSON.parse(stdout))
      .services["proxy-auth"] ?? { ports: [] };
    expect(ports.map(({ published, protocol }) => `${published}/${protocol}`)).toEqual(
      [10800, 10801, 10802, 10803].map((port) => `${port}/udp`),
    );
  });

  it("takes every right from every service; only the node and its helper may end sockets", () => {
    for (const [name, service] of entries()) {
      expect(service.cap_drop, name).toEqual(["ALL"]);
      expect(service.security_opt, name).toContain("no-new-privileges:true");
      expect(service.read_only, name).toBe(true);
    }
    const able = entries().filter(([, service]) => service.cap_add.includes("NET_ADMIN"));
    expect(able.map(([name]) => name).sort()).toEqual(["edge", "node"]);
  });

  it("limits memory and logs, and checks health where an image can", () => {
    for (const [name, service] of entries()) {
      expect(service.logging.options, name).toMatchObject({ "max-size": "10m", "max-file": "3" });
      if (name !== "migrate") expect(service.deploy?.resources.limits.memory, name).toMatch(/^\d+$/);
      const isOurs = service.image.startsWith("causeway/");
      if (!isOurs && name !== "jaeger") expect(service.healthcheck, name).toBeDefined();
      if (!isOurs) expect(service.user, name).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    }
  });

  it("gives each program its own secrets: the master key to two, the CA's key to the controller", () => {
    const readers = (secret: string) =>
      entries()
        .filter(([, service]) => service.secrets.some(({ source }) => source.startsWith(secret)))
        .map(([name]) => name)
        .sort();
    expect(readers("master-key")).toEqual(["controller", "web"]);
    expect(readers("node-ca.key")).toEqual(["controller"]);
    expect(readers("database-url")).toEqual(["controller", "web"]);
    expect(readers("proxy-auth-token")).toEqual(["proxy-auth", "web"]);
  });

  it("names every image by version, with a slot for its digest", () => {
    for (const [name, { image }] of entries()) expect(image, name).toMatch(/:v?\d[\d.]*$/);
    const pinned = { ...ENVIRONMENT, TRAEFIK_DIGEST: `@sha256:${"a".repeat(64)}` };
    expect(config(pinned).stdout).toContain(`traefik:v3.7.15@sha256:${"a".repeat(64)}`);
  });
});

it("keeps hadolint silent about the Dockerfile", async () => {
  const { stdout, status } = spawnSync(await fetchHadolint(), [join(ROOT, "docker/Dockerfile")], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 120_000);
