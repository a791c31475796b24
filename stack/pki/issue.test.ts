import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { describe, expect, it } from "vitest";
import { issueCa, issueLeaf, type Pem } from "./issue.ts";

/** Whether a client that trusts `ca` accepts `leaf` for `host`; the error's code when it does not. */
async function verdict(ca: Pem, leaf: Pem, host: string): Promise<string> {
  const server = createServer({ key: leaf.key, cert: leaf.certificate }, (socket) => socket.end());
  server.on("tlsClientError", () => {});
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const result = await new Promise<string>((resolve) => {
    const socket = connect({
      port,
      host: "127.0.0.1",
      ca: ca.certificate,
      servername: host.includes(".1") ? "" : host,
    });
    socket.on("secureConnect", () => {
      socket.destroy();
      resolve("accepted");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`));
  });
  server.close();
  return result;
}

describe("the web CA", () => {
  it.each([
    ["vpn.example.org", "other.example.net"],
    ["vpn.example.org", "127.0.0.1"],
    ["127.0.0.1", "vpn.example.org"],
  ])("made for %s signs for it and cannot sign for %s", async (host, other) => {
    const ca = await issueCa("CN=test", 1, host);
    const good = await issueLeaf({ name: "panel", names: [host], days: 1, usage: "server" }, ca);
    const bad = await issueLeaf({ name: "panel", names: [other], days: 1, usage: "server" }, ca);
    expect(await verdict(ca, good, host)).toBe("accepted");
    expect(await verdict(ca, bad, other)).toMatch(/(permitted|excluded) subtree violation/);
  });

  it("of another installation signs nothing here", async () => {
    const [ours, theirs] = await Promise.all([issueCa("CN=a", 1, "a.test"), issueCa("CN=a", 1, "a.test")]);
    const leaf = await issueLeaf({ name: "panel", names: ["a.test"], days: 1, usage: "server" }, theirs);
    expect(await verdict(ours, leaf, "a.test")).not.toBe("accepted");
  });
});
