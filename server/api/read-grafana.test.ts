import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGrafana } from "./read-grafana.ts";

let answer: { status: number; body: string };
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  response.writeHead(answer.status, { location: "https://elsewhere.test/" }).end(answer.body);
});
let url: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe("Grafana's state", () => {
  test("is absent where none is configured", async () => {
    expect(await readGrafana("")).toEqual({ state: "absent", version: null });
  });

  test("is up while it says that its own database answers, asked below its path", async () => {
    answer = { status: 200, body: '{"database":"ok","version":"13.2.3","commit":"x"}' };
    expect(await readGrafana(url)).toEqual({ state: "up", version: "13.2.3" });
    expect(asked.at(-1)).toBe("/grafana/api/health");
  });

  test.each([
    [503, '{"database":"failing","version":"13.2.3"}'],
    [200, '{"database":"failing"}'],
    [200, "<html>another site</html>"],
    [302, ""],
    [404, "{}"],
  ])("is down when it answers %s %s", async (status, body) => {
    answer = { status, body };
    expect((await readGrafana(url)).state).toBe("down");
  });

  test("is down when nothing listens", async () => {
    expect(await readGrafana("http://127.0.0.1:1")).toEqual({ state: "down", version: null });
  });
});
