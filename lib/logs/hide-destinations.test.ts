import { describe, expect, it } from "vitest";
import { hideDestinations, hideDestinationsOfError } from "./hide-destinations.ts";

describe("hideDestinations", () => {
  it.each([
    ["connect ECONNREFUSED 93.184.216.34:443", "connect ECONNREFUSED …"],
    ["connect ETIMEDOUT 2606:2800:220:1::1946:443 - Local", "connect ETIMEDOUT … - Local"],
    ["dial [2606:2800::1]:443: i/o timeout", "dial …: i/o timeout"],
    ["getaddrinfo ENOTFOUND secret.example", "getaddrinfo ENOTFOUND …"],
    ["getaddrinfo EAI_AGAIN intranet", "getaddrinfo EAI_AGAIN …"],
    ["failed to open connection to tcp:secret.example:443", "failed to open connection to tcp:…"],
    ["GET https://secret.example/path?q=1 failed", "GET https://… failed"],
    ["no route to secret.example:443 now", "no route to … now"],
  ])("%s → %s", (text, hidden) => expect(hideDestinations(text)).toBe(hidden));

  it("keeps words, versions of ours and file names", () => {
    const text = "Xray 26.7.28 started; read server/node-agent/agent.ts";
    expect(hideDestinations(text)).toBe(text);
  });

  it("leaves an error its kind and its places in the code, in causes too", () => {
    const place = "    at connect (file:///opt/causeway/server/proxy-auth/net/dial.ts:12:34)";
    const error = {
      type: "Error",
      code: "ECONNREFUSED",
      address: "93.184.216.34",
      message: "connect ECONNREFUSED 93.184.216.34:443",
      stack: `Error: connect ECONNREFUSED 93.184.216.34:443\n${place}`,
      cause: { message: "to secret.example", host: "secret.example" },
    };
    expect(hideDestinationsOfError(error)).toEqual({
      type: "Error",
      code: "ECONNREFUSED",
      message: "connect ECONNREFUSED …",
      stack: `Error: connect ECONNREFUSED …\n${place}`,
      cause: { message: "to …" },
    });
  });
});
