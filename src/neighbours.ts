import type { Item } from './types.js';

/** Row → the rows it argues for, and how much. */
export type Neighbours = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** Looks the ids up once; neighbours outside the catalog and links of an item to itself are left out. */
export function linkNeighbours(items: readonly Item[], rows: ReadonlyMap<string, number>): Neighbours {
  const links = new Map<number, Map<number, number>>();
  for (const [from, { neighbours }] of items.entries()) {
    if (!neighbours) continue;
    const found = Object.entries(neighbours).map(([id, weight]) => [rows.get(id) ?? from, weight] as const);
    links.set(from, new Map(found.filter(([to]) => to !== from)));
  }
  return links;
}
