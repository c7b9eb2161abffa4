import fc from 'fast-check';
import type { Evidence, Item, Options, Ranking, Voice } from 'fordi';
import { histories, NOW } from './chance.js';
import { DAY } from './world.js';

// Scenes whose catalog is larger than what a list is chosen from, under every dial of ranking.

const TOPICS = ['jazz', 'folk', 'soul', 'techno', 'divorce', 'blues'];

/** A number in [0, 1) from two, the same for ever. */
const roll = (seed: number, n: number): number => {
  let h = Math.imul(seed ^ 0x9e3779b9, n + 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
};

/** An item of a made-up shop: coarse weights, so that much is equal. */
function made(seed: number, i: number, size: number): Item {
  let n = i * 64;
  const next = () => roll(seed, n++);
  const some = () => [0.1, 0.3, 0.5, 1][Math.floor(next() * 4)] as number;
  const topics = TOPICS.filter(() => next() < 0.3);
  const neighbours = Array.from({ length: Math.floor(next() * 4) }, () => [`item-${Math.floor(next() * size)}`, some()]);
  return {
    id: `item-${i}`,
    title: `The item-${i}`,
    topics: next() < 0.5 ? topics : Object.fromEntries(topics.map((t) => [t, some()])),
    neighbours: Object.fromEntries(neighbours),
    ...(next() < 0.5 && { by: `maker ${Math.floor(next() * 4)}` }),
    ...(next() < 0.4 && { prior: some() }),
    ...(next() < 0.2 && { since: NOW - ([0, 5, 40, 300][Math.floor(next() * 4)] as number) * DAY }),
    ...(next() < 0.05 && { available: false }),
    ...(next() < 0.05 && { until: NOW + (next() - 0.5) * DAY }),
    ...(next() < 0.1 && { replenishDays: 30 }),
  };
}

export interface Wide {
  readonly items: Item[];
  readonly records: Evidence[];
  readonly ranking: Ranking;
  readonly size: number;
  readonly context: string | undefined;
  readonly audience: 'balanced' | 'open';
  readonly voice: Voice | undefined;
}

const dials: fc.Arbitrary<Ranking> = fc.record(
  {
    neighbours: fc.constantFrom(0, 1, 3),
    topics: fc.constantFrom(0, 1, 3),
    prior: fc.constantFrom(0, 0.1, 1, 10),
    fresh: fc.constantFrom(0, 0.05, 1),
    explore: fc.constantFrom(0, 0.05, 0.5, 1),
    diversity: fc.constantFrom(0, 0.2, 0.5, 1),
  },
  { requiredKeys: [] },
);

/** `most` items at the most; a list of one is chosen from 28, of three from 36. */
export const wide = (most: number, sizes: readonly number[]): fc.Arbitrary<Wide> =>
  fc
    .record({
      seed: fc.integer({ min: 1, max: 1e9 }),
      count: fc.integer({ min: 6, max: most }),
      records: histories(14),
      ranking: dials,
      size: fc.constantFrom(...sizes),
      context: fc.constantFrom(undefined, undefined, undefined, 'item-0', 'item-3'),
      audience: fc.constantFrom('balanced', 'balanced', 'open'),
      voice: fc.constantFrom(undefined, undefined, undefined, 'quiet'),
    })
    .map(({ seed, count, ...rest }) => ({ ...rest, items: Array.from({ length: count }, (_, i) => made(seed, i, count)) }));

export const optionsFor = ({ items, ranking, size, audience }: Wide): Partial<Options> => ({
  catalog: items,
  ranking,
  audience,
  slots: { here: { size } },
});
