import type { Arena } from './arena.js';
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
  /** Room for so many. */
  roomFor(count: number): Room;
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

/** What chance draws for each row, worked out once: the seed is one visitor's for a day. */
export function createDraw({ items, drawn }: Index, seed: number): (row: number) => number {
  const known = drawn.get(seed) ?? new Float64Array(items.length).fill(-1);
  drawn.clear();
  drawn.set(seed, known);
  return (row) => {
    if ((known[row] as number) < 0) known[row] = chance(seed, items[row]?.id as string);
    return known[row] as number;
  };
}

/** What a field is made of. */
export interface Ground {
  readonly index: Index;
  /** Of all rows. */
  readonly scores: Float64Array;
  readonly diversity: number;
  readonly lift: (row: number) => number;
  readonly arena: Arena;
}

function createLikes({ index, diversity, arena }: Ground, rows: readonly number[]): Field['like'] {
  const over = arena.floats(diversity ? index.columns.size : 0);
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

/** Empty at first. */
export function fieldOf(ground: Ground): Field {
  const { index, scores, diversity, lift, arena } = ground;
  const rows: number[] = [];
  /** One more than the place of each row; 0 = not there. */
  const places = arena.words(index.items.length);
  let room = roomFor(arena, 0);
  const field = {
    rows,
    scores: [] as number[],
    makers: [] as number[],
    lifts: [] as number[],
    diversity,
    like: createLikes(ground, rows),
    roomFor(count: number) {
      if (count > room.places.length) room = roomFor(arena, 2 * count);
      return room;
    },
    placeOf(row: number) {
      const there = places[row] as number;
      if (there) return there - 1;
      places[row] = rows.push(row);
      field.scores.push(scores[row] as number);
      field.makers.push(index.makers[row] as number);
      field.lifts.push(lift(row));
      return rows.length - 1;
    },
  };
  return field;
}

/** No maker takes more than a third of a list. */
export const share = (size: number) => Math.max(1, Math.ceil(size / 3));

/** What is found out about those a list is chosen from, in their order. Used again for the next list. */
interface Room {
  readonly places: Uint32Array;
  readonly appeal: Float64Array;
  readonly free: Uint32Array;
  readonly likest: Float64Array;
  /** Up to how many of the chosen `likest` has been looked at. */
  readonly known: Uint32Array;
}

const roomFor = ({ words, floats }: Arena, count: number): Room => ({
  places: words(count),
  appeal: floats(count),
  free: words(count),
  likest: floats(count),
  known: words(count),
});

/** Nothing is chosen yet. Returns the greatest appeal. */
function enter(
  { places, appeal, free, likest, known }: Room,
  { lifts, placeOf }: Field,
  scores: ArrayLike<number>,
  among: ArrayLike<number>,
) {
  let most = 0;
  for (let n = 0; n < among.length; n++) {
    const row = among[n] as number;
    const place = placeOf(row);
    const a = (scores[row] as number) * (lifts[place] as number);
    places[n] = place;
    appeal[n] = a;
    free[n] = a > NEAR ? 1 : 0;
    likest[n] = 0;
    known[n] = 0;
    if (a > most) most = a;
  }
  return most;
}

/** What the row at a place is worth beside a list that was chosen by the scores of the field. */
export function worth({ like, lifts, scores }: Field, { places, cost }: Chosen, i: number): number {
  let most = 0;
  for (let k = 0; cost && k < places.length; k++) most = Math.max(most, like(places[k] as number)[i] as number);
  return (scores[i] as number) * (lifts[i] as number) - cost * most;
}

/** Who is worth most beside those already chosen, to whom each is so like; -1 where nobody is left. */
function next({ places, appeal, free, likest, known }: Room, count: number, cost: number, likes: readonly (readonly number[])[]): number {
  let best = -1;
  let value = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < count; n++) {
    // Likeness only grows: what was not worth more before is not now.
    if (!free[n] || (appeal[n] as number) - cost * (likest[n] as number) <= value + NEAR) continue;
    let most = likest[n] as number;
    for (let k = known[n] as number; k < likes.length; k++) {
      const like = (likes[k] as number[])[places[n] as number] as number;
      if (like > most) most = like;
    }
    known[n] = likes.length;
    likest[n] = most;
    const v = (appeal[n] as number) - cost * most;
    if (v <= value + NEAR) continue;
    best = n;
    value = v;
  }
  return best;
}

/**
 * The list: one after the other, whatever has most appeal less its likeness to what is already chosen (maximal marginal
 * relevance, Carbonell & Goldstein 1998), and no maker too often; where nobody else is left, makers begin anew. What has
 * no appeal is not chosen. `scores` = by row; `among` = the rows it is chosen from, in the shop's order; `until` = a row
 * with which the list is long enough.
 */
export function choose(field: Field, scores: ArrayLike<number>, size: number, among: ArrayLike<number>, until = -1): Chosen {
  const { makers, like, diversity } = field;
  const count = among.length;
  const room = field.roomFor(count);
  const cost = diversity * enter(room, field, scores, among);
  const { appeal, free, likest } = room;
  const most = share(size);
  const places: number[] = [];
  const values: number[] = [];
  const likes: (readonly number[])[] = [];
  let round = 0;
  while (places.length < size) {
    const n = next(room, count, cost, likes);
    if (n < 0) {
      if (round === places.length) break;
      round = places.length;
      for (let k = 0; k < count; k++) free[k] = (appeal[k] as number) > NEAR && !places.includes(room.places[k] as number) ? 1 : 0;
      continue;
    }
    const at = room.places[n] as number;
    places.push(at);
    values.push((appeal[n] as number) - cost * (likest[n] as number));
    if (among[n] === until) break;
    free[n] = 0;
    if (cost && places.length < size) likes.push(like(at));
    const maker = makers[at] as number;
    let had = 0;
    for (let k = round; k < places.length; k++) if (makers[places[k] as number] === maker) had++;
    if (maker >= 0 && had === most) for (let k = 0; k < count; k++) if (makers[room.places[k] as number] === maker) free[k] = 0;
  }
  return { places, values, cost };
}
