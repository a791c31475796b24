"use client";
import { Search, Settings2, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type RefObject, useEffect, useState } from "react";
import type { UserFilters } from "#components/query-keys.ts";
import { toastError } from "#components/toast-error.ts";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Input } from "#components/ui/input.tsx";
import { LazyMenu } from "#components/ui/lazy-menu.tsx";
import type { Role, UserStatus } from "#lib/schemas/user.ts";
import { ROLES, USER_STATUSES } from "#lib/user-terms.ts";
import { FilterSelect } from "./filter-select.tsx";
import type { TableView } from "./use-table-view.ts";

const exportUsers = (filters: UserFilters) =>
  import("./download-users-csv.ts")
    .then(({ downloadUsersCsv }) => downloadUsersCsv(filters))
    .catch(toastError);
const loadViewMenu = () => import("./view-menu.tsx").then((module) => module.ViewMenu);

type FilterState = { query: string; status: UserStatus | null; role: Role | null; online: boolean };

export function UserFilterBar(props: {
  state: FilterState;
  onChange: (patch: Partial<FilterState>) => void;
  view: TableView;
  onViewChange: (view: TableView) => void;
  filters: UserFilters;
  searchRef: RefObject<HTMLInputElement | null>;
  isFiltered: boolean;
}) {
  const t = useTranslations("users");
  const statuses = useTranslations("userStatus");
  const roles = useTranslations("role");
  const { state, onChange, view } = props;
  const [text, setText] = useState(state.query);
  useEffect(() => setText(state.query), [state.query]);
  useEffect(() => {
    if (text === state.query) return;
    const timer = setTimeout(() => onChange({ query: text }), 200);
    return () => clearTimeout(timer);
  }, [text, state.query, onChange]);

  return (
    <div className="flex flex-wrap items-center gap-2 pb-3">
      <span className="relative w-full md:w-64">
        <Search
          aria-hidden
          className="pointer-events-none absolute start-2.5 top-1/2 size-4 -translate-y-1/2 text-ink-3"
        />
        <Input
          ref={props.searchRef}
          type="search"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          placeholder={t("search")}
          aria-label={t("search")}
          className="h-8 ps-8.5 text-sm"
        />
      </span>
      <FilterSelect
        label={t("status")}
        value={state.status}
        all={t("allStatuses")}
        options={USER_STATUSES.map((value) => ({ value, label: statuses(value) }))}
        onChange={(status) => onChange({ status })}
      />
      <FilterSelect
        label={t("role")}
        value={state.role}
        all={t("allRoles")}
        options={ROLES.map((value) => ({ value, label: roles(value) }))}
        onChange={(role) => onChange({ role })}
      />
      <Button
        aria-pressed={state.online}
        onClick={() => onChange({ online: !state.online })}
        className={cn(state.online && "border-accent bg-accent-well text-accent-text hover:bg-accent-well")}
      >
        {t("onlineOnly")}
      </Button>
      {props.isFiltered ? (
        <Button
          variant="ghost"
          onClick={() => onChange({ query: "", status: null, role: null, online: false })}
        >
          <X aria-hidden />
          {t("clear")}
        </Button>
      ) : null}
      <LazyMenu
        load={loadViewMenu}
        menuProps={{
          view,
          onViewChange: props.onViewChange,
          onExport: () => void exportUsers(props.filters),
        }}
        trigger={
          <Button variant="ghost" size="icon" aria-label={t("view")} className="ms-auto">
            <Settings2 aria-hidden />
          </Button>
        }
      />
    </div>
  );
}
