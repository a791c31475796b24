import { afterAll, beforeAll, expect, it } from "vitest";
import { eventually } from "./testing/bench.ts";
import { type Origin, startOrigin } from "./testing/origins.ts";
import { RealProgram } from "./testing/real-program.ts";

/** `npm run test:long` takes 1 000. */
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 3);
const USERS = ["ada", "bob", "eve"] as const;
/** A worker journals at least once a second; what it had not is lost with it. */
const LOST_MS_A_KILL = 1_000;

let program: RealProgram;
let origin: Origin;

beforeAll(async () => {
  program = new RealProgram({ PROXY_AUTH_WORKERS: "2" });
  await program.prepare();
  for (const name of USERS) program.panel.addUser(name);
  origin = await startOrigin((socket) => {
    const block = Buffer.alloc(8 * 1024, 0x61);
    const timer = setInterval(() => socket.write(block), 10);
    socket.on("close", () => clearInterval(timer)).resume();
  });
  await program.start();
});
afterAll(async () => {
  await program.close();
  await origin.close();
});

it(
  `after ${ROUNDS} kill -9 of workers, amid replacements, and of all at once no byte is counted twice, and few are lost`,
  async () => {
    const { panel } = program;
    const load = setInterval(() => {
      const name = USERS[Math.floor(Math.random() * USERS.length)] ?? "ada";
      program.download(name, origin.port).catch(() => {});
    }, 400);
    let most = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const before = origin.sent();
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 1_500));
      most = Math.max(most, origin.sent() - before);
      const pids = program.workerPids;
      const victim = pids[Math.floor(Math.random() * pids.length)];
      // Replacements under way are killed too: places change, and journals are left behind.
      if (Math.random() < 0.2) process.kill(program.pid, "SIGHUP");
      if (Math.random() < 0.3 || victim === undefined) {
        await program.end("SIGKILL");
        await program.start();
      } else {
        process.kill(victim, "SIGKILL");
        await eventually(() => !program.workerPids.includes(victim), 5_000);
      }
      expect(countedBytes()).toBeLessThanOrEqual(origin.sent());
    }
    clearInterval(load);
    await eventually(() => program.workerPids.length === 2, 15_000);
    await program.end("SIGTERM");
    await program.start();
    const allowed = ROUNDS * Math.max(most, 1) * (LOST_MS_A_KILL / 300);
    await eventually(() => countedBytes() >= origin.sent() - allowed, 10_000);
    expect(countedBytes()).toBeLessThanOrEqual(origin.sent());
    for (const boot of new Set(panel.batches.map((batch) => batch.boot))) {
      const numbers = panel.batches.filter((batch) => batch.boot === boot).map(({ seq }) => seq);
      expect(numbers).toEqual(numbers.map((_seq, i) => i + 1));
    }
  },
  60_000 + ROUNDS * 12_000,
);

function countedBytes(): number {
  return program.panel.batches
    .flatMap(({ entries }) => entries)
    .reduce((sum, { downBytes }) => sum + downBytes, 0);
}
