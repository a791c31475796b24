import type { Socket } from "node:net";

/**
 * Ends a connection by RST: the kernel drops what it still holds for the peer, where a FIN would deliver it first.
 * A socket whose FIN is just being written cannot be reset (libuv answers EINVAL and Node then leaks the handle).
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
