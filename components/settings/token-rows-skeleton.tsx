import { Skeleton } from "#components/ui/skeleton.tsx";

export function TokenRowsSkeleton() {
  return (
    <div className="divide-y rounded-lg border">
      <Skeleton className="m-4 h-10" />
      <Skeleton className="m-4 h-10" />
    </div>
  );
}
