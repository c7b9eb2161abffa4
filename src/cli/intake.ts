import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Audit, type Fault, type Grammar, scan } from './lines.js';
import type { Progress } from './report.js';
import type { Source } from './source.js';

/** A place in a file, as a person looks it up. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One file: what it is called, what is read in its place, what was found in it. */
export interface Inspected extends Audit {
  readonly file: string;
  /** The file itself, or a copy without the lines that no reader can be trusted with. */
  readonly path: string;
  readonly faults: readonly { readonly fault: Fault; readonly line: number }[];
}

export interface Intake {
  readonly files: readonly Inspected[];
  readonly grammar: Grammar;
  readonly quotes: boolean;
}

export const grammarOf = ({ kind, delimiter }: Source): Grammar => ({ delimiter: kind === 'csv' ? delimiter.charCodeAt(0) : undefined });

/** Keeps the sound records, each with one kind of line break. */
async function copy({ file, path }: Inspected, grammar: Grammar, watch: (bytes: number) => void): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const out = createWriteStream(path);
  let parts: Buffer[] = [];
  let size = 0;
  const flush = () => {
    out.write(Buffer.concat(parts));
    parts = [];
    size = 0;
  };
  const newline = Buffer.from('\n');
  const record = (bytes: Buffer, start: number, end: number) => {
    parts.push(Buffer.from(bytes.subarray(start, end)), newline);
    size += end - start + 1;
    if (size > 1 << 20) flush();
  };
  await scan(file, grammar, { record, fault: () => {} }, watch);
  flush();
  out.end();
  await finished(out);
}

async function inspect(file: string, folder: string, grammar: Grammar, watch: (bytes: number) => void): Promise<Inspected> {
  const faults: { fault: Fault; line: number }[] = [];
  const found = { record: () => {}, fault: (fault: Fault, line: number) => faults.push({ fault, line }) };
  const audit = await scan(file, grammar, found, watch);
  const mixed = audit.returns > 0 && audit.returns < audit.records;
  if (!faults.length && !mixed) return { ...audit, file, path: file, faults };
  return { ...audit, file, path: join(folder, 'sound', basename(file).replace(/\.gz$/i, '')), faults };
}

/** Goes through files one after the other, with how far it is in all of them. */
async function each<T extends { readonly file: string }>(
  what: string,
  files: readonly T[],
  progress: Progress,
  visit: (one: T, i: number, watch: (bytes: number) => void) => Promise<void>,
): Promise<void> {
  if (!files.length) return;
  const sizes = await Promise.all(files.map(({ file }) => stat(file)));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  progress.begin(what, 'bytes', total);
  let before = 0;
  for (const [i, one] of files.entries()) {
    await visit(one, i, (bytes) => progress.at(before + bytes));
    before += sizes[i]?.size ?? 0;
    progress.at(before);
  }
}

/** Looks through every line before DuckDB does. Parquet has no lines. `dry`: no copy is made, only its place told. */
export async function openIntake(source: Source, folder: string, progress: Progress, dry: boolean): Promise<Intake> {
  const grammar = grammarOf(source);
  const files: Inspected[] = [];
  if (source.kind === 'parquet')
    return {
      files: source.files.map((file) => ({ file, path: file, faults: [], records: 0, lines: 0, returns: 0, quotes: false })),
      grammar,
      quotes: false,
    };
  const named = source.files.map((file) => ({ file }));
  await each('Checking lines', named, progress, async ({ file }, i, watch) => {
    files.push(await inspect(file, join(folder, String(i)), grammar, watch));
  });
  const unsound = files.filter(({ file, path }) => path !== file);
  if (dry) for (const { file, path } of unsound) progress.begin(`${path} is ${file} without the lines that no reader can be trusted with`);
  else await each('Copying sound lines', unsound, progress, (one, _, watch) => copy(one, grammar, watch));
  return { files, grammar, quotes: files.some(({ quotes }) => quotes) };
}
