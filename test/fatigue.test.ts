import type { Fordi, Item, Options, Pick } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { ALL_VERBS, DAY, disk, freshDevice, granted, OPTIONS, page, recordsOnDisk, stranger } from './support/world.js';

// What is shown again and again without interest rests, and returns; what has been said often enough is not said again.

const plain = (id: string, more: Partial<Item> = {}): Item => ({ id, title: id, ...more });
const NOTICE = { version: '1', keeps: [...ALL_VERBS, 'shown', 'told'] } as const;
const HOUR = 3_600_000;

const visitor = (catalog: Item[], more: Partial<Options> = {}) =>
  granted({ catalog, notice: NOTICE, ranking: { explore: 0, diversity: 0 }, ...more });
const why = async (fordi: Fordi, id: string) => (await fordi.explain(id)).excluded;

/** A visit on that day: what is on the screen, seen. */
async function visit(fordi: Fordi, at: number, limit = 1): Promise<readonly Pick[]> {
  vi.setSystemTime(at);
  const picks = await fordi.recommend({ limit });
  await fordi.shown(picks);
  return picks;
}

const SHOP = [plain('first', { prior: 1 }), plain('second', { prior: 0.5 }), plain('third', { prior: 0.3 })];
const top = async (fordi: Fordi, at: number) => (await visit(fordi, at))[0]?.item.id;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('tired', () => {
  test('four days without interest, and the next is shown; after two weeks it returns', async () => {
    const fordi = await visitor(SHOP);
    for (let day = 0; day < 4; day++) expect([day, await top(fordi, NOW + day * DAY)]).toEqual([day, 'first']);
    expect(await top(fordi, NOW + 4 * DAY)).toBe('second');
    expect(await why(fordi, 'first')).toBe('tired');
    vi.setSystemTime(NOW + 16 * DAY);
    expect(await why(fordi, 'first')).toBe('tired');
    expect(await top(fordi, NOW + 17.1 * DAY)).toBe('first');
  });

  test('it never goes from under the visitor’s eyes: the visit that tires it keeps it', async () => {
    const fordi = await visitor(SHOP);
    for (let day = 0; day < 4; day++) await visit(fordi, NOW + day * DAY);
    expect(await top(fordi, NOW + 3 * DAY + 10 * 60_000)).toBe('first');
    expect(await top(fordi, NOW + 3 * DAY + HOUR)).toBe('second');
  });

  test('four times within the days, however they lie', async () => {
    for (const days of [
      [0, 0.1, 0.2, 0.3],
      [0, 4, 9, 13],
      [0, 1, 2, 13.5],
    ]) {
      freshDevice();
      vi.setSystemTime(NOW);
      const fordi = await visitor(SHOP);
      for (const day of days) await visit(fordi, NOW + day * DAY);
      vi.setSystemTime(NOW + (days.at(-1) as number) * DAY + HOUR);
      expect([days, await why(fordi, 'first')]).toEqual([days, 'tired']);
    }
  });

  test('three times are not four', async () => {
    const fordi = await visitor(SHOP);
    for (let day = 0; day < 3; day++) await visit(fordi, NOW + day * DAY);
    vi.setSystemTime(NOW + 3 * DAY);
    expect(await why(fordi, 'first')).toBeUndefined();
  });

  test.each(['view', 'save', 'like', 'dwell'] as const)('interest, by %s, keeps it', async (verb) => {
    const fordi = await visitor(SHOP);
    for (let day = 0; day < 6; day++) {
      await visit(fordi, NOW + day * DAY);
      if (day === 1) await fordi.observe({ verb, item: 'first' });
    }
    vi.setSystemTime(NOW + 6 * DAY);
    expect(await why(fordi, 'first')).toBeUndefined();
  });

  test('an owner who shows more often, or rests shorter', async () => {
    const fordi = await visitor(SHOP, { fatigue: { shows: 2, days: 3 } });
    for (let day = 0; day < 2; day++) await visit(fordi, NOW + (day * DAY) / 4);
    vi.setSystemTime(NOW + DAY);
    expect(await why(fordi, 'first')).toBe('tired');
    vi.setSystemTime(NOW + 3.3 * DAY);
    expect(await why(fordi, 'first')).toBeUndefined();
  });

  test('a clock that jumped ahead and came back does not keep it away for ever', async () => {
    const fordi = await visitor(SHOP);
    for (let day = 0; day < 5; day++) await visit(fordi, NOW + 100 * DAY + day * DAY);
    vi.setSystemTime(NOW + 20 * DAY);
    expect(await why(fordi, 'first')).toBeUndefined();
  });

  test('a topic that was shown tires no item of that name', async () => {
    const fordi = await visitor([plain('jazz', { prior: 1 })]);
    for (let i = 0; i < 5; i++) {
      vi.setSystemTime(NOW + i * HOUR);
      await fordi.observe({ verb: 'shown', topic: 'jazz' });
    }
    vi.setSystemTime(NOW + 6 * HOUR);
    expect(await why(fordi, 'jazz')).toBeUndefined();
  });
});

describe('said often enough', () => {
  const jazz = ['a', 'b', 'c', 'd'].map((id) => plain(id, { topics: ['jazz', `only ${id}`] }));

  test('the same reason in three visits is not given in the fourth: used, unnamed; and is given again after two weeks', async () => {
    const fordi = await visitor(jazz, { fatigue: { shows: 1000 } });
    await fordi.observe({ verb: 'listen', item: 'a' });
    for (let day = 2; day < 5; day++)
      expect([day, (await visit(fordi, NOW + day * DAY))[0]?.because?.text]).toEqual([day, 'Because you listened to a']);
    const [pick] = await visit(fordi, NOW + 5 * DAY);
    expect([pick?.mode, pick?.because]).toEqual(['implicit', undefined]);
    const { contributions } = await fordi.explain(pick?.item.id as string);
    expect(contributions.find(({ signal }) => signal.verb === 'listen')?.verdict).toEqual({ mode: 'implicit', reasons: ['repeated'] });
    expect((await visit(fordi, NOW + 19 * DAY))[0]?.because?.text).toBe('Because you listened to a');
  });

  test('to do it again is news: then it may be said again', async () => {
    const fordi = await visitor(jazz, { fatigue: { shows: 1000 } });
    await fordi.observe({ verb: 'listen', item: 'a' });
    for (let day = 2; day < 6; day++) await visit(fordi, NOW + day * DAY);
    expect((await fordi.recommend())[0]?.because).toBeUndefined();
    await fordi.observe({ verb: 'listen', item: 'a' });
    expect((await fordi.recommend())[0]?.because?.text).toBe('Because you listened to a');
  });

  test('a topic that is the reason tires like any other', async () => {
    const songs = [...Array(12).keys()].map((i) => plain(`s${i}`, { topics: ['jazz'] }));
    const fordi = await visitor(songs, { fatigue: { shows: 1000 } });
    for (let i = 0; i < 8; i++) await fordi.observe({ verb: 'listen', item: `s${i}` });
    for (let day = 2; day < 5; day++)
      expect([day, (await visit(fordi, NOW + day * DAY, 4))[0]?.because?.text]).toEqual([day, 'Because you listen to a lot of jazz']);
    const [pick] = await visit(fordi, NOW + 5 * DAY, 4);
    expect([pick?.mode, pick?.because]).toEqual(['implicit', undefined]);
    expect((await visit(fordi, NOW + 19 * DAY, 4))[0]?.because?.text).toBe('Because you listen to a lot of jazz');
  });

  test('where the notice names no such record, nothing is counted and nothing falls silent', async () => {
    const fordi = await granted({ catalog: jazz });
    await fordi.observe({ verb: 'listen', item: 'a' });
    for (let day = 2; day < 12; day++) expect((await visit(fordi, NOW + day * DAY))[0]?.because).toBeDefined();
    expect(await fordi.evidence()).toHaveLength(1);
  });
});

describe('what is kept of it', () => {
  const seen = async (fordi: Fordi) => fordi.shown((await fordi.recommend({ limit: 1 })) as Pick[]);

  test('once a visit, however often and however long it is on the screen', async () => {
    const fordi = await visitor(SHOP);
    let kept = 0;
    for (let minutes = 0; minutes < 120; minutes += 10) {
      vi.setSystemTime(NOW + minutes * 60_000);
      await fordi.observe({ verb: 'view', item: 'third' });
      kept += await seen(fordi);
    }
    expect(kept).toBe(1);
    vi.setSystemTime(NOW + 3 * HOUR);
    expect(await seen(fordi)).toBe(1);
  });

  test('two shelves that report at once report once', async () => {
    const fordi = await visitor(SHOP);
    const picks = await fordi.recommend({ limit: 2 });
    const kept = await Promise.all([fordi.shown(picks), fordi.shown(picks), fordi.shown(picks.slice(1))]);
    expect(kept.reduce((sum, n) => sum + n, 0)).toBe(2);
    expect(await recordsOnDisk()).toHaveLength(2);
  });

  test.each([
    ['neither', [], []],
    ['only what was shown', ['shown'], ['shown']],
    ['only what was told', ['told'], ['told']],
    ['both', ['shown', 'told'], ['shown', 'told']],
  ] as const)('the notice names %s', async (_, names, expected) => {
    const fordi = await granted({
      catalog: ['a', 'b'].map((id) => plain(id, { topics: ['jazz'] })),
      notice: { version: '1', keeps: ['listen', ...names] },
    });
    await fordi.observe({ verb: 'listen', item: 'a' });
    expect(await fordi.shown(await fordi.recommend())).toBe(expected.length);
    expect((await recordsOnDisk()).map(({ verb }) => verb).filter((verb) => verb !== 'listen')).toEqual(expected);
  });

  test('a notice that names it now and did not when permission was given', async () => {
    const catalog = SHOP;
    (await granted({ catalog })).stop();
    const fordi = page({ catalog, notice: NOTICE });
    await fordi.ready;
    expect(await seen(fordi)).toBe(0);
  });

  test('never without permission, before or after', async () => {
    const fordi = page({ catalog: SHOP, notice: NOTICE });
    await fordi.ready;
    expect(await seen(fordi)).toBe(0);
    expect((await disk()).size).toBe(0);
    await fordi.refuse();
    expect(await seen(fordi)).toBe(0);
    await fordi.grant();
    expect(await seen(fordi)).toBe(1);
    await fordi.withdraw();
    expect(await seen(fordi)).toBe(0);
    expect((await disk()).size).toBe(0);
    fordi.stop();
    expect(await seen(fordi)).toBe(0);
  });

  test('it goes with the item, is in the export, and says how it is known', async () => {
    const fordi = await visitor(SHOP);
    await seen(fordi);
    expect((await fordi.export()).evidence).toMatchObject([{ verb: 'shown', item: 'first', provenance: 'passive' }]);
    expect((await fordi.explain('first')).contributions).toMatchObject([
      { signal: { verb: 'shown' }, share: 0, verdict: { mode: 'none' } },
    ]);
    expect(await fordi.forget({ item: 'first' })).toBe(1);
    expect(await recordsOnDisk()).toEqual([]);
  });

  test('it argues for nothing: no score, no list and no reason changes by it, until it tires', async () => {
    const fordi = await visitor(OPTIONS.catalog as Item[]);
    await fordi.observe({ verb: 'like', item: 'kind-of-blue' });
    const before = await fordi.recommend();
    await fordi.shown(before);
    expect(await fordi.recommend()).toEqual(before);
    await fordi.setVoice('off');
    expect((await fordi.recommend()).map(({ item }) => item.id)).toEqual(
      (await stranger((f) => f.recommend(), { ranking: { explore: 0, diversity: 0 } })).map(({ item }) => item.id),
    );
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'first'],
    ['an object', {}],
    ['nothing in a list', [null, undefined]],
    ['an item that is none', [{ item: {} }, { item: null }, {}]],
    ['an item nobody knows', [{ item: { id: 'nobody', title: 'N' }, score: 1, mode: 'none' }]],
    ['a reason that is none', [{ item: { id: 'first' }, because: { kind: 'topic', evidence: 7 } }]],
  ])('%s handed over: no record of it, and nothing thrown into the page', async (_, picks) => {
    const thrown: unknown[] = [];
    const listen = (error: unknown) => thrown.push(error);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', listen);
    const fordi = await visitor(SHOP);
    const kept = await fordi.shown(picks as never);
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('uncaughtException', listen);
    for (const other of others) process.on('uncaughtException', other);
    expect([kept <= 1, thrown]).toEqual([true, []]);
    for (const { verb, item } of await fordi.evidence()) expect([verb, item]).toEqual(['shown', 'first']);
  });
});
