import fc from 'fast-check';
import type { Chosen, Event, Fordi, Options, Variant, Voice } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import { DAY, deaf, freshDevice, granted, page, RECORDS, settled } from './support/world.js';

// One of several blocks of content, under the law of the shelf.

const HEROES: readonly Variant[] = [
  { id: 'plain' },
  { id: 'jazz', topics: ['jazz', 'modal'] },
  { id: 'folk', topics: ['folk'] },
  { id: 'private', topics: ['lingerie'] },
];
const opened = (more: Partial<Options> = {}) => granted({ slots: { hall: { visibility: 'public' } }, ...more });
const id = async (fordi: Fordi, variants = HEROES, slot = 'hero', request = {}) =>
  (await fordi.choose(slot, variants, request)).variant?.id;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('said often enough', () => {
  const visits = async (shown: (fordi: Fordi, chosen: Chosen<Variant>) => unknown) => {
    const fordi = await granted({ notice: { version: '1', keeps: ['listen', 'told'] } });
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    const said: unknown[] = [];
    for (let day = 2; day < 8; day++) {
      vi.setSystemTime(NOW + day * DAY);
      const chosen = await fordi.choose('hero', HEROES);
      said.push([chosen.variant?.id, chosen.mode, chosen.because?.text]);
      await shown(fordi, chosen);
      await shown(fordi, chosen); // once a visit
    }
    return { fordi, said };
  };
  const named = ['jazz', 'explicit', 'Because you listened to Kind of Blue'];

  test('a block’s reason rests like any other: said on three days, and the block stays without it', async () => {
    const { fordi, said } = await visits((f, chosen) => f.shown([chosen]));
    expect(said).toEqual([named, named, named, ...Array(3).fill(['jazz', 'implicit', undefined])]);
    expect((await fordi.evidence()).map(({ verb, item }) => [verb, item])).toEqual([
      ...Array(3).fill(['told', 'kind-of-blue']),
      ['listen', 'kind-of-blue'],
    ]);
  });

  test('what nobody has seen was not said', async () => {
    expect((await visits(() => 0)).said).toEqual(Array(6).fill(named));
  });
});

describe('shown often enough', () => {
  const HOUR = DAY / 24;
  const keeps = ['listen', 'view', 'dismiss', 'declare', 'shown', 'told'] as const;
  const visitor = async (more: Partial<Options> = {}) => {
    const fordi = await opened({ notice: { version: '1', keeps }, ...more });
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    return fordi;
  };
  /** A visit on that day, `act` done in it: the block that was shown, seen. */
  const visit = async (fordi: Fordi, day: number, act?: Event, variants = HEROES) => {
    vi.setSystemTime(NOW + day * DAY);
    const chosen = await fordi.choose('hero', variants);
    await fordi.shown([chosen]);
    await fordi.shown([chosen]); // once a visit
    if (act) await fordi.observe(act);
    return chosen.variant?.id;
  };
  const visits = async (fordi: Fordi, days: readonly number[], act?: Event, variants = HEROES) => {
    const shown: unknown[] = [];
    for (const day of days) shown.push(await visit(fordi, day, act, variants));
    return shown;
  };

  test('a block shown on four days without interest rests, says so when asked, and returns after two weeks', async () => {
    const fordi = await visitor();
    expect(await visits(fordi, [1, 2, 3, 4])).toEqual(Array(4).fill('jazz'));
    expect(await visit(fordi, 5)).toBe('plain');
    const trace = await fordi.explain('jazz', { slot: 'hero', variants: HEROES });
    expect([trace.item?.id, trace.excluded, trace.place]).toEqual(['jazz', 'tired', undefined]);
    expect(trace.contributions.find(({ signal }) => signal.verb === 'shown')).toMatchObject({ share: 0, signal: { count: 4 } });
    expect(await visit(fordi, 17)).toBe('plain');
    expect(await visit(fordi, 18.1)).toBe('jazz');
  });

  test('what is kept of it is a record like any other: named, exported, deleted, and then the block is back', async () => {
    const fordi = await visitor();
    await visits(fordi, [1, 2, 3, 4]);
    const kept = (await fordi.export()).evidence.filter(({ verb }) => verb === 'shown');
    expect(kept).toHaveLength(4);
    expect(kept[0]).toMatchObject({ item: 'variant:jazz', title: 'jazz', provenance: 'passive', sensitivity: 'ordinary' });
    expect(await visit(fordi, 5)).toBe('plain');
    for (const { id } of kept) await fordi.forget(id);
    expect(await id(fordi)).toBe('jazz');
  });

  test('it never goes from under the visitor’s eyes: the visit that tires it keeps it', async () => {
    const fordi = await visitor();
    await visits(fordi, [1, 2, 3, 4]);
    vi.setSystemTime(NOW + 4 * DAY + HOUR / 3);
    expect(await id(fordi)).toBe('jazz');
    vi.setSystemTime(NOW + 4 * DAY + HOUR);
    expect(await id(fordi)).toBe('plain');
  });

  test.each<[string, Event, string]>([
    ['an act about something of its topic keeps it', { verb: 'listen', item: 'blue-train' }, 'jazz'],
    ['so does a look', { verb: 'view', item: 'moanin' }, 'jazz'],
    ['and a word about the topic', { verb: 'declare', topic: 'modal' }, 'jazz'],
    ['less of it is no interest', { verb: 'declare', topic: 'jazz', value: -0.2 }, 'plain'],
    ['nor is what is about something else', { verb: 'view', item: 'hit' }, 'plain'],
  ])('%s', async (_, act, shown) => {
    const fordi = await visitor();
    expect(await visit(fordi, 1)).toBe('jazz');
    expect(await visit(fordi, 2, act)).toBe('jazz');
    expect(await visits(fordi, [3, 4, 5])).toEqual(['jazz', 'jazz', shown]);
  });

  test('what brought it, before it was ever shown, is no interest in it; the same again is, and wakes it', async () => {
    const fordi = await visitor();
    await visits(fordi, [0, 1, 2, 3]);
    expect(await visit(fordi, 4)).toBe('plain');
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    expect(await id(fordi)).toBe('jazz');
  });

  test('what everybody sees, the first that is for nobody in particular, never rests', async () => {
    const fordi = await visitor({ fatigue: { shows: 1 } });
    const blocks: Variant[] = [{ id: 'back', audience: 'returning' }, { id: 'plain' }, { id: 'other' }];
    expect(await visits(fordi, [1, 2, 3, 4], undefined, blocks)).toEqual(['back', 'plain', 'plain', 'plain']);
  });

  test('nor does it where one before it, for nobody in particular either, is over or not to be had', async () => {
    const fordi = await visitor({ fatigue: { shows: 1 } });
    const blocks: Variant[] = [{ id: 'sale', until: '2020-01-01' }, { id: 'sold', available: false }, { id: 'plain' }];
    expect(await visits(fordi, [1, 2, 3], undefined, blocks)).toEqual(['plain', 'plain', 'plain']);
  });

  test('where all rest none is chosen', async () => {
    const fordi = await visitor({ fatigue: { shows: 1 } });
    const blocks: Variant[] = [
      { id: 'jazz', topics: ['jazz'] },
      { id: 'folk', topics: ['folk'] },
    ];
    expect(await visits(fordi, [1, 2, 3], undefined, blocks)).toEqual(['jazz', 'folk', undefined]);
    expect(await fordi.choose('hero', blocks)).toEqual({ mode: 'none' });
    expect((await fordi.explain('folk', { slot: 'hero', variants: blocks })).excluded).toBe('tired');
  });

  test('what the visitor turned away is told as that, rested or not', async () => {
    const fordi = await visitor({ fatigue: { shows: 1 } });
    await visit(fordi, 1);
    await fordi.declare({ topic: 'jazz', value: -1 });
    vi.setSystemTime(NOW + 2 * DAY);
    expect((await fordi.explain('jazz', { slot: 'hero', variants: HEROES })).excluded).toBe('dismissed');
  });

  test('with “off”, with an objection to what is only watched, and for a stranger, nothing rests', async () => {
    const fordi = await visitor({ fatigue: { shows: 1 } });
    const blocks: Variant[] = [
      { id: 'one', topics: ['jazz'] },
      { id: 'two', topics: ['folk'] },
    ];
    expect(await visits(fordi, [1, 2], undefined, blocks)).toEqual(['one', 'two']);
    vi.setSystemTime(NOW + 3 * DAY);
    await fordi.setVoice('off');
    expect(await id(fordi, blocks)).toBe('one');
    await fordi.setVoice('explained');
    expect(await id(fordi, blocks)).toBeUndefined();
    await fordi.object('passive', true);
    expect(await id(fordi, blocks)).toBe('one');
    await fordi.object('passive', false);
    await fordi.withdraw();
    expect(await id(fordi, blocks)).toBe('one');
  });

  test('nothing is kept of a block about what is special, of one that is none, nor where the notice does not say so', async () => {
    const fordi = await visitor();
    const ill = { variant: { id: 'ill', topics: ['cancer'] }, mode: 'none' } as const;
    const none = [
      { variant: {}, mode: 'none' },
      { variant: 7, mode: 'none' },
      { variant: { id: 'x', topics: 7 }, mode: 'none' },
      { mode: 'none' },
    ];
    expect(await fordi.shown([ill, ...none] as never)).toBe(0);
    expect(await fordi.shown([{ variant: { id: 'y' }, mode: 'none' }])).toBe(1);
    freshDevice();
    const other = await opened();
    await other.observe({ verb: 'listen', item: 'kind-of-blue' });
    expect(await visits(other, [1, 2, 3, 4, 5, 6])).toEqual(Array(6).fill('jazz'));
    expect(await other.evidence()).toHaveLength(1);
  });

  test('a block is no item: none of that name tires with it, and no shelf shows it', async () => {
    const fordi = await visitor({ fatigue: { shows: 1 }, catalog: [...RECORDS, { id: 'jazz', title: 'Jazz', topics: ['jazz'] }] });
    await visit(fordi, 1);
    vi.setSystemTime(NOW + 2 * DAY);
    expect((await fordi.explain('jazz')).excluded).toBeUndefined();
    expect((await fordi.recommend({ limit: 100 })).map(({ item }) => item.id)).not.toContain('variant:jazz');
  });
});

test('no item can be taken for a block: none is called as blocks are among the records', async () => {
  const twin = { id: 'variant:jazz', title: 'Jazz, the variant', topics: ['jazz'] };
  const fordi = page({
    notice: { version: '1', keeps: ['listen', 'shown'] },
    fatigue: { shows: 1 },
    catalog: [...RECORDS, twin],
  });
  await fordi.ready;
  expect(fordi.get().catalog).toMatchObject({
    dropped: 1,
    problems: [`items[${RECORDS.length}].id begins with "variant:", as blocks of content do, and is left out`],
  });
  await fordi.grant();
  await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
  expect([fordi.item(twin.id), await fordi.add([twin])]).toEqual([undefined, 0]);
  expect(await fordi.observe({ verb: 'listen', item: twin })).toEqual({ kept: false, reason: 'unknown-item' });
  expect(await fordi.shown([{ item: twin, mode: 'none' }] as never)).toBe(0);
  const blocks = [{ id: 'plain' }, { id: 'jazz', topics: ['jazz'] }];
  const chosen = await fordi.choose('hero', blocks);
  expect([chosen.variant?.id, await fordi.shown([chosen])]).toEqual(['jazz', 1]);
  expect(await fordi.choose('hero', [{ id: 'variant:jazz', topics: ['jazz'] }])).toMatchObject({ variant: { id: 'variant:jazz' } });
});

describe('a reason hangs by what goes with it', () => {
  test('without the record there is no earlier visit either: where that alone kept another block away, it is no reason', async () => {
    const blocks: Variant[] = [
      { id: 'back', audience: 'returning' },
      { id: 'jazz', topics: ['jazz'] },
    ];
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    vi.setSystemTime(NOW + DAY);
    const { variant, mode, because } = await fordi.choose('hero', blocks);
    expect([variant?.id, mode, because]).toEqual(['jazz', 'implicit', undefined]);
    expect(await fordi.explain('jazz', { slot: 'hero', variants: blocks })).toMatchObject({ place: 1, mode: 'implicit' });
    expect((await fordi.explain('jazz', { slot: 'hero', variants: blocks })).because).toBeUndefined();
    await fordi.forget({ item: 'kind-of-blue' });
    expect(await id(fordi, blocks)).toBe('jazz'); // nobody has been here before, and it is the first of the rest
  });

  test('without the record the visit falls apart, and what began it was an earlier one: what that would bar is no rival', async () => {
    const blocks: Variant[] = [
      { id: 'hello', audience: 'new' },
      { id: 'jazz', topics: ['jazz'] },
    ];
    const fordi = await opened();
    await fordi.observe({ verb: 'view', item: 'computer-world' });
    vi.setSystemTime(NOW + DAY / 72);
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    vi.setSystemTime(NOW + DAY / 32);
    const { variant, mode, because } = await fordi.choose('hero', blocks);
    expect([variant?.id, mode, because]).toEqual(['jazz', 'implicit', undefined]);
    await fordi.forget({ item: 'kind-of-blue' });
    expect(await id(fordi, blocks)).toBe('jazz');
  });

  test('a rival that is there for the page goes with it: then the page is no reason', async () => {
    const blocks: Variant[] = [
      { id: 'club', context: ['jazz'] },
      { id: 'jazz', topics: ['jazz'] },
    ];
    const fordi = await opened();
    const { variant, because } = await fordi.choose('hero', blocks, { context: 'blue-train' });
    expect([variant?.id, because]).toEqual(['jazz', undefined]);
    expect(await id(fordi, blocks)).toBe('jazz');
    expect((await fordi.choose('hero', HEROES, { context: 'blue-train' })).because?.text).toBe('Similar to Blue Train');
  });

  const minutes = (n: number) => (n * DAY) / 1440;
  test('R4 · forgotten, or elsewhere, another block is shown, whatever the blocks, the visits and the page', {
    timeout: 600_000,
  }, async () => {
    let named = 0;
    const options = {
      notice: { version: '1', keeps: ['listen', 'view', 'like', 'remove', 'shown', 'told'] },
      fatigue: { shows: 2 },
    } as const;
    const block = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      topics: fc.subarray(['jazz', 'folk', 'techno', 'pop', 'hard bop']),
      prior: fc.constantFrom(0, 0, 0, 0.05, 0.3),
      audience: fc.constantFrom(undefined, undefined, 'new', 'returning'),
      context: fc.constantFrom(undefined, undefined, ['jazz'], ['folk']),
    });
    const event = fc.record({
      verb: fc.constantFrom('listen', 'view', 'like', 'remove', 'shown'),
      item: fc.constantFrom('kind-of-blue', 'blue', 'computer-world', 'moanin', 'liege', 'hit'),
      gap: fc.constantFrom(0, 10, 20, 25, 29, 40, 1500),
    });
    const blocks = fc.uniqueArray(block, { selector: ({ id }) => id, minLength: 2 });
    const gap = fc.constantFrom(0, 10, 20, 29, 31, 45, 1500);
    await fc.assert(
      fc.asyncProperty(
        blocks,
        fc.array(event, { maxLength: 7 }),
        gap,
        fc.constantFrom('', '', 'blue-train', 'pink-moon'),
        async (...life) => {
          const [variants, events, then, context] = life as unknown as [
            Variant[],
            (Event & { verb: string; gap: number })[],
            number,
            string,
          ];
          const asked = context ? { context } : {};
          freshDevice();
          vi.setSystemTime(NOW);
          const fordi = await granted(options);
          for (const { gap, ...happened } of events) {
            vi.setSystemTime(Date.now() + minutes(gap));
            if (happened.verb === 'shown') await fordi.shown([await fordi.choose('hero', variants, asked)]);
            else await fordi.observe(happened);
          }
          vi.setSystemTime(Date.now() + minutes(then));
          const { variant, because } = await fordi.choose('hero', variants, asked);
          if (!because || because.kind === 'shop') return;
          named++;
          const stored = because.evidence.filter(({ provenance }) => provenance !== 'contextual');
          const isPage = because.kind === 'page' || stored.length < because.evidence.length;
          for (const { item, verb } of stored) await fordi.forget({ item: item as string, verb });
          const after = await fordi.choose('hero', variants, isPage ? {} : asked);
          expect(after.variant?.id).not.toBe(variant?.id);
          const fresh = deaf(options);
          await fresh.ready;
          expect(await fresh.choose('hero', variants, isPage ? {} : asked)).toEqual(after);
        },
      ),
      { numRuns: times(1_000) },
    );
    expect(named).toBeGreaterThan(times(1_000) / 20);
  });
});

describe('choose', () => {
  test('a stranger is shown the first, and nothing is claimed', async () => {
    const fordi = page();
    await fordi.ready;
    expect(await fordi.choose('hero', HEROES)).toEqual({ variant: HEROES[0], mode: 'none' });
  });

  test('what the visitor listened to decides, and is named', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    const { variant, mode, because } = await fordi.choose('hero', HEROES);
    expect([variant?.id, mode, because?.text]).toEqual(['jazz', 'explicit', 'Because you listened to Kind of Blue']);
  });

  test('the same block would be shown to anybody: then nothing about the visitor is the reason', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    const { variant, because } = await fordi.choose('hero', [
      { id: 'jazz', topics: ['jazz'] },
      { id: 'folk', topics: ['folk'] },
    ]);
    expect([variant?.id, because]).toEqual(['jazz', undefined]);
  });

  test('R8 · take the evidence away and another block is shown', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    expect(await id(fordi)).toBe('jazz');
    await fordi.forget({ item: 'kind-of-blue' });
    expect(await id(fordi)).toBe('plain');
    await fordi.observe({ verb: 'listen', item: 'pink-moon' });
    expect(await id(fordi)).toBe('folk');
    await fordi.withdraw();
    expect(await id(fordi)).toBe('plain');
  });

  test('what is too personal for a place is not chosen there, and is nowhere named', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'search', topic: 'lingerie' });
    expect(await fordi.choose('hall', HEROES)).toMatchObject({ variant: { id: 'plain' } });
    const { variant, mode, because } = await fordi.choose('hero', HEROES);
    expect([variant?.id, mode, because]).toEqual(['private', 'implicit', undefined]);
  });

  test('a visitor who asked for silence is given the block without the reason, and with “off” the first', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await fordi.setVoice('quiet');
    expect(await fordi.choose('hero', HEROES)).toEqual({ variant: HEROES[1], mode: 'implicit' });
    await fordi.setVoice('off');
    expect(await fordi.choose('hero', HEROES)).toEqual({ variant: HEROES[0], mode: 'none' });
  });

  test('new and returning: an earlier visit counts, this one does not, and it is not spoken of', async () => {
    const blocks: Variant[] = [
      { id: 'back', audience: 'returning' },
      { id: 'hello', audience: 'new' },
    ];
    const fordi = await opened();
    expect(await id(fordi, blocks)).toBe('hello');
    await fordi.observe({ verb: 'view', item: 'blue' });
    expect(await id(fordi, blocks)).toBe('hello');
    vi.setSystemTime(NOW + DAY);
    expect(await fordi.choose('hero', blocks)).toEqual({ variant: blocks[0], mode: 'implicit' });
    await fordi.observe({ verb: 'view', item: 'blue' });
    expect(await id(fordi, blocks)).toBe('back');
    await fordi.setVoice('off');
    expect(await id(fordi, blocks)).toBe('hello');
  });

  test('context: only on pages about it', async () => {
    const blocks: Variant[] = [{ id: 'jazz-club', context: ['jazz'] }, { id: 'anywhere' }];
    const fordi = await opened();
    expect(await id(fordi, blocks)).toBe('anywhere');
    expect(await id(fordi, blocks, 'hero', { context: 'blue-train' })).toBe('jazz-club');
    expect(await id(fordi, blocks, 'hero', { context: 'blue' })).toBe('anywhere');
  });

  test('a variant of the name of an item is not that item', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'purchase', item: 'kind-of-blue' });
    expect(await id(fordi, [{ id: 'plain' }, { id: 'kind-of-blue', topics: ['jazz'] }])).toBe('kind-of-blue');
  });

  test('nothing to choose from, nonsense, and an owner who lets no prior count', async () => {
    const fordi = await opened({ ranking: { prior: 0 } });
    expect(await fordi.choose('hero', [])).toEqual({ mode: 'none' });
    expect(await fordi.choose('hero', [{} as Variant, { id: 'x', topics: 7 as never }])).toEqual({ mode: 'none' });
    expect(await fordi.choose('hero', undefined as never)).toEqual({ mode: 'none' });
    expect(await id(fordi, [null, { id: Symbol('x') }, { id: 'sound' }] as never)).toBe('sound');
    expect(await id(fordi)).toBe('plain');
  });

  test('over or unavailable: the next', async () => {
    const fordi = await opened();
    const blocks: Variant[] = [{ id: 'sale', until: '2020-01-01' }, { id: 'sold', available: false }, { id: 'open' }];
    expect(await id(fordi, blocks)).toBe('open');
  });
});

describe('why a block', () => {
  const why = (fordi: Fordi, of: string, variants = HEROES, slot = 'hero') => fordi.explain(of, { slot, variants });

  test('R8 · every contribution, verdict and record behind the one that is shown; its own id; and the parts make the whole', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    const { variant, mode, because } = await fordi.choose('hero', HEROES);
    const trace = await why(fordi, 'jazz');
    expect(variant?.id).toBe('jazz');
    expect(trace).toMatchObject({ item: { id: 'jazz', topics: ['jazz', 'modal'] }, place: 1, mode, because });
    const [first] = trace.contributions;
    expect([first?.signal.item, first?.verdict.mode, first?.evidence.map(({ verb }) => verb)]).toEqual([
      'kind-of-blue',
      'explicit',
      ['listen'],
    ]);
    expect(trace.contributions.reduce((sum, { share }) => sum + share, trace.prior + trace.page)).toBeCloseTo(trace.score, 8);
  });

  test('one that is not shown: no place, no reason, and what speaks for it', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    const trace = await why(fordi, 'folk');
    expect(trace).toMatchObject({ item: { id: 'folk' }, mode: 'none' });
    expect([trace.place, trace.because]).toEqual([undefined, undefined]);
  });

  test('what is used and may not be named is told when asked', async () => {
    const fordi = await opened();
    await fordi.observe({ verb: 'search', topic: 'lingerie' });
    const trace = await why(fordi, 'private');
    expect([trace.place, trace.mode, trace.because]).toEqual([1, 'implicit', undefined]);
    expect(trace.contributions.map(({ signal, verdict }) => [signal.topic, verdict])).toEqual([
      ['lingerie', { mode: 'implicit', reasons: ['sensitivity'] }],
    ]);
    expect((await why(fordi, 'private', HEROES, 'hall')).excluded).toBe('personal');
  });

  test('that somebody has been here before is told; and where it bars a block, that', async () => {
    const blocks: Variant[] = [
      { id: 'back', audience: 'returning' },
      { id: 'hello', audience: 'new' },
      { id: 'fair', context: ['jazz'] },
    ];
    const fordi = await opened();
    await fordi.observe({ verb: 'listen', item: 'blue' });
    expect([(await why(fordi, 'back', blocks)).excluded, (await why(fordi, 'back', blocks)).returning]).toEqual(['audience', undefined]);
    vi.setSystemTime(NOW + DAY);
    expect(await why(fordi, 'back', blocks)).toMatchObject({ place: 1, returning: true });
    expect((await why(fordi, 'hello', blocks)).excluded).toBe('audience');
    expect((await why(fordi, 'fair', blocks)).excluded).toBe('context');
  });

  test('a stranger hears that nothing about them was used', async () => {
    const fordi = page();
    const { contributions, mode, place, because } = await why(fordi, 'plain');
    expect([contributions, mode, place, because]).toEqual([[], 'none', 1, undefined]);
  });

  test('one that is not among them, nonsense, and an item of the same name', async () => {
    const fordi = await opened();
    const unknown = { excluded: 'unknown', score: 0, prior: 0, page: 0, contributions: [], mode: 'none' };
    expect(await why(fordi, 'kind-of-blue')).toEqual(unknown);
    expect(await why(fordi, 'x', [{ id: 'x', topics: 7 as never }])).toEqual(unknown);
    expect(await why(fordi, 'x', 7 as never)).toEqual(unknown);
    expect((await fordi.explain('kind-of-blue', { slot: 'hero' })).item?.id).toBe('kind-of-blue');
  });

  test('the trace says what the choice says, whatever the blocks and the history', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            id: fc.constantFrom('a', 'b', 'c', 'kind-of-blue'),
            topics: fc.subarray(['jazz', 'folk', 'techno', 'lingerie', 'health']),
            prior: fc.constantFrom(0, 0, 0.3, 1),
            audience: fc.constantFrom(undefined, 'new', 'returning'),
          }),
          { selector: ({ id }) => id, minLength: 1 },
        ),
        fc.array(
          fc.record({
            verb: fc.constantFrom('listen', 'view', 'purchase', 'dismiss'),
            item: fc.constantFrom('kind-of-blue', 'blue', 'computer-world'),
          }),
          {
            maxLength: 3,
          },
        ),
        fc.constantFrom('hero', 'hall'),
        fc.constantFrom('explained', 'quiet', 'off'),
        async (blocks, events, slot, voice) => {
          freshDevice();
          vi.setSystemTime(NOW);
          const fordi = await opened();
          for (const event of events) await fordi.observe(event as Event);
          await fordi.setVoice(voice as Voice);
          vi.setSystemTime(NOW + DAY);
          const variants = blocks as Variant[];
          const { variant, mode, because } = await fordi.choose(slot, variants);
          for (const { id } of variants) {
            const trace = await why(fordi, id, variants, slot);
            expect(trace.item?.id).toBe(id);
            expect(trace.place).toBe(id === variant?.id ? 1 : undefined);
            if (id === variant?.id) expect([trace.mode, trace.because]).toEqual([mode, because]);
            const sum = trace.contributions.reduce((all, { share }) => all + share, trace.prior + trace.page);
            expect(Math.abs(sum - trace.score)).toBeLessThan(1e-6);
          }
        },
      ),
      { numRuns: 1_000 },
    ),
  );
});

describe('the page has its turns while it is chosen', () => {
  /** A machine so slow that each step takes longer than the page should wait. */
  async function slowly<T>(ask: () => Promise<T>, turn: () => unknown): Promise<{ answer: T; turns: number }> {
    let now = 0;
    let turns = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 20));
    vi.stubGlobal('scheduler', {
      async yield() {
        turns++;
        await turn();
      },
    });
    const answer = await ask();
    clock.mockRestore();
    vi.unstubAllGlobals();
    return { answer, turns };
  }
  const heard = async () => {
    const fordi = await granted();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    return fordi;
  };

  test('and the choice is the same', async () => {
    const fordi = await heard();
    const at = await fordi.choose('hero', HEROES);
    expect(at.because?.text).toBe('Because you listened to Kind of Blue');
    const { answer, turns } = await slowly(
      () => fordi.choose('hero', HEROES),
      () => undefined,
    );
    expect(answer).toEqual(at);
    expect(turns).toBeGreaterThan(10);
  });

  test('what is forgotten meanwhile, at whichever turn, is in no answer', async () => {
    for (let when = 1; when < 12; when++) {
      const fordi = await heard();
      let turn = 0;
      const { answer } = await slowly(
        () => fordi.choose('hero', HEROES),
        () => (++turn === when ? fordi.forget({ all: true }) : undefined),
      );
      expect([when, answer.variant?.id, answer.because]).toEqual([when, 'plain', undefined]);
    }
  });

  test('a list of variants that is changed meanwhile is chosen from as it was', async () => {
    const fordi = await heard();
    const variants = [...HEROES];
    const { answer } = await slowly(
      () => fordi.choose('hero', variants),
      () => variants.splice(0),
    );
    expect(answer.variant?.id).toBe('jazz');
  });

  test('what is chosen and what is said of it are of one moment, however long a turn takes', async () => {
    const blocks: Variant[] = [
      { id: 'fair', context: ['jazz'] },
      { id: 'hello', audience: 'new', topics: ['jazz'] },
    ];
    for (let when = 1; when < 16; when++) {
      vi.setSystemTime(NOW);
      freshDevice();
      const fordi = await granted();
      await fordi.observe({ verb: 'listen', item: 'blue' });
      const ask = () => fordi.choose('hero', blocks, { context: 'kind-of-blue' });
      const before = await ask();
      let turn = 0;
      const { answer } = await slowly(ask, () => ++turn === when && vi.setSystemTime(NOW + DAY));
      vi.setSystemTime(NOW + DAY);
      expect([before, await ask()]).toContainEqual(answer);
    }
  });

  test('taken back meanwhile, at whichever turn, it is a stranger’s', async () => {
    const stranger = await page().choose('hero', HEROES);
    for (let when = 1; when < 16; when++) {
      freshDevice();
      const fordi = await heard();
      let turn = 0;
      const { answer } = await slowly(
        () => fordi.choose('hero', HEROES),
        () => (++turn === when ? fordi.withdraw() : undefined),
      );
      expect([when, answer]).toEqual([when, stranger]);
    }
  });

  test('questions under way at once are answered as each alone', async () => {
    const fordi = await heard();
    for (const item of ['blue', 'hit', 'blue-train']) await fordi.observe({ verb: 'listen', item });
    const asks: (() => Promise<unknown>)[] = [
      () => fordi.recommend({ slot: 'home' }),
      () => fordi.choose('hero', HEROES),
      () => fordi.recommend({ slot: 'home', context: 'pink-moon', limit: 3 }),
      () => fordi.explain('moanin', { slot: 'home' }),
      () => fordi.explain('jazz', { slot: 'hero', variants: HEROES }),
    ];
    const alone: unknown[] = [];
    for (const ask of asks) alone.push(await ask());
    const { answer, turns } = await slowly(
      () => Promise.all([...asks, ...asks].map((ask) => ask())),
      () => settled(),
    );
    expect(answer).toEqual([...alone, ...alone]);
    expect(turns).toBeGreaterThan(50);
  });
});
