import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { choosePorts, findFreePort } from "./ports.ts";

describe("ports", () => {
  it("are those of last time, and a taken one is replaced by a free one", async () => {
    const blocker = createServer();
    await once(blocker.listen(0, "127.0.0.1"), "listening");
    const taken = (blocker.address() as AddressInfo).port;
    const free = await findFreePort();
    const ports = await choosePorts({ prometheus: taken, web: free });
    expect(ports.web).toBe(free);
    expect(ports.prometheus).not.toBe(taken);
    expect(new Set(Object.values(ports)).size).toBe(Object.values(ports).length);
    blocker.close();
  });
});
