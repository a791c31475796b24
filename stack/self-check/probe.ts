import { randomBytes } from "node:crypto";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { issueLeaf } from "#stack/pki/issue.ts";
import { StackError } from "#stack/stack-error.ts";

const ADDRESS = "127.0.0.1";

/** A TLS site of our own with a page nobody can guess. */
export type Probe = { port: number; certificate: string; page: string; close(): void };

export async function startProbe(port: number): Promise<Probe> {
  const pem = await issueLeaf({ name: "causeway probe", names: [ADDRESS], days: 1, usage: "server" });
  const page = randomBytes(16).toString("hex");
  const server = createServer({ key: pem.key, cert: pem.certificate }, (_request, response) => {
    response.setHeader("connection", "close").end(page);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) =>
      reject(new StackError(`The self-check cannot listen on ${port}: ${error.message}. Run it again.`)),
    );
    server.listen(port, ADDRESS, resolve);
  });
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port, certificate: pem.certificate, page, close };
}

/** Fetches the page over a connection that some door has made to the probe; throws when it is another page. */
export function fetchPage(tunnel: Socket, probe: Probe): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const tls = connectTls({ socket: tunnel, ca: probe.certificate, host: ADDRESS });
    tls.setTimeout(5_000, () => tls.destroy(new Error("no answer within 5 s")));
    tls.on("secureConnect", () =>
      tls.write(`GET / HTTP/1.1\r\nHost: ${ADDRESS}\r\nConnection: close\r\n\r\n`),
    );
    tls.on("data", (data: Buffer) => {
      answer += data.toString();
    });
    tls.on("error", reject);
    tunnel.on("error", reject);
    tls.on("close", () => {
      if (answer.includes(probe.page)) resolve();
      else reject(new Error("the page did not come whole"));
    });
  });
}
