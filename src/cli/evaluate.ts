import type { Model } from '../model.js';
import { HELD_OUT } from './counting.js';
import { type Outgoing, outgoing } from './outgoing.js';
import type { Desk } from './step.js';

export interface Quality {
  readonly visitors: number;
  readonly model: number;
  readonly popularity: number;
}

const LIST = 10;

/**
 * Of the visitors kept out: what came last (all of it that has one time, or, without times, one item by the hash) against what
 * came before. An item they had before is neither offered nor counted.
 */
const heldOutSql = (
  timed: boolean,
) => `SELECT visitor, place, ${timed ? 'first = max(time) OVER (PARTITION BY visitor)' : 'row_number() OVER (PARTITION BY visitor ORDER BY hash(name)) = 1'} AS hidden
FROM baskets JOIN items USING (name) WHERE ${HELD_OUT} ORDER BY visitor, place`;

/** Normalized discounted gain of the first ten. */
function gain(list: readonly number[], hidden: ReadonlySet<number>): number {
  const discount = (i: number) => 1 / Math.log2(i + 2);
  const got = list.reduce((sum, place, i) => sum + (hidden.has(place) ? discount(i) : 0), 0);
  let best = 0;
  for (let i = 0; i < Math.min(LIST, hidden.size); i++) best += discount(i);
  return got / best;
}

/** The ten best of all items but those of the history: by score, then the more popular. */
function ranked(scores: ReadonlyMap<number, number>, known: ReadonlySet<number>, items: number): number[] {
  const scored = [...scores].filter(([place]) => !known.has(place)).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const list = scored.slice(0, LIST).map(([place]) => place);
  for (let place = 0; place < items && list.length < LIST; place++) if (!known.has(place) && !scores.has(place)) list.push(place);
  return list;
}

function scoresOf({ start, to, weight }: Outgoing, history: ReadonlySet<number>): Map<number, number> {
  const scores = new Map<number, number>();
  for (const place of history)
    for (let k = start[place] as number; k < (start[place + 1] as number); k++)
      scores.set(to[k] as number, (scores.get(to[k] as number) ?? 0) + (weight[k] as number));
  return scores;
}

/** How well the model names what visitors it has never seen came to next, beside naming what is popular. */
export async function evaluate({ call, duck, progress }: Desk, model: Model): Promise<Quality> {
  progress.begin('Judging', 'visitors');
  const links = outgoing(model);
  const sum = { visitors: 0, model: 0, popularity: 0 };
  let [history, hidden] = [new Set<number>(), new Set<number>()];
  const judge = () => {
    if (!history.size || !hidden.size) return;
    sum.visitors++;
    sum.model += gain(ranked(scoresOf(links, history), history, model.ids.length), hidden);
    sum.popularity += gain(ranked(new Map(), history, model.ids.length), hidden);
  };
  let last: unknown;
  for await (const block of duck.blocks(heldOutSql(call.time !== undefined))) {
    const [visitors, places, flags] = [0, 1, 2].map((i) => block.getColumnValues(i));
    for (let i = 0; i < block.rowCount; i++) {
      if (visitors?.[i] !== last) {
        judge();
        [history, hidden, last] = [new Set(), new Set(), visitors?.[i]];
      }
      (flags?.[i] ? hidden : history).add(places?.[i] as number);
    }
    progress.at(sum.visitors);
  }
  judge();
  progress.at(sum.visitors);
  const n = Math.max(1, sum.visitors);
  return { visitors: sum.visitors, model: sum.model / n, popularity: sum.popularity / n };
}
