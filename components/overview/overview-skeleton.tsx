import { Skeleton } from "#components/ui/skeleton.tsx";

export function OverviewSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-10">
      <div className="-mb-4 flex flex-col gap-2">
        <Skeleton className="h-7 w-32" />
        <Skeleton className="h-5 w-80 max-w-full" />
      </div>
      <Skeleton className="h-24 rounded-lg" />
      <Skeleton className="h-32 rounded-lg" />
      <div className="grid gap-12 lg:grid-cols-2">
        <Skeleton className="h-56 rounded-lg" />
        <Skeleton className="h-56 rounded-lg" />
      </div>
    </div>
  );
}
