import type { Item } from './types.js';

/** Row → the rows it argues for, and how much. */
export type Neighbours = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** Looks the ids up once; neighbours outside the catalog and links of an item to itself are left out. */
export function linkNeighbours(items: readonly Item[], rows: ReadonlyMap<string, number>): Neighbours {
  const links = new Map<number, ReadonlyMap<number, number>>();
  items.forEach((item, from) => {
    if (!item.neighbours) return;
    const found = new Map<number, number>();
    for (const [id, weight] of Object.entries(item.neighbours)) {
      const row = rows.get(id);
      if (row !== undefined && row !== from) found.set(row, weight);
    }
    links.set(from, found);
  });
  return links;
}
