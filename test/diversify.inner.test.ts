import fc from 'fast-check';
import type { Item } from 'fordi';
import { describe, expect, test } from 'vitest';
import { createArena } from '../src/arena.js';
import { chance, choose, type Field, fieldOf, type Ground, NEAR, share } from '../src/diversify.js';
import { buildIndex, dot, spread } from '../src/matrix.js';
import { page } from './support/world.js';

// One list out of many: likeness costs, no maker too often, and of equals the shop's order decides.

const item = (i: number, more: Partial<Item> = {}): Item => ({ id: `i${i}`, title: `I${i}`, ...more });
const list = async (catalog: Item[], diversity: number, limit = 6) =>
  (await page({ catalog, ranking: { diversity } }).recommend({ limit })).map(({ item: { id } }) => id);

function fieldWith(ground: Ground, rows: Iterable<number>): Field {
  const field = fieldOf(ground);
  for (const row of rows) field.placeOf(row);
  return field;
}

const fields = fc
  .record({
    items: fc.array(
      fc.record({
        topics: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
        by: fc.constantFrom('One', 'Two', 'Three', undefined),
        score: fc.constantFrom(0, 1e-10, 0.1, 0.1, 0.2, 0.5, 1, -0.5),
      }),
      { minLength: 1, maxLength: 20 },
    ),
    diversity: fc.constantFrom(0, 0.2, 0.5, 1, 10),
    explore: fc.constantFrom(0, 0.05, 1),
    size: fc.integer({ min: 0, max: 14 }),
    seed: fc.integer(),
  })
  .map(({ items, diversity, explore, size, seed }) => {
    const index = buildIndex(items.map(({ topics, by }, i) => item(i, { topics, ...(by !== undefined && { by }) })));
    const scores = Float64Array.from(items, ({ score }) => score);
    const ground: Ground = { index, scores, arena: createArena(), diversity, lift: (row) => 1 + explore * chance(seed, `i${row}`) };
    return { ground, field: fieldWith(ground, index.items.keys()), size, explore };
  });

/** The same rule, written down plainly: at each turn look at everybody. */
function plainly({ index, scores, diversity, lift }: Ground, size: number): number[] {
  const appeal = index.items.map((_, row) => (scores[row] as number) * lift(row));
  const cost = diversity * Math.max(0, ...appeal);
  const vectors = index.items.map((_, row) => {
    const over = new Float64Array(index.columns.size);
    spread(index, row, 1, over);
    return over;
  });
  const like = (a: number, b: number) => Math.fround(dot(index, b, vectors[a] as Float64Array));
  const list: number[] = [];
  const makerOf = (row: number) => index.items[row]?.by;
  const isFree = (row: number) => {
    const had = list.filter((other) => makerOf(other) === makerOf(row)).length;
    return (appeal[row] as number) > NEAR && !list.includes(row) && (makerOf(row) === undefined || had < share(size));
  };
  while (list.length < size) {
    const worth = (row: number) => (appeal[row] as number) - cost * Math.max(0, ...list.map((other) => like(other, row)));
    const free = [...index.items.keys()].filter(isFree);
    const most = Math.max(...free.map(worth));
    const best = free.find((row) => worth(row) >= most - NEAR);
    if (best === undefined) break;
    list.push(best);
  }
  return list;
}

describe('whatever the field', { timeout: 60_000 }, () => {
  test('it chooses what looking at everybody at each turn would choose', () => {
    fc.assert(
      fc.property(fields, ({ ground, field, size }) => {
        const held = plainly(ground, size);
        const { places, values } = choose(field, ground.scores, size, field.rows);
        // Where nobody else is left, those of one maker may follow.
        expect(places.slice(0, held.length)).toEqual(held);
        expect([new Set(places).size, places.length <= size, values.every(Number.isFinite)]).toEqual([places.length, true, true]);
      }),
      { numRuns: 1_500 },
    );
  });

  test('and with less, as asked about when something is taken away', () => {
    fc.assert(
      fc.property(fields, fc.array(fc.constantFrom(0, 0, 0.05, 0.1, 0.4)), ({ ground, field, size }, losses) => {
        const left = ground.scores.map((score, i) => score - (losses[i] ?? 0));
        const held = plainly({ ...ground, scores: left }, size);
        expect(choose(field, left, size, field.rows).places.slice(0, held.length)).toEqual(held);
      }),
      { numRuns: 1_500 },
    );
  });

  test('asked twice, it answers the same: nothing is left over in the room', () => {
    fc.assert(
      fc.property(fields, ({ field, size }) => {
        const ask = () => choose(field, field.scores, size, field.rows);
        const first = ask();
        const less = field.scores.map((x) => x - 0.3);
        choose(field, less, size, [0]);
        choose(field, less, 1, field.rows);
        expect(ask()).toEqual(first);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of some of them it chooses as if there were no others, and no further than asked', () => {
    fc.assert(
      fc.property(fields, fc.infiniteStream(fc.boolean()), ({ ground, field, size }, coins) => {
        const some = field.rows.filter(() => coins.next().value);
        const alone = fieldWith(ground, some);
        const ids = (of: Field, until?: number) => choose(of, ground.scores, size, some, until).places.map((place) => of.rows[place]);
        const whole = ids(alone);
        expect(ids(field)).toEqual(whole);
        for (const until of some) expect(ids(field, until)).toEqual(whole.slice(0, whole.indexOf(until) + 1 || size));
      }),
      { numRuns: 1_000 },
    );
  });
});

test('chance is even, in [0, 1), and differs by seed and by id', () => {
  const all = Array.from({ length: 20_000 }, (_, i) => chance(i % 7, `item-${i}`));
  expect(all.every((x) => x >= 0 && x < 1)).toBe(true);
  const tenths = Array.from({ length: 10 }, (_, t) => all.filter((x) => Math.floor(x * 10) === t).length);
  for (const n of tenths) expect(Math.abs(n - 2_000)).toBeLessThan(200);
  const pairs = Array.from({ length: 5_000 }, (_, i) => [chance(i, 'a'), chance(i + 1, 'a')] as const);
  const mean = (of: number[]) => of.reduce((a, b) => a + b, 0) / of.length;
  const together = mean(pairs.map(([a, b]) => (a - 0.5) * (b - 0.5))) * 12; // 1 = the same, 0 = nothing in common
  expect(Math.abs(together)).toBeLessThan(0.06);
  for (const seed of [0, -1, 1.8e12, Number.MAX_SAFE_INTEGER, Number.NaN]) expect(chance(seed, '')).toBeLessThan(1);
});

describe('in a list', () => {
  const jazz = Array.from({ length: 8 }, (_, i) => item(i, { topics: ['jazz', 'modal'], prior: 0.9 - i / 100 }));
  const folk = Array.from({ length: 3 }, (_, i) => item(100 + i, { topics: ['folk'], prior: 0.8 - i / 100 }));

  test('likeness costs: a second topic comes in; at no cost it is the order of scores', async () => {
    expect(await list([...jazz, ...folk], 0)).toEqual(['i0', 'i1', 'i2', 'i3', 'i4', 'i5']);
    const mixed = await list([...jazz, ...folk], 0.2);
    expect(mixed.slice(0, 2)).toEqual(['i0', 'i100']);
  });

  test('equals go by the shop’s order, wherever they stand', async () => {
    const same = [7, 3, 9, 1].map((i) => item(i, { prior: 0.5 }));
    for (const diversity of [0, 0.2, 1]) expect(await list(same, diversity)).toEqual(['i7', 'i3', 'i9', 'i1']);
  });

  test.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [6, 2],
    [7, 3],
    [12, 4],
  ])('of %d no maker has more than %d', async (limit, most) => {
    const catalog = Array.from({ length: 60 }, (_, i) => item(i, { by: i < 10 ? 'One' : `M${i}`, prior: 1 - i / 100 }));
    for (const diversity of [0, 0.2]) {
      const chosen = await list(catalog, diversity, limit);
      expect([chosen.length, chosen.filter((id) => Number(id.slice(1)) < 10).length <= most]).toEqual([limit, true]);
    }
  });

  test('a maker of sixty does not empty the list', async () => {
    const many = Array.from({ length: 60 }, (_, i) => item(i, { by: 'One', prior: 1 }));
    const others = Array.from({ length: 20 }, (_, i) => item(100 + i, { by: `M${i}`, prior: 0.5 }));
    const chosen = await list([...many, ...others], 0.2);
    expect([chosen.length, chosen.filter((id) => Number(id.slice(1)) < 100).length <= 2]).toEqual([6, true]);
  });

  test('where there is nobody else, one maker may fill the list', async () => {
    const catalog = Array.from({ length: 10 }, (_, i) => item(i, { by: 'Us', prior: 1 }));
    expect(await list(catalog, 0.2)).toHaveLength(6);
  });
});
