import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { METRIC_GROUPS, METRIC_SERIES } from "#lib/metric-series.ts";
import { chartSchema } from "#lib/schemas/chart.ts";
import messages from "../messages/en.json" with { type: "json" };
import { curl, startXrayClient } from "./clients.ts";
import { axeComplaints, firstLoadBytes, scrollsSideways, scrollThrough } from "./page-checks.ts";
import { launchBrowser, panelUrl, signInTo } from "./panel.ts";
import {
  addPerson,
  addUser,
  api,
  eventually,
  heldWithin,
  originUrl,
  request,
  stackFile,
  through,
  vpn,
} from "./product.ts";

/** Good news when there are none. */
const MAY_BE_EMPTY = ["refused", "limits", "api-errors", "cut", "drift", "xray-starts"];
/** Shown as strips, not as a chart. */
const STRIPS = ["programs", "nodes"];
const MEGABYTE = 1_000_000;

let browser: Browser;
let owner: BrowserContext;
let person: BrowserContext;
let personName: string;

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(panelUrl(path));
  return page;
}

/** Every door carries something, a change reaches each of them, and Prometheus has looked often enough for a rate. */
async function makeHistory(): Promise<void> {
  const { user, password, cookie } = await addPerson();
  personName = user.name;
  person = await signInTo(browser, user.name, password);
  const { hostname } = new URL(stackFile().panelUrl);
  const dashboard = `https://${hostname}:${stackFile().ports.dashboard}/dashboard/`;
  const client = await startXrayClient(user.vlessLinks[0] ?? "");
  const fetchAll = () =>
    Promise.all(
      [through.http(user), through.socks(user), through.vpn(client.socksPort)].map((way) =>
        curl([...way, originUrl("https", `/bytes/${MEGABYTE}`)]),
      ),
    );
  await eventually(
    "each door's rate in Prometheus",
    async () => {
      for (const result of await fetchAll()) expect(result).toMatchObject({ code: 0, status: 200 });
      // Traefik's own dashboard stands behind ForwardAuth: asks about this session, from Redis and then from memory.
      for (let times = 0; times < 3; times++) await request(dashboard, { headers: { cookie } });
      await vpn("user", "edit", user.name, "--note", String(Date.now()));
      await sleep(2_000);
      const response = await api("/metrics/throughput?range=1h");
      const { lines } = chartSchema.parse(await response.json());
      return ["vpn", "http", "socks"].every((door) =>
        lines.some(({ key, values }) => key === door && values.some((value) => (value ?? 0) > 1_000)),
      );
    },
    120_000,
  );
  await client.stop();
}

beforeAll(async () => {
  browser = await launchBrowser();
  const { owner: account } = inject("stack").ready;
  [owner] = await Promise.all([signInTo(browser, account.name, account.password ?? ""), makeHistory()]);
}, 300_000);
afterEach(async () => {
  for (const page of [...owner.pages(), ...person.pages()]) await page.close();
});
afterAll(async () => {
  await browser.close();
});

const tableOf = (page: Page, title: string) =>
  page.getByRole("region", { name: `${title}, as a table`, exact: true });

describe("charts", () => {
  it.each(METRIC_SERIES)("%s answers from what the programs really measured", async (series) => {
    const response = await api(`/metrics/${series}?range=1h`);
    const chart = chartSchema.parse(await response.json());
    if (MAY_BE_EMPTY.includes(series)) return;
    expect(chart.lines.flatMap(({ values }) => values).some((value) => value !== null)).toBe(true);
  });

  it("each chart of the Observability page shows its numbers as a table too", async () => {
    const page = await open(owner, "/observability?range=1h&show=table");
    await scrollThrough(page);
    for (const group of ["served", "fast", "changes", "machine"] as const)
      for (const series of METRIC_GROUPS[group]) {
        if (STRIPS.includes(series) || MAY_BE_EMPTY.includes(series)) continue;
        const table = tableOf(page, messages.metrics[series].title);
        await table.waitFor();
        expect(await table.getByRole("row").count(), series).toBeGreaterThan(1);
      }
    await page.goto(panelUrl("/observability?range=1h"));
    await scrollThrough(page);
    const strips = page.getByRole("list", { name: messages.metrics.programs.title });
    await strips.getByText("proxy-auth").waitFor();
    await page.close();
  });

  it("overview, node, user and own usage show the traffic of all three doors", async () => {
    for (const [context, path] of [
      [owner, "/overview"],
      [owner, "/nodes/local"],
      [owner, `/users/${personName}`],
      [person, "/usage"],
    ] as const) {
      const page = await open(context, `${path}?range=1h&show=table`);
      const table = tableOf(page, messages.charts.traffic);
      await table.waitFor();
      await expect
        .poll(() => table.getByText(/MB/).count(), { timeout: 30_000, message: path })
        .toBeGreaterThan(path === "/nodes/local" ? 0 : 2);
      await page.close();
    }
  });

  it("a range is chosen by click and is in the address; back leads back", async () => {
    const page = await open(owner, "/overview?range=1h");
    await page.getByRole("radio", { name: "7 d" }).click();
    await page.waitForURL(/range=7d/);
    await page.getByRole("slider", { name: /Traffic by door/ }).waitFor();
    await page.goBack();
    await page.waitForURL(/range=1h/);
    await page.getByRole("button", { name: "Compare" }).click();
    await page.waitForURL(/compare=true/);
    await page.getByText(/in this time, nothing in the one before/).waitFor();
    await page.close();
  });

  it("dragging zooms, arrow keys read point by point, and both end again", async () => {
    const page = await open(owner, "/overview?range=24h");
    const chart = page.getByRole("slider", { name: /Traffic by door/ });
    await chart.waitFor();
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    if (!box) throw new Error("no chart");
    await page.mouse.move(box.x + box.width * 0.5, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 80, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=.+&to=|to=.+&from=/);
    const zoom = new URL(page.url()).searchParams;
    const hours = (Date.parse(zoom.get("to") ?? "") - Date.parse(zoom.get("from") ?? "")) / 3_600_000;
    expect(hours).toBeGreaterThan(5);
    expect(hours).toBeLessThan(10);
    await page.getByRole("button", { name: /–/ }).click();
    await page.waitForURL((address) => !address.searchParams.has("from"));

    await chart.focus();
    const texts = new Set<string | null>();
    for (const key of ["End", "ArrowLeft", "ArrowLeft", "Home"]) {
      await page.keyboard.press(key);
      await eventually(`${key} to read another point`, async () => {
        const text = await chart.getAttribute("aria-valuetext");
        return text !== null && !texts.has(text);
      });
      texts.add(await chart.getAttribute("aria-valuetext"));
    }
    expect([...texts][0]).toMatch(/VPN .*HTTP .*SOCKS/);
    await page.close();
  });

  it("people see their own usage, and no operator's charts", async () => {
    const page = await person.newPage();
    for (const path of ["/observability", "/nodes/local"])
      expect((await page.goto(panelUrl(path)))?.status(), path).toBe(403);
    await page.close();
  });

  it("a user's details open beside the list, at an address of their own", async () => {
    const page = await open(owner, `/users?query=${personName}`);
    await page.getByRole("link", { name: personName }).click();
    await page.waitForURL(new RegExp(`show=${personName}`));
    const sheet = page.getByRole("dialog", { name: personName });
    await sheet.getByRole("slider", { name: /Traffic by door/ }).waitFor();
    expect(await axeComplaints(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForURL((address) => !address.searchParams.has("show"));
    await page.close();
  });

  it("the server tells the status by itself: nothing is asked again, and a change shows at once", async () => {
    const page = await owner.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(panelUrl("/overview"));
    const people = page.getByText(/\d+ people, /);
    await people.waitFor();
    await sleep(7_000);
    const before = await people.textContent();
    await addUser();
    await heldWithin("the change is shown", 5_000, async () => (await people.textContent()) !== before);
    expect(asked).toContain("/api/v1/events");
    // Every 5 s it would be three by now; one is what the first view may ask.
    expect(asked.filter((path) => path === "/api/v1/status").length).toBeLessThan(2);
    await page.close();
  });

  it("says in words that Prometheus is away, while everything else works, and comes back", async () => {
    const pid = stackFile().pids.prometheus ?? 0;
    expect(pid).toBeGreaterThan(1);
    process.kill(pid, "SIGSTOP");
    const page = await owner.newPage();
    try {
      await page.goto(panelUrl("/observability?range=6h"));
      await page
        .getByRole("status")
        .getByText(/Prometheus does not answer/)
        .waitFor({ timeout: 60_000 });
      await page.getByRole("slider", { name: /Traffic by door/ }).waitFor();
      expect(await axeComplaints(page)).toEqual([]);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await page.reload();
    await page
      .getByRole("slider", { name: new RegExp(messages.metrics.throughput.title) })
      .first()
      .waitFor();
    await page.close();
  });

  it.each(["/overview", "/nodes/local", "/usage", "/observability"])(
    "%s is accessible in both themes, fits a phone and loads less than 200 kB of script first",
    async (path) => {
      const page = await owner.newPage();
      const response = await page.goto(panelUrl(`${path}?range=1h`), { waitUntil: "load" });
      expect(await firstLoadBytes(page, (await response?.text()) ?? "")).toBeLessThan(200_000);
      for (const [colorScheme, width] of [
        ["light", 1440],
        ["dark", 390],
      ] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height: 900 });
        await scrollThrough(page);
        expect(await scrollsSideways(page), `${width} px`).toBe(false);
        expect(await axeComplaints(page)).toEqual([]);
      }
      await page.close();
    },
    240_000,
  );
});
