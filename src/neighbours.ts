import type { Item } from './types.js';

/** Who argues for whom, as rows of one sparse matrix: those that `row` argues for, ascending, are `to[start[row]]` to `to[start[row + 1] - 1]`. */
export interface Neighbours {
  readonly start: Uint32Array;
  readonly to: Uint32Array;
  readonly weight: Float32Array;
}

/** Ids and weights, whichever way the item says them. */
const linksOf = ({ neighbours = {} }: Item): readonly (readonly [string, number])[] =>
  Array.isArray(neighbours)
    ? neighbours.map(({ id, weight }) => [id, weight] as const)
    : Object.entries(neighbours as Record<string, number>);

/** Looks the ids up once; neighbours outside the catalog and links of an item to itself are left out, of two to one item the first counts. */
export function linkNeighbours(items: readonly Item[], rows: ReadonlyMap<string, number>): Neighbours {
  const start = new Uint32Array(items.length + 1);
  const to: number[] = [];
  const weight: number[] = [];
  for (const [from, item] of items.entries()) {
    const links = new Map<number, number>();
    for (const [id, w] of item.neighbours ? linksOf(item) : []) {
      const row = rows.get(id) ?? from;
      if (row !== from && !links.has(row)) links.set(row, w);
    }
    for (const row of [...links.keys()].sort((a, b) => a - b)) weight[to.push(row) - 1] = links.get(row) as number;
    start[from + 1] = to.length;
  }
  return { start, to: Uint32Array.from(to), weight: Float32Array.from(weight) };
}
