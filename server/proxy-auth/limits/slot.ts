import type { FailureKind } from "../net/failures.ts";

/** A place that a tunnel or request holds until it ends. */
export type Slot = { release(): void };
export type Entry = { slot: Slot; refused: null } | { slot: null; refused: FailureKind };
