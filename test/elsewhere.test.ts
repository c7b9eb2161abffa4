// @vitest-environment happy-dom
import type { Fordi, Options } from 'fordi';
import { connectElsewhere, type Elsewhere, type ToolName } from 'fordi/integrations';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Mood, STANDS, type Stand, trespasses } from './support/tools.js';
import { choiceOnDisk, eventually, page, recordsOnDisk } from './support/world.js';

// Standards §4.3: each tool late, returning, changed mid-page, assumed, babbling, silent, twice, beside another.

let stops: (() => void)[] = [];
let said: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  said = [];
  vi.spyOn(console, 'error').mockImplementation((text) => said.push(`${text}`));
  trespasses.length = 0;
});
afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  expect(trespasses).toEqual([]); // never written to, nothing that decides is called
});

/** A page with fordi on it that heeds what else there is. */
function beside(stands: readonly Stand[], options: Partial<Options> = {}, how: Elsewhere = {}): Fordi {
  const fordi = page({ heeds: true, ...options });
  const named = Object.fromEntries(stands.flatMap(({ name, category }) => (category ? [[name, category]] : [])));
  const tools = stands.some(({ name }) => name === 'google') ? { tools: stands.map(({ name }) => name as ToolName) } : {};
  stops.push(connectElsewhere(fordi, { map: { personalization: named }, ...tools, ...how }));
  return fordi;
}

/** A page on which the tool is there already. */
function arrived(stand: Stand, mood: Mood, options?: Partial<Options>): Fordi {
  if (!stand.isHeard) stand.load(mood);
  const fordi = beside([stand], options);
  if (stand.isHeard) stand.load(mood);
  return fordi;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const databases = async () => (await indexedDB.databases()).length;
const isClean = async () => localStorage.length === 0 && (await databases()) === 0;

describe.each(STANDS)('%s', (_, make) => {
  const settle = (fordi: Fordi, choice: string) => eventually(() => expect(fordi.choice()).toBe(choice));

  test('L1, L14 · late by two seconds: nothing is asked, read or kept before its answer; yes opens, no erases', async () => {
    const stand = make();
    const fordi = beside([stand]);
    await pass(2000);
    expect([fordi.choice(), fordi.get().asking]).toEqual(['unset', undefined]);
    stand.load('asked');
    await pass(1000);
    expect(fordi.choice()).not.toBe('granted');
    expect(fordi.get().asking).toBeUndefined();
    expect(await fordi.observe({ verb: 'listen', item: 'blue' })).toMatchObject({ kept: false });
    expect(await isClean()).toBe(true);
    stand.turn('yes');
    await pass(1000);
    await settle(fordi, 'granted');
    expect(await fordi.observe({ verb: 'listen', item: 'blue' })).toMatchObject({ kept: true });
    stand.turn('no');
    await pass(1000);
    await settle(fordi, 'refused');
    await eventually(async () => expect(await databases()).toBe(0));
    expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn', via: 'elsewhere' });
    stand.turn('yes');
    await pass(1000);
    await settle(fordi, 'granted');
    expect(await fordi.evidence()).toEqual([]); // what was erased stays erased
  });

  test('a returning visitor: what was kept is there again after its yes, and gone after its no', async () => {
    const first = make();
    const before = arrived(first, 'yes');
    await pass(1000);
    await settle(before, 'granted');
    await before.observe({ verb: 'listen', item: 'blue' });
    before.stop();
    vi.unstubAllGlobals();
    const second = make();
    const fordi = beside([second]);
    await pass(500);
    expect([fordi.choice(), (await fordi.evidence()).length]).toEqual(['unset', 0]); // nothing is read before its answer
    second.load('yes');
    await pass(1000);
    await settle(fordi, 'granted');
    await eventually(async () => expect((await fordi.evidence()).map(({ item }) => item)).toEqual(['blue']));
    fordi.stop();
    vi.unstubAllGlobals();
    const last = arrived(make(), 'no');
    await pass(1000);
    await settle(last, 'refused');
    await eventually(async () => expect(await databases()).toBe(0));
  });

  test('what nobody has said is no yes', async () => {
    for (const mood of ['asked', 'assumed'] as Mood[]) {
      const fordi = arrived(make(), mood);
      await pass(5000);
      expect(fordi.choice()).toMatch(/unset|refused/);
      expect(await isClean()).toBe(true);
      fordi.stop();
    }
  });

  test('said twice is one yes, with one receipt', async () => {
    const stand = make();
    const onReceipt = vi.fn();
    const fordi = beside([stand], { onReceipt });
    stand.load('yes');
    await pass(1000);
    stand.turn('yes');
    stand.turn('yes');
    await pass(1000);
    await settle(fordi, 'granted');
    expect(await fordi.receipts()).toHaveLength(1);
    expect(onReceipt).toHaveBeenCalledOnce();
    expect(onReceipt.mock.lastCall?.[0]).toMatchObject({ state: 'granted', via: 'elsewhere' });
  });

  test('nonsense is waited for three seconds and then a no that erases nothing', async () => {
    const stand = make();
    if (!stand.babble) return; // known by its events only: what they do not say it is not
    stand.babble();
    const fordi = beside([stand]);
    await pass(2900);
    expect([fordi.choice(), said]).toEqual(['unset', []]);
    await pass(400);
    await settle(fordi, 'refused');
    expect(fordi.get().asking).toBeUndefined();
    expect(said.join()).toContain(`${stand.name} does not say`);
    expect(await isClean()).toBe(true);
    await pass(10_000);
    expect(said).toHaveLength(1);
  });

  test('its detach lets go: fordi is the one that asks again', async () => {
    const stand = make();
    const fordi = arrived(stand, 'no', { heeds: false });
    await pass(1000);
    await settle(fordi, 'refused');
    expect(fordi.get().elsewhere).toEqual([stand.name]);
    for (const stop of stops) stop();
    stand.turn('yes');
    await pass(1000);
    expect([fordi.choice(), fordi.get().elsewhere]).toEqual(['unset', []]);
    expect(fordi.get().asking).toMatchObject({ why: 'first' });
  });
});

test.each(STANDS.filter(([, make]) => make().hush))(
  'T6 · %s that is there and never answers: a no after three seconds, and what is stored stays',
  async (_, make) => {
    const first = make();
    first.load('yes');
    const before = beside([first]);
    await pass(1000);
    await eventually(() => expect(before.choice()).toBe('granted'));
    await before.observe({ verb: 'listen', item: 'blue' });
    before.stop();
    vi.unstubAllGlobals();
    const second = make();
    second.hush?.();
    const fordi = beside([second]);
    await pass(2900);
    expect(fordi.choice()).toBe('unset');
    await pass(400);
    expect([fordi.choice(), fordi.get().asking, (await fordi.evidence()).length]).toEqual(['refused', undefined, 0]);
    expect(await recordsOnDisk()).toHaveLength(1);
  },
);

test.each(STANDS.filter(([, make]) => make().opened))('%s: fordi.manage() opens its interface', async (_, make) => {
  const stand = make();
  stand.load('no');
  const fordi = beside([stand]);
  await pass(1000);
  expect(fordi.manage()).toBe(true);
  expect(stand.opened?.count).toBe(1);
});

const stand = (what: string) => (STANDS.find(([name]) => name === what) as (typeof STANDS)[number])[1]();

describe('several', () => {
  test('the strictest wins, whichever answers last, and it is said once', async () => {
    const [a, b] = [stand('Klaro'), stand('vanilla-cookieconsent')];
    a.load('yes');
    const fordi = beside([a, b]);
    await pass(500);
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    b.load('no');
    await pass(500);
    await eventually(() => expect(fordi.choice()).toBe('refused'));
    await eventually(async () => expect(await databases()).toBe(0));
    b.turn('yes');
    await pass(500);
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    a.turn('no');
    await pass(500);
    await eventually(() => expect(fordi.choice()).toBe('refused'));
    expect(said).toEqual([expect.stringContaining('more than one tool')]);
  });

  test('three products share the name CookieConsent: each is told by what it can do', async () => {
    for (const what of ['Cookiebot', 'Cookie Information', 'vanilla-cookieconsent']) {
      const one = stand(what);
      one.load('yes');
      const fordi = beside([one]);
      await pass(500);
      expect(fordi.get().elsewhere).toEqual([one.name]);
      fordi.stop();
      vi.unstubAllGlobals();
    }
  });

  test('a framework speaks for a tool until that is known by its own name', async () => {
    const [a, b] = [stand('TCF'), stand('Didomi')];
    a.load('no');
    const fordi = beside([a, b]);
    await pass(500);
    expect(fordi.get().elsewhere).toEqual(['tcf']);
    b.load('yes');
    await pass(500);
    await eventually(() => expect([fordi.choice(), ...fordi.get().elsewhere]).toEqual(['granted', 'didomi']));
    expect(said).toEqual([]);
  });

  test('a framework that is named by the owner keeps its word', async () => {
    const [a, b] = [stand('TCF'), stand('Didomi')];
    a.load('no');
    b.load('yes');
    const fordi = beside([a, b], {}, { tools: ['tcf', 'didomi'] });
    await pass(500);
    await eventually(() => expect(fordi.choice()).toBe('refused'));
    expect(fordi.get().elsewhere).toHaveLength(2);
  });
});

const OPT_IN = () => ({ ConsentModel: { Name: 'opt-in' } });

test.each<[string, (() => unknown) | undefined]>([
  ['there is no telling', undefined],
  ['it does not say', () => ({})],
  ['it says something else than a name', () => ({ ConsentModel: { Name: 7 } })],
])('L5 · OneTrust, where %s whether anybody was asked: waited for, then a no', async (_, GetDomainData) => {
  vi.stubGlobal('OneTrust', { OnConsentChanged() {}, IsAlertBoxClosed: () => true, GetDomainData });
  vi.stubGlobal('OnetrustActiveGroups', ',C0001,C0003,');
  const fordi = beside([]);
  await pass(2500);
  expect(fordi.choice()).toBe('unset');
  await pass(1000);
  await eventually(() => expect(fordi.choice()).toBe('refused'));
  expect(said.join()).toContain('onetrust does not say');
  expect(await isClean()).toBe(true);
});

describe('purposes', () => {
  const purposes = {
    measurement: { title: 'Measuring', text: 'Counts visits.', keeps: 'pages', days: 30 },
    location: { title: 'Place', text: 'Shops near you.', keeps: 'a town', days: 30 },
  };

  test('L7 · each goes by its own category; what has none there is a no', async () => {
    vi.stubGlobal('OneTrust', { OnConsentChanged() {}, IsAlertBoxClosed: () => true, GetDomainData: OPT_IN });
    vi.stubGlobal('OnetrustActiveGroups', ',C0001,C0002,');
    const fordi = beside([], { purposes });
    await pass(500);
    expect(fordi.get().choices).toEqual({ personalization: 'refused', measurement: 'granted', location: 'refused' });
  });

  test('parts with + are all needed', async () => {
    vi.stubGlobal('OneTrust', { OnConsentChanged() {}, IsAlertBoxClosed: () => true, GetDomainData: OPT_IN });
    vi.stubGlobal('OnetrustActiveGroups', ',C0003,C0004,');
    const fordi = beside([], {}, { map: { personalization: { onetrust: 'C0003+C0004' } } });
    await pass(500);
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    vi.stubGlobal('OnetrustActiveGroups', ',C0003,');
    dispatchEvent(new CustomEvent('OneTrustGroupsUpdated'));
    await eventually(() => expect(fordi.choice()).toBe('refused'));
  });

  test('a name that is none there is said, with where it came from', async () => {
    const klaro = stand('Klaro');
    klaro.load('yes');
    beside([klaro], {}, { map: { personalization: { klaro: 'presonal' } } });
    await pass(3500);
    expect(said).toEqual([expect.stringContaining('klaro does not say what it knows of presonal (personalization)')]);
  });
});

test('a tool that throws wherever it is touched breaks nothing', async () => {
  const broken = () => {
    throw new Error('theirs');
  };
  vi.stubGlobal('OneTrust', { OnConsentChanged: broken, IsAlertBoxClosed: broken, ToggleInfoDisplay: broken });
  const hostile = new Proxy({}, { get: broken });
  for (const name of ['Cookiebot', '__ucCmp', 'UC_UI', 'klaro', 'CookieConsent', 'CookieInformation', 'Didomi'])
    vi.stubGlobal(name, hostile);
  vi.stubGlobal('__tcfapi', broken);
  vi.stubGlobal('__gpp', broken);
  const fordi = beside([]);
  await pass(4000);
  expect([fordi.choice(), fordi.manage()]).toEqual(['refused', false]);
  expect(fordi.get().elsewhere).toEqual(['onetrust']);
});

describe('a tool that is there and brings nonsense breaks nothing', () => {
  test.each<[string, () => unknown]>([
    ['throws', () => JSON.parse('theirs')],
    ['is no manager', () => ({ confirmed: true })],
  ])('Klaro, whose manager %s: a no', async (_, getManager) => {
    vi.stubGlobal('klaro', { getManager, addEventListener: (_: string, call: (config: unknown) => void) => call({}) });
    const thrown = vi.fn();
    vi.stubGlobal('queueMicrotask', (call: () => void) => Promise.resolve().then(call).catch(thrown));
    const fordi = beside([]);
    await pass(4000);
    expect([fordi.choice(), fordi.get().elsewhere, thrown.mock.calls]).toEqual(['refused', ['klaro'], []]);
  });

  test('GPP, whose sections are no list: an opt-out among them is one', async () => {
    const calls: ((told: unknown, ok: boolean) => void)[] = [];
    vi.stubGlobal('__gpp', (command: string, call: (told: unknown) => void) => command === 'addEventListener' && calls.push(call));
    const fordi = beside([], { heeds: false });
    await pass(500);
    const tell = (signalStatus: string) => () =>
      calls[0]?.({ pingData: { signalStatus, applicableSections: null, parsedSections: { usnat: [{ SaleOptOut: 1 }] } } }, true);
    expect(tell('ready')).not.toThrow();
    expect(tell('not ready')).not.toThrow();
    await pass(500);
    expect(fordi.choice()).toBe('refused');
  });

  test.each(['cc:onConsent', 'consent_status'])('an event %s that throws where it is touched', async (name) => {
    const hostile = new Proxy({}, { get: () => JSON.parse('theirs') });
    const thrown = vi.fn();
    addEventListener('error', thrown);
    beside([]);
    dispatchEvent(new CustomEvent(name, { detail: hostile }));
    removeEventListener('error', thrown);
    expect(thrown).not.toHaveBeenCalled();
  });
});

test('an element with the id of a tool is not the tool', async () => {
  const div = document.createElement('div');
  vi.stubGlobal('klaro', div);
  vi.stubGlobal('Didomi', div);
  const fordi = beside([]);
  await pass(4000);
  expect([fordi.choice(), fordi.get().elsewhere]).toEqual(['unset', []]);
});

test('nothing there: nothing happens, and after twenty seconds it is said', async () => {
  const fordi = beside([]);
  await pass(19_000);
  expect(said).toEqual([]);
  await pass(2000);
  expect(said).toEqual([expect.stringContaining('no other tool for permission was found')]);
  expect([fordi.choice(), fordi.get().asking, await isClean()]).toEqual(['unset', undefined, true]);
  await pass(60_000);
  expect(said).toHaveLength(1);
});

test('one that comes after that is heeded all the same, and so is an opt-out', async () => {
  const fordi = beside([]);
  await pass(30_000);
  const late = stand('Didomi');
  late.load('yes');
  await pass(5_000);
  await eventually(() => expect([fordi.choice(), ...fordi.get().elsewhere]).toEqual(['granted', 'didomi']));
  const ping = { signalStatus: 'ready', applicableSections: [7], parsedSections: { usnat: [{ SaleOptOut: 1 }] } };
  vi.stubGlobal('__gpp', (_: string, call: (told: unknown, ok: boolean) => void) => call({ pingData: ping }, true));
  await pass(5_000);
  await eventually(() => expect(fordi.choice()).toBe('refused'));
});

test('nothing there and nothing said of it: fordi asks', async () => {
  const fordi = beside([], { heeds: false });
  await pass(30_000);
  expect(fordi.get().asking).toMatchObject({ why: 'first' });
  expect(said).toEqual([]);
});

test.each<[string, Elsewhere, RegExp]>([
  ['an unknown tool', { tools: ['klarro' as ToolName] }, /tools names "klarro", expected a tool it knows: onetrust .*google\./],
  ['an unknown tool in the map', { map: { personalization: { onetrsut: 'C0003' } } }, /map\.personalization names "onetrsut"/],
  ['an undeclared purpose', { map: { marketing: { klaro: 'x' } } }, /purpose "marketing", expected a declared one: personalization\./],
])('%s throws once, at setup', (_, how, message) => {
  expect(() => connectElsewhere(page(), how)).toThrow(message);
});
