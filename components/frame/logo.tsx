/** A causeway: a road on arches over water. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path
        d="M4.5 9.25h15M6.5 9.5v2.25a2.75 2.75 0 0 0 5.5 0V9.5m0 2.25a2.75 2.75 0 0 0 5.5 0V9.5"
        fill="none"
        stroke="white"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
      <path
        d="M5.5 17.75h3m2 0h3m2 0h3"
        fill="none"
        stroke="white"
        strokeOpacity=".6"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </svg>
  );
}
