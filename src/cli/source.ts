import { existsSync } from 'node:fs';
import type { Call } from './call.js';
import { type Duck, text } from './duck.js';
import { didYouMean, Failed, shown, WrongCall } from './fail.js';
import { head, LONGEST } from './lines.js';

export type Kind = 'csv' | 'parquet' | 'jsonl';

export type Encoding = Call['encoding'];

/** The files to read, and how. */
export interface Source {
  readonly kind: Kind;
  readonly encoding: Encoding;
  readonly files: readonly string[];
  /** csv: the byte between fields. */
  readonly delimiter: string;
  /** Names of the columns in their order; empty for jsonl, whose lines name their own. */
  readonly columns: readonly string[];
  /** parquet: the type of each column. */
  readonly types: readonly string[];
}

const KINDS: [RegExp, Kind][] = [
  [/\.(csv|tsv|txt)(\.gz)?$/i, 'csv'],
  [/\.(jsonl|ndjson)(\.gz)?$/i, 'jsonl'],
  [/\.parquet$/i, 'parquet'],
];

export function kindOf(file: string): Kind {
  const kind = KINDS.find(([pattern]) => pattern.test(file))?.[1];
  if (kind) return kind;
  const hint = /\.json(\.gz)?$/i.test(file) ? ' One JSON object per line is .jsonl.' : '';
  throw new WrongCall(`${shown(file)} is of no known kind, expected .csv, .tsv, .parquet or .jsonl, also with .gz.${hint}`);
}

/** A name that exists is that file, brackets and stars and all; any other is a pattern. In the order of the call, each once. */
async function expand(duck: Duck, named: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const pattern of named) {
    const found = existsSync(pattern)
      ? [pattern]
      : (await duck.look<{ file: string }>(`SELECT file FROM glob(${text(pattern)}) ORDER BY file`)).map(({ file }) => file);
    if (!found.length)
      throw new Failed(`${shown(pattern)} is not there: no file of that name${/[*?[]/.test(pattern) ? ' or pattern' : ''}.`);
    files.push(...found);
  }
  return [...new Set(files)];
}

/** The fields of one line, quotes taken off. */
function fieldsOf(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let [field, quoted] = ['', false];
  for (let i = 0; i < line.length; i++) {
    const letter = line[i] as string;
    if (quoted && letter === '"' && line[i + 1] === '"') field += line[++i];
    else if (letter === '"' && (quoted || field === '')) quoted = !quoted;
    else if (letter === delimiter && !quoted) field = fields.push(field) ? '' : '';
    else field += letter;
  }
  return [...fields, field];
}

/** Columns of one name are told apart as `name`, `name 2`. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const key = name.trim().toLowerCase();
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times > 1 ? `${name.trim()} ${times}` : name.trim() || `column ${seen.size}`;
  });
}

const DELIMITERS = [',', ';', '\t', '|'];

const decode = (bytes: Buffer, encoding: Encoding) => bytes.toString(encoding === 'latin-1' ? 'latin1' : 'utf8').replace(/^\ufeff/, '');

async function header(file: string, wanted: readonly string[], encoding: Encoding) {
  const bytes = await head(file);
  if (!bytes.length) throw new Failed(`${file} is empty, expected a first line that names the columns.`);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new Failed(`${file} is UTF-16, expected UTF-8. Convert it: iconv -f utf-16 -t utf-8 ${file} > utf8.csv`);
  const [line = ''] = decode(bytes, encoding).split(/\r\n|\n|\r/, 1);
  if (line.length >= LONGEST / 4)
    throw new Failed(`${file} begins with a line of over ${LONGEST / 4} letters, expected the names of the columns.`);
  const ways = DELIMITERS.map((delimiter) => ({ delimiter, columns: distinct(fieldsOf(line, delimiter)) }));
  const score = ({ columns }: (typeof ways)[number]) => wanted.filter((name) => columns.includes(name)).length * 1e6 + columns.length;
  return ways.reduce((best, way) => (score(way) > score(best) ? way : best));
}

/** Option → column. */
export type Wanted = ReadonlyMap<string, string>;

function checkColumns(file: string, columns: readonly string[], wanted: Wanted): void {
  for (const [option, column] of wanted) {
    if (columns.includes(column)) continue;
    const there = columns.slice(0, 30).map(shown).join(', ');
    const garbled = columns.join().includes('\ufffd') ? ' They are not UTF-8: --encoding latin-1.' : didYouMean(column, columns);
    throw new Failed(`${file} has no column ${shown(column)} (--${option}). It has: ${there}.${garbled}`);
  }
}

async function csv(files: readonly string[], wanted: Wanted, encoding: Encoding): Promise<Pick<Source, 'delimiter' | 'columns'>> {
  const [first, ...others] = await Promise.all(files.map((file) => header(file, [...wanted.values()], encoding)));
  if (!first) throw new Failed('no file to read.');
  checkColumns(files[0] as string, first.columns, wanted);
  for (const [i, other] of others.entries())
    if (other.columns.join('\n') !== first.columns.join('\n'))
      throw new Failed(
        `${files[i + 1]} has other columns than ${files[0]}: ${other.columns.slice(0, 10).map(shown).join(', ')}. Read them apart, or give them one header.`,
      );
  return first;
}

async function parquet(duck: Duck, files: readonly string[], wanted: Wanted) {
  const found = await duck.look<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM read_parquet([${files.map(text).join(', ')}])`,
  );
  const columns = found.map(({ column_name }) => column_name);
  checkColumns(files[0] as string, columns, wanted);
  return { columns, types: found.map(({ column_type }) => column_type) };
}

/** JSON names its columns line by line: none is missing before all lines were read in vain. Then the first ones tell which are there. */
export async function checkNames({ kind, files, encoding }: Source, wanted: Wanted): Promise<void> {
  if (kind !== 'jsonl') return;
  const file = files[0] as string;
  const names = new Set<string>();
  for (const line of decode(await head(file), encoding).split('\n')) {
    try {
      const record: unknown = JSON.parse(line);
      if (!Array.isArray(record)) for (const name of Object.keys(Object(record))) names.add(name);
    } catch {} // counted where it was read
  }
  if (names.size) checkColumns(file, [...names], wanted);
}

/** Finds the files and looks at their first lines. */
export async function openSource(duck: Duck, named: readonly string[], wanted: Wanted, encoding: Encoding = 'utf-8'): Promise<Source> {
  const files = await expand(duck, named);
  const kind = kindOf(files[0] as string);
  const other = files.find((file) => kindOf(file) !== kind);
  if (other) throw new WrongCall(`${shown(other)} and ${shown(files[0])} are of different kinds: read one kind at a time.`);
  if (kind === 'parquet' && encoding !== 'utf-8')
    throw new WrongCall(`--encoding ${encoding} does nothing for ${shown(files[0])}: Parquet is UTF-8.`);
  const plain: Source = { kind, encoding, files, delimiter: '', columns: [], types: [] };
  if (kind === 'csv') return { ...plain, ...(await csv(files, wanted, encoding)) };
  return kind === 'parquet' ? { ...plain, ...(await parquet(duck, files, wanted)) } : plain;
}
