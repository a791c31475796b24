"use client";
import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { isOperator, MeProvider } from "#components/me.tsx";
import { SystemDot } from "#components/status/system-dot.tsx";
import { useStatusEvents } from "#components/status/use-status-events.ts";
import { Kbd } from "#components/ui/kbd.tsx";
import type { Me } from "#lib/schemas/session.ts";
import { AccountMenu } from "./account-menu.tsx";
import { BottomBar } from "./bottom-bar.tsx";
import { Breadcrumb } from "./breadcrumb.tsx";
import { OPERATOR_NAV, PERSON_NAV, SIDEBAR_COOKIE } from "./navigation.ts";
import { OwnPagesTabs } from "./own-pages-tabs.tsx";
import { setCookie } from "./set-cookie.ts";
import { Sidebar } from "./sidebar.tsx";
import { ThemeMenu } from "./theme-menu.tsx";

const Palette = dynamic(() => import("./palette.tsx").then((module) => module.Palette), { ssr: false });

/** What is around every page: sidebar, top bar, and on a phone the bottom bar. */
export function Frame(props: { me: Me; isCollapsed: boolean; children: ReactNode }) {
  const t = useTranslations("frame");
  const [isCollapsed, setCollapsed] = useState(props.isCollapsed);
  const [palette, setPalette] = useState<"unused" | "open" | "closed">("unused");
  const isOperating = isOperator(props.me);
  const items = isOperating ? OPERATOR_NAV : PERSON_NAV;
  useStatusEvents(isOperating);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setPalette((state) => (state === "open" ? "closed" : "open"));
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);

  const toggle = () => {
    setCookie(SIDEBAR_COOKIE, isCollapsed ? "open" : "collapsed");
    setCollapsed(!isCollapsed);
  };

  return (
    <MeProvider me={props.me}>
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-ink px-3 py-2 text-canvas focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
      >
        {t("skip")}
      </a>
      <div className="flex min-h-dvh">
        <Sidebar items={items} isCollapsed={isCollapsed} onToggle={toggle} />
        <div className="flex min-w-0 flex-1 flex-col">
          <header className="sticky top-0 z-20 flex h-13 items-center gap-2 border-b bg-canvas px-4 md:px-6">
            <Breadcrumb />
            <button
              type="button"
              onClick={() => setPalette("open")}
              aria-keyshortcuts="Control+K Meta+K"
              className="flex h-8 items-center gap-2 rounded-md border bg-well px-2.5 text-ink-3 text-sm hover:border-line-strong hover:text-ink-2 max-lg:size-8 max-lg:justify-center max-lg:border-transparent max-lg:bg-transparent max-lg:px-0 max-lg:pointer-coarse:size-10 lg:w-56"
            >
              <Search aria-hidden className="size-4" />
              <span className="flex-1 text-start max-lg:sr-only">{t("search")}</span>
              <Kbd className="max-lg:hidden">⌘K</Kbd>
            </button>
            {isOperating ? <SystemDot /> : null}
            <ThemeMenu />
            <AccountMenu />
          </header>
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto w-full max-w-page flex-1 px-4 pt-6 pb-24 outline-none md:px-8 md:pt-8 md:pb-16"
          >
            {isOperating ? <OwnPagesTabs /> : null}
            {props.children}
          </main>
        </div>
        <BottomBar items={items} rest={isOperating ? PERSON_NAV : []} />
      </div>
      {palette === "unused" ? null : (
        <Palette
          isOpen={palette === "open"}
          onOpenChange={(isOpen) => setPalette(isOpen ? "open" : "closed")}
        />
      )}
    </MeProvider>
  );
}
