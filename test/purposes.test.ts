import fc from 'fast-check';
import { type Choices, createFordi, type Fordi, type Options, type Terms } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW, times } from './support/chance.js';
import {
  choiceOnDisk,
  closeAll,
  DAY,
  define,
  disk,
  eventually,
  freshDevice,
  granted,
  OPTIONS,
  page,
  recordsOnDisk,
  type Shelf,
  settled,
} from './support/world.js';

// What is asked for beside personalization: by purpose and by service, asked again where the notice says otherwise.

const terms = (more: Partial<Terms> = {}): Terms => ({
  title: 'Counting',
  text: 'How often a page is read.',
  keeps: 'Page and day',
  days: 30,
  ...more,
});
const PURPOSES = {
  measurement: terms({ services: { plausible: { title: 'Plausible' }, matomo: { title: 'Matomo', recipients: ['InnoCraft'] } } }),
  marketing: terms({ title: 'Advertising', recipients: ['Acme'] }),
  location: terms({ title: 'Concerts near you', when: 'ask' }),
  health: terms({ title: 'Your health', special: ['health'] }),
};
const NAMES = ['personalization', ...Object.keys(PURPOSES)];

const shop = (options = {}) => page({ purposes: PURPOSES, ...options });
const travel = (days: number) => vi.setSystemTime(Date.now() + days * DAY);
const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
const states = (fordi: Fordi) => fordi.get().choices;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describe('a choice per purpose', () => {
  test('L7 · a yes to one is a yes to nothing else, and opens no database', async () => {
    const fordi = shop();
    await fordi.ready;
    expect(states(fordi)).toEqual(Object.fromEntries(NAMES.map((name) => [name, 'unset'])));
    const answer = await fordi.grant(['measurement'], { via: 'panel' });
    expect(answer).toMatchObject({ granted: true, receipt: { state: 'granted', via: 'panel' } });
    expect(states(fordi)).toEqual({ ...Object.fromEntries(NAMES.map((name) => [name, 'unset'])), measurement: 'granted' });
    expect(await databases()).toEqual([]);
    expect(await fordi.observe({ verb: 'listen', item: 'blue' })).toEqual({ kept: false, reason: 'no-permission' });
    await fordi.grant();
    expect(states(fordi)).toMatchObject({ personalization: 'granted', measurement: 'granted', marketing: 'unset' });
  });

  test('L17 · lasts over visits, 182 days, and then asks again', async () => {
    await shop().decide({ measurement: true, marketing: false });
    closeAll();
    travel(181.4);
    expect(states(shop())).toMatchObject({ measurement: 'granted', marketing: 'refused', personalization: 'unset' });
    closeAll();
    travel(0.7);
    const late = shop();
    expect(states(late)).toMatchObject({ measurement: 'expired', marketing: 'unset' });
    await late.ready;
    expect(Object.keys(choiceOnDisk()?.more as object)).toEqual(['measurement']); // and the no is gone
    expect(choiceOnDisk()).not.toHaveProperty('proofs');
    closeAll();
    travel(182);
    await shop().ready;
    expect(choiceOnDisk()).toBeUndefined();
  });

  test('L17 · a yes from tomorrow, because the clock was set back, is none, to a purpose or to a service', async () => {
    await shop().decide({ marketing: true, measurement: { services: { matomo: true } } });
    closeAll();
    travel(-3);
    const fordi = shop();
    expect([fordi.choice('marketing'), fordi.choice('measurement', 'matomo')]).toEqual(['unset', 'unset']);
    travel(3);
    expect([fordi.choice('marketing'), fordi.choice('measurement', 'matomo')]).toEqual(['granted', 'granted']);
  });

  test('L14 · a no holds where the device has become full: the old yes goes first', async () => {
    await shop().decide({ personalization: true, measurement: true });
    closeAll();
    const shelf = localStorage as unknown as Shelf;
    shelf.full = true;
    const fordi = shop();
    await fordi.ready;
    await fordi.withdraw({ purposes: ['measurement'] });
    expect(fordi.choice('measurement')).not.toBe('granted');
    closeAll();
    expect(shop().choice('measurement')).not.toBe('granted');
  });

  test('L14 · the same of all, and where there is room once the old yes has gone it is remembered', async () => {
    await shop().decide({ personalization: true, measurement: true });
    closeAll();
    const { setItem } = localStorage;
    localStorage.setItem = function (key, value) {
      if (this.getItem(key)) throw new DOMException('full', 'QuotaExceededError');
      setItem.call(this, key, value);
    };
    const fordi = shop();
    await fordi.ready;
    await fordi.decide({ marketing: true }); // gives: the old record stays
    expect(choiceOnDisk()).toMatchObject({ state: 'granted', more: { measurement: { state: 'granted' } } });
    await fordi.withdraw({ purposes: ['measurement'] });
    expect(choiceOnDisk()).toMatchObject({ state: 'granted', more: { measurement: { state: 'withdrawn' } } });
    await fordi.withdraw();
    expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn' });
    expect(await databases()).toEqual([]);
  });

  describe('a device that takes no word any more', () => {
    const all = { personalization: true, measurement: true, marketing: true };
    const wake = async () => {
      const channel = new BroadcastChannel('fordi');
      channel.postMessage(0);
      await new Promise((resolve) => setTimeout(resolve, 60));
      await settled();
      channel.close();
    };
    const started = async (options: Partial<Options> = {}) => {
      const before = shop(options);
      await before.decide(all);
      await before.observe({ verb: 'listen', item: 'blue' });
      await settled();
      closeAll();
      const fordi = shop(options);
      await fordi.ready;
      return fordi;
    };

    test('L14 · a no to one purpose holds, and so do the others, for this visit; nothing stays for the next', async () => {
      const fordi = await started();
      (localStorage as unknown as Shelf).full = true;
      await fordi.withdraw({ purposes: ['measurement'] });
      const as = { personalization: 'granted', measurement: 'withdrawn', marketing: 'granted' };
      expect(fordi.get()).toMatchObject({ choices: as, memory: 'visit', records: 1 });
      expect(choiceOnDisk()).toBeUndefined();
      await eventually(async () => expect(await databases()).toEqual([])); // without a choice beside it nothing may stay
      await wake();
      expect(await fordi.observe({ verb: 'like', item: 'blue' })).toMatchObject({ kept: true });
      expect((await fordi.evidence()).map(({ verb }) => verb).sort()).toEqual(['like', 'listen']);
      await fordi.decide({ marketing: false });
      expect(states(fordi)).toMatchObject({ ...as, marketing: 'withdrawn' });
      await fordi.withdraw();
      await wake();
      expect(fordi.get()).toMatchObject({ choices: { ...as, personalization: 'withdrawn', marketing: 'withdrawn' }, records: 0 });
      expect(fordi.get().asking).toBeUndefined();
      closeAll();
      const next = shop();
      await next.ready;
      expect([...new Set(Object.values(states(next))), ...(await next.evidence())]).toEqual(['unset']);
    });

    test('an act while what is kept moves into memory is kept', async () => {
      const fordi = await started();
      (localStorage as unknown as Shelf).full = true;
      const done = fordi.withdraw({ purposes: ['measurement'] });
      expect(await fordi.observe({ verb: 'like', item: 'blue' })).toMatchObject({ kept: true });
      await done;
      expect((await fordi.evidence()).map(({ verb }) => verb).sort()).toEqual(['like', 'listen']);
    });

    test('L14 · nor does anything stay where a purpose is found to have run out at the start', async () => {
      const before = shop();
      await before.decide({ measurement: true });
      travel(10);
      await before.grant();
      await before.observe({ verb: 'listen', item: 'blue' });
      closeAll();
      travel(173);
      (localStorage as unknown as Shelf).full = true;
      const fordi = shop();
      await fordi.ready;
      expect(fordi.get()).toMatchObject({ choice: 'granted', memory: 'visit', records: 1 });
      expect([choiceOnDisk(), await databases()]).toEqual([undefined, []]);
    });

    test('L16 · a no to all stays one on this page, and nobody is asked again', async () => {
      const fordi = await started();
      (localStorage as unknown as Shelf).full = true;
      expect(await fordi.withdraw()).toMatchObject({ verified: true, deleted: true });
      await wake();
      expect(states(fordi)).toMatchObject({ personalization: 'withdrawn', measurement: 'withdrawn', marketing: 'withdrawn' });
      expect(fordi.get().asking).toBeUndefined();
      expect([choiceOnDisk(), await databases()]).toEqual([undefined, []]);
    });

    test('L14 · nor gives one up: the old yes does not come back on this page', async () => {
      const fordi = await started();
      const shelf = localStorage as unknown as Shelf;
      shelf.full = true;
      shelf.removeItem = shelf.setItem as never;
      await fordi.withdraw({ purposes: ['measurement'] });
      await wake();
      expect(states(fordi)).toMatchObject({ personalization: 'granted', measurement: 'withdrawn', marketing: 'granted' });
      await fordi.withdraw();
      await wake();
      expect(states(fordi)).toMatchObject({ personalization: 'withdrawn', measurement: 'withdrawn', marketing: 'withdrawn' });
      expect(await databases()).toEqual([]);
    });

    test('what another tab says after all goes before it', async () => {
      const fordi = await started();
      const shelf = localStorage as unknown as Shelf;
      shelf.full = true;
      await fordi.withdraw({ purposes: ['measurement'] });
      shelf.full = false;
      await shop().refuse();
      await wake();
      expect(fordi.get()).toMatchObject({
        choices: { personalization: 'refused', measurement: 'refused', marketing: 'refused' },
        records: 0,
      });
    });

    test('or takes only shorter ones: the receipts that wait go before the no does', async () => {
      const fordi = await started({ onReceipt: () => Promise.reject(new Error('down')) });
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      const { setItem } = localStorage;
      const most = JSON.stringify(choiceOnDisk()).length - 20;
      localStorage.setItem = function (key, value) {
        if (value.length > most) throw new DOMException('full', 'QuotaExceededError');
        setItem.call(this, key, value);
      };
      await fordi.withdraw({ purposes: ['measurement'] });
      closeAll();
      const next = shop();
      await next.ready;
      expect(states(next)).toMatchObject({ personalization: 'granted', measurement: 'withdrawn', marketing: 'granted' });
      expect(await next.evidence()).toHaveLength(1);
    });
  });

  test('L7 · taking one back leaves the others, taking all back leaves none', async () => {
    const fordi = shop();
    await fordi.decide({ personalization: true, measurement: true, marketing: true });
    await fordi.observe({ verb: 'listen', item: 'blue' });
    await fordi.withdraw({ purposes: ['marketing'] });
    expect(states(fordi)).toMatchObject({ personalization: 'granted', measurement: 'granted', marketing: 'withdrawn' });
    expect(fordi.get().records).toBe(1);
    expect(await fordi.withdraw()).toMatchObject({ verified: true });
    expect(states(fordi)).toMatchObject({
      personalization: 'withdrawn',
      measurement: 'withdrawn',
      marketing: 'withdrawn',
      location: 'unset',
    });
    expect(await recordsOnDisk()).toEqual([]);
    expect([...Array(localStorage.length)].map((_, i) => localStorage.key(i))).toEqual(['fordi']);
  });

  test('L13 · all that was said yes to is taken back from any page, also from one that declares less', async () => {
    const { marketing } = PURPOSES;
    await shop().decide({ measurement: { services: { matomo: true } }, marketing: true, location: false });
    closeAll();
    const other = shop({ purposes: { marketing } });
    await other.ready;
    expect(other.get().given).toEqual(['marketing', 'measurement']);
    await other.withdraw();
    expect(other.get().given).toEqual([]);
    closeAll();
    expect(states(shop())).toMatchObject({ measurement: 'withdrawn', marketing: 'withdrawn', location: 'refused' });
    expect(shop().choice('measurement', 'matomo')).not.toBe('granted');
    expect(console.error).not.toHaveBeenCalled();
  });

  test('L3, E1 · a no to all is a no to each, dated to the day, without an id', async () => {
    const fordi = shop();
    await fordi.refuse({ via: 'notice' });
    expect(new Set(Object.values(states(fordi)))).toEqual(new Set(['refused']));
    const record = choiceOnDisk() as { more: Record<string, { at: number }> };
    for (const { at } of Object.values(record.more)) expect(at % DAY).toBe(0);
    expect(JSON.stringify(record)).not.toMatch(/epoch|"id"/);
  });

  test('a purpose nobody declared is refused, said once, and refuses the whole act', async () => {
    const fordi = shop();
    for (let i = 0; i < 3; i++) expect(fordi.choice('tracking')).toBe('refused');
    expect(await fordi.decide({ personalization: true, tracking: true })).toEqual({ granted: false, reason: 'unknown-purpose' });
    expect(await fordi.decide({ measurement: { services: { hotjar: true } } })).toEqual({ granted: false, reason: 'unknown-purpose' });
    expect(choiceOnDisk()).toBeUndefined();
    expect(fordi.get().problems).toEqual([
      'purpose "tracking" is asked for but not declared; it stays refused. Declared: personalization, measurement, marketing, location, health. Add it to the option purposes.',
      expect.stringMatching(
        /^service "hotjar" of "measurement" .* Declared: plausible, matomo\. Add it to purposes\["measurement"\]\.services\.$/,
      ),
    ]);
    expect(console.error).toHaveBeenCalledTimes(2);
  });

  test('nonsense is no act', async () => {
    const fordi = shop();
    const throwing = Object.defineProperty({}, 'measurement', { enumerable: true, get: () => { throw new Error('no'); } }); // biome-ignore format: one line
    for (const x of [
      undefined,
      null,
      7,
      'yes',
      [],
      {},
      { measurement: 'yes' },
      { measurement: { granted: 1 } },
      { measurement: { services: { matomo: 'x' } } },
      throwing,
    ])
      expect(await fordi.decide(x as Choices)).toMatchObject({ granted: false });
    expect(choiceOnDisk()).toBeUndefined();
    await fordi.refuse({ purposes: ['nobody'] });
    await fordi.withdraw({ purposes: [] });
    expect(choiceOnDisk()).toBeUndefined();
  });

  test('two tabs that say different things lose neither', async () => {
    const [one, other] = [shop(), shop()];
    await Promise.all([one.ready, other.ready]);
    await one.grant(['measurement']);
    await other.grant(['marketing']);
    await eventually(() => expect(states(one)).toMatchObject({ measurement: 'granted', marketing: 'granted' }));
    expect(states(other)).toMatchObject({ measurement: 'granted', marketing: 'granted' });
  });

  test('a stale tab that says something of another purpose does not bring back what was taken', async () => {
    const channel = globalThis.BroadcastChannel;
    const one = await granted({ purposes: PURPOSES });
    define('BroadcastChannel', { value: undefined });
    const stale = shop();
    await stale.ready;
    define('BroadcastChannel', { value: channel });
    expect(stale.choice()).toBe('granted');
    await one.withdraw();
    await stale.grant(['measurement']);
    expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn', more: { measurement: { state: 'granted' } } });
    expect(await stale.observe({ verb: 'listen', item: 'blue' })).toEqual({ kept: false, reason: 'no-permission' });
    expect(await recordsOnDisk()).toEqual([]);
  });
});

describe('an act on one service leaves the rest of its purpose as it was', () => {
  const acts = [
    ['a no', false],
    ['a yes', true],
  ] as const;
  const said = async (matomo: boolean, options = {}) => {
    closeAll();
    const fordi = shop(options);
    await fordi.ready;
    await fordi.decide({ measurement: { services: { matomo } } });
    return [fordi, fordi.choice('measurement'), fordi.choice('measurement', 'plausible'), fordi.choice('measurement', 'matomo')] as const;
  };

  test.each(acts)('L17 · %s prolongs nothing', async (_, may) => {
    await shop().decide({ measurement: true });
    travel(100);
    const [fordi] = await said(may);
    expect(fordi.get().standing.measurement?.until).toBe(NOW + 182 * DAY);
    const until = new Date(NOW + 182 * DAY).toISOString().slice(0, 10);
    expect((await fordi.receipts()).map((receipt) => receipt.until)).toEqual([until, until]);
    travel(82);
    expect(states(shop())).toMatchObject({ measurement: 'expired' });
  });

  test.each(acts)('F07 · %s agrees to no new notice', async (_, may) => {
    await shop().decide({ measurement: true });
    const [fordi] = await said(may, { notice: { version: '2', keeps: ['listen'] } });
    expect(fordi.get().asking).toMatchObject({ why: 'changed', purposes: expect.arrayContaining(['measurement']) });
  });

  test.each(acts)('G2 · %s under Global Privacy Control makes nothing of an earlier yes that was not in spite of it', async (_, may) => {
    await shop().decide({ measurement: true });
    vi.stubGlobal('navigator', { globalPrivacyControl: true });
    const [, ...is] = await said(may);
    expect(is).toEqual(['refused', 'refused', may ? 'granted' : 'refused']);
  });

  test('G2 · a yes without that signal is none in spite of it, though one beside it is', async () => {
    vi.stubGlobal('navigator', { globalPrivacyControl: true });
    await shop().decide({ measurement: { services: { plausible: true } } });
    vi.unstubAllGlobals();
    await said(true);
    vi.stubGlobal('navigator', { globalPrivacyControl: true });
    closeAll();
    expect(shop().choice('measurement', 'matomo')).toBe('refused');
  });

  test.each(acts)('%s makes nothing of a yes from tomorrow, because the clock was set back', async (_, may) => {
    await shop().decide({ measurement: true });
    travel(-3);
    const [, ...is] = await said(may);
    expect(is).toEqual(['unset', 'unset', may ? 'granted' : 'refused']);
  });

  test.each([
    ['a no to another service', { services: { plausible: false } }],
    ['a yes to another service', { services: { plausible: true } }],
    ['a yes to all of it', true],
  ])('L16 · %s, on a page that declares less, forgets no no, and nobody is asked again', async (_, act) => {
    await shop().decide({ measurement: { granted: true, services: { matomo: false } } });
    closeAll();
    const less = { measurement: terms({ services: { plausible: { title: 'Plausible' } } }) };
    await shop({ purposes: less }).decide({ measurement: act });
    closeAll();
    const fordi = shop();
    await fordi.ready;
    expect(fordi.choice('measurement', 'matomo')).toBe('refused');
    expect(fordi.get().asking?.purposes).not.toContain('measurement');
  });

  test('nor a yes to one, and a no to all takes that back', async () => {
    await shop().decide({ measurement: { services: { matomo: true } } });
    closeAll();
    const less = shop({ purposes: { measurement: terms({ services: { plausible: { title: 'Plausible' } } }) } });
    await less.decide({ measurement: { services: { plausible: true } } });
    expect(shop().choice('measurement', 'matomo')).toBe('granted');
    await less.decide({ measurement: false });
    closeAll();
    expect(shop().choice('measurement', 'matomo')).toBe('withdrawn');
  });

  test('nor does it lose a no, to the purpose or to another service, where that signal came between', async () => {
    await shop().decide({ measurement: { granted: false, services: { matomo: true } } });
    vi.stubGlobal('navigator', { globalPrivacyControl: true });
    await said(true);
    vi.unstubAllGlobals();
    closeAll();
    expect([states(shop()).measurement, shop().choice('measurement', 'plausible')]).toEqual(['refused', 'refused']);
  });
});

describe('a no to one purpose, said while a yes to more is under way', () => {
  const BOTH = ['personalization', 'measurement'];

  test.each(['the same tab', 'another tab'])('L14 · in %s, holds, whatever the moment', async (where) => {
    for (let turns = 0; turns < 25; turns++) {
      freshDevice();
      const [one, other] = [shop(), shop()];
      await Promise.all([one.ready, other.ready]);
      const yes = one.grant(BOTH, { text: 'May we?' });
      if (turns) await settled(turns);
      await (where === 'another tab' ? other : one).refuse({ purposes: ['measurement'] });
      const { granted: state } = await yes;
      expect([turns, choiceOnDisk()]).toMatchObject([
        turns,
        { more: { measurement: { state: expect.stringMatching(/refused|withdrawn/) } } },
      ]);
      await eventually(() => {
        for (const fordi of [one, other])
          expect(states(fordi)).toMatchObject({
            personalization: state ? 'granted' : 'unset',
            measurement: expect.stringMatching(/refused|withdrawn/),
          });
      });
    }
  });

  test.each([
    ['a purpose', false],
    ['a service', { services: { matomo: false } }],
  ])('L14 · the same no to %s, said once more in the same tab, holds too', async (_, no) => {
    for (let turns = 1; turns < 25; turns++) {
      freshDevice();
      const fordi = shop();
      await fordi.decide({ measurement: no });
      const yes = fordi.grant(BOTH, { text: 'May we?' });
      await settled(turns);
      await fordi.decide({ measurement: no });
      await yes;
      await settled();
      expect([turns, choiceOnDisk()]).toMatchObject([turns, { more: { measurement: { no: expect.arrayContaining(['matomo']) } } }]);
      closeAll();
      expect([turns, shop().choice('measurement', 'matomo')]).toEqual([turns, 'refused']);
    }
  });

  const wake = () => {
    const channel = new BroadcastChannel('fordi');
    channel.postMessage(0);
    channel.close();
  };
  const yesOf = async () => {
    const first = shop();
    await first.ready;
    await first.grant([...BOTH, 'marketing']);
    closeAll();
    return choiceOnDisk();
  };

  test.each([
    ['a purpose', { purposes: ['measurement'] }, { state: 'withdrawn', yes: [] }],
    ['a service', undefined, { state: 'granted', yes: ['plausible'], no: ['matomo'] }],
  ])('L14 · and written over by a tab that had yet to hear of it: the no to %s is said again', async (_, purposes, says) => {
    const yes = await yesOf();
    const fordi = shop();
    await fordi.ready;
    vi.setSystemTime(NOW + 5);
    if (purposes) await fordi.withdraw(purposes);
    else await fordi.decide({ measurement: { services: { matomo: false } } });
    const objecting = { ...yes, without: ['passive'] };
    localStorage.setItem('fordi', JSON.stringify(objecting));
    wake();
    await eventually(() =>
      expect(choiceOnDisk()).toMatchObject({ ...objecting, more: { measurement: says, marketing: { state: 'granted' } } }),
    );
    expect(states(fordi)).toMatchObject({ personalization: 'granted', measurement: says.state, marketing: 'granted' });
    expect(fordi.choice('measurement', 'matomo')).not.toBe('granted');
    expect(fordi.get().objections).toEqual(['passive']);
  });

  test('E1 · and where nothing is left of a yes to one service, its hour is not either', async () => {
    const fordi = shop();
    await fordi.ready;
    vi.setSystemTime(NOW + 3_723_004);
    await fordi.decide({ measurement: { services: { matomo: true } } });
    const yes = choiceOnDisk();
    vi.setSystemTime(NOW + 3_723_009);
    await fordi.decide({ measurement: { services: { matomo: false } } });
    localStorage.setItem('fordi', JSON.stringify({ ...yes, without: ['passive'] }));
    wake();
    await eventually(() =>
      expect(choiceOnDisk()).toMatchObject({ without: ['passive'], more: { measurement: { yes: [], no: ['matomo'] } } }),
    );
    const [no] = Object.values(choiceOnDisk()?.more as object);
    expect([no.at % DAY, no.until % DAY]).toEqual([0, 0]);
  });

  test('L14 · and written over beside a yes for this visit: the next page, too, knows of the no', async () => {
    await shop().grant(['measurement']);
    closeAll();
    define('indexedDB', { value: undefined });
    const fordi = shop();
    await fordi.ready;
    await fordi.grant();
    expect(fordi.get().memory).toBe('visit');
    const yes = choiceOnDisk();
    vi.setSystemTime(NOW + 5);
    await fordi.refuse({ purposes: ['measurement'] });
    localStorage.setItem('fordi', JSON.stringify({ ...yes, without: ['passive'] }));
    wake();
    await eventually(() => expect(choiceOnDisk()).toMatchObject({ without: ['passive'], more: { measurement: { state: 'refused' } } }));
    closeAll();
    expect(states(shop())).toMatchObject({ measurement: 'refused' });
  });

  test('and written over before it was proven: neither is lost', async () => {
    const yes = await yesOf();
    const fordi = shop();
    await fordi.ready;
    vi.setSystemTime(NOW + 5);
    const no = fordi.decide({ measurement: false }, { text: 'No.' });
    localStorage.setItem('fordi', JSON.stringify(yes));
    await no;
    expect(choiceOnDisk()).toMatchObject({ more: { measurement: { state: 'withdrawn' } } });
    expect(states(fordi)).toMatchObject({ measurement: 'withdrawn' });
  });

  test('a first no, too, of which nothing else is left', async () => {
    const fordi = shop();
    await fordi.ready;
    await fordi.refuse({ purposes: ['measurement'] });
    const other = await granted();
    other.stop();
    const { more: _, ...yes } = choiceOnDisk() ?? {};
    localStorage.setItem('fordi', JSON.stringify(yes));
    wake();
    await eventually(() => expect(choiceOnDisk()).toMatchObject({ state: 'granted', more: { measurement: { state: 'refused' } } }));
  });

  test('but a yes that comes after it holds, here or in another tab', async () => {
    for (const where of [0, 1]) {
      vi.setSystemTime(NOW);
      freshDevice();
      const tabs = [shop(), shop()];
      await Promise.all(tabs.map(({ ready }) => ready));
      const [one, other = one] = tabs as [Fordi, Fordi];
      await one.refuse({ purposes: ['measurement'] });
      if (where) vi.setSystemTime(NOW + 5);
      await (where ? other : one).grant(BOTH);
      wake();
      await eventually(() => {
        for (const fordi of tabs) expect(states(fordi)).toMatchObject({ personalization: 'granted', measurement: 'granted' });
      });
      expect(choiceOnDisk()).toMatchObject({ more: { measurement: { state: 'granted' } } });
    }
  });

  test('two tabs that each say no to another service in the same moment come to rest, with both', async () => {
    const yes = await yesOf();
    const [one, other] = [shop(), shop()];
    await Promise.all([one.ready, other.ready]);
    vi.setSystemTime(NOW + 5);
    const acts = [one.decide({ measurement: { services: { matomo: false } } })];
    localStorage.setItem('fordi', JSON.stringify(yes));
    acts.push(other.decide({ measurement: { services: { plausible: false } } }));
    await Promise.all(acts);
    wake();
    const all = () => [one, other].flatMap((fordi) => ['matomo', 'plausible'].map((service) => fordi.choice('measurement', service)));
    await eventually(() => expect(all()).toEqual(Array(4).fill('refused')));
    await settled(50);
    const set = vi.spyOn(localStorage, 'setItem');
    await settled(50);
    expect(set).not.toHaveBeenCalled();
    expect(all()).toEqual(Array(4).fill('refused'));
  });
});

describe('no room for a yes', () => {
  test('to another purpose: it is not said to be granted, and no proof of it goes out', async () => {
    const onReceipt = vi.fn();
    const fordi = shop({ onReceipt });
    await fordi.decide({ personalization: true });
    await settled();
    (localStorage as unknown as Shelf).full = true;
    expect(await fordi.decide({ measurement: true })).toEqual({ granted: false, reason: 'full' });
    expect(fordi.choice('measurement')).toBe('unset');
    expect(onReceipt).toHaveBeenCalledTimes(1);
  });

  test('at all, beside an older word: it holds for this visit, whoever speaks, and its proof goes out', async () => {
    await shop().decide({ marketing: false });
    closeAll();
    (localStorage as unknown as Shelf).full = true;
    const onReceipt = vi.fn();
    const fordi = shop({ onReceipt });
    await fordi.decide({ personalization: true, measurement: true });
    await settled();
    const other = new BroadcastChannel('fordi');
    other.postMessage(0);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await settled();
    other.close();
    expect(fordi.get()).toMatchObject({ memory: 'visit', choices: { personalization: 'granted', measurement: 'granted' } });
    expect(onReceipt).toHaveBeenCalledTimes(1);
  });
});

describe('tabs of a browser that keeps no records', () => {
  test.each([
    ['has no IndexedDB', { value: undefined }],
    ['refuses it', { value: { open: () => undefined, deleteDatabase: () => undefined } }],
  ])(
    'L14 · what one says of another purpose, or objects to, holds in the other within a second, though each keeps its own: it %s',
    async (_, how) => {
      define('indexedDB', how);
      const [one, two] = [shop(), shop()];
      await Promise.all([one.ready, two.ready]);
      await one.grant(['personalization', 'measurement']);
      await eventually(() => expect(two.choice('measurement')).toBe('granted'));
      await two.grant();
      expect([one.get().memory, two.get().memory]).toEqual(['visit', 'visit']);
      await two.decide({ measurement: false });
      await two.object('passive', true);
      await eventually(() => expect(one.get()).toMatchObject({ choices: { measurement: 'withdrawn' }, objections: ['passive'] }));
      await one.decide({ marketing: true });
      await eventually(() => expect(two.choice('marketing')).toBe('granted'));
      for (const { choice, get } of [one, two]) {
        expect([choice(), choice('measurement'), choice('marketing')]).toEqual(['granted', 'withdrawn', 'granted']);
        expect(get().objections).toEqual(['passive']);
      }
      await two.withdraw();
      await eventually(() => expect([one.choice(), one.choice('marketing')]).toEqual(['withdrawn', 'withdrawn']));
    },
  );
});

describe('a choice per service', () => {
  test('a yes to a purpose reaches the services it has, a no to one stands', async () => {
    const fordi = shop();
    await fordi.decide({ measurement: { granted: true, services: { matomo: false } } });
    const of = (service?: string) => fordi.choice('measurement', service);
    expect([of(), of('plausible'), of('matomo')]).toEqual(['granted', 'granted', 'refused']);
    await fordi.decide({ measurement: { services: { matomo: true, plausible: false } } });
    expect([of(), of('plausible'), of('matomo')]).toEqual(['granted', 'refused', 'granted']);
    await fordi.withdraw();
    expect([of(), of('plausible'), of('matomo')]).toEqual(['withdrawn', 'refused', 'refused']);
  });

  test('a yes to one service is no yes to its purpose', async () => {
    const fordi = shop();
    await fordi.decide({ measurement: { services: { matomo: true } } }, { via: 'ask' });
    expect([fordi.choice('measurement'), fordi.choice('measurement', 'matomo'), fordi.choice('measurement', 'plausible')]).toEqual([
      'unset',
      'granted',
      'unset',
    ]);
    expect(fordi.get().asking?.purposes).toContain('measurement');
    travel(183);
    expect(fordi.choice('measurement', 'matomo')).toBe('unset');
  });

  test.each([
    ['all', undefined],
    ['its purpose', { purposes: ['measurement'] }],
  ])('L7, L14 · a yes to one service alone goes when %s is taken back', async (_, how) => {
    const fordi = shop();
    await fordi.decide({ measurement: { services: { matomo: true } } }, { via: 'ask' });
    await fordi.withdraw(how);
    const of = (one: Fordi) => ['plausible', 'matomo'].map((service) => one.choice('measurement', service));
    expect(of(fordi)).toEqual(['refused', 'refused']);
    closeAll();
    expect(of(shop())).toEqual(['refused', 'refused']);
  });

  test('F07 · a service that came later is asked for, not taken along', async () => {
    await shop().grant(['measurement']);
    closeAll();
    const grown = { ...PURPOSES, measurement: terms({ services: { ...PURPOSES.measurement.services, hotjar: { title: 'Hotjar' } } }) };
    const fordi = shop({ purposes: grown });
    await fordi.decide({ personalization: false, marketing: false });
    expect(fordi.choice('measurement', 'matomo')).toBe('granted');
    expect(fordi.choice('measurement', 'hotjar')).toBe('unset');
    expect(fordi.get().asking).toEqual({ why: 'added', purposes: ['measurement'], grown: ['measurement'] });
    await fordi.grant(['measurement']);
    expect(fordi.choice('measurement', 'hotjar')).toBe('granted');
    expect(fordi.get().asking).toBeUndefined();
  });
});

describe('what a notice has to ask', () => {
  test('first everything but what is asked where it is needed, then nothing', async () => {
    const fordi = shop();
    expect(fordi.get().asking).toEqual({ why: 'first', purposes: ['personalization', 'measurement', 'marketing'] });
    await fordi.refuse();
    expect(fordi.get().asking).toBeUndefined();
  });

  test('L16 · a refusal is remembered as long as a yes, and asked again after it', async () => {
    await shop().refuse();
    travel(181);
    expect(shop().get().asking).toBeUndefined();
    travel(2);
    expect(shop().get().asking).toMatchObject({ why: 'again' });
  });

  test('L16 · a major version asks again, a yes as much as a no, and until then what was agreed to holds; a minor one does not', async () => {
    const fordi = shop();
    await fordi.decide({ personalization: true, measurement: true, marketing: false });
    await fordi.observe({ verb: 'listen', item: 'blue' });
    closeAll();
    const minor = shop({ notice: { version: '1.2', keeps: OPTIONS.notice.keeps } });
    await minor.ready;
    expect(minor.get().asking).toBeUndefined();
    closeAll();
    const major = shop({ notice: { version: '2', keeps: OPTIONS.notice.keeps, changes: 'We count by the hour.' } });
    await major.ready;
    expect(major.get().asking).toEqual({ why: 'changed', purposes: ['personalization', 'measurement', 'marketing'] });
    expect(states(major)).toMatchObject({ personalization: 'granted', measurement: 'granted', marketing: 'refused' });
    expect(major.get().records).toBe(1);
    await major.decide({ personalization: true, measurement: false, marketing: false });
    expect(major.get().asking).toBeUndefined();
    expect(major.get().records).toBe(1);
  });

  test.each(['1', '1.1', '2'])('L18, F07 · kept longer only by who has agreed to that: notice %s', async (version) => {
    const notice = { version: '1', keeps: OPTIONS.notice.keeps, days: 10 };
    const first = shop({ notice });
    await first.grant();
    await first.observe({ verb: 'listen', item: 'blue' });
    const copy = await first.export();
    const { undo } = await first.withdraw();
    await undo?.();
    closeAll();
    travel(9);
    const later = shop({ notice: { ...notice, version, days: 180 } });
    await later.ready;
    expect([later.get().days, await later.evidence()]).toMatchObject([10, [{ item: 'blue' }]]);
    closeAll();
    travel(2);
    const last = shop({ notice: { ...notice, version, days: 180 } });
    await last.ready;
    expect(await last.evidence()).toEqual([]);
    expect(await last.import(copy)).toEqual({ imported: 0, dropped: [{ reason: 'old', count: 1 }] });
    await last.grant();
    expect([last.get().days, (await last.import(copy)).imported]).toEqual([180, 1]);
  });

  test('L18 · what is past its time is not read, whether or not the shop’s catalog ever comes', async () => {
    const notice = { version: '1', keeps: OPTIONS.notice.keeps, days: 10 };
    const first = shop({ notice });
    await first.grant();
    await first.observe({ verb: 'listen', item: 'blue' });
    closeAll();
    travel(11);
    const later = shop({ notice, catalog: () => new Promise(() => {}) });
    expect(await later.evidence()).toEqual([]);
    expect(JSON.stringify([...(await disk())])).not.toContain('blue');
  });

  test('F07 · a purpose that came later is asked for alone', async () => {
    await page().grant();
    closeAll();
    const fordi = shop();
    await fordi.ready;
    expect(fordi.get().asking).toEqual({ why: 'added', purposes: ['measurement', 'marketing'] });
    expect(fordi.choice('measurement')).toBe('unset');
  });

  test('a record edited by hand is a refusal of everything that may be kept', async () => {
    await shop().decide({ personalization: true, measurement: true });
    const record = choiceOnDisk() as { more: Record<string, object> };
    for (const more of [
      7,
      { measurement: 7 },
      { measurement: { ...record.more.measurement, until: 9e15 } },
      { measurement: { ...record.more.measurement, yes: 'all' } },
    ]) {
      closeAll();
      localStorage.setItem('fordi', JSON.stringify({ ...record, more }));
      const fordi = shop();
      await fordi.ready;
      if (more !== 7) expect(fordi.choice()).toBe('refused');
      expect(fordi.choice('measurement')).not.toBe('granted');
    }
  });
});

describe('a choice record edited by hand, one field at a time', () => {
  const ODD = [null, 5, 'x', true, [], {}, [null], 1e300];
  type Fields = Record<string, unknown>;
  /** Every field, also inside of others, as each of these. */
  function* edits(record: Fields, inside: readonly string[] = []): Generator<readonly [string, Fields]> {
    const found = inside.reduce<unknown>((at, name) => (at as Fields)[name], record);
    for (const [name, value] of Object.entries(found as Fields)) {
      for (const odd of ODD) {
        const edited = structuredClone(record);
        (inside.reduce<unknown>((at, one) => (at as Fields)[one], edited) as Fields)[name] = odd;
        yield [`${[...inside, name].join('.')} = ${JSON.stringify(odd)}`, edited];
      }
      if (typeof value === 'object' && inside.length < 2) yield* edits(record, [...inside, name]);
    }
  }

  test.each<[string, (fordi: Fordi) => Promise<unknown>]>([
    ['a yes', (fordi) => fordi.decide({ personalization: true, measurement: { granted: true, services: { matomo: false } } })],
    ['a no beside a yes', (fordi) => fordi.decide({ personalization: false, measurement: true, marketing: false })],
    ['a no', (fordi) => fordi.refuse()],
  ])('breaks nothing, and can be taken back: %s', { timeout: 60_000 }, async (_, said) => {
    await said(shop());
    const record = choiceOnDisk() as Fields;
    let count = 0;
    for (const [name, edited] of edits(record)) {
      closeAll();
      localStorage.setItem('fordi', JSON.stringify(edited));
      const fordi = shop();
      const all = async () => {
        await fordi.ready;
        await fordi.receipts();
        await fordi.export();
        const { granted } = await fordi.grant();
        await fordi.decide({ marketing: true });
        await fordi.withdraw();
        return [granted, fordi.get().choice, fordi.choice('marketing')];
      };
      expect([name, ...(await all().catch((error) => [error]))]).toEqual([name, true, 'withdrawn', 'withdrawn']);
      count++;
    }
    expect(count).toBeGreaterThan(40);
  });
});

describe('a page for children', () => {
  test('asks nothing, keeps nothing, reads nothing, and recommends from the page alone', async () => {
    const before = await granted({ purposes: PURPOSES });
    await before.observe({ verb: 'listen', item: 'blue' });
    closeAll();
    const kept = new Map(await disk());
    const fordi = shop({ child: true });
    await fordi.ready;
    expect(new Set(Object.values(states(fordi)))).toEqual(new Set(['refused']));
    expect([fordi.get().asking, fordi.get().records, await fordi.evidence()]).toEqual([undefined, 0, []]);
    expect(await fordi.grant()).toEqual({ granted: false, reason: 'child' });
    expect(await fordi.ask('location', { reason: 'Concerts' })).toBe('refused');
    expect(await fordi.observe({ verb: 'listen', item: 'blue' })).toEqual({ kept: false, reason: 'no-permission' });
    const picks = await fordi.recommend({ context: 'moanin' });
    expect(picks[0]?.because?.kind).toBe('page');
    expect(new Map(await disk())).toEqual(kept);
    closeAll();
    const after = shop();
    await after.ready;
    expect(after.get().records).toBe(1);
  });
});

describe('a question where its answer is needed', () => {
  test('waits for an answer, and is the state of the page until then', async () => {
    const fordi = shop();
    await fordi.ready;
    const answer = fordi.ask('location', { reason: 'To list concerts near you' });
    await eventually(() => expect(fordi.get().questions).toEqual([{ purpose: 'location', reason: 'To list concerts near you' }]));
    expect(choiceOnDisk()).toBeUndefined();
    await fordi.grant(['location'], { via: 'ask' });
    expect(await answer).toBe('granted');
    expect(fordi.get().questions).toEqual([]);
    expect(await fordi.ask('location', { reason: 'again' })).toBe('granted');
  });

  test('a no is not asked about again, unless the visitor has just asked for it', async () => {
    const fordi = shop();
    await fordi.refuse({ purposes: ['location'] });
    expect(await fordi.ask('location', { reason: 'Concerts' })).toBe('refused');
    const answer = fordi.ask('location', { reason: 'Concerts', again: true });
    await eventually(() => expect(fordi.get().questions).toHaveLength(1));
    await fordi.refuse({ purposes: ['location'] });
    expect(await answer).toBe('refused');
  });

  test('an answer in another tab is an answer', async () => {
    const [one, other] = [shop(), shop()];
    await Promise.all([one.ready, other.ready]);
    const answer = one.ask('location', { reason: 'Concerts' });
    await eventually(() => expect(one.get().questions).toHaveLength(1));
    await other.grant(['location']);
    expect(await answer).toBe('granted');
  });

  test('a no in another tab is one as well, unless the visitor asks in spite of one', async () => {
    const [one, other] = [shop(), shop()];
    await Promise.all([one.ready, other.ready]);
    const answer = one.ask('location', { reason: 'Concerts' });
    await eventually(() => expect(one.get().questions).toHaveLength(1));
    await other.refuse({ purposes: ['location'] });
    expect(await answer).toBe('refused');
    const again = one.ask('location', { reason: 'Concerts', again: true });
    await eventually(() => expect(one.get().questions).toHaveLength(1));
    await other.decide({ marketing: false });
    await eventually(() => expect(one.choice('marketing')).toBe('refused'));
    expect(one.get().questions).toHaveLength(1);
    await one.grant(['location']);
    expect(await again).toBe('granted');
  });

  test.each<[string, (fordi: Fordi) => Promise<unknown>]>([
    ['to this alone', (fordi) => fordi.decide({ personalization: false }, { via: 'ask' })],
    ['to all', (fordi) => fordi.refuse()],
    ['and no longer', (fordi) => fordi.withdraw()],
  ])('about personalization, a no is an answer, the first as much as a second: %s', async (_, act) => {
    const fordi = shop();
    await fordi.ready;
    for (const again of [false, true]) {
      const answer = fordi.ask('personalization', { reason: 'To fit this to you', again });
      await eventually(() => expect(fordi.get().questions).toHaveLength(1));
      await act(fordi);
      expect(fordi.get().questions).toEqual([]);
      expect(await answer).toMatch(/refused|withdrawn/);
    }
  });

  test('another tool that takes over, and a page that stops, leave nobody waiting', async () => {
    const fordi = shop();
    const [one, other] = [fordi.ask('location', { reason: 'Concerts' }), fordi.ask('health', { reason: 'Sleep' })];
    await eventually(() => expect(fordi.get().questions).toHaveLength(2));
    fordi.heed('tool', { personalization: 'pending' });
    expect([await one, await other, fordi.get().questions]).toEqual(['refused', 'refused', []]);
    const last = shop();
    const answer = last.ask('location', { reason: 'Concerts' });
    await eventually(() => expect(last.get().questions).toHaveLength(1));
    last.stop();
    expect(await answer).toBe('unset');
  });

  test('L16 · after a major change what is only asked where it is needed is asked again there, and says that it has changed', async () => {
    const first = shop();
    await first.decide({ location: true });
    closeAll();
    const options = { notice: { version: '2', keeps: OPTIONS.notice.keeps, changes: 'We round to the street.' } };
    const [fordi, other] = [shop(options), shop(options)];
    await Promise.all([fordi.ready, other.ready]);
    expect(fordi.choice('location')).toBe('granted');
    const answer = fordi.ask('location', { reason: 'Concerts' });
    await eventually(() => expect(fordi.get().questions).toEqual([{ purpose: 'location', reason: 'Concerts', changed: true }]));
    await other.decide({ marketing: false });
    await eventually(() => expect(fordi.choice('marketing')).toBe('refused'));
    expect(fordi.get().questions).toHaveLength(1);
    await other.decide({ location: true });
    expect(await answer).toBe('granted');
    expect(await fordi.ask('location', { reason: 'Concerts' })).toBe('granted');
    closeAll();
    await shop(options).refuse({ purposes: ['location'] });
    closeAll();
    const third = shop({ notice: { version: '3', keeps: OPTIONS.notice.keeps } });
    const again = third.ask('location', { reason: 'Concerts' });
    await eventually(() => expect(third.get().questions).toMatchObject([{ changed: true }]));
    await third.refuse({ purposes: ['location'] });
    expect([await again, await third.ask('location', { reason: 'Concerts' })]).toEqual(['refused', 'refused']);
  });

  test('nonsense is not asked', async () => {
    const fordi = shop();
    for (const [purpose, how] of [
      ['nobody', { reason: 'x' }],
      ['location', undefined],
      ['location', {}],
      [7, { reason: 'x' }],
    ] as [never, never][])
      expect(await fordi.ask(purpose, how)).toMatch(/unset|refused/);
    expect(fordi.get().questions).toEqual([]);
  });
});

describe('Global Privacy Control', () => {
  const signal = (value: unknown) => define('navigator', { value: { globalPrivacyControl: value } });

  test('G2 · refuses every purpose until the visitor says yes to it in spite of it', async () => {
    signal(true);
    const fordi = shop();
    expect(new Set(Object.values(states(fordi)))).toEqual(new Set(['refused']));
    expect(fordi.get().asking).toBeUndefined();
    await fordi.grant(['marketing'], { via: 'panel' });
    expect(states(fordi)).toMatchObject({ marketing: 'granted', measurement: 'refused', personalization: 'refused' });
  });

  test('G3 · where the site shares nothing of a purpose, noshare leaves it alone', async () => {
    signal(undefined);
    await shop().decide({ personalization: true, measurement: true, marketing: true, location: true });
    closeAll();
    signal(true);
    const fordi = shop({ gpc: 'noshare' });
    await fordi.ready;
    expect(states(fordi)).toMatchObject({ personalization: 'granted', location: 'granted', marketing: 'refused', measurement: 'refused' });
  });

  test('G2 · is a no to every notice: after a major change nobody is asked, but for what was said yes to in spite of it', async () => {
    signal(false);
    await shop().decide({ personalization: true, measurement: true, marketing: false });
    closeAll();
    signal(true);
    await shop().ready;
    closeAll();
    const later = shop({ notice: { version: '2', keeps: OPTIONS.notice.keeps } });
    await later.ready;
    expect(later.get().asking).toBeUndefined();
    await later.decide({ measurement: true });
    closeAll();
    expect(shop({ notice: { version: '3', keeps: OPTIONS.notice.keeps } }).get().asking).toMatchObject({ purposes: ['measurement'] });
  });

  test('G1 · is true and nothing else', () => {
    for (const value of [false, undefined, '1', 1, 'true']) {
      signal(value);
      expect(shop().choice('marketing')).toBe('unset');
    }
  });
});

describe('a model of choices', () => {
  const SERVICES: Record<string, string[]> = { measurement: ['plausible', 'matomo'] };
  const acts = fc.array(
    fc.record({
      act: fc.constantFrom('decide' as const, 'refuse' as const, 'withdraw' as const, 'reload' as const),
      purpose: fc.constantFrom(...NAMES),
      yes: fc.boolean(),
      services: fc.dictionary(fc.constantFrom('plausible', 'matomo'), fc.boolean()),
    }),
    { maxLength: 12 },
  );

  test('L7 · whatever is done in whatever order, exactly what was said yes to is granted', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        freshDevice();
        let fordi = shop();
        /** An erasing that is under way must not reach the next device. */
        const done = async () => {
          await eventually(() => expect(fordi.get().erasing).toBe(false));
          await settled();
        };
        const may = new Set<string>();
        const names = (purpose: string) => [purpose, ...(SERVICES[purpose] ?? []).map((service) => `${purpose}/${service}`)];
        for (const { act, purpose, yes, services } of steps) {
          if (act === 'reload') {
            await done();
            closeAll();
            fordi = shop();
            await fordi.ready;
          } else if (act === 'decide') {
            const single = purpose === 'measurement' ? services : {};
            await fordi.decide({ [purpose]: { granted: yes, services: single } });
            for (const name of names(purpose)) yes ? may.add(name) : may.delete(name);
            for (const [name, on] of Object.entries(single)) on ? may.add(`${purpose}/${name}`) : may.delete(`${purpose}/${name}`);
          } else {
            await fordi[act]({ purposes: [purpose] });
            for (const name of names(purpose)) may.delete(name);
          }
        }
        for (const purpose of NAMES) {
          expect(fordi.choice(purpose) === 'granted', purpose).toBe(may.has(purpose));
          for (const service of SERVICES[purpose] ?? [])
            expect(fordi.choice(purpose, service) === 'granted', `${purpose}/${service}`).toBe(may.has(`${purpose}/${service}`));
        }
        await done();
        closeAll();
      }),
      { numRuns: 300 },
    ),
  );

  interface Visit {
    readonly has: readonly string[];
    readonly gpc: boolean;
    readonly gpcMeans: 'refuse' | 'noshare';
    readonly version: string;
  }
  /** Pages of one site that differ in what they declare, in the version of their notice, and in whether that signal is on. */
  const visits = fc.record({ has: fc.subarray(['plausible', 'matomo', 'own']), gpc: fc.boolean(), gpcMeans: fc.constantFrom('refuse' as const, 'noshare' as const), version: fc.constantFrom('1', '1.1', '2') }); // biome-ignore format: one line
  const said = fc.record({
    granted: fc.constantFrom(undefined, undefined, true, false),
    services: fc.dictionary(fc.constantFrom('plausible', 'matomo', 'own'), fc.boolean()),
  });
  const step = fc.oneof(
    { weight: 2, arbitrary: said.map((said) => ({ said })) },
    { weight: 2, arbitrary: visits.map((visit) => ({ visit })) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 120 }).map((days) => ({ days })) },
    { weight: 1, arbitrary: fc.constantFrom('withdraw' as const, 'refuse' as const).map((act) => ({ act })) },
  );
  const site = ({ has, gpc, gpcMeans, version }: Visit) => {
    vi.stubGlobal('navigator', { globalPrivacyControl: gpc });
    const services = Object.fromEntries(has.map((name) => [name, { title: name, recipients: ['Acme'] }]));
    return shop({
      gpc: gpcMeans,
      notice: { version, keeps: ['listen'] },
      purposes: { measurement: terms({ recipients: ['Acme'], services }) },
    });
  };

  test(
    'L7, L17, F07, G2 · nothing is granted but by a yes to it, at most 182 days old, to no other notice unless that is asked, and in spite of the signal where it is on',
    {
      timeout: 120_000,
    },
    () =>
      fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24, size: 'max' }), async (steps) => {
          freshDevice();
          vi.setSystemTime(NOW);
          let visit: Visit = { has: ['plausible', 'matomo'], gpc: false, gpcMeans: 'refuse', version: '1' };
          let fordi = site(visit);
          const yes = new Map<string, { readonly at: number; readonly gpc: boolean; readonly major: string | undefined }>();
          const major = () => visit.version.split('.')[0];
          const set = (name: string, on: boolean) =>
            on ? yes.set(name, { at: Date.now(), gpc: visit.gpc, major: major() }) : yes.delete(name);
          for (const one of steps) {
            if ('visit' in one) {
              await settled();
              closeAll();
              visit = one.visit;
              fordi = site(visit);
              await fordi.ready;
            } else if ('days' in one) travel(one.days);
            else if ('act' in one) {
              await fordi[one.act]();
              yes.clear();
            } else {
              const { granted } = one.said;
              const services = Object.fromEntries(Object.entries(one.said.services).filter(([name]) => visit.has.includes(name)));
              await fordi.decide({ measurement: { ...(granted !== undefined && { granted }), services } });
              if (granted === false) yes.clear();
              if (granted) for (const name of ['', ...visit.has]) set(name, true);
              for (const [name, on] of Object.entries(services)) set(name, on);
            }
            for (const name of ['', ...visit.has]) {
              if (fordi.choice('measurement', name || undefined) !== 'granted') continue;
              const given = yes.get(name);
              expect([name, given]).toEqual([name, { at: expect.any(Number), gpc: given?.gpc || visit.gpc, major: expect.any(String) }]);
              expect(Date.now() - Number(given?.at)).toBeLessThan(182 * DAY);
              if (!name && given?.major !== major()) expect(fordi.get().asking?.purposes).toContain('measurement');
            }
          }
          await settled();
          closeAll();
        }),
        { numRuns: times(600) },
      ),
  );
});

describe('what is declared', () => {
  const make =
    (purposes: unknown, more = {}) =>
    () =>
      createFordi({ ...OPTIONS, purposes, ...more } as never);

  test.each([
    ['a purpose without a title', { m: { text: 'x', keeps: 'x', days: 1 } }, 'option purposes.m.title is undefined, expected a text'],
    ['without how long', { m: { title: 'x', text: 'x', keeps: 'x' } }, 'option purposes.m.days is undefined'],
    ['without what is kept', { m: { title: 'x', text: 'x', days: 1 } }, 'option purposes.m.keeps is undefined'],
    [
      'kept for ever',
      { m: terms({ days: Number.POSITIVE_INFINITY }) },
      'option purposes.m.days is null, expected a whole number, 1 to 3650',
    ],
    ['that is always there', { personalization: terms() }, 'option purposes.personalization'],
    [
      'a service under two purposes',
      { a: terms({ services: { maps: { title: 'Maps' } } }), b: terms({ services: { maps: { title: 'Maps' } } }) },
      'option purposes.b.services.maps is "maps", expected a service under one purpose only. It stands under purposes.a',
    ],
    ['a service without a title', { a: terms({ services: { maps: {} as never } }) }, 'option purposes.a.services.maps.title is undefined'],
    [
      'a place there is not',
      { a: terms({ stores: [{ name: 'x', place: 'disk' as never }] }) },
      'option purposes.a.stores[0].place is "disk", expected cookie or local',
    ],
    [
      'a legitimate interest',
      { a: { ...terms(), legitimateInterest: true } },
      'option purposes.a.legitimateInterest is "legitimateInterest", expected a known name',
    ],
    ['not an object', [], 'option purposes is [], expected purposes by name'],
  ])('%s is named', (_, purposes, text) => {
    expect(make(purposes)).toThrow(text);
  });
});

test('a page for children has no yes to take back', async () => {
  await shop().decide({ personalization: true, measurement: true });
  closeAll();
  const fordi = shop({ child: true });
  await fordi.ready;
  expect([fordi.choice(), fordi.get().given]).toEqual(['refused', []]);
});

test.each([0, 1, 5, 20, 60])('L14 · a no to one purpose holds while a yes to another is on its way (%i)', async (turns) => {
  const [fordi, other] = [shop(), shop()];
  await Promise.all([fordi.ready, other.ready]);
  await fordi.decide({ measurement: true, marketing: true });
  await settled();
  const given = fordi.grant();
  for (let i = 0; i < turns; i++) await Promise.resolve();
  const taken = [fordi.withdraw({ purposes: ['measurement'] }), other.withdraw({ purposes: ['marketing'] })];
  await Promise.all([given, ...taken]);
  await eventually(() => expect(states(fordi)).toMatchObject({ measurement: 'withdrawn', marketing: 'withdrawn' }));
  closeAll();
  const next = shop();
  await next.ready;
  expect(states(next)).toMatchObject({ measurement: 'withdrawn', marketing: 'withdrawn' });
});
