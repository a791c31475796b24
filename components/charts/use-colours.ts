import { type RefObject, useEffect, useRef } from "react";

/** CSS colours as a canvas can paint them, and word when the theme has changed. */
export function useColours(
  element: RefObject<HTMLElement | null>,
  onChange: () => void,
): (css: string) => string {
  const known = useRef(new Map<string, string>());
  const change = useRef(onChange);
  change.current = onChange;
  useEffect(() => {
    const forget = () => {
      known.current.clear();
      change.current();
    };
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", forget);
    const theme = new MutationObserver(forget);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      dark.removeEventListener("change", forget);
      theme.disconnect();
    };
  }, []);
  return (css) => {
    const found = known.current.get(css);
    if (found !== undefined) return found;
    const host = element.current;
    if (host === null) return "transparent";
    const probe = document.createElement("i");
    probe.style.color = css;
    host.append(probe);
    const painted = getComputedStyle(probe).color;
    probe.remove();
    known.current.set(css, painted);
    return painted;
  };
}
