import fc from 'fast-check';
import { type Event, type Evidence, type Fordi, type Item, type Variant, VERBS } from 'fordi';
import { beforeEach, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import { closeAll, DAY, freshDevice, granted, lived, page, settled } from './support/world.js';

// What is cited is taken away with the call that “Delete” makes, where the catalog itself changes with what the visitor
// did: blocks of content, pages that carry their neighbours, and records that go along.

const TOPICS = ['a', 'b', 'c', 'd', 'e'];
const about = fc.subarray(TOPICS);
const LONG = 120_000;
const RUNS = { numRuns: times(1_000) };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

const verb = fc.constantFrom('listen', 'like', 'save', 'purchase');
const record = ({ verb, item, days }: { verb: Event['verb']; item: number; days: number }, i: number): Evidence => ({
  id: `e${i}`,
  verb,
  item: `i${item}`,
  title: `i${item}`,
  provenance: VERBS[verb].from,
  sensitivity: 'ordinary',
  at: NOW - days * DAY,
  notice: '1',
});

/** A block that was on the screen. */
const shown = ({ block, days }: { block: number; days: number }, i: number): Evidence => ({
  ...record({ verb: 'shown', item: 0, days }, i),
  ...{ id: `s${i}`, item: `variant:v${block}`, title: `v${block}` },
});

const forgetAll = async (fordi: Fordi, cited: readonly { verb: Event['verb']; item?: string; topic?: string }[]) => {
  for (const { verb, item, topic } of cited) await fordi.forget(item === undefined ? { verb, topic: topic as string } : { verb, item });
};

/** The first reasons of a list, each on a page that lived the same: what it cites is forgotten, and the item leaves. Resolves to how many. */
async function putToTest(start: () => Promise<Fordi>): Promise<number> {
  const picks = await (await start()).recommend({ slot: 'here' });
  const cited = picks.filter(({ because }) => because?.evidence.length).slice(0, 2);
  for (const { item, because } of cited) {
    const fordi = await start();
    await forgetAll(fordi, because?.evidence ?? []);
    expect((await fordi.recommend({ slot: 'here' })).map((pick) => pick.item.id)).not.toContain(item.id);
  }
  closeAll();
  return cited.length;
}

test('R8 · blocks of content: without what is cited another one is chosen', { timeout: LONG }, async () => {
  let cited = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(about, { minLength: 12, maxLength: 12 }),
      fc.array(
        fc.tuple(
          about,
          fc.constantFrom(undefined, undefined, 0.1, 0.5, 1),
          fc.constantFrom<Variant['audience'][]>(undefined, undefined, undefined, 'new', 'returning'),
        ),
        { minLength: 2, maxLength: 5 },
      ),
      fc.array(fc.record({ verb, item: fc.nat(11), days: fc.constantFrom(0, 1, 5, 20) }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.record({ block: fc.nat(4), days: fc.constantFrom(0.5, 3, 10) }), { maxLength: 6 }),
      async (items, blocks, acts, shows) => {
        const catalog = items.map((topics, i) => ({ id: `i${i}`, title: `I${i}`, topics }));
        const variants: Variant[] = blocks.map(([topics, prior, audience], i) => ({
          ...{ id: `v${i}`, topics },
          ...(prior && { prior }),
          ...(audience && { audience }),
        }));
        const start = async () => {
          freshDevice();
          await lived([...acts.map(record), ...shows.map(shown)], { epoch: NOW - 170 * DAY });
          const fordi = page({ catalog, fatigue: { shows: 1 } });
          await fordi.ready;
          return fordi;
        };
        const { variant, because } = await (await start()).choose('hero', variants);
        if (because?.evidence.length) {
          cited++;
          const fordi = await start();
          await forgetAll(fordi, because.evidence);
          expect((await fordi.choose('hero', variants)).variant?.id).not.toBe(variant?.id);
        }
        closeAll();
      },
    ),
    RUNS,
  );
  expect(cited).toBeGreaterThan(times(200));
});

test('pages that carry their neighbours: what came with the evidence goes with it, and so does the item', { timeout: LONG }, async () => {
  let cited = 0;
  const card = fc.record({ to: fc.nat(29), weight: fc.constantFrom(0.05, 0.1, 0.3, 0.6, 0.9) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ topics: about, prior: fc.constantFrom(0, 0, 0.1, 1) }), { minLength: 30, maxLength: 30 }),
      fc.uniqueArray(fc.record({ verb, item: fc.nat(14), cards: fc.uniqueArray(card, { maxLength: 8, selector: ({ to }) => to }) }), {
        minLength: 1,
        maxLength: 6,
        selector: ({ item }) => item, // a page says the same of its item every time
      }),
      fc.constantFrom(1, 3, 6),
      async (shop, acts, size) => {
        const item = (i: number): Item => ({ id: `i${i}`, title: `I${i}`, ...shop[i] });
        const events = acts.map(({ verb, item: i, cards }) => ({
          verb,
          item: { ...item(i), neighbours: cards.filter(({ to }) => to !== i).map(({ to, weight }) => ({ ...item(to), weight })) },
        }));
        const start = async () => {
          freshDevice();
          const fordi = await granted({ catalog: [], slots: { here: { size } } });
          for (const event of events) await fordi.observe(event as Event);
          return fordi;
        };
        cited += await putToTest(start);
      },
    ),
    RUNS,
  );
  expect(cited).toBeGreaterThan(times(500));
});

test('pages that say other neighbours of one item on another day: a reason is as true as if they had always said so', {
  timeout: 2 * LONG,
}, async () => {
  let cited = 0;
  const card = fc.record({ to: fc.nat(29), weight: fc.constantFrom(0.05, 0.1, 0.3, 0.6, 0.9) });
  const cards = fc.uniqueArray(card, { maxLength: 6, selector: ({ to }) => to });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ topics: about, prior: fc.constantFrom(0, 0, 0.1, 1) }), { minLength: 30, maxLength: 30 }),
      fc.array(
        fc.record({
          verb,
          item: fc.nat(3),
          cards,
          how: fc.constantFrom('page', 'page, no act', 'act', 'act, not kept'),
          next: fc.constantFrom('stays', 'stays', 'stays', 'another page', 'another page', 'another tab'),
        }),
        { minLength: 2, maxLength: 5 },
      ),
      fc.constantFrom(1, 3, 6),
      async (shop, visits, size) => {
        const item = (i: number): Item => ({ id: `i${i}`, title: `I${i}`, ...shop[i] });
        const more = { catalog: [], slots: { here: { size } } };
        const start = async () => {
          freshDevice();
          let fordi = await granted(more);
          for (const { verb, item: i, cards, how, next } of visits) {
            const whole = { ...item(i), neighbours: cards.filter(({ to }) => to !== i).map(({ to, weight }) => ({ ...item(to), weight })) };
            const tab = next === 'another tab' ? page(more) : fordi;
            await tab.ready;
            if (how.startsWith('page')) await tab.add([whole]);
            if (how === 'page') await tab.observe({ verb, item: whole.id });
            if (how.startsWith('act')) await tab.observe({ verb: how === 'act' ? verb : 'shown', item: whole } as Event);
            // The first hears of it, and has read what lies beside the record.
            while (fordi.get().records !== tab.get().records) await new Promise((resolve) => setTimeout(resolve, 1));
            if (tab !== fordi) await settled(100);
            if (next !== 'another page') continue;
            fordi.stop();
            fordi = page(more);
            await fordi.ready;
          }
          return fordi;
        };
        cited += await putToTest(start);
      },
    ),
    RUNS,
  );
  expect(cited).toBeGreaterThan(times(500));
});

test('R3 · what stands for a conclusion that was removed keeps nothing of its page: a reason is as true as if there were no such record', {
  timeout: LONG,
}, async () => {
  let cited = 0;
  const card = fc.record({ to: fc.nat(19), weight: fc.constantFrom(0.05, 0.1, 0.3, 0.6, 0.9) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ topics: about, prior: fc.constantFrom(0, 0, 0.1, 1) }), { minLength: 20, maxLength: 20 }),
      fc.array(
        fc.record({
          verb,
          item: fc.nat(4),
          how: fc.constantFrom('done', 'done', 'concluded', 'concluded, removed', 'concluded, removed'),
          next: fc.constantFrom('stays', 'stays', 'another page'),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      fc.array(fc.uniqueArray(card, { maxLength: 6, selector: ({ to }) => to }), { minLength: 5, maxLength: 5 }),
      fc.constantFrom(1, 3),
      async (shop, acts, cards, size) => {
        const item = (i: number): Item => ({ id: `i${i}`, title: `I${i}`, ...shop[i] });
        const whole = (i: number) => ({
          ...item(i),
          neighbours: (cards[i] ?? []).filter(({ to }) => to !== i).map(({ to, weight }) => ({ ...item(to), weight })),
        });
        const more = { catalog: [], slots: { here: { size } } };
        const start = async () => {
          freshDevice();
          let fordi = await granted(more);
          for (const { verb, item: i, how, next } of acts) {
            const event = { verb, item: whole(i), ...(how !== 'done' && { provenance: 'inferred' as const }) };
            const told = await fordi.observe(event as Event);
            if (how.endsWith('removed') && told.kept) await fordi.forget(told.evidence.id);
            if (next === 'stays') continue;
            fordi.stop();
            fordi = page(more);
            await fordi.ready;
          }
          return fordi;
        };
        cited += await putToTest(start);
      },
    ),
    RUNS,
  );
  expect(cited).toBeGreaterThan(times(200));
});

test('R3 · nor is anything of it brought in with a copy', async () => {
  const whole = { id: 'a', title: 'A', neighbours: [{ id: 'x', title: 'X', weight: 1 }] };
  const fordi = await granted({ catalog: [] });
  const told = await fordi.observe({ verb: 'listen', item: whole, provenance: 'inferred' });
  const copy = await fordi.export();
  await fordi.forget((told.kept && told.evidence.id) as string);
  const corrected = await fordi.export();
  expect([copy.items.length, corrected.items, corrected.evidence.map((e) => e.verb)]).toEqual([1, [], ['correct']]);
  freshDevice();
  const other = await granted({ catalog: [] });
  expect(await other.import({ ...corrected, items: copy.items })).toMatchObject({ imported: 1 });
  expect([(await other.evidence()).map((e) => e.verb), (await other.export()).items]).toEqual([['correct'], []]);
  expect(other.item('x')).toBeUndefined();
  closeAll();
});

test('R8 · chance hangs on nothing that can be forgotten: without the first act of a visit the same is drawn', async () => {
  const item = (id: string, neighbours?: Record<string, number>): Item => ({ id, title: id, ...(neighbours && { neighbours }) });
  const catalog = [item('x', { a: 0.5 }), item('y', { a: 0.5, q: 0.5 }), item('a'), item('q')];
  let cited = 0;
  for (let second = 0; second < 60; second++) {
    freshDevice();
    vi.setSystemTime(NOW + 1_000 * second);
    const fordi = await granted({ catalog, slots: { here: { size: 1 } } });
    const first = async () => (await fordi.recommend({ slot: 'here' }))[0];
    await fordi.observe({ verb: 'listen', item: 'x' });
    vi.setSystemTime(Date.now() + 60_000);
    await fordi.observe({ verb: 'listen', item: 'y' });
    const pick = await first();
    if (pick?.because?.text !== 'Because you listened to x') continue;
    cited++;
    await fordi.forget({ item: 'x' });
    expect([second, (await first())?.item.id]).toEqual([second, 'q']); // as good as `a` now, and drawn before it
  }
  expect(cited).toBeGreaterThan(10);
  closeAll();
});

test('two ratings of one thing under two notices go together: neither alone is given as the reason', async () => {
  const catalog = [
    { id: 'x', title: 'X', neighbours: { r: 1 } },
    { id: 'y', title: 'Y', neighbours: { r: 0.8 } },
    { id: 'z', title: 'Z', neighbours: { q: 0.5 } },
    { id: 'r', title: 'R' },
    { id: 'q', title: 'Q' },
  ];
  const kept = (id: string, verb: Event['verb'], item: string, notice: string, value?: number): Evidence => ({
    ...record({ verb, item: 0, days: 0 }, 0),
    id,
    item,
    title: item,
    notice,
    ...(value !== undefined && { value }),
  });
  await lived(
    [kept('1', 'rate', 'x', '0', -1), kept('2', 'rate', 'x', '1', 1), kept('3', 'listen', 'y', '1'), kept('4', 'listen', 'z', '1')],
    {
      epoch: NOW - 1,
    },
  );
  const fordi = page({ catalog, ranking: { explore: 0, diversity: 0 }, slots: { here: { size: 1 } } });
  await fordi.ready;
  const [pick] = await fordi.recommend({ slot: 'here' });
  expect(pick?.because?.text).toBe('Because you listened to Y');
});

test('less of a topic is heeded where nothing is used, and said again with its end', async () => {
  const catalog = [
    { id: 'j', title: 'J', topics: ['jazz'], prior: 1 },
    { id: 'f', title: 'F', topics: ['folk'], prior: 0.8 },
  ];
  const fordi = await granted({ catalog });
  const ids = async () => (await fordi.recommend()).map(({ item }) => item.id);
  await fordi.setVoice('off');
  expect(await ids()).toEqual(['j', 'f']);
  await fordi.declare({ topic: 'jazz', value: -0.5, until: new Date(NOW + DAY) });
  expect(await ids()).toEqual(['f', 'j']);
  expect((await fordi.evidence())[0]).toMatchObject({ topic: 'jazz', until: NOW + DAY });
  closeAll();
});

test('kinds make things alike, are never named, and what all have counts nothing', async () => {
  const item = (id: string, kind: string, more: Partial<Item> = {}): Item => ({ id, title: id, kind, ...more });
  const catalog = [item('a', 'book'), item('b', 'book'), item('c', 'game'), item('d', 'game')];
  const fordi = await granted({ catalog });
  await fordi.observe({ verb: 'listen', item: 'a' });
  expect((await fordi.recommend()).map((pick) => [pick.item.id, pick.because?.text])).toEqual([['b', 'Because you listened to a']]);
  freshDevice();
  const same = await granted({ catalog: ['a', 'b', 'c'].map((id) => item(id, 'book')) });
  for (const id of ['a', 'b']) await same.observe({ verb: 'listen', item: id });
  expect(await same.recommend()).toEqual([]);
  closeAll();
});
