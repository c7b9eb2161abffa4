import type { Arena } from './arena.js';

/** Equal steps from nothing to the greatest score. */
const DRAWERS = 1024;

/** So many more are looked at together, at least: they have to be asked about one by one else. */
const BATCH = 8;

/** Writes down what some of these rows are worth now. */
export type Left = (rows: Uint32Array, from: number, to: number, worth: Float64Array) => void;

/** Rows sorted roughly, by drawer, so that whoever looks for the best need not look at all. */
export interface Drawers {
  /** What a row was worth when it was last looked at. */
  readonly worth: Float64Array;
  /**
   * The `most` best by `left`, above 0, as rows, ascending, until the next are asked for; of equals the earlier. `more` = rows to look at in any
   * case: that have no drawer, or may have risen above what they were sorted by. No other row may have, unless `all` are to be looked at.
   */
  best(left: Left, most: number, more: readonly number[], all: boolean): Uint32Array;
}

/** `scale` = drawers per point. */
const drawerOf = (score: number, scale: number) => (score > 0 ? Math.min(DRAWERS - 1, Math.floor(score * scale)) : 0);

/** Rows by drawer, the uppermost first, and how many are in each drawer and those above it. Rows of -Infinity have none. */
function sorted(scores: Float64Array, scale: number, arena: Arena) {
  const ends = arena.words(DRAWERS + 1);
  const drawers = arena.words(scores.length);
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] as number;
    if (score === Number.NEGATIVE_INFINITY) continue;
    const d = drawerOf(score, scale);
    drawers[row] = d + 1;
    ends[d] = (ends[d] as number) + 1;
  }
  for (let d = DRAWERS - 1; d >= 0; d--) ends[d] = (ends[d] as number) + (ends[d + 1] as number);
  const rows = arena.words(ends[0] as number);
  const next = arena.words(DRAWERS);
  next.set(ends.subarray(1));
  for (let row = 0; row < drawers.length; row++) {
    const d = drawers[row] as number;
    if (!d) continue;
    const at = next[d - 1] as number;
    next[d - 1] = at + 1;
    rows[at] = row;
  }
  return { rows, ends };
}

/** The greatest but `most - 1` of the first `count` numbers, which lose their order (Hoare's FIND, 1961). */
function nth(numbers: number[], count: number, most: number): number {
  const at = most - 1;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = numbers[at] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((numbers[i] as number) > middle) i++;
      while ((numbers[j] as number) < middle) j--;
      if (i > j) break;
      const one = numbers[i] as number;
      numbers[i++] = numbers[j] as number;
      numbers[j--] = one;
    }
    if (j < at) low = i;
    if (i > at) high = j;
  }
  return numbers[at] as number;
}

/** Those that were looked at and are worth something now, and which of them are the best. */
function createFound(worth: Float64Array, scale: number, arena: Arena) {
  const found: number[] = [];
  const values: number[] = [];
  let count = 0;
  /** How many of them are in each drawer now; and how many in `lowest` or above it. */
  const tally = arena.words(DRAWERS);
  let lowest = DRAWERS;
  let above = 0;
  let room = arena.words(0);
  /** Whether so many are in this drawer now, or above it: none that is still to come is above it. */
  const isEnough = (most: number, drawer: number) => {
    while (lowest > drawer && above < most) above += tally[--lowest] as number;
    return above >= most;
  };
  /** Leaves out those that are surely not among the best. */
  const narrow = (most: number) => {
    if (!isEnough(most, 0)) return;
    let many = 0;
    for (let n = 0; n < count; n++) {
      if (drawerOf(values[n] as number, scale) < lowest) continue;
      values[many] = values[n] as number;
      found[many++] = found[n] as number;
    }
    count = many;
  };
  return {
    isEnough,
    clear() {
      tally.fill(0);
      count = 0;
      lowest = DRAWERS;
      above = 0;
    },
    add(row: number, value: number) {
      values[count] = value;
      found[count++] = row;
      const d = drawerOf(value, scale);
      tally[d] = (tally[d] as number) + 1;
    },
    best(most: number): Uint32Array {
      narrow(most);
      const least = count > most ? nth(values, count, most) : 0;
      let many = 0;
      for (let n = 0; n < count; n++) {
        const row = found[n] as number;
        if ((worth[row] as number) >= least) found[many++] = row;
      }
      if (many > room.length) room = arena.words(2 * many);
      const rows = room.subarray(0, many);
      for (let n = 0; n < many; n++) rows[n] = found[n] as number;
      rows.sort();
      for (let n = many - 1; many > most; n--) {
        if ((worth[rows[n] as number] as number) > least) continue;
        rows.copyWithin(n, n + 1);
        many--;
      }
      return rows.subarray(0, many);
    },
  };
}

/** `scores` = of all rows; -Infinity for those that may not be shown. */
export function createDrawers(scores: Float64Array, arena: Arena): Drawers {
  let top = 0;
  for (let row = 0; row < scores.length; row++) if ((scores[row] as number) > top) top = scores[row] as number;
  const scale = top && (DRAWERS - 1) / top;
  const { rows, ends } = sorted(scores, scale, arena);
  const worth = arena.floats(scores.length);
  const found = createFound(worth, scale, arena);
  return {
    worth,
    best(left, most, more, all) {
      found.clear();
      if (more.length) left(Uint32Array.from(more), 0, more.length, worth);
      let risen = false;
      for (const row of new Set(more)) {
        const value = worth[row] as number;
        // Those that have not risen are met below, where they are.
        const isNew = scores[row] === Number.NEGATIVE_INFINITY;
        if (value <= 0 || value <= (scores[row] as number) || (all && !isNew)) continue;
        found.add(row, value);
        if (!isNew) risen = true;
      }
      let drawer = all ? 0 : DRAWERS;
      // Whoever has not been looked at is in a lower drawer than all that have been reached.
      for (let at = 0, next = most; at < rows.length; next = at + (at >> 3) + BATCH) {
        while (drawer > 0 && (ends[drawer] as number) < next) drawer--;
        const end = ends[drawer] as number;
        left(rows, at, end, worth);
        for (; at < end; at++) {
          const row = rows[at] as number;
          const value = worth[row] as number;
          if (value > 0 && (!risen || value <= (scores[row] as number))) found.add(row, value);
        }
        if (drawer > 0 && found.isEnough(most, drawer)) break;
      }
      return found.best(most);
    },
  };
}
