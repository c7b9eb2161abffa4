import { namesOf, rarity } from './about.js';
import { createBreath } from './breath.js';
import { BLOCK } from './fatigue.js';
import { buildIndex, type Index } from './matrix.js';
import { endOf, msOf } from './moments.js';
import { linksOf, MOST_NEIGHBOURS } from './neighbours.js';
import { sensitivityOf, sensitivityOfItem } from './policy.js';
import type { Item, Moment, Neighbour, Sensitivity, Settings, Catalog as Source, State } from './types.js';
import { DEGREES } from './verbs.js';

const LONGEST_TITLE = 300;
const MOST_PROBLEMS = 5;

const text = (x: unknown) => typeof x === 'string' && x.trim() !== '';
const short = (x: unknown) => text(x) && (x as string).length <= 200;
const number = (x: unknown) => typeof x === 'number' && x >= 0 && x <= Number.MAX_VALUE;
const part = (x: unknown) => number(x) && (x as number) <= 1;
const each = (x: unknown, is: (weight: unknown) => boolean) =>
  typeof x === 'object' && x !== null && !Array.isArray(x) && Object.values(x).every(is);

/** ISO 8601, or milliseconds since 1970. */
const moment = (x: unknown) => ['string', 'number'].includes(typeof x) && Number.isFinite(msOf(x as Moment));

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
  since: moment,
  until: moment,
  sensitivity: (x) => DEGREES.includes(x as never),
  neighbours: (x) => Array.isArray(x) || each(x, part),
  prior: part,
  popular: moment,
} satisfies Record<keyof Item, (x: unknown) => boolean>);

/** Neighbours that came as items: the sound ones. */
const readNeighbours = (raw: readonly unknown[]): Neighbour[] =>
  raw.flatMap((one) => {
    const item = readItem({ ...Object(one), neighbours: undefined });
    const { weight } = Object(one);
    return typeof item === 'string' || !part(weight) ? [] : [{ ...item, weight }];
  });

/** As it is kept of a page: of cards the first, of links those that weigh most. A shop's own catalog is its own affair. */
const cut = ({ neighbours = [], ...item }: Item): Item => ({
  ...item,
  neighbours: Array.isArray(neighbours)
    ? neighbours.slice(0, MOST_NEIGHBOURS)
    : Object.fromEntries(
        Object.entries(neighbours as Record<string, number>)
          .sort((a, b) => b[1] - a[1])
          .slice(0, MOST_NEIGHBOURS),
      ),
});

/** As it is kept: a title no longer than a line, moments as numbers. */
const READ: Readonly<Record<string, (x: never) => unknown>> = {
  title: (title: string) => (title.length > LONGEST_TITLE ? [...title].slice(0, LONGEST_TITLE).join('') : title),
  since: msOf,
  popular: msOf,
  until: endOf,
  neighbours: (x: Item['neighbours']) => (Array.isArray(x) ? readNeighbours(x) : x),
};

/** A plain copy of a sound item, or of a block of content as one, or the name of the field that is not. The input is never changed. */
export function readBlock(raw: unknown): Item | string {
  const item: Record<string, unknown> = {};
  let field = '';
  try {
    const given = Object(raw);
    for (const [name, sound] of FIELDS) {
      field = name;
      const value = given[name] ?? undefined;
      if (value === undefined && name !== 'id' && name !== 'title') continue;
      if (!sound(value)) return name;
      item[name] = READ[name]?.(value as never) ?? value;
    }
  } catch {
    return field; // not an address, or a getter that throws
  }
  return item as unknown as Item;
}

/** The same of an item; none is called as blocks are. */
export function readItem(raw: unknown): Item | string {
  const item = readBlock(raw);
  return typeof item === 'object' && item.id.startsWith(BLOCK) ? BLOCK : item;
}

const wrongWith = (field: string) =>
  field === BLOCK ? `id begins with "${BLOCK}", as blocks of content do, and is left out` : `${field} is missing or not sound`;

/** A sound item as it came with a call, and the cards it carries. */
function readBrought(raw: unknown, isBlock?: boolean): Item[] {
  const whole = isBlock ? readBlock(raw) : readItem(raw);
  if (typeof whole === 'string') return [];
  const item = whole.neighbours ? cut(whole) : whole;
  return [item, ...(Array.isArray(item.neighbours) ? (item.neighbours as readonly Neighbour[]) : [])];
}

/** The same for what lies on the disk, which is one object however often it is taken back. */
function createReader(): (raw: object) => readonly Item[] {
  const found = new WeakMap<object, readonly Item[]>();
  return (raw) => {
    const items = found.get(raw) ?? readBrought(raw);
    found.set(raw, items);
    return items;
  };
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

/** How personal items are; a topic is looked up once, however many items share it, and so is an item that came with a call or lies on the disk. */
function createDegrees(own: Settings['sensitive']) {
  const topics = new Map<string, Sensitivity>();
  const items = new WeakMap<Item, Sensitivity>();
  const delicate = new Map<string, Sensitivity>();
  const degreeOf = (topic: string) => {
    const known = topics.get(topic);
    if (known) return known;
    const degree = sensitivityOf(topic, own);
    topics.set(topic, degree);
    return degree;
  };
  const weigh = (item: Item, again?: boolean) => {
    const degree = items.get(item) ?? sensitivityOfItem(item, own, degreeOf);
    if (again) items.set(item, degree);
    if (degree === 'ordinary') delicate.delete(item.id);
    else delicate.set(item.id, degree);
  };
  return { delicate, weigh };
}

/** Hands over one item after the other, with pauses for the page; never rejects. */
async function reading(source: Source, read: (one: unknown, i: number) => void, report: (problem: string) => void): Promise<void> {
  try {
    const raw = await fetched(source);
    if (!Array.isArray(raw)) throw new TypeError('not a list of items');
    const breath = createBreath();
    for (const [i, one] of raw.entries()) {
      read(one, i);
      if (breath.isDue()) await breath.take();
    }
  } catch (error) {
    report(`catalog: ${String(error).slice(0, 120)}`);
  }
}

/** The links of the shop's own items that lead nowhere, in one line; found where ids are looked up anyway, and not before. */
function lostLinks({ items, rows, neighbours: { lost } }: Index, came: ReadonlyMap<string, Said>): string | undefined {
  const shops = lost.map((row) => items[row] as Item).filter(({ id }) => !came.has(id));
  const [item] = shops;
  const link = item && linksOf(item).find(([to]) => to === item.id || !rows.has(to));
  return (
    link &&
    `neighbours: ${shops.length} lead to no other item of the catalog, first ${`${item.id} → ${link[0]}`.slice(0, 99)}. Make them for it: npx fordi neighbours --catalog`
  );
}

/** What is wrong with the shop's items: the first few, and in one more line, once, the links. */
function createProblems() {
  const problems: string[] = [];
  let dropped = 0;
  let told = false;
  const report = (problem: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push(problem);
  };
  return {
    report,
    /** Of an item that is left out. */
    leave(problem: string) {
      dropped++;
      report(problem);
    },
    /** `problems` is the list itself: what shows only when ids are looked up is in it from then on. */
    found: () => ({ dropped, problems }),
    checked(index: Index, came: ReadonlyMap<string, Said>): Index {
      const lost = told ? undefined : lostLinks(index, came);
      if (lost) told = problems.push(lost) > 0;
      return index;
    },
  };
}

/** What was said of an item that no catalog brought: a page about it says more than a neighbour's card. */
type Said = 'page' | 'card';

/** Of whole cards only these. */
const withCards = (item: Item, wanted: (card: Neighbour) => boolean): Item =>
  Array.isArray(item.neighbours) ? { ...item, neighbours: (item.neighbours as readonly Neighbour[]).filter(wanted) } : item;

/** How rare topics are among these items: as the shop and the page have it, so that it does not change with what the visitor did. */
function rarityIn(items: Iterable<Item>, came: NonNullable<Index['came']>): Index['rare'] {
  const seen = new Map<string, number>();
  let count = 0;
  for (const item of items) {
    if (came(item.id)) continue;
    count++;
    for (const name of namesOf(item)) seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  return (name) => rarity(name, seen.get(name), Math.max(1, count));
}

/** In the shop's order, the page's, and of what the visitor's acts brought by id: what is forgotten moves nothing else. */
function ordered(known: ReadonlyMap<string, Item>, came: ReadonlyMap<string, Said>, pages: ReadonlyMap<string, Item>): readonly Item[] {
  const items = [...known.values()];
  if (!came.size) return items;
  const shops = items.filter(({ id }) => !came.has(id));
  const brought = [...pages.keys()].flatMap((id) => (came.has(id) ? (known.get(id) ?? []) : []));
  const visitors = items.filter(({ id }) => came.has(id) && !pages.has(id));
  return [...shops, ...brought, ...visitors.sort((a, b) => (a.id < b.id ? -1 : 1))];
}

/** The items, wherever they come from: bad ones are left out and counted, and the page stays whole. */
export function createCatalog(
  source: Source = [],
  sensitive: Settings['sensitive'] = { guarded: [], special: [] },
  rareIn?: Index['rare'],
) {
  const { delicate, weigh } = createDegrees(sensitive);
  const known = new Map<string, Item>();
  const came = new Map<string, Said>();
  /** Items the page itself brought: they stay when the visitor's go. */
  const pages = new Map<string, Item>();
  const { report, leave, checked, found } = createProblems();
  const readKept = createReader();
  let index: Index | undefined;
  /** `again` = it may be kept again as the same object. */
  const keep = (item: Item, again?: boolean) => {
    weigh(item, again);
    known.set(item.id, item);
    index = undefined;
  };
  const bring = (item: Item, said: Said) => {
    const before = came.get(item.id);
    if (known.has(item.id) && (!before || (before === 'page' && said === 'card'))) return;
    came.set(item.id, said);
    keep(item, true);
  };
  const read = (one: unknown, i: number) => {
    const item = readItem(one);
    if (typeof item === 'string') return leave(`items[${i}].${wrongWith(item)}`);
    if (known.has(item.id) && !came.delete(item.id)) return leave(`items[${i}].id is already used: ${item.id.slice(0, 40)}`);
    known.delete(item.id); // in the shop's order, wherever it was before
    keep(item);
    const left = Array.isArray(item.neighbours) ? Object(one).neighbours.length - item.neighbours.length : 0;
    if (left) report(`items[${i}].neighbours: ${left} without id, title or a weight from 0 to 1`);
  };
  const isVisitors = (id: string) => came.has(id) && !pages.has(id);
  const build = (items: readonly Item[]) =>
    checked(came.size ? buildIndex(items, rareIn ?? rarityIn(items, isVisitors), isVisitors) : buildIndex(items, rareIn), came);
  function take([item, ...cards]: readonly Item[], fromPage?: boolean): Item | undefined {
    if (!item) return undefined;
    if (fromPage) pages.set(item.id, item);
    for (const one of fromPage ? cards : []) if (!pages.has(one.id)) pages.set(one.id, one);
    bring(item, 'page');
    // Beside what the shop's catalog says of an item nothing is kept: its cards would be gone on the next page.
    for (const one of fromPage || came.has(item.id) ? cards : [])
      if (fromPage || !pages.has(one.id)) bring(fromPage ? (pages.get(one.id) as Item) : one, 'card'); // the page's first word of it
    return known.get(item.id);
  }
  let loaded: Promise<void> | undefined;
  return {
    load: () => (loaded ??= reading(source, read, report)),
    report: (): State['catalog'] => ({ items: known.size, ...found() }),
    get: (id: unknown) => known.get(id as string),
    /** An item that came with a call, and those it argues for; undefined where it is not sound. `fromPage` = not with the visitor's acts. */
    add: (raw: unknown, fromPage?: boolean, isBlock?: boolean) => take(readBrought(raw, isBlock), fromPage),
    /** What is known of an item no catalog brought, to be kept beside the evidence; nothing special, not even as a neighbour. */
    toKeep(item: Item | undefined): Item | undefined {
      return item && came.has(item.id) ? withCards(item, ({ id }) => delicate.get(id) !== 'special') : undefined;
    },
    /**
     * Items the visitor's acts brought are these from now on, as they lie on the disk, and no others: what is shown does not
     * rest on what would be gone with the next act that is forgotten. What this page says of an item goes before them.
     */
    recall(items: readonly unknown[]) {
      if (!came.size && !items.length) return;
      for (const id of came.keys()) {
        known.delete(id);
        delicate.delete(id);
      }
      came.clear();
      index = undefined;
      for (const item of pages.values()) bring(item, 'page');
      for (const item of items) if (!pages.has(Object(item).id)) take(readKept(Object(item))); // what is not sound is not taken
    },
    /** How personal an item is. */
    sensitivity: (item: Item | undefined): Sensitivity => delicate.get(item?.id as string) ?? 'ordinary',
    /** Ids of the items that are not ordinary, each with its degree. */
    delicate: (): Iterable<readonly [string, Sensitivity]> => delicate,
    index: () => (index ??= build(ordered(known, came, pages))),
  };
}
