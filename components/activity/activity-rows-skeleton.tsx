import { Skeleton } from "#components/ui/skeleton.tsx";

const ROWS = ["a", "b", "c", "d", "e", "f", "g", "h"];

export function ActivityRowsSkeleton() {
  return (
    <div className="flex flex-col gap-2">
      <Skeleton className="h-5 w-20" />
      <div className="divide-y rounded-lg border">
        {ROWS.map((row) => (
          <div key={row} className="flex gap-4 px-4 py-4">
            <Skeleton className="h-4 w-10" />
            <Skeleton className="h-4 w-80 max-w-[70%]" />
          </div>
        ))}
      </div>
    </div>
  );
}
