import type { Item, Mode, Rule, Setting, Signal } from 'fordi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { freshDevice, granted } from './support/world.js';

// The owner's own rules: they take away, never add; what they do wrong is said once, and nothing about the visitor with it.

const items: Item[] = ['a', 'b', 'c'].map((id) => ({ id, title: `Secret ${id}`, topics: ['jazz'] }));
const said: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  said.length = 0;
  vi.spyOn(console, 'error').mockImplementation((...line) => said.push(line.join(' ')));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const visited = async (...rules: Rule[]) => {
  const fordi = await granted({ catalog: items, rules, audience: 'open' });
  await fordi.observe({ verb: 'listen', item: 'a' });
  return fordi;
};
const verdict = async (...rules: Rule[]) => {
  const fordi = await visited(...rules);
  return (await fordi.explain('b')).contributions[0]?.verdict;
};

describe('an answer', () => {
  test.each([
    ['undefined', undefined, { mode: 'explicit', reasons: [] }],
    ['implicit', 'implicit', { mode: 'implicit', reasons: ['rule'] }],
    ['none', 'none', { mode: 'none', reasons: ['rule'] }],
    ['explicit where nothing was lowered', 'explicit', { mode: 'explicit', reasons: [] }],
  ] as [string, Mode | undefined, object][])('%s', async (_, mode, expected) => {
    expect(await verdict(() => mode)).toEqual(expected);
    expect(said).toEqual([]);
  });

  test('none takes the evidence out of the score, implicit out of the words', async () => {
    const quiet = await visited(() => 'implicit');
    expect((await quiet.recommend()).map(({ mode, because }) => [mode, because])).toEqual(Array(2).fill(['implicit', undefined]));
    const silent = await visited(() => 'none');
    expect(await silent.recommend()).toEqual([]);
  });

  test('of several the least counts, in whatever order', async () => {
    const one = (mode: Mode | undefined) => () => mode;
    for (const rules of [
      [one('none'), one('implicit')],
      [one('implicit'), one('none')],
      [one(undefined), one('none'), one(undefined)],
    ])
      expect((await verdict(...rules))?.mode).toBe('none');
  });
});

describe('a rule that throws, raises or answers nonsense', () => {
  const wrong: [string, Rule, Mode, RegExp][] = [
    [
      'throws',
      ({ item }) => {
        throw new Error(`about ${item}, Secret a`);
      },
      'none',
      /rules\[1\] threw/,
    ],
    ['answers nonsense', () => 'loud' as never, 'none', /rules\[1\] answered something else/],
    ['promises', (() => Promise.resolve('explicit')) as never, 'none', /rules\[1\] answered something else/],
    ['says null', () => null as never, 'none', /rules\[1\] answered something else/],
    ['says true', () => true as never, 'none', /rules\[1\] answered something else/],
  ];

  test.each(wrong)('%s: silence, said once', async (_, rule, mode, says) => {
    const fordi = await visited(() => undefined, rule);
    for (let i = 0; i < 3; i++) {
      expect((await fordi.explain('b')).contributions[0]?.verdict).toEqual({ mode, reasons: ['rule'] });
      expect(await fordi.recommend({ context: 'c' })).toBeInstanceOf(Array);
      await fordi.shelves();
      await fordi.choose('hero', [{ id: 'x', topics: ['jazz'] }]);
    }
    expect(said).toEqual([expect.stringMatching(says)]);
    expect(fordi.get().problems).toEqual([expect.stringMatching(says)]);
    expect(JSON.stringify([said, fordi.get().problems])).not.toMatch(/secret|listen|jazz/i);
  });

  test('raises: ignored, said once; and a rule that raises may still lower elsewhere', async () => {
    const fordi = await granted({ catalog: items, rules: [({ verb }) => (verb === 'view' ? 'explicit' : 'implicit')] });
    await fordi.observe({ verb: 'view', item: 'a' });
    await fordi.observe({ verb: 'listen', item: 'c' });
    for (let i = 0; i < 3; i++) {
      const { contributions } = await fordi.explain('b');
      expect(Object.fromEntries(contributions.map(({ signal, verdict }) => [signal.verb, verdict]))).toEqual({
        view: { mode: 'implicit', reasons: ['provenance'] },
        listen: { mode: 'implicit', reasons: ['rule'] },
      });
    }
    expect(said).toEqual([expect.stringMatching(/rules\[0\] tried to raise/)]);
    expect(fordi.get().problems).toHaveLength(1);
  });

  test('two faults of one rule are two lines, and two rules are two', async () => {
    const moody: Rule = ({ verb }) => {
      if (verb === 'like') throw new Error('no');
      return 'loud' as never;
    };
    const fordi = await visited(moody, moody);
    await fordi.observe({ verb: 'like', item: 'a' });
    await fordi.recommend();
    expect(
      fordi
        .get()
        .problems.map((line) => line.slice(0, 14))
        .sort(),
    ).toEqual(['rules[0] answe', 'rules[0] threw', 'rules[1] answe', 'rules[1] threw']);
    expect(said).toHaveLength(4);
  });

  test('nobody hears of it without permission: then no rule is asked about anything stored', async () => {
    const asked: string[] = [];
    const fordi = await visited(({ provenance }) => {
      asked.push(provenance);
      return undefined;
    });
    await fordi.withdraw();
    asked.length = 0;
    await fordi.recommend({ context: 'c' });
    expect(asked.every((provenance) => provenance === 'contextual')).toBe(true);
  });
});

describe('a rule that writes into what it is handed', () => {
  const catalog: Item[] = [
    { id: 'a', title: 'A', neighbours: { c: 0.4 } },
    { id: 'b', title: 'B', neighbours: { c: 0.4 } },
    { id: 'c', title: 'C' },
    { id: 'lace', title: 'Lace', topics: ['lingerie'], prior: 1 },
    { id: 'rival', title: 'Rival', prior: 1 },
  ];
  const writing: [string, Rule][] = [
    [
      'fails, and takes its evidence away',
      (e, s) => {
        Object.assign(s, { voice: 'explained', visibility: 'private', audience: 'open', namedDays: 1e9 });
        Object.assign(e, { provenance: 'declared', sensitivity: 'ordinary' });
        return undefined;
      },
    ],
    [
      'quietly',
      (e, s) => {
        for (const [what, name, value] of [
          [s, 'visibility', 'private'],
          [s, 'voice', 'explained'],
          [e, 'provenance', 'declared'],
          [s.paused, 'length', 0],
        ] as [object, string, unknown][])
          Reflect.set(what, name, value);
        for (const set of [s.acted, s.told] as unknown as Set<string>[]) set?.clear();
        return undefined;
      },
    ],
  ];
  const ask = async (...rules: Rule[]) => {
    const fordi = await granted({ catalog, rules, audience: 'balanced', slots: { hall: { visibility: 'public', size: 2 } } });
    await fordi.observe({ verb: 'purchase', item: 'a' });
    await fordi.observe({ verb: 'view', item: 'b' });
    await fordi.observe({ verb: 'view', item: 'a' });
    const modes = (await fordi.explain('c', { slot: 'hall' })).contributions.map(({ signal, verdict }) => [signal.verb, verdict.mode]);
    const picks = (await fordi.recommend({ slot: 'hall' })).map(({ item, because }) => [item.id, because?.text]);
    return {
      modes,
      picks,
      kept: (await fordi.evidence()).map(({ verb, provenance }) => [verb, provenance]),
      problems: fordi.get().problems,
    };
  };

  test.each(writing)('%s: no verdict, no list and nothing kept changes by it', async (how, rule) => {
    const plain = await ask();
    freshDevice();
    const written = await ask(rule);
    expect(written.kept).toEqual(plain.kept);
    if (how === 'quietly') return expect(written).toEqual(plain);
    expect(written.modes.map(([, mode]) => mode)).toEqual(plain.modes.map(() => 'none'));
    expect(JSON.stringify(written.picks)).not.toMatch(/lace|bought|looked/i);
    expect(written.problems).toEqual([expect.stringMatching(/rules\[0\] threw/)]);
  });
});

test('a rule sees the evidence and the setting, and what the site itself did is none of its business', async () => {
  const seen: [Signal, Setting][] = [];
  const fordi = await granted({
    catalog: items,
    notice: { version: '1', keeps: ['listen', 'shown', 'told'] },
    slots: { hall: { visibility: 'public', size: 2 } },
    rules: [
      (signal, setting) => {
        seen.push([signal, setting]);
        return undefined;
      },
    ],
  });
  await fordi.observe({ verb: 'listen', item: 'a' });
  await fordi.shown(await fordi.recommend());
  seen.length = 0;
  await fordi.recommend({ slot: 'hall', context: 'c' });
  expect(seen.map(([{ verb, provenance }]) => [verb, provenance])).toEqual([
    ['listen', 'engaged'],
    ['view', 'contextual'],
  ]);
  expect(seen[0]?.[1]).toMatchObject({ slot: 'hall', visibility: 'public', audience: 'balanced', now: NOW, notice: '1', page: 'c' });
});
