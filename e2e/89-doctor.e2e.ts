import { execFile, execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { Finding } from "#lib/schemas/doctor.ts";
import { issueLeaf } from "#stack/pki/issue.ts";
import { eventually, stackFile, vpn, vpnJson } from "./product.ts";

type Report = { isWell: boolean; findings: Finding[] };
const inData = (...parts: string[]) => join(inject("stack").dataDir, ...parts);

/** It asks everything and walks through every door: on a busy machine that takes longer than other commands may. */
function doctor(): Promise<Report & { code: number }> {
  const env = { ...process.env, CAUSEWAY_DATA_DIR: inject("stack").dataDir, NO_COLOR: "1" };
  return new Promise((resolve, reject) => {
    execFile("./vpn", ["doctor", "--json"], { env, timeout: 90_000 }, (error, stdout, stderr) => {
      if (stdout === "") return reject(new Error(`vpn doctor said nothing: ${stderr || error?.message}`));
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), ...(JSON.parse(stdout) as Report) });
    });
  });
}
const badOf = ({ findings }: Report) =>
  findings.filter(({ state }) => state === "failure").map(({ group, name }) => `${group}: ${name}`);
const find = ({ findings }: Report, group: string, name: string) =>
  findings.find((finding) => finding.group === group && finding.name === name);

describe("vpn doctor on a running installation", { timeout: 300_000 }, () => {
  it("finds nothing wrong, has been through every door, and leaves nobody behind", async () => {
    let report = await doctor();
    // What the files before have stopped and killed is told for a while, and rightly so: that is not what is tried here.
    for (let more = 8; more > 0 && !report.isWell; more--) {
      await sleep(5_000);
      report = await doctor();
    }
    expect(badOf(report)).toEqual([]);
    expect(report).toMatchObject({ code: 0, isWell: true });
    const doors = report.findings.filter(({ group, state }) => group === "Doors" && state === "ok");
    expect(doors.map(({ name }) => name).toSorted()).toEqual([
      "ForwardAuth, a browser",
      "ForwardAuth, a program",
      "HTTP proxy",
      "SOCKS5 proxy",
      expect.stringMatching(/^VPN on :/),
      expect.stringMatching(/^VPN on :/),
      "panel",
    ]);
    expect(JSON.stringify(report)).not.toMatch(/vless:|cwy_|cwn_/);
    const { items } = await vpnJson<{ items: { name: string }[] }>("user", "list", "--query", "doctor");
    expect(items).toEqual([]);
    for (const { state, meaning, action } of report.findings)
      if (state === "warning" || state === "failure") expect(meaning && action).toBeTruthy();
  });

  it("names a secret that others can read, and its advice puts it right", async () => {
    chmodSync(inData("secrets", "master-key"), 0o644);
    onTestFinished(() => chmodSync(inData("secrets", "master-key"), 0o600));
    const report = await doctor();
    expect(report.code).toBe(3);
    const finding = find(report, "Files", "modes");
    expect(finding).toMatchObject({
      state: "failure",
      detail: expect.stringContaining("secrets/master-key"),
    });
    expect(finding?.action).toMatch(/^chmod go= /);
    execFileSync("sh", ["-c", finding?.action ?? ""]);
    expect(find(await doctor(), "Files", "modes")).toMatchObject({ state: "ok" });
  });

  it("names a certificate that has ended, one whose key is another's, and what makes them anew", async () => {
    const [certificate, key] = [inData("pki", "controller.crt"), inData("pki", "controller.key")];
    const kept = [certificate, key].map((path) => ({ path, text: readFileSync(path) }));
    const restore = () => {
      for (const { path, text } of kept) writeFileSync(path, text);
    };
    onTestFinished(restore);
    const old = await issueLeaf({ name: "controller", names: ["controller"], days: -2, usage: "client" });
    writeFileSync(certificate, old.certificate);
    const ended = find(await doctor(), "Certificates", "controller");
    expect(ended).toMatchObject({
      state: "failure",
      detail: expect.stringMatching(/^it ended on \d{4}-/),
      action: expect.stringContaining("npm run up"),
    });
    restore();
    writeFileSync(key, old.key);
    expect(find(await doctor(), "Certificates", "controller")).toMatchObject({
      state: "failure",
      detail: expect.stringContaining("key file belongs to another"),
      action: expect.stringContaining("rm "),
    });
    restore();
    expect(find(await doctor(), "Certificates", "controller")).toMatchObject({ state: "ok" });
  });

  it("names a program that hangs, and who waits for it; vpn status says the same", async () => {
    const { pids } = stackFile();
    process.kill(pids.redis ?? 0, "SIGSTOP");
    try {
      await sleep(1_500);
      const report = await doctor();
      expect(report.code).toBe(3);
      expect(report.findings.some(({ group, state }) => group === "Redis" && state === "failure")).toBe(true);
      const status = await vpn("status");
      expect(status.code).toBe(3);
      expect(status.stdout).toMatch(/redis/);
      expect(status.stdout).toContain("WHAT TO DO");
    } finally {
      process.kill(pids.redis ?? 0, "SIGCONT");
    }
    await eventually("all to be well again", async () => (await vpn("status")).code === 0, 120_000);
  });

  it("still helps when the panel hangs: vpn status falls back to this machine", async () => {
    const { pids } = stackFile();
    process.kill(pids.web ?? 0, "SIGSTOP");
    try {
      const started = Date.now();
      const { code, stdout } = await vpn("status");
      expect(code).toBe(3);
      expect(stdout).toMatch(/web +down/);
      expect(stdout).toContain("postgres");
      expect(stdout).toContain("free of");
      expect(Date.now() - started).toBeLessThan(12_000);
    } finally {
      process.kill(pids.web ?? 0, "SIGCONT");
    }
    await eventually("all to be well again", async () => (await vpn("status")).code === 0, 120_000);
  });

  it("names the stranger on a port of ours", async () => {
    const { ports, pids } = stackFile();
    const supervisor = Number(
      (JSON.parse(readFileSync(inData("run", "supervisor.json"), "utf8")) as { pid: number }).pid,
    );
    // Held still, so that it does not start Prometheus again meanwhile.
    process.kill(supervisor, "SIGSTOP");
    const stranger = createServer();
    try {
      process.kill(pids.prometheus ?? 0, "SIGKILL");
      await eventually(
        "the port to be free",
        () =>
          new Promise<boolean>((resolve) => {
            stranger.once("error", () => resolve(false));
            stranger.listen(ports.prometheus, "127.0.0.1", () => resolve(true));
          }),
      );
      expect(find(await doctor(), "Ports", String(ports.prometheus))).toMatchObject({
        state: "failure",
        detail: expect.stringContaining(`(pid ${process.pid})`),
        action: expect.stringContaining(`end pid ${process.pid}`),
      });
    } finally {
      stranger.close();
      process.kill(supervisor, "SIGCONT");
    }
    await eventually("Prometheus to come back", async () => (await vpn("status")).code === 0, 120_000);
  });
});
