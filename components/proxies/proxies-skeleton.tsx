import { Skeleton } from "#components/ui/skeleton.tsx";

export function ProxiesSkeleton() {
  return (
    <div>
      <div className="flex flex-col gap-2 pb-6">
        <Skeleton className="h-7 w-24" />
        <Skeleton className="h-4 w-96 max-w-full" />
      </div>
      <div className="flex flex-col gap-10">
        <div className="flex flex-col gap-3">
          <Skeleton className="h-6 w-36" />
          <div className="grid gap-4 sm:grid-cols-2">
            <Skeleton className="h-14 rounded-md" />
            <Skeleton className="h-14 rounded-md" />
          </div>
        </div>
        <Skeleton className="h-40 rounded-lg" />
        <Skeleton className="h-52 rounded-lg" />
        <Skeleton className="h-56 rounded-lg" />
      </div>
    </div>
  );
}
