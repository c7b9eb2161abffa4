import type { Item } from '../types.js';
import { type Duck, name, text } from './duck.js';
import { Failed, shown } from './fail.js';
import { head } from './lines.js';
import { kindOf, openSource } from './source.js';

export type Card = Pick<Item, 'id' | 'title'> & Partial<Item>;

/** What a list of neighbours needs to be drawn. */
const FIELDS = ['id', 'title', 'url', 'image', 'kind', 'by', 'topics'] as const;

async function readText(file: string): Promise<string> {
  const bytes = await head(file, Number.POSITIVE_INFINITY);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Failed(`${file} is not UTF-8. Convert it: iconv -f latin1 -t utf-8 ${file} > utf8.json`);
  }
}

/** Ids are compared as text: 7 is not "7", and would be found nowhere. */
function checkIds<T extends Item | Card>(file: string, items: readonly T[]): readonly T[] {
  const odd = items.findIndex((item) => typeof item?.id !== 'string');
  if (odd >= 0)
    throw new Failed(`item ${odd + 1} of ${file} has the id ${shown(items[odd]?.id)}, expected text: ids are compared as text.`);
  return items;
}

/** The orders or the cards are of something else. */
export function checkMet(file: string, theirs: Iterable<string>, ours: readonly string[]): void {
  const ids = [...theirs];
  const known = new Set(ours);
  if (ids.some((id) => known.has(id))) return;
  throw new Failed(
    `none of the ${ids.length} ids of ${file} is in the model: it has ${JSON.stringify(ids[0])}, the orders have ${JSON.stringify(ours[0])}. Is --item the right column?`,
  );
}

/** Reads a catalog: a JSON list of items. */
export async function readCatalog(file: string): Promise<readonly Item[]> {
  const content = await readText(file);
  let found: unknown;
  try {
    found = JSON.parse(content);
  } catch (error) {
    throw new Failed(`${file} cannot be read as JSON: ${(error as Error).message}.`);
  }
  if (!Array.isArray(found))
    throw new Failed(`${file} is ${found === null ? 'null' : typeof found}, expected a list of items: [{"id": …, "title": …}, …].`);
  return checkIds(file, found);
}

/** In a table, topics stand in one column: jazz|piano. */
const card = (row: Readonly<Record<string, string | null>>): Card => ({
  ...(Object.fromEntries(Object.entries(row).filter(([, value]) => value)) as unknown as Card),
  ...(row.topics && { topics: row.topics.split('|') }),
});

async function fromTable(duck: Duck, file: string): Promise<Card[]> {
  const source = await openSource(duck, [file], new Map(['id', 'title'].map((column) => [`items FILE: ${column}`, column])));
  const here = FIELDS.filter((field) => source.columns.includes(field));
  const columns = source.columns.map((column) => `${text(column)}: 'VARCHAR'`).join(', ');
  const from =
    source.kind === 'parquet'
      ? `read_parquet(${text(file)})`
      : `read_csv(${text(file)}, auto_detect = false, header = true, delim = ${text(source.delimiter)}, quote = '"', escape = '"', columns = {${columns}})`;
  return (
    await duck.rows<Record<string, string | null>>(
      `SELECT ${here.map((field) => `trim(${name(field)}::VARCHAR) AS ${field}`).join(', ')} FROM ${from} WHERE trim(id::VARCHAR) <> ''`,
    )
  ).map(card);
}

async function fromLines(file: string): Promise<readonly Card[]> {
  const cards = (await readText(file)).split('\n').flatMap((line, i) => {
    if (!line.trim()) return [];
    try {
      return [JSON.parse(line) as Card];
    } catch {
      throw new Failed(`${file}, line ${i + 1}, is not JSON: ${shown(line)}.`);
    }
  });
  return checkIds(file, cards);
}

/** What can be drawn, by id; and how many of the file have no title, without which nothing can be. */
export interface Cards {
  readonly file: string;
  readonly of: ReadonlyMap<string, Card>;
  readonly untitled: number;
}

export async function readCards(duck: Duck, file: string): Promise<Cards> {
  const list = /\.json$/i.test(file)
    ? await readCatalog(file)
    : kindOf(file) === 'jsonl'
      ? await fromLines(file)
      : await fromTable(duck, file);
  const titled = list.filter(({ title }) => typeof title === 'string' && title.trim());
  const fields = (item: Card) => Object.fromEntries(FIELDS.map((field) => [field, item[field]]).filter(([, value]) => value !== undefined));
  return {
    file,
    of: new Map(titled.map((item) => [item.id, fields(item) as unknown as Card])),
    untitled: list.length - titled.length,
  };
}
