import fc from 'fast-check';
import type { Item, Options } from 'fordi';
import { type Model, problemOf, withNeighbours } from 'fordi/model';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { page } from './support/world.js';

// A model of neighbours as one file: what is sound is used, what is not changes nothing and says so.

const items = (...ids: string[]): Item[] => ids.map((id) => ({ id, title: id }));
const MODEL: Model = {
  schema: 'fordi.neighbours/1',
  method: 'ease',
  built: '2026-11-20',
  visitors: 1000,
  ids: ['a', 'b', 'c'],
  prior: [255, 128, 0],
  scale: [0.5, 1, 0.25],
  count: [1, 2, 0],
  from: [1, 0, 2],
  weight: [255, 51, 255],
};
/** a ← b 0.5; b ← a 0.2, c 1. */
const LINKS = { a: { b: 0.2 }, b: { a: 0.5 }, c: { b: 1 } };

const said: string[] = [];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  said.length = 0;
  vi.spyOn(console, 'error').mockImplementation((line) => said.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const linksOf = (list: readonly Item[]) =>
  Object.fromEntries(
    list.map(({ id, neighbours }) => [
      id,
      Object.fromEntries(Object.entries(neighbours ?? {}).map(([to, w]) => [to, Math.round(Number(w) * 1e6) / 1e6])),
    ]),
  );

describe('a sound model', () => {
  test('links and popularity, as the format says', () => {
    const list = withNeighbours(items('a', 'b', 'c'), MODEL);
    expect(linksOf(list)).toEqual(LINKS);
    expect(list.map(({ prior }) => prior)).toEqual([1, 128 / 255, 0]);
    expect([problemOf(MODEL), said]).toEqual([undefined, []]);
  });

  test('what it does not know stays; what the shop has not is left out and counted once; the shop’s own prior wins', () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const list = withNeighbours(
      [
        { id: 'x', title: 'X' },
        { id: 'b', title: 'B', prior: 0.3 },
      ],
      MODEL,
    );
    expect(list).toEqual([
      { id: 'x', title: 'X' },
      { id: 'b', title: 'B', prior: 0.3 },
    ]);
    expect([said, warned.mock.calls]).toEqual([[], [['fordi: 2 of the 3 items of the neighbours are not in the catalog.']]]);
  });

  test('nothing given is changed', () => {
    const list = items('a', 'b', 'c').map((item) => Object.freeze(item));
    const before = JSON.stringify([list, MODEL]);
    withNeighbours(Object.freeze(list) as Item[], MODEL);
    expect(JSON.stringify([list, MODEL])).toBe(before);
  });

  test('it decides, with its reason, and popularity without', async () => {
    const catalog = withNeighbours(items('a', 'b', 'c'), MODEL);
    const fordi = page({ catalog, prior: 'popular' });
    expect((await fordi.recommend()).map((p) => [p.item.id, p.because?.text])).toEqual([
      ['a', 'Popular here this week'],
      ['b', 'Popular here this week'],
    ]);
    expect((await fordi.recommend({ context: 'c', limit: 1 }))[0]).toMatchObject({ item: { id: 'b' }, because: { text: 'Similar to c' } });
  });
});

describe('whose word its popularity is', () => {
  const says = async (built: unknown, prior?: Options['prior'], own?: number) => {
    const list = items('a', 'b', 'c').map((item) => (own === undefined ? item : { ...item, prior: own }));
    const catalog = withNeighbours(list, { ...MODEL, built });
    return (await page({ catalog, ...(prior && { prior }) }).recommend({ limit: 1 }))[0]?.because?.text;
  };

  test.each([
    ['of this week, and the shop says so', '2026-11-20', 'popular', 'Popular here this week'],
    ['six days old', '2026-11-14', 'popular', 'Popular here this week'],
    ['nine days old', '2026-11-11', 'popular', 'Popular here'],
    ['years old', '2019-01-01', 'popular', 'Popular here'],
    ['of next year', '2027-11-20', 'popular', 'Popular here'],
    ['of no day', undefined, 'popular', 'Popular here'],
    ['of a day that is none', 'yesterday', 'popular', 'Popular here'],
    ['never the shop’s choice', '2026-11-20', undefined, 'Popular here'],
    ['nor new by itself', '2026-11-20', 'new', 'Popular here'],
  ] as const)('%s', async (_, built, prior, expected) => expect(await says(built, prior)).toBe(expected));

  test('the shop’s own prior keeps the shop’s own word', async () => {
    expect(await says('2019-01-01', 'popular', 1)).toBe('Popular here this week');
    expect(await says('2026-11-20', undefined, 1)).toBe('Picked by Grooves');
  });
});

describe('odd and sound: nothing is used that is not so', () => {
  const twist = (more: Partial<Record<keyof Model, unknown>>) => ({ ...MODEL, ...more }) as unknown;
  const cases: [string, unknown, string[], Record<string, Record<string, number>>][] = [
    ['of ids the shop has not', MODEL, ['b'], { b: {} }],
    ['above one', twist({ scale: [9, 1, 1] }), ['a', 'b', 'c'], { a: { b: 0.2 }, b: { a: 1 }, c: { b: 1 } }],
    ['under names every object has', twist({ ids: ['__proto__', 'constructor', 'c'] }), ['x', 'c'], { x: {}, c: {} }],
  ];

  test.each(cases)('%s', (_, model, ids, expected) => {
    expect(linksOf(withNeighbours(items(...ids), model))).toEqual(expected);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(said).toEqual([]);
  });

  test('without an item there is nothing to say', () => {
    expect([
      withNeighbours([], MODEL),
      withNeighbours([], twist({ ids: [], prior: [], scale: [], count: [], from: [], weight: [] })),
      said,
    ]).toEqual([[], [], []]);
  });
});

describe('a model that is not sound changes nothing, and the console says why', () => {
  const { weight: _, ...cut } = MODEL;
  const bad: [string, unknown, RegExp][] = [
    ['nothing', undefined, /schema is undefined/],
    ['null', null, /schema is undefined/],
    ['a text', 'a,b,0.5', /schema/],
    ['HTML', '<!doctype html>', /schema/],
    ['a list', [], /schema/],
    ['another version', { ...MODEL, schema: 'fordi.neighbours/2' }, /fordi\.neighbours\/2, expected fordi\.neighbours\/1.*build/],
    ['an endless version', { ...MODEL, schema: 'x'.repeat(1e5) }, /^.{1,240}$/],
    ['cut off', cut, /weight is missing: the file is cut off/],
    ['a column that is none', { ...MODEL, from: {} }, /from is missing/],
    ['lists of other lengths', { ...MODEL, prior: [1] }, /3 ids, but lists of other lengths/],
    ['fewer links than counted', { ...MODEL, weight: [1] }, /3 links are counted, 3 and 1 are there/],
    ['more links than counted', { ...MODEL, count: [1, 0, 0] }, /1 links are counted/],
    ['no number', { ...MODEL, weight: [1, Number.NaN, 1] }, /number/],
    ['null, as NaN is written', JSON.parse(JSON.stringify({ ...MODEL, scale: [Number.NaN, 1, 1] })), /number/],
    ['an endless number', { ...MODEL, scale: [Number.POSITIVE_INFINITY, 1, 1] }, /number/],
    ['a negative number', { ...MODEL, prior: [-1, 1, 1] }, /number/],
    ['numbers in words', { ...MODEL, count: ['1', '2', '0'] }, /links|number/],
    ['a place in between', { ...MODEL, from: [0.5, 0, 2] }, /./],
    ['parts of a link', { ...MODEL, count: [0.5, 1.5, 1] }, /./],
    ['ids that are none', { ...MODEL, ids: [1, null, {}] }, /./],
    ['of itself', { ...MODEL, from: [0, 0, 2] }, /place 0 of 3 argues for place 0, expected another and one that is there.*build it anew/],
    ['from nowhere', { ...MODEL, from: [99, 0, 2] }, /place 99 of 3 argues for place 0/],
    ['numbers too big for numbers', { ...MODEL, count: [1n, 2n, 0n] }, /./],
  ];

  test.each(bad)('%s', (_, model, says) => {
    const list = items('a', 'b', 'c');
    expect(withNeighbours(list, model)).toEqual(list);
    expect(said).toEqual([expect.stringMatching(says)]);
    expect(problemOf(model)).toMatch(says);
  });

  test('of another shop', () => {
    const list = items('x', `y${'!'.repeat(1e4)}`);
    expect(withNeighbours(list, MODEL)).toEqual(list);
    expect(said).toEqual([
      'fordi: neighbours not used: none of its 3 ids is in the catalog (it has "a", the catalog "x"): build it from the orders of these items.',
    ]);
  });

  test('a shop’s list with a hole in it is a list with a hole in it', () => {
    const list = [null, { id: 'b', title: 'B' }, 7, undefined] as never;
    expect(withNeighbours(list, MODEL)).toHaveLength(4);
    expect(withNeighbours(list, undefined)).toHaveLength(4);
  });
});

const models = fc
  .integer({ min: 1, max: 12 })
  .chain((n) =>
    fc.record({
      n: fc.constant(n),
      sources: fc.array(fc.uniqueArray(fc.nat(n - 1), { maxLength: 4 }), { minLength: n, maxLength: n }),
      weights: fc.array(fc.integer({ min: 1, max: 255 }), { minLength: 4 * n, maxLength: 4 * n }),
      prior: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: n, maxLength: n }),
      scale: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: n, maxLength: n }),
    }),
  )
  .map(({ n, sources, weights, prior, scale }) => {
    const sorted = sources.map((list, to) => list.filter((x) => x !== to).sort((a, b) => a - b));
    const from = sorted.flatMap((list) => list.map((x, i) => x - (list[i - 1] ?? 0)));
    const ids = Array.from({ length: n }, (_, i) => `id ${i}`);
    const count = sorted.map(({ length }) => length);
    const model: Model = { ...MODEL, ids, prior, scale, count, from, weight: weights.slice(0, from.length) };
    return { model, sorted };
  });

test('every link that was written is read, with its weight, and no other', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(models, ({ model, sorted }) => {
      const list = withNeighbours(items(...model.ids), model);
      let at = 0;
      const expected = Object.fromEntries(model.ids.map((id) => [id, {} as Record<string, number>]));
      for (const [to, sources] of sorted.entries())
        for (const source of sources) {
          const weight = Math.min(1, ((model.scale[to] as number) * (model.weight[at++] as number)) / 255);
          (expected[`id ${source}`] as Record<string, number>)[`id ${to}`] = Math.round(weight * 1e6) / 1e6;
        }
      expect(linksOf(list)).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('a file cut off anywhere is refused, or whole', { timeout: 60_000 }, () => {
  const whole = JSON.stringify(MODEL);
  for (let length = 0; length < whole.length; length++) {
    let model: unknown;
    try {
      model = JSON.parse(whole.slice(0, length));
    } catch {
      continue; // a fetch that ends early says so itself
    }
    expect(problemOf(model)).toBeTypeOf('string');
  }
  fc.assert(
    fc.property(models, fc.constantFrom('ids', 'prior', 'scale', 'count', 'from', 'weight'), fc.nat(12), ({ model }, name, keep) => {
      const list = model[name] as readonly unknown[];
      const cut = { ...model, [name]: list.slice(0, keep) };
      if (keep < list.length) expect(problemOf(cut)).toBeTypeOf('string');
      else expect(problemOf(cut)).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

test.each([{ schema: { toString: '' } }, { count: [Symbol('x')] }, { count: [{ toString: '' }] }])(
  'what cannot even be looked at: %o',
  (broken) => {
    const model = { schema: 'fordi.neighbours/1', ids: ['a'], prior: [0], scale: [0], count: [0], from: [], weight: [], ...broken };
    expect(problemOf(model)).toContain('build it anew');
    expect(withNeighbours([{ id: {} as never, title: 'A' }], { ...model, schema: 'fordi.neighbours/1', count: [0] })).toHaveLength(1);
  },
);

test('whatever is handed over, the items come back, and their weights are between 0 and 1', { timeout: 60_000 }, () => {
  const value = fc.oneof(fc.anything(), fc.double(), fc.array(fc.oneof(fc.double(), fc.anything())));
  const column = fc.constantFrom('schema', 'ids', 'prior', 'scale', 'count', 'from', 'weight');
  fc.assert(
    fc.property(models, column, value, fc.boolean(), ({ model }, name, x, all) => {
      const list = items(...model.ids);
      const out = withNeighbours(list, all ? x : { ...model, [name]: x });
      expect(out.map(({ id }) => id)).toEqual(model.ids);
      for (const { prior = 0, neighbours = {} } of out)
        for (const w of [prior, ...Object.values(neighbours as Record<string, number>)]) expect([w, w >= 0 && w <= 1]).toEqual([w, true]);
    }),
    { numRuns: 1_000 },
  );
});
