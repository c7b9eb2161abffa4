import type { Call } from './call.js';
import { baskets, HELD_OUT, histories } from './counting.js';
import { settings } from './duck.js';
import { historiesSql } from './ease.js';
import { heldOutSql } from './evaluate.js';
import { pairsSql } from './pairs.js';
import { DATES, readingSql } from './reading.js';
import type { Source } from './source.js';

const part = (title: string, sql: readonly string[]) => [`-- ${title}`, ...sql.map((query) => `${query};`), ''];

function model(call: Call, among: string): string[] {
  const pairs = call.method === 'ease' ? [historiesSql] : pairsSql(call, among);
  const title =
    call.method === 'ease'
      ? 'Histories; XᵀX, its inverse and the refit are done in typed arrays'
      : 'Pairs, a slice of the items at a time (here: all in one)';
  return [...part('Items and whose history', histories(call, among)), ...part(title, pairs)];
}

/** The queries of a run, as they would be run. Quotes are read only where a file has them. */
export function queries(call: Call, source: Source, folder: string, threads: number): string[] {
  return [
    ...part('Settings', settings(folder, call.memory, threads)),
    ...part('Rows, each judged', readingSql(call, source, source.files, true)),
    ...(call.time && !call.dates ? part('Only if the column has dates such as 05/04/2026', [DATES]) : []),
    ...part('Baskets', baskets(call)),
    ...(call.evaluate ? [...model(call, `NOT (${HELD_OUT})`), ...part('Held-out visitors', [heldOutSql(call.time !== undefined)])] : []),
    ...model(call, 'true'),
  ];
}
