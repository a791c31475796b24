import type { AgentState } from "#lib/schemas/agent.ts";
import { getNodeDelta, getNodeSnapshot } from "#server/nodes/get-node-feed.ts";
import type { AgentClient } from "./agent-client.ts";
import { AgentError } from "./agent-error.ts";
import { continueTraces } from "./continue-traces.ts";
import type { WantedDigest } from "./wanted-digest.ts";

/** Beyond this many users one snapshot is cheaper for the node than a delta. */
const MAX_DELTA_USERS = 20_000;
/** How often a node that has missed nothing is compared with the database all the same. */
const COMPARE_EVERY_MS = 300_000;

/** `changedAt`: when the changes were made that the node has taken now. */
export type SyncResult = { state: AgentState; sent: "nothing" | "delta" | "snapshot"; changedAt: Date[] };

/**
 * Brings one node to the newest revision. It remembers where the node stands, so that a change costs one query and
 * one request; what it remembers is checked by the node itself (409) and, every five minutes and after a restart of the
 * agent, by comparing digests.
 */
export class NodeSync {
  readonly #nodeId: string;
  readonly #client: AgentClient;
  readonly #wanted: WantedDigest;
  #known: AgentState | null = null;
  #boot: string | null = null;
  #comparedAt = Number.NEGATIVE_INFINITY;

  constructor(nodeId: string, client: AgentClient, wanted: WantedDigest) {
    this.#nodeId = nodeId;
    this.#client = client;
    this.#wanted = wanted;
  }

  /** The next round asks the node where it stands. */
  forget(): void {
    this.#known = null;
  }

  async run(now: number): Promise<SyncResult> {
    try {
      const result = await this.#bring(this.#known ?? (await this.#client.getState()), now);
      this.#known = result.state;
      return result;
    } catch (error) {
      this.forget();
      if (!(error instanceof AgentError) || error.kind !== "conflict") throw error;
      // The node was changed under our feet, by another controller or a restore.
      const result = await this.#bring(await this.#client.getState(), now);
      this.#known = result.state;
      return result;
    }
  }

  async #bring(state: AgentState, now: number): Promise<SyncResult> {
    if (state.boot !== this.#boot) this.#comparedAt = Number.NEGATIVE_INFINITY;
    this.#boot = state.boot;
    if (state.revision === 0) return this.#sendSnapshot(now);
    const found = await getNodeDelta({ nodeId: this.#nodeId, after: state.revision });
    if ("isPruned" in found) return this.#sendSnapshot(now);
    const { changedAt, traceContexts, ...delta } = found;
    if (delta.upsert.length + delta.remove.length > MAX_DELTA_USERS) return this.#sendSnapshot(now);
    const isBehind = delta.to !== state.revision;
    const reached = isBehind
      ? await continueTraces(traceContexts, delta, () => this.#client.postDelta(delta))
      : state;
    if (now - this.#comparedAt < COMPARE_EVERY_MS)
      return { state: reached, sent: isBehind ? "delta" : "nothing", changedAt };
    return { ...(await this.#compare(reached, isBehind, now)), changedAt };
  }

  async #compare(state: AgentState, isSent: boolean, now: number): Promise<Omit<SyncResult, "changedAt">> {
    const digest = await this.#wanted.at(state.revision, this.#nodeId);
    // null: the database has moved on meanwhile; the next round compares.
    if (digest !== null && digest !== state.usersDigest) return this.#sendSnapshot(now);
    if (digest !== null) this.#comparedAt = now;
    return { state, sent: isSent ? "delta" : "nothing" };
  }

  async #sendSnapshot(now: number): Promise<SyncResult> {
    const state = await this.#client.putSnapshot(await getNodeSnapshot({ nodeId: this.#nodeId }));
    this.#boot = state.boot;
    this.#comparedAt = now;
    return { state, sent: "snapshot", changedAt: [] };
  }
}
