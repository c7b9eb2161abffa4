import { createWriteStream } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Model } from '../model.js';
import type { Call } from './call.js';
import { baskets, histories } from './counting.js';
import { solveTogether } from './crew.js';
import { type Duck, openDuck } from './duck.js';
import { easeTask, gramOf, linksOf, MOST_ITEMS, pairsOf } from './ease.js';
import { Failed } from './fail.js';
import { modelText, pack } from './pack.js';
import { openWorkplace } from './place.js';
import { DATES, readingSql } from './reading.js';
import { createProgress, type Progress, type Voices } from './report.js';
import { openSource } from './source.js';

interface Desk {
  readonly call: Call;
  readonly duck: Duck;
  readonly progress: Progress;
  readonly threads: number;
  readonly entry: URL | undefined;
}

async function step(desk: Desk, what: string, sql: readonly string[]): Promise<void> {
  desk.progress.begin(what, undefined, 1);
  const timer = setInterval(() => desk.progress.at(desk.duck.progress() ?? 0), 200);
  try {
    for (const query of sql) await desk.duck.run(query);
  } finally {
    clearInterval(timer);
  }
}

async function built(desk: Desk): Promise<Model> {
  const { call, duck, progress } = desk;
  await step(desk, 'Sorting out items and visitors', histories(call));
  const items = await duck.rows<{ item: string; buyers: number }>('SELECT item, buyers FROM items ORDER BY place');
  const known = { ids: items.map(({ item }) => item), buyers: items.map(({ buyers }) => buyers) };
  if (known.ids.length < 2) throw new Failed('fewer than two items are left');
  if (known.ids.length > MOST_ITEMS) throw new Failed('too many');
  const [{ rows, visitors }] = (await duck.rows<{ rows: number; visitors: number }>(
    'SELECT count(*)::DOUBLE AS rows, count(DISTINCT visitor)::DOUBLE AS visitors FROM history',
  )) as [{ rows: number; visitors: number }];
  progress.begin('Counting pairs', 'rows', rows);
  const grams = await gramOf(duck, known.ids.length, call.maxItems, call.weight !== undefined, progress.at);
  const task = easeTask(known.ids.length, call, grams);
  progress.begin('Solving', undefined, 1);
  await solveTogether(task, desk.threads, desk.entry, progress.at);
  progress.end();
  console.log(pairsOf(task));
  return pack(known, linksOf(task), { method: 'ease', built: new Date().toISOString().slice(0, 10), visitors });
}

export async function neighbours(call: Call, voices: Voices, entry?: URL): Promise<void> {
  const progress = createProgress(voices, () => performance.now());
  const place = openWorkplace(call.out);
  const threads = call.threads ?? availableParallelism();
  const duck = await openDuck(place.folder, call.memory, threads);
  const desk: Desk = { call, duck, progress, threads, entry };
  try {
    const wanted = new Map(
      Object.entries({ visitor: call.visitor, item: call.item, time: call.time, weight: call.weight }).filter(
        (e): e is [string, string] => e[1] !== undefined,
      ),
    );
    const source = await openSource(duck, call.files, wanted);
    await step(desk, 'Reading', [...readingSql(call, source, source.files, true), ...(call.time ? [DATES] : []), ...baskets(call)]);
    const model = await built(desk);
    await pipeline(Readable.from(modelText(model)), createWriteStream(join(place.folder, 'made', 'neighbours.json')));
    place.publish(['neighbours.json']);
    voices.out(JSON.stringify(await duck.rows('select reason, count(*)::DOUBLE n, any_value(value) v from rows group by reason')));
  } finally {
    duck.close();
    place.clear();
  }
}
