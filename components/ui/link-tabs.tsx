import Link from "next/link";
import { cn } from "./cn.ts";

/** Tabs that are links, so that each has a URL. */
export function LinkTabs(props: {
  label: string;
  items: { href: string; label: string; isActive: boolean }[];
  className?: string;
}) {
  return (
    <nav aria-label={props.label} className={cn("flex gap-5 overflow-x-auto border-b", props.className)}>
      {props.items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          aria-current={item.isActive ? "page" : undefined}
          className={cn(
            "-mb-px whitespace-nowrap border-b-2 py-2 text-base focus-visible:-outline-offset-2",
            item.isActive
              ? "border-accent font-medium text-ink"
              : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {item.label}
        </Link>
      ))}
    </nav>
  );
}
