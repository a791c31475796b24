import { constants, openSync } from "node:fs";
import { Socket } from "node:net";

const MAX_LINE = 8192;

/**
 * Reads what Xray logs from its FIFO, so that destinations are never on a disk unless asked for. The pipe keeps the
 * last lines while no agent runs; when it is full Xray drops lines, and does not wait.
 */
export function readLogPipe(path: string, onLine: (line: string) => void): { close(): void } {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  const split = createLineSplitter(onLine);
  socket.setEncoding("utf8");
  socket.on("data", (chunk: unknown) => split(String(chunk)));
  socket.on("error", () => {});
  return { close: () => socket.destroy() };
}

/** Whole lines from chunks cut anywhere; a line that is too long is dropped to its end. */
export function createLineSplitter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  let isSkipping = false;
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!isSkipping && line.length <= MAX_LINE) onLine(line);
      isSkipping = false;
    }
    if (rest.length > MAX_LINE) {
      isSkipping = true;
      rest = "";
    }
  };
}
