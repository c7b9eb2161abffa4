import { promisifyRequest } from 'idb-keyval';
import { restOf } from './consent.js';

/** `fordi` in localStorage and in IndexedDB: the only two names fordi puts on a device. */
export const NAME = 'fordi';
const STORE = 'memory';
/** A browser that never answers `open` must not take the page with it (WebKit 226547). Milliseconds. */
const PATIENCE = 2_000;

export type Key = string | number;
export type Held = ReadonlyMap<Key, unknown>;
/** Sees what is held and says what to put (`undefined` deletes); nothing at all = do not write. Must not wait. */
export type Change = (held: Held) => Iterable<readonly [Key, unknown]> | undefined;

/** One key-value store, on the device or in memory. */
export interface Store {
  /**
   * Reads the keys (or everything) and writes what `change` makes of it, in one transaction. Resolves to what it read:
   * nothing, where there is no database and `how` is not `create`. Both ways of `how` wait for the disk.
   */
  transact(keys: readonly Key[] | 'all', change?: Change, how?: 'strict' | 'create'): Promise<Held>;
  /** Whether there is anything, as far as the browser tells without creating it. */
  exists(): Promise<boolean>;
  /** The database itself; best effort. */
  remove(): Promise<boolean>;
  close(): void;
}

/** localStorage throws where it is blocked, and is null where it is switched off: each access is guarded, at call time. */
export const choiceText = (): string | null => {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
};
const write = (text: string | undefined): boolean => {
  try {
    if (text === undefined) localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, text);
    return true;
  } catch {
    return false;
  }
};
interface Said {
  readonly state?: unknown;
  readonly proofs?: unknown;
  readonly due?: unknown;
  readonly erase?: unknown;
}
/** A yes has room behind it, so that a pause or an objection is taken also once others have filled the device. Characters. */
const ROOM = 256;
const put = (record: Said | undefined): boolean => {
  const text = record && JSON.stringify(record);
  return (record?.state === 'granted' && write(text?.padEnd(Math.ceil(text.length / ROOM + 0.5) * ROOM))) || write(text);
};

/** Where even that is too much, the little that makes the next start erase what is kept under a choice that is no longer there. */
const mourn = ({ state, erase }: Said) =>
  (erase || state === 'granted') && put({ ...restOf(undefined, Date.now()), ...(state !== 'granted' && { state }), erase: true });

/** The one synchronous record, as it is on the device. */
export interface ChoicePlace {
  /** `undefined` = nothing there; `null` = there is something that cannot be read. */
  get(): unknown;
  /**
   * Resolves to whether it is on the device. `isHard`: it takes something away. Where the device is full the old one must go
   * all the same, for it says yes; then what waits to be sent, then this record itself, which this page goes on heeding.
   */
  set(record: Said | undefined, isHard?: boolean): boolean;
  /** What this page heeds is not on the device. */
  isLost(): boolean;
  /** What was said last did not get there. */
  isFull(): boolean;
}

export function openChoice(): ChoicePlace {
  /** What the device did not take, and what it held then: another text is another tab's, and goes before it. */
  let lost: { readonly record: object; readonly there: string | null } | undefined;
  const stillLost = () => !!lost && lost.there === choiceText();
  let isFull = false;
  return {
    isLost: stillLost,
    isFull: () => isFull,
    get() {
      const text = choiceText();
      if (lost?.there === text) return lost.record;
      try {
        return text === null ? undefined : JSON.parse(text);
      } catch {
        return null;
      }
    },
    set(record, isHard) {
      const isLost = isHard || stillLost();
      const isDone = put(record) || (!!record && isLost && put(undefined) && (put(record) || put({ ...record, proofs: undefined, due: undefined }))); // biome-ignore format: one line
      isFull = !isDone;
      if (!isDone && isHard && record) mourn(record);
      lost = !isDone && isLost && record ? { record, there: choiceText() } : undefined;
      return isDone;
    },
  };
}

/** Whether there is anything to keep with. Looking creates nothing. */
export function canKeep(): boolean {
  try {
    return !!localStorage && !!indexedDB;
  } catch {
    return false;
  }
}

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
      absent = late || !create; // behind a deletion that was held up: nobody waits for it any more
      if (!absent) request.result.createObjectStore(STORE);
      else request.transaction?.abort();
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

const entries = (keys: readonly IDBValidKey[], values: readonly unknown[]): Held => new Map(keys.map((key, i) => [key as Key, values[i]]));

/** Reads, then hands over; only request callbacks, because a transaction commits while anything else is awaited. Returns what is answered first, of many keys the last. */
function read(store: IDBObjectStore, keys: readonly Key[] | 'all', then: (held: Held) => void): IDBRequest {
  if (keys === 'all') {
    const names = store.getAllKeys();
    const values = store.getAll();
    values.onsuccess = () => then(entries(names.result, values.result));
    return names;
  }
  const gets = keys.map((key) => store.get(key));
  const last = gets.at(-1) as IDBRequest; // requests are answered in order
  last.onsuccess = () =>
    then(
      entries(
        keys,
        gets.map(({ result }) => result),
      ),
    );
  return last;
}

const apply = (puts: ReturnType<Change>, put: (value: unknown, key: Key) => unknown, remove: (key: Key) => unknown) => {
  for (const [key, value] of puts ?? []) value === undefined ? remove(key) : put(value, key);
};

/** Calls back unless told in time that it need not. In two halves: a page that was busy itself has heard by then. */
function patiently(give: () => void): () => void {
  let timer = setTimeout(() => {
    timer = setTimeout(give, PATIENCE / 2);
  }, PATIENCE / 2);
  return () => clearTimeout(timer);
}

function within(tx: IDBTransaction, keys: readonly Key[] | 'all', change: Change | undefined): Promise<Held> {
  const store = tx.objectStore(STORE);
  let found: Held;
  let late: Error | undefined;
  const first = read(store, keys, (held) => {
    found = held;
    try {
      apply(change?.(held), store.put.bind(store), store.delete.bind(store));
    } catch {
      tx.abort(); // an exception here would surface in the page
    }
  });
  // Behind a transaction of another tab that was frozen in the middle of it, this one would wait as long as that.
  const begun = patiently(() => {
    late = new Error('IndexedDB does not answer');
    tx.abort();
  });
  first.addEventListener('success', begun); // however long it takes from here
  return promisifyRequest(tx).then(
    () => found,
    (error) => {
      begun();
      throw late ?? error; // no error would mean a full disk
    },
  );
}

/**
 * The store on the device, over a connection of our own: idb-keyval's `createStore` neither closes on `versionchange` (and
 * so blocks its own deletion for ever) nor has a timer (idb-keyval#64, #120, #165).
 */
export function openDevice(): Store {
  let opening: Promise<IDBDatabase | undefined> | undefined;
  const close = () => {
    opening?.then((db) => db?.close()).catch(() => {});
    opening = undefined;
  };
  /** One connection, however many ask at once; only a success is remembered. */
  const open = async (create: boolean) => {
    opening ??= connect(create);
    const mine = opening;
    const db = await mine.catch(() => null);
    if (!db && opening === mine) opening = undefined;
    if (db === null) throw new Error('IndexedDB cannot be opened');
    return db;
  };
  return {
    async transact(keys, change, how) {
      const begin = async () =>
        (await open(how === 'create'))?.transaction(STORE, change ? 'readwrite' : 'readonly', { durability: how ? 'strict' : 'relaxed' });
      const tx = await begin().catch((error) => {
        if (!opening) throw error;
        close(); // the connection may have gone while the machine slept: one retry
        return begin();
      });
      return tx ? within(tx, keys, change) : new Map();
    },
    async exists() {
      const found = await indexedDB.databases?.();
      return !!found?.some(({ name }) => name === NAME);
    },
    async remove() {
      if (!opening) return true;
      close();
      const gone = promisifyRequest(indexedDB.deleteDatabase(NAME)).then(() => true);
      const enough = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE / 2, false));
      return Promise.race([gone, enough]).catch(() => false);
    },
    close,
  };
}

/** The same store in memory, for browsers that keep nothing for us: all ends with the page. */
export function openVisit(): Store {
  const held = new Map<Key, unknown>();
  return {
    async transact(_, change) {
      const found = new Map(held);
      apply(
        change?.(found),
        (value, key) => held.set(key, value),
        (key) => held.delete(key),
      );
      return found;
    },
    exists: async () => true,
    remove: async () => true,
    close: () => held.clear(),
  };
}
