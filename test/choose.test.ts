import type { Fordi, Options, Variant } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { DAY, granted, page } from './support/world.js';

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

  test('take the evidence away and another block is shown', async () => {
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
