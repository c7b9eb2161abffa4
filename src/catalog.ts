import { buildIndex, type Index } from './rank.js';
import type { Item, Sensitivity, Catalog as Source, State } from './types.js';

/** The longest piece of work done at a stretch while reading a catalog. Milliseconds. */
const SLICE = 8;
const EVERY = 256;
const LONGEST_TITLE = 300;
const DEGREES: readonly unknown[] = ['ordinary', 'guarded', 'special'] satisfies Sensitivity[];

const text = (x: unknown, most = 200): x is string => typeof x === 'string' && x.trim() !== '' && x.length <= most;
const number = (x: unknown, least: number, most = Number.MAX_VALUE) => typeof x === 'number' && x >= least && x <= most;

/** Only http(s), however the scheme is spelt: `new URL` sees through tabs, case and entities as the browser would. */
export function isWebAddress(x: unknown): x is string {
  try {
    return typeof x === 'string' && /^https?:$/.test(new URL(x, globalThis.document?.baseURI ?? 'http://localhost/').protocol);
  } catch {
    return false;
  }
}

const weights = (x: unknown, most?: number) =>
  typeof x === 'object' && x !== null && !Array.isArray(x) && Object.values(x).every((w) => number(w, 0, most));

/** What each field must be; absent fields are fine but for `id` and `title`. */
const FIELDS: Readonly<Record<Exclude<keyof Item, 'id' | 'title'>, (x: unknown) => boolean>> = {
  url: isWebAddress,
  image: isWebAddress,
  kind: (x) => text(x),
  topics: (x) => (Array.isArray(x) ? x.every((t) => text(t)) : weights(x)),
  by: (x) => text(x),
  price: (x) => number(x, 0),
  available: (x) => typeof x === 'boolean',
  replenishDays: (x) => number(x, 0),
  sensitivity: (x) => DEGREES.includes(x),
  neighbours: (x) => weights(x),
  prior: (x) => number(x, 0, 1),
};

/** A plain copy of a sound item, or the name of the field that is not. The input is never changed. */
export function readItem(raw: unknown): Item | string {
  try {
    const source = Object(raw) as Record<string, unknown>;
    if (!text(source.id)) return 'id';
    if (!text(source.title, Number.POSITIVE_INFINITY)) return 'title';
    const item: Record<string, unknown> = { id: source.id, title: [...source.title].slice(0, LONGEST_TITLE).join('') };
    for (const [name, sound] of Object.entries(FIELDS)) {
      const value = source[name];
      if (value === undefined || value === null) continue;
      if (!sound(value)) return name;
      item[name] = value;
    }
    return item as unknown as Item;
  } catch {
    return 'item'; // a getter that throws
  }
}

/** The items, wherever they come from: bad ones are left out and counted, and the page stays whole. */
export class Catalog {
  report: State['catalog'] = { items: 0, dropped: 0, problems: [] };
  private _items: Item[] = [];
  private _known = new Map<string, Item>();
  private _index: Index | undefined;
  private _loading: Promise<void> | undefined;

  constructor(private readonly _source: Source | undefined) {}

  /** Reads the catalog once; never rejects. */
  load(): Promise<void> {
    this._loading ??= this._load().catch((error: unknown) => this._problem(`catalog: ${String(error).slice(0, 120)}`, 0));
    return this._loading;
  }

  get(id: string): Item | undefined {
    return this._known.get(id);
  }

  /** An item that came with a call; undefined where it is not sound. */
  add(raw: unknown): Item | undefined {
    const item = readItem(raw);
    if (typeof item === 'string') return undefined;
    const known = this._known.get(item.id);
    if (known) return known;
    this._take(item);
    this._index = undefined;
    return item;
  }

  index(): Index {
    this._index ??= buildIndex(this._items);
    return this._index;
  }

  private _take(item: Item): void {
    this._known.set(item.id, item);
    this._items.push(item);
  }

  private _problem(problem: string, dropped = 1): void {
    const { items, dropped: before, problems } = this.report;
    this.report = { items, dropped: before + dropped, problems: problems.length < 5 ? [...problems, problem] : problems };
  }

  private async _load(): Promise<void> {
    const raw: unknown = await this._fetch();
    if (!Array.isArray(raw)) throw new TypeError('not a list of items');
    let began = performance.now();
    for (let i = 0; i < raw.length; i++) {
      const item = readItem(raw[i]);
      if (typeof item === 'string') this._problem(`items[${i}].${item} is missing or not sound`);
      else if (this._known.has(item.id)) this._problem(`items[${i}].id is already used: ${item.id.slice(0, 40)}`);
      else this._take(item);
      if (i % EVERY === EVERY - 1 && performance.now() - began > SLICE) {
        await new Promise((resolve) => setTimeout(resolve));
        began = performance.now();
      }
    }
    this.report = { ...this.report, items: this._items.length };
    this._index = undefined;
  }

  private async _fetch(): Promise<unknown> {
    const source = this._source ?? [];
    if (typeof source === 'function') return source();
    if (typeof source !== 'string') return source;
    const response = await fetch(source);
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return response.json();
  }
}
