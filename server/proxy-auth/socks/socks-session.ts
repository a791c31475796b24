import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Deadline } from "../net/deadlines.ts";
import { dialFor } from "../net/dial-for.ts";
import { FAILURES, failureOf } from "../net/failures.ts";
import { clientOf } from "../net/proxy-listener.ts";
import { resetSocket } from "../net/reset-socket.ts";
import type { Target } from "../net/target.ts";
import { Tunnel } from "../net/tunnel.ts";
import type { Admitted } from "../replica/admission.ts";
import { SocksHandshake, type SocksStep, socksReply } from "./socks-handshake.ts";

const HANDSHAKE_TIMEOUT_MS = 15_000;
/** RFC 1928: close within 10 s after a failure reply. */
const LINGER_MS = 2_000;
const CONNECT = 1;
const NO_ACCEPTABLE_METHOD = Buffer.from([5, 0xff]);
const USE_PASSWORD = Buffer.from([5, 2]);
const PASSWORD_RIGHT = Buffer.from([1, 0]);
const PASSWORD_WRONG = Buffer.from([1, 1]);

/** One client from its greeting to its tunnel. Steps run one after the other, however the bytes arrive. */
export class SocksSession {
  readonly #socket: Socket;
  readonly #doors: Doors;
  readonly #handshake = new SocksHandshake();
  readonly #gone = new AbortController();
  #deadline: Deadline | null = null;
  #admitted: Admitted | null = null;
  /** RFC 1929 has no "inactive": the password was right, so the request's reply says "not allowed". */
  #isInactive = false;
  #isBusy = false;
  #isDialling = false;
  #isOver = false;

  constructor(socket: Socket, doors: Doors) {
    this.#socket = socket;
    this.#doors = doors;
  }

  start(): void {
    this.#deadline = this.#doors.deadlines.after(HANDSHAKE_TIMEOUT_MS, () =>
      this.#refuse("handshake-timeout", null),
    );
    this.#socket
      .on("data", this.#onData)
      .on("end", this.#onEnd)
      .on("error", this.#onError)
      .on("close", this.#onClose);
    this.#socket.resume();
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#handshake.push(chunk);
    void this.#run();
  };
  readonly #onEnd = (): void => {
    if (this.#handshake.isEmpty) this.#socket.end();
    else this.#refuse("bad-request", null);
  };
  readonly #onError = (): void => {
    this.#socket.destroy();
  };
  readonly #onClose = (): void => {
    this.#isOver = true;
    this.#doors.deadlines.cancel(this.#deadline);
    this.#gone.abort();
  };

  async #run(): Promise<void> {
    if (this.#isBusy || this.#isOver) return;
    this.#isBusy = true;
    // Bytes wait in the socket while a step runs, so what is held here stays small.
    this.#socket.pause();
    try {
      for (
        let step = this.#handshake.next();
        step.kind !== "partial" && !this.#isOver;
        step = this.#handshake.next()
      ) {
        await this.#take(step);
      }
    } catch (error) {
      this.#doors.logger.error({ err: error }, "a SOCKS handshake failed");
      this.#socket.destroy();
    }
    this.#isBusy = false;
    if (!this.#isOver && !this.#isDialling) this.#socket.resume();
  }

  async #take(step: Exclude<SocksStep, { kind: "partial" }>): Promise<void> {
    switch (step.kind) {
      case "invalid":
        return this.#refuse("bad-request", step.reply);
      case "methods":
        if (!step.offersPassword) return this.#refuse("no-credentials", NO_ACCEPTABLE_METHOD);
        this.#socket.write(USE_PASSWORD);
        return;
      case "credentials":
        return this.#authenticate(step.name, step.password);
      case "request":
        return this.#connect(step.command, step.target);
    }
  }

  async #authenticate(name: string, password: string): Promise<void> {
    const result = await this.#doors.admission.admit(
      { name, password },
      clientOf(this.#socket).address,
      "socks",
    );
    if (this.#isOver) return;
    if (result.kind === "admitted") this.#admitted = result;
    else if (result.kind === "inactive") this.#isInactive = true;
    else return this.#close(PASSWORD_WRONG);
    this.#socket.write(PASSWORD_RIGHT);
  }

  async #connect(command: number, target: Target | null): Promise<void> {
    const doors = this.#doors;
    if (this.#isInactive || !this.#admitted) return this.#close(socksReply(0x02));
    if (command !== CONNECT) return this.#refuse("bad-request", socksReply(0x07));
    if (!target) return this.#refuse("bad-target", socksReply(FAILURES["bad-target"].socks));
    if (doors.metrics.isFull("socks", this.#admitted.account))
      return this.#refuse("overloaded", socksReply(FAILURES.overloaded.socks));
    const socket = this.#socket;
    // What comes now is the origin's: it waits in the socket until the tunnel stands. A FIN waits too.
    socket.off("data", this.#onData).off("end", this.#onEnd);
    this.#isDialling = true;
    doors.deadlines.cancel(this.#deadline);
    try {
      const { account } = this.#admitted;
      const onCut = () => resetSocket(socket);
      const origin = await dialFor({ dial: doors.dial, account, target, gone: this.#gone, onCut });
      socket.off("error", this.#onError).off("close", this.#onClose);
      this.#isOver = true;
      doors.metrics.begin("socks");
      if (!socket.destroyed) socket.write(socksReply(0));
      const { deadlines, clock } = doors;
      const onEnd = () => doors.metrics.end("socks");
      new Tunnel({
        client: socket,
        origin,
        head: this.#handshake.rest,
        account,
        door: "socks",
        deadlines,
        clock,
        onEnd,
      }).start();
    } catch (error) {
      const kind = failureOf(error);
      if (kind !== "aborted") this.#refuse(kind, socksReply(FAILURES[kind].socks));
    }
  }

  #refuse(reason: string, reply: Buffer | null): void {
    this.#doors.metrics.refused.inc({ door: "socks", reason });
    this.#close(reply);
  }

  /** Answers in full, then closes; what the client still sends is dropped. */
  #close(reply: Buffer | null): void {
    const socket = this.#socket;
    this.#isOver = true;
    this.#doors.deadlines.cancel(this.#deadline);
    socket.off("data", this.#onData).off("end", this.#onEnd);
    if (socket.destroyed) return;
    if (!reply || reply.length === 0) {
      socket.destroy();
      return;
    }
    socket.end(reply);
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    timer.unref();
    socket.once("close", () => clearTimeout(timer));
  }
}
