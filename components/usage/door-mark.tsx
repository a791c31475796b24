import { useTranslations } from "next-intl";
import { cn } from "#components/ui/cn.ts";
import type { MeteredDoor } from "#lib/doors.ts";

/** Colour and shape together, so that neither has to be told apart alone. */
const MARK: Record<MeteredDoor, string> = {
  vpn: "rounded-full bg-vpn",
  http: "bg-http",
  socks: "rotate-45 scale-90 bg-socks",
};

export function DoorMark({ door, className }: { door: MeteredDoor; className?: string }) {
  const t = useTranslations("door");
  return (
    <span className={cn("inline-flex items-center gap-2 whitespace-nowrap", className)}>
      <span aria-hidden className={cn("size-2 shrink-0", MARK[door])} />
      {t(door)}
    </span>
  );
}
