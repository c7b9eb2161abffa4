import { readFile } from 'node:fs/promises';
import type { Item } from '../types.js';
import { type Duck, name, text } from './duck.js';
import { Failed, shown } from './fail.js';
import { kindOf, openSource } from './source.js';

export type Card = Pick<Item, 'id' | 'title'> & Partial<Item>;

/** What a list of neighbours needs to be drawn. */
const FIELDS = ['id', 'title', 'url', 'image', 'kind', 'by', 'topics'] as const;

/** Reads a catalog: a JSON list of items. */
export async function readCatalog(file: string): Promise<Item[]> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Failed(`${file} cannot be read as JSON: ${(error as Error).message}.`);
  }
  const items = Array.isArray(found) ? found : undefined;
  if (!items)
    throw new Failed(`${file} is ${found === null ? 'null' : typeof found}, expected a list of items: [{"id": …, "title": …}, …].`);
  const odd = items.findIndex((item) => typeof item?.id !== 'string');
  if (odd >= 0)
    throw new Failed(`item ${odd + 1} of ${file} has the id ${shown(items[odd]?.id)}, expected text: ids are compared as text.`);
  return items;
}

/** In a table, topics stand in one column: jazz|piano. */
const card = (row: Readonly<Record<string, string | null>>): Card => ({
  ...(Object.fromEntries(Object.entries(row).filter(([, value]) => value)) as unknown as Card),
  ...(row.topics && { topics: row.topics.split('|') }),
});

async function fromTable(duck: Duck, file: string): Promise<Card[]> {
  const source = await openSource(
    duck,
    [file],
    new Map(
      [
        ['items', 'id'],
        ['items ', 'title'],
      ].map(([option, column]) => [option, column] as [string, string]),
    ),
  );
  const here = FIELDS.filter((field) => source.columns.includes(field));
  const columns = source.columns.map((column) => `${text(column)}: 'VARCHAR'`).join(', ');
  const from =
    source.kind === 'parquet'
      ? `read_parquet(${text(file)})`
      : `read_csv(${text(file)}, auto_detect = false, header = true, delim = ${text(source.delimiter)}, quote = '"', escape = '"', columns = {${columns}})`;
  return (
    await duck.rows<Record<string, string | null>>(
      `SELECT ${here.map((field) => `${name(field)}::VARCHAR AS ${field}`).join(', ')} FROM ${from}`,
    )
  ).map(card);
}

async function fromLines(file: string): Promise<Card[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  return lines.flatMap((line, i) => {
    if (!line.trim()) return [];
    try {
      return [JSON.parse(line) as Card];
    } catch {
      throw new Failed(`${file}, line ${i + 1}, is not JSON: ${shown(line)}.`);
    }
  });
}

/** id → card. */
export async function readCards(duck: Duck, file: string): Promise<Map<string, Card>> {
  const list = /\.json$/i.test(file)
    ? await readCatalog(file)
    : kindOf(file) === 'jsonl'
      ? await fromLines(file)
      : await fromTable(duck, file);
  return new Map(
    list.map((item) => [
      item.id,
      Object.fromEntries(FIELDS.map((field) => [field, item[field]]).filter(([, value]) => value !== undefined)) as unknown as Card,
    ]),
  );
}
