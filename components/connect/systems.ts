/** The systems a person can pick on Connect, phones first. */
export const SYSTEMS = ["ios", "android", "windows", "macos", "linux"] as const;
export type System = (typeof SYSTEMS)[number];

/** The system behind a User-Agent; what cannot be told is taken for Windows, the most common one. */
export function detectSystem(userAgent: string): System {
  if (/iPhone|iPad|iPod/.test(userAgent)) return "ios";
  if (/Android/.test(userAgent)) return "android";
  if (/Macintosh|Mac OS X/.test(userAgent)) return "macos";
  if (/Linux|X11|CrOS/.test(userAgent)) return "linux";
  return "windows";
}
