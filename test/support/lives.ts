import fc from 'fast-check';
import { type Event, type Evidence, type Fordi, type Item, type Options, type Provenance, VERBS, type Verb, type Voice } from 'fordi';
import { histories, NOW } from './chance.js';
import { optionsFor, type Wide, wide } from './wide.js';
import { DAY } from './world.js';

// What may happen to one page that stays open for long: acts, words, doubts, time in both directions, and questions in between.

export interface Question {
  readonly how: 'recommend' | 'shelves' | 'explain' | 'choose';
  readonly slot: 'here' | 'seen';
  readonly context: string | undefined;
  readonly limit: number | undefined;
  readonly id: string;
}

export type Step =
  /** Asked at once, and again each time that so much has passed. */
  | { readonly ask: Question; readonly again: readonly number[] }
  | { readonly act: Event }
  | { readonly pass: number }
  | { readonly forget: { readonly item?: string; readonly topic?: string; readonly all?: boolean } }
  | { readonly voice: Voice }
  | { readonly pause: boolean }
  | { readonly object: readonly [Provenance, boolean] }
  | { readonly show: Question }
  | { readonly add: Item }
  | { readonly renew: true };

export interface Life {
  readonly scene: Wide;
  readonly more: Partial<Options>;
  readonly steps: readonly Step[];
}

const TOPICS = ['jazz', 'folk', 'soul', 'techno', 'divorce', 'blues'];
const id = fc.integer({ min: 0, max: 13 }).map((i) => `item-${i}`);
const topic = fc.constantFrom(...TOPICS);
const verbs = Object.keys(VERBS).filter((verb) => verb !== 'correct') as Verb[];
const HOUR = DAY / 24;

const question = fc.record({
  how: fc.constantFrom<Question['how']>('recommend', 'recommend', 'shelves', 'explain', 'explain', 'explain', 'choose'),
  slot: fc.constantFrom<Question['slot']>('here', 'here', 'seen'),
  context: fc.constantFrom(undefined, undefined, 'item-0', 'item-3'),
  limit: fc.constantFrom(undefined, undefined, 1, 4),
  id,
});

const event = fc
  .record({
    verb: fc.constantFrom(...verbs, 'listen', 'view', 'view', 'too-personal', 'declare'),
    of: fc.option(id),
    topic,
    until: fc.constantFrom(undefined, undefined, undefined, NOW + HOUR, NOW + 2 * DAY),
    value: fc.constantFrom(-1, -0.5, 0.5, 1),
  })
  .map(({ verb, of, topic, until, value }) => ({
    verb,
    ...(of === null || verb === 'declare' ? { topic } : { item: of }),
    ...(until !== undefined && { until }),
    ...(/rate|declare/.test(verb) && { value }),
  })) as fc.Arbitrary<Event>;

/** Around every edge that time has: a visit, a day, what rests, what is due again, what is no longer remembered. */
const span = fc.constantFrom(0, 1, 60_000, HOUR / 2, HOUR / 2 + 1, HOUR, DAY, DAY, 2 * DAY, 3 * DAY, 10 * DAY, -1, -HOUR, -DAY, -3 * DAY);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ ask: question, again: fc.array(span, { maxLength: 4 }) }) },
  { weight: 5, arbitrary: fc.record({ act: event }) },
  { weight: 4, arbitrary: fc.record({ pass: span }) },
  { weight: 1, arbitrary: fc.record({ forget: fc.oneof(fc.record({ item: id }), fc.record({ topic }), fc.constant({ all: true })) }) },
  { weight: 1, arbitrary: fc.record({ voice: fc.constantFrom<Voice>('off', 'quiet', 'explained') }) },
  { weight: 1, arbitrary: fc.record({ pause: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ object: fc.tuple(fc.constantFrom<Provenance>('passive', 'engaged', 'declared'), fc.boolean()) }),
  },
  { weight: 2, arbitrary: fc.record({ show: question }) },
  {
    weight: 3,
    arbitrary: fc.record({
      add: fc
        .record({ id, topics: fc.uniqueArray(topic, { maxLength: 3 }) })
        .map(({ id, topics }) => ({ id: `new-${id}`, title: `New ${id}`, topics, neighbours: { 'item-1': 0.5 } })),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ renew: true } as const) },
);

const more: fc.Arbitrary<Partial<Options>> = fc
  .record({
    fatigue: fc.record({ shows: fc.constantFrom(1, 2, 4), told: fc.constantFrom(1, 2), days: fc.constantFrom(1, 3, 14) }),
    namedDays: fc.constantFrom(2, 30, 90),
    paused: fc.constantFrom([], [], ['soul'], [{ what: 'jazz', from: NOW + HOUR, until: NOW + DAY }, 'item-2']),
    audience: fc.constantFrom(undefined, undefined, undefined, 'cautious' as const),
    /** Where the shop does not decide, the evidence does. */
    prior: fc.constantFrom(undefined, 0, 0, 0.01),
  })
  .map(({ audience, prior, ...rest }) => ({
    ...rest,
    ...(audience && { audience }),
    ...(prior !== undefined && { ranking: { prior, fresh: prior } }),
  }));

const lives = (most: number, sizes: readonly number[]): fc.Arbitrary<Life> =>
  fc
    .record({
      scene: wide(most, sizes),
      other: fc.oneof(fc.constant(null), histories(60), histories(2), histories(2)),
      more,
      steps: fc.array(step, { minLength: 4, maxLength: 14 }),
    })
    .map(({ scene, other, ...rest }) => ({ ...rest, scene: { ...scene, records: other ?? scene.records } }));

export const LIVES: fc.Arbitrary<Life> = fc.oneof(
  { weight: 3, arbitrary: lives(16, [1, 2, 3, 6]) },
  { weight: 2, arbitrary: lives(60, [2, 6]) },
);

/** One item that is delicate, beside the others. */
const DELICATE: Item = { id: 'item-delicate', title: 'Of cancer', topics: ['cancer', 'jazz'] };

export const optionsOf = ({ scene, more }: Life): Partial<Options> => ({
  ...optionsFor(scene),
  catalog: [...scene.items, DELICATE],
  notice: { version: '1', keeps: verbs, days: 182 },
  slots: { here: { size: scene.size }, seen: { size: scene.size + 1, visibility: 'public' } },
  ...more,
  ranking: { ...scene.ranking, ...more.ranking },
});

export const recordsOf = ({ scene }: Life): readonly Evidence[] => scene.records;

const VARIANTS = [
  { id: 'plain' },
  { id: 'jazz', topics: ['jazz'] },
  { id: 'back', topics: ['folk', 'soul'], audience: 'returning' as const },
  { id: 'by', topics: ['techno'], context: ['jazz', 'item-0'] },
];

/** The answer to one question, whole. */
export async function answerTo(fordi: Fordi, { how, slot, context, limit, id }: Question): Promise<unknown> {
  const request = { slot, ...(context !== undefined && { context }), ...(limit !== undefined && { limit }) };
  if (how === 'recommend') return fordi.recommend(request);
  if (how === 'shelves') return fordi.shelves(request);
  if (how === 'choose')
    return [await fordi.choose(slot, VARIANTS, request), await fordi.explain('jazz', { ...request, variants: VARIANTS })];
  return fordi.explain(id, request);
}

/** Everything but the questions. `pass` moves the clock. */
export async function take(fordi: Fordi, step: Exclude<Step, { readonly again: unknown }>, pass: (ms: number) => void): Promise<unknown> {
  if ('act' in step) return fordi.observe(step.act);
  if ('pass' in step) return pass(step.pass);
  if ('forget' in step) return fordi.forget(step.forget);
  if ('voice' in step) return fordi.setVoice(step.voice);
  if ('pause' in step) return fordi.pause(step.pause);
  if ('object' in step) return fordi.object(...step.object);
  if ('add' in step) return fordi.add([step.add]);
  if ('show' in step) return fordi.shown([...(await fordi.recommend({ slot: step.show.slot })), await fordi.choose('here', VARIANTS)]);
  await fordi.withdraw();
  return fordi.grant(['personalization'], { via: 'notice' });
}
