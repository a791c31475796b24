"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { Me } from "#lib/schemas/session.ts";

const MeContext = createContext<Me | null>(null);

export function MeProvider({ me, children }: { me: Me; children: ReactNode }) {
  return <MeContext value={me}>{children}</MeContext>;
}

/** Who is signed in. Only inside the frame. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe outside of the frame");
  return me;
}

export const isOperator = (me: Pick<Me, "role">) => me.role !== "user";
