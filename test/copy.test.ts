import fc from 'fast-check';
import type { Evidence, Export, Fordi, Imported, Item } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { histories, NOW } from './support/chance.js';
import { choiceOnDisk, closeAll, DAY, disk, freshDevice, granted, lived, page, RECORDS, recordsOnDisk } from './support/world.js';

// A copy is taken along and brought back: the same records, and nothing more than could be kept here now.

const LONG = 300_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

const record: Evidence = {
  id: 'a',
  verb: 'listen',
  item: 'kind-of-blue',
  title: 'Kind of Blue',
  provenance: 'engaged',
  sensitivity: 'ordinary',
  at: NOW - DAY,
  notice: '1',
};
const file = (evidence: unknown, rest: object = {}) => ({ schema: 'fordi.export/2', site: 'Grooves', evidence, items: [], ...rest });
const reasons = ({ imported, dropped }: Imported) => [imported, Object.fromEntries(dropped.map(({ reason, count }) => [reason, count]))];
const brought = async (data: unknown, options = {}): Promise<[Fordi, Imported]> => {
  freshDevice();
  const fordi = await granted(options);
  return [fordi, await fordi.import(data)];
};

describe('a copy and its return', () => {
  test('R2 · what was exported comes back record for record, in its order, as an object or as its text', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(histories(60), fc.boolean(), async (records, asText) => {
        freshDevice();
        const newest = new Map(records.filter(({ verb }) => verb === 'declare').map((e) => [e.topic ?? e.item, e])); // the last word counts
        const own = records
          .filter((e) => e.verb !== 'declare' || newest.get(e.topic ?? e.item) === e)
          .filter(
            (e) => e.provenance !== 'inferred' || !records.some((c) => c.verb === 'correct' && c.item === e.item && c.topic === e.topic),
          )
          .sort((a, b) => a.at - b.at);
        await lived(own, { epoch: NOW - 181 * DAY });
        const first = page({ notice: { version: '1', keeps: EVERY } });
        localStorage.setItem('fordi', JSON.stringify({ ...choiceOnDisk(), keeps: EVERY.join(' ') }));
        const copy = await first.export();
        expect([...copy.evidence, ...copy.inferred]).toHaveLength(own.length);
        expect(copy.inferred).toEqual(own.filter(({ provenance }) => provenance === 'inferred').reverse());
        closeAll();
        const [second, { imported, dropped }] = await brought(asText ? JSON.stringify(copy) : copy, {
          notice: { version: '1', keeps: EVERY },
        });
        expect([imported, dropped]).toEqual([own.length, []]);
        const { evidence, inferred } = await second.export();
        expect([evidence, inferred]).toEqual(JSON.parse(JSON.stringify([copy.evidence, copy.inferred])));
        expect((await second.evidence()).length).toBe(own.length);
        expect(await second.import(copy)).toEqual({ imported: 0, dropped: [{ reason: 'duplicate', count: own.length }] });
        closeAll();
        expect(await page().evidence()).toHaveLength(own.length); // and at the next visit
        closeAll();
      }),
      { numRuns: 1_000 },
    ),
  );

  test('R2 · what the pages said of the things comes back too, and the answer with it', async () => {
    const item: Item = {
      id: 'own',
      title: 'Own',
      topics: ['jazz'],
      url: '/own',
      neighbours: [{ id: 'near', title: 'Near', weight: 0.9, url: '/near' }],
    };
    const first = await granted({ catalog: [] });
    await first.observe({ verb: 'listen', item });
    const copy = JSON.parse(JSON.stringify(await first.export()));
    const answer = await first.recommend();
    expect(answer).toHaveLength(1);
    const [second, result] = await brought(copy, { catalog: [] });
    expect(result).toEqual({ imported: 1, dropped: [] });
    expect(await second.recommend()).toEqual(answer);
    expect((await second.export()).items).toEqual(copy.items);
    closeAll();
    expect(await page({ catalog: [] }).recommend()).toEqual(answer);
  });

  test('R2 · beside what is there: in the order in which it happened, the newest word of a topic, the choice untouched', async () => {
    const word = (id: string, at: number, value: number): Evidence => ({
      ...{ id, at, value, notice: '1' },
      ...{ verb: 'declare', topic: 'jazz', provenance: 'declared', sensitivity: 'ordinary' },
    });
    await lived([{ ...record, id: 'old', at: NOW - 3 * DAY }, word('now', NOW - 2 * DAY, 1), { ...record, id: 'new', at: NOW }]);
    const fordi = page();
    const before = [choiceOnDisk(), await fordi.receipts()];
    const others = { choice: 'granted', voice: 'off', receipts: [{ schema: 'fordi.receipt/1', state: 'granted', at: 'x', until: 'x' }] };
    const data = file([record, word('early', NOW - 4 * DAY, -1)], others);
    expect(reasons(await fordi.import(data))).toEqual([1, { duplicate: 1 }]);
    expect((await fordi.evidence()).map(({ id }) => id)).toEqual(['new', 'a', 'now', 'old']);
    expect(reasons(await fordi.import(file([word('late', NOW - DAY, -1)])))).toEqual([1, {}]);
    expect((await fordi.evidence()).map(({ id }) => id)).toEqual(['new', 'late', 'a', 'old']);
    expect([choiceOnDisk(), await fordi.receipts()]).toEqual(before);
    expect(fordi.get()).toMatchObject({ voice: 'explained', records: 4 });
  });

  test('R2 · is used but not named where it is older than the yes here', async () => {
    const [fordi] = await brought(file([record]));
    expect((await fordi.recommend()).filter(({ mode }) => mode === 'implicit').length).toBeGreaterThan(0);
    expect((await fordi.recommend()).filter(({ because }) => because?.kind === 'records')).toEqual([]);
  });
});

describe('a file that is refused', () => {
  test.each<[string, unknown, string]>([
    ['another site', file([record], { site: 'Elsewhere' }), 'other-site'],
    ['no site', file([record], { site: undefined }), 'other-site'],
    ['another version', file([record], { schema: 'fordi.export/3' }), 'schema'],
    ['conclusions that are no list', file([record], { inferred: { 0: record, length: 1 } }), 'schema'],
    ['no schema', { evidence: [] }, 'schema'],
    ['nothing', undefined, 'schema'],
    ['null', null, 'schema'],
    ['a number', 7, 'schema'],
    ['no JSON', '{"schema', 'schema'],
    ['a list', [record], 'schema'],
    ['records that are no list', file({ length: 3 }), 'schema'],
    ['items that are no list', file([record], { items: {} }), 'schema'],
    ['text ten thousand deep', '['.repeat(10_000), 'schema'],
    [
      'a getter that throws',
      {
        get schema() {
          throw new Error('no');
        },
      },
      'schema',
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          get() {
            throw new Error('no');
          },
        },
      ),
      'schema',
    ],
  ])('R2 · %s: whole, with the reason, and nothing is written', async (_, data, reason) => {
    freshDevice();
    const fordi = await granted();
    const before = await disk();
    expect(await fordi.import(data)).toEqual({ imported: 0, dropped: [{ reason, count: 0 }] });
    expect(await disk()).toEqual(before);
  });

  test('R2 · without permission, while paused, after stop', async () => {
    const fordi = page();
    await fordi.ready;
    const said = async () => (await fordi.import(file([record]))).dropped[0]?.reason;
    expect([await said(), await indexedDB.databases(), localStorage.length]).toEqual(['no-permission', [], 0]);
    await fordi.refuse();
    expect(await said()).toBe('no-permission');
    await fordi.grant();
    await fordi.pause(true);
    expect(await said()).toBe('paused');
    await fordi.withdraw();
    expect(await said()).toBe('no-permission');
    fordi.stop();
    expect(await said()).toBe('stopped');
    expect(await recordsOnDisk()).toEqual([]);
  });
});

describe('records that stay out, counted by reason', () => {
  const throwing = {
    get id() {
      throw new Error('no');
    },
  };
  const unsound: unknown[] = [
    null,
    7,
    'x',
    {},
    throwing,
    { ...record, id: '' },
    { ...record, id: 'x'.repeat(1_000_000) },
    { ...record, verb: 'constructor' },
    { ...record, verb: '__proto__' },
    { ...record, item: undefined },
    { ...record, topic: 'both' },
    { ...record, at: 'yesterday' },
    { ...record, at: Number.NaN },
    { ...record, provenance: 'declared' }, // better than the verb's own
    { ...record, provenance: 'contextual' },
    { ...record, sensitivity: 'none' },
    { ...record, sensitivity: 'special' },
    { ...record, notice: 'x'.repeat(1000) },
    { ...record, value: 1e9 },
    { ...record, until: 'x' },
    { ...record, item: { toString: () => 'blue' } },
  ];
  test.each(unsound.map((one, i) => [i, one] as const))('R2 · unsound, %i', async (_, one) => {
    const [fordi, result] = await brought(file([one, record]));
    expect(reasons(result)).toEqual([1, { unsound: 1 }]);
    expect(await recordsOnDisk()).toEqual([record]);
    expect(Object.prototype).not.toHaveProperty('polluted');
    fordi.stop();
  });

  test('R2 · special topics, other kinds, what is too old, what is there already', async () => {
    const e = (id: string, more: object) => ({ ...record, id, ...more });
    const topic = (id: string, name: string) => e(id, { item: undefined, title: undefined, topic: name, verb: 'search' });
    const data = file(
      [
        topic('b', 'pregnancy'),
        e('c', { item: 'gone', title: 'Living with HIV' }),
        e('d', { item: 'said' }),
        e('e', { verb: 'watch' }),
        e('f', { at: NOW - 181 * DAY }),
        record,
        record,
      ],
      { items: [{ id: 'said', title: 'Said', topics: ['religion'] }] },
    );
    const [fordi, result] = await brought(data, { notice: { version: '1', keeps: ['listen', 'search'] } });
    expect(reasons(result)).toEqual([1, { special: 3, 'not-in-notice': 1, old: 1, duplicate: 1 }]);
    expect(await recordsOnDisk()).toEqual([record]);
    expect((await fordi.export()).items).toEqual([]);
  });

  test('R2, R6 · what is objected to, and conclusions that were removed', async () => {
    const concluded = { ...record, id: 'c', provenance: 'inferred' };
    const fordi = await granted();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue', provenance: 'inferred' });
    await fordi.forget({ item: 'kind-of-blue' });
    await fordi.object('engaged', true);
    expect(reasons(await fordi.import(file([record, concluded])))).toEqual([0, { objected: 2 }]);
    expect((await fordi.evidence()).map(({ verb }) => verb)).toEqual(['correct']);
  });

  test('R3 · a conclusion that was removed takes the same one here with it, and what was said of its item', async () => {
    const options = { catalog: [] };
    const conclude = (fordi: Fordi) =>
      fordi.observe({ verb: 'view', item: { id: 'x', title: 'X', topics: ['jazz'] }, provenance: 'inferred' });
    const first = await granted(options);
    await conclude(first);
    await first.forget({ item: 'x' });
    const removed = await first.export();
    freshDevice();
    const fordi = await granted(options);
    await conclude(fordi);
    await fordi.observe({ verb: 'view', item: { id: 'y', title: 'Y', topics: ['folk'] } });
    expect(reasons(await fordi.import(removed))).toEqual([1, {}]);
    const { evidence, inferred, items } = await fordi.export();
    expect([evidence.map(({ verb }) => verb), inferred, items.map(({ id }) => id)]).toEqual([['correct', 'view'], [], ['y']]);
    expect([...(await disk()).keys()].filter((key) => String(key).startsWith('item:'))).toEqual(['item:', 'item:y']);
    expect(fordi.get().records).toBe(2);
    expect(await conclude(fordi)).toEqual({ kept: false, reason: 'objected' });
  });

  test('R2 · more than may be kept: the newest come in; a date to come is today', async () => {
    const many = Array.from({ length: 250 }, (_, i) => ({ ...record, id: `m${i}`, at: NOW - i * 1000 }));
    const [fordi, result] = await brought(file(many), { records: 100 });
    expect(reasons(result)).toEqual([100, { 'too-many': 150 }]);
    expect((await fordi.evidence()).map(({ id }) => id)).toEqual(many.slice(0, 100).map(({ id }) => id));
    const [other] = await brought(file([{ ...record, at: NOW + 1000 * DAY }]));
    expect(await other.evidence()).toEqual([{ ...record, at: NOW }]);
  });

  test('R2 · a million records that are none cost little and change nothing', async () => {
    const began = performance.now();
    const [, result] = await brought(file(Array(1_000_000).fill({})));
    expect(reasons(result)).toEqual([0, { 'too-many': 980_000, unsound: 20_000 }]);
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(await recordsOnDisk()).toEqual([]);
  });

  test('R2 · addresses of other sites are left out: a file leads and calls nowhere', async () => {
    const items = [
      {
        ...{ id: 'own', title: 'Own', url: 'https://evil.example/x', image: '//evil.example/pixel.gif' },
        neighbours: [{ id: 'near', title: 'Near', weight: 1, url: 'https://evil.example/y', image: '/near.png' }],
      },
    ];
    const [fordi, result] = await brought(file([{ ...record, item: 'own' }], { items }), { catalog: [] });
    expect(reasons(result)).toEqual([1, { foreign: 3 }]);
    expect(JSON.stringify([...(await disk())])).not.toContain('evil');
    expect((await fordi.recommend()).map(({ item }) => [item.id, item.url, item.image])).toEqual([['near', undefined, '/near.png']]);
  });

  test('R2 · items that are none, too deep, too large or nobody’s stay out, and the record comes in', async () => {
    let deep: unknown = {};
    for (let i = 0; i < 50_000; i++) deep = { deep };
    const loop: Record<string, unknown> = { id: 'kind-of-blue', title: 'x' };
    loop.self = loop;
    const items = [
      deep,
      loop,
      null,
      { id: 'kind-of-blue', title: 'x'.repeat(300_000) },
      { id: 'nobody', title: 'Nobody' },
      JSON.parse('{"id":"kind-of-blue","title":"K","topics":{"__proto__":1},"__proto__":{"polluted":1}}'),
    ];
    const [fordi, result] = await brought(file([record], { items }), { catalog: [] });
    expect(reasons(result)).toEqual([1, {}]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((await fordi.export()).items.map(({ id, title }) => [id, title])).toEqual([['kind-of-blue', 'K']]);
    await fordi.recommend();
  });

  test('R2 · what the shop says of its own items is not overruled by a file', async () => {
    const items = [{ id: 'kind-of-blue', title: 'Forged', topics: ['techno'] }];
    const [fordi] = await brought(file([record], { items }));
    expect(fordi.item('kind-of-blue')?.title).toBe('Kind of Blue');
    expect([...(await disk()).keys()]).not.toContain('item:kind-of-blue');
  });
});

const EVERY = [
  ...(['view', 'dwell', 'search', 'play', 'listen', 'watch', 'read', 'save', 'cart', 'remove', 'purchase', 'book', 'subscribe'] as const),
  ...(['like', 'rate', 'declare', 'dismiss', 'too-personal', 'shown', 'told'] as const),
];

test('R2 · whatever the file holds: nothing throws, and what is on the disk is what came in', { timeout: LONG }, () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.anything(),
          fc.record({ id: fc.anything(), verb: fc.constantFrom('listen', 'x'), item: fc.constantFrom(...RECORDS.map(({ id }) => id)) }),
          histories(1).map(([e]) => e as unknown),
          fc.tuple(fc.constantFrom(...Object.keys(record)), fc.anything()).map(([name, value]) => ({ ...record, [name]: value })),
        ),
        { maxLength: 8 },
      ),
      fc.anything(),
      fc.array(fc.anything()),
      async (evidence, whole, items) => {
        const [fordi, result] = await brought(file(evidence, { items }), { notice: { version: '1', keeps: EVERY } });
        const left = result.dropped.reduce((sum, { reason, count }) => sum + (reason === 'foreign' ? 0 : count), 0);
        expect(result.imported + left).toBe(evidence.length);
        expect(await recordsOnDisk()).toHaveLength(result.imported);
        expect(await fordi.evidence()).toHaveLength(result.imported);
        expect(fordi.get()).toMatchObject({ records: result.imported, damaged: 0 });
        expect((await fordi.import(whole)).imported).toBe(0);
        await fordi.recommend();
        closeAll();
      },
    ),
    { numRuns: 1_000 },
  ),
);

test('R2 · what was concluded stands under a key of its own; a copy of before, where it stood among the rest, still comes back', async () => {
  const concluded: Evidence = { ...record, id: 'b', verb: 'save', provenance: 'inferred', at: NOW - 2 * DAY };
  await lived([concluded, record]);
  const fordi = page();
  const copy = await fordi.export();
  expect(copy).toMatchObject({ schema: 'fordi.export/2', evidence: [{ id: 'a' }], inferred: [{ id: 'b', provenance: 'inferred' }] });
  const { inferred, ...rest } = copy;
  for (const data of [copy, { ...rest, schema: 'fordi.export/1', evidence: [...copy.evidence, ...inferred] }]) {
    const [second, result] = await brought(data);
    expect(result).toEqual({ imported: 2, dropped: [] });
    const again = await second.export();
    expect([again.evidence, again.inferred]).toEqual([copy.evidence, copy.inferred]);
    expect((await second.evidence()).map(({ id }) => id)).toEqual(['a', 'b']);
  }
});

test('R2 · hostile: conclusions without end are counted, not read', async () => {
  const endless: unknown[] = [];
  endless.length = 4_000_000_000;
  const [, result] = await brought({ ...file([record]), inferred: endless });
  expect(result.imported).toBe(1);
  expect(result.dropped.find(({ reason }) => reason === 'too-many')?.count).toBeGreaterThan(3_000_000_000);
});

test('R2 · the copy of a copy is the copy', async () => {
  const fordi = await granted();
  for (const item of ['blue', 'kind-of-blue', 'blue']) await fordi.observe({ verb: 'listen', item });
  const copy: Export = await fordi.export();
  const [second] = await brought(copy);
  expect(JSON.stringify((await second.export()).evidence)).toBe(JSON.stringify(copy.evidence));
});
