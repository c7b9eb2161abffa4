import type { Fordi } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import {
  choiceOnDisk,
  closeAll,
  DAY,
  deaf,
  define,
  disk,
  eventually,
  freshDevice,
  granted,
  page,
  recordsOnDisk,
  settled,
  stranger,
  tamper,
} from './support/world.js';

// Several pages of one site on one device, of which any may have missed every message.

const listen = (fordi: Fordi, item = 'kind-of-blue') => fordi.observe({ verb: 'listen', item });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

async function nothingLeft(): Promise<void> {
  expect(await recordsOnDisk()).toEqual([]);
  expect([...(await disk()).keys()].filter((key) => key !== 'gate')).toEqual([]);
}

describe('tabs that hear each other', () => {
  test('a yes, a record and a withdrawal in one are there in the other', async () => {
    const [one, two] = [page(), page()];
    await Promise.all([one.ready, two.ready]);
    await one.grant();
    await eventually(() => expect(two.choice()).toBe('granted'));
    const heard = vi.fn();
    two.subscribe(heard);
    await listen(one);
    await eventually(() => expect(two.get().records).toBe(1));
    expect(heard).toHaveBeenCalled();
    expect(await two.recommend()).toEqual(await one.recommend());
    await two.withdraw();
    await eventually(() => expect(one.get()).toMatchObject({ choice: 'withdrawn', records: 0, erasing: false }));
    expect(await one.recommend()).toEqual(await stranger((f) => f.recommend()));
  });

  test('no record of either is lost while both write', async () => {
    const one = await granted();
    const two = page();
    await two.ready;
    const kept = await Promise.all([...Array(100).keys()].map((i) => (i % 2 ? one : two).observe({ verb: 'like', item: 'blue' })));
    expect(kept.filter(({ kept }) => !kept)).toEqual([]);
    const ids = kept.map((k) => k.kept && k.evidence.id).sort();
    expect((await recordsOnDisk()).map(({ id }) => id).sort()).toEqual(ids);
    await eventually(() => expect([one.get().records, two.get().records]).toEqual([100, 100]));
  });

  test('messages carry no data and no authority: nothing that is said moves anything', async () => {
    const said: unknown[] = [];
    const ear = new BroadcastChannel('fordi');
    ear.onmessage = ({ data }) => said.push(data);
    const fordi = await granted();
    await listen(fordi);
    await eventually(() => expect(said.length).toBeGreaterThan(0));
    await fordi.withdraw();
    for (const forged of [{ granted: true }, 'granted', { v: 1, state: 'granted', epoch: 1 }, 'x'.repeat(100_000), null])
      ear.postMessage(forged);
    await settled(50);
    expect(fordi.choice()).toBe('withdrawn');
    for (const word of said) expect(['number', 'undefined']).toContain(typeof word);
    ear.onmessage = null;
    ear.close();
  });

  test('a channel that cannot be had is done without', async () => {
    const own = globalThis.BroadcastChannel;
    define('BroadcastChannel', {
      value: class {
        constructor() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        }
      },
    });
    try {
      const fordi = await granted();
      expect(await listen(fordi)).toMatchObject({ kept: true });
      expect(await fordi.withdraw()).toMatchObject({ verified: true });
    } finally {
      define('BroadcastChannel', { value: own });
    }
  });
});

describe('a tab that heard nothing', () => {
  test('L14 · writes nothing after another tab withdrew, and is a stranger’s from then on', async () => {
    const one = await granted();
    const old = deaf();
    await old.ready;
    await listen(old);
    await one.withdraw();
    expect(await listen(old, 'blue')).toEqual({ kept: false, reason: 'no-permission' });
    await nothingLeft();
    expect(old.choice()).toBe('withdrawn');
    expect(await old.recommend()).toEqual(await stranger((f) => f.recommend()));
    expect(await old.evidence()).toEqual([]);
    expect(await old.setVoice('quiet')).toBe(false);
  });

  test('cannot write into a yes that was given after its own: its memory does not come along', async () => {
    const one = await granted();
    const old = deaf();
    await old.ready;
    await listen(old, 'pink-moon');
    await one.withdraw();
    vi.setSystemTime(NOW + 1);
    await one.grant();
    expect(await old.forget({ item: 'pink-moon' })).toBe(0);
    await listen(old, 'blue');
    expect((await recordsOnDisk()).map(({ item }) => item)).not.toContain('pink-moon');
    expect(old.get().records).toBe((await recordsOnDisk()).length);
    const { contributions } = await old.explain('liege');
    expect(contributions.map(({ signal }) => signal.item)).not.toContain('pink-moon');
  });

  test('can say no to a yes it never heard of, and all of it is erased', async () => {
    const old = deaf();
    await old.ready;
    const one = await granted();
    await listen(one);
    await old.withdraw();
    expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn' });
    await nothingLeft();
    expect(await listen(one, 'blue')).toEqual({ kept: false, reason: 'no-permission' });
    expect(one.choice()).toBe('withdrawn');
  });

  test('can refuse a yes it never heard of, and all of it is erased', { timeout: 30_000 }, async () => {
    const old = deaf();
    await old.ready;
    const one = await granted();
    await listen(one);
    await old.refuse();
    await eventually(nothingLeft);
    expect(choiceOnDisk()).toMatchObject({ state: 'refused' });
  });

  test('can say yes to a site where another tab said yes before: one number holds', async () => {
    const old = deaf();
    await old.ready;
    const one = await granted();
    await listen(one);
    vi.setSystemTime(NOW + 1);
    expect(await old.grant()).toMatchObject({ granted: true });
    expect((await disk()).get('gate')).toMatchObject({ granted: true, epoch: choiceOnDisk()?.epoch });
    expect(await listen(old, 'blue')).toMatchObject({ kept: true });
    closeAll();
    const next = page();
    await next.ready;
    expect(next.choice()).toBe('granted');
    expect(await next.evidence()).toHaveLength((await recordsOnDisk()).length);
  });
});

test('L14 · 200 withdrawals against a tab that keeps writing: nothing comes back, once', { timeout: 120_000 }, async () => {
  const [one, hearing] = [page(), page()];
  await Promise.all([one.ready, hearing.ready]);
  let kept = 0;
  for (let round = 0; round < 200; round++) {
    vi.setSystemTime(NOW + round);
    await one.grant();
    const writer = round % 4 ? deaf() : hearing;
    await writer.ready;
    let writing = true;
    const loop = (async () => {
      while (writing) {
        if ((await listen(writer)).kept) kept++;
        await settled(1);
      }
    })();
    await settled(round % 17);
    await one.withdraw();
    await settled(5);
    writing = false;
    await loop;
    expect([round, await recordsOnDisk()]).toEqual([round, []]);
    await eventually(async () => expect(await indexedDB.databases()).toEqual([]));
    if (writer !== hearing) writer.stop();
  }
  await nothingLeft();
  expect(kept).toBeGreaterThan(100);
});

describe('nothing is left of the database, not even its name', () => {
  const isGone = () =>
    eventually(async () => {
      await settled();
      expect((await indexedDB.databases()).map(({ name }) => name)).toEqual([]);
    });
  /** A connection that closes for nobody, as a frozen tab’s. */
  const frozen = () =>
    new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('fordi');
      request.onsuccess = () => resolve(request.result);
    });
  /** A browser that forgets a deletion with the tab that asked for it (WebKit): emptied, and closed, but there. */
  const emptied = async (choice?: object) => {
    const { gate: _, ...rest } = Object.fromEntries(await disk());
    await tamper([['gate', { v: 1, granted: false }], ...Object.keys(rest).map((key) => [key, undefined] as const)]);
    if (choice) localStorage.setItem('fordi', JSON.stringify(choice));
  };

  test('L14, L15 · where a frozen tab held it up for good, the next start deletes it', async () => {
    const one = await granted();
    await listen(one);
    const held = await frozen();
    expect(await one.withdraw()).toMatchObject({ cleared: true, verified: true, deleted: false });
    expect(one.get()).toMatchObject({ choice: 'withdrawn', erasing: false }); // what was kept is proven gone
    const choice = choiceOnDisk();
    closeAll();
    held.close();
    await isGone();
    await emptied(choice);
    const next = page();
    await next.ready;
    expect(next.choice()).toBe('withdrawn');
    await isGone();
    expect(choiceOnDisk()?.erase).toBeUndefined();
  });

  test('L14, L15 · or the tab that was frozen, when it looks', async () => {
    const [one, old] = [await granted(), page()];
    await old.ready;
    const held = await frozen();
    expect(await one.withdraw()).toMatchObject({ verified: true, deleted: false });
    const choice = choiceOnDisk();
    one.stop();
    held.close();
    await isGone();
    await emptied(choice);
    const wake = new BroadcastChannel('fordi');
    wake.postMessage(0);
    await isGone();
    wake.close();
    expect(old.get()).toMatchObject({ choice: 'withdrawn', erasing: false });
    await eventually(() => expect(choiceOnDisk()?.erase).toBeUndefined());
  });

  test('L14 · also after another yes that had to wait for it: that holds for this visit, and opens nothing later', async () => {
    const one = await granted();
    const held = await frozen();
    await one.withdraw();
    expect(await one.grant()).toMatchObject({ granted: true });
    expect(one.get().memory).toBe('visit');
    held.close();
    await isGone();
    expect(one.choice()).toBe('granted');
  });

  test('L14 · also where a yes given again waits behind the deletion, and hears meanwhile of the no', { timeout: 30_000 }, async () => {
    const left: unknown[] = [];
    for (let turns = 0; turns < 30; turns += 2) {
      freshDevice();
      const [one, two] = [await granted(), page()];
      await two.ready;
      const held = await frozen();
      const erased = two.withdraw();
      await settled(turns);
      const again = one.grant();
      await new Promise((resolve) => setTimeout(resolve, 150));
      held.close();
      await Promise.all([again, erased]);
      await eventually(() => expect(one.choice()).toBe(two.choice()));
      await settled(40);
      if (one.choice() !== 'granted') left.push(turns, ...(await indexedDB.databases()));
    }
    expect(left.filter((x) => typeof x === 'object')).toEqual([]);
    expect(left.length).toBeGreaterThan(0);
  });
});

test('a no that is said again, over a yes written in the same moment, leaves the objection that came with it', async () => {
  const fordi = await granted();
  await listen(fordi);
  const yes = { ...choiceOnDisk(), without: ['passive'] };
  await fordi.withdraw();
  localStorage.setItem('fordi', JSON.stringify(yes));
  const wake = new BroadcastChannel('fordi');
  wake.postMessage(0);
  wake.close();
  await eventually(() => expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn', without: ['passive'] }));
  expect(fordi.get().objections).toEqual(['passive']);
});

test.each([
  ['finishes what was left to erase', { state: 'withdrawn', erase: true }],
  ['ends a yes whose time is over', { state: 'granted', at: NOW - 182 * DAY, until: NOW, epoch: NOW - 182 * DAY }],
  ['finds that the browser has forgotten the rest', { state: 'granted' }],
])('a page that %s as it begins has said no to nobody: a yes on its way in another tab holds', async (_, left) => {
  await granted();
  closeAll();
  const yes = { ...choiceOnDisk(), at: NOW - 5, until: NOW - 5 + 182 * DAY, epoch: NOW - 5 };
  localStorage.setItem('fordi', JSON.stringify({ ...yes, ...left }));
  await tamper([['gate', undefined]]);
  const fordi = page();
  await fordi.ready;
  expect(fordi.choice()).not.toBe('granted');
  await tamper([['gate', { v: 1, granted: true, epoch: yes.epoch }]]);
  localStorage.setItem('fordi', JSON.stringify(yes));
  const wake = new BroadcastChannel('fordi');
  wake.postMessage(0);
  wake.close();
  await eventually(() => expect(fordi.choice()).toBe('granted'));
  expect(choiceOnDisk()).toEqual(yes);
});

describe('a tab that stopped in the middle of a transaction', () => {
  /** Holds one open until it is let go of. */
  const stuck = async () => {
    const request = indexedDB.open('fordi');
    const db = await new Promise<IDBDatabase>((resolve) => {
      request.onsuccess = () => resolve(request.result);
    });
    const store = db.transaction('memory', 'readwrite').objectStore('memory');
    let isHeld = true;
    const hold = () => {
      if (isHeld) store.get('gate').onsuccess = hold;
    };
    hold();
    return () => {
      isHeld = false;
      db.close();
    };
  };
  const wake = () => {
    const channel = new BroadcastChannel('fordi');
    channel.postMessage(0);
    channel.close();
  };

  test('L14, L15 · a withdrawal holds at once, says in a few seconds that erasing is to be finished, and the next look finishes it', async () => {
    const fordi = await granted();
    expect(await listen(fordi)).toMatchObject({ kept: true });
    const release = await stuck();
    const began = performance.now();
    const erased = fordi.withdraw();
    expect([fordi.choice(), choiceOnDisk()?.state]).toEqual(['withdrawn', 'withdrawn']);
    expect(await erased).toEqual({ cleared: false, verified: false, deleted: false });
    expect(performance.now() - began).toBeLessThan(5_000);
    expect([fordi.get().erasing, choiceOnDisk()?.erase]).toEqual([true, true]);
    expect(await fordi.recommend()).toEqual(await stranger((f) => f.recommend()));
    release();
    expect(await recordsOnDisk()).toHaveLength(1);
    wake();
    await eventually(() => expect(fordi.get().erasing).toBe(false));
    await nothingLeft();
    expect([await indexedDB.databases(), choiceOnDisk()?.erase]).toEqual([[], undefined]);
  });

  test('L14 · another tab finishes it where the one that withdrew is closed; while it is still held up, tabs that look come to rest', async () => {
    const [one, two] = [await granted(), page()];
    await two.ready;
    await listen(one);
    const release = await stuck();
    await one.withdraw();
    one.stop();
    let messages = 0;
    const ear = new BroadcastChannel('fordi');
    ear.onmessage = () => messages++;
    wake();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    ear.close();
    expect([messages, choiceOnDisk()?.erase]).toEqual([1, true]);
    release();
    wake();
    await eventually(() => expect([two.choice(), two.get().erasing]).toEqual(['withdrawn', false]));
    await nothingLeft();
  });

  test('A05 · everything else is answered too: a record is not kept, and nothing is thrown away to make room', async () => {
    const fordi = await granted();
    for (let i = 0; i < 40; i++) await listen(fordi);
    const release = await stuck();
    expect(await listen(fordi, 'blue')).toEqual({ kept: false, reason: 'storage' });
    expect(await fordi.grant()).toMatchObject({ granted: false });
    release();
    expect(await fordi.evidence()).toHaveLength(40);
    expect(await listen(fordi, 'blue')).toMatchObject({ kept: true });
  });

  test('L14 · a yes after the no is given for this visit', async () => {
    const fordi = await granted();
    await listen(fordi);
    const release = await stuck();
    await fordi.withdraw();
    expect(await fordi.grant()).toMatchObject({ granted: true });
    expect([fordi.get().memory, await fordi.evidence(), choiceOnDisk()?.erase]).toEqual(['visit', [], true]);
    release();
    closeAll();
    const next = page();
    await next.ready;
    expect([next.choice(), await indexedDB.databases(), choiceOnDisk()]).toEqual(['unset', [], undefined]);
  });
});

describe('where two tabs decide, or look, at once', () => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const frozen = () =>
    new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('fordi');
      request.onsuccess = () => resolve(request.result);
    });
  const alone = async () => {
    const fordi = deaf();
    await fordi.ready;
    await fordi.grant();
    return fordi;
  };

  test('A13 · a withdrawal can be taken back also where another tab has meanwhile finished the deletion', async () => {
    const one = await alone();
    const two = page();
    await two.ready;
    await listen(one);
    const held = await frozen();
    const erased = await one.withdraw();
    expect([erased.deleted, choiceOnDisk()?.erase]).toEqual([false, 'name']);
    held.close();
    const wake = new BroadcastChannel('fordi');
    wake.postMessage(0);
    await eventually(() => expect(choiceOnDisk()?.erase).toBeUndefined());
    wake.close();
    expect(await erased.undo?.()).toMatchObject({ granted: true });
  });

  test('two tabs whose database was evicted come to rest', async () => {
    const [one, two] = [await granted(), page()];
    await two.ready;
    await listen(one);
    await wait(150);
    await tamper([...(await disk()).keys()].map((key) => [key, undefined] as const));
    let messages = 0;
    const ear = new BroadcastChannel('fordi');
    ear.onmessage = () => messages++;
    await listen(one);
    await wait(1_000);
    ear.close();
    expect(messages).toBeLessThan(6);
  });

  test('L14 · a yes given again in a tab that has not heard of the no begins with nothing, in memory too', async () => {
    const one = await granted();
    await listen(one);
    const two = deaf();
    await two.ready;
    await one.withdraw();
    expect(await two.grant()).toMatchObject({ granted: true });
    expect([two.get().records, await two.evidence()]).toEqual([0, []]);
    expect((await two.recommend()).filter(({ because }) => because?.evidence.length)).toEqual([]);
  });

  test('L14 · a deletion that is proven late does not write over the yes given since, and leave its database behind', async () => {
    const one = await alone();
    const two = page();
    await two.ready;
    const real = indexedDB.deleteDatabase.bind(indexedDB);
    let prove = () => {};
    indexedDB.deleteDatabase = ((name: string) => {
      const late: { onsuccess?: () => void } = {};
      real(name);
      prove = () => late.onsuccess?.();
      return late;
    }) as never;
    const erased = one.withdraw();
    await eventually(async () => expect(await indexedDB.databases()).toEqual([]));
    await settled();
    indexedDB.deleteDatabase = real;
    expect(await two.grant()).toMatchObject({ granted: true });
    await listen(two);
    prove();
    await erased;
    await wait(100);
    expect([choiceOnDisk()?.state, (await recordsOnDisk()).length]).toEqual(['granted', 1]);
  });

  test('R6 · nor over an objection', async () => {
    const one = await alone();
    const two = page();
    await two.ready;
    const held = await frozen();
    const erased = one.withdraw();
    await wait(100);
    expect(await two.object('passive', true)).toBe(true);
    await erased;
    held.close();
    expect(choiceOnDisk()?.without).toEqual(['passive']);
  });

  test.each<[string, (fordi: Fordi) => Promise<unknown>]>([
    ['', async () => {}],
    [', and another', (fordi) => fordi.grant()],
    [', and a pause', (fordi) => fordi.pause(true)],
    [', and an objection', (fordi) => fordi.object('passive', true)],
  ])('L14 · what could not be erased is erased by the next page, also after a yes for this visit%s', async (_, act) => {
    await listen(await granted());
    closeAll();
    const real = indexedDB;
    const broken = () => {
      throw new Error('broken');
    };
    define('indexedDB', { value: { open: broken, deleteDatabase: broken, databases: () => real.databases() } });
    const fordi = page();
    await fordi.ready;
    expect(await fordi.withdraw()).toMatchObject({ verified: false });
    expect(await fordi.grant()).toMatchObject({ granted: true });
    expect(fordi.get().memory).toBe('visit');
    await act(fordi);
    closeAll();
    define('indexedDB', { value: real });
    const next = page();
    await next.ready;
    const { objections } = next.get();
    expect([next.choice(), await recordsOnDisk(), choiceOnDisk()?.without ?? [], await indexedDB.databases()]).toEqual([
      'unset',
      [],
      objections,
      [],
    ]);
    expect(choiceOnDisk()?.erase).toBeUndefined();
    if (!objections[0]) expect(choiceOnDisk()).toBeUndefined();
  });
});
