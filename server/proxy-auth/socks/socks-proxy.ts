import { createServer, type Server, type Socket } from "node:net";
import type { Doors } from "../doors.ts";
import { takeProxyHeader } from "../net/proxy-listener.ts";
import { SocksSession } from "./socks-session.ts";

/** The SOCKS5 proxy behind Traefik's :1080. */
export function createSocksProxy(doors: Doors): Server {
  const options = {
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    pauseOnConnect: false,
  };
  return createServer(options, (socket: Socket) => {
    takeProxyHeader({
      socket,
      isTrusted: doors.isTrusted,
      deadlines: doors.deadlines,
      logger: doors.logger,
      onRefused: (reason) => doors.metrics.refused.inc({ door: "socks", reason }),
      onClient: (ready) => new SocksSession(ready, doors).start(),
    });
  });
}
