import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A way to a server that can be made slow, silent or broken: the fault, not the server. */
export class SlowPath {
  /** Each piece comes this late; infinite = it never comes. */
  delayMs = 0;
  port = 0;
  /** Where it leads; null = nowhere, connections are reset. */
  target: number | null = null;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => this.#join(socket));

  async open(): Promise<this> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Ends what is open. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(socket: Socket): void {
    const { target } = this;
    if (target === null) return void socket.resetAndDestroy();
    const other = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => {});
      from.on("data", async (chunk) => {
        if (this.delayMs === Number.POSITIVE_INFINITY) return;
        if (this.delayMs > 0) await sleep(this.delayMs);
        if (to.writable) to.write(chunk);
      });
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }
}
