import type { Page } from '@playwright/test';

export interface Inventory {
  readonly databases: string[];
  readonly local: Record<string, string>;
  readonly session: Record<string, string>;
  readonly cookie: string;
  readonly caches: string[];
  readonly files: string[];
  readonly workers: number;
  readonly name: string;
  readonly history: unknown;
}

export const EMPTY: Inventory = {
  databases: [],
  local: {},
  session: {},
  cookie: '',
  caches: [],
  files: [],
  workers: 0,
  name: '',
  history: null,
};

/** Every place where a page can leave something on the device. Looks without creating anything. */
export const inventory = (page: Page): Promise<Inventory> =>
  page.evaluate(async () => {
    const look = async <T>(all: () => Promise<T[]> | undefined): Promise<T[]> => {
      try {
        return (await all()) ?? [];
      } catch {
        return []; // this engine has no such place
      }
    };
    const files = async () => {
      const names: string[] = [];
      for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
      return names;
    };
    return {
      databases: (await indexedDB.databases()).map(({ name }) => name ?? ''),
      local: { ...localStorage },
      session: { ...sessionStorage },
      cookie: document.cookie,
      caches: await look(() => caches.keys()),
      files: await look(files),
      workers: (await look(async () => [...(await navigator.serviceWorker.getRegistrations())])).length,
      name: window.name,
      history: history.state,
    };
  });

/** What the database holds, read by nobody's code but this; null where there is none. Never creates one. */
export const disk = (page: Page): Promise<Record<string, unknown> | null> =>
  page.evaluate(async () => {
    const there = await indexedDB.databases();
    if (!there.some(({ name }) => name === 'fordi')) return null;
    const db = await new Promise<IDBDatabase | null>((done, fail) => {
      const request = indexedDB.open('fordi');
      let gone = false;
      request.onupgradeneeded = () => {
        gone = true; // deleted since it was listed: opening would leave an empty one of our own
        request.transaction?.abort();
      };
      request.onsuccess = () => done(request.result);
      request.onerror = (event) => {
        event.preventDefault();
        gone ? done(null) : fail(request.error);
      };
      request.onblocked = () => fail(new Error('blocked'));
    });
    if (!db) return null;
    const found: Record<string, unknown> = {};
    for (const name of db.objectStoreNames) {
      const store = db.transaction(name).objectStore(name);
      await new Promise<void>((done) => {
        store.openCursor().onsuccess = ({ target }) => {
          const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
          if (!cursor) return done();
          found[String(cursor.key)] = cursor.value;
          cursor.continue();
        };
      });
    }
    db.close();
    return found;
  });

/** Counts every call that could leave something behind. Install before the first page. */
export const watchWrites = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const calls: string[] = [];
    Object.assign(window, { calls });
    const spy = (owner: object | undefined, name: string, what: string) => {
      const original = owner && Object.getOwnPropertyDescriptor(owner, name);
      if (!original) return;
      const key = original.set ? 'set' : 'value';
      const real = original[key] as (...args: unknown[]) => unknown;
      const spied = function (this: unknown, ...args: unknown[]) {
        calls.push(what);
        return real.apply(this, args);
      };
      Object.defineProperty(owner, name, { ...original, [key]: spied });
    };
    spy(IDBFactory.prototype, 'open', 'indexedDB.open');
    spy(Storage.prototype, 'setItem', 'setItem');
    spy(Document.prototype, 'cookie', 'cookie');
    spy(globalThis.CacheStorage?.prototype, 'open', 'caches.open');
    spy(globalThis.StorageManager?.prototype, 'getDirectory', 'getDirectory');
    spy(globalThis.ServiceWorkerContainer?.prototype, 'register', 'register');
    spy(History.prototype, 'pushState', 'pushState');
    spy(History.prototype, 'replaceState', 'replaceState');
    spy(window, 'name', 'window.name');
  });

export const writes = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { calls: string[] }).calls);

/** Every look into what the device may hold, by name. Install before the first page; `inventory` and `disk` look too. */
export const watchReads = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const looks: string[] = [];
    Object.assign(window, { looks });
    const spy = (owner: object | undefined, name: string, what: string) => {
      const original = owner && Object.getOwnPropertyDescriptor(owner, name);
      if (!original) return;
      const key = original.get ? 'get' : 'value';
      const real = original[key] as (...args: unknown[]) => unknown;
      const spied = function (this: unknown, ...args: unknown[]) {
        looks.push([what, ...args].join(' '));
        return real.apply(this, args);
      };
      Object.defineProperty(owner, name, { ...original, [key]: spied });
    };
    for (const name of ['getItem', 'key', 'length']) spy(Storage.prototype, name, name);
    for (const name of ['open', 'databases']) spy(IDBFactory.prototype, name, `indexedDB.${name}`);
    for (const name of ['open', 'keys', 'has', 'match']) spy(globalThis.CacheStorage?.prototype, name, `caches.${name}`);
    spy(Document.prototype, 'cookie', 'cookie');
    spy(window, 'sessionStorage', 'sessionStorage');
    spy(window, 'name', 'window.name');
    spy(globalThis.StorageManager?.prototype, 'getDirectory', 'getDirectory');
  });

export const reads = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { looks: string[] }).looks);

/** The parts of a stored value that could tell one visitor from another. A whole day and a state cannot. */
export function identifying(value: string): string[] {
  const found: string[] = [];
  JSON.parse(value, (key, part) => {
    if (typeof part === 'number' && part > 1e9 && part % 86_400_000 !== 0) found.push(`${key}: ${part}`);
    if (typeof part === 'string' && /[\w-]{12,}|[0-9a-f]{8}-|\d{5,}/i.test(part)) found.push(`${key}: ${part}`);
    return part;
  });
  return found;
}
