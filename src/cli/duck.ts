import { join } from 'node:path';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { Failed } from './fail.js';

export type Row = Readonly<Record<string, unknown>>;

/** DuckDB on a database file of its own: what does not fit in memory goes to the disk beside it. */
export interface Duck {
  /** Asks which files there are and what is in them; changes nothing. */
  look<T = Row>(sql: string): Promise<T[]>;
  run(sql: string): Promise<void>;
  rows<T = Row>(sql: string): Promise<T[]>;
  /** Row after row in blocks; nothing is kept. */
  blocks(sql: string): AsyncIterable<DuckDBDataChunk>;
  /** Share of the running query that is done, 0 to 1, where DuckDB knows. */
  progress(): number | undefined;
  close(): void;
}

export const INSTALL = 'npx fordi neighbours reads and counts with DuckDB, which is not installed. Add it: npm i -D @duckdb/node-api';

async function load(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    const absent = /Cannot find (package|module)/.test(String(error));
    throw new Failed(absent ? INSTALL : `DuckDB does not load: ${oneLine(error)}. Install it anew: npm i -D @duckdb/node-api`);
  }
}

/** DuckDB explains itself over many lines; the first ones say it. */
const oneLine = (error: unknown) =>
  String((error as Error).message ?? error)
    .split(/\n\s*(?:\n|Possible|LINE)/)[0]
    ?.replace(/\s+/g, ' ')
    .slice(0, 300);

const failed = (error: unknown): never => {
  const text = oneLine(error) ?? '';
  if (/Out of Memory/i.test(text)) throw new Failed(`DuckDB ran out of memory: ${text} Give it more: --memory 8GB.`);
  if (/No space left|disk is full|max_temp_directory_size/i.test(text)) throw new Failed(`the disk is full: ${text}`);
  throw new Failed(`DuckDB: ${text}`);
};

export const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
export const name = (value: string) => `"${value.replaceAll('"', '""')}"`;

/** For a look at files: nothing is fetched. */
export const ALONE = ['SET autoinstall_known_extensions = false'];

/** What makes a run repeatable anywhere: one clock, no extension fetched from the net, a fixed share of the machine. */
export const settings = (folder: string, memory: string, threads: number) => [
  `SET memory_limit = ${text(memory)}`,
  `SET threads = ${threads}`,
  `SET temp_directory = ${text(join(folder, 'spill'))}`,
  `SET TimeZone = 'UTC'`,
  ...ALONE,
  'SET preserve_insertion_order = true',
  'SET enable_progress_bar = true',
  'SET enable_progress_bar_print = false',
  'PRAGMA disable_checkpoint_on_shutdown', // the database is thrown away
];

async function* blocksOf(connection: DuckDBConnection, sql: string) {
  const result = await connection.stream(sql).catch(failed);
  for (;;) {
    const block = await result.fetchChunk().catch(failed);
    if (!block?.rowCount) return;
    yield block;
  }
}

/** `path`: where the database is; ':memory:' keeps nothing. */
export async function openDuck(path: string, first: readonly string[]): Promise<Duck> {
  const { DuckDBInstance } = await load();
  const instance = await DuckDBInstance.create(path).catch(failed);
  const connection = await instance.connect();
  for (const sql of first) await connection.run(sql).catch(failed);
  const rows = <T>(sql: string) => connection.runAndReadAll(sql).then((reader) => reader.getRowObjectsJS() as T[], failed);
  return {
    look: rows,
    run: (sql) => connection.run(sql).then(() => undefined, failed),
    rows,
    blocks: (sql) => blocksOf(connection, sql),
    progress: () => {
      const { percentage } = connection.progress;
      return percentage >= 0 ? percentage / 100 : undefined;
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
