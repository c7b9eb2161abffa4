import { entries, getMany, promisifyRequest, type UseStore } from 'idb-keyval';

/** `fordi` in localStorage and in IndexedDB: the only two names fordi puts on a device. */
const NAME = 'fordi';
const STORE = 'memory';
/** A browser that never answers `open` must not take the page with it (WebKit 226547). Milliseconds. */
const PATIENCE = 2_000;

export type Key = string | number;
export type Held = ReadonlyMap<Key, unknown>;
/** Sees what is held and says what to put (`undefined` deletes); nothing at all = do not write. Must not wait. */
export type Change = (held: Held) => Iterable<readonly [Key, unknown]> | undefined;

/** One key-value store, on the device or in memory. */
export interface Store {
  readonly kind: 'device' | 'visit';
  read(keys: readonly Key[]): Promise<readonly unknown[]>;
  readAll(): Promise<Held>;
  /** Reads the keys (or everything) and writes, in one transaction; resolves to whether it wrote. */
  change(keys: readonly Key[] | 'all', change: Change, strict?: boolean): Promise<boolean>;
  /** Empties it, leaving only `rest`; resolves to what a fresh look then finds. */
  clear(rest: readonly (readonly [Key, unknown])[]): Promise<Held>;
  /** The database itself; best effort. */
  remove(): Promise<boolean>;
  close(): void;
}

/** localStorage throws where it is blocked, and is null where it is switched off: each access is guarded, at call time. */
export const choiceRecord = {
  /** `undefined` = nothing there; `null` = there is something that cannot be read. */
  get(): unknown {
    try {
      const raw = localStorage.getItem(NAME);
      return raw === null ? undefined : JSON.parse(raw);
    } catch (error) {
      return error instanceof SyntaxError ? null : undefined;
    }
  },
  set(record: object | undefined): boolean {
    try {
      if (record) localStorage.setItem(NAME, JSON.stringify(record));
      else localStorage.removeItem(NAME);
      return true;
    } catch {
      return false;
    }
  },
  /** Another tab of this site has changed the choice. */
  watch(listener: () => void): () => void {
    const heard = (e: StorageEvent) => (e.key === NAME || e.key === null) && listener();
    globalThis.addEventListener?.('storage', heard);
    return () => globalThis.removeEventListener?.('storage', heard);
  },
};

/** Opens the database; with `create` false an absent one stays absent: `open` alone would create it. */
const connect = (create: boolean) =>
  new Promise<IDBDatabase | undefined>((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    let absent = false;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new Error('IndexedDB does not answer'));
    }, PATIENCE);
    request.onupgradeneeded = () => {
      if (create) request.result.createObjectStore(STORE);
      else absent = !request.transaction?.abort();
    };
    request.onerror = (event) => {
      event.preventDefault();
      clearTimeout(timer);
      if (absent) resolve(undefined);
      else reject(request.error);
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      if (late) request.result.close();
      else resolve(request.result);
    };
  });

/** Runs inside one transaction: only request callbacks, because a transaction commits while anything else is awaited. */
function exchange(store: IDBObjectStore, keys: readonly Key[] | 'all', change: Change, done: (wrote: boolean) => void): void {
  const held = new Map<Key, unknown>();
  const write = () => {
    try {
      const puts = change(held);
      for (const [key, value] of puts ?? []) value === undefined ? store.delete(key) : store.put(value, key);
      done(!!puts);
    } catch {
      store.transaction.abort(); // an exception here would surface in the page
    }
  };
  const take = (request: IDBRequest, then: (result: never) => void) => {
    request.onsuccess = () => then(request.result as never);
  };
  if (keys === 'all') {
    take(store.getAllKeys(), (names: Key[]) =>
      take(store.getAll(), (values: unknown[]) => {
        for (const [i, name] of names.entries()) held.set(name, values[i]);
        write();
      }),
    );
    return;
  }
  for (const [i, key] of keys.entries())
    take(store.get(key), (value) => {
      held.set(key, value);
      if (i === keys.length - 1) write();
    });
}

/** One connection per page, reopened when the browser has dropped it, let go of when anyone wants the database gone. */
function createConnection() {
  let opening: Promise<IDBDatabase | undefined> | undefined;
  const forget = () => {
    opening = undefined;
  };
  const open = async (create: boolean): Promise<IDBDatabase | undefined> => {
    opening ??= connect(create);
    opening.then((db) => db || forget(), forget);
    const db = await opening;
    if (db) {
      db.onclose = forget;
      db.onversionchange = () => {
        forget();
        db.close();
      };
    }
    return db;
  };
  /** One retry: a connection may have gone while the machine slept. */
  const transaction = async (mode: IDBTransactionMode, strict: boolean): Promise<IDBTransaction> => {
    for (let last = false; ; last = true) {
      const db = await open(false);
      if (!db) throw new Error('the database is gone');
      try {
        return db.transaction(STORE, mode, { durability: strict ? 'strict' : 'relaxed' });
      } catch (error) {
        forget();
        if (last) throw error;
      }
    }
  };
  const close = async () => {
    const was = opening;
    forget();
    (await was)?.close();
  };
  return { open, transaction, close };
}

/**
 * The store on the device, through idb-keyval with a connection of our own: its `createStore` neither closes on
 * `versionchange` (and so blocks its own deletion for ever) nor has a timer (idb-keyval#64, #120, #165).
 * Resolves to undefined where there is none and `create` is false; rejects where the browser refuses.
 */
export async function openDevice(create: boolean): Promise<Store | undefined> {
  const { open, transaction, close } = createConnection();
  const use: UseStore = async (mode, callback) => callback((await transaction(mode, false)).objectStore(STORE));
  const readAll = async () => new Map(await entries<Key>(use));
  if (!(await open(create))) return undefined;
  return {
    kind: 'device',
    read: (keys) => getMany([...keys], use),
    readAll,
    async change(keys, change, strict = false) {
      const tx = await transaction('readwrite', strict);
      let wrote = false;
      const complete = promisifyRequest(tx);
      exchange(tx.objectStore(STORE), keys, change, (did) => {
        wrote = did;
      });
      await complete;
      return wrote;
    },
    async clear(rest) {
      const tx = await transaction('readwrite', true);
      const complete = promisifyRequest(tx);
      const store = tx.objectStore(STORE);
      store.clear();
      for (const [key, value] of rest) store.put(value, key);
      await complete;
      await close(); // the proof is read through a fresh connection
      return readAll();
    },
    async remove() {
      await close();
      const gone = promisifyRequest(indexedDB.deleteDatabase(NAME)).then(
        () => true,
        () => false,
      );
      return Promise.race([gone, new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE / 2, false))]);
    },
    close,
  };
}

/** The same store in memory, for browsers that keep nothing for us: all ends with the page. */
export function openVisit(): Store {
  const held = new Map<Key, unknown>();
  return {
    kind: 'visit',
    read: async (keys) => keys.map((key) => held.get(key)),
    readAll: async () => new Map(held),
    async change(_, change) {
      const puts = change(new Map(held));
      for (const [key, value] of puts ?? []) value === undefined ? held.delete(key) : held.set(key, value);
      return !!puts;
    },
    async clear(rest) {
      held.clear();
      for (const [key, value] of rest) held.set(key, value);
      return new Map(held);
    },
    remove: async () => true,
    close: () => held.clear(),
  };
}
