import { namesOf, rarity, weightIn } from './about.js';
import { linkNeighbours, type Neighbours } from './neighbours.js';
import type { Item } from './types.js';

/** A topic weighs at most this, so that no sum is beyond numbers. */
const MOST = 1e9;

/** Topics of an item as rows of one sparse matrix, rare topics counting more (TF-IDF), each row of length 1. */
export interface Index {
  readonly items: readonly Item[];
  /** All rows of items, in the shop's order. */
  readonly every: Uint32Array;
  /** Item id → row. */
  readonly rows: ReadonlyMap<string, number>;
  /** Topic or maker → column. */
  readonly columns: ReadonlyMap<string, number>;
  /** Column → topic or maker. */
  readonly names: readonly string[];
  readonly start: Uint32Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
  /** The shop's own weight of each item, 0 to 1. */
  readonly prior: Float32Array;
  /** When each item came out; NaN where it does not say. Empty where none does. */
  readonly since: Float64Array;
  /** Rows that may not always be shown: unavailable, or over at some moment. */
  readonly limited: readonly number[];
  readonly neighbours: Neighbours;
  /** How rare a topic is: more, where fewer items are about it. */
  rare(name: string): number;
  /** Whether an item came with what the visitor did, and goes with it; absent where none did. */
  readonly came: ((id: string) => boolean) | undefined;
  /** Per row, a number for its maker; -1 where it names none. */
  readonly makers: Int32Array;
  /** What chance has drawn by now for each row under a seed, the one asked about last; below 0 where nothing yet. */
  readonly drawn: Map<number, Float64Array>;
}

const isLimited = ({ available, until }: Item) => available === false || until !== undefined;

/** `rareIn` = where topics are as rare as elsewhere. */
export function buildIndex(items: readonly Item[], rareIn?: Index['rare'], came?: Index['came']): Index {
  const columns = new Map<string, number>();
  const rows = new Map<string, number>();
  const seen: number[] = [];
  const column: number[] = [];
  const value: number[] = [];
  const start = [0];
  for (const item of items) {
    rows.set(item.id, rows.size);
    for (const name of namesOf(item)) {
      const c = columns.get(name) ?? columns.size;
      if (c === columns.size) columns.set(name, c);
      seen[c] = (seen[c] ?? 0) + 1;
      column.push(c);
      value.push(Math.min(weightIn(item, name), MOST));
    }
    start.push(column.length);
  }
  for (const c of columns.values()) {
    start.push(column.push(c)); // a topic alone is a row of one cell, after the items'
    value.push(1);
  }
  const rare = rareIn ?? ((name) => rarity(name, seen[columns.get(name) as number], items.length));
  const index: Index = {
    items,
    every: new Uint32Array(items.keys()),
    rare,
    came,
    rows,
    columns,
    names: [...columns.keys()],
    start: new Uint32Array(start),
    column: new Uint32Array(column),
    value: new Float32Array(value),
    prior: Float32Array.from(items, ({ prior = 0 }) => prior),
    since: Float64Array.from(items.some(({ since }) => since !== undefined) ? items : [], ({ since }) => (since ?? Number.NaN) as number),
    limited: [...items.keys()].filter((row) => isLimited(items[row] as Item)),
    neighbours: linkNeighbours(items, rows),
    makers: Int32Array.from(items, ({ by }) => columns.get(by as string) ?? -1),
    drawn: new Map(),
  };
  normalise(index);
  return index;
}

function normalise({ items, start, column, value, names, rare }: Index): void {
  const rarities = names.map(rare);
  for (let row = 0; row < items.length; row++) {
    const from = start[row] as number;
    const to = start[row + 1] as number;
    let sum = 0;
    for (let i = from; i < to; i++) {
      const v = (value[i] as number) * (rarities[column[i] as number] as number);
      value[i] = v;
      sum += v * v;
    }
    const length = Math.sqrt(sum) || 1;
    for (let i = from; i < to; i++) value[i] = (value[i] as number) / length;
  }
}

/** Adds a row, so many times, to a vector over all columns. */
export function spread({ start, column, value }: Index, row: number, weight: number, over: Float64Array): void {
  for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++) {
    const c = column[i] as number;
    over[c] = (over[c] as number) + weight * (value[i] as number);
  }
}

export function dot({ start, column, value }: Index, row: number, over: Float64Array): number {
  let sum = 0;
  for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++)
    sum += (over[column[i] as number] as number) * (value[i] as number);
  return sum;
}

/** A row times itself: 1, but for the rounding. */
export function squareOf({ start, value }: Index, row: number): number {
  let sum = 0;
  for (let i = start[row] as number, to = start[row + 1] as number; i < to; i++) sum += (value[i] as number) ** 2;
  return sum;
}

/** A topic as the catalog spells it, where it knows it in any case; else as it was given. */
export function spelt({ columns, names }: Index, given: string): string {
  const topic = given.trim();
  const any = topic.toLowerCase(); // of no locale
  return columns.has(topic) ? topic : (names.find((name) => name.toLowerCase() === any) ?? topic);
}
