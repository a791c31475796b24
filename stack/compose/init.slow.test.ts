import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT } from "#stack/paths.ts";

const home = mkdtempSync(join(tmpdir(), "causeway-init-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function init(...args: string[]) {
  const env = { PATH: process.env.PATH, CAUSEWAY_DATA_DIR: join(home, "config"), NODE_NO_WARNINGS: "1" };
  const script = join(ROOT, "stack/compose/init.ts");
  return spawnSync(process.execPath, [script, ...args], {
    encoding: "utf8",
    env: env as unknown as NodeJS.ProcessEnv,
  });
}
const read = (path: string) => readFileSync(join(home, path), "utf8");
const modeOf = (path: string) => {
  const { mode, uid, gid } = statSync(join(home, path));
  return [(mode & 0o7777).toString(8), uid, gid];
};

/** It gives files to other users. */
describe.skipIf(process.getuid?.() !== 0)("vpn init's files", () => {
  it("are made with the owners and modes that the containers need", () => {
    const { status, stdout, stderr } = init(
      "--host",
      "vpn.example.org",
      "--subnet",
      "10.9.8.0/24",
      "--port",
      "https=8443",
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain("CAUSEWAY_TRAEFIK=10.9.8.2\nCAUSEWAY_IP_RANGE=10.9.8.128/25\n");
    expect(stdout).toContain("CAUSEWAY_HTTPS_PORT=8443\n");
    expect(stdout).toContain("CAUSEWAY_PANEL_URL=https://vpn.example.org:8443\n");
    expect(modeOf("config/secrets")).toEqual(["700", 0, 0]);
    expect(modeOf("config/secrets/postgres-super-password")).toEqual(["640", 0, 10_000]);
    expect(modeOf("config/secrets/master-key")).toEqual(["600", 0, 0]);
    expect(modeOf("config/secrets/master-key-web")).toEqual(["400", 10_001, 10_000]);
    expect(modeOf("config/pki/web-ca.key")).toEqual(["600", 0, 0]);
    expect(modeOf("config/proxy")).toEqual(["700", 10_003, 10_000]);
    expect(modeOf("users")).toEqual(["700", 10_001, 10_000]);
    expect(modeOf("logs")).toEqual(["2770", 0, 10_000]);
    expect(modeOf("certs/web.key")).toEqual(["640", 0, 10_000]);
  });

  it("hold the same secrets and settings after a second run", () => {
    const secrets = ["master-key", "postgres-password", "redis-password-web", "nextauth-secret"];
    const before = secrets.map((name) => read(`config/secrets/${name}`));
    const reality = read("certs/reality.crt");
    const { status, stdout } = init();
    expect(status).toBe(0);
    expect(stdout).toContain("CAUSEWAY_SUBNET=10.9.8.0/24\n");
    expect(stdout).toContain("CAUSEWAY_PANEL_URL=https://vpn.example.org:8443\n");
    expect(secrets.map((name) => read(`config/secrets/${name}`))).toEqual(before);
    expect(read("certs/reality.crt")).toBe(reality);
  });

  it("hold no secret where programs and compose read settings", () => {
    const secret = read("config/secrets/postgres-password").trim();
    for (const path of [
      "env/web.env",
      "env/controller.env",
      "traefik/static.yml",
      "traefik/dynamic/stack.yml",
    ])
      expect(read(`config/${path}`)).not.toContain(secret);
    expect(read("config/env/proxy-auth.env")).toContain("TRUSTED_PROXIES=10.9.8.2\n");
  });

  it("ask Let's Encrypt for the panel, and leave Reality its own certificate", () => {
    expect(init("--acme-email", "admin@example.org", "--acme-challenge", "tls").status).toBe(0);
    expect(parse(read("config/traefik/static.yml")).certificatesResolvers.acme.acme).toEqual({
      email: "admin@example.org",
      storage: "/etc/traefik/acme/acme.json",
      tlsChallenge: {},
    });
    const { routers } = parse(read("config/traefik/dynamic/stack.yml")).http;
    expect(routers.panel.tls).toEqual({ certResolver: "acme" });
    expect(routers.reality.tls).toEqual({});
  });

  it.each([
    [["--own-certificate"], "own.crt"],
    [["--subnet", "10.9.8.1/24"], "did you mean 10.9.8.0/24?"],
    [["--subnet", "10.9.8.0/28"], "no room for the containers"],
    [["--port", "https"], "is not NAME=NUMBER"],
    [["--host", "https://x"], "is no host name"],
    [["--acme-email", "nobody"], "Wrong setting certificate.email"],
    [["--nonsense"], "Flags: --host"],
  ])("are left alone by wrong flags: %j", (args, words) => {
    const before = read("config/compose.json");
    const { status, stdout, stderr } = init(...args);
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(words);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(read("config/compose.json")).toBe(before);
  });
});
