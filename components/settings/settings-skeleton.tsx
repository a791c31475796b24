import { Skeleton } from "#components/ui/skeleton.tsx";

export function SettingsSkeleton() {
  return (
    <div>
      <div className="flex flex-col gap-2 pb-6">
        <Skeleton className="h-7 w-28" />
        <Skeleton className="h-4 w-32" />
      </div>
      <div className="flex max-w-190 flex-col gap-3">
        <Skeleton className="h-6 w-28" />
        <Skeleton className="h-4 w-96 max-w-full" />
        <TokenRowsSkeleton />
      </div>
    </div>
  );
}

export function TokenRowsSkeleton() {
  return (
    <div className="divide-y rounded-lg border">
      <Skeleton className="m-4 h-10" />
      <Skeleton className="m-4 h-10" />
    </div>
  );
}
