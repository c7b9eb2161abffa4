import fc from 'fast-check';
import type { Fordi, Item, Options } from 'fordi';
import { describe, expect, test, vi } from 'vitest';
import { granted, page, RECORDS } from './support/world.js';

// A catalog is the owner's and may be anything: bad items are left out and counted, and the page stays whole.

const opened = async (catalog: unknown): Promise<Fordi> => {
  const fordi = page({ catalog: catalog as NonNullable<Options['catalog']> });
  await fordi.ready;
  return fordi;
};

const fetching = (fetch: unknown): string => {
  vi.stubGlobal('fetch', fetch);
  return '/catalog.json';
};
const answered = (body: string, init?: ResponseInit) => fetching(async () => new Response(body, init));

describe('where a catalog comes from', () => {
  test('an address, a list and a function bring the same', async () => {
    answered(JSON.stringify(RECORDS));
    const [fetched, listed, made] = [await opened('/catalog.json'), await opened(RECORDS), await opened(async () => RECORDS)];
    expect(fetched.get().catalog).toEqual({ items: RECORDS.length, dropped: 0, problems: [] });
    const lists = await Promise.all([fetched, listed, made].map((f) => f.recommend({ context: 'blue' })));
    expect(lists[0]?.length).toBeGreaterThan(2);
    expect(lists[1]).toEqual(lists[0]);
    expect(lists[2]).toEqual(lists[0]);
  });

  test('it is asked for once, and nothing else is', async () => {
    const fetched = vi.fn(async (_: string) => new Response(JSON.stringify(RECORDS)));
    const fordi = await opened(fetching(fetched));
    await fordi.grant();
    await fordi.observe({ verb: 'listen', item: 'blue' });
    await Promise.all([fordi.recommend(), fordi.shelves(), fordi.explain('blue'), fordi.export(), fordi.withdraw()]);
    expect(fetched.mock.calls).toEqual([['/catalog.json', { signal: expect.anything() }]]);
  });

  const broken: [string, () => unknown][] = [
    ['not JSON', () => answered('{"items":')],
    ['HTML', () => answered('<!doctype html><title>Log in</title>')],
    ['empty', () => answered('')],
    ['not found', () => answered('[]', { status: 404 })],
    ['an object', () => answered('{"items":[]}')],
    ['null', () => answered('null')],
    ['the network', () => fetching(() => Promise.reject(new TypeError('Failed to fetch')))],
    ['no fetch at all', () => fetching(undefined)],
    [
      'a function that throws',
      () => () => {
        throw new Error('no');
      },
    ],
    ['a function that rejects', () => () => Promise.reject(new Error('no'))],
    ['a function that brings nothing', () => async () => undefined],
  ];

  test.each(broken)('%s: said in the state, and everything else works', async (_, make) => {
    const fordi = await opened(make());
    expect(fordi.get().catalog).toMatchObject({ items: 0, problems: [expect.stringMatching(/^catalog: /)] });
    expect(await fordi.recommend()).toEqual([]);
    expect(await fordi.shelves()).toEqual([]);
    await fordi.grant();
    expect(await fordi.observe({ verb: 'listen', item: { id: 'own', title: 'Own' } })).toMatchObject({ kept: true });
    expect(await fordi.observe({ verb: 'listen', item: 'blue' })).toEqual({ kept: false, reason: 'unknown-item' });
  });
});

const SOUND = { id: 'ok', title: 'Sound', prior: 1 };

describe('an item that is not sound is left out and named by its place', () => {
  const throws = {
    id: 'x',
    get title(): string {
      throw new Error('no');
    },
  };
  const bad: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'blue'],
    ['a list', []],
    ['no id', { title: 'X' }],
    ['an empty id', { id: '', title: 'X' }],
    ['a blank id', { id: '  ', title: 'X' }],
    ['a number as id', { id: 1, title: 'X' }],
    ['an endless id', { id: 'x'.repeat(201), title: 'X' }],
    ['no title', { id: 'x' }],
    ['a title that is none', { id: 'x', title: {} }],
    ['a title that throws', throws],
    ['topics in a text', { id: 'x', title: 'X', topics: 'jazz' }],
    ['topics that are numbers', { id: 'x', title: 'X', topics: [1] }],
    ['a weight that is no number', { id: 'x', title: 'X', topics: { jazz: Number.NaN } }],
    ['an endless weight', { id: 'x', title: 'X', topics: { jazz: Number.POSITIVE_INFINITY } }],
    ['a negative weight', { id: 'x', title: 'X', topics: { jazz: -1 } }],
    ['a weight in words', { id: 'x', title: 'X', topics: { jazz: '3' } }],
    ['a prior above 1', { id: 'x', title: 'X', prior: 2 }],
    ['a prior that is no number', { id: 'x', title: 'X', prior: Number.NaN }],
    ['an endless neighbour', { id: 'x', title: 'X', neighbours: { ok: Number.POSITIVE_INFINITY } }],
    ['a neighbour beyond 1', { id: 'x', title: 'X', neighbours: { ok: 7 } }],
    ['neighbours in a text', { id: 'x', title: 'X', neighbours: 'ok' }],
    ['available in words', { id: 'x', title: 'X', available: 'no' }],
    ['a sensitivity that is none', { id: 'x', title: 'X', sensitivity: 'secret' }],
    ['a price below nothing', { id: 'x', title: 'X', price: -1 }],
    ['a maker that is none', { id: 'x', title: 'X', by: {} }],
  ];

  test.each(bad)('%s', async (_, item) => {
    const fordi = await opened([SOUND, item, { id: 'z', title: 'Z', prior: 0.5 }]);
    expect(fordi.get().catalog).toMatchObject({ items: 2, dropped: 1, problems: [expect.stringMatching(/^items\[1\]/)] });
    expect((await fordi.recommend()).map(({ item }) => item.id)).toEqual(['ok', 'z']);
  });

  test('of two with one id the first counts; case and spaces make another', async () => {
    const items = ['a', 'a', 'A', 'a '].map((id, i) => ({ id, title: `T${i}`, prior: 1 - i / 10 }));
    const fordi = await opened(items);
    expect(fordi.item('a')?.title).toBe('T0');
    expect(fordi.get().catalog).toMatchObject({ items: 3, dropped: 1, problems: [expect.stringContaining('already used')] });
  });

  test('all are counted and the first few named', async () => {
    const fordi = await opened(Array.from({ length: 50 }, () => ({})));
    expect(fordi.get().catalog).toMatchObject({ items: 0, dropped: 50 });
    expect(fordi.get().catalog.problems.length).toBe(5);
  });

  const runs = ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)', '\u0001javascript:alert(1)'];
  const others = [
    'java\nscript:x',
    'vbscript:x',
    'data:text/html,<script>',
    'DATA:image/svg+xml,<svg>',
    'blob:x',
    'file:///etc',
    'ftp://x',
  ];

  test.each([...runs, ...others])('X6 · no address that runs or leads elsewhere comes out: %j', async (address) => {
    for (const field of ['url', 'image']) {
      const fordi = await opened([{ id: 'x', title: 'X', prior: 1, [field]: address }]);
      expect(JSON.stringify([fordi.item('x') ?? {}, await fordi.recommend()])).not.toContain(JSON.stringify(address).slice(1, -1));
    }
  });

  test.each(['https://grooves.example/a', 'http://x', '/a?b#c', 'a/b', '//cdn.example/x'])('%s is an address', async (url) => {
    expect((await opened([{ id: 'x', title: 'X', url }])).item('x')?.url).toBe(url);
  });

  test('X6 · an address is never of a scheme that runs, however it is disguised', () => {
    const noise = fc.constantFrom('', '\t', '\n', '\r', ' ', '\u0000', '\u001f', '\\', '&Tab;', '%09', '\u200b');
    const scheme = fc
      .constantFrom('javascript:', 'data:', 'vbscript:', 'blob:', 'file:')
      .chain((s) =>
        fc
          .tuple(...[...s].map((letter) => fc.tuple(fc.constantFrom(letter, letter.toUpperCase()), noise)))
          .map((parts) => parts.flat().join('')),
      );
    return fc.assert(
      fc.asyncProperty(noise, scheme, async (before, spelt) => {
        const url = `${before}${spelt}alert(1)`;
        const fordi = page({ catalog: [{ id: 'x', title: 'X', url }] });
        await fordi.ready;
        const out = fordi.item('x')?.url;
        if (out !== undefined) expect(new URL(out, 'https://grooves.example/').protocol).toMatch(/^https?:$/);
        fordi.stop();
      }),
      { numRuns: 500 },
    );
  });
});

describe('no catalog breaks an answer', () => {
  test('names every object has are items and topics like any other', async () => {
    const items = JSON.parse(
      '[{"id":"__proto__","title":"P","topics":{"__proto__":1,"constructor":1}},{"id":"constructor","title":"C","topics":["__proto__"]},{"id":"toString","title":"T","topics":["constructor"],"neighbours":{"__proto__":1}}]',
    ) as Item[];
    const fordi = await granted({ catalog: items });
    expect(fordi.get().catalog.items).toBe(3);
    expect(fordi.item('hasOwnProperty')).toBeUndefined();
    expect(fordi.item('__proto__')?.title).toBe('P');
    expect(await fordi.observe({ verb: 'like', item: '__proto__' })).toMatchObject({ kept: true });
    expect((await fordi.recommend()).map(({ item }) => item.id)).toEqual(expect.arrayContaining(['constructor', 'toString']));
    await fordi.declare({ topic: '__proto__' });
    expect((await fordi.recommend()).length).toBeGreaterThan(0);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test.each([1e-300, 1e38, 1e39, 1e154, 1e300, Number.MAX_VALUE, 0])(
    'a topic weight of %d makes no score that is not a number',
    async (weight) => {
      const items = [
        { id: 'a', title: 'A', topics: { jazz: weight, folk: 1 } },
        { id: 'b', title: 'B', topics: { jazz: weight } },
        { id: 'c', title: 'C', topics: ['jazz', 'folk'], prior: 0.1 },
      ];
      const fordi = await granted({ catalog: items });
      await fordi.observe({ verb: 'like', item: 'c' });
      await fordi.declare({ topic: 'jazz' });
      for (const id of ['a', 'b', 'c']) {
        const { score, contributions } = await fordi.explain(id);
        expect([id, Number.isFinite(score), contributions.every(({ share }) => Number.isFinite(share))]).toEqual([id, true, true]);
      }
      for (const { score } of await fordi.recommend()) expect(score).toBeGreaterThan(0);
    },
  );

  test('a topic named twice counts once, and the parts still make the whole', async () => {
    const items = [
      { id: 'a', title: 'A', topics: ['jazz', 'jazz', 'folk'] },
      { id: 'b', title: 'B', topics: ['jazz', 'jazz'] },
      { id: 'c', title: 'C', topics: ['folk'] },
    ];
    const fordi = await granted({ catalog: items });
    await fordi.declare({ topic: 'jazz' });
    await fordi.observe({ verb: 'like', item: 'a' });
    for (const id of ['a', 'b', 'c']) {
      const { score, prior, page, contributions } = await fordi.explain(id);
      expect(contributions.reduce((sum, { share }) => sum + share, prior + page)).toBeCloseTo(score, 6);
    }
  });

  test('neighbours that point at themselves, in circles and nowhere come to an end', async () => {
    const items = [
      { id: 'a', title: 'A', neighbours: { a: 1, b: 1, nowhere: 1 } },
      { id: 'b', title: 'B', neighbours: { a: 1, c: 0.5 } },
      { id: 'c', title: 'C', neighbours: { a: 1 } },
    ];
    const fordi = await granted({ catalog: items });
    await fordi.observe({ verb: 'like', item: 'a' });
    expect((await fordi.recommend()).map(({ item }) => item.id)).toEqual(['b']);
  });

  test('neighbours that lead nowhere are named once, with the first of them, when ids are first looked up', async () => {
    const items = [
      { id: 'a', title: 'A', prior: 1, neighbours: { b: 1, nowhere: 1, gone: 0.5 } },
      { id: 'b', title: 'B', prior: 1, neighbours: { b: 1 } },
    ];
    const fordi = await opened(items);
    expect(fordi.get().catalog).toMatchObject({ items: 2, dropped: 0, problems: [] });
    await fordi.recommend();
    const named = [
      'neighbours: 3 lead to no other item of the catalog, first a → nowhere. Make them for it: npx fordi neighbours --catalog',
    ];
    expect(fordi.get().catalog.problems).toEqual(named);
    await fordi.add([{ id: 'c', title: 'C' }]);
    await fordi.recommend();
    expect(fordi.get().catalog.problems).toEqual(named);
  });

  test('an item that argues for itself is named as such', async () => {
    const fordi = await opened([{ id: 'a', title: 'A', prior: 1, neighbours: { a: 1 } }]);
    await fordi.recommend();
    expect(fordi.get().catalog.problems).toEqual([expect.stringContaining('1 lead to no other item of the catalog, first a → a.')]);
  });

  test('a name for each kind of fault, whatever there is of it, and none of endless ids', async () => {
    const links = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}${'x'.repeat(1e4)}`, 0.5]));
    const fordi = await opened([...Array.from({ length: 50 }, () => ({})), { id: 'a', title: 'A', prior: 1, neighbours: links }]);
    await fordi.recommend();
    const { problems } = fordi.get().catalog;
    expect([problems.length, problems[5]?.includes('300 lead to no other item')]).toEqual([6, true]);
    for (const problem of problems) expect(problem.length).toBeLessThan(300);
  });

  test('neighbours as cards that are not sound are counted and named; those that are sound stay', async () => {
    const cards = [{ id: 'b', title: 'B', weight: 1 }, { id: 'b', title: 'B' }, null, { id: 'b', title: 'B', weight: 2 }];
    const fordi = await opened([
      { id: 'a', title: 'A', neighbours: cards },
      { id: 'b', title: 'B' },
    ]);
    expect(fordi.get().catalog).toMatchObject({
      items: 2,
      dropped: 0,
      problems: ['items[0].neighbours: 3 without id, title or a weight from 0 to 1'],
    });
    expect((await fordi.recommend({ context: 'a' })).map(({ item }) => item.id)).toEqual(['b']);
  });

  test('a shop’s own catalog may link as much as it likes; a page’s links to what the device does not know are no fault', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `n${i}`);
    const neighbours = Object.fromEntries(ids.map((id) => [id, 0.5]));
    const fordi = await granted({ catalog: [{ id: 'a', title: 'A', neighbours }, ...ids.map((id) => ({ id, title: id }))] });
    await fordi.observe({ verb: 'listen', item: { id: 'own', title: 'Own', neighbours: { unknown: 1 } } });
    await fordi.add([{ id: 'more', title: 'More', neighbours: { unknown: 1, more: 1 } }]);
    await fordi.recommend({ context: 'a' });
    expect((await fordi.explain('n299', { context: 'a' })).page).toBeGreaterThan(0);
    expect(fordi.get().catalog.problems).toEqual([]);
  });

  test('a circle is nothing odd: each argues for the next, once', async () => {
    const circle = (...ids: string[]) =>
      ids.map((id, i) => ({ id, title: id, neighbours: { [ids[(i + 1) % ids.length] as string]: 0.5 } }));
    const fordi = await granted({ catalog: [...circle('a', 'b'), ...circle('x', 'y', 'z')] });
    await fordi.observe({ verb: 'like', item: 'a' });
    await fordi.observe({ verb: 'like', item: 'x' });
    expect((await fordi.recommend()).map(({ item }) => item.id).sort()).toEqual(['b', 'y']);
    const [b, y, z] = [await fordi.explain('b'), await fordi.explain('y'), await fordi.explain('z')];
    expect(b.contributions.map(({ signal, share }) => [signal.item, share > 0])).toEqual([
      ['a', true],
      ['x', false],
    ]);
    expect(b.score).toBeCloseTo(b.contributions[0]?.share ?? 0, 6);
    expect(y.score).toBeCloseTo(b.score, 6); // each is asked for at a moment of its own
    expect(z.score).toBe(0);
    expect(fordi.get().catalog.problems).toEqual([]);
  });

  test('a title of a megabyte is clipped by character, and a broken character breaks nothing', async () => {
    const fordi = await opened([
      { id: 'long', title: '😀'.repeat(1_000), prior: 1 },
      { id: 'half', title: 'a\ud800b', prior: 1 },
    ]);
    expect([...(fordi.item('long')?.title ?? '')]).toHaveLength(300);
    expect(fordi.item('long')?.title).toMatch(/^(😀)+$/u);
    expect(await fordi.recommend()).toHaveLength(2);
    await fordi.grant();
    expect(await fordi.observe({ verb: 'like', item: 'long' })).toMatchObject({ kept: true });
    expect(await fordi.evidence()).toHaveLength(1);
  });

  test('the owner’s items are not changed, frozen ones are as good, and later changes to them change nothing', async () => {
    const topics = ['jazz'];
    const items = [Object.freeze({ id: 'a', title: 'A', topics, prior: 0.5 }), Object.freeze({ id: 'b', title: 'B', prior: 0.4 })];
    const before = JSON.stringify(items);
    const fordi = await opened(items);
    await fordi.recommend({ context: 'b' });
    expect(JSON.stringify(items)).toBe(before);
  });

  test('whatever the list holds, every item is in or counted, and every answer is a list', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.anything(), fc.record({ id: fc.string(), title: fc.anything(), topics: fc.anything() }))),
        async (raw) => {
          const fordi = page({ catalog: raw as Item[] });
          await fordi.ready;
          const { items, dropped } = fordi.get().catalog;
          expect(items + dropped).toBe(raw.length);
          expect(await fordi.recommend()).toBeInstanceOf(Array);
          expect(await fordi.shelves({ context: 'x' })).toBeInstanceOf(Array);
          fordi.stop();
        },
      ),
      { numRuns: 500 },
    ),
  );

  test('100 000 items leave the page its turns', { timeout: 60_000 }, async () => {
    const items = Array.from({ length: 100_000 }, (_, i) => ({
      id: `i${i}`,
      title: `Item ${i}`,
      topics: [`t${i % 500}`],
      by: `m${i % 90}`,
    }));
    let turns = 0;
    const fordi = page({ catalog: items });
    let open = true;
    const turn = () => {
      turns++;
      if (open) setTimeout(turn);
    };
    turn();
    await fordi.ready;
    open = false;
    expect(fordi.get().catalog).toMatchObject({ items: 100_000, dropped: 0 });
    expect(turns).toBeGreaterThan(3);
    expect(await fordi.recommend({ context: 'i0' })).toHaveLength(6);
  });
});
