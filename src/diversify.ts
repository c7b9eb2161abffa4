import { dot, type Index, spread } from './matrix.js';

/** Closer than this is equal: sums differ in the last digits with the order they were made in. */
export const NEAR = 1e-9;

/** The rows lists are chosen from, with everything about them that does not change while one asks "what if". */
export interface Field {
  /** In the order in which they came to it. */
  readonly rows: readonly number[];
  readonly scores: readonly number[];
  /** Per place, a number for its maker; -1 where it names none. */
  readonly makers: readonly number[];
  /** By how much chance lifts each row: 1 = not at all. */
  readonly lifts: readonly number[];
  /** How much likeness costs, as a part of the best appeal. */
  readonly diversity: number;
  /** The place of a row, which comes to the field where it is not there. */
  placeOf(row: number): number;
  /** Likeness (cosine) of the row at this place to all rows, each looked up once. */
  like(place: number): readonly number[];
  /** Room to work in, so that asking a thousand times makes no waste. */
  readonly room: {
    readonly appeal: number[];
    readonly likest: number[];
    /** Up to how many of the chosen `likest` has been looked at. */
    readonly known: number[];
    readonly free: number[];
  };
}

export interface Chosen {
  /** Places in the field, best first. */
  readonly places: readonly number[];
  /** What each was worth when it was chosen: its appeal less what its likeness cost. */
  readonly values: readonly number[];
  /** What full likeness costs. */
  readonly cost: number;
}

/** mulberry32's last step over FNV-1a: a number in [0, 1) that a seed and an id decide. */
export function chance(seed: number, id: string): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 1 | h);
  h ^= h + Math.imul(h ^ (h >>> 7), 61 | h);
  return ((h ^ (h >>> 14)) >>> 0) / 2 ** 32;
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
  const likes: number[][] = [];
  return (place) => {
    const like = likes[place] ?? [];
    if (like.length === rows.length) return like;
    likes[place] = like;
    const row = rows[place] as number;
    spread(index, row, 1, over);
    for (let i = like.length; i < rows.length; i++) like.push(Math.fround(dot(index, rows[i] as number, over)));
    spread(index, row, -1, over);
    return like;
  };
}

/** `first` = the rows that are there from the beginning. */
export function fieldOf({ index, scores, diversity, lift }: Ground, first: readonly number[] = []): Field {
  const rows: number[] = [];
  /** One more than the place of each row; 0 = not there. */
  const places = new Int32Array(index.items.length);
  const room: Field['room'] = { appeal: [], likest: [], known: [], free: [] };
  const rooms = Object.values(room);
  const field = {
    rows,
    scores: [] as number[],
    makers: [] as number[],
    lifts: [] as number[],
    diversity,
    like: createLikes(index, rows, diversity),
    room,
    placeOf(row: number) {
      const there = places[row] as number;
      if (there) return there - 1;
      places[row] = rows.push(row);
      field.scores.push(scores[row] as number);
      field.makers.push(index.makers[row] as number);
      field.lifts.push(lift(index.items[row]?.id as string));
      for (const more of rooms) more.push(0);
      return rows.length - 1;
    },
  };
  for (const row of first) field.placeOf(row);
  return field;
}

/** No maker takes more than a third of a list. */
export const share = (size: number) => Math.max(1, Math.ceil(size / 3));

/** Fills the room with what each is worth before anything is chosen; returns what full likeness costs. */
function prepare(
  { lifts, diversity, room: { appeal, likest, known, free } }: Field,
  scores: ArrayLike<number>,
  among: readonly number[],
): number {
  let most = 0;
  for (const i of among) {
    const a = (scores[i] as number) * (lifts[i] as number);
    appeal[i] = a;
    free[i] = a > NEAR ? 1 : 0;
    likest[i] = 0;
    known[i] = 0;
    if (a > most) most = a;
  }
  return diversity * most;
}

/** What a row is worth beside those already chosen; after `choose`, beside the whole list. */
export function worth({ like, room: { appeal, likest, known } }: Field, i: number, places: readonly number[], cost: number): number {
  if (!cost) return appeal[i] as number;
  for (let n = known[i] as number; n < places.length; n++) {
    const l = like(places[n] as number)[i] as number;
    if (l > (likest[i] as number)) likest[i] = l;
  }
  known[i] = places.length;
  return (appeal[i] as number) - cost * (likest[i] as number);
}

/** The place of what is worth most beside those already chosen, and its worth; -1 where nothing is left. */
function next(field: Field, among: readonly number[], places: readonly number[], cost: number): readonly [place: number, value: number] {
  const { appeal, likest, free } = field.room;
  let at = -1;
  let value = 0;
  for (const i of among) {
    // Likeness only grows: what was not worth more before is not now.
    if (!free[i] || (at >= 0 && (appeal[i] as number) - cost * (likest[i] as number) <= value + NEAR)) continue;
    const v = worth(field, i, places, cost);
    if (at >= 0 && v <= value + NEAR) continue;
    at = i;
    value = v;
  }
  return [at, value];
}

/**
 * The list: one after the other, whatever has most appeal less its likeness to what is already chosen (maximal marginal
 * relevance, Carbonell & Goldstein 1998), and no maker too often; where nobody else is left, makers begin anew. What has
 * no appeal is not chosen. `scores` = by place; `among` = the places it is chosen from, in the shop's order.
 */
export function choose(field: Field, scores: ArrayLike<number>, size: number, among: readonly number[]): Chosen {
  const { makers, room } = field;
  const { appeal, free } = room;
  const cost = prepare(field, scores, among);
  const most = share(size);
  const places: number[] = [];
  const values: number[] = [];
  let round = 0;
  while (places.length < size) {
    const [at, value] = next(field, among, places, cost);
    if (at < 0) {
      if (round === places.length) break;
      round = places.length;
      for (const i of among) free[i] = (appeal[i] as number) > NEAR && !places.includes(i) ? 1 : 0;
      continue;
    }
    places.push(at);
    values.push(value);
    free[at] = 0;
    const maker = makers[at] as number;
    if (maker >= 0 && places.slice(round).filter((i) => makers[i] === maker).length === most)
      for (const i of among) if (makers[i] === maker) free[i] = 0;
  }
  return { places, values, cost };
}
