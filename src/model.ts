import type { Item } from './types.js';

/** The version of the file format that `npx fordi neighbours` writes and this reads. */
const SCHEMA = 'fordi.neighbours/1';
/** Weights are eight bits. */
const FULL = 255;

/**
 * Item-to-item neighbours as one file: per recommended item the past items that argue for it. Lists of numbers, so that
 * gzip and brotli do the packing.
 */
export interface Model {
  readonly schema: typeof SCHEMA;
  /** How it was made: ease, cosine or transitions. */
  readonly method: string;
  /** UTC day. */
  readonly built: string;
  /** Distinct visitors it was made from. */
  readonly visitors: number;
  /** Item ids, most popular first. */
  readonly ids: readonly string[];
  /** Per item: popularity, 255 = the most popular. */
  readonly prior: readonly number[];
  /** Per item: the weight, 0 to 1, that 255 stands for among those who argue for it. */
  readonly scale: readonly number[];
  /** Per item: how many items argue for it. */
  readonly count: readonly number[];
  /** Item after item, places in `ids` of those who argue for it, ascending, each as the difference from the one before (the first from 0). */
  readonly from: readonly number[];
  /** As long as `from`: 1 to 255. */
  readonly weight: readonly number[];
}

const COLUMNS = ['ids', 'prior', 'scale', 'count', 'from', 'weight'] as const;

/** What is wrong with a model, in one line; nothing when it is sound. */
export function problemOf(raw: unknown): string | undefined {
  const model = Object(raw) as Model;
  if (model.schema !== SCHEMA) return `schema is ${String(model.schema).slice(0, 40)}, expected ${SCHEMA}: build it with this release`;
  const missing = COLUMNS.find((name) => !Array.isArray(model[name]));
  if (missing) return `${missing} is missing: the file is cut off or not a model`;
  const { ids, prior, scale, count, from, weight } = model;
  if ([prior, scale, count].some((list) => list.length !== ids.length)) return `${ids.length} ids, but lists of other lengths`;
  const links = count.reduce((sum, n) => sum + Number(n), 0);
  if (from.length !== links || weight.length !== links) return `${links} links are counted, ${from.length} and ${weight.length} are there`;
  if (!ids.every((id) => typeof id === 'string')) return 'not every id is a text';
  if (![prior, count, from, weight].every((list) => list.every((x) => Number.isInteger(x) && x >= 0)))
    return 'not every place and weight is a whole number from 0';
  return scale.every((x) => Number.isFinite(x) && x >= 0) ? undefined : 'not every scale is a number from 0';
}

/** Who argues for whom: id → id → weight from 0 to 1. */
function linksOf({ ids, scale, count, from, weight }: Model): Map<string, Record<string, number>> {
  const links = new Map<string, Record<string, number>>();
  let at = 0;
  for (const [to, id] of ids.entries()) {
    let place = 0;
    for (const end = at + (count[to] as number); at < end; at++) {
      place += from[at] as number;
      const source = ids[place];
      if (source === undefined || source === id) continue;
      const mine = links.get(source) ?? Object.create(null);
      mine[id] = Math.min(1, ((scale[to] as number) * (weight[at] as number)) / FULL);
      links.set(source, mine);
    }
  }
  return links;
}

/**
 * The items with their neighbours, and with their popularity as `prior` where they have none of their own. Items the model
 * does not know stay as they are; what it says of items that are not there is left out. A model that is not sound changes
 * nothing, and says so on the console.
 */
export function withNeighbours(items: readonly Item[], model: unknown): Item[] {
  const problem = problemOf(model);
  if (problem) {
    console.error(`fordi: neighbours not used: ${problem}.`);
    return [...items];
  }
  const { ids, prior } = model as Model;
  const links = linksOf(model as Model);
  const popular = new Map(ids.map((id, i) => [id, Math.min(1, (prior[i] as number) / FULL)]));
  const known = new Set(items.map((item) => Object(item).id));
  return items.map((item) => {
    const found = Object.entries(links.get(Object(item).id) ?? {}).filter(([id]) => known.has(id));
    if (!Object(item).id) return item; // whoever reads the catalog will say so
    return {
      ...(popular.has(item.id) && { prior: popular.get(item.id) as number }),
      ...item,
      ...(found.length && { neighbours: Object.fromEntries(found) }),
    };
  });
}
