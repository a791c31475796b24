import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { curl } from "./clients.ts";
import { addUser, originUrl, request, stackFile, whenServed } from "./product.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--ignore-certificate-errors",
];

let user: UserSecrets;
let browser: Browser | undefined;
beforeAll(async () => {
  user = await addUser();
});
afterEach(async () => {
  await browser?.close();
  browser = undefined;
});

const secureProxy = () => user.proxy.httpUrl.replace(/^http:/, "https:");
const port = () => Number(new URL(user.proxy.httpUrl).port || 80);

/** What a TLS client that offers these protocols is given; null = nothing, an error's code otherwise. */
function negotiate(protocols: string[]): Promise<string | false | null> {
  return new Promise((resolve) => {
    const socket = connect({
      host: "127.0.0.1",
      port: port(),
      ca: readFileSync(stackFile().caFile),
      ALPNProtocols: protocols,
    });
    socket.on("secureConnect", () => {
      resolve(socket.alpnProtocol);
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
  });
}

/** Types the password when a proxy asks for it, as a person does; answers which proxies asked. */
async function answerProxy(
  context: BrowserContext,
  page: Page,
  { proxy }: UserSecrets,
): Promise<Set<string>> {
  const asked = new Set<string>();
  const cdp = await context.newCDPSession(page);
  // The page may close before it is answered: then there is nobody left to answer.
  const orGone = (sent: Promise<unknown>) => void sent.catch(() => {});
  cdp.on("Fetch.requestPaused", ({ requestId }) => orGone(cdp.send("Fetch.continueRequest", { requestId })));
  cdp.on("Fetch.authRequired", ({ requestId, authChallenge }) => {
    asked.add(authChallenge.origin);
    const { username, password } = proxy;
    const authChallengeResponse = { response: "ProvideCredentials" as const, username, password };
    orGone(cdp.send("Fetch.continueWithAuth", { requestId, authChallengeResponse }));
  });
  await cdp.send("Fetch.enable", { handleAuthRequests: true });
  return asked;
}

describe("the HTTP proxy inside TLS, on the same port", () => {
  it("carries curl's plain requests, with the certificate and the password checked", async () => {
    const { caFile } = stackFile();
    const { originCa } = inject("stack");
    const args = ["-x", secureProxy(), "--proxy-cacert", caFile, "--cacert", originCa];
    const answer = await curl([...args, originUrl("http", "/bytes/1000")]);
    expect(answer).toMatchObject({ code: 0, status: 200, bytes: 1000 });
    const stranger = await curl([
      "-x",
      secureProxy(),
      "--proxy-cacert",
      originCa,
      originUrl("http", "/bytes/10"),
    ]);
    expect(stranger.code).not.toBe(0);
    const wrong = secureProxy().replace(user.proxy.password, "wrong");
    const refused = await curl(["-x", wrong, "--proxy-cacert", caFile, originUrl("http", "/bytes/10")]);
    expect(refused.status).toBe(407);
  });

  it("speaks HTTP/1.1 whatever else is offered", async () => {
    expect(await negotiate(["h2", "http/1.1"])).toBe("http/1.1");
    expect(await negotiate(["http/1.1"])).toBe("http/1.1");
    expect(await negotiate(["h2"])).toMatch(/ALERT|ERR_SSL/);
  });

  it("carries Chromium", async () => {
    const { username, password } = user.proxy;
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [...FLAGS, "--proxy-bypass-list=<-loopback>"],
      proxy: { server: `https://127.0.0.1:${port()}`, username, password },
    });
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    for (const scheme of ["http", "https"] as const) {
      const response = await page.goto(originUrl(scheme, "/bytes/500"));
      expect(response?.status()).toBe(200);
      expect((await response?.body())?.length).toBe(500);
    }
  });

  it("is what a person's PAC file names, and Chromium follows it", async () => {
    const pacUrl = `${user.subscriptionUrl}/proxy.pac`;
    const pac = await (await whenServed(() => request(pacUrl))).text();
    expect(pac).toContain(`HTTPS 127.0.0.1:${port()}`);
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [...FLAGS, `--proxy-pac-url=${pacUrl}`],
    });
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const challenges = await answerProxy(context, page, user);
    // No such name: only the proxy's own answer can say so.
    const response = await page.goto("http://no-such-site.example/").catch(() => null);
    expect([502, 504]).toContain(response?.status());
    expect(response?.headers()["proxy-status"]).toContain("dns_");
    expect([...challenges]).toEqual([`https://127.0.0.1:${port()}`]);
  });
});
