import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Entry, Slot } from "../limits/slot.ts";
import type { Deadline } from "../net/deadlines.ts";
import type { Dialling, Origin } from "../net/dial.ts";
import { FAILURES } from "../net/failures.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import { resetSocket } from "../net/reset-socket.ts";
import { enterStage, ignoreFromNowOn, type Stage } from "../net/stage.ts";
import type { Target } from "../net/target.ts";
import { Tunnel } from "../net/tunnel.ts";
import type { Admitted, Refused } from "../replica/admission.ts";
import type { Account } from "../usage/account.ts";
import { SocksHandshake, type SocksStep, socksReply } from "./socks-handshake.ts";
import { UdpAssociation } from "./udp-association.ts";
import { takeUdpPort } from "./udp-ports.ts";

/** RFC 1928: close within 10 s after a failure reply. */
const LINGER_MS = 2_000;
const CONNECT = 1;
const UDP_ASSOCIATE = 3;
const NO_ACCEPTABLE_METHOD = Buffer.from([5, 0xff]);
const USE_PASSWORD = Buffer.from([5, 2]);
const PASSWORD_RIGHT = Buffer.from([1, 0]);
const PASSWORD_WRONG = Buffer.from([1, 1]);
const SUCCEEDED = socksReply(0);

/** One client from its greeting to its tunnel. Steps run one after the other, however the bytes arrive. */
export class SocksSession implements Stage {
  readonly #socket: Socket;
  readonly #client: ClientAddress;
  readonly #doors: Doors;
  readonly #handshake = new SocksHandshake();
  #dialling: Dialling | null = null;
  #slot: Slot | null = null;
  #deadline: Deadline | null = null;
  #admitted: Admitted | null = null;
  /** RFC 1929 has no "inactive": the password was right, so the request's reply says "not allowed". */
  #isInactive = false;
  /** A step waits for an answer: bytes wait in the socket, so what is held here stays small. */
  #isBusy = false;
  #isOver = false;

  constructor(socket: Socket, client: ClientAddress, doors: Doors) {
    this.#socket = socket;
    this.#client = client;
    this.#doors = doors;
  }

  /** `early`: bytes that have come already. */
  start(early: Buffer): void {
    const { deadlines } = this.#doors;
    this.#deadline = deadlines.after(deadlines.timeouts.handshakeMs, () =>
      this.#refuse("handshake-timeout", null),
    );
    enterStage(this.#socket, this);
    if (early.length > 0) this.onData(early);
  }

  onData(chunk: Buffer): void {
    this.#handshake.push(chunk);
    this.#run();
  }

  onEnd(): void {
    // Half-closed while a step waits for its answer: the tunnel carries it on.
    if (this.#isBusy) return;
    if (this.#handshake.isEmpty) this.#socket.end();
    else this.#refuse("bad-request", null);
  }

  onDrain(): void {}

  onError(): void {
    this.#socket.destroy();
  }

  onClose(): void {
    this.#isOver = true;
    this.#doors.deadlines.cancel(this.#deadline);
    this.#dialling?.cancel();
    this.#slot?.release();
  }

  #run(): void {
    while (!this.#isBusy && !this.#isOver) {
      const step = this.#handshake.next();
      if (step.kind === "partial") return;
      this.#take(step);
    }
  }

  #take(step: Exclude<SocksStep, { kind: "partial" }>): void {
    switch (step.kind) {
      case "invalid":
        this.#refuse("bad-request", step.reply);
        break;
      case "methods":
        if (step.offersPassword) this.#socket.write(USE_PASSWORD);
        else this.#refuse("no-credentials", NO_ACCEPTABLE_METHOD);
        break;
      case "credentials":
        this.#authenticate(step.name, step.password);
        break;
      case "request":
        this.#request(step.command, step.target);
    }
  }

  #authenticate(name: string, password: string): void {
    const { admission, logger } = this.#doors;
    const admitted = admission.admitNow({ name, password }, this.#client.address);
    if (admitted) {
      this.#judge(admitted);
      return;
    }
    this.#isBusy = true;
    this.#socket.pause();
    admission.admit({ name, password }, this.#client.address, "socks").then(
      (result) => {
        this.#isBusy = false;
        if (this.#isOver) return;
        this.#judge(result);
        this.#run();
        if (this.#isBusy || this.#isOver) return;
        if (this.#socket.readableEnded) this.onEnd();
        else this.#socket.resume();
      },
      (error: unknown) => {
        logger.error({ err: error }, "a SOCKS handshake failed");
        this.#socket.destroy();
      },
    );
  }

  #judge(result: Admitted | Refused): void {
    if (result.kind === "admitted") this.#admitted = result;
    else if (result.kind === "inactive") this.#isInactive = true;
    else {
      this.#close(PASSWORD_WRONG);
      return;
    }
    this.#socket.write(PASSWORD_RIGHT);
  }

  #request(command: number, target: Target | null): void {
    if (this.#isInactive || !this.#admitted) this.#close(socksReply(0x02));
    else if (command === UDP_ASSOCIATE && this.#doors.udp) this.#enter(null, this.#admitted.account);
    else if (command !== CONNECT) this.#refuse("bad-request", socksReply(0x07));
    else if (!target) this.#refuse("bad-target", socksReply(FAILURES["bad-target"].socks));
    else this.#enter(target, this.#admitted.account);
  }

  /** `target` null: an association, which has none yet. */
  #enter(target: Target | null, account: Account): void {
    const entry = this.#doors.limits.enter(account, this.#client.address, "socks");
    const go = ({ slot, refused }: Entry) => {
      this.#slot = slot;
      if (this.#isOver) slot?.release();
      else if (slot === null) this.#refuse(refused, socksReply(FAILURES[refused].socks));
      else if (target === null) void this.#associate(account);
      else this.#connect(target, account);
    };
    if (!(entry instanceof Promise)) {
      go(entry);
      return;
    }
    this.#isBusy = true;
    this.#socket.pause();
    void entry.then(go);
  }

  async #associate(account: Account): Promise<void> {
    const doors = this.#doors;
    const socket = this.#socket;
    const slot = this.#slot;
    this.#isBusy = true;
    doors.deadlines.cancel(this.#deadline);
    const inside = doors.udp && (await takeUdpPort(doors.udp).catch(() => null));
    if (this.#isOver || !inside || account.isOverLimit) {
      inside?.close();
      if (!this.#isOver) this.#refuse("overloaded", socksReply(FAILURES.overloaded.socks));
      return;
    }
    this.#isOver = true;
    doors.metrics.begin("socks");
    const onEnd = () => {
      slot?.release();
      doors.metrics.end("socks");
    };
    new UdpAssociation({ control: socket, inside, client: this.#client, account, doors, onEnd }).start();
    socket.write(socksReply(0, doors.udp?.address, inside.address().port));
    socket.resume();
  }

  #connect(target: Target, account: Account): void {
    const doors = this.#doors;
    const socket = this.#socket;
    // What comes now is the origin's: it waits in the socket until the tunnel stands. A FIN waits too.
    this.#isBusy = true;
    socket.pause();
    doors.deadlines.cancel(this.#deadline);
    doors.visited(account.userId, "socks", target);
    this.#dialling = doors.dial({
      target,
      userId: account.userId,
      isRaw: true,
      account,
      onCut: () => resetSocket(socket),
      onDone: ({ origin, error }) => {
        if (error) this.#refuse(error.kind, socksReply(FAILURES[error.kind].socks));
        else this.#open(origin, account, target);
      },
    });
  }

  #open(origin: Origin, account: Account, target: Target): void {
    const socket = this.#socket;
    const slot = this.#slot;
    const { deadlines, clock, metrics } = this.#doors;
    this.#isOver = true;
    metrics.begin("socks");
    if (!socket.destroyed) socket.write(SUCCEEDED);
    new Tunnel({
      client: socket,
      origin,
      head: this.#handshake.rest,
      account,
      door: "socks",
      ip: this.#client.address,
      target,
      deadlines,
      clock,
      onEnd: () => {
        slot?.release();
        metrics.end("socks");
      },
    }).start();
  }

  #refuse(reason: string, reply: Buffer | null): void {
    this.#doors.metrics.refused.inc({ door: "socks", reason });
    this.#admitted?.account.refused("socks", reason);
    this.#close(reply);
  }

  /** Answers in full, then closes; what the client still sends is dropped. */
  #close(reply: Buffer | null): void {
    const socket = this.#socket;
    this.#isOver = true;
    this.#doors.deadlines.cancel(this.#deadline);
    this.#dialling?.cancel();
    this.#slot?.release();
    ignoreFromNowOn(socket);
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
