import type { ReactNode } from "react";
import { Logo } from "#components/frame/logo.tsx";
import { ThemeMenu } from "#components/frame/theme-menu.tsx";

/** The one narrow column of the pages before the frame. */
export function AuthCard(props: { title: ReactNode; text: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col bg-rail">
      <div className="flex justify-end p-4">
        <ThemeMenu />
      </div>
      <main className="mx-auto flex w-full max-w-96 flex-1 flex-col justify-center gap-6 px-4 pt-4 pb-32">
        <div className="flex items-center gap-2.5">
          <Logo className="size-8" />
          <span className="font-semibold text-lg tracking-tight">Causeway</span>
        </div>
        <div className="flex flex-col gap-6 rounded-xl border bg-canvas p-6 sm:p-8">
          <div className="flex flex-col gap-1">
            <h1 className="font-semibold text-xl tracking-tight">{props.title}</h1>
            <div className="text-pretty text-ink-2">{props.text}</div>
          </div>
          {props.children}
        </div>
      </main>
    </div>
  );
}
