import type { Model } from '../model.js';
import { histories } from './counting.js';
import { solveTogether } from './crew.js';
import { easeTask, gramOf, linksOf, MOST_ITEMS, pairsOf } from './ease.js';
import { Failed } from './fail.js';
import { type Known, pack } from './pack.js';
import { pairsLinks } from './pairs.js';
import { type Desk, step } from './step.js';

export interface Built {
  readonly model: Model;
  /** Pairs of items that a visitor has in common, and those of them that fewer than `minVisitors` have. */
  readonly pairs: number;
  readonly dropped: number;
}

async function knownItems({ duck, call }: Desk): Promise<Known> {
  const items = await duck.rows<{ item: string; buyers: number }>('SELECT item, buyers FROM items ORDER BY place');
  if (items.length < 2 && !call.printSql) {
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
  progress.begin('Solving', 'items', items);
  await solveTogether(task, threads, entry, (share) => progress.at(share * items));
  progress.at(items);
  return { links: linksOf(task), ...pairsOf(task) };
}

/** From baskets to a model. `among`: whose. */
export async function build(desk: Desk, among = 'true'): Promise<Built> {
  const { call, duck, progress, today } = desk;
  const [{ n } = { n: 0 }] = await duck.rows<{ n: number }>('SELECT count(*)::DOUBLE AS n FROM baskets');
  await step(desk, 'Sorting items and visitors', histories(call, among), n);
  const known = await knownItems(desk);
  const [{ rows, visitors } = { rows: 0, visitors: 0 }] = await duck.rows<{ rows: number; visitors: number }>(
    'SELECT count(*)::DOUBLE AS rows, count(DISTINCT visitor)::DOUBLE AS visitors FROM history',
  );
  const items = known.ids.length;
  const { links, pairs, dropped } = await (call.method === 'ease' ? ease(desk, items, rows) : pairsLinks(desk, items, rows, among));
  progress.end();
  return { model: pack(known, links, { method: call.method, built: today, visitors }), pairs, dropped };
}
