import { randomInt } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";

export type UdpSettings = {
  /** Where clients' datagrams come in: the range is published, and bound by this program itself. */
  host: string;
  from: number;
  to: number;
  /** What clients are told to send to; not an address: the one they know the proxy by. */
  address: string;
};

/** `10800-10899`. Throws in words. */
export function parsePortRange(text: string): { from: number; to: number } | null {
  if (text === "") return null;
  const [, from, to] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const range = { from: Number(from), to: Number(to) };
  if (!(range.from >= 1 && range.from <= range.to && range.to <= 65_535))
    throw new Error(`“${text}” is no range of ports: write it like 10800-10899.`);
  return range;
}

export const portsOf = (range: { from: number; to: number } | null): number[] =>
  range ? Array.from({ length: range.to - range.from + 1 }, (_, i) => range.from + i) : [];

const udpType = (host: string) => (host.includes(":") ? "udp6" : "udp4");

/** A socket on a port of the range that nobody has, in whatever process; null when all are taken. */
export async function takeUdpPort({ host, from, to }: UdpSettings): Promise<Socket | null> {
  const size = to - from + 1;
  const first = randomInt(size);
  for (let i = 0; i < size; i++) {
    const socket = createSocket({ type: udpType(host) });
    try {
      await bind(socket, from + ((first + i) % size), host);
      return socket;
    } catch (error) {
      socket.close();
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  return null;
}

/** `exclusive`: a worker of node:cluster would otherwise share it with the others. */
function bind(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}
