import type { Socket } from "node:net";
import type { Doors } from "../doors.ts";
import type { Slot } from "../limits/slot.ts";
import type { ClientAddress } from "../net/proxy-protocol.ts";
import type { Admitted } from "../replica/admission.ts";
import type { OriginPool } from "./origin-pool.ts";
import type { PlainHead } from "./plain-head.ts";
import type { ForwardTarget } from "./request-target.ts";

/** What a plain exchange begins with. */
export type PlainOptions = {
  socket: Socket;
  client: ClientAddress;
  doors: Doors;
  pool: OriginPool;
  head: PlainHead;
  target: ForwardTarget;
  admitted: Admitted;
  slot: Slot;
  /** Behind the head: the next request's. */
  early: Buffer;
  /** The answer is out; `isKept` false = the client's connection is to be closed. */
  onDone: (next: { pending: Buffer; isKept: boolean }) => void;
};
