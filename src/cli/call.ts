import { parseArgs } from 'node:util';
import { MOST_NEIGHBOURS } from '../neighbours.js';
import { didYouMean, shown, WrongCall } from './fail.js';

export const METHODS = ['ease', 'cosine', 'transitions'] as const;
export const FORMATS = ['file', 'pages', 'shards', 'catalog'] as const;
export type Method = (typeof METHODS)[number];
export type Format = (typeof FORMATS)[number];

/** What the command was asked to do, checked, with the defaults filled in. */
export interface Call {
  readonly files: readonly string[];
  readonly visitor: string;
  readonly item: string;
  readonly time: string | undefined;
  readonly weight: string | undefined;
  readonly out: string;
  readonly method: Method;
  readonly top: number;
  readonly minVisitors: number;
  readonly minBuyers: number;
  readonly maxItems: number;
  readonly lambda: number;
  readonly formats: readonly Format[];
  readonly shards: number | undefined;
  readonly perPage: number;
  readonly items: string | undefined;
  readonly catalog: string | undefined;
  readonly evaluate: boolean;
  readonly printSql: boolean;
  readonly memory: string;
  readonly threads: number | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly dates: 'dmy' | 'mdy' | undefined;
  readonly encoding: 'utf-8' | 'latin-1';
}

export const HELP = `npx fordi neighbours <file …> --visitor COLUMN --item COLUMN --out FOLDER

Reads who bought, played or read what, and writes which past items argue for which others.

  <file …>             .csv .tsv .parquet .jsonl, also .csv.gz and so on; several files and patterns such as "2026-*.csv"
  --visitor COLUMN     who: any id, read as text
  --item COLUMN        what: the id it has in the catalog, read as text
  --time COLUMN        when; needed for --since, --until and --method transitions
  --weight COLUMN      how much; summed per visitor and item, then damped: log2(1 + sum)
  --out FOLDER         where the model goes; what was there stays until the new one is complete

  --method ease        closed form (Steck 2019), at most 20,000 items; the best of the three, default
           cosine      co-occurrence, any number of items
           transitions what comes next, for sites that are used in sessions
  --top 20             at most so many items argue for one
  --min-visitors 10    a pair that fewer visitors have in common is dropped
  --min-buyers 10      an item that fewer visitors have is left out
  --max-items 1000     of a visitor who has more items the latest so many count
  --lambda N           ease: ridge, default 400; cosine and transitions: shrinkage, default 50
  --since, --until DAY only rows from and up to this day, such as 2026-11-30
  --dates dmy|mdy      how 05/04/2026 is meant, where the column does not show it
  --encoding latin-1   when the files of rows are not UTF-8 (cards and a catalog always are)

  --format file        neighbours.json, for fordi/model (default)
           pages       pages.jsonl: one line per item, the block its page carries; needs --items or --catalog
           shards      shards/<number>.json: the same blocks, by the id's hash
  --shards N           how many shards, default one per 500 items
  --per-page 200       at most so many neighbours in a page's block, the strongest; a device takes no more than 200
  --items FILE         cards (id, title, url …) for the blocks: .json, .jsonl, .csv, .tsv or .parquet; default: the catalog
  --catalog FILE.json  writes catalog.json: the same catalog with neighbours and prior

  --evaluate           first measures on a tenth of the visitors, kept out of the model
  --memory 4GB         the most memory DuckDB may use; beyond it, it works on disk
  --threads N          default: all cores
  --print-sql          prints every query of this run in its order, and writes nothing
  --help               this page

Exit codes: 0 done, 1 failed, 2 wrong call.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const OPTIONS = {
  visitor: text,
  item: text,
  time: text,
  weight: text,
  out: text,
  method: { type: 'string', default: 'ease' },
  top: { type: 'string', default: '20' },
  'min-visitors': { type: 'string', default: '10' },
  'min-buyers': { type: 'string', default: '10' },
  'max-items': { type: 'string', default: '1000' },
  lambda: text,
  format: { type: 'string', default: 'file' },
  shards: text,
  'per-page': text,
  items: text,
  catalog: text,
  evaluate: flag,
  'print-sql': flag,
  memory: { type: 'string', default: '4GB' },
  threads: text,
  since: text,
  until: text,
  dates: text,
  encoding: { type: 'string', default: 'utf-8' },
  help: flag,
} as const;

type Given = ReturnType<typeof parse>['values'];

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const { message } = error as Error;
    const unknown = /Unknown option '(-+)([^']*)'/.exec(message);
    if (!unknown) throw new WrongCall(`${message.split('\n')[0]?.replace(/\.$/, '')}. See npx fordi neighbours --help.`);
    const names = Object.keys(OPTIONS);
    const near = didYouMean(unknown[2] as string, names).replace('"', '"--');
    throw new WrongCall(
      `option ${unknown[1]}${unknown[2]} is not known.${near || ` Known: ${names.map((name) => `--${name}`).join(' ')}.`}`,
    );
  }
}

const given = (values: Given, name: keyof Given & string, why: string): string => {
  const value = values[name];
  if (typeof value === 'string' && value.trim()) return value;
  throw new WrongCall(
    `--${name} is missing, expected ${why}. Example: npx fordi neighbours orders.csv --visitor customer --item sku --out model`,
  );
};

function whole(values: Given, name: keyof Given & string, least: number, most: number, why = ''): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least && value <= most && values[name] !== '') return value;
  throw new WrongCall(`--${name} is ${shown(values[name])}, expected a whole number from ${least} to ${most}${why}.`);
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  if ((known as readonly string[]).includes(value)) return value as T;
  throw new WrongCall(`--${name} is ${shown(value)}, expected one of ${known.join(', ')}.${didYouMean(value, known)}`);
}

function day(values: Given, name: 'since' | 'until'): string | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (!values.time) throw new WrongCall(`--${name} needs to know when: name the column, --time COLUMN.`);
  const read = /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : undefined;
  if (read && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(value)) return value;
  throw new WrongCall(`--${name} is ${shown(value)}, expected a day such as 2026-11-30.`);
}

function ridge(values: Given, method: Method): number {
  if (values.lambda === undefined) return method === 'ease' ? 400 : 50;
  const value = Number(values.lambda);
  const sound = values.lambda.trim() !== '' && value >= 0 && value <= 1e9 && (value > 0 || method !== 'ease');
  if (!sound) throw new WrongCall(`--lambda is ${shown(values.lambda)}, expected a number ${method === 'ease' ? 'above' : 'from'} 0.`);
  return value;
}

function memory({ memory: value }: Given): string {
  if (/^\d+(\.\d+)?\s*(MB|GB|TB|MiB|GiB|TiB)$/i.test(value)) return value;
  throw new WrongCall(`--memory is ${shown(value)}, expected a size such as 4GB or 800MB.`);
}

function formats(values: Given): Format[] {
  const named = values.format.split(',').map((name) => oneOf('format', name.trim(), FORMATS));
  if (named.includes('catalog') && !values.catalog) throw new WrongCall('--format catalog needs the catalog: --catalog FILE.json.');
  return [...new Set([...named, ...(values.catalog ? (['catalog'] as const) : [])])];
}

/** What is said of something that was not asked for would be ignored. */
function checkUsed(values: Given, asked: readonly Format[]): void {
  const blocks = asked.includes('pages') || asked.includes('shards');
  const uses = [
    ['shards', asked.includes('shards'), '--format shards'],
    ['per-page', blocks, '--format pages or --format shards'],
    ['items', blocks, '--format pages or --format shards'],
    ['dates', values.time !== undefined, '--time COLUMN'],
  ] as const;
  const idle = uses.find(([name, used]) => values[name] !== undefined && !used);
  if (idle) throw new WrongCall(`--${idle[0]} does nothing without ${idle[2]}.`);
  if (asked.includes('pages') && !values.items && !values.catalog)
    throw new WrongCall('--format pages needs what a page shows of an item, its title at least: --items FILE or --catalog FILE.json.');
}

/** Reads the words after `neighbours`. Throws a WrongCall at the first thing that is wrong; `help` when help was asked for. */
export function readCall(args: readonly string[]): Call | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (!positionals.length)
    throw new WrongCall('no file is named, expected a .csv, .tsv, .parquet or .jsonl file. See npx fordi neighbours --help.');
  const method = oneOf('method', values.method, METHODS);
  const asked = formats(values);
  const call: Call = {
    files: positionals,
    visitor: given(values, 'visitor', 'the column that says who'),
    item: given(values, 'item', 'the column that says what'),
    time: values.time,
    weight: values.weight,
    out: given(values, 'out', 'the folder for the model'),
    method,
    top: whole(values, 'top', 1, 1000),
    minVisitors: whole(values, 'min-visitors', 1, 1e9),
    minBuyers: whole(values, 'min-buyers', 1, 1e9),
    maxItems: whole(values, 'max-items', 2, 100_000),
    lambda: ridge(values, method),
    formats: asked,
    shards: values.shards === undefined ? undefined : whole(values, 'shards', 1, 1_000_000),
    perPage:
      values['per-page'] === undefined
        ? MOST_NEIGHBOURS
        : whole(values, 'per-page', 1, MOST_NEIGHBOURS, ': a device takes no more of one item'),
    items: values.items,
    catalog: values.catalog,
    evaluate: values.evaluate,
    printSql: values['print-sql'],
    memory: memory(values),
    threads: values.threads === undefined ? undefined : whole(values, 'threads', 1, 1024),
    since: day(values, 'since'),
    until: day(values, 'until'),
    dates: values.dates === undefined ? undefined : oneOf('dates', values.dates, ['dmy', 'mdy'] as const),
    encoding: oneOf('encoding', values.encoding, ['utf-8', 'latin-1'] as const),
  };
  checkUsed(values, asked);
  if (method === 'transitions' && !call.time)
    throw new WrongCall('--method transitions needs to know when: name the column, --time COLUMN.');
  return call;
}
