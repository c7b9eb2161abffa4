import { best } from './score.js';

/** Equal steps from nothing to the greatest score. */
const DRAWERS = 1024;

/** So many are looked at together, at least: they have to be asked about one by one else. */
const BATCH = 16;

/** Writes down what some of these rows are worth now. */
export type Left = (rows: Uint32Array, from: number, to: number, worth: Float64Array) => void;

/** Rows sorted roughly, by drawer, so that whoever looks for the best need not look at all. */
export interface Drawers {
  /** What a row was worth when it was last looked at. */
  readonly worth: Float64Array;
  /**
   * The `most` best by `left`, above 0, as rows, ascending; of equals the earlier. `more` = rows to look at in any
   * case: that have no drawer, or may have risen above what they were sorted by. No other row may have, unless `all` are to be looked at.
   */
  best(left: Left, most: number, more: readonly number[], all: boolean): Uint32Array;
}

/** `scale` = drawers per point. */
const drawerOf = (score: number, scale: number) => (score > 0 ? Math.min(DRAWERS - 1, Math.floor(score * scale)) : 0);

/** Rows by drawer, the uppermost first, and how many are in each drawer and those above it. Rows of -Infinity have none. */
function sorted(scores: Float64Array, scale: number) {
  const ends = new Uint32Array(DRAWERS + 1);
  const drawers = new Int16Array(scores.length);
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] as number;
    const d = score === Number.NEGATIVE_INFINITY ? -1 : drawerOf(score, scale);
    drawers[row] = d;
    if (d >= 0) ends[d] = (ends[d] as number) + 1;
  }
  for (let d = DRAWERS - 1; d >= 0; d--) ends[d] = (ends[d] as number) + (ends[d + 1] as number);
  const rows = new Uint32Array(ends[0] as number);
  const next = ends.slice(1);
  for (let row = 0; row < drawers.length; row++) {
    const d = drawers[row] as number;
    if (d < 0) continue;
    const at = next[d] as number;
    next[d] = at + 1;
    rows[at] = row;
  }
  return { rows, ends };
}

/** What was found when looking: rows, and how many of them are in each drawer now. */
interface Found {
  readonly worth: Float64Array;
  readonly scale: number;
  readonly counts: Uint32Array;
  readonly rows: Uint32Array;
}

/** Looks at some rows, which are written down after the first `count`; returns how many are now. */
function look(
  { worth, scale, counts, rows }: Found,
  left: Left,
  among: Uint32Array,
  from: number,
  to: number,
  count: number,
  known?: ReadonlySet<number>,
) {
  left(among, from, to, worth);
  let many = count;
  for (let n = from; n < to; n++) {
    const row = among[n] as number;
    const score = worth[row] as number;
    if (score <= 0 || known?.has(row)) continue;
    const d = drawerOf(score, scale);
    counts[d] = (counts[d] as number) + 1;
    rows[many++] = row;
  }
  return many;
}

/** Of the first `count` those in a drawer above this one, and of those in it the best. */
function cut({ worth, scale, rows }: Found, count: number, drawer: number, most: number): Uint32Array {
  const last: number[] = [];
  let above = 0;
  for (let n = 0; n < count; n++) {
    const row = rows[n] as number;
    const d = drawerOf(worth[row] as number, scale);
    if (d === drawer) last.push(row);
    if (d > drawer) rows[above++] = row;
  }
  const room = most - above;
  let kept = last;
  if (last.length > room) {
    last.sort((a, b) => a - b);
    const scores = last.map((row) => worth[row] as number);
    kept = best(scores, room).map((i) => last[i] as number);
  }
  for (const row of kept) rows[above++] = row;
  return rows.slice(0, above).sort();
}

/** `scores` = of all rows; -Infinity for those that may not be shown. */
export function createDrawers(scores: Float64Array): Drawers {
  let top = 0;
  for (let row = 0; row < scores.length; row++) if ((scores[row] as number) > top) top = scores[row] as number;
  const scale = top && (DRAWERS - 1) / top;
  const { rows, ends } = sorted(scores, scale);
  const worth = new Float64Array(scores.length);
  const found = { worth, scale, counts: new Uint32Array(DRAWERS), rows: new Uint32Array(scores.length) };
  return {
    worth,
    best(left, most, more, all) {
      found.counts.fill(0);
      const first = more.length ? new Set(more) : undefined;
      let count = first ? look(found, left, Uint32Array.from(first), 0, first.size, 0) : 0;
      let drawer = DRAWERS;
      let at = 0;
      // Whoever has not been looked at is in a lower drawer than all that have been reached.
      for (let reached = 0; drawer > 0 && reached < most; reached += found.counts[drawer] as number) {
        drawer--;
        const end = all ? rows.length : (ends[drawer] as number);
        if (at >= end) continue;
        const next = Math.min(rows.length, Math.max(end, at + BATCH));
        count = look(found, left, rows, at, next, count, first);
        at = next;
      }
      return cut(found, count, drawer, most);
    },
  };
}
