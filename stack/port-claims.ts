import { createServer, type Server } from "node:net";

/**
 * Ports promised to programs that do not listen yet. A claim is an abstract unix socket: it lives in the same
 * network namespace as the port, two launchers cannot hold it at once, and it ends with its process.
 */
export class PortClaims {
  readonly #held = new Map<number, Server>();

  /** False when another launcher on this machine has just chosen this port. */
  claim(port: number): Promise<boolean> {
    if (this.#held.has(port)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const server = createServer((socket) => socket.destroy());
      server.once("error", () => resolve(false));
      server.listen({ path: `\0causeway-port-${port}` }, () => {
        server.unref();
        this.#held.set(port, server);
        resolve(true);
      });
    });
  }

  /** Once the programs listen themselves. */
  release(): void {
    for (const server of this.#held.values()) server.close();
    this.#held.clear();
  }
}
