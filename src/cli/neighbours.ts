import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from './build.js';
import type { Call } from './call.js';
import { readCards } from './cards.js';
import { baskets, HELD_OUT, within } from './counting.js';
import { ALONE, openDuck, settings } from './duck.js';
import { evaluate } from './evaluate.js';
import { Failed } from './fail.js';
import { type Bad, badRows } from './faults.js';
import { openIntake } from './intake.js';
import { openWorkplace, type Workplace, workFolder } from './place.js';
import { printedDuck, printedProgress } from './printed.js';
import { DATES, readingSql } from './reading.js';
import { createProgress, type Voices } from './report.js';
import { checkNames, openSource, type Source } from './source.js';
import { type Desk, step } from './step.js';
import { countsOf, summary } from './summary.js';
import { writeAll } from './write.js';

/** Option → column, of those that were named. */
const wanted = ({ visitor, item, time, weight }: Call) =>
  new Map(Object.entries({ visitor, item, time, weight }).filter((entry): entry is [string, string] => entry[1] !== undefined));

const today = () =>
  new Date(process.env.SOURCE_DATE_EPOCH ? Number(process.env.SOURCE_DATE_EPOCH) * 1000 : Date.now()).toISOString().slice(0, 10);

const threadsOf = ({ threads }: Call) => threads ?? availableParallelism();

/** What the blocks of pages and shards show of an item. */
const cardsFile = ({ formats, items, catalog }: Call) =>
  formats.includes('pages') || formats.includes('shards') ? (items ?? catalog) : undefined;

/** `better`: may throw what says it better. */
async function checkUsable(rows: number, bad: readonly Bad[], better: () => Promise<void>): Promise<void> {
  const used = rows - bad.reduce((sum, { count }) => sum + count, 0);
  if (used > 0) return;
  await better();
  const why = bad.map(({ reason, count, examples }) => `${reason}: ${count} (${examples[0] ?? 'no example'})`).join('; ');
  throw new Failed(rows ? `none of ${rows} rows can be used. ${why}.` : 'there are no rows under the header.');
}

/** Files → rows: each line looked at, every bad one known by reason and line. */
async function read(desk: Desk, source: Source, folder: string) {
  const { call, duck, progress } = desk;
  const intake = await openIntake(source, folder, progress, call.printSql);
  const files = intake.files.map(({ path }) => path);
  const records = intake.files.reduce((sum, file) => sum + file.records, 0);
  await step(desk, 'Reading', readingSql(call, source, files, intake.quotes), records);
  if (call.time && !call.dates) await step(desk, 'Settling dates', [DATES], records);
  return badRows(duck, source, intake);
}

/** Everything that DuckDB is asked, from the files to the model; nothing is written but to its database. */
async function count(desk: Desk, folder: string) {
  const { call, duck } = desk;
  const source = await openSource(duck, call.files, wanted(call), call.encoding);
  const { rows, bad } = await read(desk, source, folder);
  if (!call.printSql) await checkUsable(rows, bad, () => checkNames(source, wanted(call)));
  const file = cardsFile(call);
  const cards = file === undefined ? undefined : await readCards(duck, file);
  await step(desk, 'Collecting baskets', baskets(call), rows);
  const quality = call.evaluate ? await evaluate(desk, (await build(desk, `NOT (${HELD_OUT})`)).model) : undefined;
  const built = await build(desk);
  const counts = await countsOf(duck, rows, bad, within(call));
  return { rows, bad, cards, quality, built, counts };
}

async function work(desk: Desk, place: Workplace, voices: Voices, began: number): Promise<void> {
  const { call, progress } = desk;
  const { cards, ...counted } = await count(desk, place.folder);
  progress.begin('Writing');
  const { written, reach } = await writeAll(place.made, counted.built.model, call, cards);
  place.publish();
  progress.end();
  const seconds = (performance.now() - began) / 1000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const machine = { seconds, processor: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS * 1024 };
  for (const line of summary({ call, ...counted, written, reach, folder: resolve(call.out), ...machine })) voices.out(line);
}

/** A run that is told to stop leaves nothing behind; one that is killed is swept up by the next. */
function stopCleanly(place: Workplace, voices: Voices): () => void {
  const stop = (signal: NodeJS.Signals) => {
    place.clear();
    voices.err(`\nfordi: stopped by ${signal}; the model is as it was.\n`);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return () => process.off('SIGINT', stop).off('SIGTERM', stop);
}

/** The command: rows to a model in its folder, or no change at all. */
async function make(call: Call, voices: Voices, entry?: URL): Promise<void> {
  const began = performance.now();
  const progress = createProgress(voices, () => performance.now());
  const place = openWorkplace(call.out);
  if (place.finished) voices.err(`fordi: an earlier run was killed while it filled ${call.out}; its model is complete now.\n`);
  const detach = stopCleanly(place, voices);
  const threads = threadsOf(call);
  try {
    const duck = await openDuck(join(place.folder, 'rows.duckdb'), settings(place.folder, call.memory, threads));
    try {
      await work({ call, duck, progress, threads, entry, today: today() }, place, voices, began);
    } finally {
      duck.close();
    }
  } finally {
    progress.end();
    detach();
    place.clear();
  }
}

/** The queries of such a run, in their order. */
async function print(call: Call, voices: Voices): Promise<void> {
  const threads = threadsOf(call);
  const folder = workFolder(call.out);
  const duck = printedDuck(voices, await openDuck(':memory:', ALONE));
  const progress = printedProgress(voices);
  try {
    progress.begin('Settings');
    for (const sql of settings(folder, call.memory, threads)) await duck.run(sql);
    progress.begin('Files');
    await count({ call, duck, progress, threads, entry: undefined, today: today() }, folder);
  } finally {
    duck.close();
  }
}

export const neighbours = (call: Call, voices: Voices, entry?: URL): Promise<void> =>
  call.printSql ? print(call, voices) : make(call, voices, entry);
