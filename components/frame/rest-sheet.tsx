"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { Sheet } from "#components/ui/sheet.tsx";
import type { NavItem } from "./navigation.ts";

/** The pages that have no place in the bottom bar. */
export function RestSheet(props: { items: readonly NavItem[]; onClose: () => void }) {
  const t = useTranslations("frame");
  const nav = useTranslations("nav");
  return (
    <Sheet
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={t("more")}
      closeLabel={t("close")}
    >
      <ul className="-mx-2 flex flex-col">
        {props.items.map((item) => (
          <li key={item.key}>
            <Link
              href={item.href}
              onClick={props.onClose}
              className="flex h-12 items-center gap-3 rounded-md px-2 text-lg hover:bg-hover"
            >
              <item.icon aria-hidden className="size-5 text-ink-3" />
              {nav(item.key)}
            </Link>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
