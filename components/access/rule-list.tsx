"use client";
import { GripVertical, Pencil, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { RulePlace } from "./rule-place.tsx";
import { RuleWho } from "./rule-who.tsx";
import type { KeyedRule } from "./rules-draft.ts";
import { useDragOrder } from "./use-drag-order.ts";

const ROW =
  "grid grid-cols-[auto_1.25rem_minmax(0,1fr)_auto] items-start gap-x-2 px-2 text-sm md:gap-x-3 md:grid-cols-[auto_1.25rem_minmax(0,5fr)_minmax(0,4fr)_auto]";

/** The rules in their order, and what holds when none of them does. */
export function RuleList(props: {
  rules: readonly KeyedRule[];
  changed: ReadonlySet<string>;
  onMove: (from: number, to: number) => void;
  onEdit: (index: number) => void;
  onDelete: (index: number) => void;
}) {
  const t = useTranslations("accessRules");
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState("");
  const { rules } = props;
  const { dragged, grip } = useDragOrder(list, rules.length, (from, to) => {
    props.onMove(from, to);
    setSaid(t("moved", { position: to + 1, count: rules.length }));
  });
  return (
    <div className="overflow-hidden rounded-lg border">
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <ol ref={list} aria-label={t("rules")} className={cn("divide-y", dragged !== null && "select-none")}>
        {rules.map(({ key, rule }, index) => (
          <li key={key} className={cn(ROW, "py-2", dragged === index ? "bg-accent-well" : "hover:bg-hover")}>
            <Button
              variant="ghost"
              size="icon"
              aria-label={t("moveRule", { position: index + 1 })}
              title={t("moveHint")}
              className="-my-0.5 cursor-grab touch-none active:cursor-grabbing"
              {...grip(index)}
            >
              <GripVertical aria-hidden />
            </Button>
            <span className="pt-1 text-end text-ink-3 tabular-nums pointer-coarse:pt-2">{index + 1}</span>
            <div className="flex min-w-0 flex-col gap-1 pt-1 pointer-coarse:pt-2">
              <span className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
                <RulePlace rule={rule} />
                {props.changed.has(key) ? (
                  <Badge className="border-accent text-accent-text">{t("notInForce")}</Badge>
                ) : null}
              </span>
              <span className="md:hidden">
                <RuleWho rule={rule} />
              </span>
              {rule.note === "" ? null : <span className="break-words text-ink-3 text-xs">{rule.note}</span>}
            </div>
            <span className="min-w-0 pt-1 max-md:hidden">
              <RuleWho rule={rule} />
            </span>
            <span className="-my-0.5 flex max-sm:flex-col">
              <Button
                variant="ghost"
                size="icon"
                aria-label={t("editRule", { position: index + 1 })}
                onClick={() => props.onEdit(index)}
              >
                <Pencil aria-hidden />
              </Button>
              <Button
                variant="ghost"
                size="icon"
                aria-label={t("deleteRule", { position: index + 1 })}
                onClick={() => props.onDelete(index)}
              >
                <Trash2 aria-hidden />
              </Button>
            </span>
          </li>
        ))}
      </ol>
      <div className={cn(ROW, "border-t bg-well py-3 first:border-t-0")}>
        <span className="size-8 pointer-coarse:size-10" />
        <span />
        <div className="flex min-w-0 flex-col gap-1">
          <span className="font-medium">{t("everythingElse")}</span>
          <span className="md:hidden">
            <RuleWho rule={NOBODY} />
          </span>
          <span className="text-ink-3 text-xs">{t("everythingElseText")}</span>
        </div>
        <span className="max-md:hidden">
          <RuleWho rule={NOBODY} />
        </span>
        <span className="w-8 sm:w-16 pointer-coarse:w-10 sm:pointer-coarse:w-20" />
      </div>
    </div>
  );
}

const NOBODY = { policy: "deny", roles: [], groups: [] } as const satisfies {
  policy: "deny";
  roles: [];
  groups: [];
};
