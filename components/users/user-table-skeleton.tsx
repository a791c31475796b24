import { Skeleton } from "#components/ui/skeleton.tsx";

const ROWS = Array.from({ length: 12 }, (_, index) => index);

/** The table's shape: head, rows of its height, columns where they will be. */
export function UserTableSkeleton() {
  return (
    <div aria-busy="true">
      <div className="h-9 border-b" />
      {ROWS.map((row) => (
        <div key={row} className="flex h-12 items-center gap-6 border-b ps-11 pe-2">
          <Skeleton className="h-3.5 w-32" />
          <span className="flex-1" />
          <Skeleton className="h-3 w-18 max-md:hidden" />
          <Skeleton className="h-3 w-28" />
          <Skeleton className="h-3 w-16 max-md:hidden" />
          <Skeleton className="h-3 w-20 max-md:hidden" />
        </div>
      ))}
    </div>
  );
}
