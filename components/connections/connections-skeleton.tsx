import { Skeleton } from "#components/ui/skeleton.tsx";

const ROWS = ["a", "b", "c", "d", "e", "f"];

export function ConnectionsSkeleton() {
  return (
    <div aria-busy="true">
      <div className="h-9 border-b" />
      {ROWS.map((row) => (
        <div key={row} className="flex h-12 items-center gap-6 border-b px-2">
          <Skeleton className="h-3.5 w-32" />
          <Skeleton className="h-3 w-40 max-md:hidden" />
          <span className="flex-1" />
          <Skeleton className="h-3 w-18" />
          <Skeleton className="h-3 w-16" />
        </div>
      ))}
    </div>
  );
}
