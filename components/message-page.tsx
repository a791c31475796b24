import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "./ui/button.tsx";

/** A page that is only a message: what happened and where to go. */
export function MessagePage(props: {
  code?: string;
  title: string;
  text: string;
  link?: { href: string; label: string };
  children?: ReactNode;
  /** Inside the frame the page has its main already. */
  isFramed?: boolean;
}) {
  const Root = props.isFramed ? "div" : "main";
  return (
    <Root className="mx-auto flex min-h-[60dvh] max-w-105 flex-col items-start justify-center gap-4 px-4">
      {props.code ? <p className="font-mono text-ink-3 text-sm">{props.code}</p> : null}
      <div className="flex flex-col gap-1">
        <h1 className="font-semibold text-xl tracking-tight">{props.title}</h1>
        <p className="text-pretty text-ink-2">{props.text}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        {props.children}
        {props.link ? (
          <Button asChild variant="primary">
            <Link href={props.link.href}>{props.link.label}</Link>
          </Button>
        ) : null}
      </div>
    </Root>
  );
}
