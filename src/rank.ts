import { linkNeighbours, type Neighbours } from './neighbours.js';
import type { Item, Setting, Signal, Verdict } from './types.js';
import { DAY, VERBS, type VerbRule } from './verbs.js';

/** How much the maker counts beside topics, and the shop's prior beside one fresh listen. */
const BY = 0.5;
const PRIOR = 0.1;
/** A topic weighs at most this, so that no sum is beyond numbers. */
const MOST = 1e9;
const FINE = 1e9;
const NEAR = 1 / FINE;

/** Topics of an item as rows of one sparse matrix, rare topics counting more (TF-IDF), each row of length 1. */
export interface Index {
  readonly items: readonly Item[];
  /** Item id → row. */
  readonly rows: ReadonlyMap<string, number>;
  /** Topic or maker → column. */
  readonly columns: ReadonlyMap<string, number>;
  readonly start: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
  readonly prior: Float64Array;
  readonly neighbours: Neighbours;
}

/** What an item is about: its topics, each once, and its maker; a maker of the same name as a topic is that topic. */
export function aboutItem({ topics = [], by }: Item): string[] {
  const names = Array.isArray(topics) ? [...new Set<string>(topics)] : Object.keys(topics);
  if (by !== undefined && !names.includes(by)) names.push(by);
  return names;
}

/** A listed topic weighs 1. */
const weightIn = ({ topics = [] }: Item, name: string): number => {
  if (Array.isArray(topics)) return topics.includes(name) ? 1 : BY;
  return Object.hasOwn(topics, name) ? ((topics as Record<string, number>)[name] as number) : BY;
};

export function buildIndex(items: readonly Item[]): Index {
  const columns = new Map<string, number>();
  const rows = new Map<string, number>();
  const seen: number[] = [];
  const column: number[] = [];
  const value: number[] = [];
  const start = [0];
  for (const item of items) {
    rows.set(item.id, rows.size);
    for (const name of aboutItem(item)) {
      const c = columns.get(name) ?? columns.size;
      columns.set(name, c);
      seen[c] = (seen[c] ?? 0) + 1;
      column.push(c);
      value.push(Math.min(weightIn(item, name), MOST));
    }
    start.push(column.length);
  }
  for (const c of columns.values()) start.push(column.push(c)); // a topic alone is a row of one cell, after the items'
  const index = {
    items,
    rows,
    columns,
    start: Uint32Array.from(start),
    column: Uint32Array.from(column),
    value: Float32Array.from(column, (_, i) => value[i] ?? 1),
    prior: Float64Array.from(items, ({ prior = 0 }) => PRIOR * prior),
    neighbours: linkNeighbours(items, rows),
  };
  normalise(index, seen);
  return index;
}

function normalise({ items, start, column, value }: Index, seen: readonly number[]): void {
  for (let row = 0; row < items.length; row++) {
    const from = start[row] as number;
    const to = start[row + 1] as number;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const v = (value[i] as number) * Math.log(1 + items.length / (seen[column[i] as number] as number));
      value[i] = v;
      sum += v * v;
    }
    const length = Math.sqrt(sum) || 1;
    for (let i = from; i < to; i++) value[i] = (value[i] as number) / length;
  }
}

/** One piece of evidence as ranking takes it: what it is about, what may be done with it, and how much it counts now. */
export interface Weighted {
  readonly signal: Signal;
  readonly verdict: Verdict;
  readonly weight: number;
  /** Its row in the matrix: its item's, or its topic's; -1 where the catalog has neither. */
  readonly row: number;
}

/** A ranked list, and the means to ask what would have become of it without some of its evidence. */
export interface Ranked {
  readonly index: Index;
  readonly evidence: readonly Weighted[];
  /** Rows shown, best first. */
  readonly list: readonly number[];
  /** Rows that would be shown if nothing were known. */
  readonly strangers: readonly number[];
  readonly scores: Float64Array;
  /** What each piece of evidence adds to a row's score, in the order of `evidence`. */
  shares(row: number): Float64Array;
  /** The topic that carries a row most, and all stored evidence that speaks for it. */
  theme(row: number): { readonly topic: string; readonly evidence: readonly Weighted[] } | undefined;
  /** The least that must be taken off a row's score for it to leave; taking less is not worth trying. */
  margin(row: number): number;
  /** Whether `row` leaves the list without this evidence. Never true by mistake. */
  leaves(row: number, without: readonly Weighted[]): boolean;
}

/** Rows that may not be shown, and why. What a visitor turned away stays away even where nothing may be used for ranking. */
export function ineligible(
  { items, rows }: Index,
  evidence: readonly Weighted[],
  now: number,
  { page, paused }: Setting,
  personal: readonly string[],
): Map<number, string> {
  const out = new Map<number, string>();
  for (const { signal, verdict, row } of evidence) {
    const { settles }: VerbRule = VERBS[signal.verb];
    if (!items[row] || !settles || (verdict.mode === 'none' && settles !== 'dismissed')) continue;
    const again = items[row]?.replenishDays ?? Number.POSITIVE_INFINITY;
    if (settles !== 'owned' || now - signal.last < again * DAY) out.set(row, settles);
  }
  items.forEach((item, row) => {
    if (item.available === false) out.set(row, 'unavailable');
    else if (paused.length && [item.id, ...aboutItem(item)].some((x) => paused.includes(x))) out.set(row, 'paused');
  });
  for (const id of personal) out.set(rows.get(id) as number, 'personal');
  if (page !== undefined) out.set(rows.get(page) as number, 'context');
  return out;
}

export const rowOf = ({ rows, columns, items }: Index, { item, topic }: Signal): number =>
  rows.get(item as string) ?? (items.length + (columns.get(topic as string) ?? Number.NaN) || -1);

/** Evidence as one vector of topics: cosine similarity is linear, so the sum over evidence is one pass over the items. */
function profileOf({ columns, start, column, value }: Index, evidence: readonly Weighted[]): Float64Array {
  const profile = new Float64Array(columns.size);
  for (const { weight, row } of evidence)
    for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++)
      profile[column[i] as number] = (profile[column[i] as number] as number) + weight * (value[i] as number);
  return profile;
}

/** What topics do not say: neighbours add, and an item does not argue for itself. */
function extrasOf({ items, start, value, neighbours }: Index, evidence: readonly Weighted[]): Map<number, number> {
  const extras = new Map<number, number>();
  const add = (row: number, x: number) => extras.set(row, (extras.get(row) ?? 0) + x);
  for (const { row, weight } of evidence) {
    if (row >= items.length) continue;
    for (let i = start[row] as number; i < (start[row + 1] as number); i++) add(row, -weight * (value[i] as number) ** 2);
    for (const [other, w] of neighbours.get(row) ?? []) add(other, weight * w);
  }
  return extras;
}

function dot({ start, column, value }: Index, row: number, profile: Float64Array): number {
  let sum = 0;
  for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++)
    sum += (profile[column[i] as number] as number) * (value[i] as number);
  return sum;
}

function score(index: Index, evidence: readonly Weighted[], profile: Float64Array): Float64Array {
  const scores = new Float64Array(index.items.length);
  for (let row = 0; row < scores.length; row++) scores[row] = (index.prior[row] as number) + dot(index, row, profile);
  for (const [row, x] of extrasOf(index, evidence)) scores[row] = (scores[row] as number) + x;
  // Rounded, so that equal scores are equal whatever order they were summed in, and ties go by the shop's order.
  for (let row = 0; row < scores.length; row++) scores[row] = Math.round((scores[row] as number) * FINE) / FINE;
  return scores;
}

/** The places of the `most` greatest scores above 0, in order; of equals the earlier. What nothing speaks for is not recommended. */
export function best(scores: Float64Array, most: number, excluded?: ReadonlyMap<number, unknown>): number[] {
  const top: number[] = [];
  let floor = 0;
  for (let row = 0; row < scores.length; row++) {
    const s = scores[row] as number;
    if (s <= floor || excluded?.has(row)) continue;
    let at = top.length;
    while (at > 0 && (scores[top[at - 1] as number] as number) < s) at--;
    top.splice(at, 0, row);
    if (top.length > most) top.pop();
    if (top.length === most) floor = scores[top[most - 1] as number] as number; // ties below the last place lose
  }
  return top;
}

/** No maker takes more than a third of a list. */
const share = (size: number) => Math.max(1, Math.ceil(size / 3));

function select({ items }: Index, pool: readonly number[], size: number): number[] {
  const taken = new Map<string | undefined, number>();
  return pool
    .filter((row) => {
      const by = items[row]?.by;
      const had = taken.get(by) ?? 0;
      taken.set(by, had + 1);
      return by === undefined || had < share(size);
    })
    .slice(0, size);
}

function sharesOf(index: Index, evidence: readonly Weighted[], row: number): Float64Array {
  const here = profileOf(index, [{ row, weight: 1 } as Weighted]);
  const shares = new Float64Array(evidence.length);
  for (let i = 0; i < shares.length; i++) {
    const e = evidence[i] as Weighted;
    if (e.row !== row) shares[i] = e.weight * (dot(index, e.row, here) + (index.neighbours.get(e.row)?.get(row) ?? 0));
  }
  return shares;
}

/** All stored evidence that speaks for a column, with the column's name; nothing where there is none. */
function speakersOf({ start, column, columns }: Index, evidence: readonly Weighted[], theme: number): ReturnType<Ranked['theme']> {
  const speaks = (e: Weighted) => e.weight > 0 && column.subarray(start[e.row], start[e.row + 1]).includes(theme);
  const speakers = evidence.filter((e) => speaks(e) && e.signal.provenance !== 'contextual');
  return speakers.length ? { topic: [...columns.keys()][theme] as string, evidence: speakers } : undefined;
}

/** The column that carries a row most; -1 where none does. */
function themeOf({ start, column, value }: Index, profile: Float64Array, row: number): number {
  let most = 0;
  let theme = -1;
  for (let i = start[row] as number; i < (start[row + 1] as number); i++) {
    const carried = (profile[column[i] as number] as number) * (value[i] as number);
    if (carried > most) [most, theme] = [carried, column[i] as number];
  }
  return theme;
}

/**
 * Scores are additive over evidence, so that a reason is a fact about the sum. A list is the best by score with a cap per
 * maker: under such a cap, more items ahead can only push an item out, never in, which is what makes `leaves` exact on a
 * part of the catalog.
 */
export function rank(index: Index, evidence: readonly Weighted[], size: number, excluded: ReadonlyMap<number, unknown>): Ranked {
  const { items, prior } = index;
  const themes = new Map<number, ReturnType<Ranked['theme']>>();
  const profile = profileOf(index, evidence);
  const scores = score(index, evidence, profile);
  const wide = 4 * size + 24;
  const pool = best(scores, wide, excluded);
  const shop = best(prior, wide, excluded);
  // Whom an item competes with: the best now, and those a stranger would see.
  const rivals = [...new Set([...pool, ...shop])];
  const scoreOf = (row: number | undefined) => scores[row as number] ?? 0;
  return {
    index,
    evidence,
    list: select(index, pool, size),
    strangers: select(index, shop, size),
    scores,
    shares: (row) => sharesOf(index, evidence, row),
    theme(row) {
      const theme = themeOf(index, profile, row);
      if (!themes.has(theme)) themes.set(theme, speakersOf(index, evidence, theme));
      return themes.get(theme);
    },
    // Taking evidence away lifts nobody: who is not ahead of this score now will not be ahead of it then.
    margin(row) {
      const by = items[row]?.by;
      const siblings = pool.filter((other) => other !== row && by !== undefined && items[other]?.by === by);
      return scoreOf(row) - NEAR - Math.max(scoreOf(pool[size]), scoreOf(siblings[share(size) - 1]));
    },
    leaves(row, without) {
      const profile = profileOf(index, without);
      const extras = extrasOf(index, without);
      const left = (other: number) => scoreOf(other) - dot(index, other, profile) - (extras.get(other) ?? 0);
      const mine = left(row);
      const ahead = rivals.filter((other) => other !== row && left(other) - mine > (other < row ? -NEAR : NEAR));
      return mine < NEAR || !select(index, [...ahead, row], size).includes(row); // nothing speaks for it, or others more
    },
  };
}
