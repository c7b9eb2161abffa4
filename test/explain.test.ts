import fc from 'fast-check';
import type { Event, Fordi, Item, Options, Pick } from 'fordi';
import * as en from 'fordi/locales/en';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { DAY, freshDevice, granted, page } from './support/world.js';

// What a reason says, to the letter.

const plain = (id: string, title = id, more: Partial<Item> = {}): Item => ({ id, title, ...more });
const leads = (id: string, title: string, to: string, weight = 1): Item => ({ id, title, neighbours: { [to]: weight } });
const find = (picks: readonly Pick[], id: string) => picks.find(({ item }) => item.id === id);
const text = async (fordi: Fordi, id = 'x', request = {}) => find(await fordi.recommend(request), id)?.because?.text;

/** One place, and a rival the shop puts forward: whatever argues for `x` has to beat it. */
const contest = (items: Item[], more: Partial<Options> = {}) =>
  granted({
    catalog: [plain('rival', 'Rival', { prior: 1 }), plain('x', 'X'), ...items],
    slots: { one: { size: 1 }, out: { size: 1, visibility: 'public' } },
    ...more,
  });
const ONE = { slot: 'one' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('records', () => {
  const about: [verb: string, item: string, topic: string][] = Object.entries(en.reasons.verbs).map(([verb, [item, topic]]) => [
    verb,
    item,
    topic,
  ]);

  test.each(about)('%s of an item: %s', async (verb, phrase) => {
    const fordi = await contest([leads('a', 'Alpha', 'x')], { audience: 'open' });
    await fordi.observe({ verb: verb as 'listen', item: 'a' });
    expect(await text(fordi, 'x', ONE)).toBe(`Because ${phrase.replace('{x}', 'Alpha')}`);
  });

  test.each([
    ['listen', 'Because you listened to Alpha'],
    ['view', 'Because you looked at Alpha'],
    ['purchase', 'Because you bought Alpha'],
    ['like', 'Because you like Alpha'],
    ['save', 'Because you saved Alpha'],
  ] as const)('%s, in plain words: %s', async (verb, says) => {
    const fordi = await contest([leads('a', 'Alpha', 'x')], { audience: 'open' });
    await fordi.observe({ verb, item: 'a' });
    expect(await text(fordi, 'x', ONE)).toBe(says);
  });

  test('one listening is “you listened to”, never “a lot of”, with nothing else in the list too', async () => {
    const jazz = ['a', 'b', 'c'].map((id) => plain(id, id.toUpperCase(), { topics: ['jazz', `only ${id}`] }));
    const fordi = await granted({ catalog: jazz });
    for (let minutes = 0; minutes < 50; minutes++) {
      if (minutes === 0) await fordi.observe({ verb: 'listen', item: 'a' });
      vi.setSystemTime(NOW + minutes * 61_001);
      expect((await fordi.recommend()).map(({ because }) => because?.text)).toEqual(Array(2).fill('Because you listened to A'));
    }
  });

  test('a topic: told, listened to', async () => {
    const fordi = await granted({ catalog: [plain('x', 'X', { topics: ['jazz'] })] });
    await fordi.declare({ topic: 'jazz' });
    expect(await text(fordi)).toBe('Because you told us you like jazz');
    await fordi.forget({ topic: 'jazz' });
    await fordi.observe({ verb: 'listen', topic: 'jazz' });
    expect(await text(fordi)).toBe('Because you listened to jazz');
  });

  const threes = (share: number) => ['Alpha', 'Beta', 'Gamma'].map((title) => leads(title, title, 'x', share));

  test('two records that carry an item only together: either is decisive, so one is cited', async () => {
    const fordi = await contest(threes(0.06));
    await fordi.observe({ verb: 'listen', item: 'Alpha' });
    expect(await text(fordi, 'x', ONE)).toBeUndefined();
    await fordi.observe({ verb: 'listen', item: 'Beta' });
    expect(await text(fordi, 'x', ONE)).toMatch(/^Because you listened to (Alpha|Beta)$/);
  });

  test('two and three records: the smallest set without which it leaves, the latest first', async () => {
    for (const [n, says] of [
      [2, 'Because you listened to Alpha and Beta'],
      [3, 'Because you listened to Gamma, Alpha, and Beta'],
    ] as const) {
      freshDevice();
      vi.setSystemTime(NOW);
      // Each share alone beats the rival: all n must go before the item does.
      const fordi = await contest(threes(0.2).slice(0, n));
      for (const [i, item] of ['Beta', 'Alpha', 'Gamma'].slice(0, n).entries()) {
        vi.setSystemTime(NOW + i * 1000);
        await fordi.observe({ verb: 'listen', item });
      }
      const pick = find(await fordi.recommend(ONE), 'x') as Pick;
      expect(pick.because?.text).toBe(says);
      expect(pick.because?.evidence.map(({ item }) => item)).toEqual(['Beta', 'Alpha', 'Gamma'].slice(0, n).reverse());
      expect(pick).toMatchObject({ mode: 'explicit', because: { kind: 'records' } });
      fordi.stop();
    }
  });

  test('two verbs are two phrases', async () => {
    const fordi = await contest(threes(0.2));
    await fordi.observe({ verb: 'like', item: 'Alpha' });
    await fordi.observe({ verb: 'listen', item: 'Beta' });
    await fordi.observe({ verb: 'listen', item: 'Gamma' });
    expect(await text(fordi, 'x', ONE)).toMatch(/^Because you like Alpha and you listened to (Beta and Gamma|Gamma and Beta)$/);
  });

  test('repeated, it is said once', async () => {
    const fordi = await contest(threes(0.2));
    for (let i = 0; i < 5; i++) await fordi.observe({ verb: 'listen', item: 'Alpha' });
    expect(await text(fordi, 'x', ONE)).toBe('Because you listened to Alpha');
  });

  test('a title stays as it was when the item has left the catalog', async () => {
    const fordi = await granted({ catalog: [] });
    const first = { id: 'gone', title: 'Gone', topics: ['jazz'] };
    await fordi.observe({ verb: 'listen', item: first });
    expect((await fordi.evidence())[0]).toMatchObject({ item: 'gone', title: 'Gone' });
  });

  test('what speaks against an item is never cited for it', async () => {
    const fordi = await contest([leads('a', 'Alpha', 'x'), leads('b', 'Beta', 'x', 0.1)]);
    await fordi.observe({ verb: 'listen', item: 'a' });
    await fordi.observe({ verb: 'rate', item: 'b', value: -1 });
    expect(await text(fordi, 'x', ONE)).toBe('Because you listened to Alpha');
    const { contributions } = await fordi.explain('x', ONE);
    expect(contributions.map(({ signal, share }) => [signal.item, Math.sign(share)])).toEqual([
      ['a', 1],
      ['b', -1],
    ]);
  });
});

describe('a topic that many records share', () => {
  const songs = [...Array(12).keys()].map((i) => plain(`s${i}`, `Song ${i}`, { topics: ['jazz'], ...(i > 9 && { by: `M${i}` }) }));

  test('is the reason where no three of them decide', async () => {
    const fordi = await granted({ catalog: songs });
    for (let i = 0; i < 8; i++) await fordi.observe({ verb: 'listen', item: `s${i}` });
    const [pick] = await fordi.recommend();
    expect(pick).toMatchObject({
      mode: 'explicit',
      because: { kind: 'topic', topic: 'jazz', text: 'Because you listen to a lot of jazz' },
    });
    expect(pick?.because?.evidence).toHaveLength(8);
  });

  const acted = async (...verbs: Event['verb'][]) => {
    freshDevice();
    const fordi = await granted({
      catalog: [...songs, ...[12, 13, 14, 15].map((i) => plain(`s${i}`, `Song ${i}`, { topics: ['jazz'] }))],
      ranking: { explore: 0, diversity: 0 },
    });
    for (const [i, verb] of verbs.entries()) await fordi.observe({ verb, item: `s${i}` });
    const picks = await fordi.recommend({ limit: 6 });
    fordi.stop();
    return picks.flatMap(({ because }) => (because?.kind === 'topic' ? because.text : []))[0];
  };
  const times = (n: number, verb: Event['verb']) => Array<Event['verb']>(n).fill(verb);

  test('no verb speaks for what was done in another way: each is named', async () => {
    expect(await acted(...times(3, 'purchase'), ...times(2, 'listen'), ...times(3, 'cart'))).toBe(
      'Because you put a lot of jazz in your basket, you buy a lot of jazz, and you listened to jazz', // of as many the latest first,
    );
    expect(await acted(...times(6, 'listen'), 'purchase')).toBe('Because you listen to a lot of jazz and you bought jazz');
  });

  test('of more than three ways nothing is said', async () => {
    expect(await acted(...times(2, 'listen'), ...times(2, 'watch'), ...times(2, 'read'), ...times(2, 'purchase'))).toBeUndefined();
  });

  test('falls silent when one of them may not be named', async () => {
    const fordi = await granted({ catalog: songs });
    for (let i = 0; i < 7; i++) await fordi.observe({ verb: 'listen', item: `s${i}` });
    await fordi.observe({ verb: 'listen', item: 's7', sensitivity: 'guarded' });
    const [pick] = await fordi.recommend();
    expect(pick?.because).toBeUndefined();
    expect(pick?.mode).toBe('implicit');
  });
});

describe('the page and the shop', () => {
  test('the page alone: similar to it', async () => {
    const fordi = page({ catalog: [plain('here', 'Here', { topics: ['jazz'] }), plain('x', 'X', { topics: ['jazz'] })] });
    const [pick] = await fordi.recommend({ context: 'here' });
    expect(pick?.because).toEqual({ kind: 'page', text: 'Similar to Here', evidence: [] });
  });

  test('the page and a record together say both', async () => {
    const fordi = await contest([leads('here', 'Here', 'x', 0.2), leads('a', 'Alpha', 'x', 0.2)]);
    await fordi.observe({ verb: 'listen', item: 'a' });
    const pick = find(await fordi.recommend({ ...ONE, context: 'here' }), 'x');
    expect(pick?.because?.text).toBe('Because you are looking at Here and you listened to Alpha');
    expect(pick?.because?.kind).toBe('records');
  });

  test.each([
    ['popular', 'Popular here this week'],
    ['new', 'New here'],
    ['picked', 'Picked by Grooves'],
    [undefined, 'Picked by Grooves'],
  ] as const)('the shop’s own weight, %s: %s', async (prior, says) => {
    const fordi = page({ catalog: [plain('x', 'X', { prior: 1 })], ...(prior && { prior }) });
    expect((await fordi.recommend())[0]).toMatchObject({ mode: 'none', because: { kind: 'shop', text: says, evidence: [] } });
  });

  test.each([
    ['what the item says', { sensitivity: 'guarded' as const }, {}],
    ['what its topics say', { topics: ['divorce'] }, {}],
    ['what the owner says of its topics', { topics: ['golf'] }, { sensitive: { guarded: ['golf'] } }],
  ])('a page about something personal is not named, by %s', async (_, item, options) => {
    const fordi = await contest([{ ...leads('here', 'Here', 'x'), ...item }], options);
    const pick = find(await fordi.recommend({ ...ONE, context: 'here' }), 'x');
    expect(pick?.score).toBe(1);
    expect(pick?.because).toBeUndefined();
  });
});

describe('words from elsewhere stay words', () => {
  const odd = [
    '{x}',
    '$&',
    '$1 $$',
    "$'",
    '<b>x</b>',
    '<img src=x onerror=alert(1)>',
    '&amp;',
    '{x} {x}',
    '\\',
    '%s',
    '\u202etxet',
    'a\nb',
  ];

  test.each(odd)('X6 · in a title, a topic, a site: %j', async (word) => {
    const items = [leads('a', word, 'x'), plain('y', 'Y', { topics: [word] }), plain('z', 'Z', { prior: 0.01 })];
    const fordi = await granted({ site: { name: word }, catalog: [plain('x', 'X'), ...items] });
    await fordi.observe({ verb: 'listen', item: 'a' });
    await fordi.declare({ topic: word });
    expect(await text(fordi, 'x')).toBe(`Because you listened to ${word}`);
    expect(await text(fordi, 'y')).toBe(`Because you told us you like ${word}`);
    expect(await text(fordi, 'z')).toBe(`Picked by ${word}`);
    expect(await text(fordi, 'x', { context: 'a' })).toContain(word);
  });
});

describe('used and not named', () => {
  const told = async (more: Partial<Options>, event = {}, before = async (_: Fordi) => {}) => {
    const fordi = await contest([leads('a', 'Alpha', 'x')], more);
    await fordi.observe({ verb: 'listen', item: 'a', ...event });
    await before(fordi);
    return async (slot = 'one') => {
      const pick = find(await fordi.recommend({ slot }), 'x');
      return [pick?.mode, pick?.because?.text];
    };
  };
  const named = ['explicit', 'Because you listened to Alpha'];
  const silent = ['implicit', undefined];
  const unused = [undefined, undefined];

  test('ordinary evidence is named, also in public', async () => {
    const ask = await told({});
    expect([await ask(), await ask('out')]).toEqual([named, named]);
  });

  test('guarded evidence is used in private without a word, and not at all in public', async () => {
    const ask = await told({}, { sensitivity: 'guarded' });
    expect([await ask(), await ask('out')]).toEqual([silent, unused]);
  });

  test('a purchase is named in private and used in public without a word', async () => {
    const ask = await told({}, { verb: 'purchase' });
    expect([await ask(), await ask('out')]).toEqual([['explicit', 'Because you bought Alpha'], silent]);
  });

  test('a look is used without a word', async () => {
    expect(await (await told({}, { verb: 'view' }))()).toEqual(silent);
  });

  test('with the voice quiet it is used without a word, with the voice off not at all', async () => {
    for (const [voice, expected] of [
      ['quiet', silent],
      ['off', unused],
      ['explained', named],
    ] as const)
      expect(await (await told({}, {}, async (f) => void (await f.setVoice(voice))))()).toEqual(expected);
  });

  test('a cautious site names nothing it merely saw you do, until you ask for reasons', async () => {
    const ask = await told({ audience: 'cautious' });
    expect(await ask()).toEqual(silent);
    const spoken = await told({ audience: 'cautious' }, {}, async (f) => void (await f.setVoice('explained')));
    expect(await spoken()).toEqual(named);
  });

  test('what is long ago is used without a word', async () => {
    const ask = await told({ namedDays: 2 });
    vi.setSystemTime(NOW + 1.9 * DAY);
    expect(await ask()).toEqual(named);
    vi.setSystemTime(NOW + 2.1 * DAY);
    expect(await ask()).toEqual(silent);
  });

  test('asked, it tells all: what was used, when, how it was known and why it was not said', async () => {
    const fordi = await contest([leads('a', 'Alpha', 'x')]);
    await fordi.observe({ verb: 'listen', item: 'a', sensitivity: 'guarded' });
    expect(await fordi.explain('x', ONE)).toMatchObject({
      place: 1,
      mode: 'implicit',
      contributions: [
        {
          verdict: { mode: 'implicit', reasons: ['sensitivity'] },
          evidence: [{ verb: 'listen', item: 'a', at: NOW, provenance: 'engaged', sensitivity: 'guarded' }],
        },
      ],
    });
  });

  test('“too personal” of an item: nothing that is known of it is used again, whatever its topics', async () => {
    for (const topics of [undefined, ['jazz'], { folk: 0.1, jazz: 1 }]) {
      freshDevice();
      const fordi = await contest([{ ...leads('a', 'Alpha', 'x'), ...(topics && { topics }) }]);
      await fordi.observe({ verb: 'listen', item: 'a' });
      expect(await text(fordi, 'x', ONE)).toBe('Because you listened to Alpha');
      await fordi.observe({ verb: 'too-personal', item: 'a' });
      expect(find(await fordi.recommend(ONE), 'x')).toBeUndefined();
      fordi.stop();
    }
  });

  test('a paused topic or item is neither used nor shown', async () => {
    const items = [
      plain('a', 'Alpha', { topics: ['flights'] }),
      plain('x', 'X', { topics: ['flights', 'sea'] }),
      plain('y', 'Y', { topics: ['sea'] }),
    ];
    const fordi = await granted({ catalog: items, paused: ['flights'] });
    await fordi.observe({ verb: 'like', item: 'a' });
    expect(await fordi.recommend()).toEqual([]);
    expect((await fordi.explain('x')).excluded).toBe('paused');
  });
});

describe('what is not recommended', () => {
  const excluded = async (fordi: Fordi, id: string, request = {}) => (await fordi.explain(id, request)).excluded;

  test('bought, heard, put off, out of stock, or the page itself; each says why', async () => {
    const items = ['bought', 'heard', 'no', 'out', 'here', 'free', 'again'].map((id) =>
      plain(id, id, { topics: ['t'], ...(id === 'out' && { available: false }), ...(id === 'again' && { replenishDays: 30 }) }),
    );
    const fordi = await granted({ catalog: items });
    await fordi.observe({ verb: 'purchase', item: 'bought' });
    await fordi.observe({ verb: 'purchase', item: 'again' });
    await fordi.observe({ verb: 'listen', item: 'heard' });
    await fordi.observe({ verb: 'dismiss', item: 'no' });
    const request = { context: 'here' };
    expect((await fordi.recommend(request)).map(({ item }) => item.id)).toEqual(['free']);
    const why = Object.fromEntries(await Promise.all(items.map(async ({ id }) => [id, await excluded(fordi, id, request)])));
    expect(why).toEqual({
      bought: 'owned',
      heard: 'known',
      no: 'dismissed',
      out: 'unavailable',
      here: 'context',
      free: undefined,
      again: 'owned',
    });
    expect(await excluded(fordi, 'nobody')).toBe('unknown');
    vi.setSystemTime(NOW + 31 * DAY);
    expect((await fordi.recommend()).map(({ item }) => item.id)).toContain('again');
  });

  test('what was put off stays away with every voice', async () => {
    const fordi = await granted({ catalog: [plain('a', 'A', { prior: 1 }), plain('b', 'B', { prior: 0.5 })] });
    await fordi.observe({ verb: 'dismiss', item: 'a' });
    for (const voice of ['explained', 'quiet', 'off'] as const) {
      await fordi.setVoice(voice);
      expect((await fordi.recommend()).map(({ item }) => item.id)).toEqual(['b']);
    }
  });

  test('no maker takes more than a third of a list', async () => {
    const items = [...Array(30).keys()].map((i) => plain(`i${i}`, `I${i}`, { by: i < 20 ? 'One' : `M${i}`, prior: 1 - i / 100 }));
    const picks = await page({ catalog: items }).recommend({ limit: 6 });
    expect(picks.filter(({ item }) => item.by === 'One')).toHaveLength(2);
    expect(picks).toHaveLength(6);
  });

  test('a list is never longer than asked for, whatever was asked for', async () => {
    const fordi = page({ catalog: [...Array(60).keys()].map((i) => plain(`i${i}`, `I${i}`, { prior: 1 - i / 100 })) });
    for (const [limit, most] of [
      [0, 0],
      [1, 1],
      [1.5, 2],
      [-1, 0],
      [Number.NaN, 6],
      ['3', 6],
      [{}, 6],
    ] as [never, number][]) {
      expect([limit, (await fordi.recommend({ limit })).length <= most]).toEqual([limit, true]);
      for (const shelf of await fordi.shelves({ size: limit })) expect([limit, shelf.picks.length <= most]).toEqual([limit, true]);
      expect([limit, (await fordi.shelves({ limit })).length <= most]).toEqual([limit, true]);
    }
    expect((await fordi.recommend({ limit: 1e9 })).length).toBe(60);
  });
});

describe('shelves', () => {
  const wide = async () => {
    const topics = ['jazz', 'folk', 'soul', 'techno'];
    const items = topics.flatMap((topic, t) =>
      [...Array(8).keys()].map((i) =>
        plain(`${topic}${i}`, `${topic} ${i}`, { topics: [topic], by: `${topic} ${i}`, prior: t === 3 ? 0.5 : 0 }),
      ),
    );
    const fordi = await granted({ catalog: items });
    for (const topic of topics.slice(0, 3)) await fordi.observe({ verb: 'like', item: `${topic}0` });
    return fordi;
  };

  test('each has one reason that all its items share; no item twice, no two shelves with one reason', async () => {
    const fordi = await wide();
    for (const request of [{}, { limit: 2 }, { size: 3 }, { limit: 5, size: 2 }, { context: 'jazz1' }]) {
      const shelves = await fordi.shelves(request);
      expect(shelves.length).toBeGreaterThan(1);
      expect(shelves.length).toBeLessThanOrEqual(request.limit ?? 3);
      const ids = shelves.flatMap(({ picks }) => picks.map(({ item }) => item.id));
      expect(new Set(ids).size).toBe(ids.length);
      const texts = shelves.map(({ because }) => because?.text);
      expect(new Set(texts).size).toBe(texts.length);
      for (const { because, picks } of shelves) {
        expect(picks.length).toBeGreaterThan(0);
        expect(picks.length).toBeLessThanOrEqual(request.size ?? 6);
        if (because) for (const pick of picks) expect(pick.because).toEqual(because);
      }
    }
  });

  test('no maker has more than a third of a shelf while others share its reason', { timeout: 60_000 }, async () => {
    let full = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ topic: fc.constantFrom('jazz', 'folk'), by: fc.constantFrom(undefined, 'A', 'A', 'A', 'B', 'C') }), {
          minLength: 12,
          maxLength: 24,
        }),
        fc.constantFrom(1, 2, 3),
        fc.constantFrom(1, 2, 4, 6),
        async (records, limit, size) => {
          freshDevice();
          const catalog = records.map(({ topic, by }, i) =>
            plain(`i${i}`, `I${i}`, { topics: [topic], ...(by && { by }), prior: 0.01 * (i % 7) }),
          );
          const fordi = await granted({
            catalog: [...catalog, plain('j', 'J', { topics: ['jazz'] }), plain('f', 'F', { topics: ['folk'] })],
          });
          for (const item of ['j', 'f']) await fordi.observe({ verb: 'listen', item });
          const shelves = await fordi.shelves({ limit, size });
          const all = await fordi.recommend({ limit: 2 * limit * size });
          const same = (because: Pick['because']) => JSON.stringify(because);
          const heads = shelves.flatMap(({ because }) => (because ? same(because) : []));
          const shown = new Set(shelves.flatMap(({ picks }) => picks.map(({ item }) => item.id)));
          for (const { because, picks } of shelves) {
            const left = all.filter(
              (pick) => !shown.has(pick.item.id) && (because ? same(pick.because) === same(because) : !heads.includes(same(pick.because))),
            );
            const times = (by?: string) => (by === undefined ? 0 : picks.filter(({ item }) => item.by === by).length);
            const third = Math.ceil(size / 3);
            if (!picks.some(({ item }) => times(item.by) > third)) continue;
            full++;
            expect(left.filter(({ item }) => times(item.by) < third)).toEqual([]); // of the others nobody is left out
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(full).toBeGreaterThan(50); // where nobody else is left
  });

  test('a stranger sees the shop’s shelf', async () => {
    const shelves = await page({ catalog: ['a', 'b', 'c'].map((id) => plain(id, id, { prior: 1 })) }).shelves();
    expect(shelves).toHaveLength(1);
    expect(shelves[0]).toMatchObject({ because: { kind: 'shop' }, picks: [{}, {}, {}] });
  });
});

test('R4 · what is forgotten or taken back while it is looked up is not told of', async () => {
  const blocks = [{ id: 'plain' }, { id: 'blue-train', topics: ['jazz'] }];
  for (const variants of [undefined, blocks])
    for (const erase of [(fordi: Fordi) => fordi.forget({ all: true }), (fordi: Fordi) => fordi.withdraw()])
      for (let wait = 0; wait < 40; wait++) {
        freshDevice();
        const fordi = await granted();
        await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
        let gone = false;
        const told = fordi
          .explain('blue-train', variants ? { slot: 'home', variants } : {})
          .then(({ contributions }) => [gone, contributions]);
        for (let turn = 0; turn < wait; turn++) await undefined;
        const erased = erase(fordi).then(() => {
          gone = true;
        });
        gone ||= fordi.choice('personalization') !== 'granted';
        const [late, contributions] = await told;
        if (late) expect([wait, contributions]).toEqual([wait, []]);
        await erased;
      }
});

test('what changes at every look is told of all the same: after a few it is as it stands', async () => {
  const blocks = [{ id: 'plain' }, { id: 'blue-train', topics: ['jazz'] }];
  for (const variants of [undefined, blocks]) {
    freshDevice();
    const fordi = await granted();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    let looks = 0;
    const { getAll } = IDBObjectStore.prototype;
    const read = vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (++looks < 50) fordi.add([plain(`new ${looks}`)]);
      return getAll.apply(this, args);
    });
    const { contributions } = await fordi.explain('blue-train', variants ? { slot: 'home', variants } : {});
    read.mockRestore();
    expect(looks).toBeLessThan(10);
    expect(contributions.map(({ signal, evidence }) => [signal.item, evidence.length])).toEqual([['kind-of-blue', 1]]);
  }
});

test('what an owner’s rule says no to at every question is told of all the same', async () => {
  let asked = 0;
  const fordi: Fordi = await granted({
    rules: [
      () => {
        if (++asked < 50) fordi.refuse({ purposes: ['personalization'] });
        return undefined;
      },
    ],
  });
  const { place } = await fordi.explain('blue-train', { context: 'kind-of-blue' });
  expect(place).toBeGreaterThan(0);
  expect(asked).toBeLessThan(10);
});
