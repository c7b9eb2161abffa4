import { type Chosen, chance, choose, type Field, fieldOf, type Ground, NEAR, share } from './diversify.js';
import { settles } from './eligible.js';
import { dot, type Index, spread, squareOf } from './matrix.js';
import type { Ranking, Signal, Verdict } from './types.js';
import { DAY } from './verbs.js';

const FINE = 1e9;
/** Half of being new is over after so many days. */
const FRESH = 30;

/** One piece of evidence as ranking takes it: what it is about, what may be done with it, and how much it counts now. */
export interface Weighted {
  readonly signal: Signal;
  readonly verdict: Verdict;
  readonly weight: number;
  /** Its row in the matrix: its item's, or its topic's; -1 where the catalog has neither. */
  readonly row: number;
}

/** What is asked of a ranking. */
export interface Asked {
  readonly size: number;
  /** Rows that may not be shown. */
  readonly excluded: ReadonlyMap<number, unknown>;
  readonly ranking: Required<Ranking>;
  readonly now: number;
  /** Decides what chance lifts; nothing is lifted without. */
  readonly seed?: number | undefined;
}

/** A topic and all stored evidence that speaks for it. */
export interface Theme {
  readonly topic: string;
  readonly evidence: readonly Weighted[];
}

/** A ranked list, and the means to ask what would have become of it without some of what decided it. */
export interface Ranked {
  readonly index: Index;
  readonly evidence: readonly Weighted[];
  /** Rows shown, best first. */
  readonly list: readonly number[];
  readonly scores: Float64Array;
  /** The shop's own part of each score, and how much of that is for being new. */
  readonly priors: Float64Array;
  fresh(row: number): number;
  /** What each piece of evidence adds to a row's score, in the order of `evidence`. */
  shares(row: number): Float64Array;
  /** The topics that carry a row, the one that carries most first. */
  themes(row: number): Theme[];
  /** For a row of the list and some evidence: whether it comes near to leaving without a set of it, by places. Quick, and not exact. */
  prospects(row: number, among: readonly Weighted[]): (set: readonly number[]) => boolean;
  /** Whether `row` leaves the list without this evidence, or without its own prior. Never true by mistake. */
  leaves(row: number, without: readonly Weighted[] | 'prior'): boolean;
}

export const rowOf = ({ rows, columns, items }: Index, { item, topic }: Signal): number =>
  rows.get(item as string) ?? (items.length + (columns.get(topic as string) ?? Number.NaN) || -1);

/** Evidence as one vector of topics: cosine similarity is linear, so the sum over evidence is one pass over the items. */
function profileOf(index: Index, evidence: readonly Weighted[], times: number): Float64Array {
  const profile = new Float64Array(index.columns.size);
  for (const { weight, row } of evidence) if (weight) spread(index, row, weight * times, profile);
  return profile;
}

/** What topics do not say: neighbours add, and an item does not argue for itself. */
function addExtras(
  index: Index,
  evidence: readonly Weighted[],
  { topics, neighbours }: Required<Ranking>,
  add: (row: number, x: number) => void,
): void {
  const { start, to, weight: weights } = index.neighbours;
  for (const { row, weight } of evidence) {
    if (!weight || row < 0 || row >= index.items.length) continue;
    add(row, -weight * topics * squareOf(index, row));
    for (let i = start[row] as number, end = start[row + 1] as number; i < end; i++)
      add(to[i] as number, weight * neighbours * (weights[i] as number));
  }
}

/** The weight of the link from one row to another, 0 where there is none: rows are sorted. */
function linkOf({ neighbours: { start, to, weight } }: Index, from: number, row: number): number {
  let low = start[from] as number;
  let high = (start[from + 1] as number) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = to[middle] as number;
    if (found === row) return weight[middle] as number;
    if (found < row) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

/** Half of being new every thirty days, nothing after ninety; 0 where an item does not say since when, or is not out yet. */
function freshness(since: number, now: number): number {
  const days = (now - since) / DAY;
  return days >= 0 && days < 3 * FRESH ? 2 ** (-days / FRESH) : 0;
}

function priorsOf({ prior, since }: Index, { ranking, now }: Asked): Float64Array {
  const priors = new Float64Array(prior.length);
  for (let row = 0; row < priors.length; row++)
    priors[row] = ranking.prior * (prior[row] as number) + ranking.fresh * freshness(since[row] as number, now);
  return priors;
}

function scoresOf(index: Index, evidence: readonly Weighted[], priors: Float64Array, profile: Float64Array, ranking: Required<Ranking>) {
  const scores = new Float64Array(priors.length);
  for (let row = 0; row < scores.length; row++) scores[row] = (priors[row] as number) + dot(index, row, profile);
  addExtras(index, evidence, ranking, (row, x) => {
    scores[row] = (scores[row] as number) + x;
  });
  for (let row = 0; row < scores.length; row++) scores[row] = round(scores[row] as number);
  return scores;
}

/** Equal scores are equal whatever order they were summed in, and ties go by the shop's order. */
const round = (score: number) => Math.round(score * FINE) / FINE;

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

function sharesOf(index: Index, evidence: readonly Weighted[], row: number, { topics, neighbours }: Required<Ranking>): Float64Array {
  const here = new Float64Array(index.columns.size);
  spread(index, row, topics, here);
  const shares = new Float64Array(evidence.length);
  for (let i = 0; i < shares.length; i++) {
    const e = evidence[i] as Weighted;
    if (!e.weight || e.row < 0 || e.row === row) continue;
    shares[i] = e.weight * (dot(index, e.row, here) + (e.row < index.items.length ? neighbours * linkOf(index, e.row, row) : 0));
  }
  return shares;
}

/** What lists are chosen from; chance lifts each item by its own. */
const groundOf = (index: Index, scores: Float64Array, { ranking: { explore, diversity }, seed }: Asked): Ground => ({
  index,
  scores,
  diversity,
  lift: (id) => (seed === undefined ? 1 : 1 + explore * chance(seed, id)),
});

/** At least so many could be chosen from these, however many are of one maker. */
function choices({ items }: Index, rows: readonly number[], size: number): number {
  const had = new Map<string, number>();
  let sum = 0;
  for (const row of rows) {
    const by = items[row]?.by;
    const before = by === undefined ? 0 : (had.get(by) ?? 0);
    if (by !== undefined) had.set(by, before + 1);
    if (before < share(size)) sum++;
  }
  return sum;
}

/** How many rivals a list of this size is chosen from. */
const wideOf = (size: number) => 4 * size + 24;

/** The best now; more where one maker crowds the others out. Undefined where that would take more than `scores` knows. */
function poolOf(index: Index, scores: Float64Array, { size, excluded }: Asked, isPart?: boolean): number[] | undefined {
  let wide = wideOf(size);
  let pool = best(scores, wide, excluded);
  while (pool.length === wide && choices(index, pool, size) < 2 * size) {
    if (isPart) return undefined;
    wide *= 4;
    pool = best(scores, wide, excluded);
  }
  return pool;
}

/** The columns that carry a row, most first. */
function carriersOf({ start, column, value }: Index, profile: Float64Array, row: number): number[] {
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

/** What evidence gives each row of a field. */
function giftsOf(
  index: Index,
  { rows, places }: Field,
  evidence: readonly Weighted[],
  ranking: Required<Ranking>,
  over: Float64Array,
): Float64Array {
  const gifts = new Float64Array(rows.length);
  for (const { row, weight } of evidence) if (weight) spread(index, row, weight * ranking.topics, over);
  for (let i = 0; i < gifts.length; i++) gifts[i] = dot(index, rows[i] as number, over);
  over.fill(0);
  addExtras(index, evidence, ranking, (row, x) => {
    const place = places.get(row);
    if (place !== undefined) gifts[place] = (gifts[place] as number) + x;
  });
  return gifts;
}

/** Up to so many pieces of evidence are asked about one by one, and often the same; larger sets only whole. */
const FEW = 3;
/** Those who might take a row's place: so many of the best that were left out. */
const CHALLENGERS = 6;
/** Likeness changes with the list: who is this close, as a part of the row's worth, is worth asking about. */
const CLOSE = 0.01;

/** Why a row may be out that is in again when the evidence for it goes. */
const RELEASED: readonly unknown[] = ['known', 'owned', 'tired'];

/** Rows that may be shown again without this evidence: it alone settled them. */
function releasedBy({ items }: Index, evidence: readonly Weighted[], without: readonly Weighted[], { excluded, now }: Asked): number[] {
  const gone = new Set(without);
  const rows = new Set(without.map(({ row }) => row).filter((row) => RELEASED.includes(excluded.get(row))));
  for (const e of evidence) if (rows.has(e.row) && !gone.has(e) && settles(e, items[e.row], now)) rows.delete(e.row);
  return [...rows];
}

function subtract(from: Float64Array, gifts: readonly Float64Array[]): Float64Array {
  const left = from.slice();
  for (const gift of gifts) for (let i = 0; i < left.length; i++) left[i] = (left[i] as number) - (gift[i] as number);
  return left;
}

/** Places of those who might take the place of the one at `place`: the best left out, but for those whose maker has had enough. */
function challengersOf({ makers }: Field, { places, beside }: Chosen, size: number, place: number): number[] {
  const had = new Map<number, number>();
  for (const at of places) had.set(makers[at] as number, (had.get(makers[at] as number) ?? 0) + 1);
  const isFull = (maker: number) => maker >= 0 && maker !== makers[place] && (had.get(maker) ?? 0) >= share(size);
  const left = beside.map((value, i) => (places.includes(i) || isFull(makers[i] as number) ? Number.NEGATIVE_INFINITY : value));
  return best(left, CHALLENGERS);
}

/** Scores without this evidence, of rows above `floor` and of those that always count; 0 for the others. Into `left`. */
function scoresWithout(
  index: Index,
  scores: Float64Array,
  gone: readonly Weighted[],
  ranking: Required<Ranking>,
  floor: number,
  always: readonly number[],
  left: Float64Array,
): Float64Array {
  const profile = profileOf(index, gone, ranking.topics);
  const extras = new Map<number, number>();
  addExtras(index, gone, ranking, (row, x) => extras.set(row, (extras.get(row) ?? 0) + x));
  const without = (row: number) => round((scores[row] as number) - dot(index, row, profile) - (extras.get(row) ?? 0));
  for (let row = 0; row < left.length; row++) left[row] = (scores[row] as number) > floor ? without(row) : 0;
  for (const row of always) left[row] = without(row);
  return left;
}

/** What would become of the list without some of what decided it. */
function createDoubt(index: Index, evidence: readonly Weighted[], ground: Ground, priors: Float64Array, asked: Asked) {
  const { ranking, size, excluded } = asked;
  const { scores } = ground;
  /** Those a stranger would see compete, whatever is known. */
  const shop = best(priors, wideOf(size), excluded);
  const pool = poolOf(index, scores, asked) as number[];
  const field = fieldOf(ground, new Set([...pool, ...shop]));
  const most = asked.seed === undefined ? 1 : 1 + ranking.explore;
  /** Nobody outside the pool has more appeal. */
  const highest = pool.length < wideOf(size) ? 0 : (scores[pool.at(-1) as number] as number) * most;
  const chosen = choose(field, field.scores, size);
  const over = new Float64Array(index.columns.size);
  const known = new Map<Weighted | readonly Weighted[], Float64Array>();
  /** What evidence, or a set of it, gives each row; each worked out once. */
  const gift = (of: Weighted | readonly Weighted[]) => {
    const gifts = known.get(of) ?? giftsOf(index, field, 'row' in of ? [of] : of, ranking, over);
    known.set(of, gifts);
    return gifts;
  };
  const gifts = (of: readonly Weighted[]) => (of.length > FEW ? [gift(of)] : of.map(gift));
  const room = new Float64Array(scores.length);
  /** The list as it would be made from these scores: the very way it is made. Undefined where they are too few. */
  const isOutOf = (row: number, scores: Float64Array, shop: readonly number[], excluded: Asked['excluded'], isPart: boolean) => {
    const rows = poolOf(index, scores, { ...asked, excluded }, isPart);
    if (!rows) return undefined;
    const anew = fieldOf({ ...ground, scores }, new Set([...rows, ...shop]));
    const place = anew.places.get(row) ?? -1;
    return place < 0 || !choose(anew, anew.scores, size, place).places.includes(place);
  };
  /** Whether it is out of the list made without this evidence. No row below the least of a full pool can come into the new one. */
  const isOutWithout = (row: number, gone: readonly Weighted[], left: Float64Array, excluded: Asked['excluded']) => {
    const floor = left.length >= wideOf(size) ? (left.slice().sort().at(-wideOf(size)) as number) - NEAR : 0;
    const others = excluded === asked.excluded ? shop : best(priors, wideOf(size), excluded);
    const above = (from: number) => scoresWithout(index, scores, gone, ranking, Math.max(0, from), others, room);
    return isOutOf(row, above(floor), others, excluded, floor > 0) ?? isOutOf(row, above(0), others, excluded, false) ?? false;
  };
  return {
    chosen,
    field,
    withoutPrior(row: number, prior: number): boolean {
      const [left, others] = [scores.slice(), priors.slice()];
      left[row] = round((left[row] as number) - prior);
      others[row] = 0;
      return isOutOf(row, left, best(others, wideOf(size), excluded), excluded, false) ?? false;
    },
    withoutEvidence(row: number, gone: readonly Weighted[]): boolean {
      const place = field.places.get(row) as number;
      const left = subtract(field.scores, gifts(gone));
      if ((left[place] as number) < NEAR) return true; // nothing speaks for it any more
      const { places, values } = choose(field, left, size, place);
      if (places.includes(place)) return false; // stays even among these
      const back = releasedBy(index, evidence, gone, asked);
      const least = places.length < size ? 0 : Math.min(...values);
      if (least >= highest && back.every((one) => (scores[one] as number) * most <= least)) return true; // nobody else comes in
      const out = back.length ? new Map([...excluded].filter(([one]) => !back.includes(one))) : excluded;
      return isOutWithout(row, gone, left, out);
    },
    prospects(row: number, among: readonly Weighted[]): (set: readonly number[]) => boolean {
      const place = field.places.get(row) as number;
      const worth = chosen.values[chosen.places.indexOf(place)] as number;
      const rivals = challengersOf(field, chosen, size, place);
      const gains = [place, ...rivals].map((at) => among.map((e) => (gift(e)[at] as number) * (field.lifts[at] as number)));
      const leads = rivals.map((rival) => worth * (1 - CLOSE) - (chosen.beside[rival] as number));
      const sum = (of: readonly number[] | undefined, set: readonly number[]) => set.reduce((all, i) => all + (of?.[i] as number), 0);
      return (set) => {
        const lost = sum(gains[0], set);
        return worth * (1 - CLOSE) - lost < NEAR || leads.some((lead, j) => lost - sum(gains[j + 1], set) > lead);
      };
    },
  };
}

/**
 * Scores are additive over evidence, so that a reason is a fact about the sum. What would become of a row without some of
 * it is asked by choosing the list anew: first among its rivals, which is quick and mostly says no, then in the very way a
 * list is made. Taking evidence away lifts nobody, so only rows now above the least of a full pool have to be looked at.
 */
export function rank(index: Index, evidence: readonly Weighted[], asked: Asked): Ranked {
  const { ranking, now } = asked;
  const profile = profileOf(index, evidence, ranking.topics);
  const priors = priorsOf(index, asked);
  const scores = scoresOf(index, evidence, priors, profile, ranking);
  const ground = groundOf(index, scores, asked);
  const doubt = createDoubt(index, evidence, ground, priors, asked);
  const list = doubt.chosen.places.map((place) => doubt.field.rows[place] as number);
  let themes: ReturnType<typeof themesOf> | undefined;
  const themesFor = (row: number) => {
    themes ??= themesOf(index, evidence);
    const others = (
      theme: Theme, // what is about the very item adds nothing to it
    ) => (theme.evidence.some((e) => e.row === row) ? { ...theme, evidence: theme.evidence.filter((e) => e.row !== row) } : theme);
    return carriersOf(index, profile, row)
      .flatMap((c) => themes?.get(c) ?? [])
      .map(others)
      .filter(({ evidence }) => evidence.length);
  };
  return {
    index,
    evidence,
    list,
    scores,
    priors,
    fresh: (row) => ranking.fresh * freshness(index.since[row] as number, now),
    shares: (row) => sharesOf(index, evidence, row, ranking),
    themes: themesFor,
    prospects: doubt.prospects,
    leaves: (row, without) =>
      list.includes(row) && (without === 'prior' ? doubt.withoutPrior(row, priors[row] as number) : doubt.withoutEvidence(row, without)),
  };
}
