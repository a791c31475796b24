"use client";
import { Plus, UserRound } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useMemo, useRef, useState } from "react";
import { ErrorState } from "#components/error-state.tsx";
import { PageHeader } from "#components/page-header.tsx";
import { useStatus } from "#components/status/use-status.ts";
import { toast } from "#components/toast.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { useTableView } from "./use-table-view.ts";
import { type UserSort, useUserFilters } from "./use-user-filters.ts";
import { useUserList } from "./use-user-list.ts";
import { UserFilterBar } from "./user-filter-bar.tsx";
import { UserTable } from "./user-table.tsx";
import { UserTableSkeleton } from "./user-table-skeleton.tsx";
import { UsersSummary } from "./users-summary.tsx";

const BulkBar = dynamic(() => import("./bulk-bar.tsx").then((module) => module.BulkBar));
const UserSheet = dynamic(() => import("./user-sheet.tsx").then((module) => module.UserSheet));
const CreateUserSheet = dynamic(() =>
  import("./create-user-sheet.tsx").then((module) => module.CreateUserSheet),
);

export function UsersPage() {
  const t = useTranslations("users");
  const form = useTranslations("userForm");
  const router = useRouter();
  const { state, setState, filters } = useUserFilters();
  const { view, change } = useTableView();
  const list = useUserList(filters);
  const status = useStatus();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const search = useRef<HTMLInputElement>(null);

  const users = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const total = list.data?.pages.at(-1)?.total ?? 0;
  const isFiltered = Boolean(filters.query || filters.status || filters.role || filters.online);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const sortBy = (sort: UserSort) =>
    void setState(
      state.sort === sort
        ? { order: state.order === "asc" ? "desc" : "asc" }
        : { sort, order: sort === "usedBytes" || sort === "createdAt" ? "desc" : "asc" },
    );
  const openCreate = () => void setState({ create: true });

  return (
    <>
      <PageHeader
        title={t("title")}
        action={
          <Button variant="primary" onClick={openCreate}>
            <Plus aria-hidden />
            {t("create")}
          </Button>
        }
      >
        {isFiltered && list.data ? (
          t("found", { count: total })
        ) : status.data ? (
          <UsersSummary users={status.data.users} />
        ) : (
          <Skeleton className="my-1 h-4 w-56" />
        )}
      </PageHeader>
      <UserFilterBar
        state={state}
        onChange={(patch) => {
          setSelected(new Set());
          void setState(patch);
        }}
        view={view}
        onViewChange={change}
        filters={filters}
        searchRef={search}
        isFiltered={isFiltered}
      />
      {list.isPending ? (
        <UserTableSkeleton />
      ) : list.isError && users.length === 0 ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : users.length === 0 ? (
        isFiltered ? (
          <EmptyState
            icon={UserRound}
            action={
              <Button onClick={() => void setState({ query: "", status: null, role: null, online: false })}>
                {t("clear")}
              </Button>
            }
          >
            {t("emptyFiltered")}
          </EmptyState>
        ) : (
          <EmptyState
            icon={UserRound}
            action={
              <Button variant="primary" onClick={openCreate}>
                {t("create")}
              </Button>
            }
          >
            {t("empty")}
          </EmptyState>
        )
      ) : (
        <>
          <UserTable
            users={users}
            total={total}
            view={view}
            sort={state.sort}
            order={state.order}
            onSort={sortBy}
            selected={selected}
            onSelect={setSelected}
            onOpen={(user) => void setState({ show: user.name }, { history: "push" })}
            onSearch={() => search.current?.focus()}
            onEnd={loadMore}
          />
          <p className="flex justify-between gap-4 px-2 pt-3 text-ink-3 text-xs">
            <span>
              {isFetchingNextPage ? t("loadingMore") : hasNextPage ? null : t("end", { count: total })}
            </span>
            <span className="pointer-coarse:hidden max-md:hidden">{t("keys")}</span>
          </p>
        </>
      )}
      <BulkBar users={users.filter((user) => selected.has(user.id))} onClear={() => setSelected(new Set())} />
      {state.show === null ? null : (
        <UserSheet name={state.show} onClose={() => void setState({ show: null })} />
      )}
      {state.create ? (
        <CreateUserSheet
          onClose={() => void setState({ create: false })}
          onCreated={(user) => {
            toast.success(form("created", { name: user.name }));
            router.push(`/users/${user.name}`);
          }}
        />
      ) : null}
    </>
  );
}
