import type { Browser, BrowserContext, Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { randomName } from "./origin.ts";
import { axeComplaints } from "./page-checks.ts";
import { launchBrowser, panelUrl, signInTo } from "./panel.ts";
import { api, eventually, stackFile } from "./product.ts";

const rowsOf = (page: Page) => page.getByRole("list", { name: "Log lines" }).getByRole("listitem");
const ask = async () => (await api("/nodes")).headers.get("x-request-id") ?? "";

describe("the log page, in a real browser", () => {
  let browser: Browser;
  let owner: BrowserContext;
  beforeAll(async () => {
    const { name, password } = inject("stack").ready.owner;
    browser = await launchBrowser();
    owner = await signInTo(browser, name, password ?? "");
  });
  afterEach(async () => {
    for (const page of owner.pages()) await page.close();
  });
  afterAll(() => browser.close());

  it("shows a line as it is written, unfolds it by keyboard, and follows its request", async () => {
    const page = await owner.newPage();
    const name = randomName("nobody");
    await page.goto(panelUrl(`/activity/logs?text=${name}`));
    await page.getByRole("button", { name: "Live", exact: true }).waitFor();
    const id = (await api(`/users/${name}`)).headers.get("x-request-id") ?? "";
    // Only Traefik's line has the address; web's has the route's template.
    await page.getByText(`/api/v1/users/${name}`).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByText(id).waitFor();
    expect(await axeComplaints(page)).toEqual([]);
    await page.getByRole("button", { name: `Only lines with Request ${id}` }).click();
    await page.waitForURL((url) => url.searchParams.get("requestId") === id);
    await page.getByRole("button", { name: "Clear the search" }).click();
    await page.getByText("/api/v1/users/:ref").waitFor();
    await expect.poll(() => rowsOf(page).count(), { timeout: 20_000 }).toBe(2);
    await page.close();
  });

  it("holds new lines back while older ones are read, and says when the connection is lost", async () => {
    const page = await owner.newPage();
    await Promise.all(Array.from({ length: 60 }, ask));
    await page.goto(panelUrl("/activity/logs?program=web"));
    await page.getByRole("button", { name: "Live", exact: true }).waitFor();
    await eventually("a list long enough to scroll", async () => (await rowsOf(page).count()) > 10);
    const held = page.getByRole("button", { name: /new line/ });
    await eventually("a new line to be held back", async () => {
      await page.mouse.wheel(0, 900);
      await page.waitForTimeout(300);
      await ask();
      await held.waitFor({ timeout: 3_000 });
      return true;
    });
    // Whatever else web writes meanwhile is held back in its turn.
    await eventually("what was held back to be shown", async () => {
      if ((await held.count()) > 0) await held.click({ timeout: 5_000 });
      return (await held.count()) === 0;
    });
    const pid = stackFile().pids.web ?? 0;
    expect(pid).toBeGreaterThan(1);
    process.kill(pid, "SIGKILL");
    await page.getByText("The connection to the server is lost").waitFor();
    await page.getByRole("button", { name: "Live", exact: true }).waitFor({ timeout: 60_000 });
    await page.close();
  });
});
