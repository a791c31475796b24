import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Frame } from "#components/frame/frame.tsx";
import { SIDEBAR_COOKIE } from "#components/frame/navigation.ts";
import { getSessionFromCookies } from "#server/sessions/current-session.ts";

/** Only draws the frame: each page checks the session itself, where it reads. */
export default async function PanelLayout({ children }: { children: ReactNode }) {
  const [session, cookieStore] = await Promise.all([getSessionFromCookies(), cookies()]);
  if (!session) return children;
  const { id, name, role } = session.actor;
  return (
    <Frame
      me={{ id, name, role, email: null }}
      isCollapsed={cookieStore.get(SIDEBAR_COOKIE)?.value === "collapsed"}
    >
      {children}
    </Frame>
  );
}
