import { type Fordi, VERBS } from 'fordi';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  choiceOnDisk,
  closeAll,
  DAY,
  define,
  disk,
  eventually,
  granted,
  lived,
  page,
  recordsOnDisk,
  type Shelf,
  settled,
  stranger,
  tamper,
} from './support/world.js';

// Browsers that keep nothing, or break while they keep it.

const listen = (fordi: Fordi, item = 'kind-of-blue') => fordi.observe({ verb: 'listen', item });
const shelf = () => globalThis.localStorage as unknown as Shelf;
const real = () => globalThis.indexedDB;

const uncaught: unknown[] = [];
const catching = (error: unknown) => uncaught.push(error);
process.on('unhandledRejection', catching);

afterEach(() => {
  expect(uncaught.splice(0)).toEqual([]);
});

/** A page on a device that keeps nothing still does everything, until it closes. */
async function worksForThisVisit(fordi: Fordi): Promise<void> {
  await fordi.ready;
  expect(await fordi.grant(['personalization'], { via: 'notice' })).toMatchObject({ granted: true });
  expect(fordi.get()).toMatchObject({ choice: 'granted', memory: 'visit' });
  expect(await listen(fordi)).toMatchObject({ kept: true });
  expect(await fordi.declare({ topic: 'folk', value: -1 })).toMatchObject({ kept: true });
  expect((await fordi.recommend())[0]).toMatchObject({ because: { text: 'Because you listened to Kind of Blue' } });
  expect(await fordi.setVoice('quiet')).toBe(true);
  const [newest] = await fordi.evidence();
  expect(newest).toMatchObject({ verb: 'declare', topic: 'folk', value: -1 });
  expect(await fordi.forget(newest?.id as string)).toBe(1);
  expect(await fordi.evidence()).toHaveLength(1);
  expect((await fordi.export()).evidence).toHaveLength(1);
  expect(await fordi.receipts()).toHaveLength(1);
  await fordi.grant();
  expect(await fordi.evidence()).toHaveLength(1);
  expect(await fordi.withdraw()).toMatchObject({ cleared: true, verified: true });
  expect(fordi.choice()).toBe('withdrawn');
  expect(await fordi.recommend()).toEqual(await stranger((f) => f.recommend()));
  fordi.stop();
}

const without = (name: string, how: PropertyDescriptor) => () => define(name, how);
const throwing = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

describe('a browser that keeps nothing: everything works for this visit, and nothing throws', () => {
  const blocked: [string, () => void][] = [
    ['reading localStorage throws', without('localStorage', { get: throwing })],
    ['localStorage is null', without('localStorage', { value: null })],
    ['localStorage is absent', without('localStorage', { value: undefined })],
    [
      'localStorage is full from the start',
      () => {
        shelf().full = true;
      },
    ],
    ['indexedDB is absent', without('indexedDB', { value: undefined })],
    ['indexedDB is null', without('indexedDB', { value: null })],
    ['reading indexedDB throws', without('indexedDB', { get: throwing })],
    ['indexedDB.open throws', without('indexedDB', { value: { open: throwing, deleteDatabase: throwing } })],
    ['indexedDB.open returns nothing', without('indexedDB', { value: { open: () => undefined, deleteDatabase: () => undefined } })],
    [
      'indexedDB.open fails later, under a name nobody expects',
      without('indexedDB', {
        value: {
          open() {
            const request = { error: new DOMException('Internal error', 'UnknownError'), result: undefined } as unknown as IDBOpenDBRequest;
            setTimeout(() => request.onerror?.({ preventDefault() {} } as Event));
            return request;
          },
        },
      }),
    ],
    [
      'localStorage and indexedDB both throw',
      () => {
        define('localStorage', { get: throwing });
        define('indexedDB', { get: throwing });
      },
    ],
  ];

  test.each(blocked)('%s', async (_, block) => {
    block();
    await worksForThisVisit(page());
  });

  test('indexedDB.open never answers: after two seconds it is not waited for', async () => {
    define('indexedDB', { value: { open: () => ({}), deleteDatabase: () => ({}) } });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const fordi = page();
    await fordi.ready;
    /** Time goes on until it is done: what it waits for besides may take its turns meanwhile. */
    const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
      const began = Date.now();
      let passed = 0;
      void work.finally(() => {
        passed = ms;
      });
      for (; passed < ms && Date.now() - began < 20_000; passed += 500) await vi.advanceTimersByTimeAsync(500);
      return work;
    };
    expect(await within(10_000, fordi.grant())).toMatchObject({ granted: true });
    expect(fordi.get().memory).toBe('visit');
    expect(await listen(fordi)).toMatchObject({ kept: true });
    expect(await within(20_000, fordi.withdraw())).toMatchObject({ verified: true });
  });

  test('indexedDB.open answers too late: the connection is closed and what it holds is not used', async () => {
    const open = real().open.bind(real());
    let late: IDBDatabase | undefined;
    await lived([]);
    define('indexedDB', {
      value: {
        open(name: string, version: number) {
          const inner = open(name, version);
          const outer = {} as { result: IDBDatabase; onsuccess?: () => void };
          setTimeout(() => {
            late = outer.result = inner.result;
            outer.onsuccess?.();
          }, 10_000);
          return outer;
        },
      },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const fordi = page();
    await vi.advanceTimersByTimeAsync(3_000);
    await fordi.ready;
    expect(fordi.get()).toMatchObject({ choice: 'unset', memory: 'visit' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(() => late?.transaction('memory')).toThrow();
    expect(fordi.choice()).toBe('unset');
  });

  test('a read that failed is read again by itself', async () => {
    await listen(await granted());
    closeAll();
    const store = (globalThis as unknown as { IDBObjectStore: { prototype: IDBObjectStore } }).IDBObjectStore.prototype;
    const { get } = store;
    const spy = vi.spyOn(store, 'get').mockImplementation(function (this: IDBObjectStore, key: IDBValidKey | IDBKeyRange) {
      if (key === 'signals') throw new DOMException('The disk does not answer', 'UnknownError');
      return get.call(this, key);
    });
    const fordi = page();
    await fordi.ready;
    expect(fordi.get()).toMatchObject({ choice: 'granted', records: 0 });
    spy.mockRestore();
    await eventually(() => expect(fordi.get().records).toBe(1));
    fordi.stop();
  });

  describe('a disk that is silent for a while', () => {
    /** Until `wake`; how often it was asked. */
    function silent() {
      const idb = real();
      let asked = 0;
      const open = () => {
        asked++;
        return {};
      };
      define('indexedDB', { value: { open, databases: async () => [], deleteDatabase: () => ({}) } });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const wake = () => {
        define('indexedDB', { value: idb });
        vi.useRealTimers();
      };
      return { wake, asked: () => asked };
    }
    /** Time goes on, and so does what takes turns of its own. */
    const pass = async (ms: number, until = () => false) => {
      for (let passed = 0; passed < ms && !until(); passed += 250) {
        await vi.advanceTimersByTimeAsync(250);
        await settled(3);
      }
    };
    const waited = async <T>(work: Promise<T>): Promise<T> => {
      let isOver = false;
      void work.finally(() => {
        isOver = true;
      });
      await pass(30_000, () => isOver);
      return work;
    };
    /** Another tab says something. */
    const tell = () => {
      const other = new BroadcastChannel('fordi');
      other.postMessage(0);
      return settled().then(() => other.close());
    };

    test('is asked again by itself, less and less often, and what is kept there is used once it answers', async () => {
      await lived([]);
      const idb = real();
      const { asked } = silent();
      const fordi = page();
      await vi.advanceTimersByTimeAsync(3_000);
      await fordi.ready;
      expect(fordi.get()).toMatchObject({ choice: 'unset', memory: 'visit' });
      await vi.advanceTimersByTimeAsync(600_000);
      expect(asked()).toBeGreaterThan(5);
      expect(asked()).toBeLessThan(12);
      define('indexedDB', { value: idb });
      await pass(150_000, () => fordi.choice() === 'granted');
      vi.useRealTimers();
      await eventually(() => expect(fordi.get()).toMatchObject({ choice: 'granted', memory: 'device' }));
      expect(await listen(fordi)).toMatchObject({ kept: true });
      fordi.stop();
    });

    test.each([
      ['by itself', async () => {}],
      ['because another tab has said something', tell],
    ])('a yes said meanwhile is not called off by the page looking again, %s', async (_, hear) => {
      await lived([]);
      silent();
      const fordi = page();
      await pass(3_000);
      const saying = fordi.grant();
      await hear();
      expect(await waited(saying)).toMatchObject({ granted: true });
      expect(fordi.get()).toMatchObject({ choice: 'granted', memory: 'visit' });
    });

    test('after a no there is nothing to ask about, and nothing is drawn anew', async () => {
      await lived([]);
      silent();
      const fordi = page();
      await pass(3_000);
      await waited(fordi.refuse());
      await pass(10_000);
      const heard = vi.fn();
      fordi.subscribe(heard);
      await pass(300_000);
      expect(heard).not.toHaveBeenCalled();
    });

    test('a page that is stopped leaves no timer', async () => {
      await lived([]);
      silent();
      const fordi = page();
      await pass(1_000);
      fordi.stop();
      await pass(2_500);
      expect(vi.getTimerCount()).toBe(0);
    });

    test('once it has answered, the pauses begin anew', async () => {
      await lived([]);
      const first = silent();
      const fordi = page();
      await pass(300_000);
      first.wake();
      await tell();
      await eventually(() => expect(fordi.get()).toMatchObject({ choice: 'granted', memory: 'device' }));
      await settled();
      const store = (globalThis as unknown as { IDBObjectStore: { prototype: IDBObjectStore } }).IDBObjectStore.prototype;
      const get = vi.spyOn(store, 'get').mockImplementation(() => {
        throw new DOMException('The disk does not answer', 'UnknownError');
      });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      await tell();
      await pass(1_000);
      const once = get.mock.calls.length;
      await pass(9_000);
      expect(get.mock.calls.length).toBeGreaterThan(once);
      get.mockRestore();
    });

    test('L1 · a yes said meanwhile is for this visit; the one on the device stays, with what was kept under it', async () => {
      await listen(await granted());
      closeAll();
      const before = choiceOnDisk();
      const { wake } = silent();
      const fordi = page();
      await pass(3_000);
      expect(await waited(fordi.grant())).toMatchObject({ granted: true });
      expect(fordi.get().memory).toBe('visit');
      expect(choiceOnDisk()).toEqual(before);
      wake();
      closeAll();
      const next = page();
      await next.ready;
      expect(await next.evidence()).toEqual(await recordsOnDisk());
      expect(next.get()).toMatchObject({ choice: 'granted', records: 1 });
      await next.withdraw();
      expect(await disk()).toEqual(new Map());
    });

    test('what a page says that keeps for this visit leaves the yes of a tab whose disk answers; a pause holds there too', async () => {
      const { wake } = silent();
      const fordi = page();
      await pass(3_000);
      await waited(fordi.grant());
      wake();
      const other = await granted();
      await listen(other);
      expect([fordi.get().memory, other.get().memory]).toEqual(['visit', 'device']);
      expect(await fordi.object('passive', true)).toBeTruthy();
      expect(await fordi.pause(true)).toBe(true);
      await eventually(() => expect(other.get()).toMatchObject({ choice: 'granted', paused: true, objections: ['passive'] }));
      expect(await other.evidence()).toEqual(await recordsOnDisk());
      expect(await recordsOnDisk()).toHaveLength(1);
    });
  });

  test('nothing of this visit is there at the next', async () => {
    define('localStorage', { value: null });
    const fordi = await granted();
    await listen(fordi);
    closeAll();
    const next = page();
    await next.ready;
    expect([next.choice(), await next.evidence()]).toEqual(['unset', []]);
    expect(await recordsOnDisk()).toEqual([]);
  });
});

/** Makes transactions of the device fail while `broken.now` is set. */
function breakable(mode: 'begin' | 'put' | 'commit') {
  const broken = { now: false, only: (_: unknown) => true };
  const proto = (globalThis as unknown as { IDBDatabase: { prototype: IDBDatabase } }).IDBDatabase.prototype;
  const store = (globalThis as unknown as { IDBObjectStore: { prototype: IDBObjectStore } }).IDBObjectStore.prototype;
  if (mode === 'begin') {
    const begin = proto.transaction;
    vi.spyOn(proto, 'transaction').mockImplementation(function (this: IDBDatabase, ...args: never[]) {
      // Only what fordi begins: fake-indexeddb opens its own transaction for an upgrade.
      if (broken.now && (args as unknown[])[1] !== 'versionchange')
        throw new DOMException('The connection is closing', 'InvalidStateError');
      return begin.apply(this, args as never);
    } as never);
    return broken;
  }
  const put = store.put;
  vi.spyOn(store, 'put').mockImplementation(function (this: IDBObjectStore, value: unknown, key: IDBValidKey) {
    if (!broken.now || !broken.only(value)) return put.call(this, value, key);
    if (mode === 'put') throw new DOMException('full', 'QuotaExceededError');
    const request = put.call(this, value, key);
    queueMicrotask(() => {
      try {
        this.transaction.abort();
      } catch {
        // already over
      }
    });
    return request;
  } as never);
  return broken;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a browser that breaks while it keeps', () => {
  test.each(['begin', 'put', 'commit'] as const)('writing fails at %s: the outcome says so, and the rest goes on', async (mode) => {
    const broken = breakable(mode);
    const fordi = await granted();
    await listen(fordi);
    broken.now = true;
    expect(await listen(fordi, 'blue')).toEqual({ kept: false, reason: 'storage' });
    expect(fordi.get()).toMatchObject({ choice: 'granted', records: 1 });
    expect((await fordi.recommend()).length).toBeGreaterThan(0);
    broken.now = false;
    expect(await listen(fordi, 'blue')).toMatchObject({ kept: true });
    expect((await recordsOnDisk()).length).toBe(2);
  });

  test.each(['begin', 'put', 'commit'] as const)('everything fails at %s: every call still resolves', async (mode) => {
    const broken = breakable(mode);
    const fordi = await granted();
    await listen(fordi);
    broken.now = true;
    await expect(fordi.evidence()).resolves.toBeInstanceOf(Array);
    await expect(fordi.forget({ item: 'kind-of-blue' })).resolves.toBeTypeOf('number');
    await expect(fordi.setVoice('quiet')).resolves.toBe(false);
    await expect(fordi.recommend()).resolves.toBeInstanceOf(Array);
    await expect(fordi.shelves()).resolves.toBeInstanceOf(Array);
    await expect(fordi.explain('blue')).resolves.toBeTypeOf('object');
    await expect(fordi.receipts()).resolves.toBeInstanceOf(Array);
    await expect(fordi.export()).resolves.toMatchObject({ schema: 'fordi.export/2' });
    await expect(fordi.grant()).resolves.toHaveProperty('granted');
    await expect(fordi.withdraw()).resolves.toHaveProperty('verified');
  });

  test.each(['begin', 'put', 'commit'] as const)(
    'erasing fails at %s: it says so, the choice stands, and the next start finishes it',
    async (mode) => {
      const broken = breakable(mode);
      const fordi = await granted();
      await listen(fordi);
      broken.now = true;
      expect(await fordi.withdraw()).toMatchObject({ verified: false });
      expect(fordi.get()).toMatchObject({ choice: 'withdrawn', erasing: true, records: 0 });
      expect(await fordi.recommend()).toEqual(await stranger((f) => f.recommend()));
      broken.now = false;
      closeAll();
      const next = page();
      await next.ready;
      expect(next.get()).toMatchObject({ choice: 'withdrawn', erasing: false });
      expect(await recordsOnDisk()).toEqual([]);
    },
  );

  test.each(['begin', 'put', 'commit'] as const)('a first yes fails at %s: it holds for this visit', async (mode) => {
    const broken = breakable(mode);
    broken.now = true;
    const fordi = page();
    await expect(fordi.grant()).resolves.toMatchObject({ granted: true });
    expect(fordi.get().memory).toBe('visit');
    expect(await listen(fordi)).toMatchObject({ kept: true });
  });

  test('a full disk makes room once, with the oldest records, and goes on', async () => {
    const broken = breakable('put');
    const fordi = await granted();
    for (let i = 0; i < 40; i++) await fordi.observe({ verb: 'listen', item: { id: `n${i}`, title: `N ${i}` } });
    let fails = 1;
    broken.only = () => fails-- > 0;
    broken.now = true;
    expect(await listen(fordi)).toMatchObject({ kept: true });
    const left = await fordi.evidence();
    expect(left[0]).toMatchObject({ item: 'kind-of-blue' });
    expect(left.length).toBeLessThan(41);
    expect(left.map(({ item }) => item)).toContain('n39');
    expect(left.map(({ item }) => item)).not.toContain('n0');
    expect(await recordsOnDisk()).toHaveLength(left.length);
  });

  test('a full localStorage does not stop a withdrawal: nothing stays, and no yes comes back', async () => {
    const fordi = await granted();
    await listen(fordi);
    shelf().full = true;
    expect(await fordi.withdraw()).toMatchObject({ verified: true });
    expect(await recordsOnDisk()).toEqual([]);
    shelf().full = false;
    closeAll();
    const next = page();
    await next.ready;
    expect(next.choice()).not.toBe('granted');
    expect(await next.evidence()).toEqual([]);
  });

  test('R6 · a pause, and an objection, on a device that others have filled hold there, and nothing that is kept is lost', async () => {
    const fordi = await granted();
    await listen(fordi);
    shelf().room = [...shelf().held].reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    expect(() => localStorage.setItem('theirs', 'x')).toThrow();
    await fordi.pause(true);
    await fordi.object('passive', true);
    expect(fordi.get()).toMatchObject({ memory: 'device', paused: true, objections: ['passive'], records: 1 });
    closeAll();
    const next = page();
    await next.ready;
    expect(next.get()).toMatchObject({ choice: 'granted', memory: 'device', paused: true, objections: ['passive'], records: 1 });
    await next.pause(false);
    expect((await next.evidence()).map(({ item }) => item)).toEqual(['kind-of-blue']);
    expect(await next.withdraw()).toMatchObject({ verified: true });
    expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn' });
  });

  test('L1 · killed while a full device lets go of what it no longer vouches for: erased at the next start, and never read as a yes', async () => {
    const record = { id: 'x', verb: 'listen', item: 'blue', provenance: 'engaged', sensitivity: 'ordinary', at: Date.now(), notice: '1' } as const; // biome-ignore format: one line
    await lived([record]); // by a release that left no room behind a yes
    const fordi = page();
    await fordi.ready;
    shelf().room = [...shelf().held].reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    for (const is of [true, false]) {
      void fordi.pause(is);
      while (fordi.get().paused !== is) await Promise.resolve();
    }
    expect(fordi.choice()).toBe('granted');
    closeAll();
    expect(await recordsOnDisk()).toHaveLength(1);
    const next = page();
    expect([next.choice(), await next.evidence()]).toEqual(['unset', []]);
    await next.ready;
    expect([next.get().erasing, await recordsOnDisk(), await indexedDB.databases(), localStorage.length]).toEqual([false, [], [], 0]);
  });

  test('a connection that was lost in sleep is opened again', async () => {
    const fordi = await granted();
    await listen(fordi);
    const proto = (globalThis as unknown as { IDBDatabase: { prototype: IDBDatabase } }).IDBDatabase.prototype;
    const begin = proto.transaction;
    let lost = 1;
    vi.spyOn(proto, 'transaction').mockImplementation(function (this: IDBDatabase, ...args: never[]) {
      if (lost-- > 0) throw new DOMException('The database connection is closing', 'InvalidStateError');
      return begin.apply(this, args as never);
    } as never);
    expect(await listen(fordi, 'blue')).toMatchObject({ kept: true });
    expect(await recordsOnDisk()).toHaveLength(2);
  });

  test('L15 · whoever wants the database gone is not kept waiting', async () => {
    const fordi = await granted();
    const blocked = vi.fn();
    await new Promise<void>((resolve) => {
      const request = indexedDB.deleteDatabase('fordi');
      request.onblocked = blocked;
      request.onsuccess = () => resolve();
    });
    expect(blocked).not.toHaveBeenCalled();
    await expect(fordi.evidence()).resolves.toEqual([]);
  });

  test('L15 · a database that another page holds on to is emptied all the same', async () => {
    const fordi = await granted();
    await listen(fordi);
    const request = indexedDB.open('fordi');
    const held = await new Promise<IDBDatabase>((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
    expect(await fordi.withdraw()).toMatchObject({ cleared: true, verified: true, deleted: false });
    const left = held.transaction('memory').objectStore('memory').getAll();
    await new Promise((resolve) => {
      left.onsuccess = resolve;
    });
    expect(left.result).toEqual([{ v: 1, granted: false }]);
    held.close();
  });

  test('a database of the same name without fordi’s store is no reason to break', async () => {
    await new Promise((resolve) => {
      indexedDB.open('fordi', 1).onsuccess = (e) => {
        (e.target as IDBOpenDBRequest).result.close();
        resolve(undefined);
      };
    });
    const fordi = page();
    await expect(fordi.grant()).resolves.toMatchObject({ granted: true });
    expect(await listen(fordi)).toMatchObject({ kept: true });
  });

  test('a database of a newer release is neither read nor destroyed', async () => {
    await new Promise((resolve) => {
      const request = indexedDB.open('fordi', 9);
      request.onupgradeneeded = () => request.result.createObjectStore('memory').put('theirs', 'tail');
      request.onsuccess = () => {
        request.result.close();
        resolve(undefined);
      };
    });
    const fordi = page();
    await expect(fordi.grant()).resolves.toMatchObject({ granted: true });
    expect(fordi.get().memory).toBe('visit');
    expect((await disk()).get('tail')).toBe('theirs');
  });

  test('a start that could not open the database, and a yes that could: the device counts again, and a withdrawal is written', async () => {
    await lived([]);
    const device = globalThis.indexedDB;
    define('indexedDB', { get: throwing });
    const fordi = page();
    await fordi.ready;
    define('indexedDB', { value: device });
    expect(await fordi.grant()).toMatchObject({ granted: true });
    expect(await listen(fordi)).toMatchObject({ kept: true });
    const kept = (await recordsOnDisk()).length;
    expect(fordi.get().memory).toBe(kept ? 'device' : 'visit');
    await fordi.withdraw();
    expect(await recordsOnDisk()).toEqual([]);
    expect(choiceOnDisk()?.state).not.toBe('granted');
  });
});

describe('what lies on the disk and is not ours', () => {
  const at = Date.now() + DAY; // after the permission
  const good = (id: string) =>
    ({ id, verb: 'listen', item: 'blue', provenance: 'engaged', sensitivity: 'ordinary', at, notice: '1' }) as const;
  const foreign: [string, unknown][] = [
    ['null', null],
    ['a text', 'jazz'],
    ['another program’s', { user: 7 }],
    ['an unknown verb', { ...good('b'), verb: 'stalk' }],
    ['a verb of every object', { ...good('b'), verb: 'constructor' }],
    ['a special one', { ...good('b'), sensitivity: 'special' }],
    ['an unknown provenance', { ...good('b'), provenance: 'guessed' }],
    ['no subject', { ...good('b'), item: undefined }],
    ['a time that is none', { ...good('b'), at: Number.NaN }],
    ['an endless value', { ...good('b'), value: Number.POSITIVE_INFINITY }],
    ['an id that is none', { ...good('b'), id: 12 }],
    ['an invalid date', { ...good('b'), at: new Date(Number.NaN) }],
  ];

  test.each(foreign)('a damaged record (%s) is dropped, counted, and gone from the disk too', async (_, bad) => {
    await lived([good('a'), bad as never, good('c')]);
    const fordi = page();
    expect((await fordi.evidence()).map(({ id }) => id)).toEqual(['c', 'a']);
    expect(fordi.get()).toMatchObject({ damaged: 1, records: 2 });
    const tail = [...(await disk()).entries()].filter(([key]) => key !== 'gate' && key !== 'signals');
    expect(tail.flatMap(([, value]) => value)).toEqual([good('a'), good('c')]);
    expect((await fordi.recommend())[0]?.because?.text).toBe('Because you listened to Blue');
  });

  test.each([null, 'x', 7, { v: 1 }, { v: 9, upTo: 0, records: 0, signals: [] }, { v: 1, upTo: 0, records: 0, signals: [{}] }])(
    'a damaged summary (%j) is made anew from the records',
    async (summary) => {
      await lived([good('a'), good('b')]);
      await tamper([['signals', summary]]);
      const fordi = page();
      await fordi.ready;
      expect(fordi.get()).toMatchObject({ records: 2, damaged: 0 });
      const { contributions } = await fordi.explain('pink-moon');
      expect(contributions).toMatchObject([{ signal: { count: 2 } }]);
    },
  );

  test('a record under a name of every object changes no object', async () => {
    const own = JSON.parse('{"__proto__":{"polluted":true},"id":"p","verb":"__proto__"}');
    await lived([good('a'), own]);
    const fordi = page();
    expect(await fordi.evidence()).toHaveLength(1);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.hasOwn(VERBS, '__proto__')).toBe(false);
  });
});

test('the page’s own entries in localStorage are left alone', async () => {
  localStorage.setItem('theirs', '1');
  const fordi = await granted();
  await listen(fordi);
  await fordi.withdraw();
  expect([...shelf().held.keys()].sort()).toEqual(['fordi', 'theirs']);
  await eventually(() => expect(fordi.get().erasing).toBe(false));
});
