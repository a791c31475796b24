import { createServer, type Server } from "node:net";
import type { Doors } from "../doors.ts";
import { createProxyListener } from "../net/proxy-listener.ts";
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
  return createServer(
    options,
    createProxyListener({
      isTrusted: doors.isTrusted,
      deadlines: doors.deadlines,
      logger: doors.logger,
      onRefused: (reason) => doors.metrics.refused.inc({ door: "socks", reason }),
      onClient: (socket, client, early) => new SocksSession(socket, client, doors).start(early),
    }),
  );
}
