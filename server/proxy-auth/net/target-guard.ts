import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { LRUCache } from "lru-cache";
import type { Clock } from "#server/clock.ts";
import { type AddressList, createAddressList, normalizeAddress } from "./address-list.ts";
import { isPublicAddress } from "./classify-address.ts";
import type { MayGo } from "./destination-rules.ts";
import { DialError } from "./failures.ts";
import type { Resolve } from "./resolver.ts";
import type { Target } from "./target.ts";

const INTERFACES_EVERY_MS = 10_000;
const MAX_VERDICTS = 10_000;

type Allowed = { contains: AddressList; port: number | null };

/** `CIDR`, `CIDR:port`, `[v6 CIDR]:port`. Throws in words. */
export function parseAllowedTarget(text: string): Allowed {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const ipv4 = /^([\d./]+):(\d{1,5})$/.exec(text);
  const match = bracketed ?? ipv4;
  const cidr = match?.[1] ?? text;
  const port = match?.[2] === undefined ? null : Number(match[2]);
  if (port !== null && (port < 1 || port > 65535)) throw new Error(`“${text}”: there is no port ${port}.`);
  return { contains: createAddressList([cidr]), port };
}

/** For a user. At once where nothing has to be asked. Throws or rejects with a DialError. */
export type TargetGuard = (target: Target, userId: string) => readonly string[] | Promise<readonly string[]>;

/**
 * Resolves once and answers the addresses that may be dialled, each judged by itself; the caller dials exactly
 * these, so a name that changes its mind between check and dial (DNS rebinding) gains nothing.
 */
export function createTargetGuard(options: {
  resolve: Resolve;
  clock: Clock;
  allowedPrivateTargets: readonly string[];
  ownPorts: readonly number[];
  /** Where a user's groups let them go; null = everywhere. */
  destinationsOf?: (userId: string) => MayGo | null;
}): TargetGuard {
  const allowed = options.allowedPrivateTargets.map(parseAllowedTarget);
  const ownPorts = new Set(options.ownPorts);
  const isLocal = createLocalAddresses(options.clock);

  const mayDial = createVerdicts(options.clock, (address, port) => {
    const isNamedWithPort = allowed.some((entry) => entry.port === port && entry.contains(address));
    if (isNamedWithPort) return true;
    // Our own listeners: a way around Traefik's checks, and a loop. A range without a port does not open them.
    if (ownPorts.has(port) && isLocal(address)) return false;
    return (
      isPublicAddress(address) || allowed.some((entry) => entry.port === null && entry.contains(address))
    );
  });

  const judge = (found: readonly string[], target: Target, userId: string): readonly string[] => {
    const addresses = found
      .map(normalizeAddress)
      .filter((address) => isIP(address) && mayDial(address, target.port));
    if (addresses.length === 0) throw new DialError("prohibited");
    const mayGo = options.destinationsOf?.(userId) ?? null;
    if (mayGo === null) return addresses;
    const open = addresses.filter((address) => mayGo(target, address));
    if (open.length === 0) throw new DialError("denied");
    return open;
  };
  return (target, userId) => {
    const found = target.isLiteral ? [target.host] : options.resolve(target.host);
    return found instanceof Promise
      ? found.then((addresses) => judge(addresses, target, userId))
      : judge(found, target, userId);
  };
}

/** Verdicts on addresses are asked for again and again; they hold as long as the list of our own addresses. */
function createVerdicts(
  clock: Clock,
  judge: (address: string, port: number) => boolean,
): (address: string, port: number) => boolean {
  const known = new LRUCache<string, { isAllowed: boolean; until: number }>({ max: MAX_VERDICTS });
  return (address, port) => {
    const key = `${address} ${port}`;
    const verdict = known.get(key);
    if (verdict && verdict.until > clock.now()) return verdict.isAllowed;
    const isAllowed = judge(address, port);
    known.set(key, { isAllowed, until: clock.now() + INTERFACES_EVERY_MS });
    return isAllowed;
  };
}

/** Addresses on which this machine itself listens. */
function createLocalAddresses(clock: Clock): AddressList {
  const always = createAddressList(["127.0.0.0/8", "0.0.0.0/8", "::1", "::"]);
  let own = new Set<string>();
  let readAt = Number.NEGATIVE_INFINITY;
  return (address) => {
    if (clock.now() - readAt > INTERFACES_EVERY_MS) {
      readAt = clock.now();
      const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
      own = new Set(all.map((entry) => entry.address));
    }
    return always(address) || own.has(address);
  };
}
