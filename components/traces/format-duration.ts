/** "0.4 ms", "37 ms", "1.24 s": three digits are what anybody compares. */
export function formatDuration(milliseconds: number, locale: string): string {
  const isSeconds = milliseconds >= 1_000;
  const value = isSeconds ? milliseconds / 1_000 : milliseconds;
  const digits = value >= 100 ? 0 : value >= 10 ? (isSeconds ? 1 : 0) : isSeconds ? 2 : 1;
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: isSeconds ? "second" : "millisecond",
    unitDisplay: "short",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
