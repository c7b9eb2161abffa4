import fc from 'fast-check';
import type { Evidence, Fordi, Item } from 'fordi';
import { beforeEach, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import { answerTo, LIVES, type Life, optionsOf, type Question, type Step, take } from './support/lives.js';
import { closeAll, DAY, deaf, freshDevice, lived } from './support/world.js';

// Answers that are under way at the same time, with a pause at each step, while the visitor goes on: they share memory, and must not show it.

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

type Act = Exclude<Step, { again: unknown }>;
const isAct = (step: Step): step is Act => !('ask' in step || 'show' in step || 'pass' in step);
const stand = () => {};

/** Without the records of a trace: they are read from the disk, which knows of an act a little before the page does. */
const plain = (answer: unknown) =>
  JSON.stringify(answer, (name, value) => (name === 'evidence' && (value as Evidence[])[0]?.id !== undefined ? [] : value));

/** What is asked of blocks is two answers, each of its own moment. */
const partsOf = (how: Question['how'], answer: unknown) => (how === 'choose' ? (answer as unknown[]) : [answer]).map(plain);

async function begun({ scene, ...life }: Life): Promise<Fordi> {
  closeAll();
  freshDevice();
  await lived(scene.records, { epoch: NOW - 140 * DAY, voice: scene.voice });
  return opened({ scene, ...life });
}

async function opened(life: Life, added: readonly Item[] = []): Promise<Fordi> {
  const fordi = deaf(optionsOf(life));
  await fordi.ready;
  if (added.length) await fordi.add(added);
  return fordi;
}

/** What a page just opened says to each question, at first and after each act, by part. */
async function saidBy(life: Life, questions: readonly Question[], acts: readonly Act[]): Promise<string[][][]> {
  const open = await begun(life);
  const added: Item[] = [];
  const said: string[][][] = questions.map(() => []);
  const ask = async () => {
    const fresh = await opened(life, added);
    for (const [i, question] of questions.entries()) said[i]?.push(partsOf(question.how, await answerTo(fresh, question)));
    fresh.stop();
  };
  await ask();
  for (const act of acts) {
    if ('add' in act) added.push(act.add);
    if ('renew' in act) {
      await open.withdraw();
      await ask();
      await open.grant(['personalization'], { via: 'notice' });
    } else await take(open, act, stand);
    await ask();
  }
  return said;
}

test('answers under way at once, with acts between them, are each what a page just opened would say', { timeout: 600_000 }, async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(LIVES, fc.infiniteStream(fc.nat(12)), async (life, waits) => {
      const questions = life.steps.flatMap((step) => ('ask' in step ? [step.ask, step.ask] : []));
      const acts = life.steps.filter(isAct).slice(0, 3);
      const said = await saidBy(life, questions, acts);
      const open = await begun(life);
      const now = performance.now.bind(performance);
      let late = 0;
      const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 20 * late++); // a pause is always due
      const wait = async () => {
        for (let turns = waits.next().value as number; turns > 0; turns--) await new Promise(setImmediate);
      };
      const act = async () => {
        for (const one of acts) {
          await wait();
          await take(open, one, stand);
        }
      };
      const acting = act();
      const answers: Promise<unknown>[] = [];
      for (const question of questions) {
        answers.push(answerTo(open, question));
        if (((waits.next().value as number) & 1) === 0) await wait();
      }
      const got = await Promise.all(answers);
      await acting;
      clock.mockRestore();
      for (const [i, question] of questions.entries())
        for (const [part, answer] of partsOf(question.how, got[i]).entries()) {
          expect(
            said[i]?.map((parts) => parts[part]),
            JSON.stringify([question, acts]),
          ).toContain(answer);
          asked++;
        }
      for (const [i, question] of questions.entries())
        expect(partsOf(question.how, await answerTo(open, question)), JSON.stringify(question)).toEqual(said[i]?.at(-1));
    }),
    { numRuns: times(300) },
  );
  expect(asked).toBeGreaterThan(times(300));
});
