import { useSyncExternalStore } from "react";

const darkQuery = () => window.matchMedia("(prefers-color-scheme: dark)");

function subscribe(onChange: () => void): () => void {
  const query = darkQuery();
  query.addEventListener("change", onChange);
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  return () => {
    query.removeEventListener("change", onChange);
    observer.disconnect();
  };
}

function isDark(): boolean {
  const { theme } = document.documentElement.dataset;
  return theme === "dark" || (theme !== "light" && darkQuery().matches);
}

/** The theme in sight, chosen or the system's; null before the page runs. */
export const useIsDark = (): boolean | null =>
  useSyncExternalStore<boolean | null>(subscribe, isDark, () => null);
