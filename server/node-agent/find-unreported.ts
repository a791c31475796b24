import { parseEmail } from "#server/xray/email.ts";
import { type SocketAddress, socketKey } from "./socket-killer.ts";

type Online = readonly { email: string; ips: readonly string[] }[];

/**
 * Sockets of users that went out and are still online although no report names a connection of theirs: those of the
 * user's address and inbound that belong to nobody else. Empty where another user is online from the same address
 * and inbound, since then a socket that nobody reported could be theirs.
 */
export function findUnreported(input: {
  userIds: ReadonlySet<string>;
  online: Online;
  sockets: readonly SocketAddress[];
  isReported: (socket: SocketAddress) => boolean;
  getLocalPort: (inboundTag: string) => number | null;
}): SocketAddress[] {
  const places = new Map<string, { ip: string; localPort: number; areAllOut: boolean }>();
  for (const { email, ips } of input.online) {
    const user = parseEmail(email);
    const localPort = user && input.getLocalPort(user.inboundTag);
    if (!user || localPort === null) continue;
    for (const text of ips) {
      const ip = text.replace(/^::ffff:(?=\d+\.)/i, "");
      const place = places.get(`${ip} ${localPort}`) ?? { ip, localPort, areAllOut: true };
      place.areAllOut &&= input.userIds.has(user.userId);
      places.set(`${ip} ${localPort}`, place);
    }
  }
  return input.sockets.filter((socket) => {
    const place = places.get(`${socket.ip} ${socket.localPort}`);
    return place?.areAllOut === true && !input.isReported(socket);
  });
}

/** Those in both lists: a socket that is only now being opened is in the second alone. */
export function keepSeen(before: readonly SocketAddress[], now: readonly SocketAddress[]): SocketAddress[] {
  const seen = new Set(before.map(socketKey));
  return now.filter((socket) => seen.has(socketKey(socket)));
}
