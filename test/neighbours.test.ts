import fc from 'fast-check';
import type { Fordi, Item, Neighbour, Options, Pick } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { closeAll, DAY, disk, freshDevice, granted, page, stranger } from './support/world.js';

// Neighbours that travel with the page: no catalog is shipped, each page says what its item argues for, and the device keeps
// it beside the evidence, for as long as there is evidence.

const card = (id: string, weight: number, more: Partial<Item> = {}): Neighbour => ({ id, title: `The ${id}`, ...more, weight });
const carried = (id: string, neighbours: readonly Neighbour[] = [], more: Partial<Item> = {}): Item => ({
  id,
  title: `The ${id}`,
  ...more,
  neighbours,
});
const NONE = { catalog: [] };
const seen = async (fordi: Fordi, item: Item) => fordi.observe({ verb: 'listen', item });
const said = (picks: readonly Pick[]) => picks.map(({ item, because }) => [item.id, because?.text]);
const keys = async () => [...(await disk()).keys()].filter((key) => String(key).startsWith('item')).sort();

const LAMP = carried('lamp', [card('shade', 0.9), card('bulb', 0.4)]);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('a device without a catalog', () => {
  test('recommends what the pages it saw argue for, says so, and still does on the next page', async () => {
    const expected = [
      ['shade', 'Because you listened to The lamp'],
      ['bulb', 'Because you listened to The lamp'],
    ];
    const fordi = await granted(NONE);
    await seen(fordi, LAMP);
    expect(said(await fordi.recommend())).toEqual(expected);
    fordi.stop();
    vi.setSystemTime(NOW + DAY);
    const next = page(NONE);
    expect(said(await next.recommend())).toEqual(expected);
    expect(next.item('lamp')).toMatchObject({ neighbours: [{ id: 'shade' }, { id: 'bulb' }] });
    const { contributions } = await next.explain('shade');
    expect(contributions[0]?.share).toBeGreaterThan(0.8);
  });

  test('without permission it serves the page at hand, keeps nothing, and knows nothing of it on the next', async () => {
    const fordi = page(NONE);
    expect(await fordi.add([LAMP])).toBe(1);
    expect(said(await fordi.recommend({ context: 'lamp' }))).toEqual([
      ['shade', 'Similar to The lamp'],
      ['bulb', 'Similar to The lamp'],
    ]);
    expect((await disk()).size).toBe(0);
    fordi.stop();
    expect(await page(NONE).recommend({ context: 'lamp' })).toEqual([]);
  });

  test('what page after page says adds up', async () => {
    const fordi = await granted(NONE);
    await seen(fordi, carried('a', [card('x', 0.5), card('y', 0.6)]));
    await seen(fordi, carried('b', [card('x', 0.5), card('z', 0.1)]));
    expect((await fordi.recommend({ limit: 1 }))[0]?.item.id).toBe('x');
    fordi.stop();
    expect((await page(NONE).recommend({ limit: 1 }))[0]?.item.id).toBe('x');
  });

  test('a page says more than a card of the same item, whichever comes first', async () => {
    const full = carried('shade', [card('bulb', 1)], { by: 'Poul' });
    for (const order of [
      [LAMP, full],
      [full, LAMP],
    ]) {
      freshDevice();
      const fordi = await granted(NONE);
      for (const item of order) await seen(fordi, item);
      expect(fordi.item('shade')).toMatchObject({ by: 'Poul' });
      fordi.stop();
      const next = page(NONE);
      await next.ready;
      expect(next.item('shade')).toMatchObject({ by: 'Poul' });
    }
  });

  test('the last page seen of an item is the one that counts', async () => {
    const fordi = await granted(NONE);
    await seen(fordi, LAMP);
    await seen(fordi, carried('lamp', [card('socket', 1)]));
    expect(said(await fordi.recommend({ limit: 1 }))).toEqual([['socket', 'Because you listened to The lamp']]);
    fordi.stop();
    expect(said(await page(NONE).recommend())).toEqual([['socket', 'Because you listened to The lamp']]);
  });

  test('an id is enough once a page has brought the item', async () => {
    const fordi = await granted(NONE);
    expect(await fordi.observe({ verb: 'listen', item: 'lamp' })).toEqual({ kept: false, reason: 'unknown-item' });
    await fordi.add([LAMP]);
    expect(await fordi.observe({ verb: 'listen', item: 'lamp' })).toMatchObject({ kept: true });
    fordi.stop();
    expect((await page(NONE).recommend())[0]?.item.id).toBe('shade');
  });

  test('a device with nothing on it but a million items elsewhere costs what its history costs', async () => {
    const fordi = await granted(NONE);
    for (let i = 0; i < 40; i++) await seen(fordi, carried(`p${i}`, [card(`n${i}`, 0.5), card(`n${i + 1}`, 0.2)]));
    expect(await keys()).toHaveLength(41);
    expect(fordi.get().records).toBe(40);
    expect((await fordi.recommend({ limit: 12 })).length).toBe(12);
  });
});

describe('what is kept goes with the evidence', () => {
  test('forget the item, and its card is gone from the disk; the others stay', async () => {
    const fordi = await granted(NONE);
    await seen(fordi, LAMP);
    await seen(fordi, carried('chair', [card('cushion', 0.5)]));
    expect(await keys()).toEqual(['item:', 'item:chair', 'item:lamp']);
    await fordi.forget({ item: 'lamp' });
    expect(await keys()).toEqual(['item:', 'item:chair']);
    expect(said(await fordi.recommend())).toEqual([['cushion', 'Because you listened to The chair']]);
    await fordi.forget({ all: true });
    expect(await keys()).toEqual([]);
    expect((await fordi.export()).items).toEqual([]);
  });

  test('by the record’s id too, and only with the last record of it', async () => {
    const fordi = await granted(NONE);
    const [first, second] = [await seen(fordi, LAMP), await seen(fordi, LAMP)];
    await fordi.forget(first.kept ? first.evidence.id : '');
    expect(await keys()).toEqual(['item:', 'item:lamp']);
    await fordi.forget(second.kept ? second.evidence.id : '');
    expect(await keys()).toEqual([]);
    expect(await fordi.recommend()).toEqual([]);
  });

  test('it expires with what it stands beside', async () => {
    const fordi = await granted(NONE);
    await seen(fordi, LAMP);
    fordi.stop();
    vi.setSystemTime(NOW + 181 * DAY);
    const next = page(NONE);
    await next.ready;
    expect([next.get().records, await keys()]).toEqual([0, []]);
  });

  test('withdraw, and nothing is left, of any name', async () => {
    const fordi = await granted(NONE);
    await seen(fordi, LAMP);
    expect(await fordi.withdraw()).toMatchObject({ verified: true });
    expect((await disk()).size).toBe(0);
    expect([fordi.item('lamp'), fordi.item('shade'), await fordi.recommend()]).toEqual([undefined, undefined, []]);
  });

  test('refused or not in the notice: nothing beside nothing', async () => {
    const asked = page(NONE);
    await asked.ready;
    await asked.refuse();
    expect(await seen(asked, LAMP)).toEqual({ kept: false, reason: 'no-permission' });
    expect([(await disk()).size, asked.item('lamp'), await asked.recommend()]).toEqual([0, undefined, []]);
    freshDevice();
    const fordi = await granted({ ...NONE, notice: { version: '1', keeps: ['like'] } });
    expect(await seen(fordi, LAMP)).toEqual({ kept: false, reason: 'not-in-notice' });
    expect(await keys()).toEqual([]);
  });

  test('the export is the disk, however many at once', async () => {
    const fordi = await granted(NONE);
    await Promise.all(['a', 'b', 'c', 'd'].map((id) => seen(fordi, carried(id, [card(`${id}${id}`, 0.5)]))));
    const onDisk = [...(await disk())].filter(([key]) => /^item:./.test(String(key))).map(([, item]) => item);
    const { items } = await fordi.export();
    expect(items.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect([...items].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(onDisk);
  });

  test('after any acts and any forgetting: a card on the disk for each item there is evidence of, and no other', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('see', 'see', 'forget', 'id', 'topic'), fc.constantFrom('a', 'b', 'c')), { maxLength: 12 }),
        async (acts) => {
          freshDevice();
          const fordi = await granted(NONE);
          for (const [act, id] of acts) {
            if (act === 'see') await seen(fordi, carried(id, [card('x', 0.5)]));
            else if (act === 'topic') await fordi.declare({ topic: id });
            else if (act === 'forget') await fordi.forget({ item: id });
            else await fordi.forget((await fordi.evidence()).find(({ item }) => item === id)?.id ?? 'none');
          }
          const about = new Set((await fordi.evidence()).flatMap(({ item }) => item ?? []));
          const expected = [...about].sort().map((id) => `item:${id}`);
          expect(await keys()).toEqual(expected.length ? ['item:', ...expected] : []);
          expect((await fordi.export()).items.map(({ id }) => id).sort()).toEqual([...about].sort());
          fordi.stop();
          const next = page(NONE);
          expect((await next.recommend()).map(({ item }) => item.id)).toEqual(about.size ? expect.arrayContaining(['x']) : []);
          closeAll();
        },
      ),
      { numRuns: 200 },
    ),
  );

  test('what is special is not kept, not even as a neighbour', async () => {
    const fordi = await granted(NONE);
    await seen(fordi, carried('lotion', [card('cradle', 1, { topics: ['pregnancy'] }), card('cream', 0.5)]));
    expect(JSON.stringify([...(await disk())])).not.toMatch(/cradle|pregnancy/);
    expect((await fordi.recommend()).map(({ item }) => item.id)).toEqual(['cream']);
  });

  test('nor what is special by its title or address alone', async () => {
    const fordi = await granted(NONE);
    const cards = [
      card('a', 1, { title: 'Pregnancy test' }),
      card('b', 1, { url: 'https://shop.example/pregnancy/b' }),
      card('cream', 0.5),
    ];
    await seen(fordi, carried('lotion', cards));
    expect(JSON.stringify([...(await disk())])).not.toMatch(/pregnancy/i);
    expect((await fordi.recommend()).map(({ item }) => item.id)).toEqual(['cream']);
  });

  test('nor is an item that is special itself, with its cards', async () => {
    const fordi = await granted(NONE);
    expect(await seen(fordi, carried('test', [card('x', 1)], { topics: ['pregnancy'] }))).toEqual({ kept: false, reason: 'special' });
    expect(await keys()).toEqual([]);
  });
});

describe('beside a catalog', () => {
  const shipped: Item[] = [
    { id: 'lamp', title: 'Lamp', prior: 0.2 },
    { id: 'shade', title: 'Shade', by: 'Shop', prior: 0.1 },
  ];

  test('what the shop ships wins over a card and over a page, early or late', async () => {
    const fordi = await granted({ catalog: shipped });
    await seen(fordi, LAMP);
    expect([fordi.item('lamp')?.title, fordi.item('shade')?.by]).toEqual(['Lamp', 'Shop']);
    expect(await keys()).toEqual([]);
    freshDevice();
    const before = await granted(NONE);
    await seen(before, LAMP);
    before.stop();
    const after = page({ catalog: async () => shipped });
    await after.ready;
    expect([after.item('lamp')?.title, after.item('shade')?.by]).toEqual(['Lamp', 'Shop']);
    expect(after.get().catalog).toMatchObject({ dropped: 0, problems: [] });
  });

  const strangers = async (fordi: Fordi, more: Partial<Options>, adds: readonly Item[] = []) => {
    const ask = async (f: Fordi) => [await f.recommend(), await f.shelves(), await f.recommend({ context: 'p1' })];
    const first = async (f: Fordi) => {
      if (adds.length) await f.add(adds);
      return ask(f);
    };
    expect(await ask(fordi)).toEqual(await stranger(first, more));
  };

  test('what the visitor brought is gone with them: order and all as a stranger has it', async () => {
    const more = { catalog: shipped };
    const fordi = await granted(more);
    await seen(fordi, carried('new', [card('shade', 1), card('other', 1, { prior: 1 })], { prior: 1, topics: ['jazz'] }));
    await fordi.withdraw();
    await strangers(fordi, more);
  });

  const ADDS: readonly Item[] = [
    { id: 'p1', title: 'P1', prior: 0.5, topics: ['t'], neighbours: { p2: 1 } },
    { id: 'p2', title: 'P2', prior: 0.5 },
    { id: 'p3', title: 'P3', prior: 0.5, neighbours: [card('p1', 0.3)] },
  ];

  test.each([
    ['nothing', []],
    ['a card of what the page brought', [carried('v', [card('p2', 1, { prior: 1 })])]],
    ['another word of what the page brought', [carried('p1', [card('v', 1)], { prior: 1, sensitivity: 'guarded' })]],
    ['something else', [carried('v', [card('w', 1)], { prior: 0.9 })]],
  ] as [string, Item[]][])('what the page itself brought stays: after a withdrawal of %s, as a stranger sees it', async (_, acts) => {
    const more = { catalog: [], slots: { default: { visibility: 'public' } } } as const;
    for (const addFirst of [true, false]) {
      freshDevice();
      const fordi = await granted(more);
      if (addFirst) await fordi.add(ADDS);
      for (const item of acts) await seen(fordi, item);
      if (!addFirst) await fordi.add(ADDS);
      await fordi.withdraw();
      await strangers(fordi, more, ADDS);
    }
  });

  test('what the page adds is memory only, and sound items only', async () => {
    const fordi = await granted(NONE);
    expect(await fordi.add([LAMP, { id: 'bad' } as Item, null as never, { id: 'ok', title: 'Ok', prior: 1 }])).toBe(2);
    expect([await fordi.add(undefined as never), await fordi.add({} as never), await fordi.add([])]).toEqual([0, 0, 0]);
    expect(await keys()).toEqual([]);
    fordi.stop();
    const next = page(NONE);
    await next.ready;
    expect(next.item('ok')).toBeUndefined();
  });
});

describe('bad neighbours', () => {
  test.each([
    ['none that is sound', [null, 7, {}, { id: 'x' }, { id: 'x', title: 'X' }]],
    ['weights that are none', [NaNs(), card('x', -1), card('x', 2), { id: 'x', title: 'X', weight: '1' }]],
  ])('%s: left out, the item stays', async (_, neighbours) => {
    const fordi = await granted(NONE);
    expect(await seen(fordi, { id: 'a', title: 'A', neighbours: neighbours as never })).toMatchObject({ kept: true });
    expect(await fordi.recommend()).toEqual([]);
  });

  test('of itself, in circles, twice, more than two hundred', async () => {
    const fordi = await granted(NONE);
    const many = Array.from({ length: 300 }, (_, i) => card(`n${i}`, 0.5));
    await seen(fordi, carried('a', [card('a', 1), card('b', 0.2), card('b', 1), ...many]));
    await seen(fordi, carried('b', [card('a', 1)]));
    const picks = await fordi.recommend({ limit: 100 });
    expect(picks).toHaveLength(100); // those of a, and neither a nor b: both are known
    for (const id of ['a', 'b']) expect(picks.map(({ item }) => item.id)).not.toContain(id);
    const from = async (id: string) => Object.fromEntries((await fordi.explain(id)).contributions.map((c) => [c.signal.item, c.share]));
    expect((await from('b')).a).toBeCloseTo(0.2); // of two links to one item the first
    expect((await from('a')).b).toBeCloseTo(1); // round in a circle, and no further
    expect((await from('a')).a).toBe(0);
    expect(fordi.item('a')?.neighbours).toHaveLength(200);
    expect(fordi.item('n250')).toBeUndefined();
  });

  test('a record of more than two hundred is cut as well', async () => {
    const neighbours = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`n${i}`, i / 300]));
    const fordi = await granted(NONE);
    await seen(fordi, { id: 'a', title: 'A', neighbours });
    expect(Object.keys(fordi.item('a')?.neighbours ?? {})).toEqual(Array.from({ length: 200 }, (_, i) => `n${299 - i}`)); // those that weigh most
  });

  test('a card cannot bring cards of its own', async () => {
    const fordi = await granted(NONE);
    await seen(fordi, carried('a', [{ ...card('b', 0.5), neighbours: [card('c', 1)] } as never]));
    expect(fordi.item('c')).toBeUndefined();
    expect(fordi.item('b')?.neighbours).toBeUndefined();
  });
});

function NaNs() {
  return { id: 'x', title: 'X', weight: Number.NaN };
}
