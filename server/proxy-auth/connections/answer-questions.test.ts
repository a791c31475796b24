import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerKey, DOORS_CHANNEL, type DoorsQuestion, doorsAnswerSchema } from "#lib/schemas/connection.ts";
import { type Bench, basic, connectAsTraefik, eventually, readHead, startBench } from "../testing/bench.ts";
import { type Origin, startOrigin } from "../testing/origins.ts";

let bench: Bench;
let echo: Origin;
beforeAll(async () => {
  bench = await startBench({ env: { LOG_DESTINATIONS: "1" } });
  await bench.startAnother();
  echo = await startOrigin((socket) => socket.pipe(socket));
  bench.panel.addUser("ada");
  bench.panel.addUser("bob");
  await bench.announce();
});
afterAll(async () => {
  await echo.close();
  await bench.close();
});

async function ask(question: DoorsQuestion) {
  const key = answerKey(question.id);
  const asked = await bench.redis.publish(DOORS_CHANNEL, JSON.stringify(question));
  expect(asked).toBe(2);
  await eventually(async () => (await bench.redis.hlen(key)) === 2);
  return Object.values(await bench.redis.hgetall(key)).map((text) =>
    doorsAnswerSchema.parse(JSON.parse(text)),
  );
}
const list = (userId: string | null = null): DoorsQuestion => ({
  kind: "list",
  id: randomUUID(),
  userId,
  limit: 10,
});

async function open(name: string) {
  const socket = await connectAsTraefik(bench.proxy.ports.http);
  socket.write(
    `CONNECT 127.0.0.1:${echo.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name)}\r\n\r\n`,
  );
  await readHead(socket);
  socket.resume();
  return socket;
}

it("lists what is open in every process, and ends exactly the one that is named", async () => {
  const [ada] = [...bench.panel.users.values()];
  const mine = await open("ada");
  const other = await open("bob");
  mine.write("12345");
  await eventually(() => mine.bytesRead >= 5 + 39);
  const answers = await ask(list());
  expect(answers.map(({ open }) => open).sort()).toEqual([0, 2]);
  const [found] = (await ask(list(ada?.id))).flatMap(({ connections }) => connections);
  expect(found).toMatchObject({
    userId: ada?.id,
    door: "http",
    ip: "192.0.2.7",
    target: `127.0.0.1:${echo.port}`,
    upBytes: 5,
    downBytes: 5,
  });
  expect(Date.now() - (found?.since ?? 0)).toBeLessThan(5_000);
  const ended = new Promise((resolve) => mine.once("close", resolve));
  const told = await ask({ kind: "end", id: randomUUID(), connectionId: found?.id ?? "" });
  expect(told.map((answer) => answer.ended).sort()).toEqual([0, 1]);
  await ended;
  expect(other.destroyed).toBe(false);
  expect((await ask(list())).map(({ open }) => open).sort()).toEqual([0, 1]);
  other.destroy();
});
