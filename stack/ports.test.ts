import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { PortClaims } from "./port-claims.ts";
import { choosePorts, findFreePort } from "./ports.ts";

describe("ports", () => {
  it("are those of last time, and a taken one is replaced by a free one", async () => {
    const blocker = createServer();
    await once(blocker.listen(0, "127.0.0.1"), "listening");
    const taken = (blocker.address() as AddressInfo).port;
    const free = await findFreePort();
    const ports = await choosePorts({ prometheus: taken, web: free }, new PortClaims());
    expect(ports.web).toBe(free);
    expect(ports.prometheus).not.toBe(taken);
    expect(new Set(Object.values(ports)).size).toBe(Object.values(ports).length);
    blocker.close();
  });

  it("are never the same for two launchers at once", async () => {
    const claims = [new PortClaims(), new PortClaims(), new PortClaims()];
    const chosen = await Promise.all(claims.map((own) => choosePorts({}, own)));
    const ports = chosen.flatMap((each) => Object.values(each));
    expect(new Set(ports).size).toBe(ports.length);
    for (const own of claims) own.release();
  });
});
