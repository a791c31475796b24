import { type HeldRule, INSTALLED_RULES } from "#lib/access-policy.ts";
import type { Changes, ReplicaAccess, ReplicaGroup, ReplicaUser } from "#lib/schemas/internal.ts";
import { compileDestinations, type MayGo } from "../net/destination-rules.ts";

type Held = { group: ReplicaGroup; mayGo: MayGo };

/** Groups and rules beside the replica's users: where the proxies let somebody go, and which sites open to them. */
export class Rules {
  #groups = new Map<string, Held>();
  #access: ReplicaAccess | null = null;
  /** Grows with every change. */
  version = 0;

  load(content: { groups: readonly ReplicaGroup[]; access: ReplicaAccess | null }): void {
    this.#groups = new Map(content.groups.map((group) => [group.id, hold(group)]));
    this.#access = content.access;
    this.version += 1;
  }

  /** True = something changed. */
  follow({ groups, access }: Pick<Changes, "groups" | "access">): boolean {
    for (const { id, group } of groups) {
      if (group) this.#groups.set(id, hold(group));
      else this.#groups.delete(id);
    }
    if (access) this.#access = access;
    const isChanged = groups.length > 0 || access !== null;
    if (isChanged) this.version += 1;
    return isChanged;
  }

  /** For the copy on disk. */
  toContent(): { groups: ReplicaGroup[]; access: ReplicaAccess | null } {
    return { groups: [...this.#groups.values()].map(({ group }) => group), access: this.#access };
  }

  get access(): readonly HeldRule[] {
    return this.#access?.rules ?? INSTALLED_RULES;
  }

  groupNamesOf(user: ReplicaUser): string[] {
    return user.groups.flatMap((id) => this.#groups.get(id)?.group.name ?? []).sort();
  }

  /** Every group of the user must let them; without a group nothing is forbidden. null = nothing to ask. */
  destinationsOf(user: ReplicaUser): MayGo | null {
    const held = user.groups.flatMap((id) => this.#groups.get(id) ?? []);
    const asked = held.filter(
      ({ group: { destinations } }) => destinations.rules.length > 0 || destinations.otherwise === "deny",
    );
    if (asked.length === 0) return null;
    return (target, address) => asked.every(({ mayGo }) => mayGo(target, address));
  }
}

const hold = (group: ReplicaGroup): Held => ({ group, mayGo: compileDestinations(group.destinations) });
