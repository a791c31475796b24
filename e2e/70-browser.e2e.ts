import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { randomName } from "./origin.ts";
import { signInTo } from "./panel.ts";
import { stackFile } from "./product.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let browser: Browser;
let owner: BrowserContext;
const complaints: string[] = [];
const url = (path: string) => `${stackFile().panelUrl}${path}`;

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`${path}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${path}: ${message.text()}`);
  });
  await page.goto(url(path));
  return page;
}

async function signIn(context: BrowserContext, name: string, password: string): Promise<Page> {
  await context.clearCookies();
  const page = await open(context, "/login");
  await page.getByLabel("Name").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((address) => !address.pathname.startsWith("/login"));
  return page;
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" | ")}`)).toEqual(
    [],
  );
}

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  const { name, password } = inject("stack").ready.owner;
  owner = await signInTo(browser, name, password ?? "");
});
beforeEach(() => {
  complaints.length = 0;
});
afterEach(async () => {
  for (const page of owner.pages()) await page.close();
});
afterAll(async () => {
  await browser.close();
});

/** A browser prints every 4xx it meets; those pages are refused on purpose here. */
const expectNoComplaint = () =>
  expect(complaints.filter((line) => !/status of (403|404|410)/.test(line))).toEqual([]);

describe("the panel, in a real browser", () => {
  it("an owner creates a user, sees link and QR code, makes an invite and switches the user off", async () => {
    const name = randomName("ada");
    const password = `a long password ${randomName("x")}`;
    const { owner: account } = inject("stack").ready;
    const page = await signIn(owner, account.name, account.password ?? "");
    await page.goto(url("/users"));
    await page.getByRole("button", { name: "Create user" }).first().click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill(name);
    await page.keyboard.press("Enter");
    await page.getByText(`${name} was created`).first().waitFor();
    await page.goto(url(`/users/${name}`));
    await page.getByRole("button", { name: "Show links and secrets" }).click();
    await page
      .getByRole("img", { name: /QR code/ })
      .first()
      .waitFor();
    expect(await page.content()).toContain("vless://");
    await expectAccessible(page);

    await page.getByRole("button", { name: "More actions" }).click();
    await page.getByRole("menuitem", { name: "Make invite link" }).click();
    const dialog = page.getByRole("dialog", { name: new RegExp(`Invite link for ${name}`) });
    await dialog.waitFor();
    const invite = /https:\/\/[^\s"<]+\/invite\/[\w-]+/.exec(await dialog.innerHTML())?.[0];
    expect(invite).toBeDefined();
    await dialog.getByRole("button", { name: "Close" }).first().click();

    const person = await browser.newContext({ ignoreHTTPSErrors: true, acceptDownloads: true });
    const own = await open(person, new URL(invite ?? "").pathname);
    await own.getByRole("textbox", { name: "New password" }).fill(password);
    await own.getByRole("button", { name: "Set password and sign in" }).click();
    await own.waitForURL((address) => !address.pathname.startsWith("/invite"));
    await own.goto(url("/connect"));
    await own.getByRole("heading", { name: "Connect" }).waitFor();
    const [download] = await Promise.all([
      own.waitForEvent("download"),
      own
        .getByRole("link", { name: /Download sing-box/ })
        .or(own.getByRole("button", { name: /Download sing-box/ }))
        .first()
        .click(),
    ]);
    const stream = await download.createReadStream();
    let config = "";
    for await (const chunk of stream) config += String(chunk);
    expect(JSON.parse(config)).toHaveProperty("outbounds");
    for (const path of ["/users", "/overview", "/nodes", "/access", "/activity"]) {
      const response = await own.goto(url(path));
      expect(response?.status(), path).toBe(403);
    }
    const used = await open(person, new URL(invite ?? "").pathname);
    await used.getByText("This invite no longer works").waitFor();

    await page.getByRole("button", { name: "Disable", exact: true }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
    await page.getByText(`${name} is switched off on all doors`).first().waitFor();
    const refused = await own.goto(url("/connect"));
    expect(new URL(refused?.url() ?? "").pathname).toBe("/login");
    await person.close();
    expectNoComplaint();
  });

  it.each([
    "/overview",
    "/users",
    "/users/demo",
    "/nodes",
    "/access",
    "/access?rule=new",
    "/access?versions=true",
    "/access/groups",
    "/access/test?url=https://wiki.example.org/&user=demo",
    "/activity",
    "/activity/connections",
    "/activity/jobs",
    "/settings",
    "/connect",
    "/usage",
    "/proxies",
    "/security",
  ])(
    "%s has no axe violation, no script error and no sideways scroll: light at 1440 px, dark at 390 px",
    async (path) => {
      const page = await open(owner, path);
      for (const [colorScheme, width] of [
        ["light", 1440],
        ["dark", 390],
      ] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(150);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
          `${width} px`,
        ).toBe(true);
        await expectAccessible(page);
      }
      await page.close();
      expectNoComplaint();
    },
  );

  it("keeps what is typed and clicked at the sign-in before its script runs", async () => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    await page.goto(url("/login"), { waitUntil: "commit" });
    const { name: account, password: secret } = inject("stack").ready.owner;
    await page.getByLabel("Name").fill(account);
    await page.getByRole("textbox", { name: "Password" }).fill(secret ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((address) => !address.pathname.startsWith("/login"));
    await context.close();
  });

  it("keeps what is clicked before the page's script runs, as on a slow phone", async () => {
    const page = await owner.newPage();
    const devtools = await owner.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: 6 });
    await page.goto(url("/users"), { waitUntil: "commit" });
    await page.getByRole("button", { name: "Create user" }).first().click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).waitFor();
    await page.close();
  });

  it("login and a missing page are accessible too, and nothing complains", async () => {
    const stranger = await browser.newContext({ ignoreHTTPSErrors: true });
    await expectAccessible(await open(stranger, "/login"));
    await expectAccessible(await open(stranger, "/invite/nothing-here"));
    await stranger.close();
    expectNoComplaint();
  });
});
