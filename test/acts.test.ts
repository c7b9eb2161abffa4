import type { Item } from 'fordi';
import { expect, test } from 'vitest';
import { granted } from './support/world.js';

// What the visitor did knowingly speaks for itself; what was only watched of the same item adds nothing to it.

const jazz = (id: string): Item => ({ id, title: id.toUpperCase(), topics: ['jazz'] });
const soul = (id: string): Item => ({ id, title: id.toUpperCase(), topics: ['soul'] });
const catalog = [jazz('a'), jazz('b'), jazz('c'), jazz('d'), soul('e'), soul('f')];

const asked = async (first: 'view' | 'listen', then: 'view' | 'listen') => {
  const fordi = await granted({ catalog });
  await fordi.observe({ verb: first, item: 'a' });
  await fordi.observe({ verb: then, item: 'a' });
  return fordi;
};

test.each([
  ['view', 'listen'],
  ['listen', 'view'],
] as const)('%s, then %s: the reason is the listening, and it goes with it', async (first, then) => {
  const fordi = await asked(first, then);
  expect((await fordi.recommend()).map(({ because }) => because?.text)).toEqual(Array(3).fill('Because you listened to A'));
  const { contributions } = await fordi.explain('b');
  expect(contributions.find(({ signal }) => signal.verb === 'view')?.verdict).toMatchObject({ mode: 'none' });
  expect(await fordi.forget({ verb: 'listen', item: 'a' })).toBe(2);
  expect(await fordi.recommend()).toEqual([]);
  expect(await fordi.evidence()).toEqual([]);
});

test('only looking still counts, unnamed', async () => {
  const fordi = await granted({ catalog });
  await fordi.observe({ verb: 'view', item: 'a' });
  expect((await fordi.recommend()).map(({ mode, because }) => [mode, because])).toEqual(Array(3).fill(['implicit', undefined]));
});

test('on its own page an item speaks for itself, whatever was done with it', async () => {
  const fordi = await asked('view', 'listen');
  const picks = await fordi.recommend({ context: 'a' });
  expect(picks.map(({ because }) => because?.text)).toEqual(Array(3).fill('Similar to A'));
});

test('one set of evidence is one reason and one shelf, in whatever order it carries an item', async () => {
  const items: Item[] = [
    { id: 'a', title: 'A', topics: ['x', 'y'] },
    { id: 'b', title: 'B', topics: ['x', 'z'] },
    { id: 'c', title: 'C', topics: { x: 1, y: 0.4 } },
    { id: 'd', title: 'D', topics: { x: 1, z: 0.4 } },
  ];
  const fordi = await granted({ catalog: items });
  await fordi.observe({ verb: 'listen', item: 'a' });
  await fordi.observe({ verb: 'listen', item: 'b' });
  const shelves = await fordi.shelves();
  expect(shelves).toHaveLength(1);
  expect(shelves[0]?.because?.text).toMatch(/^Because you listened to (A and B|B and A)$/);
  expect(shelves[0]?.picks.map(({ item }) => item.id).toSorted()).toEqual(['c', 'd']);
});

test('everything at once is forgotten by name only: a slip of the pen forgets nothing', async () => {
  const fordi = await asked('view', 'listen');
  expect(await fordi.forget({ itm: 'a' } as never)).toBe(0);
  expect(await fordi.forget({})).toBe(0);
  expect(await fordi.forget({ all: true })).toBe(2);
  expect(await fordi.evidence()).toEqual([]);
});
