import { promisifyRequest, type UseStore } from 'idb-keyval';

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
  /** Reads the keys (or everything) and writes what `change` makes of it, in one transaction. Resolves to what it read. */
  transact(keys: readonly Key[] | 'all', change?: Change, strict?: boolean): Promise<Held>;
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
    setTimeout(() => {
      late = true;
      reject(new Error('IndexedDB does not answer'));
    }, PATIENCE);
    request.onupgradeneeded = () => {
      if (create) request.result.createObjectStore(STORE);
      else absent = !request.transaction?.abort();
    };
    request.onerror = (event) => {
      event.preventDefault();
      if (absent) resolve(undefined);
      else reject(request.error);
    };
    request.onsuccess = () => {
      const db = request.result;
      const close = () => db.close();
      db.onversionchange = close; // whoever wants it gone or newer goes first: an open connection blocks every delete
      if (late) close();
      resolve(db);
    };
  });

/** Reads, then hands over; only request callbacks, because a transaction commits while anything else is awaited. */
function read(store: IDBObjectStore, keys: readonly Key[] | 'all', then: (held: Held) => void): void {
  const held = new Map<Key, unknown>();
  if (keys === 'all') {
    const names = store.getAllKeys();
    const values = store.getAll();
    values.onsuccess = () => {
      for (const [i, name] of names.result.entries()) held.set(name as Key, values.result[i]);
      then(held);
    };
    return;
  }
  for (const key of keys) {
    const request = store.get(key);
    request.onsuccess = () => {
      held.set(key, request.result);
      if (held.size === keys.length) then(held);
    };
  }
}

const apply = (puts: ReturnType<Change>, put: (value: unknown, key: Key) => unknown, remove: (key: Key) => unknown) => {
  for (const [key, value] of puts ?? []) value === undefined ? remove(key) : put(value, key);
};

/**
 * The store on the device, through idb-keyval's `UseStore` over a connection of our own: its `createStore` neither closes
 * on `versionchange` (and so blocks its own deletion for ever) nor has a timer (idb-keyval#64, #120, #165).
 * Resolves to undefined where there is none and `create` is false; rejects where the browser refuses.
 */
export async function openDevice(create: boolean): Promise<Store | undefined> {
  let db = await connect(create);
  if (!db) return undefined;
  const using =
    (durability: IDBTransactionDurability): UseStore =>
    async (mode, callback) => {
      const begin = () => callback((db as IDBDatabase).transaction(STORE, mode, { durability }).objectStore(STORE));
      try {
        return begin();
      } catch {
        db = await connect(false); // the connection may have gone while the machine slept: one retry
        return begin();
      }
    };
  return {
    kind: 'device',
    transact(keys, change, strict) {
      let found: Held = new Map();
      return using(strict ? 'strict' : 'relaxed')(change ? 'readwrite' : 'readonly', (store) => {
        read(store, keys, (held) => {
          found = held;
          try {
            apply(change?.(held), store.put.bind(store), store.delete.bind(store));
          } catch {
            store.transaction.abort(); // an exception here would surface in the page
          }
        });
        return promisifyRequest(store.transaction).then(() => found);
      });
    },
    remove() {
      db?.close();
      const gone = promisifyRequest(indexedDB.deleteDatabase(NAME)).then(() => true);
      const enough = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE / 2, false));
      return Promise.race([gone, enough]).catch(() => false);
    },
    close: () => db?.close(),
  };
}

/** The same store in memory, for browsers that keep nothing for us: all ends with the page. */
export function openVisit(): Store {
  const held = new Map<Key, unknown>();
  return {
    kind: 'visit',
    async transact(_, change) {
      const found = new Map(held);
      apply(
        change?.(found),
        (value, key) => held.set(key, value),
        (key) => held.delete(key),
      );
      return found;
    },
    remove: async () => true,
    close: () => held.clear(),
  };
}
