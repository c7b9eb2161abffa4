import { type Chosen, chance, choose, type Field, fieldOf, type Ground, NEAR, share, worth } from './diversify.js';
import { settles } from './eligible.js';
import { subjectOf } from './fatigue.js';
import { best, type Scored, scoresWithout, sharesOf, type Weighted } from './score.js';

/** Those who might take a row's place: so many of the best that were left out. */
const CHALLENGERS = 6;
/** Likeness changes with the list: a row may leave where it seems to lose only so much less than its lead. */
const SLACK = 1.5;
/** Why a row may be out that is in again when the evidence for it goes. */
const RELEASED: readonly unknown[] = ['known', 'owned', 'tired', 'context'];
/** So many times as many as a list is chosen from are kept at hand; the wider where the narrower does not reach. */
const REACHES = [2, 8];
/** Larger sets change too much: they are asked about in the whole catalog. */
const FEW = 3;

/** How many rivals a list of this size is chosen from. */
const wideOf = (size: number) => 4 * size + 24;

/** The n-th greatest number; leaves them in another order (quickselect, Hoare 1961). */
function nth(numbers: Float64Array, n: number): number {
  const at = n - 1;
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const pivot = numbers[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((numbers[i] as number) > pivot) i++;
      while ((numbers[j] as number) < pivot) j--;
      if (i > j) break;
      const other = numbers[i] as number;
      numbers[i++] = numbers[j] as number;
      numbers[j--] = other;
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else break;
  }
  return numbers[at] as number;
}

/** A list that was made, and the field it was chosen from. */
interface Made {
  readonly field: Field;
  readonly chosen: Chosen;
}

const rowsIn = ({ field, chosen }: Made): number[] => chosen.places.map((place) => field.rows[place] as number);

/** Whether a list of twice this size could be chosen from these without one maker too often. */
function isMixed(makers: Int32Array, rows: readonly number[], size: number): boolean {
  const had = new Map<number, number>();
  let sum = 0;
  for (const row of rows) {
    const maker = makers[row] as number;
    const before = had.get(maker) ?? 0;
    if (maker >= 0) had.set(maker, before + 1);
    if (before < share(size) && ++sum === 2 * size) return true;
  }
  return size === 0;
}

/** The list, from the scores of all rows, 0 for those that may not be shown: out of the best, and more where one maker crowds the others out. */
function make(ground: Ground, scores: Float64Array, size: number): Made {
  let wide = wideOf(size);
  let pool = best(scores, wide);
  while (pool.length === wide && !isMixed(ground.index.makers, pool, size)) {
    wide *= 4;
    pool = best(scores, wide);
  }
  const field = fieldOf(
    { ...ground, scores },
    pool.sort((a, b) => a - b),
  );
  return { field, chosen: choose(field, field.scores, size, [...field.rows.keys()]) };
}

/** The places of the `wide` best, ascending; undefined where a row from outside, all below `floor`, might be among them. */
function poolIn(scores: Float64Array, wide: number, floor: number, room: Float64Array): number[] | undefined {
  room.set(scores);
  const least = room.length > wide ? Math.max(0, nth(room, wide)) : 0;
  if (least < floor) return undefined;
  let equals = wide;
  for (let i = 0; i < scores.length; i++) if ((scores[i] as number) > least) equals--;
  const pool: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score > least || (score > 0 && score === least && equals-- > 0)) pool.push(i);
  }
  return pool;
}

/** Rows, ascending: those of at least this score, and more, which have none. */
function above(scores: Float64Array, floor: number, more: readonly number[]): number[] {
  const rows: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] as number;
    if (score > 0 && score >= floor) rows.push(row);
  }
  return more.length ? [...rows, ...more].sort((a, b) => a - b) : rows;
}

/** The part of the catalog that questions are about: the same list is made from it alone, or it is seen that it cannot be. */
function createHead(ground: Ground, open: Float64Array, room: Float64Array, size: number, times: number, more: readonly number[]) {
  const wide = wideOf(size);
  const reach = times * wide;
  let floor = open.length > reach ? Math.max(0, nth(room, reach)) : 0;
  let rows = above(open, floor, more);
  if (rows.length > 2 * reach) {
    floor += NEAR; // more equals than can be looked at
    rows = above(open, floor, more);
  }
  const field = fieldOf(ground, rows);
  const work = new Float64Array(rows.length);
  return {
    field,
    floor,
    make(scores: Float64Array): Made | undefined {
      const pool = poolIn(scores, wide, floor, work);
      if (!pool || (pool.length === wide && !isMixed(field.makers, pool, size))) return undefined;
      return { field, chosen: choose(field, scores, size, pool) };
    },
  };
}

/** Rows that may be shown again without some evidence: it alone had settled them. */
function createReleased({ index, evidence, asked: { excluded, now } }: Scored): (gone: readonly Weighted[]) => number[] {
  const counts = new Map<number, number>();
  const count = (some: readonly Weighted[], into: Map<number, number>) => {
    for (const e of some) if (settles(e, index.items[e.row], now)) into.set(e.row, (into.get(e.row) ?? 0) + 1);
    return into;
  };
  count(evidence, counts);
  return (gone) => {
    const rows = [...new Set(gone.map(({ row }) => row))].filter((row) => RELEASED.includes(excluded.get(row)));
    const without = rows.length ? count(gone, new Map()) : counts;
    return rows.filter((row) => without.get(row) === counts.get(row));
  };
}

const subject = ({ signal }: Weighted) => (signal.provenance === 'contextual' ? 'page' : subjectOf(signal));

/** What goes with these: what is of the same verb about the same thing, and what was only watched of it, as in `forget`. */
function createFate({ evidence }: Scored): (cited: readonly Weighted[]) => readonly Weighted[] {
  const alike = new Map<string, Weighted[]>();
  for (const e of evidence) {
    const list = alike.get(subject(e));
    if (list) list.push(e);
    else alike.set(subject(e), [e]);
  }
  const goes = (one: Weighted) => (e: Weighted) => e.signal.verb === one.signal.verb || e.signal.provenance === 'passive';
  return (cited) => [...new Set(cited.flatMap((one) => alike.get(subject(one))?.filter(goes(one)) ?? []))];
}

/** Rows that came with some evidence and nothing else: they are gone with it. */
function createLost({ index, evidence }: Scored): (gone: readonly Weighted[]) => ReadonlySet<number> {
  const { items, neighbours } = index;
  const { start, to } = neighbours;
  const linked = ({ row }: Weighted): number[] =>
    row < 0 || row >= items.length ? [] : [row, ...to.subarray(start[row] as number, start[row + 1] as number)];
  const came = (row: number) => index.came(items[row]?.id as string);
  return (gone) => {
    const lost = new Set(gone.flatMap(linked).filter(came));
    if (!lost.size) return lost;
    for (const e of evidence) if (!gone.includes(e)) for (const row of linked(e)) lost.delete(row);
    return lost;
  };
}

/** Chance lifts each item by its own. */
const groundOf = ({ index, scores, asked: { seed, ranking } }: Scored): Ground => ({
  index,
  scores,
  diversity: ranking.diversity,
  lift: (id) => (seed === undefined ? 1 : 1 + ranking.explore * chance(seed, id)),
});

/** Places of those who might take the place of the one at `place`: the best left out, but for those whose maker has had enough. */
function challengersOf({ field: { makers }, chosen: { places } }: Made, beside: Float64Array, size: number, place: number): number[] {
  const isFull = (maker: number) =>
    maker >= 0 && maker !== makers[place] && places.filter((at) => makers[at] === maker).length >= share(size);
  const left = beside.map((value, i) => (value > 0 && isFull(makers[i] as number) ? 0 : value));
  return best(left, CHALLENGERS);
}

/** The list made again without some of what decided it: from as few rows as will do. */
function createAgain(scored: Scored, ground: Ground, open: Float64Array, strong: readonly Weighted[]) {
  const { scores, asked } = scored;
  const released = createReleased(scored);
  const lostWith = createLost(scored);
  const more = released(strong);
  const heads: ReturnType<typeof createHead>[] = [];
  const room = open.slice();
  const again = (without: (of?: Field) => Float64Array, back: readonly number[] = [], many = false): Made => {
    for (const [i, times] of many ? [] : REACHES.entries()) {
      heads[i] ??= createHead(ground, open, room, asked.size, times, more);
      const { field, floor, make } = heads[i] as ReturnType<typeof createHead>;
      const isWithin = back.every((row) => field.places.has(row) || (scores[row] as number) < floor);
      const made = isWithin && make(without(field));
      if (made) return made;
    }
    return make(ground, without(), asked.size);
  };
  return {
    without(gone: readonly Weighted[], many: boolean): Made {
      const lost = lostWith(gone);
      const back = released(gone).filter((row) => !lost.has(row));
      const without = (of?: Field) => {
        const left = scoresWithout(scored, gone, of);
        for (let i = 0; i < left.length; i++) {
          const row = of ? (of.rows[i] as number) : i;
          if ((asked.excluded.has(row) && !back.includes(row)) || lost.has(row)) left[i] = 0;
        }
        return left;
      };
      // Rows only fall where nothing that goes has spoken against them: only then none can come in from below.
      return again(without, back, many || gone.some(({ weight }) => weight < 0));
    },
    withoutPrior: (row: number, prior: number): Made =>
      again((of) => Float64Array.from(of?.rows ?? open.keys(), (one) => (open[one] as number) - (one === row ? prior : 0))),
  };
}

/** The list, and what would become of it without some of what decided it: always by making it again. */
export interface Doubt {
  /** Rows, best first. */
  readonly list: readonly number[];
  /** For a row of the list and some evidence: by how much it is likely to be beaten without a set of it, by places; below 0 it stays. Quick, and not exact. */
  prospects(row: number, among: readonly Weighted[]): (set: readonly number[]) => number;
  /** Whether `row` leaves the list without this evidence, or without its own prior. */
  leaves(row: number, without: readonly Weighted[] | 'prior'): boolean;
}

/** `strong` = the evidence that will be asked about, for each of the rows given. */
export function createDoubt(scored: Scored, strong: (rows: readonly number[]) => readonly Weighted[]): Doubt {
  const { scores, priors, asked } = scored;
  const { size, excluded } = asked;
  const ground = groundOf(scored);
  const open = scores.slice();
  for (const row of excluded.keys()) open[row] = 0;
  const first = make(ground, open, size);
  const { field, chosen } = first;
  const list = rowsIn(first);
  const beside = field.scores.map((_, i) => (chosen.places.includes(i) ? 0 : worth(field, i, chosen.places, chosen.cost)));
  let again: ReturnType<typeof createAgain> | undefined;
  const known = new Map<string, ReadonlySet<number>>();
  const numbers = new Map<Weighted, number>();
  const number = (e: Weighted) => {
    const n = numbers.get(e) ?? numbers.size;
    numbers.set(e, n);
    return n;
  };
  let fate: ReturnType<typeof createFate> | undefined;
  const without = (row: number, cited: readonly Weighted[] | 'prior') => {
    again ??= createAgain(scored, ground, open, strong(list));
    if (cited === 'prior') return new Set(rowsIn(again.withoutPrior(row, priors[row] as number)));
    fate ??= createFate(scored);
    const gone = fate(cited);
    const key = gone.map(number).join();
    const left = known.get(key) ?? new Set(rowsIn(again.without(gone, cited.length > FEW)));
    known.set(key, left);
    return left;
  };
  return {
    list,
    prospects(row, among) {
      const place = field.places.get(row) as number;
      const worth = chosen.values[list.indexOf(row)] as number;
      const rivals = challengersOf(first, beside, size, place);
      const gains = [place, ...rivals].map((at) =>
        sharesOf(scored, among, field.rows[at] as number).map((gift) => gift * (field.lifts[at] as number)),
      );
      return (set) => {
        let lost = 0;
        for (const i of set) lost += gains[0]?.[i] as number;
        lost *= SLACK;
        let most = lost - worth;
        rivals.forEach((rival, j) => {
          let lead = worth - (beside[rival] as number);
          for (const i of set) lead += gains[j + 1]?.[i] as number;
          if (lost - lead > most) most = lost - lead;
        });
        return most;
      };
    },
    leaves: (row, gone) => list.includes(row) && !without(row, gone).has(row),
  };
}
