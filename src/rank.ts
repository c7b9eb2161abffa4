import { linkNeighbours, type Neighbours } from './neighbours.js';
import type { Item, Signal } from './types.js';
import { VERBS, type VerbRule } from './verbs.js';

/** How much the maker counts beside topics, and the shop's prior beside one fresh listen. */
const BY = 0.5;
const PRIOR = 0.1;
/** Neighbours come from what visitors did, topics from what the shop wrote: where both speak, they add. */
const NEIGHBOUR = 1;
const FINE = 1e9;
const NEAR = 1 / FINE;

/** Topics of an item as rows of one sparse matrix, rare topics counting more (TF-IDF), each row of length 1. */
export interface Index {
  readonly items: readonly Item[];
  /** Item id → row. */
  readonly rows: ReadonlyMap<string, number>;
  /** Topic → column. */
  readonly columns: ReadonlyMap<string, number>;
  /** Column → topic. */
  readonly names: readonly string[];
  readonly start: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
  readonly prior: Float32Array;
  /** The rows the shop itself puts forward, best first: what a stranger sees. */
  readonly order: readonly number[];
  readonly neighbours: Neighbours;
}

const MAKER = '\u0001'; // keeps "by" apart from a topic of the same name

export function topicsOf(item: Item): [string, number][] {
  const { topics = [] } = item;
  return Array.isArray(topics) ? topics.map((topic: string) => [topic, 1]) : Object.entries(topics as Record<string, number>);
}

const featuresOf = (item: Item): [string, number][] =>
  item.by === undefined ? topicsOf(item) : [...topicsOf(item), [MAKER + item.by, BY]];

export function buildIndex(items: readonly Item[]): Index {
  const columns = new Map<string, number>();
  const rows = new Map<string, number>();
  const seen: number[] = [];
  const column: number[] = [];
  const value: number[] = [];
  const start = [0];
  for (const item of items) {
    rows.set(item.id, rows.size);
    for (const [feature, weight] of featuresOf(item)) {
      const c = columns.get(feature) ?? columns.size;
      columns.set(feature, c);
      seen[c] = (seen[c] ?? 0) + 1;
      column.push(c);
      value.push(weight);
    }
    start.push(column.length);
  }
  for (const c of columns.values()) start.push(column.push(c)); // a topic alone is a row of one cell, after the items'
  const prior = Float32Array.from(items, (item) => PRIOR * (item.prior ?? 0));
  const index = {
    items,
    rows,
    columns,
    names: [...columns.keys()],
    start: Uint32Array.from(start),
    column: Uint32Array.from(column),
    value: Float32Array.from(column, (_, i) => value[i] ?? 1),
    prior,
    order: [...prior.keys()].filter((row) => prior[row]).sort((a, b) => (prior[b] as number) - (prior[a] as number) || a - b),
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

/** One piece of evidence as ranking takes it: what it is about, and how much it counts now. */
export interface Weighted {
  readonly signal: Signal;
  readonly weight: number;
}

/** Evidence and its row in the matrix: its item's, or its topic's; -1 where the catalog has neither. */
interface Placed extends Weighted {
  readonly row: number;
}

/** A ranked list, and the means to ask what would have become of it without some of its evidence. */
export interface Ranked {
  readonly index: Index;
  readonly evidence: readonly Placed[];
  /** Rows shown, best first. */
  readonly list: readonly number[];
  readonly scores: Float64Array;
  /** What each piece of evidence adds to a row's score, in the order of `evidence`. */
  shares(row: number): Float64Array;
  /** The topic that carries a row most, and all evidence that speaks for it. */
  theme(row: number): { readonly topic: string; readonly evidence: readonly Placed[] } | undefined;
  /** The least that must be taken off a row's score for it to leave; taking less is not worth trying. */
  margin(row: number): number;
  /** Whether `row` leaves the list without this evidence. Never true by mistake. */
  leaves(row: number, without: readonly Placed[]): boolean;
}

const DAY = 86_400_000;

/** Rows that may not be shown, and why. What a visitor turned away stays away even where nothing may be used for ranking. */
export function ineligible(
  index: Index,
  signals: Iterable<readonly [signal: Signal, used: boolean]>,
  now: number,
  context: string | undefined,
  paused: readonly string[],
): Map<number, string> {
  const out = new Map<number, string>();
  for (const [s, used] of signals) {
    const row = s.item === undefined ? undefined : index.rows.get(s.item);
    const rule: VerbRule = VERBS[s.verb];
    if (row === undefined || !rule.settles || !(used || rule.settles === 'dismissed')) continue;
    const again = index.items[row]?.replenishDays;
    if (rule.settles === 'owned' && again !== undefined && now - s.last >= again * DAY) continue;
    out.set(row, rule.settles);
  }
  index.items.forEach((item, row) => {
    if (item.available === false) out.set(row, 'unavailable');
    else if (paused.length && [item.id, ...aboutItem(item)].some((x) => paused.includes(x))) out.set(row, 'paused');
  });
  const here = index.rows.get(context as string);
  if (here !== undefined) out.set(here, 'context');
  return out;
}

const plain = (feature: string) => (feature[0] === MAKER ? feature.slice(1) : feature);

/** What an item is about: its topics and its maker. */
export const aboutItem = (item: Item): string[] => featuresOf(item).map(([name]) => plain(name));

export interface Limits {
  readonly size: number;
  /** Rows that may not be shown. */
  readonly excluded: ReadonlyMap<number, string>;
}

function place({ rows, columns, items }: Index, e: Weighted): Placed {
  const column = columns.get(e.signal.topic as string);
  return { ...e, row: rows.get(e.signal.item as string) ?? (column === undefined ? -1 : items.length + column) };
}

/** Evidence as one vector of topics: cosine similarity is linear, so the sum over evidence is one pass over the items. */
function profileOf({ names, start, column, value }: Index, evidence: readonly Placed[]): Float64Array {
  const profile = new Float64Array(names.length);
  for (const { weight, row } of evidence)
    for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++)
      profile[column[i] as number] = (profile[column[i] as number] as number) + weight * (value[i] as number);
  return profile;
}

/** What topics do not say: neighbours add, and an item does not argue for itself. */
function extrasOf({ items, start, value, neighbours }: Index, evidence: readonly Placed[]): Map<number, number> {
  const extras = new Map<number, number>();
  const add = (row: number, x: number) => extras.set(row, (extras.get(row) ?? 0) + x);
  for (const { row, weight } of evidence) {
    if (row < 0 || row >= items.length) continue;
    for (let i = start[row] as number; i < (start[row + 1] as number); i++) add(row, -weight * (value[i] as number) ** 2);
    for (const [other, w] of neighbours.get(row) ?? []) add(other, NEIGHBOUR * weight * w);
  }
  return extras;
}

function dot({ start, column, value }: Index, row: number, profile: Float64Array): number {
  let sum = 0;
  for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++)
    sum += (profile[column[i] as number] as number) * (value[i] as number);
  return sum;
}

function score(index: Index, evidence: readonly Placed[], profile: Float64Array): Float64Array {
  const scores = new Float64Array(index.items.length);
  for (let row = 0; row < scores.length; row++) scores[row] = (index.prior[row] as number) + dot(index, row, profile);
  for (const [row, x] of extrasOf(index, evidence)) scores[row] = (scores[row] as number) + x;
  // Rounded, so that equal scores are equal whatever order they were summed in, and ties go by the shop's order.
  for (let row = 0; row < scores.length; row++) scores[row] = Math.round((scores[row] as number) * FINE) / FINE;
  return scores;
}

/** The places of the `most` greatest scores above 0, in order; of equals the earlier. What nothing speaks for is not recommended. */
export function best(scores: Float64Array, most: number, excluded: ReadonlyMap<number, unknown> = new Map()): number[] {
  const top: number[] = [];
  let floor = 0;
  for (let row = 0; row < scores.length; row++) {
    const s = scores[row] as number;
    if (s <= floor || excluded.has(row)) continue;
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

function select(index: Index, pool: readonly number[], size: number): number[] {
  const taken = new Map<string, number>();
  const list: number[] = [];
  for (const row of pool) {
    if (list.length === size) break;
    const by = index.items[row]?.by;
    const had = by === undefined ? 0 : (taken.get(by) ?? 0);
    if (had >= share(size)) continue;
    if (by !== undefined) taken.set(by, had + 1);
    list.push(row);
  }
  return list;
}

function sharesOf(index: Index, evidence: readonly Placed[], row: number): Float64Array {
  const here = profileOf(index, [{ row, weight: 1 } as Placed]);
  const shares = new Float64Array(evidence.length);
  for (const [n, e] of evidence.entries())
    if (e.row !== row) shares[n] = e.weight * (dot(index, e.row, here) + NEIGHBOUR * (index.neighbours.get(e.row)?.get(row) ?? 0));
  return shares;
}

/** The column that carries a row most; undefined where none does. */
function themeOf({ start, column, value }: Index, profile: Float64Array, row: number): number | undefined {
  let most = 0;
  let theme: number | undefined;
  for (let i = start[row] as number; i < (start[row + 1] as number); i++) {
    const carried = (profile[column[i] as number] as number) * (value[i] as number);
    if (carried > most) [most, theme] = [carried, column[i] as number];
  }
  return theme;
}

/** Stored evidence that speaks for a topic. */
const speakers = ({ start, column }: Index, evidence: readonly Placed[], theme: number) =>
  evidence.filter(
    ({ weight, row, signal }) =>
      weight > 0 && signal.provenance !== 'contextual' && column.subarray(start[row], start[row + 1]).includes(theme),
  );

/**
 * Scores are additive over evidence, so that a reason is a fact about the sum. A list is the best by score with a cap per
 * maker: under such a cap, more items ahead can only push an item out, never in, which is what makes `leaves` exact on a
 * part of the catalog.
 */
export function rank(index: Index, known: readonly Weighted[], { size, excluded }: Limits): Ranked {
  const evidence = known.map((e) => place(index, e));
  const themes = new Map<number, NonNullable<ReturnType<Ranked['theme']>>>();
  const profile = profileOf(index, evidence);
  const scores = score(index, evidence, profile);
  const pool = best(scores, 4 * size + 24, excluded);
  const list = select(index, pool, size);
  const scoreOf = (row: number | undefined) => scores[row as number] ?? 0;
  const by = (row: number) => index.items[row]?.by;
  // Whom an item competes with: the best now, and those a stranger would see.
  const rivals = [...new Set([...pool, ...index.order.filter((row) => !excluded.has(row)).slice(0, 3 * size)])];
  const siblings = (row: number, among: readonly number[]) =>
    by(row) === undefined ? [] : among.filter((other) => other !== row && by(other) === by(row));
  return {
    index,
    evidence,
    list,
    scores,
    shares: (row) => sharesOf(index, evidence, row),
    theme(row) {
      const theme = themeOf(index, profile, row);
      if (theme === undefined) return undefined;
      const found = themes.get(theme) ?? { topic: plain(index.names[theme] as string), evidence: speakers(index, evidence, theme) };
      themes.set(theme, found);
      return found;
    },
    // Taking evidence away lifts nobody: who is not ahead of this score now will not be ahead of it then.
    margin: (row) => scoreOf(row) - Math.max(scoreOf(pool[size]), scoreOf(siblings(row, pool)[share(size) - 1])),
    leaves(row, without) {
      const profile = profileOf(index, without);
      const extras = extrasOf(index, without);
      const left = (other: number) => scoreOf(other) - dot(index, other, profile) - (extras.get(other) ?? 0);
      const mine = left(row);
      if (mine < NEAR) return true; // nothing speaks for it any more
      const ahead = rivals.filter((other) => {
        const lead = left(other) - mine;
        return other !== row && (lead > NEAR || (lead > -NEAR && other < row));
      });
      return siblings(row, ahead).length >= share(size) || select(index, ahead, size).length === size;
    },
  };
}
