"use client";
import { useTranslations } from "next-intl";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import type { MenuProps } from "#components/ui/lazy-menu.tsx";
import type { TableView } from "./use-table-view.ts";
import { COLUMN_IDS } from "./user-columns.tsx";

/** Columns, density and the export. */
export function ViewMenu(
  props: MenuProps & { view: TableView; onViewChange: (view: TableView) => void; onExport: () => void },
) {
  const t = useTranslations("users");
  const { view, onViewChange } = props;
  return (
    <DropdownMenu defaultOpen={props.defaultOpen}>
      <DropdownMenuTrigger asChild>{props.trigger}</DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuLabel>{t("columns")}</DropdownMenuLabel>
        {COLUMN_IDS.filter((id) => id !== "name").map((id) => (
          <DropdownMenuCheckboxItem
            key={id}
            checked={view.columns.includes(id)}
            onSelect={(event) => event.preventDefault()}
            onCheckedChange={(isOn) =>
              onViewChange({
                ...view,
                columns: COLUMN_IDS.filter((other) => (other === id ? isOn : view.columns.includes(other))),
              })
            }
          >
            {t(id)}
          </DropdownMenuCheckboxItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuCheckboxItem
          checked={view.isCompact}
          onCheckedChange={(isCompact) => onViewChange({ ...view, isCompact })}
        >
          {t("compact")}
        </DropdownMenuCheckboxItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem className="ps-8" onSelect={props.onExport}>
          {t("export")}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
