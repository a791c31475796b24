/** What a first view shows, or null when it cannot be read: the browser asks again then, and says what is wrong. */
export async function readFirst<T>(reading: Promise<T>): Promise<T | null> {
  return reading.catch(() => null);
}
