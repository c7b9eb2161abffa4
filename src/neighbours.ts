import type { Item } from './types.js';

/** The most that a device takes of an item that travels with a page: it keeps them beside the evidence. */
export const MOST_NEIGHBOURS = 200;

/** Who argues for whom, as rows of one sparse matrix: those that `row` argues for, ascending, are `to[start[row]]` to `to[start[row + 1] - 1]`. */
export interface Neighbours {
  readonly start: Uint32Array;
  readonly to: Uint32Array;
  readonly weight: Float32Array;
  /** Of each link that was left out, because it leads to nothing or to the item itself, the row it is from. */
  readonly lost: readonly number[];
}

/** Ids and weights, whichever way the item says them. */
export const linksOf = ({ neighbours = {} }: Item): readonly (readonly [string, number])[] =>
  Array.isArray(neighbours)
    ? neighbours.map(({ id, weight }) => [id, weight] as const)
    : Object.entries(neighbours as Record<string, number>);

/** Looks the ids up once; neighbours outside the catalog and links of an item to itself are left out, of two to one item the first counts. */
export function linkNeighbours(items: readonly Item[], rows: ReadonlyMap<string, number>): Neighbours {
  const start = new Uint32Array(items.length + 1);
  const to: number[] = [];
  const weight: number[] = [];
  const lost: number[] = [];
  for (const [from, item] of items.entries()) {
    if (item.neighbours) {
      const links = new Map<number, number>();
      for (const [id, w] of linksOf(item)) {
        const row = rows.get(id) ?? from;
        if (row === from) lost.push(from);
        else if (!links.has(row)) links.set(row, w);
      }
      for (const row of [...links.keys()].sort((a, b) => a - b)) weight[to.push(row) - 1] = links.get(row) as number;
    }
    start[from + 1] = to.length;
  }
  return { start, to: new Uint32Array(to), weight: new Float32Array(weight), lost };
}
