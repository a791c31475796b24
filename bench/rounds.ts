/** Short runs by turns, and the median of the ratios within each round: neighbours come and go on any machine. */
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);

export type Row = {
  measure: string;
  ours: number;
  peer: string;
  theirs: number;
  ratio: number;
  target?: number;
};

/** Both once unmeasured, then by turns. */
export function byTurns(ours: () => number, theirs: () => number): Pick<Row, "ours" | "theirs" | "ratio"> {
  ours();
  theirs();
  const rounds = Array.from({ length: ROUNDS }, () => ({ ours: ours(), theirs: theirs() }));
  return {
    ours: median(rounds.map((round) => round.ours)),
    theirs: median(rounds.map((round) => round.theirs)),
    ratio: median(rounds.map((round) => round.ours / round.theirs)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
