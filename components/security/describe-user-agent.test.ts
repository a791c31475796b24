import { describe, expect, it } from "vitest";
import { describeUserAgent } from "./describe-user-agent.ts";

const CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0";

describe("describeUserAgent", () => {
  it.each([
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Safari/537.36 Edg/141.0`, "Edge", "Windows"],
    [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${CHROME} Mobile Safari/537.36`, "Chrome", "Android"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1", "Safari", "iPhone"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox", "Linux"],
    ["curl/8.5.0", "curl", null],
    ["", null, null],
  ])("reads %s", (agent, browser, system) => expect(describeUserAgent(agent)).toEqual({ browser, system }));
});
