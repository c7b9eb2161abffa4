import { createLoss } from './brought.js';
import { type Chosen, choose, createDraw, type Field, fieldOf, type Ground, share, worth } from './diversify.js';
import { createDrawers, type Left } from './drawers.js';
import { settles } from './eligible.js';
import { askBare, askWithout, best, fill, type Parts, round, type Scored, sharesOf, type Weighted } from './score.js';
import { isPage } from './signals.js';

/** Those who might take a row's place: so many of the best that were left out. */
const CHALLENGERS = 6;
/** Likeness changes with the list: a row may leave where it seems to lose only so much less than its lead. */
const SLACK = 1.5;
/** Why a row may be out that is in again when the evidence for it goes. */
const RELEASED: readonly unknown[] = ['known', 'owned', 'tired', 'context'];
/** Larger sets are those of a topic, which many rows have in common. */
const FEW = 3;

/** How many rivals a list of this size is chosen from. */
const wideOf = (size: number) => 4 * size + 24;

/** Whether a list of twice this size could be chosen from these without one maker too often. */
function isMixed(makers: Int32Array, rows: Uint32Array, size: number): boolean {
  const had: number[] = [];
  let sum = 0;
  for (const row of rows) {
    const maker = makers[row] as number;
    let before = 0;
    for (let n = 0; n < had.length; n++) if (had[n] === maker) before++;
    if (maker >= 0) had.push(maker);
    if (before < share(size) && ++sum === 2 * size) return true;
  }
  return size === 0;
}

/** A list that was made: those chosen, as rows, and how. */
interface Made {
  readonly rows: readonly number[];
  readonly chosen: Chosen;
}

/** Nothing is chosen: whoever it is about is not even among those that a list is chosen from. */
const NOBODY: Made = { rows: [], chosen: { places: [], values: [], cost: 0 } };

/** Makes lists, each out of the best, and more where one maker crowds the others out. `open` = all scores, -Infinity for what may not be shown. */
function createMaker(ground: Ground, open: Float64Array, size: number) {
  const { makers } = ground.index;
  const field = fieldOf(ground);
  const drawers = createDrawers(open, ground.arena);
  const { worth } = drawers;
  const whole: Left = (rows, from, to, worth) => {
    for (let n = from; n < to; n++) worth[rows[n] as number] = open[rows[n] as number] as number;
  };
  /**
   * `left` = what is left of the score of a row; `more` = rows that may be shown again, or have risen; `all` = others may
   * have, too; `until` = a row: the list goes only so far, and where it cannot be in it nowhere.
   */
  function make(left: Left = whole, more: readonly number[] = [], all = false, until?: number): Made {
    let wide = wideOf(size);
    let pool = drawers.best(left, wide, more, all);
    while (pool.length === wide && !isMixed(makers, pool, size)) {
      wide *= 4;
      pool = drawers.best(left, wide, more, all);
    }
    if (until !== undefined && !pool.includes(until)) return NOBODY;
    const chosen = choose(field, worth, size, pool, until);
    return { rows: chosen.places.map((place) => field.rows[place] as number), chosen };
  }
  return { field, make, whole, worth };
}

type Maker = ReturnType<typeof createMaker>;

/** Some evidence, each piece once. Asked before the next is made: they share what says which. */
export interface Gone {
  readonly all: readonly Weighted[];
  has(e: Weighted): boolean;
}

/** Evidence about the same thing: what is in one row of the matrix. */
const createAlike =
  ({ evidence, voices: { last, before } }: Scored) =>
  (row: number): Weighted[] => {
    const found: Weighted[] = [];
    for (let at = last[row] ?? -1; at >= 0; at = before[at] as number) found.push(evidence[at] as Weighted);
    return found;
  };

/** Rows that may be shown again without some evidence: it alone had settled them. */
const createReleased =
  ({ index, asked: { excluded, now } }: Scored, alike: (row: number) => Weighted[]) =>
  ({ all, has }: Gone): Set<number> => {
    const rows = new Set<number>();
    for (const { row } of excluded.size ? all : []) if (RELEASED.includes(excluded.get(row))) rows.add(row);
    for (const row of rows) if (alike(row).some((e) => !has(e) && settles(e, index.items[row], now))) rows.delete(row);
    return rows;
  };

/** Whether `e`, about the same thing, is of the same verb, or was only watched of it, as in `forget`. */
const goesWith = (one: Weighted, e: Weighted): boolean =>
  e === one ||
  (isPage(e.signal) === isPage(one.signal) &&
    e.signal.item === one.signal.item &&
    (e.signal.item !== undefined || e.signal.topic === one.signal.topic) &&
    (e.signal.verb === one.signal.verb || e.signal.provenance === 'passive'));

/** What goes with these. */
function createFate({ evidence, voices: { last, before }, arena }: Scored): (cited: readonly Weighted[]) => Gone {
  /** By place, the question in which it goes. */
  const goes = arena.words(evidence.length);
  let asked = 0;
  return (cited) => {
    asked++;
    const all: Weighted[] = [];
    for (const one of cited)
      for (let at = last[one.row] ?? -1; at >= 0; at = before[at] as number) {
        if (goes[at] === asked || !goesWith(one, evidence[at] as Weighted)) continue;
        goes[at] = asked;
        all.push(evidence[at] as Weighted);
      }
    return { all, has: ({ at }) => goes[at] === asked };
  };
}

/** Chance lifts each item by its own. */
function groundOf({ index, scores, arena, asked: { seed, ranking } }: Scored): Ground {
  const draw = seed === undefined ? () => 0 : createDraw(index, seed);
  return { index, scores, arena, diversity: ranking.diversity, lift: (row) => 1 + ranking.explore * draw(row) };
}

/** Places of those who might take the place of the one at `place`: the best left out, but for those whose maker has had enough. */
function challengersOf({ makers }: Field, { places }: Chosen, beside: readonly number[], size: number, place: number): number[] {
  const isFull = (maker: number) =>
    maker >= 0 && maker !== makers[place] && places.filter((at) => makers[at] === maker).length >= share(size);
  const found: number[] = [];
  for (const at of beside) {
    if (found.length === CHALLENGERS) break;
    if (!isFull(makers[at] as number)) found.push(at);
  }
  return found;
}

/** The list made again without some of what decided it. */
function createAgain(scored: Scored, { make, whole, worth }: Maker, open: Float64Array) {
  const alike = createAlike(scored);
  const fateOf = createFate(scored);
  const own = scored.arena.words(scored.evidence.length);
  const released = createReleased(scored, alike);
  const lossOf = createLoss(scored.index, scored.evidence, alike);
  return {
    fateOf,
    /** Undefined where that cannot be known. */
    without(gone: Gone, until?: number): Made | undefined {
      const { rows: lost, bare, altered } = lossOf(gone);
      if (altered) return undefined;
      const back = [...released(gone)].filter((row) => !lost.has(row));
      const some = gone.all;
      let count = 0;
      let isSpiteful = bare;
      for (const { row, at } of some) {
        if ((open[row] as number) > Number.NEGATIVE_INFINITY) own[count++] = row;
        isSpiteful ||= (scored.weights[at] as number) < 0;
      }
      const ask = (parts: Parts) => {
        // Rows only fall where nothing that goes has spoken against them; one that spoke for itself may rise in its last digit.
        fill(parts, own, 0, count, worth);
        for (let n = 0; n < count; n++)
          if ((worth[own[n] as number] as number) > (open[own[n] as number] as number)) back.push(own[n] as number);
        const left: Left = (rows, from, to, worth) => {
          fill(parts, rows, from, to, worth);
          for (const row of lost) worth[row] = 0;
        };
        return make(left, back, isSpiteful, until);
      };
      return bare ? askBare(scored, some, ask) : askWithout(scored, some, ask);
    },
    withoutPrior(row: number, prior: number): Made {
      const left: Left = (rows, from, to, worth) => {
        whole(rows, from, to, worth);
        worth[row] = round((open[row] as number) - prior);
      };
      return make(left, [], false, row);
    },
  };
}

/** The list, and what would become of it without some of what decided it: always by making it again. */
export interface Doubt {
  /** Rows, best first. */
  readonly list: readonly number[];
  /** For a row of the list and some evidence: by how much it is likely to be beaten without a set of it, by places; below 0 it stays. Quick, and not exact. */
  prospects(row: number, among: readonly Weighted[]): (set: readonly number[]) => number;
  /** Whether `row` leaves the list without this evidence, or without so much of its own prior. */
  leaves(row: number, without: readonly Weighted[] | number): boolean;
}

/** Somebody who might take a row's place: by how much the row leads, and what evidence gives them. */
interface Rival {
  readonly lead: number;
  readonly gifts: readonly number[];
}

/** By how much the best of some rivals is likely to lead without a set of the evidence. */
const lead = (gifts: readonly number[], worth: number, rivals: readonly Rival[]) =>
  function nearness(set: readonly number[]): number {
    let lost = 0;
    for (let k = 0; k < set.length; k++) lost += gifts[set[k] as number] as number;
    lost *= SLACK;
    let most = lost - worth;
    for (let r = 0; r < rivals.length; r++) {
      const { lead, gifts: theirs } = rivals[r] as Rival;
      let still = lead;
      for (let k = 0; k < set.length; k++) still += theirs[set[k] as number] as number;
      if (lost - still > most) most = lost - still;
    }
    return most;
  };

/** Pauses before the list is made, and when it is. */
export function* createDoubt(scored: Scored): Generator<undefined, Doubt> {
  const { scores, asked, arena } = scored;
  const { size, excluded } = asked;
  const open = arena.floats(scores.length);
  open.set(scores);
  for (const row of excluded.keys()) open[row] = Number.NEGATIVE_INFINITY;
  const maker = createMaker(groundOf(scored), open, size);
  const { field } = maker;
  yield;
  const { rows: list, chosen } = maker.make();
  yield;
  const values = field.rows.map((_, at) => (chosen.places.includes(at) ? 0 : worth(field, chosen, at)));
  const beside = best(values, values.length);
  let again: ReturnType<typeof createAgain> | undefined;
  const known = new Map<unknown, readonly number[]>();
  const stays = (row: number, cited: readonly Weighted[] | number): boolean => {
    again ??= createAgain(scored, maker, open);
    if (typeof cited === 'number') return again.withoutPrior(row, cited).rows.includes(row);
    const isFew = cited.length <= FEW;
    const gone = known.has(cited) ? undefined : again.fateOf(cited);
    const key = gone && isFew ? gone.all.map(({ at }) => at).join() : cited;
    const before = known.get(key);
    if (before) return before.includes(row);
    const { rows } = again.without(gone as Gone, isFew ? row : undefined) ?? { rows: list }; // in doubt, everything stays
    // A list that was cut short says nothing of other rows.
    if (!isFew || (rows.length && rows.at(-1) !== row)) known.set(key, rows);
    return rows.includes(row);
  };
  return {
    list,
    prospects(row, among) {
      const place = field.placeOf(row);
      const worth = chosen.values[list.indexOf(row)] as number;
      const rivals = challengersOf(field, chosen, beside, size, place);
      const giftsTo = (at: number) => sharesOf(scored, among, field.rows[at] as number).map((gift) => gift * (field.lifts[at] as number));
      return lead(
        giftsTo(place),
        worth,
        rivals.map((at) => ({ lead: worth - (values[at] as number), gifts: giftsTo(at) })),
      );
    },
    leaves: (row, gone) => list.includes(row) && !stays(row, gone),
  };
}
