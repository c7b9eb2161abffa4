import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Model, problemOf, withNeighbours } from '../model.js';
import type { Call, Format } from './call.js';
import { type Cards, checkMet, readCatalog } from './cards.js';
import { Failed } from './fail.js';
import { outgoing } from './outgoing.js';
import { modelText } from './pack.js';

/** What was written: a name in the model's folder, and what to say of it. */
export interface Written {
  readonly name: string;
  readonly bytes: number;
  readonly note?: string;
  /** The largest block of a page. Bytes. */
  readonly largest?: number;
}

/** 32-bit FNV-1a over the id's UTF-8 bytes: ten lines in any language a shop is written in. */
export function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(id, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

const round = (x: number) => Number(x.toFixed(4));

/** Per item what its page carries: its own card, its popularity, and the items it argues for. What has no card cannot be shown. */
function* blocks(model: Model, perPage: number, cards: Cards['of'] | undefined): Generator<[id: string, block: string]> {
  const { start, to, weight } = outgoing(model);
  for (const [i, id] of model.ids.entries()) {
    if (cards && !cards.has(id)) continue;
    const links: [string, number][] = [];
    for (let k = start[i] as number; k < (start[i + 1] as number) && links.length < perPage; k++) {
      const target = model.ids[to[k] as number] as string;
      if (!cards || cards.has(target)) links.push([target, round(weight[k] as number)]);
    }
    const neighbours = cards ? links.map(([target, w]) => ({ ...cards.get(target), weight: w })) : Object.fromEntries(links);
    yield [id, JSON.stringify({ id, ...cards?.get(id), prior: round((model.prior[i] as number) / 255), popular: model.built, neighbours })];
  }
}

/** Writes text piece by piece, down to the disk: a file that is renamed before it is there may be empty after a power cut. Returns how many bytes. */
async function write(path: string, pieces: Iterable<string>): Promise<number> {
  const out = createWriteStream(path, { flush: true });
  await pipeline(Readable.from(pieces), out);
  return out.bytesWritten;
}

async function pages(folder: string, model: Model, call: Call, cards: Cards['of'] | undefined): Promise<Written> {
  let largest = 0;
  function* lines() {
    for (const [, block] of blocks(model, call.perPage, cards)) {
      largest = Math.max(largest, Buffer.byteLength(block));
      yield `${block}\n`;
    }
  }
  const bytes = await write(join(folder, 'pages.jsonl'), lines());
  return { name: 'pages.jsonl', bytes, largest };
}

/** Items per shard: about 40 KB before packing. */
const PER_SHARD = 500;

async function shards(folder: string, model: Model, call: Call, cards: Cards['of'] | undefined): Promise<Written> {
  const many = call.shards ?? Math.max(1, Math.ceil(model.ids.length / PER_SHARD));
  const parts: string[][] = Array.from({ length: many }, () => []);
  for (const [id, block] of blocks(model, call.perPage, cards)) parts[hashOf(id) % many]?.push(`${JSON.stringify(id)}:${block}`);
  await mkdir(join(folder, 'shards'));
  const about = {
    schema: 'fordi.shards/1',
    method: model.method,
    built: model.built,
    visitors: model.visitors,
    shards: many,
    hash: 'fnv1a-32',
  };
  await write(join(folder, 'shards', 'index.json'), [`${JSON.stringify(about)}\n`]);
  let bytes = 0;
  for (const [i, part] of parts.entries()) bytes += await write(join(folder, 'shards', `${i}.json`), [`{${part.join(',\n')}}\n`]);
  return { name: 'shards', bytes, note: `${many} files` };
}

async function catalog(folder: string, model: Model, call: Call): Promise<Written> {
  const items = await readCatalog(call.catalog as string);
  checkMet(
    call.catalog as string,
    items.map(({ id }) => id),
    model.ids,
  );
  const ids = new Set(model.ids);
  const known = items.filter(({ id }) => ids.has(id)).length;
  const bytes = await write(join(folder, 'catalog.json'), [`${JSON.stringify(withNeighbours(items, model))}\n`]);
  return { name: 'catalog.json', bytes, note: `${known} of ${items.length} items are in the model` };
}

const file = async (folder: string, model: Model): Promise<Written> => ({
  name: 'neighbours.json',
  bytes: await write(join(folder, 'neighbours.json'), modelText(model)),
});

/** How far the cards reach. */
export interface Reach {
  /** Items of the model that have one. */
  readonly carded: number;
  /** Links to those that have none. */
  readonly lost: number;
  /** Cards without a title. */
  readonly untitled: number;
}

function reachOf({ ids, count }: Model, { file, of, untitled }: Cards): Reach {
  checkMet(file, of.keys(), ids);
  const bare = ids.flatMap((id, i) => (of.has(id) ? [] : [count[i] as number]));
  return { carded: ids.length - bare.length, lost: bare.reduce((sum, n) => sum + n, 0), untitled };
}

/** Writes the model in each form asked for into a folder where nobody looks yet. */
export async function writeAll(folder: string, model: Model, call: Call, cards: Cards | undefined) {
  const problem = problemOf(model);
  if (problem) throw new Failed(`the model is not sound (${problem}) and was not written. Please report this.`);
  const reach = cards && reachOf(model, cards);
  const ways: Record<Format, () => Promise<Written>> = {
    file: () => file(folder, model),
    pages: () => pages(folder, model, call, cards?.of),
    shards: () => shards(folder, model, call, cards?.of),
    catalog: () => catalog(folder, model, call),
  };
  const written: Written[] = [];
  for (const format of call.formats) written.push(await ways[format]());
  return { written, reach };
}
