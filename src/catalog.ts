import { aboutItem, buildIndex, type Index } from './rank.js';
import type { Item, Sensitivity, Catalog as Source, State } from './types.js';
import { DEGREES } from './verbs.js';

/** The longest piece of work done at a stretch while reading a catalog. Milliseconds. */
const SLICE = 8;
const LONGEST_TITLE = 300;
const MOST_PROBLEMS = 5;

const text = (x: unknown) => typeof x === 'string' && x.trim() !== '';
const short = (x: unknown) => text(x) && (x as string).length <= 200;
const number = (x: unknown) => typeof x === 'number' && x >= 0 && x <= Number.MAX_VALUE;
const part = (x: unknown) => number(x) && (x as number) <= 1;
const each = (x: unknown, is: (weight: unknown) => boolean) =>
  typeof x === 'object' && x !== null && !Array.isArray(x) && Object.values(x).every(is);

/** Only http(s), however the scheme is spelt: `new URL` sees through tabs, case and entities as the browser would. */
const web = (x: unknown) => typeof x === 'string' && /^https?:/.test(new URL(x, 'http://page').protocol);

/** What each field must be; absent fields are fine but for `id` and `title`. */
const FIELDS = Object.entries({
  id: short,
  title: text,
  url: web,
  image: web,
  kind: short,
  topics: (x) => (Array.isArray(x) ? x.every(short) : each(x, number)),
  by: short,
  price: number,
  available: (x) => typeof x === 'boolean',
  replenishDays: number,
  sensitivity: (x) => DEGREES.includes(x as never),
  neighbours: (x) => each(x, part),
  prior: part,
} satisfies Record<keyof Item, (x: unknown) => boolean>);

/** A plain copy of a sound item, or the name of the field that is not. The input is never changed. */
export function readItem(raw: unknown): Item | string {
  const item: Record<string, unknown> = {};
  for (const [name, sound] of FIELDS)
    try {
      const value = Object(raw)[name] ?? undefined;
      if (value === undefined && name !== 'id' && name !== 'title') continue;
      if (!sound(value)) return name;
      item[name] = name === 'title' ? [...value].slice(0, LONGEST_TITLE).join('') : value;
    } catch {
      return name; // not an address, or a getter that throws
    }
  return item as unknown as Item;
}

export type Catalog = ReturnType<typeof createCatalog>;

/** A shop that does not answer must not keep its visitors waiting. Milliseconds. */
const PATIENCE = 10_000;

async function fetched(source: Source): Promise<unknown> {
  if (typeof source === 'function') return source();
  if (typeof source !== 'string') return source;
  const response = await fetch(source, { signal: AbortSignal.timeout?.(PATIENCE) as AbortSignal });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response.json();
}

/** How personal items are; a topic is looked up once, however many items share it. */
function createDegrees(sensitivityOf: (topic: string) => Sensitivity) {
  const topics = new Map<string, Sensitivity>();
  const delicate = new Map<string, Sensitivity>();
  const degreeOf = (topic: string) => {
    const degree = topics.get(topic) ?? sensitivityOf(topic);
    topics.set(topic, degree);
    return degree;
  };
  const weigh = (item: Item) => {
    const degrees = [item.sensitivity, ...aboutItem(item).map(degreeOf)];
    const degree = (['special', 'guarded'] as const).find((one) => degrees.includes(one));
    if (degree) delicate.set(item.id, degree);
  };
  return { delicate, weigh };
}

/** The items, wherever they come from: bad ones are left out and counted, and the page stays whole. */
export function createCatalog(source: Source = [], sensitivityOf: (topic: string) => Sensitivity = () => 'ordinary') {
  const { delicate, weigh } = createDegrees(sensitivityOf);
  let items: Item[] = [];
  const came = new Set<string>();
  const known = new Map<string, Item>();
  const problems: string[] = [];
  let dropped = 0;
  let index: Index | undefined;
  const report = (problem: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  const drop = (problem: string) => {
    dropped++;
    report(problem);
  };
  const keep = (item: Item) => {
    weigh(item);
    known.set(item.id, item);
    items.push(item);
    index = undefined;
    return item;
  };
  /** Reads the catalog; never rejects. */
  const reading = async () => {
    try {
      const raw = await fetched(source);
      if (!Array.isArray(raw)) throw new TypeError('not a list of items');
      let began = performance.now();
      for (const [i, one] of raw.entries()) {
        const item = readItem(one);
        if (typeof item === 'string') drop(`items[${i}].${item} is missing or not sound`);
        else if (known.has(item.id)) drop(`items[${i}].id is already used: ${item.id.slice(0, 40)}`);
        else keep(item);
        if (performance.now() - began > SLICE) {
          await new Promise((resolve) => setTimeout(resolve));
          began = performance.now();
        }
      }
    } catch (error) {
      report(`catalog: ${String(error).slice(0, 120)}`);
    }
  };
  let loaded: Promise<void> | undefined;
  return {
    load: () => (loaded ??= reading()),
    report: (): State['catalog'] => ({ items: items.length, dropped, problems: [...problems] }),
    get: (id: unknown) => known.get(id as string),
    /** An item that came with a call; undefined where it is not sound. */
    add(raw: unknown): Item | undefined {
      const item = readItem(raw);
      if (typeof item === 'string') return undefined;
      if (!known.has(item.id)) came.add(item.id);
      return known.get(item.id) ?? keep(item);
    },
    /** Items that came with the visitor's acts go with them. */
    drop() {
      items = items.filter(({ id }) => !came.has(id) || !known.delete(id));
      came.clear();
      index = undefined;
    },
    /** How personal an item is. */
    sensitivity: (item: Item | undefined): Sensitivity => delicate.get(item?.id as string) ?? 'ordinary',
    /** Ids of the items that are not ordinary, each with its degree. */
    delicate: (): Iterable<readonly [string, Sensitivity]> => delicate,
    index: () => (index ??= buildIndex(items)),
  };
}
