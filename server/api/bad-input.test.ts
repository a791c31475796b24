import { beforeAll, describe, expect, test } from "vitest";
import { problemSchema } from "#lib/schemas/common.ts";
import { makeApi, makeVisitor, type Visitor, write } from "#test/api.ts";
import { preparePlatform } from "#test/database.ts";
import { routes } from "./routes.ts";

const platform = preparePlatform();
let api: ReturnType<typeof makeApi>;
let owner: Visitor;
beforeAll(async () => {
  api = makeApi(platform);
  owner = await makeVisitor("owner");
});

const writes = routes.filter(({ method, path }) => method !== "get" && path !== "/session");
const address = (path: string) =>
  `/api/v1${path.replaceAll(/\{\w+\}/g, "0199aaaa-0000-7000-8000-000000000000")}`;

describe("every write", () => {
  test.each(writes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    "%s refuses what is not JSON, a foreign origin, a form and a large body",
    async (_, route) => {
      const method = route.method.toUpperCase();
      const send = async (body: unknown, headers = {}) => {
        const response = await api.request(address(route.path), write(method, owner.cookie, body, headers));
        return { status: response.status, problem: problemSchema.parse(await response.json()) };
      };
      for (const text of ['{"name": "a', "[1,2", "null", "[]", '"text"', "7"]) {
        const { status, problem } = await send(text);
        expect(status, text).toBe(400);
        expect(problem.detail.length).toBeGreaterThan(10);
      }
      expect((await send({}, { origin: "https://evil.test" })).status).toBe(403);
      expect((await send({}, { "content-type": "text/plain" })).status).toBe(415);
      const large = await send(JSON.stringify({ name: "a".repeat(10 * 1024 * 1024) }));
      expect(large.status).toBe(413);
    },
  );

  test.each(writes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    "%s refuses fields it does not know",
    async (_, route) => {
      const body = { ...((route.example as object | undefined) ?? {}), isOwner: true };
      const response = await api.request(
        address(route.path),
        write(route.method.toUpperCase(), owner.cookie, body),
      );
      expect(response.status).toBe(400);
    },
  );
});

test("a write with a cookie but without Origin is refused", async () => {
  const { origin: _, ...headers } = write("POST", owner.cookie).headers as Record<string, string>;
  const response = await api.request("/api/v1/users", { method: "POST", headers, body: '{"name":"x"}' });
  expect(response.status).toBe(403);
});

test("a body without Content-Length is counted while it comes", async () => {
  const chunk = new Uint8Array(64 * 1024).fill(0x20);
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += chunk.length;
      controller.enqueue(chunk);
    },
  });
  const init = { ...write("POST", owner.cookie), body, duplex: "half" };
  const response = await api.request(new Request("https://panel.test/api/v1/users", init as RequestInit));
  expect(response.status).toBe(413);
  expect(sent).toBeLessThan(1024 * 1024);
});

test("invalid fields are named", async () => {
  const body = { name: "Not A Name", limitBytes: -1 };
  const response = await api.request("/api/v1/users", write("POST", owner.cookie, body));
  const problem = problemSchema.parse(await response.json());
  expect(new Set(problem.errors?.map((error) => error.path))).toEqual(new Set(["limitBytes", "name"]));
});

test("an unknown path is a problem too", async () => {
  const response = await api.request("/api/v1/nothing");
  expect(response.status).toBe(404);
  problemSchema.parse(await response.json());
});

test("a text with NUL, which the database cannot keep, is the caller's mistake wherever it comes in", async () => {
  const cookie = { headers: { cookie: owner.cookie } };
  const answers = await Promise.all([
    api.request("/api/v1/users?query=%00", cookie),
    api.request("/api/v1/users/%00", cookie),
    api.request("/api/v1/audit?user=%00", cookie),
    api.request("/api/v1/users", write("POST", owner.cookie, { name: "nul", note: "a\u0000b" })),
    api.request("/api/v1/tokens", write("POST", owner.cookie, { name: "\u0000", scopes: ["read"] })),
    api.request("/api/v1/session", write("POST", null, { name: "\u0000", password: "x" })),
    api.request("/api/v1/session", write("POST", null, { name: "a@\u0000", password: "x" })),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 400));
});
