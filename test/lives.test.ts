import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import { answerTo, LIVES, type Life, optionsOf, take } from './support/lives.js';
import { closeAll, DAY, deaf, freshDevice, lived } from './support/world.js';

// What an open page remembers of its last answer must never show: it answers as one that has just been opened.

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

/** Never so far that the permission runs out, or records are past their time: a page that opens then clears them away. */
const pass = (ms: number) => vi.setSystemTime(Math.min(NOW + 20 * DAY, Math.max(NOW - 20 * DAY, Date.now() + ms)));

/** Lives it on a page that stays open, and holds each answer against that of a page opened for it. */
async function held(life: Life): Promise<number> {
  let asked = 0;
  const options = optionsOf(life);
  vi.setSystemTime(NOW);
  freshDevice();
  await lived(life.scene.records, { epoch: NOW - 140 * DAY, voice: life.scene.voice });
  const open = deaf(options);
  await open.ready;
  const added = [];
  for (const step of life.steps) {
    if (!('ask' in step)) {
      if ('add' in step) added.push(step.add);
      await take(open, step, pass);
      continue;
    }
    for (const ms of [0, ...step.again]) {
      pass(ms);
      const answer = await answerTo(open, step.ask);
      const fresh = deaf(options);
      await fresh.ready;
      if (added.length) await fresh.add(added);
      expect(answer, JSON.stringify(step.ask)).toEqual(await answerTo(fresh, step.ask));
      fresh.stop();
      asked++;
    }
  }
  closeAll();
  return asked;
}

test('after whatever was done, said and forgotten, in whatever time, it answers as a page just opened', { timeout: 600_000 }, async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(LIVES, async (life) => {
      asked += await held(life);
    }),
    { numRuns: times(1_000) },
  );
  expect(asked).toBeGreaterThan(times(1_000));
});
