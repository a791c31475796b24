import { dirname } from "node:path";
import type { Places } from "#stack/environments.ts";
import { DATA } from "#stack/paths.ts";

/** The brief's host volumes; DATA is the first of them, /opt/vpn/config. */
export const HOME = dirname(DATA);
export const inHome = (...parts: string[]) => [HOME, ...parts].join("/");

/** Where programs find their files inside the containers. */
export const placesInContainers: Places = {
  secret: (name) => `/run/secrets/${name}`,
  pki: (name) => `/run/secrets/${name}`,
  state: (program) => (program === "node" ? "/etc/xray" : "/etc/proxy"),
  logs: "/var/log/vpn",
  xrayBin: "/usr/local/bin/xray",
};

/** Numeric users of the images (docker/Dockerfile); the group is common to ours. */
export const GROUP = 10_000;
export const USERS = {
  web: 10_001,
  controller: 10_002,
  "proxy-auth": 10_003,
  node: 10_004,
  traefik: 10_005,
  postgres: 999,
  redis: 999,
  prometheus: 65_534,
  grafana: 472,
  jaeger: 10_001,
} as const;
