/** First dotted number in a program's version output, against a minimum like "7.0". */
export function isAtLeast(output: string, minimum: string): boolean {
  const found = /(\d+(?:\.\d+)+)/.exec(output)?.[1];
  if (!found) return false;
  const have = found.split(".").map(Number);
  for (const [index, wanted] of minimum.split(".").map(Number).entries()) {
    const part = have[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
