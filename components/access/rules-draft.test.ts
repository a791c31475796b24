import { expect, it } from "vitest";
import { compareRules, keyRule, keyRules, move } from "./rules-draft.ts";
import type { Rule } from "./use-access.ts";

const rule = (host: string): Rule => ({
  host,
  path: "/*",
  policy: "public",
  roles: [],
  groups: [],
  note: "",
});
const inForce = [rule("a"), rule("b"), rule("c")];
const keyed = keyRules({ version: 1, rules: inForce });

it("a list as it is in force is no change, also after a move and back", () => {
  expect(compareRules(keyed, inForce)).toBeNull();
  expect(compareRules(move(move(keyed, 0, 2), 2, 0), inForce)).toBeNull();
});

it("a move changes no rule, but the list", () => {
  const moved = move(keyed, 2, 0);
  expect(moved.map((one) => one.rule.host)).toEqual(["c", "a", "b"]);
  expect(compareRules(moved, inForce)).toEqual({ changed: new Set(), removed: 0 });
});

it("an edited rule is changed, not taken away; another in its place is both; twins are counted one by one", () => {
  const edited = { key: keyed[0]?.key ?? "", rule: rule("z") };
  expect(compareRules([edited, ...keyed.slice(1)], inForce)).toEqual({
    changed: new Set([edited.key]),
    removed: 0,
  });
  const other = keyRule(rule("z"));
  expect(compareRules([other, ...keyed.slice(1)], inForce)).toEqual({
    changed: new Set([other.key]),
    removed: 1,
  });
  const twin = keyRule(rule("a"));
  expect(compareRules([...keyed, twin], inForce)).toEqual({ changed: new Set([twin.key]), removed: 0 });
});
