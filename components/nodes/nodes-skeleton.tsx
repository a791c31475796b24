import { Skeleton } from "#components/ui/skeleton.tsx";

export function NodesSkeleton() {
  return (
    <div>
      <div className="flex flex-col gap-2 pb-6">
        <Skeleton className="h-7 w-24" />
        <Skeleton className="h-4 w-40" />
      </div>
      <div className="flex flex-col gap-5 rounded-lg border p-5">
        <Skeleton className="h-6 w-48" />
        <div className="grid grid-cols-2 gap-6 lg:grid-cols-4">
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
        <div className="grid gap-8 md:grid-cols-2">
          <Skeleton className="h-24" />
          <Skeleton className="h-24" />
        </div>
      </div>
    </div>
  );
}
