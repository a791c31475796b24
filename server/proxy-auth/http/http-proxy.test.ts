import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer as createWebServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { promisify } from "node:util";
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

const run = promisify(execFile);
let bench: Bench;
const opened: Origin[] = [];
async function origin(...args: Parameters<typeof startOrigin>): Promise<Origin> {
  const started = await startOrigin(...args);
  opened.push(started);
  return started;
}

beforeAll(async () => {
  bench = await startBench();
  bench.panel.addUser("ada");
  await bench.announce();
});
afterAll(async () => {
  for (const started of opened) await started.close();
  await bench.close();
});

async function send(text: string, ...more: string[]): Promise<string> {
  const socket = await connectAsTraefik(bench.proxy.ports.http);
  socket.write(text);
  for (const part of more) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.write(part);
  }
  const answer = await readAll(socket);
  socket.destroy();
  return answer.toString("latin1");
}

const ok = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

describe("CONNECT", () => {
  it("answers 200 after the dial, carries pipelined bytes and half-close, and counts exactly", async () => {
    const echo = await origin((socket) => socket.pipe(socket));
    const user = bench.panel.addUser("connecting");
    await bench.announce();
    const socket = await connectAsTraefik(bench.proxy.ports.http);
    const request = `CONNECT 127.0.0.1:${echo.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("connecting")}\r\n\r\n`;
    socket.write(`${request}early`);
    const head = await readUntil(socket, (bytes) => bytes.toString().endsWith("\r\n\r\nearly"));
    expect(head.toString()).toBe("HTTP/1.1 200 Connection established\r\n\r\nearly");
    const block = Buffer.alloc(3_000_000, 0x62);
    socket.end(block);
    const rest = await readAll(socket);
    expect(rest.equals(block)).toBe(true);
    await eventually(() => bench.panel.usageOf(user.id, "http").down === 3_000_005);
    expect(bench.panel.usageOf(user.id, "http")).toEqual({ up: echo.received(), down: echo.sent() });
  });

  it("refuses without password, with a wrong one, and closes", async () => {
    const noPassword = await send("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(noPassword).toMatch(/^HTTP\/1.1 407 /);
    expect(noPassword).toMatch(/\r\nProxy-Authenticate: Basic realm=/);
    const wrong = await send(
      `CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada", "secretguess")}\r\n\r\n`,
    );
    expect(wrong).toMatch(/^HTTP\/1.1 407 /);
    const line = bench.logs.find((entry) => entry.includes("wrong proxy password"));
    expect(line).toContain('"ip":"192.0.2.7"');
    expect(bench.logs.join("")).not.toContain("secretguess");
  });

  it("does not tell by the time it takes whether a name exists", async () => {
    const took = async (name: string) => {
      const started = performance.now();
      await send(
        `CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name, "no")}\r\n\r\n`,
      );
      return performance.now() - started;
    };
    for (const name of ["ada", "nobody-1", "ada", "nobody-2", "No Name"])
      expect(await took(name), name).toBeGreaterThan(240);
  });

  it.each([
    ["127.0.0.1:1", 502, "connection_refused"],
    ["no-such-host.invalid:80", 502, "dns_error"],
    ["10.9.8.7:80", 403, "destination_ip_prohibited"],
    ["169.254.169.254:80", 403, "destination_ip_prohibited"],
    ["[::ffff:10.0.0.1]:80", 403, "destination_ip_prohibited"],
    ["127.1:80", 400, "http_request_error"],
    ["2130706433:80", 400, "http_request_error"],
    ["0x7f.0.0.1:80", 400, "http_request_error"],
    ["0177.0.0.1:80", 400, "http_request_error"],
    ["example.org", 400, "http_request_error"],
  ])("maps %s to %d %s", async (target, status, proxyStatus) => {
    const answer = await send(
      `CONNECT ${target} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
    );
    // This machine may have no name server at all.
    if (status === 502 && answer.includes("dns_timeout")) return;
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`Proxy-Status: causeway; error=${proxyStatus}`);
  });
});

describe("absolute-form requests", () => {
  it("rewrites the request, drops hop-by-hop headers, takes the host from the URL", async () => {
    let seen = "";
    const target = await origin(
      rawHttp((head) => {
        seen = head;
        return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Secret\r\nX-Secret: 1\r\nX-Kept: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhi";
      }),
    );
    const answer = await send(
      `GET http://127.0.0.1:${target.port}/a%2fb?q HTTP/1.1\r\nHost: evil.test\r\nProxy-Authorization: ${basic("ada")}\r\nProxy-Connection: keep-alive\r\nConnection: X-Drop, close\r\nX-Drop: 1\r\nX-Stay: 2\r\nTE: trailers\r\n\r\n`,
    );
    expect(seen).toMatch(/^GET \/a%2fb\?q HTTP\/1.1\r\n/);
    expect(seen).toContain(`Host: 127.0.0.1:${target.port}\r\n`);
    expect(seen).toContain("Via: 1.1 causeway\r\n");
    expect(seen).toContain("X-Stay: 2\r\n");
    for (const gone of ["evil.test", "X-Drop", "Proxy-", "TE:"]) expect(seen).not.toContain(gone);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answer).toContain("X-Kept: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n");
    expect(answer).not.toContain("X-Secret");
    expect(answer).toContain("Via: 1.1 causeway");
    expect(answer.endsWith("\r\n\r\nhi")).toBe(true);
  });

  it("meters each of several requests on one connection to several origins, byte for byte", async () => {
    const user = bench.panel.addUser("counting");
    await bench.announce();
    const one = await origin(rawHttp(() => ok("one")));
    const two = await origin(rawHttp(() => ok("two!")));
    const socket = await connectAsTraefik(bench.proxy.ports.http);
    for (const { port } of [one, two, one, two]) {
      socket.write(
        `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("counting")}\r\n\r\n`,
      );
      const answer = await readUntil(socket, (bytes) => /\r\n\r\n(one|two!)$/.test(bytes.toString()));
      expect(answer.toString()).toMatch(/^HTTP\/1.1 200/);
    }
    socket.destroy();
    const wanted = { up: one.received() + two.received(), down: one.sent() + two.sent() };
    await eventually(() => bench.panel.usageOf(user.id, "http").down === wanted.down);
    expect(bench.panel.usageOf(user.id, "http")).toEqual(wanted);
    expect(one.sockets.length).toBe(1);
  });

  it("passes chunked bodies and trailers both ways, and 100 Continue", async () => {
    const web = createWebServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        response.writeHead(200, { Trailer: "X-Sum" });
        response.write(`got ${body}`);
        response.addTrailers({ "X-Sum": `${body.length}/${request.trailers["x-in"]}` });
        response.end();
      });
    }).listen(0, "127.0.0.1");
    await once(web, "listening");
    const { port } = web.address() as AddressInfo;
    const answer = await send(
      `POST http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nTrailer: X-In\r\nTransfer-Encoding: chunked\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
      "5\r\nhello\r\n",
      "0\r\nX-In: yes\r\n\r\n",
    );
    web.close();
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
    expect(answer).toContain("got hello");
    expect(answer).toContain("X-Sum: 5/yes");
  });

  it.each([
    [
      "CL and TE",
      "POST http://h/ HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["a folded header", "GET http://h/ HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n", 400],
    ["a space before the colon", "GET http://h/ HTTP/1.1\r\nHost : h\r\n\r\n", 400],
    ["origin-form", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    ["https in the clear", "GET https://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    ["a name in the URL", "GET http://a:b@h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    ["headers without end", `GET http://h/ HTTP/1.1\r\nX: ${"a".repeat(70_000)}`, 431],
    ["noise", "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n", 400],
  ])("refuses %s", async (_what, text, status) => {
    const socket = await connectAsTraefik(bench.proxy.ports.http);
    socket.write(text);
    const head = await readHead(socket);
    expect(head.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  });

  it("does not pass a part for the whole when the origin breaks off", async () => {
    const broken = await origin((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        setTimeout(() => socket.resetAndDestroy(), 30);
      });
    });
    const answer = await send(
      `GET http://127.0.0.1:${broken.port}/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
    );
    expect(answer).toContain("hello");
    expect(answer).not.toContain("0\r\n\r\n");
  });

  it("answers 502 to an origin that is no web server or hangs up", async () => {
    const noise = await origin((socket) => socket.once("data", () => socket.end("SSH-2.0-x\r\n")));
    const mute = await origin((socket) => socket.once("data", () => socket.end()));
    for (const { port } of [noise, mute]) {
      const socket = await connectAsTraefik(bench.proxy.ports.http);
      socket.write(
        `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
      );
      expect((await readHead(socket)).toString()).toMatch(/^HTTP\/1.1 502 /);
      socket.destroy();
    }
  });

  it("carries a WebSocket through the plain proxy and counts it exactly", async () => {
    const user = bench.panel.addUser("websocket");
    await bench.announce();
    let upgraded = false;
    const target = await origin((socket) => {
      socket.on("data", (chunk) => {
        if (upgraded) return socket.write(chunk);
        expect(chunk.toString()).toMatch(/\r\nUpgrade: websocket\r\n/i);
        upgraded = true;
        return socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\nhello",
        );
      });
      socket.on("end", () => socket.end());
    });
    const socket = await connectAsTraefik(bench.proxy.ports.http);
    socket.write(
      `GET http://127.0.0.1:${target.port}/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nProxy-Authorization: ${basic("websocket")}\r\n\r\n`,
    );
    const head = await readUntil(socket, (bytes) => bytes.toString().endsWith("hello"));
    expect(head.toString()).toMatch(/^HTTP\/1.1 101 /);
    socket.write("ping");
    expect((await readUntil(socket, (bytes) => bytes.length >= 4)).toString()).toBe("ping");
    socket.end();
    await readAll(socket);
    await eventually(() => bench.panel.usageOf(user.id, "http").down === target.sent());
    expect(bench.panel.usageOf(user.id, "http")).toEqual({ up: target.received(), down: target.sent() });
  });
});

describe("curl", () => {
  it("fetches through CONNECT and plain, behind something that sends PROXY v2", async () => {
    const web = createWebServer((_request, response) => response.end("page")).listen(0, "127.0.0.1");
    await once(web, "listening");
    const { port } = web.address() as AddressInfo;
    const traefik = await origin((client) => {
      const upstream = connect(bench.proxy.ports.http, "127.0.0.1");
      upstream.write(Buffer.from("0d0a0d0a000d0a515549540a2111000cc00002077f00000104d203e8", "hex"));
      client.pipe(upstream).pipe(client);
      upstream.on("error", () => client.destroy());
    });
    const proxy = `http://ada:ada-secret@127.0.0.1:${traefik.port}`;
    const flags = ["-sS", "--max-time", "5", "-x", proxy, `http://127.0.0.1:${port}/`];
    const noProxy = { env: { ...process.env, no_proxy: "", NO_PROXY: "" } };
    expect((await run("curl", flags, noProxy)).stdout).toBe("page");
    expect((await run("curl", ["-p", ...flags], noProxy)).stdout).toBe("page");
    web.close();
  });
});

describe("listener", () => {
  it("hears only trusted peers with a PROXY header, and is silent about health checks", async () => {
    const before = bench.logs.length;
    const check = connect(bench.proxy.ports.http, "127.0.0.1");
    await once(check, "connect");
    check.end();
    check.resume();
    await once(check, "close");
    expect(bench.logs.slice(before)).toEqual([]);
    const naked = connect(bench.proxy.ports.http, "127.0.0.1");
    naked.on("error", () => {});
    naked.write("GET http://h/ HTTP/1.1\r\n\r\n");
    expect((await readAll(naked)).length).toBe(0);
  });
});
