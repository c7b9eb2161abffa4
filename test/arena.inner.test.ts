import { expect, test } from 'vitest';
import { createArena } from '../src/arena.js';

test('what was taken is empty, and nobody else’s; what is taken after it was cleared is what was taken before, and empty again', () => {
  const arena = createArena();
  const sizes = [3, 1, 5];
  const take = () => sizes.flatMap((size) => [arena.floats(size), arena.words(size), arena.ints(size)]);
  for (let answer = 0; answer < 3; answer++) {
    const taken = take();
    expect(taken.map(({ length }) => length)).toEqual(sizes.flatMap((size) => [size, size, size]));
    for (const numbers of taken) expect([...numbers].every((x) => x === 0)).toBe(true);
    for (const [i, numbers] of taken.entries()) numbers.fill(i + 1);
    for (const [i, numbers] of taken.entries()) expect([...numbers].every((x) => x === i + 1)).toBe(true);
    arena.clear();
  }
  expect(new Set(take().map(({ buffer }) => buffer)).size).toBe(1);
});

test('one that needs a little more than the last has its memory all the same', () => {
  const arena = createArena();
  arena.floats(1_000);
  arena.clear();
  const { buffer } = arena.floats(1_000);
  arena.clear();
  expect(arena.floats(1_200).buffer).toBe(buffer);
  expect(arena.floats(1_200).buffer).not.toBe(buffer);
});
