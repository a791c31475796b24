import { Skeleton } from "#components/ui/skeleton.tsx";

const WIDTHS = ["w-3/5", "w-2/5", "w-2/3", "w-1/2", "w-3/4", "w-1/3"];
const ROWS = ["a", "b", "c"].flatMap((part) => WIDTHS.map((width) => ({ key: part + width, width })));

export function LogsSkeleton() {
  return (
    <div className="border-t">
      {ROWS.map(({ key, width }) => (
        <div key={key} className="flex h-[29px] items-center gap-3 border-b px-2">
          <Skeleton className="h-3 w-22" />
          <Skeleton className="h-3 w-10" />
          <span className="min-w-0 flex-1">
            <Skeleton className={`h-3 ${width}`} />
          </span>
        </div>
      ))}
    </div>
  );
}
