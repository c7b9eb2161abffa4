import fc from 'fast-check';
import type { Chosen, Event, Fordi, Options, Variant, Voice } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { DAY, freshDevice, granted, page } from './support/world.js';

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
    const fordi = await granted({ notice: { version: '1', keeps: ['listen', 'shown', 'told'] } });
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
