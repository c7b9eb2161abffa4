import fc from 'fast-check';
import type { Item, Signal } from 'fordi';
import { expect, test } from 'vitest';
import { createArena } from '../src/arena.js';
import { createDrawers } from '../src/drawers.js';
import { leftOf } from '../src/eligible.js';
import { buildIndex, type Index } from '../src/matrix.js';
import {
  askWithout,
  best,
  fill,
  rowOf,
  type Scored,
  score,
  sharesOf,
  strongestOf,
  voicesOf,
  type Weighed,
  type Weighted,
} from '../src/score.js';
import { NOW, times } from './support/chance.js';

// Each shortcut of ranking finds, to the last digit, what the long way round finds.

const RUNS = { numRuns: times(1_000) };
const TOPICS = ['a', 'b', 'c', 'd', 'e', 'f'];
const weight = fc.constantFrom(0.1, 0.3, 1, 0.7123);

const scenes = fc
  .record({
    items: fc.array(
      fc.record({
        topics: fc.dictionary(fc.constantFrom(...TOPICS), weight),
        by: fc.constantFrom(undefined, 'a', 'One', 'Two'),
        prior: fc.constantFrom(0, 0.2, 1),
        since: fc.constantFrom(undefined, NOW, NOW - 4e9),
        links: fc.dictionary(fc.nat(29).map(String), weight, { maxKeys: 3 }),
      }),
      { minLength: 2, maxLength: 30 },
    ),
    linked: fc.boolean(),
    acts: fc.array(
      fc.record({
        verb: fc.constantFrom<Signal['verb']>('listen', 'dismiss', 'declare'),
        item: fc.option(fc.nat(32), { nil: undefined }),
        topic: fc.constantFrom(...TOPICS, 'nowhere'),
        weight: fc.oneof(fc.constantFrom(0, -1, 1), fc.double({ min: -8, max: 8, noNaN: true })),
      }),
      { maxLength: 20 },
    ),
    ranking: fc.record({
      neighbours: fc.constantFrom(0, 1, 3.3),
      topics: fc.constantFrom(0, 1, 2.7),
      prior: fc.constantFrom(0, 0.1),
      fresh: fc.constantFrom(0, 0.05),
      explore: fc.constant(0),
      diversity: fc.constant(0),
    }),
  })
  .map(({ items, linked, acts, ranking }) => {
    const catalog = items.map(({ links, by, since, ...item }, i) => ({
      ...{ id: `i${i}`, title: `I${i}`, ...item },
      ...(by && { by }),
      ...(since && { since }),
      ...(linked && { neighbours: Object.fromEntries(Object.entries(links).map(([to, w]) => [`i${to}`, w])) }),
    }));
    const index = buildIndex(catalog as Item[]);
    const evidence = acts.map(({ verb, item, topic }, at): Weighted => {
      const signal = { verb, weight: -0.5, ...(item === undefined ? { topic } : { item: `i${item}` }) } as Signal;
      return { signal, verdict: { mode: 'explicit', reasons: [] }, row: rowOf(index, signal), at };
    });
    const asked = { size: 3, excluded: new Map(), ranking, now: NOW };
    return {
      index,
      evidence,
      weights: Float64Array.from(evidence, ({ signal, at }) => (leftOf(signal) < 1 ? 0 : (acts[at]?.weight as number))),
      asked,
    };
  });

const weighedOf = (index: Index, evidence: readonly Weighted[], weights: Float64Array): Weighed => ({
  evidence,
  weights,
  voices: voicesOf(index, evidence, weights, createArena()),
});

function scoredOf(index: Index, weighed: Weighed, asked: Scored['asked']): Scored {
  const path = score(index, weighed, asked);
  for (;;) {
    const { done, value } = path.next();
    if (done) return value;
  }
}

test('without some evidence the scores are those of a visitor who never had it, and afterwards those of before', () => {
  fc.assert(
    fc.property(scenes, fc.infiniteStream(fc.boolean()), ({ index, evidence, weights, asked }, coins) => {
      const scored = scoredOf(index, weighedOf(index, evidence, weights), asked);
      const [profile, extras] = [scored.profile.slice(), scored.extras.slice()];
      const gone = evidence.filter(() => coins.next().value);
      const found = new Float64Array(index.items.length);
      askWithout(scored, gone, (parts) => fill(parts, index.every, 0, found.length, found));
      const silent = weights.map((weight, at) => (gone.some((e) => e.at === at) ? 0 : weight));
      expect(found).toEqual(scoredOf(index, weighedOf(index, evidence, silent), asked).scores);
      expect([scored.profile, scored.extras]).toEqual([profile, extras]);
    }),
    RUNS,
  );
});

test('those that add most to a row are the first of what each adds by itself', () => {
  fc.assert(
    fc.property(scenes, fc.integer({ min: 1, max: 9 }), ({ index, evidence, weights, asked }, most) => {
      const scored = scoredOf(index, weighedOf(index, evidence, weights), asked);
      for (const row of index.every) {
        const shares = sharesOf(scored, evidence, row);
        const plainly = best(shares, most).map((at) => ({ e: evidence[at], share: shares[at] }));
        expect(strongestOf(scored, row, most)).toEqual(plainly);
      }
      expect(scored.here.every((x) => x === 0)).toBe(true);
    }),
    RUNS,
  );
});

const losses = fc.constantFrom(0, 0, 0, 0.1, 0.5, 3);

test('the best, looked for from the top, are the best of all; of equals the earlier', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ score: fc.constantFrom(Number.NEGATIVE_INFINITY, -1, 0, 1e-9, 0.5, 1, 1.001, 2, 7), loss: losses }), {
        minLength: 1,
        maxLength: 120,
      }),
      fc.integer({ min: 1, max: 40 }),
      fc.uniqueArray(fc.nat(119), { maxLength: 5 }),
      fc.boolean(),
      (rows, most, risers, all) => {
        const drawers = createDrawers(
          Float64Array.from(rows, ({ score }) => score),
          createArena(),
        );
        const risen = risers.filter((row) => row < rows.length);
        const isOut = (row: number) => rows[row]?.score === Number.NEGATIVE_INFINITY;
        const now = rows.map(({ score, loss }, row) =>
          risen.includes(row) ? 5 + loss : all && row % 3 === 0 ? score + loss : score - loss,
        );
        for (let twice = 0; twice < 2; twice++) {
          const found = drawers.best(
            (some, from, to, worth) => {
              for (const row of some.subarray(from, to)) worth[row] = now[row] as number;
            },
            most,
            risen,
            all,
          );
          const plainly = [...now.keys()]
            .filter((row) => (now[row] as number) > 0 && (risen.includes(row) || !isOut(row)))
            .sort((a, b) => (now[b] as number) - (now[a] as number) || a - b)
            .slice(0, most)
            .sort((a, b) => a - b);
          expect([...found]).toEqual(plainly);
          for (const row of found) expect(drawers.worth[row]).toBe(now[row]);
        }
      },
    ),
    RUNS,
  );
});
