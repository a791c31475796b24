import type { Socket } from "node:net";

/** What becomes of a socket's events just now. A connection passes through several stages. */
export interface Stage {
  onConnect?(socket: Socket): void;
  onData(chunk: Buffer, socket: Socket): void;
  onDrain(socket: Socket): void;
  onEnd(socket: Socket): void;
  onError(error: Error, socket: Socket): void;
  onClose(socket: Socket): void;
}

const STAGE = Symbol("stage");
type Staged = Socket & { [STAGE]?: Stage };

/**
 * Gives a socket's events to `stage`. Listeners are added once a socket and are the same functions for all: adding
 * and removing them at every stage was a tenth of a tunnel's set-up. `reads` false: read by `onread`, without events.
 */
export function enterStage(socket: Socket, stage: Stage, reads = true): void {
  const staged: Staged = socket;
  const isNew = staged[STAGE] === undefined;
  staged[STAGE] = stage;
  if (!isNew) return;
  socket.on("drain", onDrain).on("end", onEnd).on("error", onError).on("close", onClose);
  if (socket.connecting) socket.on("connect", onConnect);
  if (reads) socket.on("data", onData);
}

/** What still comes is dropped, and nobody hears of it. */
export function ignoreFromNowOn(socket: Socket): void {
  if ((socket as Staged)[STAGE] !== undefined) (socket as Staged)[STAGE] = NOBODY;
}

/** Takes the listeners off, for an owner with listeners of its own. */
export function leaveStages(socket: Socket): void {
  delete (socket as Staged)[STAGE];
  socket
    .off("data", onData)
    .off("drain", onDrain)
    .off("end", onEnd)
    .off("error", onError)
    .off("close", onClose)
    .off("connect", onConnect);
}

const NOBODY: Stage = {
  onData() {},
  onDrain() {},
  onEnd() {},
  onError(_error, socket) {
    socket.destroy();
  },
  onClose() {},
};

function onConnect(this: Staged): void {
  this[STAGE]?.onConnect?.(this);
}
function onData(this: Staged, chunk: Buffer): void {
  this[STAGE]?.onData(chunk, this);
}
function onDrain(this: Staged): void {
  this[STAGE]?.onDrain(this);
}
function onEnd(this: Staged): void {
  this[STAGE]?.onEnd(this);
}
function onError(this: Staged, error: Error): void {
  this[STAGE]?.onError(error, this);
}
function onClose(this: Staged): void {
  this[STAGE]?.onClose(this);
}
