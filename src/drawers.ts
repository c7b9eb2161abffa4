import { best } from './score.js';

/** Equal steps from nothing to the greatest score. */
const DRAWERS = 1024;

/** Rows sorted roughly, by drawer, so that whoever looks for the best need not look at all. */
export interface Drawers {
  /** What a row was worth when it was last looked at. */
  readonly worth: Float64Array;
  /**
   * The `most` best by `left`, above 0, as rows, ascending; of equals the earlier. `more` = rows to look at in any
   * case: that have no drawer, or have risen above what they were sorted by. No other row may have risen, unless `all` are to be looked at.
   */
  best(left: (row: number) => number, most: number, more: readonly number[], all: boolean): Uint32Array;
}

/** Rows by drawer, the uppermost first, and how many are in each drawer and those above it. Rows of -Infinity have none. */
function sorted(scores: Float64Array, drawerOf: (score: number) => number) {
  const ends = new Uint32Array(DRAWERS + 1);
  const drawers = new Int16Array(scores.length);
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] as number;
    const d = score === Number.NEGATIVE_INFINITY ? -1 : drawerOf(score);
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

/** `scores` = of all rows; -Infinity for those that may not be shown. */
export function createDrawers(scores: Float64Array): Drawers {
  let top = 0;
  for (let row = 0; row < scores.length; row++) if ((scores[row] as number) > top) top = scores[row] as number;
  const scale = top && (DRAWERS - 1) / top;
  const drawerOf = (score: number) => (score > 0 ? Math.min(DRAWERS - 1, Math.floor(score * scale)) : 0);
  const { rows, ends } = sorted(scores, drawerOf);
  const worth = new Float64Array(scores.length);
  const counts = new Uint32Array(DRAWERS);
  /** Those in a drawer above this one, and of those in it the best. */
  function cut(found: readonly number[], drawer: number, most: number): number[] {
    const above: number[] = [];
    const last: number[] = [];
    for (const row of found) {
      const d = drawerOf(worth[row] as number);
      if (d > drawer) above.push(row);
      else if (d === drawer) last.push(row);
    }
    const room = most - above.length;
    if (last.length <= room) return [...above, ...last];
    const equals = new Uint32Array(last).sort();
    const scores = Array.from(equals, (row) => worth[row] as number);
    return [...above, ...best(scores, room).map((i) => equals[i] as number)];
  }
  return {
    worth,
    best(left, most, more, all) {
      counts.fill(0);
      const found: number[] = [];
      const look = (row: number) => {
        const score = left(row);
        if (score <= 0) return;
        worth[row] = score;
        const d = drawerOf(score);
        counts[d] = (counts[d] as number) + 1;
        found.push(row);
      };
      const first = new Set(more);
      for (const row of first) look(row);
      let drawer = DRAWERS;
      let at = 0;
      // Whoever has not been looked at is in a lower drawer than all that have been reached.
      for (let reached = 0; drawer > 0 && reached < most; reached += counts[drawer] as number) {
        drawer--;
        for (const end = all ? rows.length : (ends[drawer] as number); at < end; at++)
          if (!first.size || !first.has(rows[at] as number)) look(rows[at] as number);
      }
      return new Uint32Array(cut(found, drawer, most)).sort();
    },
  };
}
