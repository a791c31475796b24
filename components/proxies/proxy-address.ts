export type ProxyAddress = { scheme: string; host: string; port: string; url: string };

/** Parts of `http://name:password@host:8888`; an IPv6 host loses its brackets, as settings want it. */
export function readProxyAddress(url: string): ProxyAddress {
  const match = /^([a-z0-9]+):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+):(\d+)/.exec(url);
  const [, scheme = "", host = "", port = ""] = match ?? [];
  return { scheme, host: host.replace(/^\[|\]$/g, ""), port, url };
}

/** The same address with dots for the password, for the screen. */
export function maskPassword(text: string, password: string): string {
  return [encodeURIComponent(password), password].reduce(
    (masked, secret) => masked.replaceAll(secret, "••••••••"),
    text,
  );
}

/** In single quotes, so that no shell reads anything into it. */
export const shellQuote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
