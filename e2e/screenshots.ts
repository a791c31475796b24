import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "@playwright/test";
import { axeComplaints, firstLoadBytes, scrollsSideways, scrollThrough } from "./page-checks.ts";

/**
 * Every page in both themes at three widths: screenshots/<page>-<theme>-<width>.png, with axe's violations, sideways
 * scroll and script sizes printed. `node e2e/screenshots.ts --password <owner's> [--panel URL] [--only users]`.
 */
const { values } = parseArgs({
  options: {
    panel: { type: "string" },
    name: { type: "string", default: "owner" },
    password: { type: "string" },
    only: { type: "string" },
    out: { type: "string", default: "screenshots" },
    user: { type: "string", default: "demo" },
    themes: { type: "string", default: "light,dark" },
    widths: { type: "string", default: "1440,768,390" },
    "no-axe": { type: "boolean", default: false },
  },
});
const root = join(import.meta.dirname, "..");
const panel = values.panel ?? readPanelUrl();
const out = join(root, values.out);

type Shot = { name: string; path: string; isPublic?: boolean; act?: (page: Page) => Promise<void> };
const SHOTS: Shot[] = [
  { name: "login", path: "/login", isPublic: true },
  {
    name: "login-wrong",
    path: "/login",
    isPublic: true,
    act: async (page) => {
      await page.getByLabel("Name").fill("nobody");
      await page.getByRole("textbox", { name: "Password" }).fill("wrong password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").first().waitFor();
    },
  },
  { name: "invite-gone", path: "/invite/nothing", isPublic: true },
  { name: "overview", path: "/overview" },
  { name: "users", path: "/users" },
  { name: "users-none", path: "/users?query=nobody-like-this" },
  {
    name: "users-selected",
    path: "/users",
    act: async (page) => {
      await page.keyboard.press("j");
      await page.keyboard.press("x");
      await page.keyboard.press("j");
      await page.keyboard.press("x");
    },
  },
  { name: "user-sheet", path: `/users?show=${values.user}`, act: (page) => page.waitForTimeout(1_500) },
  { name: "users-create", path: "/users?create=true" },
  {
    name: "users-create-advanced",
    path: "/users?create=true",
    act: async (page) => {
      await page.getByText("Limit, expiry and more").click();
      await page.getByLabel("Name", { exact: true }).fill("Not A Name");
      await page.getByLabel("Name", { exact: true }).press("Enter");
      await page.getByText(/Use 1 to 32/).waitFor();
    },
  },
  { name: "user", path: `/users/${values.user}` },
  {
    name: "user-access",
    path: `/users/${values.user}`,
    act: async (page) => {
      await page.getByRole("button", { name: "Show links and secrets" }).click();
      await page.getByRole("img", { name: /QR code/ }).waitFor();
    },
  },
  {
    name: "user-delete",
    path: `/users/${values.user}`,
    act: async (page) => {
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await page.getByRole("alertdialog").waitFor();
    },
  },
  { name: "user-missing", path: "/users/nobody-here" },
  { name: "nodes", path: "/nodes" },
  { name: "node", path: "/nodes/local" },
  { name: "access", path: "/access" },
  {
    name: "access-edited",
    path: "/access",
    act: async (page) => {
      await page.getByRole("button", { name: "Move rule 2" }).press("ArrowUp");
      await page.getByRole("button", { name: "Delete rule 3" }).click();
    },
  },
  { name: "access-rule", path: "/access?rule=2", act: (page) => page.getByRole("dialog").waitFor() },
  {
    name: "access-history",
    path: "/access?versions=true",
    act: (page) => page.getByRole("dialog").getByRole("button", { name: "As installed" }).waitFor(),
  },
  { name: "groups", path: "/access/groups" },
  { name: "group", path: "/access/groups/staff" },
  { name: "group-missing", path: "/access/groups/none-such" },
  { name: "access-test", path: "/access/test?url=https://wiki.example.org/page&user=demo" },
  { name: "observability", path: "/observability", act: scrollThrough },
  { name: "observability-table", path: "/observability?show=table", act: scrollThrough },
  { name: "observability-week", path: "/observability?range=7d&compare=true", act: scrollThrough },
  {
    name: "usage-crosshair",
    path: "/usage?range=30d&compare=true",
    act: async (page) => {
      await page.getByRole("slider").first().focus();
      for (let times = 0; times < 5; times++) await page.keyboard.press("ArrowLeft");
    },
  },
  { name: "traces", path: "/observability/traces" },
  { name: "traces-none", path: "/observability/traces?program=node-agent&slower=5000&failed=true" },
  {
    name: "trace",
    path: "/observability/traces?program=node-agent",
    act: async (page) => {
      await page.locator("ol button").first().click();
      await page.locator("[role=dialog] ol button").last().click();
    },
  },
  { name: "activity", path: "/activity" },
  { name: "logs", path: "/activity/logs" },
  { name: "logs-filtered", path: "/activity/logs?level=warn&user=nobody" },
  {
    name: "logs-line",
    path: "/activity/logs?program=web&text=request",
    act: async (page) => {
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
    },
  },
  { name: "connections", path: "/activity/connections", act: (page) => page.waitForTimeout(300) },
  { name: "connections-none", path: "/activity/connections?user=demo&door=socks" },
  {
    name: "connections-end",
    path: "/activity/connections",
    act: async (page) => {
      await page
        .getByRole("button", { name: /^End the connection/ })
        .first()
        .click();
      await page.getByRole("alertdialog").waitFor();
    },
  },
  { name: "jobs", path: "/activity/jobs" },
  { name: "settings", path: "/settings" },
  { name: "connect", path: "/connect" },
  { name: "usage", path: "/usage" },
  { name: "proxies", path: "/proxies" },
  { name: "security", path: "/security" },
  { name: "not-found", path: "/nothing-here" },
  {
    name: "palette",
    path: "/overview",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").waitFor();
    },
  },
];

function readPanelUrl(): string {
  const stack = JSON.parse(readFileSync(join(root, ".data/stack.json"), "utf8")) as { panelUrl: string };
  return stack.panelUrl;
}

async function signIn(browser: Browser) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${panel}/login`);
  await page.getByLabel("Name").fill(values.name);
  await page.getByRole("textbox", { name: "Password" }).fill(values.password ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
  const state = await context.storageState();
  await context.close();
  return state;
}

async function shoot(page: Page, shot: Shot, label: string): Promise<string[]> {
  const complaints: string[] = [];
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  const response = await page.goto(`${panel}${shot.path}`, { waitUntil: "load" });
  const html = (await response?.text()) ?? "";
  await page.waitForLoadState("networkidle", { timeout: 4_000 }).catch(() => {});
  const firstLoad = Math.round((await firstLoadBytes(page, html)) / 1000);
  await page.waitForTimeout(300);
  if (shot.act) await shot.act(page);
  await page.waitForTimeout(350);
  await page.screenshot({
    path: join(out, `${label}.png`),
    fullPage: !shot.act || shot.act === scrollThrough,
  });
  if (await scrollsSideways(page)) complaints.push("scrolls sideways");
  if (firstLoad > 200) complaints.push(`${firstLoad} kB of script`);
  if (!values["no-axe"]) for (const line of await axeComplaints(page)) complaints.push(`axe ${line}`);
  for (const error of errors) complaints.push(`console: ${error.slice(0, 200)}`);
  console.info(`${label}: ${firstLoad} kB${complaints.length === 0 ? "" : `\n  ${complaints.join("\n  ")}`}`);
  return complaints;
}

mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const storageState = await signIn(browser);
let count = 0;
for (const width of values.widths.split(",")) {
  for (const theme of values.themes.split(",")) {
    for (const shot of SHOTS.filter(({ name }) => !values.only || values.only.split(",").includes(name))) {
      const context = await browser.newContext({
        ignoreHTTPSErrors: true,
        colorScheme: theme === "dark" ? "dark" : "light",
        viewport: { width: Number(width), height: Number(width) < 500 ? 844 : 900 },
        ...(shot.isPublic ? {} : { storageState }),
      });
      const label = `${shot.name}-${theme}-${width}`;
      const complaints = await shoot(await context.newPage(), shot, label).catch((error: Error) => [
        `${label}: ${error.message}`,
      ]);
      if (complaints.some((line) => line.startsWith(label))) console.info(complaints.join("\n"));
      count += complaints.length;
      await context.close();
    }
  }
}
await browser.close();
console.info(`${count} complaints; the pictures are in ${out}`);
process.exitCode = count === 0 ? 0 : 1;
