import { msOf } from './moments.js';
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

/** Calls `visit` for every link: the place in `ids` of who argues, of whom they argue for, and where its weight is. */
function eachLink({ count, from }: Model, visit: (source: number, target: number, at: number) => void): void {
  let at = 0;
  for (const [target, n] of count.entries()) {
    let source = 0;
    for (const end = at + n; at < end; at++) {
      source += from[at] as number;
      visit(source, target, at);
    }
  }
}

/** What is wrong with a model, in one line; nothing when it is sound. */
export function problemOf(raw: unknown): string | undefined {
  try {
    return faultIn(raw);
  } catch {
    return 'it holds what is neither text nor number: build it anew'; // such things throw when they are looked at
  }
}

function faultIn(raw: unknown): string | undefined {
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
  if (!scale.every((x) => Number.isFinite(x) && x >= 0)) return 'not every scale is a number from 0';
  let wrong: string | undefined;
  eachLink(model, (source, target) => {
    if (source === target || source >= ids.length)
      wrong ??= `place ${source} of ${ids.length} argues for place ${target}, expected another and one that is there: the file is damaged, build it anew`;
  });
  return wrong;
}

/** The model is sound and of another shop. */
function mismatch({ ids }: Model, items: readonly Item[], known: ReadonlySet<unknown>): string | undefined {
  if (!ids.length || !items.length || ids.some((id) => known.has(id))) return undefined;
  const [theirs, ours] = [ids[0], Object(items[0]).id].map((id) => (typeof id === 'string' ? `"${id.slice(0, 40)}"` : `a ${typeof id}`));
  return `none of its ${ids.length} ids is in the catalog (it has ${theirs}, the catalog ${ours}): build it from the orders of these items`;
}

/** Who argues for whom: id → id → weight from 0 to 1. */
function linksOf(model: Model): Map<string, Record<string, number>> {
  const { ids, scale, weight } = model;
  const links = new Map<string, Record<string, number>>();
  eachLink(model, (source, target, at) => {
    const mine = links.get(ids[source] as string) ?? Object.create(null);
    mine[ids[target] as string] = Math.min(1, ((scale[target] as number) * (weight[at] as number)) / FULL);
    links.set(ids[source] as string, mine);
  });
  return links;
}

/**
 * The items with their neighbours, and with their popularity as `prior`, said to be that, where they have none of their own.
 * Items the model does not know stay as they are; what it says of items that are not there is left out, as shops change, and
 * counted on the console. A model that is not sound, or knows none of the items, changes nothing, and says so there.
 */
export function withNeighbours(items: readonly Item[], model: unknown): Item[] {
  const known = new Set(items.map((item) => Object(item).id));
  const problem = problemOf(model) ?? mismatch(model as Model, items, known);
  if (problem) {
    console.error(`fordi: neighbours not used: ${problem}.`);
    return [...items];
  }
  const { ids, prior, built } = model as Model;
  const gone = ids.filter((id) => !known.has(id)).length;
  if (gone && known.size) console.warn(`fordi: ${gone} of the ${ids.length} items of the neighbours are not in the catalog.`);
  const links = linksOf(model as Model);
  const asOf = Number.isFinite(msOf(built)) ? built : 0;
  const popular = new Map(ids.map((id, i) => [id, Math.min(1, (prior[i] as number) / FULL)]));
  return items.map((item) => {
    const found = Object.entries(links.get(Object(item).id) ?? {}).filter(([id]) => known.has(id));
    if (!Object(item).id) return item; // whoever reads the catalog will say so
    return {
      ...(popular.has(item.id) && item.prior === undefined && { prior: popular.get(item.id) as number, popular: asOf }),
      ...item,
      ...(found.length && { neighbours: Object.fromEntries(found) }),
    };
  });
}
