import { dot, type Index, spread } from './matrix.js';

/** Closer than this is equal: sums differ in the last digits with the order they were made in. */
export const NEAR = 1e-9;

/** The rows a list is chosen from, with everything about them that does not change while one asks "what if". */
export interface Field {
  /** Ascending: of equals the shop's order decides. */
  readonly rows: readonly number[];
  /** Per row, a number for its maker; -1 where it names none. */
  readonly makers: Int32Array;
  /** By how much chance lifts each row: 1 = not at all. */
  readonly lifts: Float64Array;
  /** No row outside has more appeal than this. */
  readonly outside: number;
  /** How much likeness costs, as a part of the best appeal. */
  readonly diversity: number;
  /** Likeness (cosine) of the row at this place to all rows, each looked up once. */
  like(place: number): Float32Array;
}

export interface Chosen {
  /** Places in the field, best first. */
  readonly places: readonly number[];
  /** How far each was ahead of the best that was left out in the end. */
  readonly gaps: readonly number[];
  /** No row outside the field could have been chosen. */
  readonly certain: boolean;
}

/** mulberry32's last step over FNV-1a: a number in [0, 1) that a seed and an id decide. */
export function chance(seed: number, id: string): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 1 | h);
  h ^= h + Math.imul(h ^ (h >>> 7), 61 | h);
  return ((h ^ (h >>> 14)) >>> 0) / 2 ** 32;
}

function makersOf({ items }: Index, rows: readonly number[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(rows, (row) => {
    const by = items[row]?.by;
    if (by === undefined) return -1;
    const number = numbers.get(by) ?? numbers.size;
    numbers.set(by, number);
    return number;
  });
}

export function fieldOf(index: Index, unsorted: Iterable<number>, outside: number, diversity: number, lift: (id: string) => number): Field {
  const rows = [...unsorted].sort((a, b) => a - b);
  const over = new Float64Array(diversity ? index.columns.size : 0);
  const likes: Float32Array[] = [];
  return {
    rows,
    makers: makersOf(index, rows),
    lifts: Float64Array.from(rows, (row) => lift(index.items[row]?.id as string)),
    outside,
    diversity,
    like(place) {
      const found = likes[place];
      if (found) return found;
      const row = rows[place] as number;
      spread(index, row, 1, over);
      const like = Float32Array.from(rows, (other) => dot(index, other, over));
      spread(index, row, -1, over);
      likes[place] = like;
      return like;
    },
  };
}

/** No maker takes more than a third of a list. */
export const share = (size: number) => Math.max(1, Math.ceil(size / 3));

/**
 * The list: one after the other, whatever has most appeal less its likeness to what is already chosen (maximal marginal
 * relevance, Carbonell & Goldstein 1998), and no maker too often. What has no appeal is not chosen.
 */
export function choose({ rows, makers, lifts, outside, diversity, like }: Field, scores: Float64Array, size: number): Chosen {
  const appeal = scores.map((score, i) => score * (lifts[i] as number));
  const cost = diversity * appeal.reduce((most, x) => Math.max(most, x), 0);
  const likest = new Float32Array(rows.length);
  const taken = new Int32Array(rows.length);
  const free = appeal.map((x) => (x > NEAR ? 1 : 0));
  const places: number[] = [];
  const values: number[] = [];
  let certain = true;
  let value = 0;
  const next = () => {
    let best = -1;
    value = 0;
    for (let i = 0; i < rows.length; i++) {
      if (!free[i]) continue;
      const v = (appeal[i] as number) - cost * (likest[i] as number);
      if (best < 0 || v > value + NEAR) [best, value] = [i, v];
    }
    return best;
  };
  const take = (at: number) => {
    free[at] = 0;
    const maker = makers[at] as number;
    if (maker < 0) return;
    const had = (taken[maker] as number) + 1;
    taken[maker] = had;
    if (had < share(size)) return;
    for (let i = 0; i < rows.length; i++) if (makers[i] === maker) free[i] = 0;
  };
  for (let at = next(); at >= 0 && places.length < size; at = next()) {
    certain &&= value >= outside;
    places.push(at);
    values.push(value);
    take(at);
    const likes = cost ? like(at) : undefined;
    if (likes) for (let i = 0; i < rows.length; i++) if ((likes[i] as number) > (likest[i] as number)) likest[i] = likes[i] as number;
  }
  return { places, gaps: values.map((v) => v - Math.max(0, value)), certain: certain || !outside };
}
