"use client";
import { Toaster as Sonner } from "sonner";

export function Toaster() {
  return (
    <Sonner
      position="bottom-center"
      gap={8}
      offset={16}
      mobileOffset={{ bottom: 72, left: 16, right: 16 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex w-full items-start gap-3 rounded-lg bg-raised px-4 py-3 text-sm text-ink shadow-pop sm:w-90",
          content: "min-w-0 flex-1",
          title: "font-medium",
          description: "text-ink-2",
          actionButton:
            "shrink-0 cursor-pointer rounded-md border border-line-strong px-2 py-0.5 font-medium text-xs hover:bg-hover",
          icon: "mt-0.5 text-ink-3 [&_svg]:size-4",
        },
      }}
    />
  );
}
