import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { createFordi, type Evidence, type Fordi, type Item, type Options } from 'fordi';
import { afterEach, beforeEach, vi } from 'vitest';

// One device, fresh for each test: an IndexedDB, a localStorage, and the pages ("tabs") open on it.

export const DAY = 86_400_000;

/** A localStorage that can be made to misbehave. */
export class Shelf {
  readonly held = new Map<string, string>();
  full = false;
  /** Characters it takes in all; what is there may be replaced by what is no longer. */
  room = Number.POSITIVE_INFINITY;
  get length() {
    return this.held.size;
  }
  key(i: number) {
    return [...this.held.keys()][i] ?? null;
  }
  getItem(key: string) {
    return this.held.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    if (this.full) throw new DOMException('full', 'QuotaExceededError');
    const size = (text: string) => key.length + text.length;
    const [before, others] = [size(this.held.get(key) ?? ''), [...this.held].filter(([name]) => name !== key)];
    const after = others.reduce((sum, [name, text]) => sum + name.length + text.length, size(value));
    if (after > this.room && size(value) > before) throw new DOMException('full', 'QuotaExceededError');
    this.held.set(key, String(value));
  }
  removeItem(key: string) {
    this.held.delete(key);
  }
  clear() {
    this.held.clear();
  }
}

const open = new Set<Fordi>();

/** Puts this device under the page: what is opened from now on lives on it. */
export function freshDevice(): Shelf {
  for (const fordi of open) fordi.stop();
  open.clear();
  const shelf = new Shelf();
  define('indexedDB', { value: new IDBFactory() });
  define('localStorage', { value: shelf });
  return shelf;
}

/** Replaces a global, as a browser in trouble would have it. */
export function define(name: string, how: PropertyDescriptor): void {
  Object.defineProperty(globalThis, name, { configurable: true, ...('value' in how ? { writable: true } : {}), ...how });
}

beforeEach(() => {
  freshDevice();
});

afterEach(() => {
  for (const fordi of open) fordi.stop();
  open.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

export const ALL_VERBS = [
  'view',
  'dwell',
  'search',
  'play',
  'listen',
  'watch',
  'read',
  'save',
  'cart',
  'purchase',
  'book',
  'subscribe',
  'like',
  'rate',
  'declare',
] as const;

/** Nine records and three makers: jazz, folk and techno, and what the shop puts forward. */
export const RECORDS: readonly Item[] = [
  { id: 'kind-of-blue', title: 'Kind of Blue', by: 'Miles Davis', topics: ['jazz', 'modal'] },
  { id: 'blue-train', title: 'Blue Train', by: 'John Coltrane', topics: ['jazz', 'hard bop'] },
  { id: 'moanin', title: "Moanin'", by: 'Art Blakey', topics: ['jazz', 'hard bop'] },
  { id: 'pink-moon', title: 'Pink Moon', by: 'Nick Drake', topics: ['folk', 'quiet'] },
  { id: 'blue', title: 'Blue', by: 'Joni Mitchell', topics: ['folk'] },
  { id: 'liege', title: 'Liege & Lief', by: 'Fairport Convention', topics: ['folk', 'electric'] },
  { id: 'computer-world', title: 'Computer World', by: 'Kraftwerk', topics: ['techno'] },
  { id: 'hit', title: 'This Week', by: 'Various', topics: ['pop'], prior: 0.9 },
  { id: 'new', title: 'New In', by: 'Somebody', topics: ['pop'], prior: 0.5 },
];

export const OPTIONS: Options = {
  site: { name: 'Grooves' },
  notice: { version: '1', keeps: ALL_VERBS },
  catalog: RECORDS,
};

/** A page on this device. Each call is another tab. */
export function page(options: Partial<Options> = {}): Fordi {
  const fordi = createFordi({ ...OPTIONS, ...options });
  open.add(fordi);
  return fordi;
}

/** A page whose visitor has said yes. */
export async function granted(options: Partial<Options> = {}): Promise<Fordi> {
  const fordi = page(options);
  await fordi.ready;
  await fordi.grant(['personalization'], { via: 'notice' });
  return fordi;
}

/** A page that hears nothing from other tabs: frozen, or without BroadcastChannel. */
export function deaf(options: Partial<Options> = {}): Fordi {
  const own = globalThis.BroadcastChannel;
  define('BroadcastChannel', { value: undefined });
  try {
    return page(options);
  } finally {
    define('BroadcastChannel', { value: own });
  }
}

/** Lets go of every page, as closing the browser does; the device stays. */
export function closeAll(): void {
  for (const fordi of open) fordi.stop();
  open.clear();
}

const asked = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The oracle: opens the database itself. Undefined where there is none, and leaves it so. */
async function connection(): Promise<IDBDatabase | undefined> {
  const there = await indexedDB.databases();
  if (!there.some(({ name }) => name === 'fordi')) return undefined;
  const request = indexedDB.open('fordi');
  request.onupgradeneeded = () => request.transaction?.abort(); // deleted meanwhile: an oracle leaves no database behind
  return asked(request).catch(() => undefined);
}

/** Everything in IndexedDB, as it lies there. */
export async function disk(): Promise<Map<IDBValidKey, unknown>> {
  const db = await connection();
  if (!db) return new Map();
  const store = db.transaction('memory').objectStore('memory');
  const [keys, values] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
  db.close();
  return new Map(keys.map((key, i) => [key, values[i]]));
}

/** Every record on the disk, wherever it lies: whatever carries an id and a verb is one. */
export async function recordsOnDisk(): Promise<Evidence[]> {
  const found: Evidence[] = [];
  const look = (x: unknown): void => {
    if (typeof x !== 'object' || x === null) return;
    if ('id' in x && 'verb' in x) found.push(x as Evidence);
    else for (const inner of Object.values(x)) look(inner);
  };
  for (const [key, value] of await disk()) if (key !== 'signals' && key !== 'receipts') look(value);
  return found;
}

/** Writes to the database behind fordi's back; `undefined` deletes. Makes the database where there is none. */
export async function tamper(puts: Iterable<readonly [IDBValidKey, unknown]>): Promise<void> {
  const request = indexedDB.open('fordi', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('memory');
  const db = await asked(request);
  const tx = db.transaction('memory', 'readwrite');
  const store = tx.objectStore('memory');
  for (const [key, value] of puts) value === undefined ? store.delete(key) : store.put(value, key);
  await new Promise((resolve) => {
    tx.oncomplete = resolve;
  });
  db.close();
}

/** A device on which the visitor said yes `ago` milliseconds ago and left these records. */
export async function lived(
  records: readonly Evidence[],
  { epoch = Date.now(), voice = undefined as string | undefined } = {},
): Promise<void> {
  await tamper([
    ['gate', { v: 1, granted: true, epoch, voice }],
    ['tail', records],
  ]);
  localStorage.setItem(
    'fordi',
    JSON.stringify({
      v: 1,
      state: 'granted',
      at: epoch,
      until: epoch + 182 * DAY,
      via: 'notice',
      epoch,
      notice: '1',
      keeps: ALL_VERBS.join(' '),
      gpc: false,
    }),
  );
}

/** The choice record as it lies in localStorage. */
export const choiceOnDisk = (): Record<string, unknown> | undefined => JSON.parse(localStorage.getItem('fordi') ?? 'null') ?? undefined;

/** Waits for what must come, however slow the machine. */
export const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** Waits until every job and message under way has had its turn. */
export const settled = async (turns = 20): Promise<void> => {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** What a first-time visitor is shown on a device of their own. Leaves the present device as it is. */
export async function stranger<T>(ask: (fordi: Fordi) => Promise<T>, options: Partial<Options> = {}): Promise<T> {
  const [device, shelf] = ['indexedDB', 'localStorage'].map(
    (name) => Object.getOwnPropertyDescriptor(globalThis, name) as PropertyDescriptor,
  );
  define('indexedDB', { value: new IDBFactory() });
  define('localStorage', { value: new Shelf() });
  const fordi = createFordi({ ...OPTIONS, ...options });
  try {
    await fordi.ready;
    return await ask(fordi);
  } finally {
    fordi.stop();
    define('indexedDB', device as PropertyDescriptor);
    define('localStorage', shelf as PropertyDescriptor);
  }
}
