import type { Duck } from './duck.js';
import { shown } from './fail.js';
import type { Inspected, Intake } from './intake.js';
import { scan } from './lines.js';
import type { Source } from './source.js';

/** Rows that were not used: why, how many, and where the first ones are. */
export interface Bad {
  readonly reason: string;
  count: number;
  readonly examples: string[];
}

const SHOWN = 3;

const REJECTED: Record<string, string> = {
  'MISSING COLUMNS': 'too few columns',
  'TOO MANY COLUMNS': 'too many columns',
  'UNQUOTED VALUE': 'text beside a quoted value',
  'INVALID ENCODING': 'not UTF-8',
  'LINE SIZE OVER MAXIMUM': 'line longer than 1 MB',
};

interface Rejected {
  readonly path: string;
  readonly type: string;
  /** Where the line begins in what DuckDB read, counted from 1. */
  readonly offset: number;
}

/** One row per rejected line, however many things are wrong with it. */
const rejectedSql = `SELECT file_path AS path, arg_min(error_type::VARCHAR, byte_position) AS type, line_byte_position::DOUBLE AS "offset"
FROM reject_errors JOIN reject_scans USING (scan_id, file_id) GROUP BY ALL ORDER BY path, "offset"`;

const judgedSql = `SELECT reason, count(*)::DOUBLE AS count, min(rowid, ${SHOWN}) AS at, arg_min(coalesce(value, ''), rowid, ${SHOWN}) AS value
FROM rows WHERE reason IS NOT NULL GROUP BY reason ORDER BY reason`;

/** What is wanted of one file: lines by where they begin, lines by their number among the accepted. */
interface Wanted {
  readonly offsets: Map<number, (line: number) => void>;
  readonly ordinals: Map<number, (line: number) => void>;
}

/** Finds line numbers as an editor counts them. DuckDB counts records, and only those it rejects. */
async function locate(
  inspected: Inspected,
  intake: Intake,
  { encoding }: Source,
  rejected: ReadonlySet<number>,
  { offsets, ordinals }: Wanted,
): Promise<void> {
  const copied = inspected.path !== inspected.file;
  let grown = 0; // DuckDB counts the bytes of what it has made UTF-8
  let [ordinal, written, left] = [intake.grammar.delimiter === undefined ? 0 : -1, 0, offsets.size + ordinals.size];
  const tell = (found: ((line: number) => void) | undefined, line: number) => {
    if (!found) return;
    found(line);
    left--;
  };
  await scan(inspected.file, intake.grammar, {
    fault: () => {},
    done: () => left <= 0,
    record: (bytes, start, end, line, offset) => {
      const begins = (copied ? written : offset) + grown;
      written += end - start + 1;
      if (encoding === 'latin-1') for (let i = start; i < end; i++) if ((bytes[i] as number) > 127) grown++;
      if (rejected.has(begins + 1)) tell(offsets.get(begins + 1), line);
      else tell(ordinals.get(ordinal++), line);
    },
  });
}

type Judged = { reason: string; count: number; at: bigint[]; value: string[] };

/** Collects reasons; examples come in the order of the files. */
function createList() {
  const found = new Map<string, Bad>();
  const of = (reason: string): Bad => {
    const bad = found.get(reason) ?? { reason, count: 0, examples: [] };
    found.set(reason, bad);
    return bad;
  };
  return {
    add: (reason: string, count: number) => {
      of(reason).count += count;
    },
    example: (reason: string, where: string) => {
      const { examples } = of(reason);
      if (examples.length < SHOWN) examples.push(where);
    },
    sorted: () => [...found.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1)),
  };
}
type List = ReturnType<typeof createList>;

/** Of one file: the lines to look up. `first`: how many accepted rows the files before it had. */
function wantedOf(
  judged: readonly Judged[],
  mine: readonly Rejected[],
  first: number,
  accepted: number,
  list: List,
  at: (line: number) => string,
): Wanted {
  const ordinals: Wanted['ordinals'] = new Map();
  for (const { reason, at: rows, value } of judged)
    for (const [i, row] of rows.entries()) {
      const ordinal = Number(row) - first;
      const said = value[i] ? ` ${shown(value[i])}` : '';
      if (ordinal >= 0 && ordinal < accepted) ordinals.set(ordinal, (line) => list.example(reason, at(line) + said));
    }
  const offsets: Wanted['offsets'] = new Map();
  const told = new Map<string, number>();
  for (const { type, offset } of mine) {
    const times = (told.get(type) ?? 0) + 1;
    told.set(type, times);
    const reason = REJECTED[type] ?? type.toLowerCase();
    if (times <= SHOWN) offsets.set(offset, (line) => list.example(reason, at(line)));
  }
  return { ordinals, offsets };
}

/** What the checking of lines and the reader found, file by file, with line numbers. Returns how many rows nobody accounts for. */
async function inFiles(
  source: Source,
  intake: Intake,
  judged: readonly Judged[],
  rejected: readonly Rejected[],
  list: List,
): Promise<number> {
  const header = intake.grammar.delimiter === undefined ? 0 : 1;
  let first = 0;
  for (const inspected of intake.files) {
    const at = (line: number) => (intake.files.length > 1 ? `${inspected.file}:${line}` : `line ${line}`);
    for (const { fault, line } of inspected.faults) {
      list.add(fault, 1);
      list.example(fault, at(line));
    }
    const mine = rejected.filter(({ path }) => path === inspected.path);
    const accepted = Math.max(0, inspected.records - header - mine.length);
    const wanted = wantedOf(judged, mine, first, accepted, list, at);
    if (wanted.offsets.size + wanted.ordinals.size)
      await locate(inspected, intake, source, new Set(mine.map(({ offset }) => offset)), wanted);
    first += accepted;
  }
  return first;
}

function inRows(judged: readonly Judged[], list: List): void {
  for (const { reason, at, value } of judged)
    for (const [i, row] of at.entries()) list.example(reason, `row ${Number(row) + 1}${value[i] ? ` ${shown(value[i])}` : ''}`);
}

/** Every row that was not used, by reason, the most frequent first; and how many rows there were in all. */
export async function badRows(duck: Duck, source: Source, intake: Intake): Promise<{ bad: Bad[]; rows: number }> {
  const [{ accepted } = { accepted: 0 }] = await duck.rows<{ accepted: number }>('SELECT count(*)::DOUBLE AS accepted FROM rows');
  const judged = await duck.rows<Judged>(judgedSql);
  const list = createList();
  for (const { reason, count } of judged) list.add(reason, count);
  if (source.kind === 'parquet') {
    inRows(judged, list);
    return { bad: list.sorted(), rows: accepted };
  }
  const rejected = await duck.rows<Rejected>(rejectedSql);
  for (const { type } of rejected) list.add(REJECTED[type] ?? type.toLowerCase(), 1);
  const expected = await inFiles(source, intake, judged, rejected, list);
  if (expected > accepted) list.add('lost by the CSV reader', expected - accepted);
  const faults = intake.files.reduce((sum, { faults: { length } }) => sum + length, 0);
  return { bad: list.sorted(), rows: accepted + rejected.length + faults + Math.max(0, expected - accepted) };
}
