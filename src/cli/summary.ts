import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Built } from './build.js';
import type { Call } from './call.js';
import type { Duck } from './duck.js';
import type { Quality } from './evaluate.js';
import type { Bad } from './faults.js';
import type { Reach, Written } from './write.js';

/** Everything there is to say at the end. */
export interface Outcome {
  readonly call: Call;
  readonly rows: number;
  readonly bad: readonly Bad[];
  readonly counts: Counts;
  readonly built: Built;
  readonly quality: Quality | undefined;
  readonly written: readonly Written[];
  /** Where cards were given. */
  readonly reach: Reach | undefined;
  /** The folder the files are in now. */
  readonly folder: string;
  readonly seconds: number;
  /** Of all cores together. */
  readonly processor: number;
  /** Most memory this process held. Bytes. */
  readonly peak: number;
}

export interface Counts {
  /** Good rows outside --since and --until. */
  readonly outside: number;
  readonly visitors: number;
  readonly items: number;
  readonly heavy: number;
}

/** What only DuckDB can count, once the model is built. */
export async function countsOf(duck: Duck, rows: number, bad: readonly Bad[], days: readonly string[]): Promise<Counts> {
  const good = rows - bad.reduce((sum, { count }) => sum + count, 0);
  const [{ inside } = { inside: good }] = days.length
    ? await duck.rows<{ inside: number }>(`SELECT count(*)::DOUBLE AS inside FROM rows WHERE reason IS NULL AND ${days.join(' AND ')}`)
    : [{ inside: good }];
  const [counts = { visitors: 0, items: 0, heavy: 0 }] = await duck.rows<{ visitors: number; items: number; heavy: number }>(
    `SELECT (SELECT count(DISTINCT visitor) FROM baskets)::DOUBLE AS visitors, (SELECT count(DISTINCT name) FROM baskets)::DOUBLE AS items,
  (SELECT count(DISTINCT visitor) FROM heavy)::DOUBLE AS heavy`,
  );
  return { ...counts, outside: good - inside };
}

const number = (n: number) => Math.round(n).toLocaleString('en');
const share = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
const line = (what: string, value: string) => `${what.padEnd(14)} ${value}`;

/** The best packing takes a second per megabyte; above this size the usual one of servers is measured. */
const PATIENT = 8e6;

function sizeOf({ name, bytes, note, largest }: Written, folder: string, items: number): string {
  const parts = [`${number(bytes)} bytes`];
  if (name === 'neighbours.json') {
    const quality = bytes > PATIENT ? 5 : 11;
    const packed = brotliCompressSync(readFileSync(join(folder, name)), {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality },
    }).byteLength;
    parts.push(`brotli ${number(packed)} (${(packed / items).toFixed(1)} per item)`);
  }
  if (largest !== undefined) parts.push(`largest block ${number(largest)}`);
  return line(name, [...parts, ...(note ? [note] : [])].join(', '));
}

function badLines({ rows, bad }: Outcome): string[] {
  const total = bad.reduce((sum, { count }) => sum + count, 0);
  const one = ({ reason, count, examples }: Bad) =>
    `  ${reason}: ${number(count)} (${examples.join(', ')}${count > examples.length ? ', …' : ''})`;
  return [line('bad rows', total ? `${number(total)}, ${share(total, rows)}` : 'none'), ...bad.map(one)];
}

function modelLines({ call, counts, built: { model, pairs, dropped } }: Outcome): string[] {
  const items = model.ids.length;
  const reached = model.count.filter((n) => n > 0).length;
  return [
    line(
      'visitors',
      `${number(counts.visitors)}${counts.heavy ? `, of ${number(counts.heavy)} only the latest ${call.maxItems} items` : ''}`,
    ),
    line('items', `${number(items)}, left out ${number(counts.items - items)} that fewer than ${call.minBuyers} visitors have`),
    line('pairs', `${number(pairs)}, dropped ${number(dropped)} that fewer than ${call.minVisitors} visitors have in common`),
    line('links', `${number(model.from.length)}, at most ${call.top} per item`),
    ...(items && !reached
      ? [line('note', `nothing argues for anything: --min-visitors ${call.minVisitors} asks for more than these rows have`)]
      : []),
    line('coverage', `${number(reached)} items (${share(reached, items)}) have something that argues for them`),
  ];
}

const cardsLine = ({ carded, lost, untitled }: Reach, items: number) =>
  line(
    'cards',
    `${number(carded)} of ${number(items)} items have one, left out ${number(items - carded)} blocks and ${number(lost)} links to the others` +
      (untitled ? `; ${number(untitled)} cards have no title and were not used` : ''),
  );

/** Of the four things a run can write, those that are there and that this one did not. */
function others({ written, folder }: Outcome): string[] {
  const mine = new Set(written.map(({ name }) => name));
  const there = ['neighbours.json', 'pages.jsonl', 'shards', 'catalog.json'].filter(
    (name) => !mine.has(name) && existsSync(join(folder, name)),
  );
  return there.length ? [line('note', `${there.join(', ')} beside it: not of this run, and left as it was`)] : [];
}

export function summary(outcome: Outcome): string[] {
  const { rows, counts, built, quality, written, reach, folder, seconds, processor, peak } = outcome;
  const held =
    quality &&
    `NDCG@10 ${quality.model.toFixed(4)}, popularity ${quality.popularity.toFixed(4)}, on ${number(quality.visitors)} visitors the model had not seen`;
  return [
    line('rows', `${number(rows)}${counts.outside ? `, outside the days asked for ${number(counts.outside)}` : ''}`),
    ...badLines(outcome),
    ...modelLines(outcome),
    ...(held ? [line('held out', held)] : []),
    ...(reach ? [cardsLine(reach, built.model.ids.length)] : []),
    ...written.map((one) => sizeOf(one, folder, built.model.ids.length)),
    ...others(outcome),
    line(
      'took',
      `${seconds.toFixed(1)} s (${processor.toFixed(1)} s of processor), ${number(rows / seconds)} rows/s, at most ${number(peak / 2 ** 20)} MB`,
    ),
  ];
}
