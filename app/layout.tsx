import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { HOLD_EARLY_CLICKS } from "#components/early-clicks.ts";
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
  const sent = await headers();
  const requestId = sent.get("x-request-id");
  const theme = cookieStore.get(THEME_COOKIE)?.value;
  return (
    <html
      lang={locale}
      dir="ltr"
      className={`${inter.variable} ${jetbrainsMono.variable}`}
      {...(isTheme(theme) && theme !== "system" ? { "data-theme": theme } : {})}
    >
      <head>
        {requestId === null ? null : <meta name="request-id" content={requestId} />}
        <script
          nonce={sent.get("x-nonce") ?? undefined}
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, which must run before any file is fetched
          dangerouslySetInnerHTML={{ __html: HOLD_EARLY_CLICKS }}
        />
      </head>
      <body>
        <NextIntlClientProvider messages={messages} timeZone="UTC">
          <Providers now={Date.now()}>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
