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
  const cells: number[] = [];
  const weights: number[] = [];
  const start = new Uint32Array(items.length + 1);
  items.forEach((item, row) => {
    rows.set(item.id, row);
    for (const [feature, weight] of featuresOf(item)) {
      const column = columns.get(feature) ?? columns.size;
      columns.set(feature, column);
      seen[column] = (seen[column] ?? 0) + 1;
      cells.push(column);
      weights.push(weight);
    }
    start[row + 1] = cells.length;
  });
  const prior = Float32Array.from(items, (item) => PRIOR * (item.prior ?? 0));
  const order = [...prior.keys()].filter((row) => prior[row]).sort((a, b) => (prior[b] as number) - (prior[a] as number) || a - b);
  const neighbours = linkNeighbours(items, rows);
  const index = {
    items,
    rows,
    columns,
    start,
    column: Uint32Array.from(cells),
    value: Float32Array.from(weights),
    prior,
    order,
    neighbours,
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

/** A ranked list, and the means to ask what would have become of it without some of its evidence. */
export interface Ranked {
  readonly index: Index;
  readonly evidence: readonly Weighted[];
  /** Rows shown, best first. */
  readonly list: readonly number[];
  readonly scores: Float64Array;
  /** What one piece of evidence adds to a row's score. */
  affinity(e: Weighted, row: number): number;
  /** Whether `row` leaves the list when `taken(row)` is taken off every row's score. Never true by mistake. */
  leaves(row: number, taken: (row: number) => number): boolean;
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

/** What an item is about: its topics and its maker. */
export const aboutItem = (item: Item): string[] => featuresOf(item).map(([name]) => (name[0] === MAKER ? name.slice(1) : name));

export interface Limits {
  readonly size: number;
  /** Rows that may not be shown. */
  readonly excluded: ReadonlyMap<number, string>;
}

const rowOf = (index: Index, e: Weighted) => index.rows.get(e.signal.item as string);

/** All evidence as one vector of topics: cosine similarity is linear, so the sum over evidence is one pass over the items. */
function profileOf(index: Index, evidence: readonly Weighted[]): Float64Array {
  const profile = new Float64Array(index.columns.size);
  for (const e of evidence) {
    const row = rowOf(index, e);
    if (row === undefined) {
      const column = index.columns.get(e.signal.topic as string);
      if (column !== undefined) profile[column] = (profile[column] as number) + e.weight;
      continue;
    }
    for (let i = index.start[row] as number; i < (index.start[row + 1] as number); i++) {
      const column = index.column[i] as number;
      profile[column] = (profile[column] as number) + e.weight * (index.value[i] as number);
    }
  }
  return profile;
}

function dot({ start, column, value }: Index, row: number, profile: Float64Array): number {
  let sum = 0;
  for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++)
    sum += (profile[column[i] as number] as number) * (value[i] as number);
  return sum;
}

function score(index: Index, evidence: readonly Weighted[]): Float64Array {
  const profile = profileOf(index, evidence);
  const scores = new Float64Array(index.items.length);
  for (let row = 0; row < scores.length; row++) scores[row] = (index.prior[row] as number) + dot(index, row, profile);
  for (const e of evidence) {
    const row = rowOf(index, e);
    if (row === undefined) continue;
    scores[row] = (scores[row] as number) - e.weight * dot2(index, row, row); // an item does not argue for itself
    for (const [other, w] of index.neighbours.get(row) ?? []) scores[other] = (scores[other] as number) + NEIGHBOUR * e.weight * w;
  }
  // Rounded, so that equal scores are equal whatever order they were summed in, and ties go by the shop's order.
  for (let row = 0; row < scores.length; row++) scores[row] = Math.round((scores[row] as number) * FINE) / FINE;
  return scores;
}

/** Similarity of two rows; few topics each, so the plain double loop wins over anything clever. */
function dot2({ start, column, value }: Index, a: number, b: number): number {
  let sum = 0;
  for (let i = start[a] as number; i < (start[a + 1] as number); i++)
    for (let j = start[b] as number; j < (start[b + 1] as number); j++)
      if (column[i] === column[j]) sum += (value[i] as number) * (value[j] as number);
  return sum;
}

/** The best `most` rows, in order: higher score first, then the shop's earlier item. What nothing speaks for is not recommended. */
function best(scores: Float64Array, most: number, excluded: ReadonlyMap<number, string>): number[] {
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

/**
 * Scores are additive over evidence, so that a reason is a fact about the sum. A list is the best by score with a cap per
 * maker: under such a cap, more items ahead can only push an item out, never in, which is what makes `leaves` exact on a
 * part of the catalog.
 */
export function rank(index: Index, evidence: readonly Weighted[], { size, excluded }: Limits): Ranked {
  const scores = score(index, evidence);
  const wide = 4 * size + 24;
  const pool = best(scores, wide, excluded);
  const list = select(index, pool, size);
  // Whom an item competes with: the best now, and those a stranger would see.
  const rivals = [...new Set([...pool, ...index.order.filter((row) => !excluded.has(row)).slice(0, 3 * size)])];
  return {
    index,
    evidence,
    list,
    scores,
    affinity(e, row) {
      const from = rowOf(index, e);
      if (from === row) return 0;
      if (from !== undefined) return e.weight * (dot2(index, from, row) + NEIGHBOUR * (index.neighbours.get(from)?.get(row) ?? 0));
      const column = index.columns.get(e.signal.topic as string);
      for (let i = index.start[row] as number; i < (index.start[row + 1] as number); i++)
        if (index.column[i] === column) return e.weight * (index.value[i] as number);
      return 0;
    },
    leaves(row, taken) {
      const mine = (scores[row] as number) - taken(row);
      if (mine < NEAR) return true; // nothing speaks for it any more
      const ahead = rivals.filter((other) => {
        const theirs = (scores[other] as number) - taken(other);
        return other !== row && (theirs - mine > NEAR || (theirs - mine > -NEAR && other < row));
      });
      const by = index.items[row]?.by;
      const rivalled = by !== undefined && ahead.filter((other) => index.items[other]?.by === by).length >= share(size);
      return rivalled || select(index, ahead, size).length === size;
    },
  };
}
