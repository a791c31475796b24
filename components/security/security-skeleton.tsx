import { Skeleton } from "#components/ui/skeleton.tsx";

export function SecuritySkeleton() {
  return (
    <div>
      <div className="flex flex-col gap-2 pb-6">
        <Skeleton className="h-7 w-28" />
        <Skeleton className="h-4 w-56 max-w-full" />
      </div>
      <div className="flex max-w-190 flex-col gap-10">
        <div className="flex max-w-form flex-col gap-4">
          <Skeleton className="h-6 w-36" />
          <Skeleton className="h-14 rounded-md" />
          <Skeleton className="h-16 rounded-md" />
          <Skeleton className="h-8 w-40 rounded-md" />
        </div>
        <Skeleton className="h-40 rounded-lg" />
        <Skeleton className="h-60 rounded-lg" />
      </div>
    </div>
  );
}
