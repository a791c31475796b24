const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Decimal units, as limits are given (1 GB = 10^9 bytes), with three significant digits: `12.3 GB`. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  // 999.5 would be shown as "1000 kB".
  while (value >= (unit === 0 ? 1000 : 999.5) && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  const text = value.toFixed(digits).replace(/\.0+$|(\.\d*?)0+$/, "$1");
  return `${bytes < 0 ? "-" : ""}${text} ${UNITS[unit]}`;
}

/** `3.2 GB of 10 GB`, or `3.2 GB` when nothing limits it (null). */
export function formatUsage(usedBytes: number, limitBytes: number | null): string {
  return limitBytes === null
    ? formatBytes(usedBytes)
    : `${formatBytes(usedBytes)} of ${formatBytes(limitBytes)}`;
}
