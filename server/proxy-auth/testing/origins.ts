import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A TCP origin that counts its own bytes. */
export type Origin = {
  port: number;
  received: () => number;
  sent: () => number;
  sockets: Socket[];
  close: () => Promise<void>;
};

export async function startOrigin(
  onSocket: (socket: Socket) => void,
  options: { host?: string } = {},
): Promise<Origin> {
  const sockets: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    onSocket(socket);
  });
  server.listen(0, options.host ?? "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    received: () => sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
    sent: () => sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0),
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers each HTTP request with what `reply` makes of its raw head. */
export function rawHttp(reply: (head: string) => string | Buffer): (socket: Socket) => void {
  return (socket) => {
    let pending = "";
    socket.on("data", (chunk) => {
      pending += chunk.toString("latin1");
      for (let end = pending.indexOf("\r\n\r\n"); end !== -1; end = pending.indexOf("\r\n\r\n")) {
        const head = pending.slice(0, end + 4);
        pending = pending.slice(end + 4);
        socket.write(reply(head));
      }
    });
    socket.on("end", () => socket.end());
  };
}

/** Sends 64 KiB every 5 ms until it is closed: a download that leaves the processor to others. */
export function stream(socket: Socket): void {
  const block = Buffer.alloc(64 * 1024, 0x61);
  const timer = setInterval(() => socket.write(block), 5);
  socket.on("close", () => clearInterval(timer));
  socket.resume();
}

/** A listener whose backlog is full: a connection to it stays in SYN_SENT. */
export async function startSlowTarget(): Promise<{ port: number; close: () => void }> {
  const program =
    "import socket,time\ns=socket.socket()\ns.bind(('127.0.0.1',0))\ns.listen(0)\nprint(s.getsockname()[1],flush=True)\ntime.sleep(60)";
  const listener = spawn("python3", ["-c", program], { stdio: ["ignore", "pipe", "ignore"] });
  const [line] = (await once(listener.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  const fillers = Array.from({ length: 4 }, () => connect(port, "127.0.0.1").on("error", () => {}));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const close = () => {
    for (const filler of fillers) filler.destroy();
    listener.kill("SIGKILL");
  };
  return { port, close };
}
