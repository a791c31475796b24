import type { Browser, BrowserContext } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { randomName } from "./origin.ts";
import { axeComplaints } from "./page-checks.ts";
import { launchBrowser, panelUrl, signInTo } from "./panel.ts";
import { api, stackFile } from "./product.ts";

const ask = async () => (await api("/nodes")).headers.get("x-request-id") ?? "";

describe("the log page, in a real browser", () => {
  let browser: Browser;
  let owner: BrowserContext;
  beforeAll(async () => {
    const { name, password } = inject("stack").ready.owner;
    browser = await launchBrowser();
    owner = await signInTo(browser, name, password ?? "");
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
    const rows = page.getByRole("list", { name: "Log lines" }).getByRole("listitem");
    expect(await rows.count()).toBe(2);
    await page.close();
  });

  it("holds new lines back while older ones are read, and says when the connection is lost", async () => {
    const page = await owner.newPage();
    await Promise.all(Array.from({ length: 60 }, ask));
    await page.goto(panelUrl("/activity/logs?program=web"));
    await page.getByRole("button", { name: "Live", exact: true }).waitFor();
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(300);
    await ask();
    const held = page.getByRole("button", { name: /new line/ });
    await held.waitFor();
    await held.click();
    await held.waitFor({ state: "detached" });
    process.kill(stackFile().pids.web ?? 0, "SIGKILL");
    await page.getByText("The connection to the server is lost").waitFor({ timeout: 20_000 });
    await page.getByRole("button", { name: "Live", exact: true }).waitFor({ timeout: 40_000 });
    await page.close();
  });
});
