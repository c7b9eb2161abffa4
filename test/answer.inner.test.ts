import { expect, test } from 'vitest';
import { type Rooms, walk } from '../src/answer.js';
import type { Known } from '../src/ledger.js';

/** Rooms in which nothing changes but what is known. */
const roomsOf = () => {
  const ledger = { known: { records: 1 } as Known };
  const rooms = { gate: {}, ledger, catalog: { index: () => undefined }, idle: new WeakMap() };
  return { ledger, rooms: rooms as unknown as Rooms };
};

test('what an answer was counted in goes with what was known: of the visitor’s taste nothing is left after a withdrawal', async () => {
  const { ledger, rooms } = roomsOf();
  const counted = (numbers = 8) =>
    walk(rooms, function* ({ arena }) {
      const { buffer } = arena.floats(numbers).fill(7);
      yield;
      return buffer;
    });
  await counted();
  const mine = await counted();
  expect(await counted()).toBe(mine); // used again while the same is known
  ledger.known = { records: 0 } as Known;
  const last = await counted(1);
  expect(last).not.toBe(mine);
  expect(await counted(1)).not.toBe(mine);
});

test('what changes under an answer is counted in memory of its own', async () => {
  const { ledger, rooms } = roomsOf();
  const buffers: unknown[] = [];
  const path = function* ({ arena }: { arena: { floats(count: number): Float64Array } }) {
    buffers.push(arena.floats(8).fill(7).buffer);
    if (buffers.length === 3) ledger.known = { records: 0 } as Known;
    yield;
  };
  await walk(rooms, path);
  await walk(rooms, path);
  await walk(rooms, path); // begun anew
  await walk(rooms, path);
  expect(buffers.length).toBe(5);
  expect(buffers[2]).toBe(buffers[1]);
  expect([buffers[1], buffers[2]]).not.toContain(buffers[3]);
  expect([buffers[1], buffers[2]]).not.toContain(buffers[4]);
});
