import fc from 'fast-check';
import type { Evidence, Fordi, Item, Mode, Options, Pick, Request, Signal } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { goesWith, isOf, NOW, times } from './support/chance.js';
import { rankOf } from './support/rights.js';
import { optionsFor, type Wide, wide } from './support/wide.js';
import { closeAll, DAY, define, freshDevice, lived, page, RECORDS, stranger, tamper } from './support/world.js';

// The numbers: additive, monotone, the same for the same seed, and numbers whatever comes in.

const LONG = 120_000;
const SCENES = fc.oneof(
  { weight: 4, arbitrary: wide(16, [1, 2, 3, 6]) },
  { weight: 4, arbitrary: wide(50, [1, 1, 2]) },
  { weight: 1, arbitrary: wide(120, [6, 12]) },
);

const asking = ({ context }: Wide): Request => ({ slot: 'here', ...(context !== undefined && { context }) });

async function played(scene: Wide, records: readonly Evidence[] = scene.records, more: Partial<Options> = {}): Promise<Fordi> {
  freshDevice();
  await lived(records, { epoch: NOW - 170 * DAY, voice: scene.voice });
  const fordi = page({ ...optionsFor(scene), ...more });
  await fordi.ready;
  return fordi;
}

const check = (property: (scene: Wide) => Promise<void>, numRuns = times(1_000)) =>
  fc.assert(
    fc.asyncProperty(SCENES, async (scene) => {
      vi.setSystemTime(NOW);
      await property(scene);
      closeAll();
    }),
    { numRuns },
  );

const KNOWING: readonly string[] = ['declared', 'transactional', 'engaged'];
const ids = (picks: readonly Pick[]) => picks.map(({ item }) => item.id);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('counterfactual: what is cited is what decided', () => {
  test('R8 · forget the cited records, and the item leaves the list', { timeout: LONG }, async () => {
    let tested = 0;
    await check(async (scene) => {
      const first = (await (await played(scene)).recommend(asking(scene))).filter(({ because }) => because?.evidence.length);
      for (const { item, because } of first.slice(0, 2)) {
        tested++;
        const fordi = await played(scene);
        const cited = because?.evidence ?? [];
        const here = cited.some((s) => s.provenance === 'contextual') ? scene.context : undefined;
        // With the page goes what the visitor did with it; with a record, what was only watched of the same item.
        const goes = (e: Evidence) => cited.some((s) => goesWith(e, s)) || (here !== undefined && e.item === here);
        for (const { id } of scene.records.filter(goes)) expect(await fordi.forget(id)).toBe(1);
        expect(ids(await fordi.recommend(here === undefined ? asking(scene) : { slot: 'here' }))).not.toContain(item.id);
      }
    }, 1_000); // in full on what is shipped too: of a hundred scenes chance may leave too few with a reason
    expect(tested).toBeGreaterThan(1_000 / 10);
  });

  test('take the shop’s word away, and nothing else, and what was the shop’s reason leaves', { timeout: LONG }, async () => {
    const said = { new: 0, picked: 0 };
    await check(async (scene) => {
      const picks = (await (await played(scene)).recommend(asking(scene))).filter(({ because }) => because?.kind === 'shop');
      for (const { item, because } of picks.slice(0, 1)) {
        const isNew = because?.text === 'New here';
        said[isNew ? 'new' : 'picked']++;
        const catalog = scene.items.map((one) => {
          const { since, ...rest } = one;
          return one.id !== item.id ? one : isNew ? rest : { ...one, prior: 0 };
        });
        expect(ids(await (await played(scene, scene.records, { catalog })).recommend(asking(scene)))).not.toContain(item.id);
      }
    });
    expect([said.new > times(1_000) / 100, said.picked > times(1_000) / 100]).toEqual([true, true]);
  });
});

describe('additive', () => {
  test('the parts make the score; what is cited adds more than the shop; “new” is new', { timeout: LONG }, () =>
    check(async (scene) => {
      const fordi = await played(scene);
      const picks = await fordi.recommend(asking(scene));
      for (const id of new Set([...ids(picks.slice(0, 4)), 'item-0', 'item-1'])) {
        const trace = await fordi.explain(id, asking(scene));
        const { score, prior, page: here, contributions, because, item } = trace;
        const sum = contributions.reduce((all, { share }) => all + share, prior + here);
        expect([id, Math.abs(sum - score) < 1e-6]).toEqual([id, true]);
        const share = new Map(contributions.map((c) => [c.signal.key, c.share]));
        for (const s of because?.evidence ?? []) {
          const adds = s.provenance === 'contextual' ? here : (share.get(s.key) as number);
          expect([because?.text, s.key, adds > (because?.kind === 'topic' ? 0 : prior)]).toEqual([because?.text, s.key, true]);
        }
        const most = Math.max(here, ...share.values());
        if (because) expect([because.kind === 'shop', prior >= most]).toEqual([prior >= most, prior >= most]);
        if (because?.text === 'New here') expect([item?.since, NOW - Number(item?.since) < 100 * DAY]).toEqual([item?.since, true]);
      }
    }),
  );

  test('at the ends of the dials too', { timeout: LONG }, async () => {
    const names = ['neighbours', 'topics', 'prior', 'fresh', 'explore', 'diversity'] as const;
    for (let bits = 0; bits < 64; bits++) {
      const ranking = Object.fromEntries(names.map((name, i) => [name, bits & (1 << i) ? 10 : 0]));
      freshDevice();
      await lived(
        [...Array(20).keys()].map((i) => ({
          id: `e${i}`,
          verb: 'purchase' as const,
          item: RECORDS[i % 7]?.id as string,
          provenance: 'transactional' as const,
          sensitivity: 'ordinary' as const,
          at: NOW,
          notice: '1',
        })),
      );
      const fordi = page({ ranking, verbs: { purchase: { weight: 10, halfLife: 0 } } });
      for (const { id } of RECORDS) {
        const { score, prior, page: here, contributions } = await fordi.explain(id, { context: 'moanin' });
        const sum = contributions.reduce((all, { share }) => all + share, prior + here);
        expect([id, bits, Math.abs(sum - score) < 1e-6]).toEqual([id, bits, true]);
      }
      closeAll();
    }
  });
});

describe('monotone', () => {
  /** Whatever it is called: calling it special changes how it lies on the disk. */
  const subject = ({ verb, item, topic, provenance, notice, until }: Signal) => [verb, item, topic, provenance, notice, until].join('\n');
  /** The most that may be done with each; of what lies there under two degrees, with either. */
  const verdicts = async (fordi: Fordi, scene: Wide) => {
    const most = new Map<string, Mode>();
    for (const { signal, verdict } of (await fordi.explain((scene.items[0] as Item).id, asking(scene))).contributions)
      if (rankOf(verdict.mode) >= rankOf(most.get(subject(signal)) ?? 'none')) most.set(subject(signal), verdict.mode);
    return most;
  };

  const lesser: [string, (scene: Wide) => Partial<Options> | Wide][] = [
    ['a public place', ({ size }) => ({ slots: { here: { size, visibility: 'public' } } })],
    ['a careful owner', () => ({ audience: 'cautious' })],
    ['a shorter memory', () => ({ namedDays: 1 })],
    ['another notice', () => ({ notice: { version: '2', keeps: ['listen'] } })],
    ['a pause', () => ({ paused: ['jazz', 'item-2'] })],
    ['a rule', () => ({ rules: [({ verb }) => (verb === 'listen' ? 'implicit' : undefined)] })],
    ['a topic called guarded', () => ({ sensitive: { guarded: ['jazz'] } })],
  ];

  test.each(lesser)('%s raises no verdict', { timeout: LONG }, (_, less) =>
    check(async (scene) => {
      const before = await verdicts(await played(scene), scene);
      const after = await verdicts(await played(scene, scene.records, less(scene) as Partial<Options>), scene);
      for (const [key, mode] of after) expect([key, rankOf(mode) <= rankOf(before.get(key) ?? 'none')]).toEqual([key, true]);
    }),
  );

  test('a topic called special raises no verdict', { timeout: LONG }, () =>
    check(async (drawn) => {
      // Nothing about what is special is kept, not even a no: what that had silenced besides is heard again.
      const scene = { ...drawn, records: drawn.records.filter(({ verb, item }) => verb !== 'too-personal' || item === undefined) };
      const before = await verdicts(await played(scene), scene);
      const after = await verdicts(await played(scene, scene.records, { sensitive: { special: ['jazz'] } }), scene);
      for (const [key, mode] of after) expect([key, rankOf(mode) <= rankOf(before.get(key) ?? 'none')]).toEqual([key, true]);
    }),
  );

  test('less of what was only watched raises the verdict of no other', { timeout: LONG }, () =>
    check(async (scene) => {
      const gone = scene.records.find(({ verb, provenance }) => provenance === 'passive' && verb !== 'told');
      if (!gone) return;
      const before = await verdicts(await played(scene), scene);
      const left = scene.records.filter(({ id }) => id !== gone.id);
      const { contributions } = await (await played(scene, left)).explain('item-0', asking(scene));
      for (const { signal, verdict } of contributions)
        if (!isOf(gone, signal))
          expect([signal.key, rankOf(verdict.mode) <= rankOf(before.get(subject(signal)) ?? 'none')]).toEqual([signal.key, true]);
    }),
  );

  test('less of what was done knowingly raises what was watched of the same item, which it had silenced, and no other', {
    timeout: LONG,
  }, async () => {
    let raised = 0;
    await check(async (scene) => {
      // A complaint silences more than itself.
      const gone = scene.records.find(({ verb, provenance }) => KNOWING.includes(provenance) && verb !== 'too-personal');
      if (!gone) return;
      const before = await verdicts(await played(scene), scene);
      const left = scene.records.filter(({ id }) => id !== gone.id);
      const { contributions } = await (await played(scene, left)).explain('item-0', asking(scene));
      for (const { signal, verdict } of contributions) {
        if (isOf(gone, signal) || rankOf(verdict.mode) <= rankOf(before.get(subject(signal)) ?? 'none')) continue;
        raised++;
        expect([signal.key, signal.provenance, signal.item]).toEqual([signal.key, 'passive', gone.item]);
      }
    });
    expect(raised).toBeGreaterThan(0);
  });

  test('without permission nothing is more than the page and the shop', { timeout: LONG }, () =>
    check(async (scene) => {
      const fordi = await played(scene);
      await fordi.withdraw();
      const picks = await fordi.recommend(asking(scene));
      for (const { mode, because } of picks)
        expect([mode === 'none' || because?.kind === 'page', because?.evidence ?? []]).toEqual([true, []]);
      freshDevice();
      expect(picks).toEqual(await page(optionsFor(scene)).recommend(asking(scene)));
    }),
  );
});

describe('chance', () => {
  test('the same device on the same day: the same answer, again and in another tab', { timeout: LONG }, () =>
    check(async (scene) => {
      const fordi = await played(scene);
      const first = await fordi.recommend(asking(scene));
      expect(await fordi.recommend(asking(scene))).toEqual(first);
      const again = page(optionsFor(scene));
      expect(await again.recommend(asking(scene))).toEqual(first);
    }),
  );

  const close = Array.from({ length: 40 }, (_, i): Item => ({ id: `i${i}`, title: `I${i}`, prior: 1 - i / 1000 }));
  const order = async (ranking: Options['ranking'], now = NOW) => {
    vi.setSystemTime(now);
    return ids(await page({ catalog: close, ...(ranking && { ranking }) }).recommend({ limit: 40 }));
  };

  test('another day, another order; without it, the shop’s', async () => {
    await lived([]);
    const days: string[][] = [];
    for (const day of [0, 0, 1, 2]) days.push(await order({ explore: 0.05, diversity: 0 }, NOW + day * DAY));
    expect(days[0]).toEqual(days[1]);
    expect(new Set(days.map(String)).size).toBe(3);
    expect(await order({ explore: 0, diversity: 0 })).toEqual(close.map(({ id }) => id));
    for (const list of days) expect([...list].sort()).toEqual([...close.map(({ id }) => id)].sort());
  });

  test('two devices differ; a stranger’s list is everybody’s, on every day', async () => {
    await lived([], { epoch: NOW - 5 * DAY - 12_345 });
    const mine = await order({ explore: 0.5 });
    closeAll();
    freshDevice();
    await lived([], { epoch: NOW - 6 * DAY - 54_321 });
    expect(await order({ explore: 0.5 })).not.toEqual(mine);
    freshDevice();
    const strangers: string[][] = [];
    for (const day of [0, 1, 30]) strangers.push(await order({ explore: 10, diversity: 0 }, NOW + day * DAY));
    for (const list of strangers) expect(list).toEqual(close.map(({ id }) => id));
  });

  test('nobody rises past a score that is more than the dial above their own', { timeout: LONG }, () =>
    check(async (scene) => {
      const explore = scene.ranking.explore ?? 0.05;
      const catalog = scene.items.map(({ by, ...rest }) => rest); // whose maker has had enough comes later, whatever the score
      const fordi = await played(scene, scene.records, { catalog, ranking: { ...scene.ranking, diversity: 0 } });
      const picks = await fordi.recommend(asking(scene));
      picks.forEach((pick, i) => {
        for (const later of picks.slice(i + 1)) expect(later.score).toBeLessThanOrEqual(pick.score * (1 + explore) + 1e-9);
      });
    }),
  );

  test('each of many is lifted about as often as any other', async () => {
    await lived([]);
    const catalog = Array.from({ length: 20 }, (_, i): Item => ({ id: `i${i}`, title: `I${i}`, prior: 1 }));
    const fordi = page({ catalog, ranking: { diversity: 0 } });
    const first = new Map<string, number>();
    for (let day = 0; day < 180; day++) {
      vi.setSystemTime(NOW + day * DAY);
      for (const id of ids(await fordi.recommend({ limit: 5 }))) first.set(id, (first.get(id) ?? 0) + 1);
    }
    for (const { id } of catalog) {
      expect([id, (first.get(id) ?? 0) > 20]).toEqual([id, true]); // 45 of 180 on average, 5.8 = one standard deviation
      expect([id, (first.get(id) ?? 0) < 70]).toEqual([id, true]);
    }
  });
});

describe('time', () => {
  test('the time zone of the machine changes nothing', { timeout: LONG }, async () => {
    const own = process.env.TZ;
    const zones = ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu'];
    const dated = (items: readonly Item[]) =>
      items.map((item, i) => ({ ...item, since: new Date(NOW - i * DAY).toISOString(), ...(i % 3 === 0 && { until: '2026-11-21' }) }));
    try {
      await check(async (scene) => {
        const answers: unknown[] = [];
        for (const zone of zones) {
          process.env.TZ = zone;
          const fordi = await played(scene, scene.records, { catalog: dated(scene.items) });
          answers.push([await fordi.recommend(asking(scene)), await fordi.explain('item-3', asking(scene))]);
        }
        for (const answer of answers) expect(answer).toEqual(answers[0]);
      });
    } finally {
      if (own === undefined) delete process.env.TZ;
      else process.env.TZ = own;
    }
  });

  const jumps = [-1e15, -NOW, -400 * DAY, -DAY, -1, 1, DAY, 179 * DAY, 400 * DAY, 1e12, 8.64e15 - NOW];

  test('a clock that jumps: every number is one, nothing is new before it is out, and nothing is shown when it is over', {
    timeout: LONG,
  }, async () => {
    let early = 0;
    await check(async (scene) => {
      const fordi = await played(scene, scene.records, { ranking: { ...scene.ranking, fresh: 1 } });
      for (const jump of jumps) {
        if (Math.abs(NOW + jump) > 8.64e15) continue;
        vi.setSystemTime(NOW + jump);
        for (const { score, item, because } of await fordi.recommend(asking(scene))) {
          expect(score > 0 && score < 1e6).toBe(true);
          if (Number(item.since) > NOW + jump) early++;
          if (because?.text === 'New here') expect(Number(item.since)).toBeLessThanOrEqual(NOW + jump);
          expect(Number(item.until ?? NOW + jump)).toBeGreaterThanOrEqual(NOW + jump);
        }
        const { score, prior, contributions } = await fordi.explain('item-1', asking(scene));
        expect([score, prior, ...contributions.map(({ share }) => share)].every(Number.isFinite)).toBe(true);
      }
      await fordi.shelves(asking(scene));
    });
    expect(early).toBeGreaterThan(0);
  });

  test('a clock set back makes no evidence stronger than when it was made', async () => {
    const kept = {
      id: 'a',
      verb: 'like',
      item: 'kind-of-blue',
      provenance: 'declared',
      sensitivity: 'ordinary',
      at: NOW,
      notice: '1',
    } as const;
    await lived([kept], { epoch: NOW - 170 * DAY }); // the yes is older than what the clock is set back to
    const fordi = page();
    const share = async () => (await fordi.explain('moanin')).contributions[0]?.share as number;
    const then = await share();
    for (const back of [1, DAY, 100 * DAY]) {
      vi.setSystemTime(NOW - back);
      expect(await share()).toBe(then);
    }
  });
});

describe('whatever comes in, a score is a number', () => {
  const odd = fc.oneof(
    fc.anything(),
    fc.double(),
    fc.constantFrom(Number.NaN, -0, 1e308, -1e308, 5e-324, Number.POSITIVE_INFINITY, '2026-11-20', 'never', 0, 1, -1),
  );
  const raw = fc.record(
    { id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), title: fc.constantFrom('T', 'U') },
    { requiredKeys: ['id', 'title'] },
  );
  const parts = fc.record(
    {
      topics: fc.oneof(odd, fc.array(odd), fc.dictionary(fc.constantFrom('x', 'y', 'z'), odd), fc.constant(['x'])),
      by: odd,
      prior: odd,
      since: odd,
      until: odd,
      replenishDays: odd,
      price: odd,
      neighbours: fc.oneof(
        odd,
        fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), odd),
        fc.array(fc.oneof(odd, fc.record({ id: fc.constantFrom('a', 'b', 'z'), title: fc.constantFrom('T', 7), weight: odd, prior: odd }))),
      ),
    },
    { requiredKeys: [] },
  );
  const items = fc.array(
    fc.oneof({ weight: 8, arbitrary: fc.tuple(raw, parts).map(([a, b]) => ({ ...a, ...b })) }, { weight: 1, arbitrary: fc.anything() }),
    { maxLength: 6 },
  );
  const dial = fc.oneof(fc.constantFrom(0, 1, 10, 5e-324, 1e-9), fc.double({ min: 0, max: 10, noNaN: true }));
  const ranking = fc.record(
    { neighbours: dial, topics: dial, prior: dial, fresh: dial, explore: dial, diversity: dial },
    { requiredKeys: [] },
  );

  test('items, dials and calls by chance', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(items, ranking, odd, async (catalog, how, value) => {
        freshDevice();
        await lived([{ id: 'a', verb: 'like', item: 'a', provenance: 'declared', sensitivity: 'ordinary', at: NOW, notice: '1' }]);
        const fordi = page({ catalog: catalog as Item[], ranking: how });
        await fordi.ready;
        await fordi.observe({ verb: 'rate', item: 'b', value: value as number });
        await fordi.observe({ verb: 'declare', topic: 'x', value: value as number, until: value as number });
        await fordi.observe({ verb: 'view', item: catalog[0] as Item });
        const picks = [
          ...(await fordi.recommend()),
          ...(await fordi.recommend({ context: 'c', limit: value as number })),
          ...(await fordi.shelves({ size: value as number })).flatMap((shelf) => shelf.picks),
        ];
        for (const { score } of picks) expect([score, Number.isFinite(score) && score > 0]).toEqual([score, true]);
        for (const id of ['a', 'b', 'c']) {
          const { score, prior, page: here, contributions } = await fordi.explain(id, { context: 'd' });
          const shares = contributions.map(({ share }) => share);
          expect([score, prior, here, ...shares].every(Number.isFinite)).toBe(true);
        }
        closeAll();
      }),
      { numRuns: times(1_000) },
    ),
  );

  test('a disk that was tampered with', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(fc.record({ weight: odd, first: odd, last: odd, count: odd, until: odd }), async (signal) => {
        freshDevice();
        await lived([]);
        const lives = Object.values((await import('fordi')).VERBS).map(({ halfLife }) => halfLife);
        const shared = {
          verb: 'purchase',
          item: 'kind-of-blue',
          provenance: 'transactional',
          sensitivity: 'ordinary',
          notice: '1',
          key: 'k',
        };
        const { until, ...rest } = signal;
        const signals = [{ ...shared, ...rest, ...(typeof until === 'number' && { until }) }];
        try {
          await tamper([['signals', { v: 2, lives: lives.join(), upTo: 0, records: 1, began: NOW, last: NOW, signals }]]);
        } catch {
          return; // a disk that cannot hold it cannot hand it out
        }
        const fordi = page();
        await fordi.ready;
        for (const { score } of await fordi.recommend()) expect([score, Number.isFinite(score)]).toEqual([score, true]);
        const { score, contributions } = await fordi.explain('moanin');
        expect([score, ...contributions.map(({ share }) => share)].every(Number.isFinite)).toBe(true);
        closeAll();
      }),
      { numRuns: times(1_000) },
    ),
  );
});

describe('the shop’s own part', () => {
  const item = (id: string, more: Partial<Item>): Item => ({ id, title: id, ...more });

  test('what is new today counts before what was new two months ago, and says so while it is new', async () => {
    const fordi = page({ catalog: [item('old', { since: NOW - 60 * DAY }), item('new', { since: new Date(NOW).toISOString() })] });
    const picks = await fordi.recommend();
    expect(picks.map((p) => [p.item.id, p.because?.text])[0]).toEqual(['new', 'New here']);
    expect(picks[0]?.score).toBeCloseTo(0.05, 9);
    expect((await fordi.explain('old')).score).toBeCloseTo(0.0125, 9);
  });

  test.each([
    ['years old', -700],
    ['not out yet', 400],
  ])('what is %s is not called new', async (_, days) => {
    const picks = await page({ catalog: [item('x', { since: NOW + days * DAY })] }).recommend();
    expect(picks.map(({ because }) => because?.text)).not.toContain('New here');
  });

  test('what comes out within the minute is not called new before it has', async () => {
    vi.setSystemTime(NOW + 10_000);
    const fordi = page({ catalog: [item('x', { since: NOW + 30_000 })] });
    const says = async () => (await fordi.recommend()).map(({ because }) => because?.text);
    expect(await says()).not.toContain('New here');
    vi.setSystemTime(NOW + 60_000);
    expect(await says()).toEqual(['New here']);
  });

  const text = async (prior: number, since: number, { rival = 0.55, size = 1 } = {}) => {
    const options = {
      catalog: [item('x', { prior, since }), item('r', { prior: rival })],
      prior: 'popular' as const,
      ranking: { explore: 0 },
    };
    const picks = await page(options).recommend({ limit: size });
    return picks.find((pick) => pick.item.id === 'x')?.because?.text;
  };

  test('popular and new: the reason is that which counts for more', async () => {
    expect(await text(0.1, NOW)).toBe('New here');
    expect(await text(0.9, NOW)).toBe('Popular here this week');
    expect(await text(0.6, NOW - 90 * DAY)).toBe('Popular here this week');
  });

  test('the one that is named decides alone: where the other would hold the item too, nothing is said', async () => {
    expect(await text(0.4, NOW, { rival: 0.3 })).toBeUndefined(); // new, and better than its rival without
    expect(await text(0.9, NOW, { rival: 0.3 })).toBeUndefined(); // popular, and better than its rival for being new alone
    expect(await text(0.1, NOW, { size: 2 })).toBeUndefined(); // there is room for both
  });

  test('an owner who lets neither count recommends nothing to a stranger', async () => {
    const fordi = page({ catalog: [item('x', { prior: 1, since: NOW })], ranking: { prior: 0, fresh: 0 } });
    expect(await fordi.recommend()).toEqual([]);
  });

  test('where it outweighs the best evidence, the evidence is not named', async () => {
    await lived([{ id: 'a', verb: 'listen', item: 'a', provenance: 'engaged', sensitivity: 'ordinary', at: NOW, notice: '1' }]);
    const items = (weight: number) => [item('a', { neighbours: { x: weight } }), item('x', { prior: 0.98 }), item('y', { prior: 1 })];
    const because = async (weight: number) =>
      (await page({ catalog: items(weight), ranking: { explore: 0 } }).recommend({ limit: 1 }))[0]?.because;
    expect(await because(0.09)).toMatchObject({ kind: 'shop' });
    expect(await because(0.11)).toMatchObject({ kind: 'records', text: 'Because you listened to a' });
  });
});

test('a very long list is made in the time of its length', { timeout: LONG }, async () => {
  const catalog = Array.from(
    { length: 1_000 },
    (_, i): Item => ({ id: `i${i}`, title: `I${i}`, topics: [`t${i % 50}`], prior: 1 - i / 10_000 }),
  );
  const fordi = page({ catalog });
  await fordi.recommend();
  const began = process.cpuUsage();
  expect((await fordi.recommend({ limit: 300 })).length).toBeGreaterThan(0);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(1_500); // ms of this process: other work on the machine does not count
});

test('no database at all: the same numbers as a stranger’s', async () => {
  define('indexedDB', { value: undefined });
  expect(await page().recommend({ context: 'blue' })).toEqual(await stranger((f) => f.recommend({ context: 'blue' })));
});
