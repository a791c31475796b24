import { Skeleton } from "#components/ui/skeleton.tsx";

export function UsageSkeleton() {
  return (
    <div className="flex flex-col">
      <div className="flex flex-col gap-2 pb-6">
        <Skeleton className="h-7 w-24" />
        <Skeleton className="h-4 w-64 max-w-full" />
      </div>
      <div className="flex flex-col gap-10">
        <Skeleton className="h-32 rounded-lg" />
        <div className="flex flex-col gap-3">
          <Skeleton className="h-8 w-48" />
          <Skeleton className="h-80 rounded-lg" />
        </div>
        <Skeleton className="h-52 rounded-lg" />
      </div>
    </div>
  );
}
