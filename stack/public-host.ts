import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { StackError } from "#stack/stack-error.ts";

/** Address of the interface that holds the default route, else loopback. */
export function defaultHost(routes = readRoutes(), interfaces = networkInterfaces()): string {
  const name = routes
    .split("\n")
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields[1] === "00000000" && fields[7] === "00000000")
    .sort((a, b) => Number(a[6]) - Number(b[6]))[0]?.[0];
  const addresses = name === undefined ? [] : (interfaces[name] ?? []);
  return addresses.find((address) => address.family === "IPv4")?.address ?? "127.0.0.1";
}

function readRoutes(): string {
  try {
    return readFileSync("/proc/net/route", "utf8");
  } catch {
    return "";
  }
}

/** An address or a DNS name in lower case, without port, scheme or final dot. */
export function parseHost(text: string): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) !== 0) return host;
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  if (host.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(host) && !/^[\d.]+$/.test(host))
    return host;
  throw new StackError(
    `“${text}” is no host name or address. Use e.g. --host vpn.example.org, without port or https://.`,
  );
}

/** What others should know about the reach of this host, or null when it is public. */
export function describeReach(host: string): string | null {
  if (host === "localhost" || (isIP(host) !== 0 && ipaddr.parse(host).range() === "loopback"))
    return `${host} is a loopback address: only this machine reaches the links. Use --host NAME for others.`;
  if (isIP(host) !== 0 && ipaddr.parse(host).range() !== "unicast")
    return `${host} is a private address: only its own network reaches the links. Use --host NAME for the internet.`;
  return null;
}
