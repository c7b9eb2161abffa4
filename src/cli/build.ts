import type { Model } from '../model.js';
import type { Call } from './call.js';
import { histories } from './counting.js';
import { solveTogether } from './crew.js';
import type { Duck } from './duck.js';
import { easeTask, gramOf, linksOf, MOST_ITEMS, pairsOf } from './ease.js';
import { Failed } from './fail.js';
import { type Known, pack } from './pack.js';
import { pairsLinks } from './pairs.js';
import type { Progress } from './report.js';

/** What a model is built with. */
export interface Desk {
  readonly call: Call;
  readonly duck: Duck;
  readonly progress: Progress;
  readonly threads: number;
  /** The file that a thread runs; without it there is one thread. */
  readonly entry: URL | undefined;
  /** UTC day. */
  readonly today: string;
}

export interface Built {
  readonly model: Model;
  /** Pairs of items that a visitor has in common, and those of them that fewer than `minVisitors` have. */
  readonly pairs: number;
  readonly dropped: number;
}

/** Runs queries, with DuckDB's own progress; in rows, where it is known how many there are. */
export async function step({ duck, progress }: Desk, what: string, sql: readonly string[], rows = 0): Promise<void> {
  progress.begin(what, rows ? 'rows' : undefined, rows || 1);
  let most = 0;
  const timer = setInterval(() => {
    const share = duck.progress() ?? 0;
    most = rows ? Math.max(most, share) : share; // at the end of a table DuckDB begins to count anew
    progress.at(most * (rows || 1));
  }, 200);
  try {
    for (const query of sql) await duck.run(query);
  } finally {
    clearInterval(timer);
  }
  if (rows) progress.at(rows);
}

async function knownItems({ duck, call }: Desk): Promise<Known> {
  const items = await duck.rows<{ item: string; buyers: number }>('SELECT item, buyers FROM items ORDER BY place');
  if (items.length < 2) {
    const hint = call.minBuyers > 1 ? ` Is the data large enough? --min-buyers ${call.minBuyers} leaves out rarer items.` : '';
    throw new Failed(
      `${items.length ? 'one item is' : 'no items are'} left that at least ${call.minBuyers} visitors have, expected two or more.${hint}`,
    );
  }
  return { ids: items.map(({ item }) => item), buyers: items.map(({ buyers }) => buyers) };
}

async function ease(desk: Desk, items: number, rows: number) {
  const { call, duck, progress, threads, entry } = desk;
  if (items > MOST_ITEMS)
    throw new Failed(
      `--method ease solves at most ${MOST_ITEMS} items, here are ${items}. Use --method cosine, or leave out rarer items: --min-buyers ${call.minBuyers * 2}.`,
    );
  progress.begin('Counting pairs', 'rows', rows);
  const grams = await gramOf(duck, items, call.maxItems, call.weight !== undefined, progress.at);
  const task = easeTask(items, call, grams);
  progress.begin(`Solving for ${items} items`, undefined, 1);
  await solveTogether(task, threads, entry, progress.at);
  return { links: linksOf(task), ...pairsOf(task) };
}

/** From baskets to a model. `among`: whose. */
export async function build(desk: Desk, among = 'true'): Promise<Built> {
  const { call, duck, progress, today } = desk;
  await step(desk, 'Sorting items and visitors', histories(call, among));
  const known = await knownItems(desk);
  const [{ rows, visitors } = { rows: 0, visitors: 0 }] = await duck.rows<{ rows: number; visitors: number }>(
    'SELECT count(*)::DOUBLE AS rows, count(DISTINCT visitor)::DOUBLE AS visitors FROM history',
  );
  const items = known.ids.length;
  const { links, pairs, dropped } = await (call.method === 'ease'
    ? ease(desk, items, rows)
    : pairsLinks(duck, call, items, among, progress));
  progress.end();
  return { model: pack(known, links, { method: call.method, built: today, visitors }), pairs, dropped };
}
