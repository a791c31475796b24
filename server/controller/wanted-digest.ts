import { digestUsers } from "#lib/user-digest.ts";
import { getNodeSnapshot } from "#server/nodes/get-node-feed.ts";

/** The digest of who must be on a node. Every node holds the same people: read once a revision for all of them. */
export class WantedDigest {
  #cached: { revision: number; digest: string } | null = null;

  /** null when the database is at another revision by now. */
  async at(revision: number, nodeId: string): Promise<string | null> {
    if (this.#cached?.revision !== revision) {
      const snapshot = await getNodeSnapshot({ nodeId });
      this.#cached = { revision: snapshot.revision, digest: digestUsers(snapshot.users) };
    }
    return this.#cached.revision === revision ? this.#cached.digest : null;
  }
}
