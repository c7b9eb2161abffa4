import fc from 'fast-check';
import type { Event, Fordi, Item, Neighbour, Options, Pick } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import { closeAll, DAY, deaf, eventually, freshDevice, granted, page } from './support/world.js';

// No false reason where items come with the pages: with an act that is forgotten go the item, its cards and its links.

const IDS = ['a', 'b', 'c', 'd', 'x', 'y', 'z'];
const TOPICS = ['jazz', 'folk', 'soul'];
const some = fc.constantFrom(0.1, 0.3, 0.5, 1);

/** What a page or a card says of an item: mostly the same of one item, as one catalog has it. */
const said = (id: string, other: boolean): fc.Arbitrary<Item> => {
  const n = IDS.indexOf(id);
  const plain = { id, title: `The ${id}`, topics: [TOPICS[n % 3] as string], ...(n % 2 && { prior: 0.3 }) };
  return other
    ? fc
        .record({ topics: fc.subarray(TOPICS), prior: some, by: fc.constantFrom('Ada', 'Ben') }, { requiredKeys: [] })
        .map((more) => ({ id, title: `The ${id}`, ...more }))
    : fc.constant(plain);
};

const item = (id: string, others: boolean): fc.Arbitrary<Item> => {
  const to = fc.subarray(IDS.filter((one) => one !== id)).chain((ids) => fc.tuple(...ids.map((one) => fc.tuple(said(one, others), some))));
  const cards = to.map((list): readonly Neighbour[] => list.map(([card, weight]) => ({ ...card, weight })));
  const links = to.map((list) => Object.fromEntries(list.map(([card, weight]) => [card.id, weight])));
  return fc
    .tuple(said(id, others), fc.oneof({ weight: 4, arbitrary: cards }, { weight: 1, arbitrary: links }, fc.constant(undefined)))
    .map(([it, neighbours]) => ({ ...it, ...(neighbours && { neighbours }) }));
};

const scenes = fc.boolean().chain((others) => {
  const any = fc.constantFrom(...IDS).chain((id) => item(id, others));
  return fc.record({
    acts: fc.array(fc.tuple(fc.constantFrom('listen', 'listen', 'like', 'save', 'view', 'purchase'), any), { minLength: 1, maxLength: 6 }),
    topic: fc.constantFrom(undefined, undefined, ...TOPICS),
    shop: fc.oneof(fc.constant([]), fc.uniqueArray(any, { selector: ({ id }) => id, maxLength: 3 })),
    adds: fc.oneof(fc.constant([]), fc.uniqueArray(any, { selector: ({ id }) => id, maxLength: 2 })),
    size: fc.constantFrom(1, 1, 2, 3),
    which: fc.nat(2),
    ranking: fc.constantFrom({}, { diversity: 0, explore: 0 }, { prior: 1 }),
  });
});
type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

const optionsOf = ({ shop, ranking, size }: Scene): Partial<Options> => ({
  catalog: shop,
  ranking,
  audience: 'open',
  slots: { default: { size } },
});
const ids = (picks: readonly Pick[]) => picks.map((pick) => pick.item.id);

async function happened(scene: Scene): Promise<Fordi> {
  freshDevice();
  const fordi = await granted(optionsOf(scene));
  await fordi.add(scene.adds);
  for (const [verb, about] of scene.acts) await fordi.observe({ verb, item: about } as Event);
  if (scene.topic) await fordi.declare({ topic: scene.topic });
  return fordi;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('R8 · no false reason where items come with the pages', () => {
  test('forget what is cited, and the item leaves the list, with all that had come along', { timeout: 300_000 }, async () => {
    let cited = 0;
    await fc.assert(
      fc.asyncProperty(scenes, async (scene) => {
        const fordi = await happened(scene);
        const named = (await fordi.recommend()).filter(({ because }) => because?.evidence.length);
        for (const { item, because } of named.slice(scene.which).slice(0, 1)) {
          cited++;
          for (const { verb, item: id, topic } of because?.evidence ?? [])
            await fordi.forget(id === undefined ? { verb, topic: topic as string } : { verb, item: id });
          expect([because?.text, ids(await fordi.recommend()).includes(item.id)]).toEqual([because?.text, false]);
        }
        closeAll();
      }),
      { numRuns: times(2_000) },
    );
    expect(cited).toBeGreaterThan(times(2_000) / 5);
  });

  const about = (id: string, more: Partial<Item> = {}): Item => ({ id, title: id.toUpperCase(), ...more });
  const card = (id: string, weight: number, more: Partial<Item> = {}): Neighbour => ({ ...about(id, more), weight });
  const listening = async (adds: readonly Item[], ...items: readonly Item[]) => {
    const fordi = await granted({ catalog: [], slots: { default: { size: 1 } }, ranking: { explore: 0, diversity: 0 } });
    await fordi.add(adds);
    for (const item of items) await fordi.observe({ verb: 'listen', item });
    return fordi;
  };
  const first = async (fordi: Fordi) => (await fordi.recommend()).map(({ item, because }) => [item.id, because?.text])[0];

  test('with the last link goes what topics count less for: where topics alone hold the item, the link alone is no reason', async () => {
    const adds = [about('x', { topics: ['jazz'] }), about('b', { topics: ['jazz'] }), about('rival', { prior: 1 })];
    const fordi = await listening(adds, about('b', { topics: ['jazz'] }), about('a', { neighbours: [card('x', 0.3)] }));
    expect(await first(fordi)).toEqual(['x', 'Because you listened to A and B']);
    await fordi.forget({ item: 'a' });
    expect((await first(fordi))?.[0]).toBe('x');
    expect((await fordi.explain('x')).score).toBeGreaterThan(0.5); // topics in full
    await fordi.forget({ item: 'b' });
    expect((await first(fordi))?.[0]).toBe('rival');
  });

  test('a link by id brings nothing: the rival that a forgotten card had brought is gone', async () => {
    const fordi = await listening(
      [about('x', { topics: ['jazz'] }), about('q', { topics: ['jazz'] })],
      about('q', { topics: ['jazz'], neighbours: { rival: 1 } }),
      about('a', { neighbours: [card('x', 1), card('rival', 0.9)] }),
    );
    const [pick] = await fordi.recommend();
    for (const { item } of pick?.because?.evidence ?? []) await fordi.forget({ item: item as string });
    expect([pick?.because?.text, (await first(fordi))?.[0] === pick?.item.id]).not.toEqual([expect.any(String), true]);
  });

  test('where another page has another word of the item, nobody knows what would be without the first alone', async () => {
    const one = about('a', { neighbours: [card('x', 1)] });
    const other = (more: Partial<Item>) => about('b', { neighbours: [card('x', 0.01, more)] });
    expect(await first(await listening([about('y', { prior: 1 })], other({}), one))).toEqual(['x', 'Because you listened to A']);
    freshDevice();
    expect(await first(await listening([about('y', { prior: 1 })], other({ prior: 0.5 }), one))).toEqual([
      'x',
      'Because you listened to A and B',
    ]);
  });

  test('what is equally good keeps its order, whatever is forgotten', async () => {
    const cards = (...list: string[]) => list.map((id) => card(id, 0.5));
    const fordi = await listening([], about('a', { neighbours: cards('y', 'x') }), about('b', { neighbours: cards('x', 'y') }));
    expect((await fordi.recommend({ limit: 2 })).map(({ item }) => item.id)).toEqual(['x', 'y']);
    await fordi.forget({ item: 'a' });
    expect((await fordi.recommend({ limit: 2 })).map(({ item }) => item.id)).toEqual(['x', 'y']);
  });

  test('the next page has what this one has: a card beside an item of the shop’s catalog is not kept, and not shown', async () => {
    const catalog = [about('a', { topics: ['jazz'] }), about('x', { topics: ['jazz'] })];
    const fordi = await granted({ catalog });
    await fordi.observe({ verb: 'listen', item: about('a', { neighbours: [card('brought', 1, { prior: 1 })] }) });
    const ask = async (f: Fordi) => ids(await f.recommend());
    expect(await ask(fordi)).toEqual(['x']);
    fordi.stop();
    expect(await ask(page({ catalog }))).toEqual(['x']);
  });

  test('what another tab’s page says of an item is what this tab goes by, too', async () => {
    const one = await granted({ catalog: [] });
    const other = page({ catalog: [] });
    await other.ready;
    const say = (f: Fordi, to: string) => f.observe({ verb: 'listen', item: about('a', { neighbours: [card(to, 1)] }) });
    await say(one, 'x');
    expect(ids(await one.recommend())).toEqual(['x']);
    await eventually(() => expect(other.get().records).toBe(1));
    expect(ids(await other.recommend())).toEqual(['x']);
    await say(other, 'y');
    expect(ids(await other.recommend())).toEqual(['y']);
    await eventually(async () => expect(ids(await one.recommend())).toEqual(['y']));
    await one.observe({ verb: 'like', item: about('b') });
    expect(ids(await one.recommend())).toEqual(['y']);
  });

  test('a tab that hears nothing of others goes, once it has forgotten something, by what lies on the disk', async () => {
    const one = await granted({ catalog: [] });
    const say = (id: string, to: string) => one.observe({ verb: 'listen', item: about(id, { neighbours: [card(to, 1)] }) });
    await say('a', 'x');
    await say('b', 'z');
    const frozen = deaf({ catalog: [] });
    await frozen.ready;
    expect(ids(await frozen.recommend()).sort()).toEqual(['x', 'z']);
    await say('a', 'y');
    await frozen.forget({ item: 'b' });
    expect(await frozen.evidence()).toHaveLength(2);
    expect(ids(await frozen.recommend())).toEqual(['y']);
  });

  test('with what is past its time goes at once what had come with it, as on the page after', async () => {
    const one = await granted({ catalog: [] });
    await one.observe({ verb: 'listen', item: about('a', { neighbours: [card('x', 1)], prior: 0.5 }) });
    one.stop();
    vi.setSystemTime(NOW + 100 * DAY);
    const later = page({ catalog: [], notice: { version: '1', keeps: ['listen'], days: 50 } });
    await later.ready;
    expect([later.get().records, later.get().catalog.items, later.item('a'), await later.recommend()]).toEqual([0, 0, undefined, []]);
  });

  test('of a card that several items of a page bring the first word holds, whatever is forgotten', async () => {
    const fordi = await granted({ catalog: [about('a', { topics: ['folk'] })], slots: { default: { size: 1 } } });
    const other = { topics: ['soul'] };
    await fordi.add([
      about('x', { neighbours: [card('d', 0.1)] }),
      about('y', { neighbours: [card('b', 0.1, other), card('d', 0.1, other)] }),
    ]);
    const said = () => fordi.item('d')?.topics;
    const before = said();
    await fordi.observe({ verb: 'listen', item: 'a' });
    await fordi.forget({ item: 'a' });
    expect([before, said()]).toEqual([undefined, undefined]);
  });
});
