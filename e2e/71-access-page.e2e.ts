import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { startCurl } from "./clients.ts";
import { randomName } from "./origin.ts";
import { axeComplaints, scrollsSideways } from "./page-checks.ts";
import { launchBrowser, panelUrl, signInTo } from "./panel.ts";
import { addPerson, addUser, api, eventually, originUrl, stackFile, through } from "./product.ts";

const HOST = "library.test";
const INSTALLED = { host: "*", policy: "roles", roles: ["owner", "admin"] };
let site: Server;
let browser: Browser;
let owner: BrowserContext;
const siteFile = () => join(inject("stack").dataDir, "traefik", "dynamic", "library.yml");
/** As browsers write it: without :443. */
const siteUrl = (path: string) => new URL(path, `https://${HOST}:${stackFile().ports.https}`).href;

async function putRules(rules: object[]): Promise<void> {
  const { version } = (await (await api("/access/rules")).json()) as { version: number };
  const response = await api("/access/rules", { method: "POST", body: { version, rules } });
  if (response.status !== 200) throw new Error(await response.text());
}

beforeAll(async () => {
  site = createServer((request, response) => response.end(`hello ${request.headers["remote-user"]}`));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const route = { entryPoints: ["websecure"], middlewares: ["forward-auth"], service: "library", tls: {} };
  const routers = { library: { ...route, rule: `Host(\`${HOST}\`)` } };
  const services = { library: { loadBalancer: { servers: [{ url }] } } };
  writeFileSync(siteFile(), JSON.stringify({ http: { routers, services } }));
  browser = await launchBrowser([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`]);
  const { name, password } = inject("stack").ready.owner;
  owner = await signInTo(browser, name, password ?? "");
});
beforeEach(() => putRules([INSTALLED]));
afterEach(async () => {
  for (const page of owner.pages()) await page.close();
});
afterAll(async () => {
  rmSync(siteFile(), { force: true });
  await putRules([INSTALLED]);
  await browser.close();
  site.closeAllConnections();
  site.close();
});

/** Somebody who opens the site in a browser of their own, and signs in where it sends them. */
async function visit(name: string, password: string): Promise<{ page: Page; status: number }> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await eventually("to be sent to the sign-in", async () => {
    await page.goto(siteUrl("/shelf"));
    return page.url().startsWith(panelUrl("/login"));
  });
  await page.getByLabel("Name").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url() === siteUrl("/shelf") && response.status() !== 302),
    page.getByRole("button", { name: "Sign in" }).click(),
  ]);
  return { page, status: answer.status() };
}

const putInForce = async (page: Page) => {
  await page.getByRole("button", { name: "Put in force" }).click();
  await page.getByText(/^Version \d+ is in force$/).waitFor();
};

describe("the access pages, in a real browser", () => {
  it("make a group and a rule that ForwardAuth obeys at once: its member is let in, another is not", async () => {
    const [member, other] = [await addPerson(), await addPerson()];
    const group = randomName("readers");
    const page = await owner.newPage();
    await page.goto(panelUrl("/access/groups?create=true"));
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill(group);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === `/access/groups/${group}`);
    await page.getByRole("heading", { name: group }).waitFor();
    expect(await axeComplaints(page)).toEqual([]);
    await page.getByLabel("Add members").fill(member.user.name);
    await page.keyboard.press("Enter");
    await page.getByRole("list", { name: "Members" }).getByText(member.user.name).waitFor();

    await page.goto(panelUrl("/access"));
    await page.getByRole("button", { name: "Add rule" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Host").fill(`https://${HOST}`);
    await form.getByLabel("Some groups").check();
    await form.getByLabel(group).check();
    await page.keyboard.press("Enter");
    await form.getByText(/no port/).waitFor();
    await form.getByLabel("Host").fill(HOST);
    await page.keyboard.press("Enter");
    await form.waitFor({ state: "detached" });
    await putInForce(page);

    const inside = await visit(member.user.name, member.password);
    expect(inside.status).toBe(200);
    expect(await inside.page.textContent("body")).toBe(`hello ${member.user.name}`);
    expect((await visit(other.user.name, other.password)).status).toBe(403);

    await page.goto(panelUrl("/access/test"));
    await page.getByLabel("Address").fill(`${HOST}/shelf`);
    await page.getByLabel("User", { exact: true }).fill(other.user.name);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Refused" }).waitFor();
    await page.getByText(`${other.user.name} is refused: rule 1 decides.`).waitFor();

    // The wide rule above the narrow one: now that one decides.
    await page.goto(panelUrl("/access"));
    await page.getByRole("button", { name: "Move rule 1" }).press("ArrowDown");
    await page.getByText("Another order").waitFor();
    await putInForce(page);
    await eventually("the member to be refused", async () => {
      const answer = await inside.page.goto(siteUrl("/shelf"));
      return answer?.status() === 403;
    });
    await page.close();
  });

  it("lose nobody's edit, and bring an old version back", async () => {
    await putRules([{ host: "old.test", policy: "public" }, INSTALLED]);
    const page = await owner.newPage();
    await page.goto(panelUrl("/access"));
    await page.getByRole("button", { name: "Delete rule 1" }).click();
    await putRules([{ host: "theirs.test", policy: "public" }, INSTALLED]);
    await page.getByRole("button", { name: "Put in force" }).click();
    await page.getByText(/while you were editing/).waitFor();
    expect(await axeComplaints(page)).toEqual([]);
    await page.getByRole("button", { name: "Drop mine, show theirs" }).click();
    await page.getByText("theirs.test").waitFor();

    await page.getByRole("button", { name: "History" }).click();
    await page.getByRole("dialog").getByRole("listitem").nth(1).getByRole("button").click();
    await page.getByRole("dialog").getByText("old.test").waitFor();
    await page.getByRole("button", { name: /^Load version/ }).click();
    await putInForce(page);
    await page.getByRole("list", { name: "Rules" }).getByText("old.test").waitFor();
    await page.close();
  });

  it("show what is open at the proxies and end one of them, and no other", async () => {
    const [ada, eve] = [await addUser(), await addUser()];
    const slow = originUrl("http", "/slow/50000000?rate=200000");
    const [hers, others] = [ada, eve].map((user) =>
      startCurl([...through.http(user), slow, "-o", "-", "--max-time", "150"]),
    );
    const page = await owner.newPage();
    await page.goto(panelUrl("/activity/connections"));
    await page.getByRole("row", { name: new RegExp(eve.name) }).waitFor();
    expect(await axeComplaints(page)).toEqual([]);
    expect(await scrollsSideways(page)).toBe(false);
    await page.getByRole("button", { name: new RegExp(`End the connection of ${ada.name}`) }).click();
    await page.getByRole("button", { name: "End this one" }).click();
    await page.getByText(`A connection of ${ada.name} was ended`).waitFor();
    expect((await hers?.done)?.code).not.toBe(0);
    await page.getByRole("row", { name: new RegExp(ada.name) }).waitFor({ state: "detached" });
    const before = others?.bytes() ?? 0;
    await eventually("the other to go on", () => (others?.bytes() ?? 0) > before);
    others?.child.kill();
    await page.close();
  });
});
