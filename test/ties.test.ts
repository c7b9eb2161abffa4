import fc from 'fast-check';
import type { Fordi } from 'fordi';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import { choiceOnDisk, closeAll, deaf, define, disk, eventually, freshDevice, page, recordsOnDisk, settled } from './support/world.js';

// A yes in one tab beside a no in another, at whatever moment of either: in the end one of them holds, everywhere.

const options = { purposes: { news: { title: 'News', text: 'What is new here.', keeps: 'Your address', days: 30 } } };

/** What wakes tabs that hear nothing: they look when they are shown again. */
let wakers: ((event: object) => void)[] = [];

/** By how many turns each answer of the disk is late, one after the other. */
let late: number[] = [];

/** The page hears of it so many turns later, as one whose process has other things to do. */
function delay<T extends object>(target: T, name: string): T {
  const turns = late.shift() ?? 0;
  let handler: unknown;
  Object.defineProperty(target, name, {
    get: () => handler,
    set(value) {
      handler = (event: Event) => void settled(turns).then(() => value(event));
    },
  });
  return target;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const { IDBDatabase, IDBFactory } = globalThis;
  const { transaction } = IDBDatabase.prototype;
  const { deleteDatabase } = IDBFactory.prototype;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    const tx = transaction.apply(this, args);
    return args[1] === undefined ? tx : delay(tx, 'oncomplete'); // the test's own looks name no mode
  });
  vi.spyOn(IDBFactory.prototype, 'deleteDatabase').mockImplementation(function (this: IDBFactory, name) {
    return delay(deleteDatabase.call(this, name), 'onsuccess');
  });
  define('addEventListener', { value: (name: string, listener: () => void) => name === 'storage' && wakers.push(listener) });
});

afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'addEventListener');
});

const YES = {
  renew: (f: Fordi) => f.grant(),
  both: (f: Fordi) => f.decide({ personalization: true, news: true }),
  told: (f: Fordi) => f.grant(undefined, { text: 'What the visitor was told' }),
};
const OTHER = {
  news: (f: Fordi) => f.decide({ news: true }),
  pause: (f: Fordi) => f.pause(true),
  voice: (f: Fordi) => f.setVoice('quiet'),
  act: (f: Fordi) => f.observe({ verb: 'listen', item: 'blue' }),
};
const NO = {
  withdraw: (f: Fordi) => f.withdraw(),
  refuse: (f: Fordi) => f.refuse(),
  without: (f: Fordi) => f.decide({ personalization: false, news: true }),
};
const ACTS: Readonly<Record<string, (f: Fordi) => Promise<unknown>>> = { ...YES, ...OTHER, ...NO };

interface Step {
  readonly tab: number;
  readonly act: string;
  /** Turns after the step before. */
  readonly after: number;
}

const steps = fc
  .tuple(
    fc.record({ tab: fc.constant(0), act: fc.constantFrom(...Object.keys({ ...YES, ...OTHER })), after: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ tab: fc.constant(1), act: fc.constantFrom(...Object.keys(NO)), after: fc.integer({ min: 1, max: 25 }) }),
    fc.array(fc.record({ tab: fc.nat(1), act: fc.constantFrom(...Object.keys(ACTS)), after: fc.integer({ min: 1, max: 25 }) }), {
      maxLength: 2,
    }),
    fc.boolean(),
  )
  .map(([yes, no, more, isFirst]): Step[] => [...(isFirst ? [yes, no] : [no, yes]), ...more]);

/** Everything said of the choice, wherever it is said. */
async function ends(tabs: readonly Fordi[]) {
  const { state } = { ...choiceOnDisk() };
  const gate = (await disk()).get('gate') as { granted: boolean; epoch: number } | undefined;
  const isOpen = !!gate?.granted && gate.epoch === choiceOnDisk()?.epoch;
  return { state, tabs: tabs.map((f) => f.choice()), isOpen, records: (await recordsOnDisk()).length };
}

async function play({ steps, answers, ears }: { steps: readonly Step[]; answers: readonly number[]; ears: boolean }) {
  closeAll();
  freshDevice();
  wakers = [];
  late = [];
  vi.setSystemTime(NOW);
  const tabs = [0, 1].map(() => (ears ? page(options) : deaf(options)));
  await Promise.all(tabs.map((f) => f.ready));
  await tabs[0]?.grant();
  await tabs[0]?.observe({ verb: 'listen', item: 'kind-of-blue' });
  for (const wake of wakers) wake({ key: 'fordi' });
  await eventually(() => expect(tabs.map((f) => f.choice())).toEqual(['granted', 'granted']));
  await settled(60);
  late = [...answers];
  const done: Promise<unknown>[] = [];
  for (const [i, { tab, act, after }] of steps.entries()) {
    await settled(after);
    vi.setSystemTime(NOW + i + 1);
    done.push(Promise.resolve(ACTS[act]?.(tabs[tab] as Fordi)));
  }
  await Promise.all(done);
  late = [];
  for (let round = 0; round < 2; round++) {
    for (const wake of wakers) wake({ key: 'fordi' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await settled(60);
  }
  await eventually(() => expect(choiceOnDisk()?.erase).not.toBe(true)); // what one tab could not finish another does
  const last = steps.filter(({ act }) => !(act in OTHER)).at(-1)?.act as string;
  const end = await ends(tabs);
  const kept = await Promise.all(tabs.map((f) => f.observe({ verb: 'like', item: 'blue' })));
  return { end, last, kept: kept.map((k) => k.kept) };
}

test('L14 · a yes beside another tab’s no ends as one of them: in both tabs, in the choice, and on the disk', {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.record({ steps, answers: fc.array(fc.nat(20), { maxLength: 12 }), ears: fc.boolean() }), async (scene) => {
      const { end, last, kept } = await play(scene);
      if (last in NO) expect(end.state).toMatch(/withdrawn|refused/);
      else expect(end.state).toMatch(/granted|withdrawn|refused/);
      const isYes = end.state === 'granted';
      expect(end).toMatchObject({ tabs: [end.state, end.state], isOpen: isYes });
      if (!isYes) expect(end.records).toBe(0);
      if (!scene.steps.some(({ act }) => act === 'pause')) expect(kept).toEqual([isYes, isYes]);
    }),
    { numRuns: times(100) },
  );
});
