import type { Fordi, Item, Options, Request } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { ALL_VERBS, DAY, granted, page } from './support/world.js';

// Who may not be shown, and why: one story per reason, from the ledger, the catalog and the owner's word.

const plain = (id: string, more: Partial<Item> = {}): Item => ({ id, title: id, prior: 0.5, ...more });
const ids = async (fordi: Fordi, request: Request = {}) => (await fordi.recommend(request)).map(({ item }) => item.id);
const why = async (fordi: Fordi, id: string, request: Request = {}) => (await fordi.explain(id, request)).excluded;

const KEEPS = { version: '1', keeps: [...ALL_VERBS, 'shown', 'told'] } as const;
const visitor = (catalog: Item[], more: Partial<Options> = {}) => granted({ catalog, notice: KEEPS, ...more });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('owned, and due again', () => {
  const coffee = plain('coffee', { replenishDays: 30 });

  test.each(['purchase', 'book', 'subscribe'] as const)('%s: away until it is due, to the day, and then back', async (verb) => {
    const fordi = await visitor([coffee, plain('tea')]);
    await fordi.observe({ verb, item: 'coffee' });
    for (const day of [0, 1, 29.9]) {
      vi.setSystemTime(NOW + day * DAY);
      expect([day, await why(fordi, 'coffee'), await ids(fordi)]).toEqual([day, 'owned', ['tea']]);
    }
    vi.setSystemTime(NOW + 30 * DAY);
    expect([await why(fordi, 'coffee'), (await ids(fordi)).sort()]).toEqual([undefined, ['coffee', 'tea']]);
  });

  test('bought again, it is away again; what is not used up never is due', async () => {
    const fordi = await visitor([coffee, plain('cup')]);
    for (const item of ['coffee', 'cup']) await fordi.observe({ verb: 'purchase', item });
    vi.setSystemTime(NOW + 31 * DAY);
    await fordi.observe({ verb: 'purchase', item: 'coffee' });
    expect(await why(fordi, 'coffee')).toBe('owned');
    vi.setSystemTime(NOW + 170 * DAY);
    expect([await why(fordi, 'coffee'), await why(fordi, 'cup')]).toEqual([undefined, 'owned']);
  });

  test('due at once', async () => {
    const fordi = await visitor([plain('bread', { replenishDays: 0 })]);
    await fordi.observe({ verb: 'purchase', item: 'bread' });
    expect(await why(fordi, 'bread')).toBeUndefined();
  });

  test('a record that is forgotten gives the item back', async () => {
    const fordi = await visitor([plain('cup')]);
    const kept = await fordi.observe({ verb: 'purchase', item: 'cup' });
    expect(await ids(fordi)).toEqual([]);
    await fordi.forget(kept.kept ? kept.evidence.id : '');
    expect(await ids(fordi)).toEqual(['cup']);
  });

  test('a clock set back does not make it due', async () => {
    vi.setSystemTime(NOW - 30 * DAY); // the yes is older than what the clock is set back to
    const fordi = await visitor([coffee]);
    vi.setSystemTime(NOW);
    await fordi.observe({ verb: 'purchase', item: 'coffee' });
    vi.setSystemTime(NOW - 20 * DAY);
    expect(await why(fordi, 'coffee')).toBe('owned');
  });
});

describe('turned away', () => {
  test('an item: with every voice, on every page, and undone by forgetting', async () => {
    const fordi = await visitor([plain('a'), plain('b', { neighbours: { a: 1 } })]);
    const kept = await fordi.observe({ verb: 'dismiss', item: 'a' });
    for (const voice of ['explained', 'quiet', 'off'] as const) {
      await fordi.setVoice(voice);
      expect([voice, await ids(fordi, { context: 'b' }), await why(fordi, 'a')]).toEqual([voice, [], 'dismissed']);
    }
    await fordi.forget(kept.kept ? kept.evidence.id : '');
    expect(await ids(fordi, { context: 'b' })).toEqual(['a']);
  });

  test('a topic, as too personal: nothing of it is shown, by nobody’s weight', async () => {
    const toys = plain('train', { prior: 1, topics: ['toys'] });
    const fordi = await visitor([toys, plain('novel', { topics: ['books'] })]);
    const kept = await fordi.observe({ verb: 'too-personal', topic: 'toys' });
    expect(await ids(fordi)).toEqual(['novel']);
    expect(await why(fordi, 'train')).toMatch(/muted|dismissed/);
    await fordi.forget(kept.kept ? kept.evidence.id : '');
    expect(await ids(fordi)).toEqual(['train', 'novel']);
  });

  test('“not at all” of a topic: likewise', async () => {
    const fordi = await visitor([plain('train', { prior: 1, topics: ['toys'] }), plain('novel', { topics: ['books'] })]);
    await fordi.declare({ topic: 'toys', value: -1 });
    expect([await ids(fordi), await why(fordi, 'train')]).toEqual([['novel'], 'dismissed']);
    await fordi.declare({ topic: 'toys', value: 1 });
    expect(await ids(fordi)).toEqual(['train', 'novel']);
  });

  test('a topic less liked falls, and forgetting that restores every score exactly', async () => {
    const items = ['j1', 'j2', 'f1', 'f2'].map((id) => plain(id, { topics: [id.startsWith('j') ? 'jazz' : 'folk'] }));
    const fordi = await visitor(items);
    await fordi.declare({ topic: 'jazz' });
    const scores = async () => (await fordi.recommend()).map(({ item, score }) => [item.id, score]);
    const before = await scores();
    const kept = await fordi.observe({ verb: 'dismiss', topic: 'jazz' });
    const after = new Map((await scores()) as [string, number][]);
    for (const [id, score] of before as [string, number][])
      if (id.startsWith('j')) expect(after.get(id)).toBeLessThan(score);
      else expect(after.get(id)).toBe(score);
    await fordi.forget(kept.kept ? kept.evidence.id : '');
    expect(await scores()).toEqual(before);
  });

  test('too personal of an item: what it is mostly about goes quiet, wherever it stands in the list', async () => {
    const items = [
      plain('a', { topics: { folk: 0.1, jazz: 1 } }),
      ...['j', 'k'].map((id) => plain(id, { topics: ['jazz'] })),
      ...['o', 'p'].map((id) => plain(id, { topics: ['folk'] })),
    ];
    const fordi = await visitor(items);
    await fordi.observe({ verb: 'listen', item: 'j' });
    await fordi.observe({ verb: 'listen', item: 'o' });
    await fordi.observe({ verb: 'too-personal', item: 'a' });
    const verdicts = Object.fromEntries((await fordi.explain('k')).contributions.map((c) => [c.signal.item, c.verdict.mode]));
    expect(verdicts).toMatchObject({ j: 'none', o: 'explicit' });
    expect([await ids(fordi), await why(fordi, 'k')]).toEqual([['p'], 'muted']);
  });

  test('a topic the visitor wants less of counts half, whatever speaks for it, and the answer to “why” says so', async () => {
    const items = [
      ...Array.from({ length: 20 }, (_, i) => plain(`j${i}`, { topics: ['jazz'], by: `J${i}` })),
      ...Array.from({ length: 20 }, (_, i) => plain(`f${i}`, { topics: ['folk'], by: `F${i}` })),
    ];
    const fordi = await visitor(items, { ranking: { explore: 0 } });
    for (const item of ['j0', 'j1', 'j2', 'j3', 'f0', 'f1', 'f2']) await fordi.observe({ verb: 'listen', item });
    const jazz = async () => (await ids(fordi)).filter((id) => id.startsWith('j')).length;
    const before = [await jazz(), (await fordi.explain('j9')).score] as const;
    expect(before[0]).toBeGreaterThan(4);
    for (const value of [-0.5, -0.25, -0.75]) {
      await fordi.declare({ topic: 'jazz', value });
      const { score, prior, page, contributions } = await fordi.explain('j9');
      expect(score).toBeCloseTo(before[1] * (1 + value), 6);
      expect(prior + page + contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(score, 6);
      expect(contributions.at(-1)).toMatchObject({ signal: { topic: 'jazz' }, share: expect.closeTo(before[1] * value, 6) });
      expect((await fordi.explain('f9')).contributions.find(({ signal }) => signal.topic)?.share).toBe(0);
    }
    await fordi.declare({ topic: 'jazz', value: -0.5 });
    expect(await jazz()).toBeLessThan(before[0]);
    await fordi.forget({ topic: 'jazz' });
    expect([await jazz(), (await fordi.explain('j9')).score]).toEqual(before);
  });
});

describe('paused by the owner', () => {
  const catalog = [plain('flight', { topics: ['flights'] }), plain('train', { topics: ['trains'] })];
  const day = (n: number) => new Date(NOW + n * DAY).toISOString();
  const on = async (paused: Options['paused'], n: number) => {
    const fordi = page({ catalog, ...(paused && { paused }) });
    vi.setSystemTime(NOW + n * DAY);
    return why(fordi, 'flight');
  };

  test.each([
    ['a text: for ever', ['flights'], [-1000, 0, 1000], []],
    ['an item’s id', ['flight'], [0], []],
    ['from–until, as texts', [{ what: 'flights', from: day(2), until: day(5) }], [2, 3, 5], [0, 1.9, 5.1, 100]],
    ['from–until, as numbers', [{ what: 'flights', from: NOW + 2 * DAY, until: NOW + 5 * DAY }], [2, 3, 5], [0, 1.9, 5.1]],
    ['from only', [{ what: 'flights', from: day(2) }], [2, 1000], [0, 1.9]],
    ['until only', [{ what: 'flights', until: day(2) }], [-1000, 0, 2], [2.1, 1000]],
    ['neither', [{ what: 'flights' }], [-5, 0, 5], []],
    [
      'two of one thing',
      [
        { what: 'flights', until: day(1) },
        { what: 'flights', from: day(3) },
      ],
      [0, 4],
      [2],
    ],
    ['another topic', ['ferries'], [], [0]],
  ] as [string, Options['paused'], number[], number[]][])('%s', async (_, paused, during, outside) => {
    for (const n of during) expect([n, await on(paused, n)]).toEqual([n, 'paused']);
    for (const n of outside) expect([n, await on(paused, n)]).toEqual([n, undefined]);
  });

  test('what the visitor did with it is not used meanwhile, and is again afterwards', async () => {
    const sea = plain('ferry', { topics: ['flights', 'sea'], prior: 0 });
    const fordi = await visitor([...catalog, sea, plain('boat', { topics: ['sea'], prior: 0 })], {
      paused: [{ what: 'flights', until: NOW + DAY }],
    });
    await fordi.observe({ verb: 'like', item: 'ferry' });
    const { contributions } = await fordi.explain('boat');
    expect(contributions[0]?.verdict).toMatchObject({ mode: 'none', reasons: expect.arrayContaining(['paused']) });
    expect(await ids(fordi)).toEqual(['train']);
    vi.setSystemTime(NOW + 2 * DAY);
    expect(await ids(fordi)).toEqual(expect.arrayContaining(['boat', 'flight', 'train']));
  });
});

describe('by the item’s own word', () => {
  test.each([
    ['an hour ago, as a number', NOW - 3_600_000, 'over'],
    ['an hour ago, as a text', new Date(NOW - 3_600_000).toISOString(), 'over'],
    ['now', NOW, undefined],
    ['in an hour', new Date(NOW + 3_600_000).toISOString(), undefined],
  ])('until %s', async (_, until, expected) => {
    expect(await why(page({ catalog: [plain('concert', { until })] }), 'concert')).toBe(expected);
  });

  test('it is over when it is over, on an open page too', async () => {
    const fordi = page({ catalog: [plain('concert', { until: NOW + 1000 })] });
    expect(await ids(fordi)).toEqual(['concert']);
    vi.setSystemTime(NOW + 1001);
    expect(await ids(fordi)).toEqual([]);
  });

  test('unavailable; both; and neither', async () => {
    const fordi = page({
      catalog: [plain('out', { available: false }), plain('both', { available: false, until: NOW - 1 }), plain('in', { available: true })],
    });
    expect(await Promise.all(['out', 'both', 'in'].map((id) => why(fordi, id)))).toEqual(['unavailable', 'unavailable', undefined]);
  });

  test('too personal for a public place, and what is special anywhere but beside its like', async () => {
    const catalog = [
      plain('lace', { topics: ['lingerie'] }),
      plain('test', { topics: ['pregnancy'] }),
      plain('book', { topics: ['pregnancy'] }),
      plain('hat'),
    ];
    const fordi = page({ catalog, slots: { hall: { visibility: 'public' } } });
    expect(await ids(fordi)).toEqual(['lace', 'hat']);
    expect(await ids(fordi, { slot: 'hall' })).toEqual(['hat']);
    expect([await why(fordi, 'lace', { slot: 'hall' }), await why(fordi, 'test')]).toEqual(['personal', 'personal']);
    expect(await ids(fordi, { context: 'test' })).toContain('book');
    const special = async (id: string) => (await fordi.explain(id, { context: 'test' })).special;
    expect([await special('book'), await special('lace'), await special('hat')]).toEqual([true, undefined, undefined]);
    expect(await ids(fordi, { context: 'test', slot: 'hall' })).toEqual(['hat']);
  });

  test('the page itself', async () => {
    const fordi = page({ catalog: [plain('here'), plain('there')] });
    expect([await ids(fordi, { context: 'here' }), await why(fordi, 'here', { context: 'here' })]).toEqual([['there'], 'context']);
  });
});

test('an item never argues for itself: what was only looked at, liked or saved is not recommended for that', async () => {
  for (let i = 0; i < 40; i++) {
    const topics = { a: 1 + i / 7, b: 1.3, c: 0.2 * i + 0.1 };
    const fordi = await visitor([plain('x', { topics, prior: 0 }), plain('y', { topics: ['other'], prior: 0 })]);
    for (const verb of ['view', 'like', 'save'] as const) await fordi.observe({ verb, item: 'x' });
    expect([i, (await fordi.recommend()).map(({ item, score }) => [item.id, score])]).toEqual([i, []]);
    fordi.stop();
  }
});
