import { useSyncExternalStore } from "react";
import type { AccessPolicy } from "#lib/schemas/access.ts";
import type { Rule } from "./use-access.ts";

/** `key` stays with a rule wherever it is moved. */
export type KeyedRule = { key: string; rule: Rule };
export type RulesDraft = {
  /** The version that it was made from. */
  version: number;
  rules: readonly KeyedRule[];
  /** The older version it was loaded from; null = edited by hand. */
  restored: number | null;
};

const NEW = "new-";
let draft: RulesDraft | null = null;
let count = 0;
const listeners = new Set<() => void>();

function onBeforeUnload(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Kept while other pages are looked at; a reload or another site asks first. */
export function setRulesDraft(next: RulesDraft | null): void {
  draft = next;
  if (next === null) window.removeEventListener("beforeunload", onBeforeUnload);
  else window.addEventListener("beforeunload", onBeforeUnload);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useRulesDraft = (): RulesDraft | null =>
  useSyncExternalStore(
    subscribe,
    () => draft,
    () => null,
  );

export const keyRule = (rule: Rule): KeyedRule => ({ key: `${NEW}${++count}`, rule });

/** Same rules, same keys: a list that is read again does not jump. */
export function keyRules({ version, rules }: Pick<AccessPolicy, "version" | "rules">): KeyedRule[] {
  return rules.map((rule, index) => ({ key: `${version}-${index}`, rule }));
}

export function move<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

const textOf = ({ host, path, policy, roles, groups, note }: Rule): string =>
  JSON.stringify([host, path, policy, roles, groups, note]);

/** What putting `rules` in force would change; null = nothing. */
export function compareRules(
  rules: readonly KeyedRule[],
  inForce: readonly Rule[],
): { changed: ReadonlySet<string>; removed: number } | null {
  const before = inForce.map(textOf);
  const after = rules.map(({ rule }) => textOf(rule));
  if (before.length === after.length && before.every((text, index) => text === after[index])) return null;
  const left = [...before];
  const changed = new Set<string>();
  for (const [index, text] of after.entries()) {
    const found = left.indexOf(text);
    if (found >= 0) left.splice(found, 1);
    else changed.add(rules[index]?.key ?? "");
  }
  // An edited rule keeps its key: it replaces one that was not taken away.
  const edited = [...changed].filter((key) => !key.startsWith(NEW)).length;
  return { changed, removed: Math.max(0, left.length - edited) };
}
