import fc from 'fast-check';
import { type Evidence, type Fordi, type Options, type Provenance, VERBS, type Verb } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { histories, NOW, scenes } from './support/chance.js';
import {
  ALL_VERBS,
  choiceOnDisk,
  closeAll,
  DAY,
  deaf,
  disk,
  eventually,
  freshDevice,
  granted,
  lived,
  page,
  recordsOnDisk,
  settled,
  stranger,
  tamper,
} from './support/world.js';

// The visitor's rights on the device: restrict, object, rectify, and what stands between a deletion and a regret.

const LONG = 300_000;
const WAYS: readonly Provenance[] = ['declared', 'transactional', 'engaged', 'passive', 'inferred', 'acquired'];
const listen = (fordi: Fordi, item = 'kind-of-blue') => fordi.observe({ verb: 'listen', item });
const names = async () => (await indexedDB.databases()).map(({ name }) => name);
const byId = (records: readonly Evidence[]) => [...records].sort((a, b) => (a.id < b.id ? -1 : 1));
const travel = (days: number) => vi.setSystemTime(Date.now() + days * DAY);
const shown = async (fordi: Fordi) =>
  (await fordi.recommend({ limit: 6 })).map(({ item, mode, because }) => [item.id, mode, because?.text]);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('pause', () => {
  test('R5 · keeps everything, records nothing, uses nothing, and ends', async () => {
    const fordi = await granted();
    await listen(fordi);
    const before = [await disk(), await shown(fordi)];
    expect(await fordi.pause(true)).toBe(true);
    expect(fordi.get()).toMatchObject({ paused: true, choice: 'granted', records: 1 });
    expect(choiceOnDisk()).toMatchObject({ paused: true });
    expect(await listen(fordi, 'blue')).toEqual({ kept: false, reason: 'paused' });
    expect(await fordi.declare({ topic: 'folk' })).toEqual({ kept: false, reason: 'paused' });
    expect(await fordi.shown(await fordi.recommend())).toBe(0);
    expect(await shown(fordi)).toEqual(await stranger(shown));
    expect(await fordi.choose('hero', [{ id: 'back', audience: 'returning' }, { id: 'new' }])).toMatchObject({ variant: { id: 'new' } });
    expect(await disk()).toEqual(before[0]);
    expect(await fordi.evidence()).toHaveLength(1);
    expect(await fordi.pause(false)).toBe(true);
    expect(choiceOnDisk()).not.toHaveProperty('paused');
    expect(await shown(fordi)).toEqual(before[1]);
    expect(await listen(fordi, 'blue')).toMatchObject({ kept: true });
  });

  test('R5 · holds over visits and in other tabs, in a frozen one from its next write on', async () => {
    const fordi = await granted();
    await listen(fordi);
    const [other, frozen] = [page(), deaf()];
    await Promise.all([other.ready, frozen.ready]);
    await fordi.pause(true);
    expect(await listen(frozen, 'blue')).toEqual({ kept: false, reason: 'paused' });
    await eventually(() => expect(other.get().paused).toBe(true));
    expect(await shown(other)).toEqual(await stranger(shown));
    closeAll();
    const next = page();
    await next.ready;
    expect(next.get()).toMatchObject({ paused: true, records: 1 });
    expect(await listen(next, 'blue')).toMatchObject({ reason: 'paused' });
  });

  test('R5 · a yes said again leaves it, a withdrawal ends it, and without a yes there is none', async () => {
    const fordi = page();
    expect(await fordi.pause(true)).toBe(false);
    expect([localStorage.length, await names()]).toEqual([0, []]);
    await fordi.grant();
    await fordi.pause(true);
    await fordi.grant();
    expect(fordi.get().paused).toBe(true);
    expect(await fordi.forget({ all: true })).toBe(0);
    await fordi.withdraw();
    expect([fordi.get().paused, choiceOnDisk()?.paused]).toEqual([false, undefined]);
    travel(1);
    await fordi.grant();
    expect(fordi.get().paused).toBe(false);
    for (const on of ['yes', 1, null, undefined]) expect(await fordi.pause(on as never)).toBe(false);
    fordi.stop();
    expect(await fordi.pause(true)).toBe(false);
  });
});

describe('objections', () => {
  test.each(WAYS)('R6 · %s: neither kept nor used, and the trace says so', async (way) => {
    const verb: Verb = way === 'declared' ? 'like' : way === 'transactional' ? 'purchase' : way === 'engaged' ? 'save' : 'view';
    const fordi = await granted();
    const event = { verb, item: 'kind-of-blue', provenance: way } as const;
    await fordi.observe(event);
    await fordi.observe({ verb: 'like', item: 'pink-moon' });
    expect(await fordi.object(way, true)).toBe(true);
    expect(fordi.get().objections).toEqual([way]);
    expect(await fordi.observe(event)).toEqual({ kept: false, reason: 'objected' });
    expect(await fordi.evidence()).toHaveLength(2); // what is kept stays to be seen and deleted
    const { contributions } = await fordi.explain('blue-train');
    const about = contributions.find(({ signal }) => signal.item === 'kind-of-blue');
    expect(about?.verdict.mode).toBe('none');
    if (way !== 'acquired') expect(about?.verdict.reasons).toContain('objected'); // what comes from elsewhere is not used anyway
    expect(about?.share).toBe(0);
    expect(await fordi.object(way, false)).toBe(true);
    expect(choiceOnDisk()).not.toHaveProperty('without');
    expect(await fordi.observe(event)).toMatchObject({ kept: true });
  });

  test('R6 · outlive a yes said again, expiry, withdrawal, refusal and the next yes', async () => {
    const fordi = await granted();
    await fordi.object('passive', true);
    await fordi.object('engaged', true);
    const both = ['engaged', 'passive'];
    await fordi.grant();
    expect(fordi.get().objections).toEqual(both);
    travel(200);
    closeAll();
    const second = page();
    await second.ready;
    expect([second.choice(), second.get().objections]).toEqual(['expired', both]);
    await second.grant();
    expect(await listen(second)).toEqual({ kept: false, reason: 'objected' });
    await second.withdraw();
    expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn', without: both });
    await second.refuse();
    travel(400);
    closeAll();
    const third = page();
    await third.ready;
    expect([third.choice(), third.get().objections]).toEqual(['unset', both]);
    await third.object('passive', false);
    await third.grant();
    expect(await listen(third)).toEqual({ kept: false, reason: 'objected' });
    expect(await third.observe({ verb: 'view', item: 'blue' })).toMatchObject({ kept: true });
  });

  test('R6 · may be said before any choice: one record without an id, gone when it is taken back', async () => {
    const fordi = page();
    expect(await fordi.object('passive', true)).toBe(true);
    expect(choiceOnDisk()).toEqual({
      v: 1,
      state: 'unset',
      at: Date.UTC(2026, 10, 20),
      until: Date.UTC(2026, 10, 20) + 182 * DAY,
      via: 'page',
      without: ['passive'],
    });
    expect([fordi.choice(), fordi.get().asking?.why, await names()]).toEqual(['unset', 'first', []]);
    expect(await fordi.object('passive', false)).toBe(true);
    expect(localStorage.length).toBe(0);
  });

  test('R6 · what is no way of knowing, or no yes or no, changes nothing', async () => {
    const fordi = await granted();
    for (const way of ['contextual', 'x', '', null, {}, 7]) expect(await fordi.object(way as never, true)).toBe(false);
    expect(await fordi.object('passive', 'yes' as never)).toBe(false);
    expect(fordi.get().objections).toEqual([]);
  });

  test('R6 · hold in a frozen tab from its next write on', async () => {
    const fordi = await granted();
    const frozen = deaf();
    await frozen.ready;
    await fordi.object('engaged', true);
    expect(await listen(frozen)).toEqual({ kept: false, reason: 'objected' });
    expect(await recordsOnDisk()).toEqual([]);
  });

  test('R6 · what the visitor turned away stays away: that is their own no', async () => {
    const fordi = await granted();
    await fordi.object('declared', true);
    expect(await fordi.observe({ verb: 'dismiss', item: 'hit' })).toMatchObject({ kept: true });
    expect((await fordi.recommend()).map(({ item }) => item.id)).not.toContain('hit');
  });

  test('R6 · every list is as if what is objected to had never been', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(scenes, fc.subarray([...WAYS], { minLength: 1 }), async ({ items, records, audience, size, context }, ways) => {
        const settled = (e: Evidence) => (VERBS[e.verb] as { settles?: string }).settles;
        // What the visitor does not want is their own no, and stands.
        const own = records.filter((e) => settled(e) !== 'dismissed' && !(e.verb === 'declare' && (e.value ?? 1) < 0));
        const ask = async (kept: readonly Evidence[], object: boolean) => {
          freshDevice();
          await lived(kept, { epoch: NOW - 181 * DAY });
          if (object) localStorage.setItem('fordi', JSON.stringify({ ...choiceOnDisk(), without: ways }));
          const fordi = page({ catalog: items, audience });
          const picks = await fordi.recommend({ limit: size, ...(context && { context }) });
          closeAll();
          return picks;
        };
        expect(await ask(own, true)).toEqual(
          await ask(
            own.filter((e) => !ways.includes(e.provenance)),
            false,
          ),
        );
      }),
      { numRuns: 1_000 },
    ),
  );
});

const undone = async (fordi: Fordi) => {
  const { undo } = await fordi.withdraw({ via: 'panel' });
  if (!undo) throw new Error('no way back');
  return undo;
};

describe('undo of a withdrawal', () => {
  test('A13 · nothing on disk meanwhile, nothing to be read, and then all as before under a new grant', async () => {
    const fordi = await granted();
    await listen(fordi);
    await fordi.setVoice('quiet');
    await fordi.object('passive', true);
    const before = { records: await fordi.evidence(), shown: await shown(fordi), choice: choiceOnDisk() };
    travel(1);
    const undo = await undone(fordi);
    expect([await names(), choiceOnDisk()?.state]).toEqual([[], 'withdrawn']);
    expect(await fordi.evidence()).toEqual([]);
    expect(await fordi.export()).toMatchObject({ choice: 'withdrawn', evidence: [], items: [] });
    expect(await shown(fordi)).toEqual(await stranger(shown));
    const answer = await undo();
    expect(answer).toMatchObject({ granted: true, receipt: { via: 'undo', state: 'granted' } });
    expect(await fordi.evidence()).toEqual(before.records);
    expect(await recordsOnDisk()).toEqual(before.records);
    expect(await shown(fordi)).toEqual(before.shown);
    expect(fordi.get()).toMatchObject({ choice: 'granted', records: 1, voice: 'quiet', objections: ['passive'] });
    const given = await fordi.receipts(); // the yes, the no, and the undo: a history is only added to
    expect(given.map(({ state }) => state)).toEqual(['granted', 'withdrawn', 'granted']);
    expect(given.at(-1)).toEqual(answer.granted && answer.receipt);
    const { epoch, since, until, keeps } = choiceOnDisk() as Record<string, unknown>;
    expect(epoch).not.toBe(before.choice?.epoch);
    expect({ since, until, keeps }).toEqual({ since: NOW, until: before.choice?.until, keeps: before.choice?.keeps });
    await fordi.grant();
    closeAll();
    const next = page();
    expect(await next.evidence()).toEqual(before.records);
    expect(await shown(next)).toEqual(before.shown);
  });

  test('A13 · what was named before is named again: the permission it was kept under is the same', async () => {
    const fordi = await granted();
    await listen(fordi);
    const reasons = await shown(fordi);
    expect(reasons[0]?.[2]).toBe('Because you listened to Kind of Blue');
    travel(1);
    await (await undone(fordi))();
    expect(await shown(fordi)).toEqual(reasons);
  });

  test('A13 · a pause comes back with it', async () => {
    const fordi = await granted();
    await listen(fordi);
    await fordi.pause(true);
    await (await undone(fordi))();
    expect(fordi.get()).toMatchObject({ paused: true, records: 1 });
  });

  test('A13 · other purposes that were withdrawn in the same act come back, others do not', async () => {
    const terms = { title: 'T', text: 'T', keeps: 'T', days: 30 };
    const fordi = await granted({ purposes: { measurement: terms, marketing: terms } });
    await fordi.decide({ measurement: true, marketing: false });
    const undo = await undone(fordi);
    expect(fordi.get().choices).toEqual({ personalization: 'withdrawn', measurement: 'withdrawn', marketing: 'refused' });
    await undo();
    expect(fordi.get().choices).toEqual({ personalization: 'granted', measurement: 'granted', marketing: 'refused' });
  });

  test('A13 · is refused when time is up, a second time, after another decision, and after stop', async () => {
    const fordi = await granted();
    const again = async () => {
      await fordi.grant();
      await listen(fordi);
      return undone(fordi);
    };
    const late = await again();
    vi.setSystemTime(Date.now() + 20_000);
    expect(await late()).toEqual({ granted: false, reason: 'late' });
    const early = await again();
    vi.setSystemTime(Date.now() - 30_000); // a clock set back gives no more time
    expect(await early()).toEqual({ granted: false, reason: 'late' });
    const refused = await again();
    await fordi.refuse();
    expect(await refused()).toEqual({ granted: false, reason: 'superseded' });
    const renewed = await again();
    await fordi.grant();
    expect(await renewed()).toEqual({ granted: false, reason: 'superseded' });
    expect(await fordi.evidence()).toEqual([]);
    const twice = await again();
    expect(await twice()).toMatchObject({ granted: true });
    expect(await twice()).toMatchObject({ granted: false, reason: 'superseded' });
    expect(await fordi.evidence()).toHaveLength(1);
    const stopped = await again();
    fordi.stop();
    expect(await stopped()).toEqual({ granted: false, reason: 'stopped' });
    expect([await names(), choiceOnDisk()?.state]).toEqual([[], 'withdrawn']);
  });

  test('A13 · is refused after a decision in another tab, also one that was not heard', async () => {
    const fordi = deaf();
    await fordi.grant();
    await listen(fordi);
    const undo = await undone(fordi);
    travel(1);
    const other = await granted();
    await listen(other, 'blue');
    travel(-1);
    expect(await undo()).toMatchObject({ granted: false });
    expect((await other.evidence()).map(({ item }) => item)).toEqual(['blue']);
  });

  test('A13 · ends with the page: another page has no way back', async () => {
    const fordi = await granted();
    await listen(fordi);
    await fordi.withdraw();
    closeAll();
    const next = page();
    expect([await next.evidence(), next.choice()]).toEqual([[], 'withdrawn']);
    expect((await next.withdraw()).undo).toBeUndefined();
  });

  test('A13 · where the browser keeps nothing, what this visit held comes back too', async () => {
    const { indexedDB: device } = globalThis;
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: undefined });
    const fordi = await granted();
    await listen(fordi);
    expect(fordi.get().memory).toBe('visit');
    const records = await fordi.evidence();
    const undo = await undone(fordi);
    expect(await fordi.evidence()).toEqual([]);
    expect(await undo()).toMatchObject({ granted: true });
    expect(await fordi.evidence()).toEqual(records);
    Object.defineProperty(globalThis, 'indexedDB', { configurable: true, value: device });
  });

  test('A13 · a frozen tab of the old grant cannot write into the new one', async () => {
    const fordi = await granted();
    const frozen = deaf();
    await frozen.ready;
    await (await undone(fordi))();
    expect(await listen(frozen)).toMatchObject({ kept: false });
    expect(await recordsOnDisk()).toEqual([]);
  });

  test('A13 · whatever was kept: with the undo it is what it was, without it nothing is on the disk', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(histories(40), fc.boolean(), async (records, taken) => {
        freshDevice();
        await lived(records, { epoch: NOW - 181 * DAY });
        const fordi = page();
        await fordi.ready;
        const before = await fordi.evidence();
        const undo = await undone(fordi);
        expect([await names(), await fordi.evidence(), localStorage.length]).toEqual([[], [], 1]);
        if (taken) await undo();
        expect(await fordi.evidence()).toEqual(taken ? before : []);
        expect(byId(await recordsOnDisk())).toEqual(taken ? byId(before) : []);
        closeAll();
        expect(await page().evidence()).toEqual(taken ? before : []);
        closeAll();
      }),
      { numRuns: 1_000 },
    ),
  );
});

describe('rectification', () => {
  const concluded = { verb: 'like', topic: 'jazz', provenance: 'inferred' } as const;

  test('R3 · a removed conclusion is not drawn again, what stands for it is on the list, and deleting that lets it be drawn', async () => {
    const fordi = await granted();
    const kept = await fordi.observe(concluded);
    expect(await fordi.forget(kept.kept ? kept.evidence.id : '')).toBe(1);
    const [mark, ...rest] = await fordi.evidence();
    expect(rest).toEqual([]);
    expect(mark).toMatchObject({ verb: 'correct', topic: 'jazz', provenance: 'declared' });
    expect(await recordsOnDisk()).toEqual([mark]);
    expect(await fordi.observe(concluded)).toEqual({ kept: false, reason: 'objected' });
    expect(await fordi.observe({ ...concluded, topic: 'folk' })).toMatchObject({ kept: true });
    expect(await fordi.declare({ topic: 'jazz' })).toMatchObject({ kept: true }); // their own word is no conclusion
    closeAll();
    const next = page();
    await next.ready;
    expect(await next.observe(concluded)).toEqual({ kept: false, reason: 'objected' });
    expect(await next.forget(mark?.id as string)).toBe(1);
    expect(await next.observe(concluded)).toMatchObject({ kept: true });
  });

  test('R3 · what stands for it argues for nothing and is no sign of an earlier visit', async () => {
    const fordi = await granted();
    await fordi.observe({ verb: 'like', item: 'kind-of-blue', provenance: 'inferred' });
    await fordi.forget({ item: 'kind-of-blue' });
    expect(await fordi.evidence()).toMatchObject([{ verb: 'correct', item: 'kind-of-blue', title: 'Kind of Blue' }]);
    travel(2);
    const order = async (f: Fordi) => (await f.recommend({ limit: 9 })).map(({ item, mode }) => [item.id, mode]);
    expect((await order(fordi)).map(([, mode]) => mode)).toEqual(Array(2).fill('none'));
    expect(await fordi.choose('hero', [{ id: 'back', audience: 'returning' }, { id: 'new' }])).toMatchObject({ variant: { id: 'new' } });
  });

  test('R3 · all of it deleted is all of it', async () => {
    const fordi = await granted();
    await fordi.observe(concluded);
    await fordi.forget({ topic: 'jazz' });
    await fordi.forget({ all: true });
    expect(await recordsOnDisk()).toEqual([]);
  });

  test('R4 · removing one twice leaves one mark', async () => {
    const fordi = await granted();
    await fordi.observe(concluded);
    await fordi.observe({ ...concluded, verb: 'save' });
    for (const { id } of await fordi.evidence()) await fordi.forget(id);
    expect((await fordi.evidence()).map(({ verb }) => verb)).toEqual(['correct']);
  });
});

describe('special topics under a purpose of their own', () => {
  const purposes = {
    wellbeing: {
      title: 'Health',
      text: 'Health topics you tell us of',
      keeps: 'the topics',
      days: 30,
      special: ['health', 'yoga retreat'],
    },
  };
  const catalog = [
    { id: 'guide', title: 'A guide', topics: ['health'] },
    { id: 'faith', title: 'Both', topics: ['health', 'religion'] },
    { id: 'walks', title: 'Walks', topics: ['outdoors'] },
  ];
  const told = async (options = {}) => {
    const fordi = await granted({ purposes, catalog, ...options });
    await fordi.grant(['wellbeing'], { via: 'ask' });
    await fordi.declare({ topic: 'health' });
    return fordi;
  };

  test('are told of only under it, and only in the visitor’s own words', async () => {
    const fordi = await granted({ purposes, catalog });
    const no = { kept: false, reason: 'special' };
    expect(await fordi.declare({ topic: 'health' })).toEqual(no);
    expect(await fordi.declare({ topic: 'yoga retreat' })).toEqual(no); // special because its purpose says so
    await fordi.grant(['wellbeing']);
    expect(await fordi.declare({ topic: 'health' })).toMatchObject({ kept: true, evidence: { sensitivity: 'special' } });
    expect(await fordi.declare({ topic: 'religion' })).toEqual(no);
    expect(await fordi.observe({ verb: 'like', item: 'guide' })).toEqual(no);
    for (const verb of ['search', 'view', 'purchase'] as const) expect(await fordi.observe({ verb, topic: 'health' })).toEqual(no);
    for (const provenance of ['inferred', 'acquired', 'engaged'] as const)
      expect(await fordi.observe({ verb: 'declare', topic: 'health', provenance })).toEqual(no);
    expect(await recordsOnDisk()).toHaveLength(1);
  });

  test('are used and named in a private place, and never where others see', async () => {
    const fordi = await told({ slots: { wall: { visibility: 'public' } } });
    const texts = async (slot: string) => (await fordi.recommend({ slot })).map(({ item, because }) => [item.id, because?.text]);
    expect(await texts('home')).toEqual([['guide', 'Because you told us you like health']]);
    expect(await texts('wall')).toEqual([]);
    const { contributions } = await fordi.explain('guide', { slot: 'wall' });
    expect(contributions[0]?.verdict.mode).toBe('none');
  });

  test.each<[string, (fordi: Fordi) => Promise<unknown>]>([
    ['refused', (f) => f.refuse({ purposes: ['wellbeing'] })],
    ['withdrawn', (f) => f.withdraw({ purposes: ['wellbeing'] })],
    ['decided against beside a yes', (f) => f.decide({ personalization: true, wellbeing: false })],
  ])('are erased when the purpose is %s', async (_, act) => {
    const fordi = await told();
    await fordi.declare({ topic: 'outdoors' });
    await act(fordi);
    expect((await recordsOnDisk()).map(({ topic }) => topic)).toEqual(['outdoors']);
    expect((await fordi.evidence()).map(({ topic }) => topic)).toEqual(['outdoors']);
    expect(JSON.stringify([...(await disk())].filter(([key]) => key !== 'receipts'))).not.toContain('"health"');
    expect((await fordi.recommend()).map(({ item }) => item.id)).not.toContain('guide');
    await fordi.grant(['wellbeing']);
    expect((await fordi.evidence()).map(({ topic }) => topic)).toEqual(['outdoors']);
  });

  test('are erased when the purpose has run out or is gone, before any read', async () => {
    const fordi = await told();
    const other = choiceOnDisk() as { more: Record<string, { until: number; at: number }> };
    const { wellbeing } = other.more;
    localStorage.setItem('fordi', JSON.stringify({ ...other, more: { wellbeing: { ...wellbeing, until: NOW + DAY } } }));
    travel(2);
    closeAll();
    const next = page({ purposes, catalog });
    expect(await next.evidence()).toEqual([]);
    expect(await recordsOnDisk()).toEqual([]);
    fordi.stop();
    freshDevice();
    await told();
    closeAll();
    expect(await page({ catalog }).evidence()).toEqual([]);
    expect(await recordsOnDisk()).toEqual([]);
  });

  test('are not read while an open page outlives the purpose', async () => {
    const fordi = await told();
    const record = choiceOnDisk() as { more: Record<string, object> };
    localStorage.setItem('fordi', JSON.stringify({ ...record, more: { wellbeing: { ...record.more.wellbeing, until: NOW + DAY } } }));
    travel(2);
    await listen(fordi, 'walks'); // whatever is done looks at the record
    expect(await fordi.recommend()).not.toContainEqual(expect.objectContaining({ item: catalog[0] }));
    expect((await fordi.evidence()).map(({ verb }) => verb)).toEqual(['listen']);
    expect((await recordsOnDisk()).map(({ verb }) => verb)).toEqual(['listen']);
  });

  test('written behind fordi’s back as bought, done or concluded, they are no records', async () => {
    const fordi = await told();
    const [e] = await fordi.evidence();
    closeAll();
    const forged = WAYS.slice(1).map((provenance, i) => ({ ...e, id: `x${i}`, provenance }));
    await tamper([['tail', [e, ...forged, { ...e, id: 'y', topic: undefined, item: 'guide' }]]]);
    expect(await page({ purposes, catalog }).evidence()).toEqual([e]);
    expect(await recordsOnDisk()).toEqual([e]);
  });
});

describe('the table of what is kept', () => {
  /** Which line of the table speaks of a key. */
  const lineOf = (key: IDBValidKey) =>
    typeof key === 'number' || key === 'tail' ? 'fordi/tail, 1, 2 …' : `${key}`.startsWith('item:') ? 'fordi/item:*' : `fordi/${key}`;
  const here = async (fordi: Fordi) =>
    (await fordi.inventory()).filter(({ present }) => present).map(({ name, place }) => `${place} ${name}`);

  test('R7b · equals a dump of the device, at every stage', async () => {
    const fordi = page({ catalog: [] });
    await fordi.ready;
    expect(await here(fordi)).toEqual([]);
    expect(await names()).toEqual([]);
    await fordi.grant();
    const dump = async () => [
      ...Object.keys(Object.fromEntries((localStorage as never as { held: Map<string, string> }).held)).map((name) => `local ${name}`),
      ...(await names()).map((name) => `database ${name}`),
      ...[...new Set([...(await disk()).keys()].map(lineOf))].map((line) => `database ${line}`),
    ];
    for (let i = 0; i < 40; i++) {
      expect((await here(fordi)).sort()).toEqual((await dump()).sort());
      await fordi.observe({ verb: 'listen', item: { id: `own${i}`, title: 'Own' } });
    }
    expect((await here(fordi)).sort()).toEqual((await dump()).sort());
    expect(await here(fordi)).toHaveLength(7);
    await fordi.withdraw();
    expect(await here(fordi)).toEqual(['local fordi']);
    expect(await here(fordi)).toEqual(await dump());
  });

  test('R7b · names purpose, use and days of everything, and what the owner declares', async () => {
    const terms = { title: 'T', text: 'T', keeps: 'T', days: 30 };
    const stores = [{ name: '_x*', place: 'cookie', what: 'Counts', days: 30 }] as const;
    const services = { video: { title: 'V', stores: [{ name: 'v', place: 'session' }] } } as const;
    const fordi = page({ purposes: { measurement: { ...terms, stores, services } } });
    const rows = await fordi.inventory();
    for (const { purpose, what, days, present } of rows.slice(0, 7)) {
      expect([purpose, typeof what, present]).toEqual([expect.stringMatching(/choice|personalization/), 'string', false]);
      expect(days).toBeLessThanOrEqual(182);
    }
    expect(rows.slice(7)).toEqual([
      { name: '_x*', place: 'cookie', purpose: 'measurement', what: 'Counts', days: 30 },
      { name: 'v', place: 'session', purpose: 'measurement', service: 'video' },
    ]);
  });
});

describe('what is sensitive', () => {
  const event = { verb: 'listen', item: { id: 'x', title: 'X', topics: ['tarot'] } } as const;

  test('N2 · a sensitive view leaves the store as it was, and nothing of it anywhere', async () => {
    const fordi = await granted();
    await listen(fordi);
    const log = vi.spyOn(console, 'error');
    const before = [await disk(), await fordi.export()];
    const items = [
      { id: 'a', title: 'Living with diabetes' },
      { id: 'b', title: 'B', url: '/shop/pregnancy/12' },
      { id: 'c', title: 'C', topics: ['religion'] },
      { id: 'd', title: 'D', sensitivity: 'special' },
    ] as const;
    for (const item of items) expect(await fordi.observe({ verb: 'view', item })).toEqual({ kept: false, reason: 'special' });
    expect(await fordi.observe({ verb: 'search', topic: 'am I depressed' })).toEqual({ kept: false, reason: 'special' });
    expect([await disk(), await fordi.export()]).toEqual(before);
    expect(log).not.toHaveBeenCalled();
    expect((await fordi.explain('blue-train')).contributions.map(({ signal }) => signal.item)).toEqual(['kind-of-blue']);
  });

  test('N3 · what comes to be listed as special is gone at the next start, what comes to be guarded is guarded', async () => {
    const fordi = await granted({ catalog: [event.item] });
    await fordi.observe({ verb: 'listen', item: 'x' });
    await fordi.declare({ topic: 'tarot' });
    await fordi.declare({ topic: 'jazz' });
    closeAll();
    const guarded = page({ catalog: [event.item], sensitive: { guarded: ['tarot'] } });
    await guarded.ready;
    expect((await guarded.evidence()).map(({ topic, item, sensitivity }) => [topic ?? item, sensitivity])).toEqual([
      ['jazz', 'ordinary'],
      ['tarot', 'guarded'],
      ['x', 'guarded'],
    ]);
    closeAll();
    const special = page({ catalog: [event.item], sensitive: { special: ['tarot'] } });
    expect(await special.recommend()).toEqual([]);
    expect((await special.evidence()).map(({ topic }) => topic)).toEqual(['jazz']);
    expect((await recordsOnDisk()).map(({ topic }) => topic)).toEqual(['jazz']);
  });

  test('N3 · where items travel with the page, as soon as it says so', async () => {
    const fordi = await granted({ catalog: [] });
    await fordi.observe(event);
    closeAll();
    const next = page({ catalog: [], sensitive: { special: ['tarot'] } });
    await next.ready;
    expect(await recordsOnDisk()).toEqual([]);
    expect([...(await disk()).keys()]).not.toContain('item:x');
  });

  test('N4 · one act hides every explanation, and it stays hidden', async () => {
    const fordi = await granted();
    await listen(fordi);
    expect((await fordi.recommend())[0]?.because).toBeDefined();
    await fordi.setVoice('quiet');
    const all = [...(await fordi.recommend()), ...(await fordi.shelves()).flatMap(({ picks }) => picks)];
    expect(all.filter(({ because }) => because?.kind === 'records' || because?.kind === 'topic')).toEqual([]);
    closeAll();
    expect((await page().recommend()).filter(({ because }) => because?.kind === 'records')).toEqual([]);
  });
});

describe('the days that the table of what is kept promises', () => {
  const brief = { catalog: [], notice: { version: '1', keeps: ALL_VERBS, days: 30 } };
  const rows = async (fordi: Fordi) =>
    Object.fromEntries((await fordi.inventory()).map(({ name, place, days, present }) => [`${place} ${name}`, { days, present }]));
  const visit = async (options: Partial<Options>) => {
    closeAll();
    const fordi = page(options);
    await fordi.ready;
    return fordi;
  };
  /** A yes, and all that can be kept under it. */
  const lives = async (options: Partial<Options>) => {
    freshDevice();
    const fordi = await granted(options);
    for (let i = 0; i < 40; i++) await fordi.observe({ verb: 'listen', item: { id: 'own', title: 'Own' } });
    return fordi;
  };

  test.each([
    ['as it comes', { catalog: [] }, 180],
    ['thirty days', brief, 30],
  ] as const)('R7b, L18 · %s: the day before each thing is there, on that day it is gone', async (_, options, days) => {
    const promised = await rows(await lives(options));
    expect(Object.values(promised).every(({ present }) => present)).toBe(true);
    expect(Object.fromEntries(Object.entries(promised).map(([name, row]) => [name, row.days]))).toEqual({
      'local fordi': 182,
      'database fordi': 182,
      'database fordi/gate': 182,
      'database fordi/receipts': 182,
      'database fordi/tail, 1, 2 …': days,
      'database fordi/signals': days,
      'database fordi/item:*': days,
    });
    for (const [name, row] of Object.entries(promised)) {
      vi.setSystemTime(NOW);
      await lives(options);
      vi.setSystemTime(NOW + ((row.days as number) - 1) * DAY);
      expect([name, (await rows(await visit(options)))[name]?.present]).toEqual([name, true]);
      vi.setSystemTime(NOW + (row.days as number) * DAY + 1);
      const fordi = await visit(options);
      if (name === 'local fordi') expect([fordi.choice(), fordi.get().asking?.why]).toEqual(['expired', 'again']);
      else expect([name, (await rows(fordi))[name]?.present]).toEqual([name, false]);
      const old = JSON.stringify([...(await disk())]);
      if (row.days === days) expect(old).not.toContain('"own"');
    }
  });

  test('L18 · under a page that is left open, as soon as it is looked at again', async () => {
    await lives(brief);
    const channel = new BroadcastChannel('fordi');
    const look = async (days: number) => {
      vi.setSystemTime(NOW + days * DAY + 1);
      channel.postMessage(0);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await settled();
    };
    await look(29);
    expect(await recordsOnDisk()).toHaveLength(40);
    await look(30);
    await eventually(async () => expect(await recordsOnDisk()).toEqual([]));
    expect(JSON.stringify([...(await disk())])).not.toContain('"own"');
    channel.close();
  });

  test('R7b, L16 · a no is there for as long, then it is gone and asked again', async () => {
    await page().refuse();
    const { days } = (await rows(page()))['local fordi'] as { days: number };
    vi.setSystemTime(NOW + (days - 1) * DAY);
    const before = await visit({});
    expect([before.choice(), (await rows(before))['local fordi']?.present]).toEqual(['refused', true]);
    vi.setSystemTime(NOW + days * DAY);
    const after = await visit({});
    expect([after.choice(), after.get().asking?.why, (await rows(after))['local fordi']?.present]).toEqual(['unset', 'again', false]);
  });
});

describe('limits', () => {
  test('L17 · no record is promised for longer than a choice holds', () => {
    expect(() => page({ notice: { version: '1', keeps: ['listen'], days: 183 } })).toThrow(/notice\.days/);
  });

  test('L18 · what an event carries beside the words of the manual is never on the disk', { timeout: LONG }, () =>
    fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ minLength: 6 }), fc.string({ minLength: 12, maxLength: 20 })), async (extra) => {
        freshDevice();
        const fordi = await granted();
        const more = Object.fromEntries(Object.entries(extra).map(([name, value]) => [`x-${name}`, `secret ${value}`]));
        const item = { id: 'own', title: 'Own', ...more };
        await fordi.observe({ ...more, verb: 'listen', item } as never);
        const kept = JSON.stringify([...(await disk())]);
        expect(kept).toContain('"own"');
        expect(kept).not.toContain('secret ');
        closeAll();
      }),
      { numRuns: 200 },
    ),
  );

  test('L19 · without permission no call gives out anything of a profile', async () => {
    const fordi = await granted();
    await listen(fordi);
    await fordi.withdraw();
    const said = JSON.stringify([
      fordi.get(),
      await fordi.evidence(),
      await fordi.export(),
      await fordi.receipts(),
      await fordi.recommend(),
      await fordi.shelves(),
      await fordi.explain('blue-train'),
      await fordi.inventory(),
    ]);
    expect(said).not.toMatch(/listen"(?!,|\])|you listened/);
    expect(said).not.toContain('"records":1');
  });
});
