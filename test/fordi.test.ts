import fc from 'fast-check';
import type { Fordi } from 'fordi';
import { createFordi } from 'fordi';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { closeAll, define, eventually, freshDevice, granted, OPTIONS, page, settled } from './support/world.js';

// Rule 10: after setup nothing throws into the page, and every outcome is a value.

const uncaught: unknown[] = [];
const catching = (error: unknown) => uncaught.push(error);
process.on('unhandledRejection', catching);
process.on('uncaughtException', catching);
afterAll(() => {
  process.off('unhandledRejection', catching);
  process.off('uncaughtException', catching);
});
afterEach(() => {
  expect(uncaught.splice(0)).toEqual([]);
});

const thrower = {
  get verb(): string {
    throw new Error('verb');
  },
  get limit(): number {
    throw new Error('limit');
  },
  get item(): string {
    throw new Error('item');
  },
};
const junk = fc.oneof(
  { weight: 4, arbitrary: fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      undefined,
      null,
      Symbol('s'),
      () => {},
      thrower,
      new Proxy({}, { get: () => thrower.item }),
      Number.NaN,
      -1,
      1.5,
      '__proto__',
      1n,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        verb: fc.oneof(fc.constantFrom('listen', 'like', 'too-personal', 'dismiss'), fc.anything()),
        item: fc.oneof(
          fc.constantFrom('blue', 'moanin'),
          fc.anything(),
          fc.record({ id: fc.anything(), title: fc.anything(), topics: fc.anything() }),
        ),
        topic: fc.anything(),
        value: fc.anything(),
        until: fc.anything(),
        provenance: fc.anything(),
        sensitivity: fc.anything(),
        limit: fc.anything(),
        size: fc.anything(),
        slot: fc.anything(),
        context: fc.anything(),
        via: fc.anything(),
      },
      { requiredKeys: [] },
    ),
  },
);

/** Each call with whatever a page may hand it, and what comes back of it. */
const CALLS: Record<string, [call: (f: Fordi, x: never, y: never) => unknown, sound: (answer: never) => unknown]> = {
  observe: [(f, x) => f.observe(x), (a: { kept: unknown; reason?: unknown }) => expect(a.kept || typeof a.reason === 'string').toBe(true)],
  declare: [(f, x) => f.declare(x), (a: { kept: unknown }) => expect(a.kept).toBeTypeOf('boolean')],
  forget: [(f, x) => f.forget(x), (a) => expect(a).toBeTypeOf('number')],
  setVoice: [(f, x) => f.setVoice(x), (a) => expect(a).toBeTypeOf('boolean')],
  recommend: [(f, x) => f.recommend(x), (a) => expect(a).toBeInstanceOf(Array)],
  shelves: [(f, x) => f.shelves(x), (a) => expect(a).toBeInstanceOf(Array)],
  explain: [(f, x, y) => f.explain(x, y), (a: { mode: unknown }) => expect(a.mode).toBeTypeOf('string')],
  item: [(f, x) => f.item(x), () => {}],
  choice: [(f, x) => f.choice(x), (a) => expect(a).toBeTypeOf('string')],
  evidence: [(f) => f.evidence(), (a) => expect(a).toBeInstanceOf(Array)],
  receipts: [(f) => f.receipts(), (a) => expect(a).toBeInstanceOf(Array)],
  export: [(f) => f.export(), (a: { schema: unknown }) => expect(a.schema).toBe('fordi.export/2')],
  pause: [(f, x) => f.pause(x), (a) => expect(a).toBeTypeOf('boolean')],
  object: [(f, x, y) => f.object(x, y), (a) => expect(a).toBeTypeOf('boolean')],
  import: [(f, x) => f.import(x), (a: { imported: unknown }) => expect(a.imported).toBe(0)],
  inventory: [(f) => f.inventory(), (a) => expect(a).toBeInstanceOf(Array)],
  get: [(f) => f.get(), (a: { choice: unknown }) => expect(a.choice).toBeTypeOf('string')],
};
const names = Object.keys(CALLS);

const fuzz = (name: string, make: () => Promise<Fordi>, numRuns: number) => async () => {
  const fordi = await make();
  const [call, sound] = CALLS[name] as (typeof CALLS)[string];
  await fc.assert(
    fc.asyncProperty(junk, junk, async (x, y) => {
      const answer = call(fordi, x as never, y as never);
      sound((await answer) as never);
    }),
    { numRuns },
  );
  expect(fordi.get().damaged).toBe(0);
  closeAll();
};

describe('whatever it is handed, no call throws or rejects', () => {
  describe.each(names)('%s', (name) => {
    test('with permission', { timeout: 60_000 }, fuzz(name, granted, 300));
    test(
      'without',
      { timeout: 60_000 },
      fuzz(name, async () => page(), 300),
    );
    test(
      'where the browser keeps nothing',
      { timeout: 60_000 },
      fuzz(
        name,
        () => {
          define('localStorage', { value: null });
          define('indexedDB', { value: undefined });
          return granted();
        },
        300,
      ),
    );
    test(
      'after stop()',
      { timeout: 60_000 },
      fuzz(
        name,
        async () => {
          const fordi = await granted();
          await fordi.observe({ verb: 'listen', item: 'blue' });
          fordi.stop();
          return fordi;
        },
        100,
      ),
    );
  });

  test('grant, refuse, withdraw', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(junk, junk, async (x, y) => {
        freshDevice();
        const fordi = page();
        const answer = await fordi.grant(x as never, y as never);
        expect(answer.granted).toBe(fordi.choice() === 'granted');
        expect(await fordi.grant(undefined, x as never)).toHaveProperty('granted');
        expect(await fordi.refuse(x as never)).toMatchObject({ state: 'refused' });
        expect(await fordi.withdraw(y as never)).toHaveProperty('verified');
        expect(fordi.choice()).toBe('withdrawn');
        expect(await fordi.receipts()).toBeInstanceOf(Array);
        closeAll();
      }),
      { numRuns: 300 },
    ),
  );

  test('subscribe with something that cannot be called', async () => {
    const fordi = await granted();
    for (const x of [undefined, null, 7, 'x', {}]) expect(fordi.subscribe(x as never)).toBeTypeOf('function');
    await fordi.observe({ verb: 'like', item: 'blue' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await settled();
  });

  test('any order of calls, each ending in an answer', { timeout: 60_000 }, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('grant', 'refuse', 'withdraw', 'observe', 'forget', 'voice', 'recommend', 'evidence', 'export', 'stop'), {
          maxLength: 15,
        }),
        async (steps) => {
          freshDevice();
          const f = createFordi(OPTIONS);
          const run: Record<string, () => unknown> = {
            grant: () => f.grant(),
            refuse: () => f.refuse(),
            withdraw: () => f.withdraw(),
            observe: () => f.observe({ verb: 'listen', item: 'blue' }),
            forget: () => f.forget({ item: 'blue' }),
            voice: () => f.setVoice('quiet'),
            recommend: () => f.recommend(),
            evidence: () => f.evidence(),
            export: () => f.export(),
            stop: () => f.stop(),
          };
          await Promise.all(steps.map((name) => run[name]?.()));
          const choices: Record<string, string> = { grant: 'granted', refuse: 'refused', withdraw: 'withdrawn' };
          const last = steps.filter((name) => name in choices).at(-1);
          if (last && !steps.includes('stop')) expect(f.choice()).toBe(choices[last]);
          f.stop();
        },
      ),
      { numRuns: 300 },
    ),
  );
});

describe('get and subscribe', () => {
  test('a snapshot stays the same object until something in it changes', async () => {
    const fordi = page();
    await fordi.ready;
    const before = fordi.get();
    expect(fordi.get()).toBe(before);
    await fordi.grant();
    const after = fordi.get();
    expect(after).not.toBe(before);
    expect(before.choice).toBe('unset');
    expect(after.choice).toBe('granted');
  });

  test('a listener hears every change until it detaches', async () => {
    const fordi = page();
    await fordi.ready;
    const heard: string[] = [];
    const stop = fordi.subscribe(() => heard.push(fordi.get().choice));
    await fordi.grant();
    expect(heard.at(-1)).toBe('granted');
    const count = heard.length;
    await fordi.observe({ verb: 'listen', item: 'blue' });
    expect(heard.length).toBeGreaterThan(count);
    await fordi.withdraw();
    expect(heard.at(-1)).toBe('withdrawn');
    stop();
    const end = heard.length;
    await fordi.grant();
    expect(heard.length).toBe(end);
  });

  test('one listener that throws does not keep the others from hearing', async () => {
    const fordi = page();
    const heard = vi.fn();
    fordi.subscribe(() => {
      throw new Error('the page’s own');
    });
    fordi.subscribe(heard);
    expect(await fordi.grant()).toMatchObject({ granted: true });
    expect(heard).toHaveBeenCalled();
    fordi.stop();
    await eventually(() => expect(uncaught.length).toBeGreaterThan(0));
    for (const error of uncaught.splice(0)) expect((error as Error).message).toBe('the page’s own');
    await new Promise((resolve) => setTimeout(resolve, 20));
    uncaught.splice(0);
  });
});

test('importing touches nothing and needs no browser', async () => {
  for (const name of ['indexedDB', 'localStorage', 'BroadcastChannel', 'document', 'window'])
    define(name, {
      get() {
        throw new Error(`${name} was touched`);
      },
    });
  vi.resetModules();
  await import('fordi');
  for (const name of ['document', 'window']) Reflect.deleteProperty(globalThis, name);
});

test('no formatter is made at the start: a cold one takes as long as all the rest of it', async () => {
  const made = vi.fn();
  const seen = (name: 'ListFormat' | 'NumberFormat' | 'DateTimeFormat') =>
    vi.spyOn(Intl, name).mockImplementation(function (this: never) {
      made(name);
    } as never);
  const spies = [seen('ListFormat'), seen('NumberFormat'), seen('DateTimeFormat')];
  const fordi = page();
  await fordi.ready;
  fordi.get();
  for (const spy of spies) spy.mockRestore();
  expect(made.mock.calls).toEqual([]);
});
