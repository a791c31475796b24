import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Entry } from "../limits/slot.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import type { Admitted } from "../replica/admission.ts";
import { type Answer, failureAnswer, formatAnswer, refusalAnswer } from "./answers.ts";
import { parseBasic } from "./credentials.ts";
import { hasOurVia } from "./headers.ts";
import type { OriginPool } from "./origin-pool.ts";
import { PlainExchange } from "./plain-exchange.ts";
import type { PlainHead } from "./plain-head.ts";
import { type ForwardTarget, parseForwardTarget } from "./request-target.ts";

export type PlainRequest = {
  head: PlainHead;
  socket: Socket;
  client: ClientAddress;
  doors: Doors;
  pool: OriginPool;
  /** Behind the head: the next request's. */
  early: Buffer;
  onDone: (next: { pending: Buffer; isKept: boolean }) => void;
};

/** Carries the common case. false: this one needs `handleForward`, which knows every other. */
export function carryPlain(request: PlainRequest): boolean {
  const { head, doors, client } = request;
  const target = parseForwardTarget(head.url);
  if (typeof target === "string" || hasOurVia(head.headers)) return false;
  const credentials = parseBasic(head.authorization);
  if (!credentials) {
    // Browsers ask without at first, and again with them on the same connection.
    if (head.authorization !== undefined) return false;
    doors.metrics.refused.inc({ door: "http", reason: "no-credentials" });
    answer(request, refusalAnswer({ kind: "no-credentials" }), request.early);
    return true;
  }
  const admitted = doors.admission.admitNow(credentials, client.address);
  if (admitted === null || admitted.account.pace !== null) return false;
  const entry = doors.limits.enter(admitted.account, client.address, "http");
  if (!(entry instanceof Promise)) enter(request, target, admitted, entry);
  else {
    request.socket.pause();
    void entry.then((decided) => enter(request, target, admitted, decided));
  }
  return true;
}

function enter(
  request: PlainRequest,
  target: ForwardTarget,
  admitted: Admitted,
  { slot, refused }: Entry,
): void {
  const { doors, socket } = request;
  if (slot === null) {
    doors.metrics.refused.inc({ door: "http", reason: refused });
    admitted.account.refused("http", refused);
    answer(request, failureAnswer(refused), request.early);
    return;
  }
  if (socket.destroyed) {
    slot.release();
    return;
  }
  doors.visited(admitted.user.id, "http", target);
  socket.resume();
  new PlainExchange({ ...request, target, admitted, slot }).start();
}

function answer({ head, socket, onDone }: PlainRequest, said: Answer, pending: Buffer): void {
  if (socket.destroyed) return;
  socket.write(formatAnswer(said, { isLast: head.isLast, hasBody: head.method === "GET" }));
  onDone({ pending, isKept: !head.isLast });
}
