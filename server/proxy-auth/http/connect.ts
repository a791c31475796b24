import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Dialling, Origin } from "../net/dial.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import { resetSocket } from "../net/reset-socket.ts";
import { enterStage, type Stage } from "../net/stage.ts";
import { parseAuthority } from "../net/target.ts";
import { Tunnel } from "../net/tunnel.ts";
import type { Admitted } from "../replica/admission.ts";
import { type Answer, badRequest, failureAnswer, refusalAnswer, respondAndClose } from "./answers.ts";
import type { ConnectHead } from "./connect-head.ts";
import { parseBasic } from "./credentials.ts";

const ESTABLISHED = Buffer.from("HTTP/1.1 200 Connection established\r\n\r\n");

export type ConnectRequest = {
  head: ConnectHead;
  /** Paused, without listeners. */
  socket: Socket;
  client: ClientAddress;
  /** Bytes behind the head: the origin's. */
  early: Buffer;
  doors: Doors;
};

/** CONNECT (RFC 9110 §9.3.6): 200 only once the origin is connected; every refusal closes the connection. */
export function connectTo(request: ConnectRequest): void {
  new Connect(request).start();
}

class Connect implements Stage {
  readonly #request: ConnectRequest;
  #dialling: Dialling | null = null;

  constructor(request: ConnectRequest) {
    this.#request = request;
  }

  start(): void {
    const { head, socket, client, doors } = this.#request;
    enterStage(socket, this);
    const credentials = parseBasic(head.authorization);
    if (!credentials) {
      this.#refuse("no-credentials", refusalAnswer({ kind: "no-credentials" }));
      return;
    }
    const admitted = doors.admission.admitNow(credentials, client.address);
    if (admitted) {
      this.#dial(admitted);
      return;
    }
    doors.admission.admit(credentials, client.address, "http").then(
      (result) => {
        if (socket.destroyed) return;
        if (result.kind === "admitted") this.#dial(result);
        else respondAndClose(socket, refusalAnswer(result));
      },
      (error: unknown) => {
        doors.logger.error({ err: error }, "a CONNECT failed");
        socket.destroy();
      },
    );
  }

  // Paused: nothing is read before the tunnel stands.
  onData(): void {}
  onDrain(): void {}
  onEnd(): void {}

  onError(): void {
    this.#request.socket.destroy();
  }

  onClose(): void {
    this.#dialling?.cancel();
  }

  #dial({ account }: Admitted): void {
    const { head, socket, doors } = this.#request;
    const target = parseAuthority(head.authority, null);
    if (!target) {
      this.#refuse("bad-target", badRequest("CONNECT needs host:port, for example example.org:443."));
      return;
    }
    if (doors.metrics.isFull("http", account)) {
      this.#refuse("overloaded", failureAnswer("overloaded"));
      return;
    }
    doors.visited(account.userId, "http", target);
    this.#dialling = doors.dial({
      target,
      isRaw: true,
      account,
      onCut: () => resetSocket(socket),
      onDone: ({ origin, error }) => {
        if (error) this.#refuse(error.kind, failureAnswer(error.kind));
        else this.#open(origin, account);
      },
    });
  }

  #open(origin: Origin, account: Admitted["account"]): void {
    const { socket, early, doors } = this.#request;
    doors.metrics.begin("http");
    if (!socket.destroyed) socket.write(ESTABLISHED);
    new Tunnel({
      client: socket,
      origin,
      head: early,
      account,
      door: "http",
      deadlines: doors.deadlines,
      clock: doors.clock,
      onEnd: () => doors.metrics.end("http"),
    }).start();
  }

  #refuse(reason: string, answer: Answer): void {
    this.#request.doors.metrics.refused.inc({ door: "http", reason });
    respondAndClose(this.#request.socket, answer);
  }
}
