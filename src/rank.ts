import { isKind } from './about.js';
import { createDoubt, type Doubt } from './doubt.js';
import { type Contributor, freshness, priorOf, type Scored, sharesOf, strongestOf, type Weighted } from './score.js';
import { isPage } from './signals.js';

/** Reasons are looked for among this many of the strongest contributions to a row. */
export const STRONGEST = 8;

/** A topic and all stored evidence that speaks for it. */
export interface Theme {
  readonly topic: string;
  readonly evidence: readonly Weighted[];
}

/** A ranked list, and the means to ask what would have become of it without some of what decided it. */
export interface Ranked extends Doubt, Pick<Scored, 'index' | 'asked' | 'evidence' | 'scores' | 'kept'> {
  /** The shop's own part of a row's score. */
  prior(row: number): number;
  /** How much of it is for being new. */
  fresh(row: number): number;
  /** What each piece of evidence adds to a row's score, in the order of `evidence`. */
  shares(row: number): readonly number[];
  /** Those that add most. */
  strongest(row: number): readonly Contributor[];
  /** The topics that carry a row, at most so many, the one that carries most first. */
  themes(row: number, most: number): Theme[];
}

/** The columns that carry a row, most first. */
function carriersOf({ index: { start, column, value, names }, profile }: Scored, row: number): number[] {
  const carried = new Map<number, number>();
  for (let i = start[row] as number; i < (start[row + 1] as number); i++)
    carried.set(column[i] as number, (profile[column[i] as number] as number) * (value[i] as number));
  return [...carried.keys()]
    .filter((c) => (carried.get(c) as number) > 0 && !isKind(names[c] as string))
    .sort((a, b) => (carried.get(b) as number) - (carried.get(a) as number));
}

/** The stored evidence that speaks for a column. */
function speaking({ evidence, weights, voices: { ends, who } }: Scored, c: number): Weighted[] {
  const found: Weighted[] = [];
  for (let k = ends[c] as number, end = ends[c + 1] as number; k < end; k++) {
    const e = evidence[who[k] as number] as Weighted;
    if ((weights[e.at] as number) > 0 && !isPage(e.signal)) found.push(e);
  }
  return found;
}

/** Worked out once for each row. */
function once<T>(find: (row: number) => T): (row: number) => T {
  const known = new Map<number, T>();
  return (row) => {
    const found = known.get(row) ?? find(row);
    known.set(row, found);
    return found;
  };
}

/**
 * Scores are additive over evidence, so that a reason is a fact about the sum; and what would become of a row without some
 * of it is asked by making the list again.
 */
export function* rank(scored: Scored): Generator<undefined, Ranked> {
  const { index, evidence, asked } = scored;
  const doubt = yield* createDoubt(scored);
  yield;
  const shares = once((row: number) => sharesOf(scored, evidence, row));
  const strongest = once((row: number) => strongestOf(scored, row, STRONGEST));
  const spoken = once((c: number) => speaking(scored, c));
  return {
    ...scored,
    ...doubt,
    prior: (row) => priorOf(scored, row),
    fresh: (row) => asked.ranking.fresh * freshness(index.since[row] as number, asked.now) * scored.kept(row),
    shares,
    strongest,
    themes(row, most) {
      const others = (c: number) => {
        const evidence = spoken(c);
        // What is about the very item adds nothing to it. One list for all rows where it can be: it is asked about once.
        const some = evidence.some((e) => e.row === row) ? evidence.filter((e) => e.row !== row) : evidence;
        return { topic: index.names[c] as string, evidence: some };
      };
      return carriersOf(scored, row)
        .slice(0, most)
        .map(others)
        .filter(({ evidence }) => evidence.length);
    },
  };
}
