import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, isIPv6, type Socket } from "node:net";
import { promisify } from "node:util";
import { splitAddress } from "#server/xray/report.ts";

const run = promisify(execFile);
/** Command lines stay short; one call takes some milliseconds. */
const SOCKETS_A_CALL = 100;

/** A client's TCP connection as this machine sees it: the peer's address, and our port. */
export type SocketAddress = { ip: string; port: number; localPort: number };

export function socketKey({ ip, port, localPort }: SocketAddress): string {
  return `${ip} ${port} ${localPort}`;
}

/**
 * Ends exactly these connections (SOCK_DESTROY through `ss -K`); needs CAP_NET_ADMIN. Returns how many there were.
 * ss prints one line a socket ended, and may also complain about a table it has no rights to: its output decides.
 */
export async function killSockets(sockets: readonly SocketAddress[]): Promise<number> {
  let killed = 0;
  for (let start = 0; start < sockets.length; start += SOCKETS_A_CALL) {
    const filter = sockets
      .slice(start, start + SOCKETS_A_CALL)
      .map(describe)
      .join(" or ");
    killed += (await ss(["-HKtn", filter])).length;
  }
  return killed;
}

/** The clients that are connected to these local ports now. */
export async function listSockets(localPorts: readonly number[]): Promise<SocketAddress[]> {
  if (localPorts.length === 0) return [];
  const lines = await ss(["-Htn", localPorts.map((port) => `sport = :${port}`).join(" or ")]);
  return lines.flatMap((line) => {
    const [, , , local = "", peer = ""] = line.split(/\s+/);
    const address = splitAddress(peer);
    return address ? [{ ...address, localPort: Number(local.slice(local.lastIndexOf(":") + 1)) }] : [];
  });
}

function describe({ ip, port, localPort }: SocketAddress): string {
  return `( dst ${isIPv6(ip) ? `[${ip}]` : ip} and dport = :${port} and sport = :${localPort} )`;
}

async function ss(parameters: string[]): Promise<string[]> {
  const { stdout } = await run("ss", parameters, { maxBuffer: 64 * 1024 * 1024, timeout: 10_000 });
  return stdout.split("\n").filter((line) => line !== "");
}

/** Tries it on a connection of our own: right, kernel option and tool must all be there. */
export async function probeSocketKill(): Promise<boolean> {
  const server = createServer().listen(0, "127.0.0.1");
  let client: Socket | undefined;
  try {
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") return false;
    client = connect(address.port, "127.0.0.1");
    client.on("error", () => {});
    const [accepted] = (await once(server, "connection")) as [Socket];
    const isEnded = new Promise<boolean>((resolve) => {
      accepted.on("error", () => resolve(true));
      accepted.on("close", () => resolve(true));
      setTimeout(() => resolve(false), 1000).unref();
    });
    accepted.resume();
    const killed = await killSockets([
      { ip: "127.0.0.1", port: accepted.remotePort ?? 0, localPort: address.port },
    ]);
    const result = killed === 1 && (await isEnded);
    accepted.destroy();
    return result;
  } catch {
    return false;
  } finally {
    client?.destroy();
    server.close();
  }
}
