import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe complains of, one line each. */
export async function axeComplaints(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" | ")}`);
}

export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

/** Bytes of script that the page's own HTML asks for, as they came over the wire; `nomodule` left out. */
export async function firstLoadBytes(page: Page, html: string): Promise<number> {
  const tags = [...html.matchAll(/<script[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => !/nomodule/i.test(tag));
  const sources = new Set(tags.flatMap((tag) => /src="([^"]+)"/.exec(tag)?.[1] ?? []));
  return page.evaluate(
    (names) => {
      const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
      const wanted = entries.filter(({ name }) => names.some((source) => name.endsWith(source)));
      const sizes = new Map(wanted.map(({ name, encodedBodySize }) => [name, encodedBodySize]));
      return [...sizes.values()].reduce((sum, size) => sum + size, 0);
    },
    [...sources],
  );
}

/** Charts far below ask for their numbers when they come near. */
export async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 500) {
      window.scrollTo(0, y);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    window.scrollTo(0, 0);
  });
}
