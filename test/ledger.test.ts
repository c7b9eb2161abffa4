import fc from 'fast-check';
import type { Event, Evidence, Fordi, Pick } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import {
  closeAll,
  DAY,
  eventually,
  freshDevice,
  granted,
  lived,
  OPTIONS,
  page,
  RECORDS,
  recordsOnDisk,
  settled,
  stranger,
} from './support/world.js';

// What is kept: nothing without permission, all of it shown, and gone when it is said to be gone.

const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
const byId = (records: readonly Evidence[]) => [...records].sort((a, b) => (a.id < b.id ? -1 : 1));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

const verbs = fc.constantFrom('listen', 'like', 'view', 'purchase', 'save', 'dismiss', 'too-personal' as const);
const subjects = fc.constantFrom(...RECORDS.map(({ id }) => id));

type Step = (fordi: Fordi) => Promise<unknown>;

/** Calls a page may make at any time; none of them is a permission. */
const calls: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
  fc.tuple(verbs, subjects).map(([verb, item]) => [`${verb} ${item}`, (f: Fordi) => f.observe({ verb, item })] as const),
  fc.constantFrom<readonly [string, Step]>(
    ['declare', (f) => f.declare({ topic: 'jazz' })],
    ['an item of its own', (f) => f.observe({ verb: 'listen', item: { id: 'own', title: 'Own' } })],
    ['recommend', (f) => f.recommend({ context: 'blue' })],
    ['shelves', (f) => f.shelves()],
    ['explain', (f) => f.explain('blue')],
    ['evidence', (f) => f.evidence()],
    ['export', (f) => f.export()],
    ['receipts', (f) => f.receipts()],
    ['forget', (f) => f.forget({ item: 'blue' })],
    ['set voice', (f) => f.setVoice('quiet')],
    ['another purpose', (f) => f.grant(['marketing' as never])],
  ),
);

describe('rule 1, no permission, no trace', () => {
  test('L1, L2 · before a choice, no sequence of calls puts anything on the device', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(calls, { maxLength: 12 }), async (steps) => {
        freshDevice();
        const open = vi.spyOn(indexedDB, 'open');
        const fordi = page();
        for (const [, step] of steps) await step(fordi);
        expect([await databases(), localStorage.length, fordi.choice()]).toEqual([[], 0, 'unset']);
        expect(open).not.toHaveBeenCalled();
        closeAll();
      }),
      { numRuns: 1_000 },
    ),
  );

  test('L3, E1 · after a no, before and after a yes, only the choice is there, and it holds no id', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(fc.array(calls, { maxLength: 8 }), fc.boolean(), fc.boolean(), async (steps, yes, twice) => {
        freshDevice();
        const fordi = yes ? await granted() : page();
        if (yes) for (const [, step] of steps) await step(fordi);
        yes && twice ? await fordi.withdraw() : await fordi.refuse();
        for (const [, step] of steps) await step(fordi);
        await eventually(async () => expect(await databases()).toEqual([]));
        expect([...Array(localStorage.length)].map((_, i) => localStorage.key(i))).toEqual(['fordi']);
        const day = Date.UTC(2026, 10, 20);
        const state = yes && twice ? 'withdrawn' : 'refused';
        await eventually(() =>
          expect(JSON.parse(localStorage.getItem('fordi') as string)).toEqual({
            v: 1,
            state,
            at: day,
            until: day + 182 * DAY,
            via: 'page',
            notice: '1',
          }),
        );
        closeAll();
      }),
      { numRuns: 150 },
    ),
  );
});

describe('rule 7, erased means gone', () => {
  const events = fc.array(fc.tuple(verbs, subjects), { minLength: 1, maxLength: 12 });

  /** Keeps these in order, a minute apart, whoever's they are. */
  async function keep(
    fordi: Fordi,
    list: readonly (readonly [typeof verbs extends fc.Arbitrary<infer V> ? V : never, string])[],
    skip: Set<number>,
  ) {
    const ids = new Map<number, string>();
    for (const [i, [verb, item]] of list.entries()) {
      vi.setSystemTime(NOW + i * 60_000);
      if (skip.has(i)) continue;
      const kept = await fordi.observe({ verb, item });
      if (kept.kept) ids.set(i, kept.evidence.id);
    }
    vi.setSystemTime(NOW + DAY);
    return ids;
  }

  const answers = async (fordi: Fordi): Promise<unknown> => [
    await fordi.recommend(),
    await fordi.recommend({ context: 'moanin', limit: 3 }),
    await fordi.shelves(),
    fordi.get().records,
  ];

  test('R4 · after forgetting, every answer is that of a page that never had it, at once and after a reload', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(events, fc.array(fc.nat(11)), async (list, chosen) => {
        const gone = new Set(chosen.filter((i) => i < list.length));
        vi.setSystemTime(NOW - DAY);
        freshDevice();
        const never = await granted();
        await keep(never, list, gone);
        const expected = await answers(never);
        vi.setSystemTime(NOW - DAY);
        freshDevice();
        const fordi = await granted();
        const ids = await keep(fordi, list, new Set());
        for (const i of gone) expect(await fordi.forget(ids.get(i) as string)).toBe(1);
        expect(await answers(fordi)).toEqual(expected);
        closeAll();
        const again = page();
        await again.ready;
        expect(await answers(again)).toEqual(expected);
        closeAll();
      }),
      { numRuns: 100 },
    ),
  );

  test('forgetting takes what was asked for and no more', async () => {
    const fordi = await granted();
    for (const verb of ['listen', 'like'] as const) for (const item of ['blue', 'liege']) await fordi.observe({ verb, item });
    await fordi.declare({ topic: 'blue' });
    expect(await fordi.forget({ verb: 'listen', item: 'blue' })).toBe(1);
    expect(await fordi.forget({ item: 'blue' })).toBe(1);
    expect((await fordi.evidence()).map(({ verb, item, topic }) => [verb, item ?? topic])).toEqual([
      ['declare', 'blue'],
      ['like', 'liege'],
      ['listen', 'liege'],
    ]);
    expect(await fordi.forget({ topic: 'blue' })).toBe(1);
    for (const nothing of ['', 'nobody', {}, { item: 'blue' }, { verb: 'listen' }, { topic: 'liege' }])
      expect(await fordi.forget(nothing as never)).toBe(0);
    expect(await fordi.evidence()).toHaveLength(2);
  });

  test('L14 · a withdrawal makes strangers of both tabs, and nothing is left for either', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(events, async (list) => {
        vi.setSystemTime(NOW - DAY);
        freshDevice();
        const [one, two] = [await granted(), page()];
        await keep(one, list, new Set());
        await eventually(() => expect(two.get().records).toBe(list.length));
        await two.withdraw();
        const ask = async (f: Fordi): Promise<readonly [readonly Evidence[], readonly Pick[]]> => [await f.evidence(), await f.recommend()];
        await eventually(() => expect(one.choice()).toBe('withdrawn'));
        const expected = await stranger(ask);
        expect([await ask(one), await ask(two)]).toEqual([expected, expected]);
        expect(await recordsOnDisk()).toEqual([]);
        closeAll();
      }),
      { numRuns: 25 },
    ),
  );
});

describe('rule 11, the panel is the disk', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.constant('observe' as const), verbs, subjects, fc.boolean()) },
      { weight: 2, arbitrary: fc.tuple(fc.constant('forget' as const), verbs, subjects, fc.boolean()) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('forget one' as const), verbs, subjects, fc.boolean()) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('together' as const), verbs, subjects, fc.boolean()) },
    ),
    { minLength: 20, maxLength: 110 },
  );

  test('R1 · record for record, after anything two tabs did to it, over any number of chunks', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(steps, async (list) => {
        freshDevice();
        const [one, two] = [await granted(), page()];
        await two.ready;
        await eventually(() => expect(two.choice()).toBe('granted'));
        for (const [i, [what, verb, item, second]] of list.entries()) {
          const fordi = second ? two : one;
          vi.setSystemTime(NOW + i);
          if (what === 'observe') expect(await fordi.observe({ verb, item })).toMatchObject({ kept: true });
          else if (what === 'forget') await fordi.forget({ verb, item });
          else if (what === 'forget one') {
            const [newest] = await fordi.evidence();
            if (newest) expect(await fordi.forget(newest.id)).toBe(1);
          } else
            await Promise.all([
              one.observe({ verb, item }),
              two.observe({ verb, item }),
              one.declare({ topic: 'jazz' }),
              two.forget({ topic: 'jazz' }),
            ]);
        }
        const there = await recordsOnDisk();
        for (const fordi of [one, two]) {
          const shown = await fordi.evidence();
          expect(byId(shown)).toEqual(byId(there));
          expect((await fordi.export()).evidence).toEqual(shown);
          await eventually(() => expect(fordi.get().records).toBe(there.length));
        }
        closeAll();
        const next = page();
        expect(byId(await next.evidence())).toEqual(byId(there));
        expect(next.get()).toMatchObject({ records: there.length, damaged: 0 });
        closeAll();
      }),
      { numRuns: 15 },
    ),
  );

  test.each([1, 31, 32, 33, 63, 64, 65, 96, 130])('%i records: a reload knows exactly what the open page knew', async (n) => {
    const fordi = await granted();
    for (let i = 0; i < n; i++) {
      vi.setSystemTime(NOW + i * 60_000);
      await fordi.observe({ verb: i % 3 ? 'listen' : 'like', item: (RECORDS[i % 7] as { id: string }).id });
    }
    const ask = async (f: Fordi) => [await f.recommend({ limit: 9 }), await f.explain('moanin'), f.get().records, await f.evidence()];
    const before = await ask(fordi);
    closeAll();
    const again = page();
    await again.ready;
    expect(await ask(again)).toEqual(before);
    expect(before[2]).toBe(n);
    expect((before[3] as Evidence[]).map(({ at }) => at)).toEqual([...Array(n).keys()].reverse().map((i) => NOW + i * 60_000));
  });
});

describe('how long and how much', () => {
  const old = (id: string, days: number): Evidence => ({
    id,
    verb: 'listen',
    item: 'blue',
    provenance: 'engaged',
    sensitivity: 'ordinary',
    at: NOW - days * DAY,
    notice: '1',
  });

  test('L18 · what is older than the notice promised is gone from the next visit on, from the disk too', async () => {
    await lived([old('a', 181), old('b', 31), old('c', 29), old('d', 0)], { epoch: NOW - 181 * DAY });
    const fordi = page({ notice: { ...OPTIONS.notice, days: 30 } });
    await fordi.ready;
    await eventually(async () => expect((await recordsOnDisk()).map(({ id }) => id)).toEqual(['c', 'd']));
    expect((await fordi.evidence()).map(({ id }) => id)).toEqual(['d', 'c']);
    expect(fordi.get()).toMatchObject({ records: 2, damaged: 0 });
  });

  test('L18 · without being told, records stay 180 days', async () => {
    await lived([old('a', 181), old('b', 179)], { epoch: NOW - 181 * DAY });
    const fordi = page();
    await fordi.ready;
    await eventually(async () => expect((await recordsOnDisk()).map(({ id }) => id)).toEqual(['b']));
  });

  test('L18 · above the most that is kept the oldest go', async () => {
    await lived(
      [...Array(130).keys()].map((i) => old(`n${i}`, 1)),
      { epoch: NOW - 2 * DAY },
    );
    const fordi = page({ records: 100 });
    await fordi.ready;
    await eventually(async () => expect(await recordsOnDisk()).toHaveLength(100));
    const left = await fordi.evidence();
    expect([left.length, left[0]?.id, left.at(-1)?.id]).toEqual([100, 'n129', 'n30']);
  });

  test('what the visitor said themselves goes last, and never makes more than is kept', async () => {
    const said = (id: string, verb: Event['verb']) => ({ ...old(id, 1), verb, provenance: 'declared' as const });
    const words = ['dismiss', 'declare', 'too-personal'] as const;
    await lived([...words.map((verb, i) => said(`w${i}`, verb)), ...[...Array(130).keys()].map((i) => old(`n${i}`, 1))], {
      epoch: NOW - 2 * DAY,
    });
    const fordi = page({ records: 100 });
    await fordi.ready;
    await eventually(async () => expect(await recordsOnDisk()).toHaveLength(100));
    const left = (await fordi.evidence()).map(({ id }) => id);
    expect([left.length, ...left.slice(-4)]).toEqual([100, 'n33', 'w2', 'w1', 'w0']);
  });

  test('where there is nothing but such words the oldest of them go', async () => {
    await lived(
      [...Array(130).keys()].map((i) => ({ ...old(`w${i}`, 1), verb: 'dismiss' as const, provenance: 'declared' as const })),
      { epoch: NOW - 2 * DAY },
    );
    const fordi = page({ records: 100 });
    await fordi.ready;
    await eventually(async () => expect(await recordsOnDisk()).toHaveLength(100));
    expect((await fordi.evidence()).at(-1)?.id).toBe('w30');
  });

  test('a clock set back throws nothing away and makes nothing stronger', async () => {
    vi.setSystemTime(NOW - 120 * DAY); // the yes is older than what the clock is set back to
    const fordi = await granted();
    vi.setSystemTime(NOW);
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    const before = await fordi.recommend();
    vi.setSystemTime(NOW - 100 * DAY);
    const after = await fordi.recommend();
    for (const [i, { score }] of after.entries()) expect(score).toBeLessThanOrEqual((before[i] as Pick).score);
    expect(await fordi.evidence()).toHaveLength(1);
    closeAll();
    const again = page();
    await again.ready;
    await settled();
    expect(await recordsOnDisk()).toHaveLength(1);
  });
});

describe('what is not kept, and why', () => {
  const cases: [why: string, event: unknown, reason: string][] = [
    ['an unknown verb', { verb: 'stalk', item: 'blue' }, 'unknown-verb'],
    ['a verb every object has', { verb: 'toString', item: 'blue' }, 'unknown-verb'],
    ['no verb', { item: 'blue' }, 'unknown-verb'],
    ['an item nobody knows', { verb: 'listen', item: 'nobody' }, 'unknown-item'],
    ['an item under a name of every object', { verb: 'listen', item: '__proto__' }, 'unknown-item'],
    ['an item without a title', { verb: 'listen', item: { id: 'x' } }, 'unknown-item'],
    ['an item with an address that runs', { verb: 'listen', item: { id: 'x', title: 'X', url: 'javascript:alert(1)' } }, 'unknown-item'],
    ['neither item nor topic', { verb: 'listen' }, 'invalid'],
    ['an empty topic', { verb: 'listen', topic: '' }, 'invalid'],
    ['a topic of a megabyte', { verb: 'listen', topic: 'x'.repeat(1_000_000) }, 'invalid'],
    ['a topic that is no text', { verb: 'listen', topic: 7 }, 'invalid'],
    ['a special topic', { verb: 'declare', topic: 'pregnancy' }, 'special'],
    ['an item of a special topic', { verb: 'purchase', item: { id: 'x', title: 'X', topics: ['HIV'] } }, 'special'],
    ['what the owner calls special', { verb: 'declare', topic: 'golf' }, 'special'],
    ['said to be special', { verb: 'listen', item: 'blue', sensitivity: 'special' }, 'special'],
    ['a better provenance than the verb’s', { verb: 'view', item: 'blue', provenance: 'declared' }, 'invalid'],
    ['a provenance that is none', { verb: 'view', item: 'blue', provenance: 'guessed' }, 'invalid'],
    ['the page’s own provenance', { verb: 'view', item: 'blue', provenance: 'contextual' }, 'invalid'],
    ['less personal than its topic', { verb: 'declare', topic: 'divorce', sensitivity: 'ordinary' }, 'invalid'],
    ['a value above 1', { verb: 'rate', item: 'blue', value: 1.01 }, 'invalid'],
    ['a value below -1', { verb: 'rate', item: 'blue', value: -2 }, 'invalid'],
    ['a value that is no number', { verb: 'rate', item: 'blue', value: Number.NaN }, 'invalid'],
    ['an endless value', { verb: 'rate', item: 'blue', value: Number.POSITIVE_INFINITY }, 'invalid'],
    ['a value in words', { verb: 'rate', item: 'blue', value: '1' }, 'invalid'],
    ['an end that is no date', { verb: 'book', item: 'blue', until: new Date('never') }, 'invalid'],
    ['an end in words', { verb: 'book', item: 'blue', until: 'tomorrow' }, 'invalid'],
    ['nothing', undefined, 'invalid'],
    ['null', null, 'invalid'],
  ];

  test.each(cases)('%s', async (_, event, reason) => {
    const fordi = await granted({ sensitive: { special: ['golf'] } });
    const answer = await fordi.observe(event as never);
    expect(answer.kept ? answer : [answer.reason]).toEqual([
      event === undefined || event === null ? expect.stringMatching(/invalid|unknown/) : reason,
    ]);
    expect(await recordsOnDisk()).toEqual([]);
    expect(fordi.get().records).toBe(0);
  });

  test('what is further or more personal than the verb implies is kept as said', async () => {
    const fordi = await granted();
    const kept = await fordi.observe({ verb: 'listen', item: 'blue', provenance: 'inferred', sensitivity: 'guarded' });
    expect(kept).toMatchObject({ kept: true, evidence: { provenance: 'inferred', sensitivity: 'guarded' } });
  });

  test('what has ended is kept and not used; until then it is', async () => {
    const fordi = await granted();
    const kept = await fordi.observe({ verb: 'like', item: 'kind-of-blue', until: new Date(NOW + DAY) });
    expect(kept).toMatchObject({ evidence: { until: NOW + DAY } });
    expect((await fordi.recommend())[0]?.because?.text).toBe('Because you like Kind of Blue');
    vi.setSystemTime(NOW + 2 * DAY);
    const ids = (picks: readonly Pick[]) => picks.map(({ item }) => item.id);
    expect(ids(await fordi.recommend())).toEqual(ids(await stranger((f) => f.recommend())));
    expect(await fordi.observe({ verb: 'like', item: 'blue', until: NOW })).toMatchObject({ kept: true });
    expect(ids(await fordi.recommend())).toEqual(['hit', 'new']);
    expect(await fordi.evidence()).toHaveLength(2);
  });

  test('L18 · a record holds what §1 names and nothing of the event besides', async () => {
    const fordi = await granted();
    const kept = await fordi.observe({ verb: 'rate', item: 'blue', value: -0.5, secret: 'x' } as never);
    expect(kept).toEqual({
      kept: true,
      evidence: {
        id: expect.stringMatching(/^[\w-]{12}$/),
        verb: 'rate',
        item: 'blue',
        title: 'Blue',
        provenance: 'declared',
        sensitivity: 'ordinary',
        at: NOW,
        notice: '1',
        value: -0.5,
      },
    });
    expect(await recordsOnDisk()).toEqual([kept.kept && kept.evidence]);
  });
});

test('the visitor’s own data do not wait for the shop’s catalog', { timeout: 10_000 }, async () => {
  await lived([{ id: 'a', verb: 'like', topic: 'jazz', provenance: 'declared', sensitivity: 'ordinary', at: NOW, notice: '1' }]);
  const fordi = page({ catalog: () => new Promise(() => {}) });
  expect(await fordi.evidence()).toMatchObject([{ id: 'a' }]);
  expect(await fordi.export()).toMatchObject({ evidence: [{ id: 'a' }] });
  expect(await fordi.forget('a')).toBe(1);
  expect(await fordi.withdraw()).toMatchObject({ verified: true });
});
