"use client";
import { cloneElement, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";

type Side = "top" | "right";
type Child = ReactElement<{ "aria-describedby"?: string }>;
const SHOW_AFTER_MS = 300;

/** A word or sentence beside its trigger, on hover, keyboard focus and a tap; Esc hides it. */
export function Tooltip(props: { content: ReactNode; children: Child; side?: Side }) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [place, setPlace] = useState<{ x: number; y: number } | null>(null);
  const side = props.side ?? "top";

  const show = () => {
    const rect = anchor.current?.firstElementChild?.getBoundingClientRect();
    if (!rect) return;
    const isEnd = side === "right";
    setPlace({
      x: isEnd ? rect.right + 8 : Math.min(Math.max(rect.left + rect.width / 2, 152), innerWidth - 152),
      y: isEnd ? rect.top + rect.height / 2 : rect.top - 8,
    });
  };
  const hide = () => {
    clearTimeout(timer.current);
    setPlace(null);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const isOpen = place !== null;
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: Event) => {
      if (!(event instanceof KeyboardEvent) || event.key === "Escape") setPlace(null);
    };
    window.addEventListener("keydown", close);
    window.addEventListener("scroll", close, true);
    return () => {
      window.removeEventListener("keydown", close);
      window.removeEventListener("scroll", close, true);
    };
  }, [isOpen]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: only watches its child, which is the control
    <span
      ref={anchor}
      className="contents"
      onPointerEnter={() => {
        timer.current = setTimeout(show, SHOW_AFTER_MS);
      }}
      onPointerLeave={hide}
      onFocus={(event) => event.target.matches(":focus-visible") && show()}
      onBlur={hide}
      onClick={(event) => event.target instanceof Element && event.target.closest("button") && show()}
    >
      {isOpen ? cloneElement(props.children, { "aria-describedby": id }) : props.children}
      {place
        ? createPortal(
            <span
              id={id}
              role="tooltip"
              className="pointer-events-none fixed z-50 w-max max-w-72 animate-fade rounded-md bg-ink px-2 py-1 text-canvas text-xs"
              style={{
                left: place.x,
                top: place.y,
                transform: side === "right" ? "translateY(-50%)" : "translate(-50%, -100%)",
              }}
            >
              {props.content}
            </span>,
            document.body,
          )
        : null}
    </span>
  );
}
