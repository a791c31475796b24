import { Skeleton } from "#components/ui/skeleton.tsx";

const ROWS = ["first", "second", "third"];

export function ConnectSkeleton() {
  return (
    <div>
      <div className="flex flex-col gap-2 pb-6">
        <Skeleton className="h-7 w-28" />
        <Skeleton className="h-4 w-72 max-w-full" />
      </div>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_288px]">
        <div className="flex flex-col gap-10">
          <div className="flex flex-col gap-3">
            <Skeleton className="h-8 w-64 max-w-full" />
            <div className="divide-y rounded-lg border">
              {ROWS.map((row) => (
                <div key={row} className="flex flex-wrap items-center gap-4 p-4">
                  <div className="flex flex-1 basis-64 flex-col gap-2">
                    <Skeleton className="h-4 w-32" />
                    <Skeleton className="h-4 w-64 max-w-full" />
                  </div>
                  <Skeleton className="h-8 w-56 rounded-md" />
                </div>
              ))}
            </div>
          </div>
          <div className="flex gap-6 max-sm:flex-col">
            <Skeleton className="aspect-square w-52 rounded-lg" />
            <div className="flex flex-1 flex-col gap-4">
              <Skeleton className="h-9 w-64 max-w-full rounded-md" />
              <Skeleton className="h-4 w-full" />
              <Skeleton className="h-8 w-40 rounded-md" />
            </div>
          </div>
        </div>
        <div className="flex flex-col gap-8">
          <Skeleton className="h-32 rounded-lg" />
          <Skeleton className="h-36 rounded-lg" />
        </div>
      </div>
    </div>
  );
}
