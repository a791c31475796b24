import { describe, expect, it } from "vitest";
import { readPeople } from "#cli/people/read-people.ts";

const NOW = Date.parse("2026-11-23T12:00:00Z");

describe("people from a file", () => {
  it("reads CSV by its header, quotes and empty cells included", () => {
    const csv = '\uFEFFname,limit,expires,note\r\nada,10GB,30d,"paid, ""twice"""\r\n\r\nbob,,never,\r\n';
    expect(readPeople(csv, NOW)).toEqual([
      expect.objectContaining({
        name: "ada",
        limitBytes: 10_000_000_000,
        expiresAt: "2026-12-23T12:00:00.000Z",
        note: 'paid, "twice"',
      }),
      expect.objectContaining({ name: "bob", expiresAt: null, note: "" }),
    ]);
  });

  it("reads one JSON object a line", () =>
    expect(readPeople('{"name":"ada","reset":"month"}\n\n{"name":"bob","role":"admin"}\n', NOW)).toEqual([
      expect.objectContaining({ name: "ada", resetPeriod: "month" }),
      expect.objectContaining({ name: "bob", role: "admin" }),
    ]));

  it.each([
    ["", "first line"],
    ["name\n", "nobody"],
    ["who,limit\nada,1GB", "name, limit"],
    ["name,limit\nada,lots", "Line 2: "],
    ["name\nok\nBad Name", "Line 3: "],
    ["name\nada,1", "Line 2 has more"],
    ['{"name":"ada"', "Line 1 is not JSON"],
    ['{"name":"ada","quota":1}', "Line 1: "],
  ])("says what is wrong with %j before anybody is made", (text, words) =>
    expect(() => readPeople(text, NOW)).toThrow(words),
  );
});
