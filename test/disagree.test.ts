import type { Item } from 'fordi';
import { expect, test } from 'vitest';
import { deaf, define, disk, freshDevice, granted, page, recordsOnDisk, type Shelf, tamper } from './support/world.js';

// Where two places disagree, where something is late, lost or lied about: the stricter wins, and nothing is lost for a passing fault.

const items: Item[] = ['a', 'b', 'c'].map((id) => ({ id, title: id.toUpperCase(), topics: ['jazz'] }));
const catalog = items;
const chosen = () => JSON.parse(localStorage.getItem('fordi') ?? 'null')?.state;

/** What a tab reads whose browser has not told it yet of another tab's write: what lies there now, once it is begun. A tab's own writes it sees at once. */
function stale(shelf: Shelf): { begin(): void; end(): void } {
  const old = shelf.held.get('fordi') as string;
  const now = shelf.getItem.bind(shelf);
  return {
    begin() {
      shelf.getItem = () => old;
    },
    end() {
      shelf.getItem = now;
    },
  };
}

test('a tab that still sees the old yes writes nothing, and does not undo the other tab’s withdrawal', async () => {
  const shelf = freshDevice();
  const first = await granted({ catalog });
  const second = deaf({ catalog });
  await second.ready;
  const late = stale(shelf);
  expect(await first.withdraw()).toMatchObject({ verified: true });
  late.begin();
  expect(await second.observe({ verb: 'listen', item: 'a' })).toEqual({ kept: false, reason: 'no-permission' });
  late.end();
  expect(chosen()).toBe('withdrawn');
  expect(await recordsOnDisk()).toEqual([]);
  expect(await second.evidence()).toEqual([]);
});

test('what happened before a yes is not kept after it, however late the catalog is', async () => {
  let arrive = (_: Item[]) => {};
  const late = page({ catalog: () => new Promise<Item[]>((done) => (arrive = done)) });
  const before = late.observe({ verb: 'listen', item: 'a' });
  await late.grant();
  const after = late.observe({ verb: 'listen', item: 'b' });
  arrive(items);
  expect(await before).toEqual({ kept: false, reason: 'no-permission' });
  expect(await after).toMatchObject({ kept: true });
  expect((await late.evidence()).map(({ item }) => item)).toEqual(['b']);
});

test('a catalog that never comes does not keep the visitor from a notice, a yes or their own data', async () => {
  const fordi = page({ catalog: () => new Promise<Item[]>(() => {}) });
  await expect.poll(() => fordi.get().ready).toBe(true);
  expect(await fordi.grant()).toMatchObject({ granted: true });
  expect(await fordi.evidence()).toEqual([]);
  expect(await fordi.withdraw()).toMatchObject({ verified: true });
});

test('no word of the owner’s makes a special topic ordinary', async () => {
  const fordi = await granted({ catalog: [{ id: 'x', title: 'X', topics: ['pregnancy'], sensitivity: 'ordinary' }, ...items] });
  expect(await fordi.observe({ verb: 'listen', item: 'x' })).toEqual({ kept: false, reason: 'special' });
});

test('an item that came with a refused call leaves no trace in the answers', async () => {
  const fordi = page({ catalog: [] });
  await fordi.ready;
  const came: Item = { id: 'new', title: 'New', topics: ['jazz'], prior: 1 };
  expect(await fordi.observe({ verb: 'listen', item: came })).toEqual({ kept: false, reason: 'no-permission' });
  expect(await fordi.recommend()).toEqual([]);
});

test('items that came with the visitor’s acts go with them', async () => {
  const fordi = await granted({ catalog: [] });
  await fordi.observe({ verb: 'view', item: { id: 'new', title: 'New', topics: ['jazz'], prior: 1 } });
  expect(fordi.item('new')).toBeDefined();
  await fordi.withdraw();
  expect(fordi.item('new')).toBeUndefined();
  expect(await fordi.recommend()).toEqual([]);
});

test('a yes that is kept for this visit only hears a refusal from another tab', async () => {
  const shelf = freshDevice();
  const real = globalThis.indexedDB;
  define('indexedDB', {
    value: {
      open() {
        throw new DOMException('no', 'SecurityError');
      },
    },
  });
  const visit = await granted({ catalog });
  expect(visit.get()).toMatchObject({ choice: 'granted', memory: 'visit' });
  await visit.observe({ verb: 'listen', item: 'a' });
  shelf.setItem('fordi', JSON.stringify({ v: 1, state: 'withdrawn', at: 0, until: Date.now() + 1e9, via: 'panel' }));
  expect(await visit.observe({ verb: 'listen', item: 'b' })).toEqual({ kept: false, reason: 'no-permission' });
  expect(await visit.evidence()).toEqual([]);
  define('indexedDB', { value: real });
});

test('where nothing can be kept it is said before the question is answered', async () => {
  define('localStorage', {
    get() {
      throw new DOMException('no', 'SecurityError');
    },
  });
  const fordi = page({ catalog });
  await fordi.ready;
  expect(fordi.get()).toMatchObject({ choice: 'unset', memory: 'visit' });
});

test('a write that fails, and cannot be mended by making room, costs no record', async () => {
  const fordi = await granted({ catalog, records: 100 });
  for (let i = 0; i < 40; i++) await fordi.observe({ verb: 'listen', item: 'a' });
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('lost', 'UnknownError');
  };
  try {
    expect(await fordi.observe({ verb: 'listen', item: 'b' })).toMatchObject({ kept: false });
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  expect(await recordsOnDisk()).toHaveLength(40);
  expect(await fordi.observe({ verb: 'listen', item: 'b' })).toMatchObject({ kept: true });
});

test('receipts that cannot be read are left out', async () => {
  const fordi = await granted({ catalog });
  const [proof] = await fordi.receipts();
  await tamper([['receipts', [null, {}, 7, proof]]]);
  expect(await fordi.receipts()).toEqual([proof]);
});

test('a no finds what a lost choice left behind', async () => {
  const shelf = freshDevice();
  const fordi = await granted({ catalog });
  await fordi.observe({ verb: 'listen', item: 'a' });
  fordi.stop();
  shelf.clear();
  const next = page({ catalog });
  await next.ready;
  expect(next.choice()).toBe('unset');
  await next.refuse();
  await expect.poll(async () => (await disk()).size).toBe(0);
});
