import { dot, type Index, spread } from './matrix.js';

/** Closer than this is equal: sums differ in the last digits with the order they were made in. */
export const NEAR = 1e-9;

/** The rows a list is chosen from, with everything about them that does not change while one asks "what if". */
export interface Field {
  /** Ascending: of equals the shop's order decides. */
  readonly rows: readonly number[];
  /** Row → its place in `rows`. */
  readonly places: ReadonlyMap<number, number>;
  readonly scores: Float64Array;
  /** Per row, a number for its maker; -1 where it names none. */
  readonly makers: Int32Array;
  /** By how much chance lifts each row: 1 = not at all. */
  readonly lifts: Float64Array;
  /** What each is worth before likeness, and all places in that order: scores are only ever taken from, so that no row is worth more later. */
  readonly most: Float64Array;
  readonly order: Int32Array;
  /** How much likeness costs, as a part of the best appeal. */
  readonly diversity: number;
  /** Likeness (cosine) of the row at this place to all rows, each looked up once. */
  like(place: number): Float32Array;
  /** Room to work in, so that asking a thousand times makes no waste. */
  readonly room: {
    readonly appeal: Float64Array;
    readonly likest: Float32Array;
    /** Up to how many of the chosen `likest` has been looked at. */
    readonly known: Uint16Array;
    readonly free: Uint8Array;
    readonly taken: Uint16Array;
  };
}

export interface Chosen {
  /** Places in the field, best first. */
  readonly places: readonly number[];
  /** What each was worth when it was chosen: its appeal less what its likeness cost. */
  readonly values: readonly number[];
  /** What each row is worth beside the whole list. A copy. */
  readonly beside: Float64Array;
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

/** What a field is made of. */
export interface Ground {
  readonly index: Index;
  /** Of all rows. */
  readonly scores: Float64Array;
  readonly diversity: number;
  readonly lift: (id: string) => number;
}

function createLikes(index: Index, rows: readonly number[], diversity: number): Field['like'] {
  const over = new Float64Array(diversity ? index.columns.size : 0);
  const likes: Float32Array[] = [];
  const find = (row: number) => {
    const like = new Float32Array(rows.length);
    spread(index, row, 1, over);
    for (let i = 0; i < like.length; i++) like[i] = dot(index, rows[i] as number, over);
    spread(index, row, -1, over);
    return like;
  };
  return (place) => (likes[place] ??= find(rows[place] as number));
}

export function fieldOf(ground: Ground, unsorted: Iterable<number>): Field {
  const { index, diversity, lift } = ground;
  const rows = [...unsorted].sort((a, b) => a - b);
  const { length } = rows;
  const scores = Float64Array.from(rows, (row) => ground.scores[row] as number);
  const lifts = Float64Array.from(rows, (row) => lift(index.items[row]?.id as string));
  const most = scores.map((score, i) => score * (lifts[i] as number));
  return {
    rows,
    places: new Map(rows.map((row, i) => [row, i])),
    scores,
    makers: makersOf(index, rows),
    lifts,
    most,
    order: Int32Array.from(rows.keys()).sort((a, b) => (most[b] as number) - (most[a] as number) || a - b),
    diversity,
    like: createLikes(index, rows, diversity),
    room: {
      appeal: new Float64Array(length),
      likest: new Float32Array(length),
      known: new Uint16Array(length),
      free: new Uint8Array(length),
      taken: new Uint16Array(length),
    },
  };
}

/** No maker takes more than a third of a list. */
export const share = (size: number) => Math.max(1, Math.ceil(size / 3));

/** Fills the room with what each row is worth before anything is chosen; returns what full likeness costs. */
function prepare({ lifts, diversity, room: { appeal, likest, known, free, taken } }: Field, scores: Float64Array): number {
  let most = 0;
  for (let i = 0; i < appeal.length; i++) {
    const a = (scores[i] as number) * (lifts[i] as number);
    appeal[i] = a;
    free[i] = a > NEAR ? 1 : 0;
    if (a > most) most = a;
  }
  likest.fill(0);
  known.fill(0);
  taken.fill(0);
  return diversity * most;
}

/** Chosen once: not again, and its maker perhaps no more. */
function take({ makers, room: { free, taken } }: Field, at: number, most: number): void {
  free[at] = 0;
  const maker = makers[at] as number;
  if (maker < 0) return;
  const had = (taken[maker] as number) + 1;
  taken[maker] = had;
  if (had === most) for (let i = 0; i < free.length; i++) if (makers[i] === maker) free[i] = 0;
}

/** Frees those whose maker has had enough, for another round; false where there are none. */
function again({ room: { appeal, free, taken } }: Field, places: readonly number[]): boolean {
  let some = false;
  for (let i = 0; i < free.length; i++) {
    if ((appeal[i] as number) <= NEAR || places.includes(i)) continue;
    free[i] = 1;
    some = true;
  }
  taken.fill(0);
  return some;
}

/** What a row is worth beside those already chosen. */
function worth({ like, room: { appeal, likest, known } }: Field, i: number, places: readonly number[], cost: number): number {
  if (!cost) return appeal[i] as number;
  for (let n = known[i] as number; n < places.length; n++) {
    const l = like(places[n] as number)[i] as number;
    if (l > (likest[i] as number)) likest[i] = l;
  }
  known[i] = places.length;
  return (appeal[i] as number) - cost * (likest[i] as number);
}

/** The place of what is worth most beside those already chosen, and its worth; -1 where nothing is left. */
function next(field: Field, places: readonly number[], cost: number): readonly [place: number, value: number] {
  const { order, most, room } = field;
  let at = -1;
  let value = 0;
  for (let n = 0; n < order.length; n++) {
    const i = order[n] as number;
    if (at >= 0 && (most[i] as number) < value - NEAR) break; // and so are all after it
    if (!room.free[i]) continue;
    const v = worth(field, i, places, cost);
    if (at >= 0 && v <= value + NEAR && !(i < at && v >= value - NEAR)) continue;
    at = i;
    value = v;
  }
  return [at, value];
}

/**
 * The list: one after the other, whatever has most appeal less its likeness to what is already chosen (maximal marginal
 * relevance, Carbonell & Goldstein 1998), and no maker too often. What has no appeal is not chosen. Ends early where
 * `wanted` is chosen. `scores` must not be above the field's own.
 */
export function choose(field: Field, scores: Float64Array, size: number, wanted = -1): Chosen {
  const cost = prepare(field, scores);
  const places: number[] = [];
  const values: number[] = [];
  while (places.length < size) {
    const [at, value] = next(field, places, cost);
    if (at < 0 && !again(field, places)) break; // nobody else is there: then more of one maker
    if (at < 0) continue;
    places.push(at);
    values.push(value);
    if (at === wanted) break;
    take(field, at, share(size));
  }
  const beside = wanted < 0 ? field.scores.map((_, i) => worth(field, i, places, cost)) : field.scores;
  return { places, values, beside };
}
