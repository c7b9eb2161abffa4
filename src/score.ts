import { type Arena, createArena } from './arena.js';
import { leftOf } from './eligible.js';
import { dot, type Index, spread, squareOf } from './matrix.js';
import type { Ranking, Signal, Verdict } from './types.js';
import { DAY, minuteOf } from './verbs.js';

const FINE = 1e9;
/** Half of being new is over after so many days. */
const FRESH = 30;
/** Where the shop has neighbours, topics count this much: they say less, and of many more items. */
const BESIDE = 0.1;

/** One piece of evidence as ranking takes it: what it is about, and what may be done with it. */
export interface Weighted {
  readonly signal: Signal;
  readonly verdict: Verdict;
  /** Its row in the matrix: its item's, or its topic's; -1 where the catalog has neither. */
  readonly row: number;
  /** Its place among all evidence. */
  readonly at: number;
}

/** All evidence, and by place how much each counts now: that alone is another at another moment. */
export interface Weighed {
  readonly evidence: readonly Weighted[];
  readonly weights: Float64Array;
  readonly voices: Voices;
}

/**
 * Who speaks of each column, and after those of each row, by a link to it: from `ends[c]` to `ends[c + 1]`, places in the
 * evidence, ascending, and how much each is about it.
 */
export interface Voices {
  readonly ends: Uint32Array;
  readonly who: Uint32Array;
  readonly says: Float64Array;
  /** By place: its row, and that times itself; the place of the one before it that is about the same, -1 where there is none. */
  readonly rows: Int32Array;
  readonly squares: Float64Array;
  readonly before: Int32Array;
  /** By row, the last that is about it. */
  readonly last: Int32Array;
}

/** Room for all voices, and how many each column and row has, one place further on. */
function roomOf(
  { start, column, columns, items, neighbours }: Index,
  evidence: readonly Weighted[],
  weights: ArrayLike<number>,
  arena: Arena,
) {
  const { to } = neighbours;
  const ends = arena.words(columns.size + (to.length ? items.length : 0) + 1);
  let cells = 0;
  for (const { row, at } of evidence) {
    if (!weights[at] || row < 0) continue;
    for (let i = start[row] as number, end = start[row + 1] as number; i < end; i++, cells++) {
      const c = (column[i] as number) + 1;
      ends[c] = (ends[c] as number) + 1;
    }
    for (let i = neighbours.start[row] as number, end = neighbours.start[row + 1] as number; i < end; i++, cells++) {
      const c = columns.size + (to[i] as number) + 1;
      ends[c] = (ends[c] as number) + 1;
    }
  }
  for (let c = 1; c < ends.length; c++) ends[c] = (ends[c] as number) + (ends[c - 1] as number);
  return { ends, who: arena.words(cells), says: arena.floats(cells) };
}

export function voicesOf(index: Index, evidence: readonly Weighted[], weights: ArrayLike<number>, arena: Arena): Voices {
  const { start, column, value, columns, neighbours } = index;
  const { ends, who, says } = roomOf(index, evidence, weights, arena);
  const next = arena.words(ends.length);
  next.set(ends);
  const say = (c: number, much: number, at: number) => {
    const place = next[c] as number;
    who[place] = at;
    says[place] = much;
    next[c] = place + 1;
  };
  const rows = arena.ints(evidence.length);
  const squares = arena.floats(evidence.length);
  const before = arena.ints(evidence.length);
  const last = arena.ints(start.length).fill(-1);
  for (const { row, at } of evidence) {
    rows[at] = row;
    if (row < 0) continue;
    squares[at] = squareOf(index, row);
    before[at] = last[row] as number;
    last[row] = at;
    if (!weights[at]) continue;
    for (let i = start[row] as number, end = start[row + 1] as number; i < end; i++) say(column[i] as number, value[i] as number, at);
    for (let i = neighbours.start[row] as number, end = neighbours.start[row + 1] as number; i < end; i++)
      say(columns.size + (neighbours.to[i] as number), neighbours.weight[i] as number, at);
  }
  return { ends, who, says, rows, squares, before, last };
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
  /** Where the numbers of this answer lie. Default memory of its own. */
  readonly arena?: Arena | undefined;
}

/** As `Math.round`, which asks itself which way to go: that takes longer than the rest of a score. */
const whole = (x: number) => Math.floor(x + 0.5);

/**
 * Parts of scores are whole multiples of this, so that sums are exact, and the same in whatever order: what is found by
 * taking evidence away is to the last digit what would have been without it.
 */
const GRAIN = 2 ** -32;
const fixed = (x: number) => whole(x / GRAIN) * GRAIN;

/** What evidence adds up to. */
interface Sums {
  /** The visitor's taste: all evidence as one vector of topics. */
  readonly profile: Float64Array;
  /** What topics do not say, for each row. */
  readonly extras: Float64Array;
}

/** What a score is made of: sums over evidence, times what its row keeps of them. */
export interface Parts extends Sums {
  readonly index: Index;
  readonly asked: Asked;
  /** How much a row keeps of its score: less than 1 where the visitor wants less of what it is about. */
  kept(row: number): number;
}

export interface Scored extends Parts, Weighed {
  /** What is asked, where no item has neighbours: there topics count in full. */
  readonly bare: Asked;
  readonly scores: Float64Array;
  readonly arena: Arena;
  /** Room for one row over all columns, 0 between uses. */
  readonly here: Float64Array;
  /** Room for a number per piece of evidence. */
  readonly heard: Float64Array;
}

export const rowOf = ({ rows, columns, items }: Index, { item, topic }: Signal): number =>
  rows.get(item as string) ?? (items.length + (columns.get(topic as string) ?? Number.NaN) || -1);

/** Adds some evidence, so many times: as in `sums`. */
function add({ index, weights, asked: { ranking }, profile, extras }: Scored, some: readonly Weighted[], times: number): void {
  const { start, column, value, items, neighbours } = index;
  for (const { at, row } of some) {
    const weight = weights[at] as number;
    if (!weight) continue;
    const each = weight * ranking.topics;
    for (let i = start[row] as number, end = start[row + 1] as number; i < end; i++) {
      const c = column[i] as number;
      profile[c] = (profile[c] as number) + times * fixed(each * (value[i] as number));
    }
    if (row < 0 || row >= items.length) continue;
    extras[row] = (extras[row] as number) + times * fixed(-each * squareOf(index, row));
    for (let i = neighbours.start[row] as number, end = neighbours.start[row + 1] as number; i < end; i++) {
      const to = neighbours.to[i] as number;
      extras[to] = (extras[to] as number) + times * fixed(weight * ranking.neighbours * (neighbours.weight[i] as number));
    }
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

/** Half of being new every thirty days, nothing after ninety; 0 where an item does not say since when, or was not out as this minute began. */
export function freshness(since: number, now: number): number {
  const days = (minuteOf(now) - since) / DAY;
  return days >= 0 && days < 3 * FRESH ? 2 ** (-days / FRESH) : 0;
}

/** What the shop says of a row. */
const shopOf = ({ prior, fresh }: Required<Ranking>, now: number, own: number, since: number) =>
  prior * own + fresh * freshness(since, now);

/** The shop's own part of a row's score. */
export const priorOf = ({ index: { prior, since }, asked: { ranking, now }, kept }: Parts, row: number): number =>
  shopOf(ranking, now, prior[row] as number, since[row] as number) * kept(row);

/** What has faded to less than this speaks for nothing. */
const LEAST = 1e-8;

/** Equal scores are equal whatever order they were summed in, and ties go by the shop's order. */
export const round = (score: number) => (Math.abs(score) < LEAST ? 0 : whole(score * FINE) / FINE);

/** What the visitor wants less of: all that is about it counts less, whatever else speaks for it. */
function keeping({ start, column, items }: Index, { evidence, weights }: Weighed): Parts['kept'] {
  const left = new Map<number, number>();
  for (const { signal, row, at } of evidence)
    if (!weights[at] && row >= 0 && leftOf(signal) < 1)
      left.set(row - items.length, Math.min(leftOf(signal), left.get(row - items.length) ?? 1));
  if (!left.size) return () => 1;
  return (row) => {
    let kept = 1;
    for (let i = start[row] as number, end = start[row + 1] as number; i < end; i++) kept *= left.get(column[i] as number) ?? 1;
    return kept;
  };
}

/**
 * What evidence adds to topics, and to what they do not say. Cosine similarity is linear, so the sum over evidence is one
 * pass over the items: neighbours add, and an item does not argue for itself.
 */
function sums(
  { columns, items }: Index,
  weights: Float64Array,
  { ends, who, says, rows, squares }: Voices,
  ranking: Required<Ranking>,
  arena: Arena,
): Sums {
  const profile = arena.floats(columns.size);
  const extras = arena.floats(items.length);
  const said = (c: number, times: number) => {
    let sum = 0;
    for (let k = ends[c] as number, end = ends[c + 1] as number; k < end; k++)
      sum += fixed((weights[who[k] as number] as number) * times * (says[k] as number));
    return sum;
  };
  for (let c = 0; c < profile.length; c++) profile[c] = said(c, ranking.topics);
  for (let c = columns.size; c + 1 < ends.length; c++) extras[c - columns.size] = said(c, ranking.neighbours);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    if (row >= 0 && row < items.length)
      extras[row] = (extras[row] as number) + fixed(-(weights[at] as number) * ranking.topics * (squares[at] as number));
  }
  return { profile, extras };
}

/** The scores of some of these rows, by these sums: one loop, whatever it needs at hand. */
export function fill(
  { index, asked, profile, extras, kept }: Parts,
  rows: Uint32Array,
  from: number,
  to: number,
  scores: Float64Array,
): void {
  const { start, column, value, prior, since } = index;
  const { ranking, now } = asked;
  const isDated = since.length > 0;
  for (let n = from; n < to; n++) {
    const row = rows[n] as number;
    const part = kept(row);
    const own = isDated ? shopOf(ranking, now, prior[row] as number, since[row] as number) : ranking.prior * (prior[row] as number);
    let sum = 0;
    for (let i = start[row] as number, end = start[row + 1] as number; i < end; i++)
      sum += (profile[column[i] as number] as number) * (value[i] as number);
    scores[row] = round(own * part + (sum + (extras[row] as number)) * part);
  }
}

/** So many rows are scored at a stretch. */
const STRIDE = 4_096;

/** Pauses where a large catalog takes long. */
export function* score(index: Index, weighed: Weighed, request: Asked): Generator<undefined, Scored> {
  const { ranking, arena = createArena() } = request;
  const asked = index.neighbours.to.length ? { ...request, ranking: { ...ranking, topics: ranking.topics * BESIDE } } : request;
  yield;
  const { weights, voices } = weighed;
  const parts = { ...sums(index, weights, voices, asked.ranking, arena), index, asked, kept: keeping(index, weighed) };
  const scores = arena.floats(index.items.length);
  for (let row = 0; row < scores.length; row += STRIDE) {
    yield;
    fill(parts, index.every, row, Math.min(row + STRIDE, scores.length), scores);
  }
  const room = { arena, here: arena.floats(index.columns.size), heard: arena.floats(weights.length) };
  return { ...parts, ...weighed, ...room, bare: request, scores };
}

/** What evidence about something adds to the score of a row, whose topics are `here`. */
function shareOf({ index, here, weights, asked: { ranking } }: Scored, { at, row: from }: Weighted, row: number, part: number): number {
  const weight = weights[at] as number;
  if (!weight || from < 0 || from === row) return 0;
  const { to } = index.neighbours;
  const linked = to.length && from < index.items.length ? ranking.neighbours * part * linkOf(index, from, row) : 0;
  return weight * (ranking.topics * dot(index, from, here) + linked);
}

/** What each of these adds to a row's score, in their order. */
export function sharesOf(scored: Scored, among: readonly Weighted[], row: number): number[] {
  const { index, kept, here } = scored;
  const part = kept(row);
  spread(index, row, part, here);
  const shares = among.map((e) => shareOf(scored, e, row, part));
  spread(index, row, -part, here);
  return shares;
}

/** A piece of evidence, and what it adds to a row's score. */
export interface Contributor {
  readonly e: Weighted;
  readonly share: number;
}

/** Sums differ in the last digits with the order they were made in, and by no more than this part. */
const SLIGHT = 1e-9;

/** Those that add most to a row's score, at most so many, in order; of equals the earlier. Those that have nothing in common with it are not asked. */
export function strongestOf(scored: Scored, row: number, most: number): readonly Contributor[] {
  const { index, evidence, weights, kept, asked, here, heard: sums } = scored;
  const { ends, who, says } = scored.voices;
  const { start, column, value, columns } = index;
  const { topics, neighbours } = asked.ranking;
  const part = kept(row);
  sums.fill(0);
  const hear = (c: number, times: number) => {
    for (let k = ends[c] as number, last = ends[c + 1] as number; k < last; k++) {
      const at = who[k] as number;
      sums[at] = (sums[at] as number) + times * (says[k] as number);
    }
  };
  for (let i = start[row] as number, end = start[row + 1] as number; i < end; i++)
    hear(column[i] as number, topics * part * (value[i] as number));
  hear(columns.size + row, neighbours * part);
  spread(index, row, part, here);
  const top: Contributor[] = [];
  let floor = 0;
  // What came last counts most, as a rule: whoever is asked after it is seldom among them.
  for (let at = sums.length - 1; at >= 0; at--) {
    const about = (weights[at] as number) * (sums[at] as number) * (1 + SLIGHT);
    if (about <= 0 || about < floor) continue;
    const e = evidence[at] as Weighted;
    const share = shareOf(scored, e, row, part);
    if (share <= 0 || share < floor) continue;
    let place = Math.min(top.length, most - 1);
    for (; place > 0 && (top[place - 1] as Contributor).share <= share; place--) top[place] = top[place - 1] as Contributor;
    top[place] = { e, share };
    if (top.length === most) floor = (top[most - 1] as Contributor).share;
  }
  spread(index, row, -part, here);
  return top;
}

/** Asks for scores without some of the evidence. Sums are exact: after it they are as they were. */
export function askWithout<T>(scored: Scored, gone: readonly Weighted[], ask: (left: Parts) => T): T {
  add(scored, gone, -1);
  const answer = ask(scored);
  add(scored, gone, 1);
  return answer;
}

/** The same where with the evidence the last link goes: what is left of it counts in full. */
export function askBare<T>(scored: Scored, gone: readonly Weighted[], ask: (left: Parts) => T): T {
  const { index, voices, bare } = scored;
  const weights = scored.weights.slice();
  for (const { at } of gone) weights[at] = 0;
  return ask({ ...scored, ...sums(index, weights, voices, bare.ranking, createArena()) });
}

/** The places of the `most` greatest numbers above 0, in order; of equals the earlier. What nothing speaks for is not recommended. */
export function best(numbers: ArrayLike<number>, most: number): number[] {
  const top: number[] = [];
  let floor = 0;
  for (let i = 0; i < numbers.length; i++) {
    const s = numbers[i] as number;
    if (s <= floor) continue;
    let at = Math.min(top.length, most - 1);
    for (; at > 0 && (numbers[top[at - 1] as number] as number) < s; at--) top[at] = top[at - 1] as number;
    top[at] = i;
    if (top.length === most) floor = numbers[top[most - 1] as number] as number; // ties below the last place lose
  }
  return top;
}
