import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { build, type Desk, step } from './build.js';
import type { Call } from './call.js';
import { readCards } from './cards.js';
import { baskets, HELD_OUT, within } from './counting.js';
import { openDuck } from './duck.js';
import { evaluate } from './evaluate.js';
import { Failed } from './fail.js';
import { type Bad, badRows } from './faults.js';
import { openIntake } from './intake.js';
import { openWorkplace, type Workplace } from './place.js';
import { queries } from './queries.js';
import { DATES, readingSql } from './reading.js';
import { createProgress, type Voices } from './report.js';
import { openSource, type Source } from './source.js';
import { countsOf, summary } from './summary.js';
import { writeAll } from './write.js';

/** Option → column, of those that were named. */
const wanted = ({ visitor, item, time, weight }: Call) =>
  new Map(Object.entries({ visitor, item, time, weight }).filter((entry): entry is [string, string] => entry[1] !== undefined));

const today = () =>
  new Date(process.env.SOURCE_DATE_EPOCH ? Number(process.env.SOURCE_DATE_EPOCH) * 1000 : Date.now()).toISOString().slice(0, 10);

function checkUsable(rows: number, bad: readonly Bad[]): void {
  const used = rows - bad.reduce((sum, { count }) => sum + count, 0);
  if (used > 0) return;
  const why = bad.map(({ reason, count, examples }) => `${reason}: ${count} (${examples[0] ?? 'no example'})`).join('; ');
  throw new Failed(rows ? `none of ${rows} rows can be used. ${why}.` : 'there are no rows under the header.');
}

/** Files → rows: each line looked at, every bad one known by reason and line. */
async function read(desk: Desk, source: Source, folder: string) {
  const { call, duck, progress } = desk;
  const intake = await openIntake(source, folder, progress);
  const files = intake.files.map(({ path }) => path);
  const records = intake.files.reduce((sum, file) => sum + file.records, 0);
  await step(desk, 'Reading', readingSql(call, source, files, intake.quotes), records);
  const [unclear] = call.time ? await duck.rows("SELECT 1 FROM rows WHERE form = '?' LIMIT 1") : [];
  if (unclear) await step(desk, 'Settling dates', [DATES]);
  const found = await badRows(duck, source, intake);
  checkUsable(found.rows, found.bad);
  return found;
}

async function work(desk: Desk, place: Workplace, source: Source, voices: Voices, began: number): Promise<void> {
  const { call, duck, progress } = desk;
  const { rows, bad } = await read(desk, source, place.folder);
  const cards = call.items ? await readCards(duck, call.items) : undefined;
  await step(desk, 'Collecting baskets', baskets(call));
  const quality = call.evaluate ? await evaluate(duck, (await build(desk, `NOT (${HELD_OUT})`)).model, call.time !== undefined) : undefined;
  const built = await build(desk);
  const counts = await countsOf(duck, rows, bad, within(call));
  progress.begin('Writing');
  const written = await writeAll(place.made, built.model, call, cards);
  place.publish();
  progress.end();
  const seconds = (performance.now() - began) / 1000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const machine = { seconds, processor: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS * 1024 };
  for (const line of summary({ call, rows, bad, counts, built, quality, written, folder: resolve(call.out), ...machine })) voices.out(line);
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
export async function neighbours(call: Call, voices: Voices, entry?: URL): Promise<void> {
  const began = performance.now();
  const progress = createProgress(voices, () => performance.now());
  const place = openWorkplace(call.out, call.printSql);
  if (place.finished) voices.err(`fordi: an earlier run was killed while it filled ${call.out}; its model is complete now.\n`);
  const detach = stopCleanly(place, voices);
  const threads = call.threads ?? availableParallelism();
  try {
    const duck = await openDuck(place.folder, call.memory, threads);
    try {
      const source = await openSource(duck, call.files, wanted(call));
      if (call.printSql) for (const sql of queries(call, source, place.folder, threads)) voices.out(sql);
      else await work({ call, duck, progress, threads, entry, today: today() }, place, source, voices, began);
    } finally {
      duck.close();
    }
  } finally {
    progress.end();
    detach();
    place.clear();
  }
}
