import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { isTheme, THEME_COOKIE } from "#components/frame/theme.ts";
import { Providers } from "#components/providers.tsx";
import { inter, jetbrainsMono } from "./fonts.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Causeway", template: "%s · Causeway" },
  robots: { index: false, follow: false },
  referrer: "no-referrer",
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#101114" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [cookieStore, locale, messages] = await Promise.all([cookies(), getLocale(), getMessages()]);
  const requestId = (await headers()).get("x-request-id");
  const theme = cookieStore.get(THEME_COOKIE)?.value;
  return (
    <html
      lang={locale}
      dir="ltr"
      className={`${inter.variable} ${jetbrainsMono.variable}`}
      {...(isTheme(theme) && theme !== "system" ? { "data-theme": theme } : {})}
    >
      <head>{requestId === null ? null : <meta name="request-id" content={requestId} />}</head>
      <body>
        <NextIntlClientProvider messages={messages} timeZone="UTC">
          <Providers now={Date.now()}>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
