import { type ClassValue, clsx } from "clsx";

/** Joins class names. What a `className` may override stands in the primitive behind `base:` (globals.css). */
export function cn(...classes: ClassValue[]): string {
  return clsx(classes);
}
