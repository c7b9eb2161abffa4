import { createDoubt, type Doubt } from './doubt.js';
import type { Index } from './matrix.js';
import { type Asked, best, freshness, type Scored, score, sharesOf, type Weighted } from './score.js';

/** Reasons are looked for among this many of the strongest contributions to a row. */
const STRONGEST = 8;

/** A topic and all stored evidence that speaks for it. */
export interface Theme {
  readonly topic: string;
  readonly evidence: readonly Weighted[];
}

/** A ranked list, and the means to ask what would have become of it without some of what decided it. */
export interface Ranked extends Doubt, Pick<Scored, 'index' | 'evidence' | 'scores' | 'priors' | 'kept'> {
  /** How much of the shop's own part of a score is for being new. */
  fresh(row: number): number;
  /** What each piece of evidence adds to a row's score, in the order of `evidence`. */
  shares(row: number): Float64Array;
  /** Of those the strongest. */
  strongest(row: number): Weighted[];
  /** The topics that carry a row, the one that carries most first. */
  themes(row: number): Theme[];
}

/** The columns that carry a row, most first. */
function carriersOf({ index: { start, column, value }, profile }: Scored, row: number): number[] {
  const carried = new Map<number, number>();
  for (let i = start[row] as number; i < (start[row + 1] as number); i++)
    carried.set(column[i] as number, (profile[column[i] as number] as number) * (value[i] as number));
  return [...carried.keys()]
    .filter((c) => (carried.get(c) as number) > 0)
    .sort((a, b) => (carried.get(b) as number) - (carried.get(a) as number));
}

/** Per column, the stored evidence that speaks for it. */
function themesOf({ start, column, names }: Index, evidence: readonly Weighted[]): Map<number, Theme & { evidence: Weighted[] }> {
  const themes = new Map<number, Theme & { evidence: Weighted[] }>();
  for (const e of evidence) {
    if (e.weight <= 0 || e.signal.provenance === 'contextual') continue;
    for (let i = start[e.row] as number; i < (start[e.row + 1] as number); i++) {
      const c = column[i] as number;
      const theme = themes.get(c) ?? { topic: names[c] as string, evidence: [] };
      theme.evidence.push(e);
      themes.set(c, theme);
    }
  }
  return themes;
}

/** What is about the very item adds nothing to it. */
const others = (theme: Theme, row: number): Theme =>
  theme.evidence.some((e) => e.row === row) ? { ...theme, evidence: theme.evidence.filter((e) => e.row !== row) } : theme;

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
export function rank(index: Index, evidence: readonly Weighted[], asked: Asked): Ranked {
  const scored = score(index, evidence, asked);
  let themes: ReturnType<typeof themesOf> | undefined;
  const shares = once((row: number) => sharesOf(scored, evidence, row));
  const strongest = once((row: number) => best(shares(row), STRONGEST).map((i) => evidence[i] as Weighted));
  return {
    ...scored,
    ...createDoubt(scored, (rows) => rows.flatMap(strongest)),
    fresh: (row) => asked.ranking.fresh * freshness(index.since[row] as number, asked.now) * scored.kept(row),
    shares,
    strongest,
    themes(row) {
      themes ??= themesOf(index, evidence);
      return carriersOf(scored, row)
        .flatMap((c) => themes?.get(c) ?? [])
        .map((theme) => others(theme, row))
        .filter(({ evidence }) => evidence.length);
    },
  };
}
