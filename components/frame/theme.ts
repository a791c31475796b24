import { setCookie } from "./set-cookie.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const THEME_COOKIE = "causeway-theme";

export const isTheme = (value: string | undefined): value is Theme => THEMES.some((theme) => theme === value);

export function currentTheme(): Theme {
  const value = document.documentElement.dataset.theme;
  return isTheme(value) ? value : "system";
}

export function setTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  setCookie(THEME_COOKIE, theme);
}
