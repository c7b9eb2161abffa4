import fc from 'fast-check';
import type { Evidence, Fordi, Item, Options, Pick, Verb } from 'fordi';
import { beforeEach, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import { answerTo, LIVES, type Life, optionsOf, type Step, take } from './support/lives.js';
import { ALL_VERBS, closeAll, DAY, deaf, freshDevice, lived, recordsOnDisk } from './support/world.js';

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

// Each thing that changes an answer by itself, with nothing else about that would have it judged anew.

const HOUR = DAY / 24;
const record = (verb: Verb, item: string, age: number, more: Partial<Evidence> = {}): Evidence => ({
  ...{ id: `${verb} ${item} ${age}`, verb, item, title: item, provenance: 'engaged', sensitivity: 'ordinary', at: NOW - age, notice: '1' },
  ...more,
});
const shown = (age: number, verb: 'shown' | 'told' = 'shown') =>
  [0, 1, 2, 3].map((n) => record(verb, 'b', age + n * DAY, { id: `${n}`, provenance: 'passive' }));
const played = record('listen', 'a', 5 * DAY);
const looked = record('view', 'a', 5 * DAY, { provenance: 'passive' });
const later = (pass: number): Step => ({ pass });

const EDGES: readonly (readonly [what: string, records: readonly Evidence[], step: Step])[] = [
  ['a visit ends, and what was shown in it rests', [played, ...shown(0)], later(HOUR)],
  ['what was tired returns', [played, ...shown(14 * DAY - HOUR)], later(2 * HOUR)],
  ['what is owned is due again', [record('purchase', 'due', 30 * DAY - HOUR, { provenance: 'transactional' })], later(2 * HOUR)],
  ['what is old is named no more', [record('listen', 'a', 90 * DAY - HOUR)], later(2 * HOUR)],
  ['evidence is past its until', [record('save', 'a', DAY, { until: NOW + HOUR })], later(2 * HOUR)],
  ['an item is over', [played], later(31 * HOUR)],
  ['the owner pauses an item', [played], later(21 * HOUR)],
  ['the permission runs out', [record('like', 'a', 100 * DAY, { provenance: 'declared' })], later(43 * DAY)],
  ['the clock goes back', [record('save', 'a', 0, { until: NOW - HOUR })], later(-2 * HOUR)],
  ['the visitor objects', [looked], { object: ['passive', true] }],
  ['the visitor pauses', [played], { pause: true }],
  ['the visitor wants no names', [played], { voice: 'quiet' }],
  ['an act', [played], { act: { verb: 'purchase', item: 'b' } }],
  ['a record is gone', [played, looked], { forget: { item: 'a' } }],
  ['the page brings an item', [played], { add: { id: 'new', title: 'New', topics: ['jazz'] } }],
];

test.each(EDGES)('%s: the next answer is another, and the same as that of a page just opened', async (_, records, step) => {
  const options = {
    ...{ ranking: { prior: 0 }, notice: { version: '1', keeps: ALL_VERBS, days: 182 } },
    catalog: [
      ...['a', 'b', 'c'].map((id) => ({ id, title: id, topics: ['jazz'], prior: 0.5 })),
      { id: 'due', title: 'due', topics: ['jazz'], replenishDays: 30 },
      { id: 'over', title: 'over', topics: ['jazz'], until: NOW + 30 * HOUR },
    ],
    paused: [{ what: 'c', from: NOW + 20 * HOUR, until: NOW + 90 * DAY }],
  };
  await lived(records, { epoch: NOW - 140 * DAY });
  const open = deaf(options);
  await open.ready;
  const before = await open.recommend();
  expect(await open.recommend()).toEqual(before);
  await take(open, step as Exclude<Step, { again: unknown }>, (ms) => vi.setSystemTime(NOW + ms));
  const answers = (fordi: typeof open) => Promise.all([fordi.recommend(), ...['a', 'b', 'due', 'over'].map((id) => fordi.explain(id))]);
  const after = await answers(open);
  const fresh = deaf(options);
  await fresh.ready;
  if ('add' in step) await fresh.add([step.add]);
  expect(after[0]).not.toEqual(before);
  expect(after).toEqual(await answers(fresh));
});

test('an answer is the caller’s own: whatever is written into it is in no other', async () => {
  await lived([played], { epoch: NOW - 140 * DAY });
  const open = deaf({ catalog: ['a', 'b', 'c'].map((id) => ({ id, title: id, topics: ['jazz'] })), ranking: { prior: 0 } });
  await open.ready;
  const first = await open.recommend();
  const told = structuredClone(first);
  expect(first.some(({ because }) => because)).toBe(true);
  for (const pick of first as unknown as { score: number; because?: { text: string; evidence: unknown[] } }[]) {
    pick.score = -1;
    if (pick.because) pick.because.text = 'another';
    pick.because?.evidence.splice(0);
  }
  (first as unknown[]).splice(0);
  expect(await open.recommend()).toEqual(told);
});

/** What a page says that stays open, asked `before` and after `step`, beside one that has just been opened (and `told` the same). */
async function beside(options: Partial<Options>, step: (open: Fordi) => unknown, told: (fresh: Fordi) => unknown = () => {}) {
  const open = deaf(options);
  await open.ready;
  const ask = (fordi: Fordi) => Promise.all([fordi.recommend(), fordi.explain('b'), fordi.explain('well')]);
  const before = await ask(open);
  expect(await ask(open)).toEqual(before);
  const done = step(open);
  const at = open.recommend(); // at once, before anything else has had its turn
  await done;
  const [early, after] = [await at, await ask(open)];
  const fresh = deaf(options);
  await told(fresh);
  await fresh.ready;
  expect(after).toEqual(await ask(fresh));
  expect(early).toEqual(after[0]);
  return { before: before[0], after: after[0], open };
}
const cited = (picks: readonly Pick[]) => picks.flatMap(({ because }) => because?.evidence ?? []);
const plain = (id: string, more: Partial<Item> = {}) => ({ id, title: id, topics: ['jazz'], prior: 0.5, ...more });

test('another tool is asked, and has not answered: nothing is used, and all of it again once it has', async () => {
  await lived([played], { epoch: NOW - 140 * DAY });
  const options = { catalog: ['a', 'b', 'c'].map((id) => plain(id)), ranking: { prior: 0 } };
  const wait = (fordi: Fordi) => fordi.heed('tool', { personalization: 'pending' });
  const { before, after, open } = await beside(options, wait, wait);
  expect([cited(before).length > 0, after]).toEqual([true, []]);
  open.heed('tool', { personalization: 'granted' });
  expect(await open.recommend()).toEqual(before);
});

test('what ran out under an open page, with nothing else that time would change, is used no more', async () => {
  await lived([record('listen', 'a', 100 * DAY)], { epoch: NOW - 181 * DAY });
  const options = { catalog: ['a', 'b', 'c'].map((id) => plain(id)) };
  const { before, after } = await beside(options, () => vi.setSystemTime(NOW + 2 * DAY));
  expect([before.map(({ mode }) => mode), after.map(({ mode }) => mode)]).toEqual([
    ['implicit', 'implicit'],
    ['none', 'none', 'none'],
  ]);
});

test('a new yes under a page whose old one has run out begins with nothing, in memory as on the disk', async () => {
  await lived([record('listen', 'a', DAY)], { epoch: NOW - 181 * DAY });
  const open = deaf({ catalog: ['a', 'b', 'c'].map((id) => plain(id)), ranking: { prior: 0 } });
  const modes = async () => (await open.recommend()).map(({ mode }) => mode);
  expect(await modes()).toEqual(['explicit', 'explicit']);
  vi.setSystemTime(NOW + 2 * DAY);
  expect([open.choice(), await modes()]).toEqual(['expired', []]);
  await open.grant(['personalization'], { via: 'notice' });
  expect([open.choice(), await modes(), open.get().records, await recordsOnDisk()]).toEqual(['granted', [], 0, []]);
});

test('a purpose of its own is taken back: what was told under it is used no more, at once', async () => {
  const options = {
    catalog: [plain('a'), plain('well', { topics: ['health', 'jazz'] })],
    ranking: { prior: 0 },
    purposes: { wellbeing: { title: 'Well', text: 'Being well.', keeps: 'topics', days: 30, special: ['health'] } },
  } satisfies Partial<Options>;
  const fordi = deaf(options);
  await fordi.ready;
  await fordi.grant(['personalization', 'wellbeing'], { via: 'notice' });
  await fordi.declare({ topic: 'health' });
  fordi.stop();
  const { before, after } = await beside(options, (open) => open.refuse({ purposes: ['wellbeing'] }));
  expect([cited(before).map(({ topic }) => topic), after]).toEqual([['health'], []]);
});

test('a week ends in the middle of a minute: what was popular in it is said to be so on all pages until the next, and on none then', async () => {
  const popular = NOW + 30_000 - 8 * DAY; // counted on a day, which may have been any of eight
  const options = { catalog: [plain('a', { popular }), plain('b', { popular })], prior: 'popular' } satisfies Partial<Options>;
  const says = (picks: readonly Pick[]) => [...new Set(picks.map(({ because }) => because?.text))];
  vi.setSystemTime(NOW + 10_000);
  const { before, after, open } = await beside(options, () => vi.setSystemTime(NOW + 40_000));
  expect(says(after)).toEqual(says(before));
  vi.setSystemTime(NOW + 60_000);
  expect([says(before), says(await open.recommend())]).toEqual([['Popular here this week'], ['Popular here']]);
});

test('as many answers as are kept, asked in turn: none is made again', async () => {
  await lived([played], { epoch: NOW - 140 * DAY });
  const open = deaf({ catalog: ['a', 'b', 'c'].map((id) => plain(id)) });
  await open.ready;
  const ask = async () => {
    for (let limit = 1; limit <= 8; limit++) await open.recommend({ limit });
  };
  await ask();
  const counted = vi.spyOn(Math, 'log2'); // what a record counts is asked for where an answer is made
  await ask();
  await ask();
  expect(counted).not.toHaveBeenCalled();
  await open.recommend({ limit: 9 });
  expect(counted).toHaveBeenCalled();
});
