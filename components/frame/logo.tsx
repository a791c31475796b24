/** A causeway: a road on arches. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path
        d="M4 8.5h16M5.5 16.5v-2a3 3 0 0 1 6 0v2m1 0v-2a3 3 0 0 1 6 0v2"
        fill="none"
        stroke="white"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
    </svg>
  );
}
