import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Entry, Slot } from "../limits/slot.ts";
import type { Dialling, Origin } from "../net/dial.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import { resetSocket } from "../net/reset-socket.ts";
import { enterStage, type Stage } from "../net/stage.ts";
import { parseAuthority, type Target } from "../net/target.ts";
import { Tunnel } from "../net/tunnel.ts";
import type { Admitted } from "../replica/admission.ts";
import type { Account } from "../usage/account.ts";
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
  #slot: Slot | null = null;
  #account: Account | null = null;

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
    this.#slot?.release();
  }

  #dial({ account }: Admitted): void {
    this.#account = account;
    const { head, client, doors } = this.#request;
    const target = parseAuthority(head.authority, null);
    if (!target) {
      this.#refuse("bad-target", badRequest("CONNECT needs host:port, for example example.org:443."));
      return;
    }
    const entry = doors.limits.enter(account, client.address, "http");
    if (entry instanceof Promise) void entry.then((decided) => this.#enter(decided, account, target));
    else this.#enter(entry, account, target);
  }

  #enter({ slot, refused }: Entry, account: Account, target: Target): void {
    const { socket, doors } = this.#request;
    if (slot === null) {
      this.#refuse(refused, failureAnswer(refused));
      return;
    }
    this.#slot = slot;
    if (socket.destroyed) {
      slot.release();
      return;
    }
    doors.visited(account.userId, "http", target);
    this.#dialling = doors.dial({
      target,
      userId: account.userId,
      isRaw: true,
      account,
      onCut: () => resetSocket(socket),
      onDone: ({ origin, error }) => {
        if (error) this.#refuse(error.kind, failureAnswer(error.kind));
        else this.#open(origin, account, target);
      },
    });
  }

  #open(origin: Origin, account: Account, target: Target): void {
    const { socket, client, early, doors } = this.#request;
    const slot = this.#slot;
    doors.metrics.begin("http");
    if (!socket.destroyed) socket.write(ESTABLISHED);
    new Tunnel({
      client: socket,
      origin,
      head: early,
      account,
      door: "http",
      ip: client.address,
      target,
      deadlines: doors.deadlines,
      clock: doors.clock,
      onEnd: () => {
        slot?.release();
        doors.metrics.end("http");
      },
    }).start();
  }

  #refuse(reason: string, answer: Answer): void {
    this.#slot?.release();
    this.#request.doors.metrics.refused.inc({ door: "http", reason });
    this.#account?.refused("http", reason);
    respondAndClose(this.#request.socket, answer);
  }
}
