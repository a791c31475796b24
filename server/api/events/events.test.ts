import { beforeAll, expect, test } from "vitest";
import { type Status, statusSchema } from "#lib/schemas/status.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { makeApi, makeVisitor, makeWebRuntime, type Visitor } from "#test/api.ts";
import { cliContext, preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";
import { streamStatus } from "./stream-status.ts";

const platform = preparePlatform();
let admin: Visitor;
beforeAll(async () => {
  admin = await makeVisitor("admin");
});

/** Reads events by name until `wanted` says yes. */
async function readUntil(
  body: ReadableStream<Uint8Array> | null,
  wanted: (name: string, data: unknown) => boolean,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
      if (name !== undefined && wanted(name, JSON.parse(data ?? "null"))) return;
    }
  }
  throw new Error("the stream ended before");
}

test("tells the status at once, and again right after a change", async () => {
  const api = makeApi(platform);
  const victim = await makeUser();
  const closing = new AbortController();
  const response = await api.request("/api/v1/events", {
    headers: { cookie: admin.cookie },
    signal: closing.signal,
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  let first: Status | null = null;
  let changedAt = 0;
  await readUntil(response.body, (_name, data) => {
    const status = statusSchema.parse(data);
    if (first === null) {
      first = status;
      changedAt = Date.now();
      void disableUser({ ctx: cliContext(), ref: victim.id });
    }
    return status.users.disabled > first.users.disabled;
  });
  expect(Date.now() - changedAt).toBeLessThan(3_000);
  closing.abort();
});

test("ends with the session", async () => {
  const runtime = makeWebRuntime(platform);
  let isAllowed = true;
  const body = streamStatus({
    runtime,
    isAllowed: async () => isAllowed,
    signal: new AbortController().signal,
    checkEveryMs: 20,
  });
  await readUntil(body, (name) => {
    isAllowed = false;
    return name === "end";
  });
});

test("is for operators", async () => {
  const person = await makeVisitor("user");
  const response = await makeApi(platform).request("/api/v1/events", { headers: { cookie: person.cookie } });
  expect(response.status).toBe(403);
});
