import type { Call } from './call.js';
import { name, text } from './duck.js';
import { LONGEST } from './lines.js';
import type { Source } from './source.js';

// SQL that turns any of the files into one table, `rows`: a row per record, in their order, the bad ones with their reason.

/** Ways that exports spell "nobody". A visitor called NULL would be everyone who was not signed in. */
const NOTHING = ['', 'NULL', 'null', '\\N', 'NaN', 'nan', 'None', 'undefined'];
/** A catalog takes no longer id. Characters. */
const LONGEST_ID = 200;
/** No one bought, played or read more at a time: a mistake in the file. */
const MOST = 1e9;

const clock = (date: string) =>
  ['', ' %H:%M:%S', ' %H:%M', ' %H:%M:%S.%f', ' %I:%M:%S %p', ' %I:%M %p', 'T%H:%M:%S'].map((at) => date + at);
const formats = (...dates: string[]) => `[${dates.flatMap(clock).map(text).join(', ')}]`;

const DAY_FIRST = formats('%d/%m/%Y', '%d-%m-%Y');
const MONTH_FIRST = formats('%m/%d/%Y', '%m-%d-%Y');
const DOTTED = formats('%d.%m.%Y');
const SPELT = formats('%d %b %Y', '%d %B %Y', '%b %d, %Y', '%B %d, %Y', '%d-%b-%Y', '%a, %d %b %Y', '%a %b %d %Y');

/** How nearly every export writes a time, told by its shape alone: no other reading is tried, which makes the pass twice as fast. */
const USUAL = ['____-__-__', '____-__-__ __:__:__', '____-__-__T__:__:__', '____-__-__ __:__']
  .map((shape) => `t LIKE ${text(shape)}`)
  .join(' OR ');

/** Other readings, from the most common to the rarest; a number counts seconds, milliseconds or microseconds. */
const macros = ({ dates }: Call) => [
  `CREATE OR REPLACE MACRO counted(n) AS CASE WHEN n BETWEEN 1e8 AND 1e11 THEN make_timestamp((n * 1e6)::BIGINT)
  WHEN n BETWEEN 1e11 AND 1e13 THEN make_timestamp((n * 1e3)::BIGINT) WHEN n BETWEEN 1e14 AND 1e16 THEN make_timestamp(n::BIGINT) END`,
  `CREATE OR REPLACE MACRO slashed(t) AS t LIKE '_/%' OR t LIKE '__/%' OR t LIKE '_-%' OR t LIKE '__-%'`,
  `CREATE OR REPLACE MACRO day_first(t) AS try_strptime(t, ${DAY_FIRST})`,
  `CREATE OR REPLACE MACRO month_first(t) AS try_strptime(t, ${MONTH_FIRST})`,
  `CREATE OR REPLACE MACRO spelt(t) AS timezone('UTC', try_strptime(regexp_replace(t, ' (GMT|UTC|Z)$', ''), ${SPELT}))`,
  `CREATE OR REPLACE MACRO unusual(t) AS CASE
  WHEN t LIKE '____-%' OR t LIKE '____/%' THEN timezone('UTC', TRY_CAST(t AS TIMESTAMPTZ))
  WHEN slashed(t) THEN ${{ dmy: 'coalesce(day_first(t), spelt(t))', mdy: 'coalesce(month_first(t), spelt(t))', none: 'coalesce(day_first(t), month_first(t), spelt(t))' }[dates ?? 'none']}
  WHEN regexp_full_match(t, '(19|20)[0-9]{6}') THEN try_strptime(t, '%Y%m%d')
  WHEN TRY_CAST(t AS DOUBLE) IS NOT NULL THEN counted(TRY_CAST(t AS DOUBLE))
  ELSE coalesce(try_strptime(t, ${DOTTED}), spelt(t)) END`,
  `CREATE OR REPLACE MACRO instant(t) AS CASE WHEN ${USUAL} THEN TRY_CAST(t AS TIMESTAMP) ELSE unusual(trim(t)) END`,
  // d or m where only the day or only the month can come first, ? where either can; what cannot be read shows nothing.
  `CREATE OR REPLACE MACRO form(t) AS ${
    dates
      ? 'NULL::VARCHAR'
      : `CASE WHEN slashed(t) THEN CASE WHEN day_first(t) IS NULL AND month_first(t) IS NULL THEN NULL
    WHEN month_first(t) IS NULL THEN 'd' WHEN day_first(t) IS NULL THEN 'm' WHEN day_first(t) <> month_first(t) THEN '?' END END`
  }`,
];

const list = (texts: readonly string[]) => `[${texts.map(text).join(', ')}]`;

/** The lines as they are, in one column: neither JSON nor its mistakes are DuckDB's to skip. */
const jsonLines = (
  files: readonly string[],
  encoding: string,
) => `(SELECT CASE WHEN json_valid(line) THEN line ELSE '{}' END AS line, json_valid(line) AS sound FROM read_csv(${list(files)}, auto_detect = false, header = false,
    delim = ${text('\u0001')}, quote = '', escape = '', columns = {'line': 'VARCHAR'}, encoding = ${text(encoding)}, max_line_size = ${4 * LONGEST},
    ignore_errors = true, store_rejects = true) WHERE line <> '')`;

function csvFile(source: Source, files: readonly string[], quotes: boolean): string {
  const quote = quotes ? `quote = '"', escape = '"'` : `quote = '', escape = ''`;
  const columns = source.columns.map((column) => `${text(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${list(files)}, auto_detect = false, header = true, delim = ${text(source.delimiter)}, ${quote},
    columns = {${columns}}, encoding = ${text(source.encoding)}, max_line_size = ${4 * LONGEST}, ignore_errors = true, store_rejects = true)`;
}

const field = (column: string) => `json_extract_string(line, ${text(`$."${column.replaceAll('"', '\\"')}"`)})`;

/** Where from, and each of the four columns as text (or, in Parquet, a time that is one already). */
function pick(call: Call, source: Source, files: readonly string[], quotes: boolean) {
  const { visitor, item, time, weight } = call;
  if (source.kind === 'jsonl') {
    const of = (column: string | undefined) => (column === undefined ? 'NULL' : field(column));
    return {
      from: jsonLines(files, source.encoding),
      visitor: of(visitor),
      item: of(item),
      time: of(time),
      weight: of(weight),
      sound: 'sound',
    };
  }
  const of = (column: string | undefined) => (column === undefined ? 'NULL' : `CAST(${name(column)} AS VARCHAR)`);
  const from = source.kind === 'csv' ? csvFile(source, files, quotes) : `read_parquet(${list(files)})`;
  return { from, visitor: of(visitor), item: of(item), time: of(time), weight: of(weight), sound: 'true' };
}

/** `list_contains` where one would write IN: that makes DuckDB join, and forget how far it is. */
const reasons = ({ time, weight }: Call) => `CASE
    WHEN NOT sound THEN 'line is not JSON'
    WHEN visitor IS NULL OR list_contains(${list(NOTHING)}, visitor) THEN 'visitor is missing'
    WHEN item IS NULL OR list_contains(${list(NOTHING)}, item) THEN 'item is missing'
    WHEN length(item) > ${LONGEST_ID} THEN 'item id is over ${LONGEST_ID} letters'${
      time === undefined
        ? ''
        : `
    WHEN time IS NULL OR trim(time) = '' THEN 'time is missing'
    WHEN coalesce(moment NOT BETWEEN '1970-01-01' AND '2200-01-01', true) THEN 'time cannot be read'`
    }${
      weight === undefined
        ? ''
        : `
    WHEN coalesce(NOT isfinite(amount), true) THEN 'weight is not a number'
    WHEN amount <= 0 THEN 'weight is not above 0'
    WHEN amount > ${MOST} THEN 'weight is over ${MOST}'`
    } END`;

/** The one pass over the files. */
export function readingSql(call: Call, source: Source, files: readonly string[], quotes: boolean): string[] {
  const { from, visitor, item, time, weight, sound } = pick(call, source, files, quotes);
  const [moment, form] = call.time === undefined ? ['NULL::TIMESTAMP', 'NULL::VARCHAR'] : ['instant(time)', 'form(trim(time))'];
  return [
    ...(call.time === undefined ? [] : macros(call)),
    `CREATE OR REPLACE TABLE rows AS
WITH raw AS (SELECT trim(${visitor}) AS visitor, trim(${item}) AS item, ${time} AS time, ${weight} AS weight, ${sound} AS sound
  FROM ${from}),
understood AS (SELECT *, ${moment} AS moment, ${form} AS form, TRY_CAST(weight AS DOUBLE) AS amount FROM raw),
judged AS (SELECT *, ${reasons(call)} AS reason FROM understood)
SELECT hash(visitor) AS visitor, item, moment AS time, form, ${call.weight === undefined ? '1::FLOAT' : 'TRY_CAST(amount AS FLOAT)'} AS weight, reason,
  CASE WHEN reason LIKE 'time%' OR form = '?' THEN left(time, 40) WHEN reason LIKE 'weight%' THEN left(weight, 40) END AS value
FROM judged`,
  ];
}

/** 05/04/2026 means what the rest of the column shows: days over 12 come first or second, never both. */
export const DATES = `UPDATE rows SET
  time = CASE WHEN shows.m > 0 THEN make_timestamp(year(time), day(time), month(time), hour(time), minute(time), second(time)) ELSE time END,
  reason = CASE WHEN (shows.d > 0) = (shows.m > 0) THEN coalesce(reason, 'day or month first is not clear') ELSE reason END
FROM (SELECT count(*) FILTER (form = 'd') AS d, count(*) FILTER (form = 'm') AS m FROM rows) AS shows
WHERE form = '?'`;
