import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { Logger } from "#server/logger.ts";
import { killSockets, listSockets } from "../socket-killer.ts";
import { type EdgeState, socketsSchema } from "./protocol.ts";

type Options = {
  /** The only port whose sockets it shows and ends. */
  port: number;
  getState: () => EdgeState;
  onLeave: () => void;
  log: Logger;
};

/** Lists and ends clients' sockets at Traefik's port, for the agent, which stands in another network namespace. */
export function createEdgeServer({ port, getState, onLeave, log }: Options): Server {
  const handle = async (request: IncomingMessage): Promise<unknown> => {
    if (request.url === "/state") return getState();
    if (request.url === "/sockets") return { sockets: await listSockets([port]) };
    if (request.method === "POST" && request.url === "/kill") {
      const { sockets } = socketsSchema.parse(await json(request));
      return { killed: await killSockets(sockets.filter(({ localPort }) => localPort === port)) };
    }
    if (request.method === "POST" && request.url === "/leave") {
      setImmediate(onLeave);
      return {};
    }
    return null;
  };
  const answer = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  return createServer((request, response) => {
    handle(request).then(
      (body) => answer(response, body === null ? 404 : 200, body),
      (error) => {
        log.warn({ err: error }, "sockets could not be read or ended");
        answer(response, 500, { detail: "ss failed." });
      },
    );
  });
}
