import { withChildSpan } from "#server/tracing.ts";
import type { XrayClient } from "#server/xray/client.ts";
import { buildEmail, parseEmail } from "#server/xray/email.ts";

/** Calls in flight on the one HTTP/2 connection to Xray. */
const PARALLEL = 64;
const MAX_TRACED_USERS = 20;

type Healed = { removed: string[]; differences: number; left: string[] };

/**
 * The users that are in Xray now (id → VLESS id, in every inbound), and the calls that change them. A caller lets
 * one change run at a time.
 */
export class CoreUsers {
  readonly #client: XrayClient;
  #tags: readonly string[] = [];
  readonly users = new Map<string, string>();

  constructor(client: XrayClient) {
    this.#client = client;
  }

  /** After a start: what its configuration held. */
  reset(tags: readonly string[], users: Iterable<{ id: string; vlessId: string }>): void {
    this.#tags = tags;
    this.users.clear();
    for (const { id, vlessId } of users) this.users.set(id, vlessId);
  }

  async remove(userIds: readonly string[]): Promise<void> {
    await forEachParallel(userIds, async (id) => {
      for (const tag of this.#tags)
        await traced("RemoveUser", tag, userIds.length, () =>
          this.#client.removeUser(tag, buildEmail(id, tag)),
        );
      this.users.delete(id);
    });
  }

  async add(users: readonly { id: string; vlessId: string }[]): Promise<void> {
    await forEachParallel(users, async ({ id, vlessId }) => {
      // First, so that a report that outruns the last call is not taken for a stranger's.
      this.users.set(id, vlessId);
      for (const tag of this.#tags)
        await traced("AddUser", tag, users.length, () =>
          this.#client.addUser(tag, { email: buildEmail(id, tag), vlessId }),
        );
    });
  }

  /** True when every inbound has as many users as it should: cheap enough to ask often. */
  async hasExpectedCount(): Promise<boolean> {
    const counts = await Promise.all(this.#tags.map((tag) => this.#client.countUsers(tag)));
    return counts.every((count) => count === this.users.size);
  }

  /**
   * Reads all users of all inbounds and puts right what differs from `wanted`. Returns the ids of users that were
   * there and should not have been, as they may have live connections, how many differences there were, and who is
   * still to be added: beyond `maxAdded`, users that are in no inbound are left to the caller. `onFound` hears of
   * differences before they are put right, which may fail.
   */
  async heal(
    wanted: ReadonlyMap<string, string>,
    maxAdded: number,
    onFound: (count: number) => void,
  ): Promise<Healed> {
    const removed = new Set<string>();
    const left = new Set<string>();
    let differences = 0;
    const listed = new Map<string, Map<string, string>>();
    for (const tag of this.#tags)
      listed.set(
        tag,
        new Map((await this.#client.listUsers(tag)).map(({ email, vlessId }) => [email, vlessId])),
      );
    const isAbsent = (id: string) =>
      this.#tags.every((tag) => listed.get(tag)?.has(buildEmail(id, tag)) === false);
    for (const id of [...wanted.keys()].filter(isAbsent).slice(maxAdded)) left.add(id);
    for (const [tag, present] of listed) {
      const isWrong = ([email, vlessId]: [string, string]) => {
        const user = parseEmail(email);
        return user?.inboundTag !== tag || wanted.get(user.userId) !== vlessId;
      };
      const wrong = [...present].filter(isWrong).map(([email]) => email);
      for (const email of wrong) present.delete(email);
      const missing = [...wanted].filter(([id]) => !left.has(id) && !present.has(buildEmail(id, tag)));
      const found = new Set([...wrong, ...missing.map(([id]) => buildEmail(id, tag))]).size;
      if (found > 0) onFound(found);
      await forEachParallel(wrong, async (email) => {
        await this.#client.removeUser(tag, email);
        const userId = parseEmail(email)?.userId;
        if (userId !== undefined && !wanted.has(userId)) removed.add(userId);
      });
      await forEachParallel(missing, async ([id, vlessId]) => {
        await this.#client.addUser(tag, { email: buildEmail(id, tag), vlessId });
      });
      differences += found;
    }
    this.users.clear();
    for (const [id, vlessId] of wanted) if (!left.has(id)) this.users.set(id, vlessId);
    return { removed: [...removed], differences, left: [...left] };
  }
}

/** One span a call to Xray; of a bulk change only the whole shows, as the agent's span. */
function traced<T>(operation: string, tag: string, users: number, call: () => Promise<T>): Promise<T> {
  if (users > MAX_TRACED_USERS) return call();
  const attributes = {
    "rpc.system": "grpc",
    "rpc.service": "xray.app.proxyman.command.HandlerService",
    "rpc.method": "AlterInbound",
    "causeway.inbound": tag,
  };
  return withChildSpan(`xray ${operation}`, attributes, call);
}

async function forEachParallel<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const work = async () => {
    for (const item of queue) await action(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, work));
}
