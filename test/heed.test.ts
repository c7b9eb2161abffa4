import type { Fordi, Options, Told } from 'fordi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { choiceOnDisk, DAY, define, eventually, freshDevice, lived, page, recordsOnDisk, settled } from './support/world.js';

// fordi.heed: another tool rules, the visitor's own no stands against it, and Global Privacy Control against both (standards §0.5, §2, §4).

const TELLS: readonly Told[] = ['granted', 'denied', 'silent', 'pending'];
const purposes = {
  measurement: { title: 'Measuring', text: 'Counts visits.', keeps: 'pages', days: 30 },
  marketing: { title: 'Letters', text: 'Sends letters.', keeps: 'an address', days: 30, recipients: ['Mailer'] },
};

let said: string[] = [];
const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
const gpc = (globalPrivacyControl: unknown) => define('navigator', { value: { globalPrivacyControl } });

beforeEach(() => {
  said = [];
  vi.spyOn(console, 'error').mockImplementation((text) => said.push(`${text}`));
});
afterEach(() => {
  if (own) define('navigator', own);
  else Reflect.deleteProperty(globalThis, 'navigator');
  vi.restoreAllMocks();
});

const heeding = async (told?: Told, options: Partial<Options> = {}): Promise<Fordi> => {
  const fordi = page({ heeds: true, purposes, ...options });
  await fordi.ready;
  if (told !== undefined) fordi.heed('tool', { personalization: told });
  await settled();
  return fordi;
};
const databases = async () => (await indexedDB.databases()).length;
const becomes = (fordi: Fordi, choice: string) => eventually(() => expect(fordi.choice()).toBe(choice));

test('L1 · until it answers nothing is asked, read or kept, whatever the page calls', async () => {
  const fordi = await heeding();
  expect(fordi.get()).toMatchObject({ choice: 'unset', elsewhere: [] });
  expect(fordi.get().asking).toBeUndefined();
  expect(await fordi.grant()).toEqual({ granted: false, reason: 'elsewhere' });
  expect(await fordi.ask('measurement', { reason: 'Here.' })).toBe('unset');
  expect(await fordi.observe({ verb: 'listen', item: 'blue' })).toMatchObject({ kept: false });
  expect([localStorage.length, await databases()]).toEqual([0, 0]);
});

test('L14 · a no holds also where the yes beside it may not be', async () => {
  const fordi = await heeding();
  fordi.heed('tool', { personalization: 'pending', measurement: 'granted' });
  expect(fordi.choice('measurement')).toBe('granted');
  expect(await fordi.decide({ personalization: true, measurement: false })).toEqual({ granted: false, reason: 'elsewhere' });
  expect(fordi.choice('measurement')).toMatch(/refused|withdrawn/);
  expect(await fordi.decide({ personalization: false, lottery: true })).toEqual({ granted: false, reason: 'unknown-purpose' });
  expect(fordi.choice()).toBe('refused');
});

test.each(TELLS.flatMap((a) => TELLS.map((b) => [a, b] as const)))('of %s and %s the strictest counts', async (a, b) => {
  const fordi = await heeding();
  fordi.heed('tool', { personalization: a });
  fordi.heed('other', { personalization: b });
  const worst = ['denied', 'silent', 'pending', 'granted'].find((one) => [a, b].includes(one as Told));
  await becomes(fordi, { denied: 'refused', silent: 'refused', pending: 'unset', granted: 'granted' }[worst as Told]);
  await settled();
  expect(await databases()).toBe(worst === 'granted' ? 1 : 0);
  expect(said).toEqual([expect.stringContaining('more than one tool asks for permission here (tool, other)')]);
});

test('what is none of its words is a no, and so is what it does not mention', async () => {
  for (const told of ['yes', true, 1, null, {}, ['granted'], 'GRANTED']) {
    const fordi = await heeding(told as never);
    expect([told, fordi.choice(), await databases()]).toEqual([told, 'refused', 0]);
    fordi.stop();
  }
  const fordi = await heeding('granted');
  expect(fordi.get().choices).toEqual({ personalization: 'granted', measurement: 'refused', marketing: 'refused' });
});

test('what cannot be read breaks nothing and is a no', async () => {
  const broken = () => {
    throw new Error('theirs');
  };
  for (const told of [
    undefined,
    null,
    3,
    'granted',
    new Proxy({}, { ownKeys: broken }),
    {
      get personalization() {
        return broken();
      },
    },
  ]) {
    const fordi = await heeding();
    expect(() => fordi.heed('tool', told as never, broken)).not.toThrow();
    expect([fordi.choice(), fordi.manage()]).toEqual(['refused', false]);
    fordi.stop();
  }
});

test('L12 · its yes and its no each have a receipt, told once', async () => {
  const onReceipt = vi.fn();
  const fordi = await heeding('granted', { onReceipt });
  await becomes(fordi, 'granted');
  fordi.heed('tool', { personalization: 'granted' });
  fordi.heed('tool', { personalization: 'denied' });
  await becomes(fordi, 'refused');
  await settled();
  expect(onReceipt.mock.calls.map(([{ state, via }]) => [state, via])).toEqual([
    ['granted', 'elsewhere'],
    ['withdrawn', 'elsewhere'],
  ]);
});

test('L14 · a no while its yes is still being written leaves nothing behind', async () => {
  for (let turns = 0; turns < 12; turns++) {
    freshDevice();
    const fordi = await heeding();
    fordi.heed('tool', { personalization: 'granted' });
    await settled(turns);
    fordi.heed('tool', { personalization: 'denied' });
    await eventually(async () => {
      await settled();
      expect([turns, fordi.choice(), await databases(), choiceOnDisk()?.erase]).toEqual([turns, 'refused', 0, undefined]);
    });
    expect(choiceOnDisk()?.state).not.toBe('granted');
  }
});

test('a no here stands against its yes, also after a reload; taking it back works where it says yes', async () => {
  const fordi = await heeding('granted');
  await becomes(fordi, 'granted');
  await fordi.withdraw({ via: 'panel' });
  expect(fordi.choice()).toBe('withdrawn');
  fordi.heed('tool', { personalization: 'pending' });
  fordi.heed('tool', { personalization: 'granted' });
  await settled();
  expect([fordi.choice(), await databases()]).toEqual(['withdrawn', 0]);
  fordi.stop();
  const again = await heeding('granted');
  expect([again.choice(), await databases()]).toEqual(['withdrawn', 0]);
  expect(await again.grant(undefined, { via: 'panel' })).toMatchObject({ granted: true });
  again.heed('tool', { personalization: 'denied' });
  await becomes(again, 'refused');
  expect(await again.grant(undefined, { via: 'panel' })).toEqual({ granted: false, reason: 'elsewhere' });
});

test('the same for another purpose: its yes, a no here, its no', async () => {
  const fordi = await heeding();
  fordi.heed('tool', { personalization: 'denied', measurement: 'granted' });
  expect(fordi.choice('measurement')).toBe('granted');
  await fordi.withdraw({ purposes: ['measurement'], via: 'panel' });
  expect(fordi.choice('measurement')).toBe('withdrawn');
  expect(await fordi.grant(['measurement'], { via: 'panel' })).toMatchObject({ granted: true });
  fordi.heed('tool', { personalization: 'denied', measurement: 'denied' });
  expect(fordi.choice('measurement')).toBe('refused');
});

test('silence and waiting take nothing back: what is stored is neither used nor erased', async () => {
  const first = await heeding('granted');
  await becomes(first, 'granted');
  await first.observe({ verb: 'listen', item: 'blue' });
  for (const told of ['silent', 'pending'] as const) {
    first.heed('tool', { personalization: told });
    await settled();
    expect([first.choice(), await first.evidence()]).toEqual([told === 'silent' ? 'refused' : 'unset', []]);
    expect(await recordsOnDisk()).toHaveLength(1);
  }
  first.heed('tool', { personalization: 'granted' });
  await eventually(async () => expect(await first.evidence()).toHaveLength(1));
});

describe('taking back, whatever another tool says or does not say', () => {
  const stored = async () => {
    const before = page({ purposes });
    await before.ready;
    await before.grant(['personalization', 'measurement'], { via: 'notice' });
    await before.observe({ verb: 'listen', item: 'blue' });
    before.stop();
  };
  /** Nothing here but a no: no database, no yes, no id. */
  const onlyNo = async () => {
    expect(await databases()).toBe(0);
    const { state, more, ...rest } = choiceOnDisk() as { state: string; more: Record<string, { state: string; yes: unknown }> };
    expect([state, more.measurement?.state, more.measurement?.yes]).not.toContain('granted');
    expect(more.measurement).toBeDefined();
    expect(Object.keys(rest).sort()).toEqual(['at', 'notice', 'until', 'v', 'via']);
  };

  test.each(['unheard', ...TELLS] as const)('L13, L14 · works at once, and for good: %s', async (told) => {
    for (const act of ['withdraw', 'refuse'] as const) {
      freshDevice();
      await stored();
      const fordi = await heeding(told === 'unheard' ? undefined : told);
      if (told !== 'unheard') fordi.heed('tool', { personalization: told, measurement: told });
      await settled();
      expect(fordi.get().given).toEqual(told === 'denied' ? ['measurement'] : ['personalization', 'measurement']);
      const done = fordi[act]({ via: 'panel' });
      expect(fordi.get().given).toEqual([]);
      await done;
      await eventually(onlyNo);
      fordi.stop();
      const later = await heeding('granted');
      later.heed('tool', { personalization: 'granted', measurement: 'granted' });
      await settled();
      expect([later.choice(), later.choice('measurement')]).not.toContain('granted');
      later.stop();
    }
  });

  test('L14 · works before the page has read anything', async () => {
    await stored();
    const fordi = page({ heeds: true, purposes });
    const erased = fordi.withdraw({ via: 'panel' });
    expect(await erased).toMatchObject({ cleared: true, verified: true, deleted: true });
    await onlyNo();
  });

  test('L14 · works for a purpose by itself', async () => {
    await stored();
    const fordi = await heeding();
    await fordi.withdraw({ via: 'panel', purposes: ['measurement'] });
    expect(fordi.get().given).toEqual(['personalization']);
    expect((choiceOnDisk() as never as { more: object }).more).toMatchObject({ measurement: { state: 'withdrawn' } });
    expect(await fordi.decide({ personalization: false }, { via: 'panel' })).toMatchObject({ granted: false, reason: 'refused' });
    await eventually(onlyNo);
    expect(choiceOnDisk()?.state).toBe('withdrawn');
  });
});

test('L17 · a yes of long ago is erased before anything is read, also where nobody has answered yet', async () => {
  await lived([], { epoch: Date.now() - 183 * DAY });
  const fordi = await heeding();
  await eventually(async () => expect(await databases()).toBe(0));
  expect([fordi.choice(), choiceOnDisk()?.state]).toEqual(['unset', 'expired']);
});

test('a yes whose database the browser has thrown away is taken anew', async () => {
  await lived([]);
  indexedDB.deleteDatabase('fordi');
  const fordi = await heeding('granted');
  await becomes(fordi, 'granted');
  expect(await fordi.observe({ verb: 'listen', item: 'blue' })).toMatchObject({ kept: true });
});

test('a tab that goes on hearing an old yes does not bring back what another tab’s no has erased', async () => {
  const a = await heeding('granted');
  await becomes(a, 'granted');
  const b = await heeding('granted');
  await becomes(b, 'granted');
  a.heed('tool', { personalization: 'denied' });
  await becomes(b, 'unset');
  b.heed('tool', { personalization: 'granted' });
  await settled();
  expect([b.choice(), choiceOnDisk()?.state]).toEqual(['unset', 'withdrawn']);
});

test('a page for children asks nobody and erases nothing of the other pages', async () => {
  await lived([]);
  const before = localStorage.getItem('fordi');
  const fordi = await heeding('denied', { child: true });
  fordi.heed('tool', { personalization: 'granted' });
  fordi.heed('signal', 'opted-out');
  await settled();
  expect([fordi.choice(), localStorage.getItem('fordi'), await databases()]).toEqual(['refused', before, 1]);
});

describe('Global Privacy Control', () => {
  test.each([
    [true, true],
    [false, false],
    [undefined, false],
    ['1', false],
    [1, false],
    [{}, false],
  ])('G1 · %j is read as %s; Do Not Track is not it', async (value, is) => {
    define('navigator', { value: { globalPrivacyControl: value, doNotTrack: '1' } });
    const fordi = page();
    expect([fordi.get().gpc, fordi.choice()]).toEqual([is, is ? 'refused' : 'unset']);
  });

  test('G1 · a property that throws is none', () => {
    define('navigator', {
      get: () => {
        throw new Error('theirs');
      },
    });
    expect(page().get().gpc).toBe(false);
  });

  test('G2 · a standing refusal: nothing asked, nothing stored, contextual answers; a yes in the panel wins and says so', async () => {
    gpc(true);
    const fordi = page({ purposes });
    await fordi.ready;
    expect(fordi.get().choices).toEqual({ personalization: 'refused', measurement: 'refused', marketing: 'refused' });
    expect(fordi.get().asking).toBeUndefined();
    expect((await fordi.recommend({ context: 'blue' })).length).toBeGreaterThan(0);
    expect([localStorage.length, await databases()]).toEqual([0, 0]);
    expect(await fordi.grant(undefined, { via: 'panel' })).toMatchObject({ granted: true, receipt: { gpc: true, via: 'panel' } });
    expect(fordi.get().choices).toEqual({ personalization: 'granted', measurement: 'refused', marketing: 'refused' });
    expect(choiceOnDisk()).toMatchObject({ state: 'granted', gpc: true });
  });

  test('G2 · outranks what another tool passes on: its old yes, its new yes, and one it gave before', async () => {
    const before = await heeding('granted');
    await becomes(before, 'granted');
    before.stop();
    gpc(true);
    const fordi = await heeding('granted');
    await eventually(async () => expect([fordi.choice(), await databases()]).toEqual(['refused', 0]));
    fordi.heed('tool', { personalization: 'denied' });
    fordi.heed('tool', { personalization: 'granted' });
    await settled();
    expect([fordi.choice(), await databases(), choiceOnDisk()]).toMatchObject(['refused', 0, { state: 'refused', via: 'gpc' }]);
    expect(await fordi.grant(undefined, { via: 'panel' })).toMatchObject({ granted: true }); // a later, specific yes, here
    expect(fordi.choice()).toBe('granted');
  });

  test('G2 · a withdrawal that came from elsewhere is no way around it', async () => {
    const before = await heeding('granted');
    await becomes(before, 'granted');
    before.heed('tool', { personalization: 'denied' });
    await becomes(before, 'refused');
    before.stop();
    gpc(true);
    const fordi = await heeding('granted');
    await settled();
    expect([fordi.choice(), await databases()]).toEqual(['withdrawn', 0]);
  });

  test('G3 · noshare: what stays here is asked for as ever, what goes to others is refused', async () => {
    gpc(true);
    const fordi = page({ gpc: 'noshare', purposes });
    await fordi.ready;
    expect(fordi.get().choices).toEqual({ personalization: 'unset', measurement: 'unset', marketing: 'refused' });
    expect(fordi.get().asking?.purposes).toEqual(['personalization', 'measurement']);
    const tool = await heeding(undefined, { gpc: 'noshare' });
    tool.heed('tool', { personalization: 'granted', measurement: 'granted', marketing: 'granted' });
    await becomes(tool, 'granted');
    expect(tool.get().choices).toEqual({ personalization: 'granted', measurement: 'granted', marketing: 'refused' });
  });

  test('an opt-out told by the page counts like it, comes late, and goes again', async () => {
    const fordi = page({ purposes });
    await fordi.ready;
    await fordi.grant(undefined, { via: 'notice' });
    const stop = fordi.heed('signal', 'opted-out');
    await eventually(async () => expect([fordi.choice(), await databases()]).toEqual(['refused', 0]));
    expect(fordi.get()).toMatchObject({ elsewhere: [], gpc: false });
    expect(fordi.get().asking).toBeUndefined();
    expect(choiceOnDisk()).toMatchObject({ state: 'refused', via: 'gpc' });
    expect(await fordi.grant(undefined, { via: 'panel' })).toMatchObject({ granted: true, receipt: { gpc: true } });
    expect(fordi.choice('measurement')).toBe('refused');
    stop();
    expect([fordi.choice(), fordi.choice('measurement')]).toEqual(['granted', 'unset']);
    expect(said).toEqual([]);
  });
});

test('L17 · a yes that has run out is not said to stand while another tool has yet to answer', async () => {
  const before = page({ purposes });
  await before.decide({ measurement: true });
  before.stop();
  const fordi = await heeding();
  expect(fordi.get().standing).toHaveProperty('measurement');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 183 * DAY });
  fordi.heed('tool', { measurement: 'pending' });
  expect([fordi.get().given, fordi.get().standing]).toEqual([[], {}]);
});
