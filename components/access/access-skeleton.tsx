import { Skeleton } from "#components/ui/skeleton.tsx";

const ROWS = ["a", "b", "c", "d"];

export function AccessSkeleton() {
  return (
    <div aria-busy="true" className="divide-y rounded-lg border">
      {ROWS.map((row) => (
        <div key={row} className="flex items-center gap-6 px-4 py-4">
          <Skeleton className="h-4 w-56 max-w-[60%]" />
          <span className="flex-1" />
          <Skeleton className="h-4 w-32" />
        </div>
      ))}
    </div>
  );
}
