import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "./testing/bench.ts";
import { type Origin, startOrigin, stream } from "./testing/origins.ts";
import { RealProgram } from "./testing/real-program.ts";

let program: RealProgram;
let origin: Origin;
afterEach(async () => {
  await program.close();
  await origin.close();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("the program", () => {
  it("killed with -9 during traffic loses under a second of it and counts nothing twice", async () => {
    program = new RealProgram({ PROXY_AUTH_WORKERS: "1" });
    await program.prepare();
    const { panel } = program;
    const ada = panel.addUser("ada");
    origin = await startOrigin(stream);
    await program.start();
    await program.download("ada", origin.port);
    await sleep(2_500);
    const before = origin.sent();
    await sleep(1_000);
    const lastSecond = origin.sent() - before;
    await program.end("SIGKILL");
    const sent = origin.sent();

    await program.start();
    await eventually(() => panel.usageOf(ada.id, "http").down >= sent - lastSecond, 5_000);
    expect(panel.usageOf(ada.id, "http").down).toBeLessThanOrEqual(sent);

    await program.download("ada", origin.port);
    await sleep(700);
    const started = Date.now();
    expect(await program.end("SIGTERM")).toBe(0);
    expect(Date.now() - started).toBeLessThan(2_200);
    const boots = new Set(panel.batches.map(({ boot }) => boot));
    expect(boots.size).toBe(1);
    expect(panel.batches.map(({ seq }) => seq)).toEqual(panel.batches.map((_batch, i) => i + 1));
  }, 40_000);

  it("replaces a worker while the panel is away: known users come in, and what the old one left is reported later", async () => {
    program = new RealProgram({ PROXY_AUTH_WORKERS: "1" });
    await program.prepare();
    const { panel } = program;
    const ada = panel.addUser("ada");
    origin = await startOrigin(stream);
    await program.start();
    await eventually(() => program.workerPids.length === 1, 10_000);
    const [old = 0] = program.workerPids;
    const { port } = panel;
    await program.download("ada", origin.port);
    // The replica's copy is written every 10 s.
    await sleep(10_500);
    await panel.stop();
    await sleep(3_000);
    const reported = panel.usageOf(ada.id, "http").down;
    process.kill(program.pid, "SIGHUP");
    await eventually(() => !program.workerPids.includes(old), 20_000);
    const sentByOld = origin.sent();
    expect(sentByOld).toBeGreaterThan(reported * 1.1);
    // It has the old one's replica: known users come in.
    await program.download("ada", origin.port);
    await panel.start(port);
    const [{ boot = "" } = {}] = panel.batches;
    const ofOld = () =>
      panel.batches.filter((batch) => batch.boot === boot).flatMap(({ entries }) => entries);
    const counted = () => ofOld().reduce((sum, { downBytes }) => sum + downBytes, 0);
    await eventually(() => counted() > sentByOld * 0.95, 20_000);
    expect(counted()).toBeLessThanOrEqual(sentByOld);
    expect(panel.usageOf(ada.id, "http").down).toBeLessThanOrEqual(origin.sent());
  }, 60_000);

  it("with two workers goes on when one is killed, answers for both, and counts each byte once", async () => {
    program = new RealProgram({ PROXY_AUTH_WORKERS: "2" });
    await program.prepare();
    const { panel, ports } = program;
    const ada = panel.addUser("ada");
    origin = await startOrigin(stream);
    await program.start();
    await eventually(() => program.workerPids.length === 2, 10_000);
    for (let i = 0; i < 4; i++) await program.download("ada", origin.port);
    const metrics = await (await fetch(`http://127.0.0.1:${ports.forwardAuth}/metrics`)).text();
    expect(metrics).toMatch(/^causeway_tunnels_open\{door="http"\} 4$/m);
    expect(metrics).toMatch(/^causeway_replica_users 1$/m);

    // A worker, then all of them by their first process, then a worker again.
    for (const round of [0, 1, 2]) {
      const victims = program.workerPids;
      if (round === 1) {
        await program.end("SIGKILL");
        await program.start();
      } else process.kill(victims[0] ?? 0, "SIGKILL");
      await eventually(() => {
        const now = program.workerPids;
        return now.length === 2 && !now.includes(victims[0] ?? 0);
      }, 10_000);
      await eventually(
        () =>
          program.download("ada", origin.port).then(
            () => true,
            () => false,
          ),
        10_000,
      );
      await sleep(800);
    }
    await program.end("SIGTERM");
    await program.start();
    await sleep(1_500);
    const counted = panel.usageOf(ada.id, "http").down;
    expect(counted).toBeLessThanOrEqual(origin.sent());
    expect(counted).toBeGreaterThan(origin.sent() * 0.3);
    for (const boot of new Set(panel.batches.map((batch) => batch.boot))) {
      const numbers = panel.batches.filter((batch) => batch.boot === boot).map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.map((_seq, i) => i + 1));
    }
  }, 90_000);
});
