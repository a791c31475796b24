import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Bench,
  basic,
  connectAsTraefik,
  eventually,
  readAll,
  readHead,
  readUntil,
  startBench,
} from "../testing/bench.ts";
import { type Origin, rawHttp, startOrigin } from "../testing/origins.ts";

let bench: Bench;
const opened: Origin[] = [];
async function origin(...args: Parameters<typeof startOrigin>): Promise<Origin> {
  const started = await startOrigin(...args);
  opened.push(started);
  return started;
}
/** Says which request it answers. */
const telling = (head: string) => {
  const path = head.split(" ")[1] ?? "";
  return `HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`;
};

beforeAll(async () => {
  bench = await startBench();
  bench.panel.addUser("ada");
  await bench.announce();
});
afterAll(async () => {
  for (const started of opened) await started.close();
  await bench.close();
});

const get = (port: number, path = "/", name = "ada", more = "", method = "GET") =>
  `${method} http://127.0.0.1:${port}${path} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name)}\r\n${more}\r\n`;
const client = () => connectAsTraefik(bench.proxy.ports.http);

describe("GET and HEAD on bare sockets", () => {
  it("answers requests sent at once in their order, over one connection to the origin", async () => {
    const web = await origin(rawHttp(telling));
    const socket = await client();
    socket.write([1, 2, 3, 4, 5].map((n) => get(web.port, `/${n}`)).join(""));
    const text = (await readUntil(socket, (bytes) => bytes.toString().endsWith("/5"))).toString();
    expect(text.match(/\r\n\r\n\/\d/g)?.join("")).toBe([1, 2, 3, 4, 5].map((n) => `\r\n\r\n/${n}`).join(""));
    expect(web.sockets.length).toBe(1);
    socket.destroy();
  });

  it("answers a long chain of refused requests without losing count", async () => {
    const socket = await client();
    socket.write("GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2_000));
    socket.write(get(1, "/", "ada", "Connection: close\r\n"));
    const text = (await readAll(socket)).toString();
    expect(text.match(/HTTP\/1\.1 407 /g)?.length).toBe(2_000);
    expect(text).toMatch(/HTTP\/1\.1 502 .*Connection: close/s);
  });

  it("lets the origin go when the client has gone without its answer", async () => {
    const web = await origin((socket) => socket.resume());
    const socket = await client();
    socket.write(get(web.port, "/long"));
    await eventually(() => web.received() > 0);
    socket.end();
    await eventually(() => web.sockets.every((one) => one.destroyed || one.readableEnded));
  });

  it("asks for the password and takes it on the same connection", async () => {
    const web = await origin(rawHttp(telling));
    const socket = await client();
    socket.write(`GET http://127.0.0.1:${web.port}/ HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect((await readUntil(socket, (bytes) => bytes.toString().includes("password.\n"))).toString()).toMatch(
      /^HTTP\/1\.1 407 /,
    );
    socket.write(get(web.port, "/in"));
    expect((await readUntil(socket, (bytes) => bytes.toString().endsWith("/in"))).toString()).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    socket.destroy();
  });

  it("hands the connection to node:http at the first request that needs it", async () => {
    const web = await origin(rawHttp(telling));
    const socket = await client();
    socket.write(get(web.port, "/first") + get(web.port, "/second", "ada", "Content-Length: 0\r\n", "POST"));
    const text = (await readUntil(socket, (bytes) => bytes.toString().endsWith("/second"))).toString();
    expect(text).toMatch(/\/first.*\/second$/s);
    socket.write(get(web.port, "/third"));
    await readUntil(socket, (bytes) => bytes.toString().endsWith("/third"));
    socket.destroy();
  });

  it("asks again over a new connection when a kept one turns out to be closed", async () => {
    let answered = 0;
    const web = await origin((socket) => {
      rawHttp((head) => {
        answered += 1;
        if (answered === 2) socket.resetAndDestroy();
        return telling(head);
      })(socket);
    });
    const socket = await client();
    for (const path of ["/a", "/b", "/c"]) {
      socket.write(get(web.port, path));
      expect((await readUntil(socket, (bytes) => bytes.toString().endsWith(path))).toString()).toMatch(
        /^HTTP\/1\.1 200 /,
      );
    }
    expect(web.sockets.length).toBe(2);
    socket.destroy();
  });

  it("does not let one user ask over another's connection", async () => {
    bench.panel.addUser("bob");
    await bench.announce();
    const web = await origin(rawHttp(telling));
    const socket = await client();
    for (const name of ["ada", "bob", "ada"]) {
      socket.write(get(web.port, `/${name}`, name));
      await readUntil(socket, (bytes) => bytes.toString().endsWith(`/${name}`));
    }
    expect(web.sockets.length).toBe(2);
    socket.destroy();
  });

  it("drops a kept connection on which the origin speaks unasked", async () => {
    const web = await origin(rawHttp((head) => telling(head)));
    const socket = await client();
    socket.write(get(web.port, "/a"));
    await readUntil(socket, (bytes) => bytes.toString().endsWith("/a"));
    web.sockets[0]?.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    await eventually(() => web.sockets[0]?.destroyed || web.sockets[0]?.readableEnded === true);
    socket.write(get(web.port, "/b"));
    const text = (await readUntil(socket, (bytes) => bytes.toString().endsWith("/b"))).toString();
    expect(text).not.toContain("evil");
    socket.destroy();
  });

  it("carries a long answer to a slow client, exactly metered, in bounded memory", async () => {
    const size = 40_000_000;
    const user = bench.panel.addUser("slow");
    await bench.announce();
    const web = await origin((socket) => {
      socket.once("data", () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
        socket.end(Buffer.alloc(size, 0x61));
      });
    });
    const socket = await client();
    const before = process.memoryUsage().external;
    socket.write(get(web.port, "/", "slow", "Connection: close\r\n"));
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The origin of this test holds the whole answer itself.
    expect(process.memoryUsage().external - before).toBeLessThan(size + 12_000_000);
    const head = (await readHead(socket)).toString("latin1");
    let received = head.length - head.indexOf("\r\n\r\n") - 4;
    socket.on("data", (chunk) => {
      received += chunk.length;
    });
    socket.resume();
    await once(socket, "end");
    expect(received).toBe(size);
    await eventually(() => bench.panel.usageOf(user.id, "http").down === web.sent());
    expect(bench.panel.usageOf(user.id, "http")).toEqual({ up: web.received(), down: web.sent() });
  });

  it("ends an answer under way when its user is switched off, and lets both sides go", async () => {
    const user = bench.panel.addUser("leaving");
    await bench.announce();
    const web = await origin((socket) =>
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\nfor ever")),
    );
    const socket = await client();
    socket.on("error", () => {});
    socket.write(get(web.port, "/", "leaving"));
    await readUntil(socket, (bytes) => bytes.toString().endsWith("for ever"));
    bench.panel.change(user.id, { status: "disabled" });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await bench.announce();
    await closed;
    await eventually(() => web.sockets.every((one) => one.destroyed || one.readableEnded));
  });
});
