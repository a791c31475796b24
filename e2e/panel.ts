import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import { stackFile } from "./product.ts";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];

/** The panel in a real Chromium, for whoever signs in. */
export const launchBrowser = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: "/usr/bin/chromium", args: [...FLAGS, ...flags] });

export const panelUrl = (path: string): string => `${stackFile().panelUrl}${path}`;

export async function signInTo(browser: Browser, name: string, password: string): Promise<BrowserContext> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
  });
  // A machine that is busy is not what these tests try.
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(panelUrl("/login"));
  await page.getByLabel("Name").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((address) => !address.pathname.startsWith("/login"));
  await page.close();
  return context;
}
