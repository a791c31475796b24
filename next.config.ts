import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

/** The Content-Security-Policy is per request: proxy.ts. */
const SECURITY_HEADERS = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "no-referrer" },
  { key: "X-Frame-Options", value: "SAMEORIGIN" },
  { key: "Strict-Transport-Security", value: "max-age=31536000" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
];

/** Answers that are data: nothing in them may load or run; the docs page brings its own styles. */
const NO_CONTENT_POLICY = {
  key: "Content-Security-Policy",
  value: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
};

const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  // The image takes only what the server needs (docker/Dockerfile).
  ...(process.env.NEXT_OUTPUT === "standalone" && { output: "standalone" as const }),
  poweredByHeader: false,
  reactStrictMode: true,
  // We show no photographs: without it strangers could have pictures computed here (/_next/image).
  images: { unoptimized: true },
  // forbidden(): operators' pages answer a person with 403.
  experimental: { authInterrupts: true },
  // `npm run verify` runs tsc over everything; a second time in each build is only time.
  // Next rewrites a tsconfig that extends nothing (and for each distDir anew): it gets one of its own.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.next.json" },
  serverExternalPackages: [
    "@node-rs/argon2",
    "pg",
    "ioredis",
    "pino",
    "@prisma/client",
    "@prisma/adapter-pg",
    "next-auth",
    "prom-client",
    "bullmq",
    "@opentelemetry/api",
    "@opentelemetry/sdk-trace",
    "@opentelemetry/exporter-trace-otlp-http",
  ],
  headers: async () => [
    { source: "/:path*", headers: SECURITY_HEADERS },
    { source: "/(api|sub)/:path*", headers: [NO_CONTENT_POLICY] },
  ],
};

/** Messages are compiled by the build: no ICU parser in the browser. */
const withMessages = createNextIntlPlugin({
  requestConfig: "./app/i18n.ts",
  experimental: {
    messages: { path: "./messages", format: "json", locales: "infer", precompile: true },
  },
});

export default withMessages(config);
