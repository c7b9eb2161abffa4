// @vitest-environment happy-dom
import { createFordi, type Fordi, type Options } from 'fordi';
import { connectElsewhere, connectGoogle, connectTools } from 'fordi/integrations';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readUpdates } from '../src/integrations/elsewhere/google.js';
import { type Ping, readPing } from '../src/integrations/elsewhere/gpp.js';
import { readTCData, type TCData, tcf } from '../src/integrations/elsewhere/tcf.js';
import { define, eventually, OPTIONS, page, settled } from './support/world.js';

// IAB TCF and GPP, read (standards §4.1, §4.2); Google Consent Mode v2, read and told (§3).

let said: string[] = [];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'error').mockImplementation((text) => said.push(`${text}`));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(globalThis, 'dataLayer');
});

const yes = (...numbers: number[]) => Object.fromEntries(numbers.map((n) => [n, true]));

describe('TCF', () => {
  const data = (more: TCData = {}): TCData => ({
    cmpStatus: 'loaded',
    gdprApplies: true,
    eventStatus: 'useractioncomplete',
    publisher: { consents: yes(1, 5, 6) },
    ...more,
  });
  const rows: [id: string, what: string, data: TCData | undefined, ok: boolean, category: string, answer: string | undefined][] = [
    ['T1', 'all of it', data(), true, '1', 'granted'],
    ['T1', 'loaded with an earlier choice', data({ eventStatus: 'tcloaded' }), true, '5', 'granted'],
    ['T1', 'not ok', data(), false, '1', undefined],
    ['T1', 'nothing yet', undefined, true, '1', undefined],
    ['T1', 'not known whether the law applies: wait', data({ gdprApplies: undefined as never }), true, '1', undefined],
    ['T1', 'merely truthy', data({ gdprApplies: 1 as never }), true, '1', undefined],
    ['T1', 'a consent that is merely truthy', data({ publisher: { consents: { 1: 1 as never } } }), true, '1', 'denied'],
    ['T1', 'one that is missing', data({ publisher: { consents: yes(1, 5) } }), true, '6', 'denied'],
    ['T1', 'no status', data({ eventStatus: undefined as never }), true, '1', undefined],
    ['T1', 'a status of another version', data({ eventStatus: 'tcloaded2' }), true, '1', undefined],
    ['T2', 'its interface is open, whatever stands there', data({ eventStatus: 'cmpuishown' }), true, '1', 'pending'],
    ['T3', 'others’ purposes only', data({ publisher: {}, purpose: { consents: yes(1, 5, 6) } }), true, '1', 'denied'],
    ['T3', 'others’ purposes, named by the owner', data({ publisher: {}, purpose: { consents: yes(1) } }), true, 'purpose.1', 'granted'],
    ['T3', 'the publisher’s own', data({ publisher: { customPurpose: { consents: yes(3) } } }), true, 'custom.3', 'granted'],
    ['T3', 'the publisher’s own, refused', data({ publisher: { customPurpose: { consents: {} } } }), true, 'custom.3', 'denied'],
    [
      'T4',
      'legitimate interest only',
      data({ publisher: { legitimateInterests: yes(1, 5, 6) } as never, purpose: { legitimateInterests: yes(1) } as never }),
      true,
      '1',
      'denied',
    ],
    ['T4', 'purpose one is treated otherwise', { ...data({ publisher: {} }), purposeOneTreatment: true } as never, true, '1', 'denied'],
    ['T5', 'the law does not apply', data({ gdprApplies: false, publisher: undefined as never }), true, '1', 'denied'],
    ['T6', 'broken', data({ cmpStatus: 'error' }), true, '1', 'silent'],
    ['T1', 'no such category', data(), true, 'personal', undefined],
    ['T1', 'a name every object has', data(), true, 'constructor', undefined],
  ];
  const of = (row: string) => rows.flatMap(([id, ...rest]) => (id === row ? [rest] : []));
  type Case = ReturnType<typeof of>[number];
  const reads = (...[, tc, ok, category, answer]: Case) => expect(readTCData(tc, ok, category, 'denied')).toBe(answer);
  test.each(of('T1'))('T1 · %s', reads);
  test.each(of('T2'))('T2 · %s', reads);
  test.each(of('T3'))('T3 · %s', reads);
  test.each(of('T4'))('T4 · %s', reads);
  test.each(of('T5'))('T5 · %s', reads);
  test.each(of('T6'))('T6 · %s', reads);

  test('T5 · the owner’s policy for the rest of the world', () => {
    expect(readTCData(data({ gdprApplies: false }), true, '1', 'granted')).toBe('granted');
  });

  const fake = vi.fn();
  const install = (tc: unknown, ok = true) => {
    fake.mockReset();
    fake.mockImplementation((command: string, _: number, call: (data: unknown, ok: boolean) => void) => {
      if (command === 'addEventListener') call(tc, ok);
    });
    vi.stubGlobal('__tcfapi', fake);
  };

  test.each<[string, TCData, string]>([
    ['all three', data(), 'granted'],
    ['without 6', data({ publisher: { consents: yes(1, 5, 11) } }), 'refused'],
    ['open', data({ eventStatus: 'cmpuishown', publisher: { consents: yes(1, 5, 6) } }), 'unset'],
    ['of others', data({ publisher: {}, purpose: { consents: yes(1, 2, 3, 4, 5, 6) } }), 'refused'],
    ['not here', data({ gdprApplies: false }), 'refused'],
    ['broken', data({ cmpStatus: 'error' }), 'refused'],
  ])('T1, T2, T3, T5, T6 · %s → %s on the page', async (_, tc, choice) => {
    install(tc);
    const fordi = page({ heeds: true });
    const stop = connectElsewhere(fordi);
    await eventually(() => expect(fordi.choice()).toBe(choice));
    await settled();
    expect([fordi.choice(), fordi.get().asking]).toEqual([choice, undefined]);
    stop();
  });

  test('T2 · its interface opened again over a choice changes nothing until another is made; before any, and when it breaks, it is none', async () => {
    let call: (data: unknown, ok: boolean) => void = () => {};
    vi.stubGlobal('__tcfapi', (command: string, _: number, listener: typeof call) => {
      if (command === 'addEventListener') call = listener;
    });
    const fordi = page({ heeds: true });
    const stop = connectElsewhere(fordi);
    const open = (consents: Record<number, boolean>) => data({ eventStatus: 'cmpuishown', publisher: { consents } });
    const seen = new Set<string>();
    fordi.subscribe(() => seen.add(fordi.choice()));
    const hears = async (tc: TCData, choice: string) => {
      call(tc, true);
      await settled();
      await eventually(() => expect(fordi.choice()).toBe(choice));
    };
    await hears(open(yes(1, 5, 6)), 'unset');
    await hears(data({ publisher: { consents: {} } }), 'refused');
    seen.clear();
    await hears(open(yes(1, 5, 6)), 'refused'); // an open interface grants nothing
    expect([...seen].filter((one) => one !== 'refused')).toEqual([]);
    await hears(data({ eventStatus: 'tcloaded' }), 'granted');
    seen.clear();
    await hears(open(yes(1, 5, 6)), 'granted');
    await hears(open({}), 'granted'); // as its switches are moved, before anything is saved
    expect([...seen].filter((one) => one !== 'granted')).toEqual([]); // no page was emptied in between
    await hears(data({ cmpStatus: 'error', eventStatus: 'cmpuishown' }), 'refused');
    stop();
  });

  test('its listener is taken back by its number; nothing else is called, getTCData never', async () => {
    install(data({ listenerId: 12 }));
    const stop = connectElsewhere(page({ heeds: true }));
    await settled();
    stop();
    expect(fake.mock.calls.map(([command, version, , parameter]) => [command, version, parameter])).toEqual([
      ['addEventListener', 2, undefined],
      ['removeEventListener', 2, 12],
    ]);
  });

  test('nothing of the frameworks’ is defined, no locator frame made', async () => {
    const stop = connectElsewhere(page({ heeds: true }));
    await settled();
    expect(['__tcfapi', '__gpp', '__uspapi', 'dataLayer', 'didomiOnReady'].filter((name) => name in globalThis)).toEqual([]);
    expect(document.querySelectorAll('iframe')).toHaveLength(0);
    stop();
  });

  test('T5 · the owner’s policy, in code', async () => {
    install(data({ gdprApplies: false }));
    const fordi = page({ heeds: true });
    const stop = connectTools(fordi, [tcf('granted')]);
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    stop();
  });
});

describe('GPP', () => {
  const ready = (parsedSections: unknown, applicableSections = [7]): Ping => ({
    signalStatus: 'ready',
    applicableSections,
    parsedSections: parsedSections as never,
  });
  const rows: [what: string, ping: Ping, answer: string | undefined][] = [
    ['not ready, whatever it holds', { ...ready({ usnat: [{ SaleOptOut: 1 }] }), signalStatus: 'not ready' }, undefined],
    ['opted out of selling', ready({ usnat: [{ SaleOptOut: 1 }] }), 'denied'],
    ['opted out of sharing, by state', ready({ usca: [{ SharingOptOut: 1 }] }, [8]), 'denied'],
    ['opted out of advertising', ready({ usnat: [{ TargetedAdvertisingOptOut: 1 }, {}] }), 'denied'],
    ['Global Privacy Control in a segment of its own', ready({ usnat: [{ SaleOptOut: 2 }, { Gpc: true }] }), 'denied'],
    ['a segment that is not in a list', ready({ usnat: { SaleOptOut: 1 } }), 'denied'],
    ['did not opt out', ready({ usnat: [{ SaleOptOut: 2, SharingOptOut: 0 }, { Gpc: false }] }), 'granted'],
    ['no section applies', ready({ usnat: [{ SaleOptOut: 1 }] }, [-1]), 'granted'],
    ['nothing', ready(undefined), 'granted'],
    ['nonsense', ready('DBABMA~1'), 'granted'],
  ];
  test.each(rows)('%s', (_, ping, answer) => {
    expect(readPing(ping)).toBe(answer);
  });

  const install = () => {
    const calls: ((told: unknown, ok: boolean) => void)[] = [];
    const commands: string[] = [];
    vi.stubGlobal('__gpp', (command: string, call: (told: unknown, ok: boolean) => void) => {
      commands.push(command);
      if (command === 'addEventListener') calls.push(call);
    });
    const tell = (ping: Ping, ok = true) => {
      for (const call of calls) call({ eventName: 'signalStatus', listenerId: 4, pingData: ping }, ok);
    };
    return { tell, commands };
  };

  test('T2 · an opt-out holds while its interface is open again, until another answer is ready', async () => {
    const { tell } = install();
    const fordi = page();
    const stop = connectElsewhere(fordi);
    tell(ready({ usnat: [{ SaleOptOut: 1 }] }));
    await eventually(() => expect(fordi.choice()).toBe('refused'));
    tell({ ...ready({ usnat: [{ SaleOptOut: 1 }] }), signalStatus: 'not ready' });
    await settled();
    expect(fordi.choice()).toBe('refused');
    tell(ready({ usnat: [{ SaleOptOut: 2 }] }));
    await eventually(() => expect(fordi.choice()).toBe('unset'));
    stop();
  });

  test('an opt-out counts like Global Privacy Control; that there is none is no yes, and the notice is fordi’s', async () => {
    const { tell, commands } = install();
    const fordi = page();
    const stop = connectElsewhere(fordi);
    await fordi.ready;
    expect(fordi.get().asking).toBeDefined();
    tell(ready({ usnat: [{ SaleOptOut: 2 }] }));
    await settled();
    expect([fordi.choice(), fordi.get().elsewhere]).toEqual(['unset', []]);
    tell(ready({ usnat: [{ SaleOptOut: 1 }] }), false);
    await settled();
    expect(fordi.choice()).toBe('unset');
    tell(ready({ usnat: [{ SaleOptOut: 1 }] }));
    await eventually(() => expect(fordi.choice()).toBe('refused'));
    expect([fordi.get().asking, fordi.get().elsewhere]).toEqual([undefined, []]);
    expect(await fordi.grant(undefined, { via: 'panel' })).toMatchObject({ granted: true }); // G2: a later, specific yes
    tell(ready({ usnat: [{ SaleOptOut: 2 }] }));
    await settled();
    expect(fordi.choice()).toBe('granted');
    stop();
    expect(commands).toEqual(['addEventListener', 'removeEventListener']);
    expect(said).toEqual([]);
  });
});

const gtag = (...args: unknown[]) => {
  const page = globalThis as { dataLayer?: unknown[] };
  page.dataLayer ??= [];
  page.dataLayer.push(
    (function (..._: unknown[]) {
      // biome-ignore lint/complexity/noArguments: what gtag pushes
      return arguments;
    })(...args),
  );
};
const layer = () => (globalThis as { dataLayer?: ArrayLike<unknown>[] }).dataLayer ?? [];
const plain = () => layer().map((entry) => Array.from(entry));

describe('Google Consent Mode, read', () => {
  test('only an update counts, only as Google’s tags would heed it, and the last one', () => {
    const updates = (...list: unknown[]) => readUpdates(list, 'personalization_storage');
    const entry = (...args: unknown[]) => ({ ...args, length: args.length });
    expect(updates(entry('consent', 'default', { personalization_storage: 'granted' }))).toBe('pending');
    expect(updates(['consent', 'update', { personalization_storage: 'granted' }])).toBe('pending');
    expect(updates(entry('consent', 'update', { ad_storage: 'granted' }))).toBe('pending');
    expect(updates(entry('consent', 'update', { personalization_storage: 'granted' }))).toBe('granted');
    const no = entry('consent', 'update', { personalization_storage: 'denied' });
    expect(updates(entry('consent', 'update', { personalization_storage: 'granted' }), no, entry('config', 'G-1'))).toBe('denied');
    expect(updates(entry('consent', 'update', { personalization_storage: 1 }))).toBeUndefined();
    expect(readUpdates('dataLayer', 'personalization_storage')).toBe('pending');
    expect(updates(null, undefined, 1, entry('consent', 'update'))).toBe('pending');
  });

  test('only where the owner names it', async () => {
    gtag('consent', 'update', { personalization_storage: 'granted' });
    const fordi = page({ heeds: true });
    const stop = connectElsewhere(fordi);
    await settled();
    expect([fordi.choice(), fordi.get().elsewhere, layer().length]).toEqual(['unset', [], 1]);
    stop();
  });
});

describe('Google Consent Mode, told', () => {
  const DEFAULT = ['consent', 'default', { personalization_storage: 'denied', wait_for_update: 500 }];
  const update = (value: string) => ['consent', 'update', { personalization_storage: value }];
  const ready = async (options: Partial<Options> = {}): Promise<Fordi> => {
    const fordi = page(options);
    await fordi.ready;
    return fordi;
  };

  test('C1 · a default before the first tag, one update after yes, denied after taking it back, only keys of its own', async () => {
    const fordi = await ready();
    connectGoogle(fordi);
    gtag('js', new Date());
    gtag('config', 'G-1');
    expect(plain()[0]).toEqual(DEFAULT);
    await fordi.grant();
    await fordi.observe({ verb: 'listen', item: 'blue' });
    expect(plain().slice(3)).toEqual([update('granted')]);
    await fordi.withdraw();
    expect(plain().slice(3)).toEqual([update('granted'), update('denied')]);
  });

  test('C1 · a returning visitor: the default first, the stored choice once it has been verified, once', async () => {
    const before = await ready();
    await before.grant();
    before.stop();
    const fordi = page();
    connectGoogle(fordi);
    expect(plain()).toEqual([DEFAULT]); // the gate has not been read yet
    await fordi.ready;
    await eventually(() => expect(plain()).toEqual([DEFAULT, update('granted')]));
  });

  test('C1 · no is what was said already: no update', async () => {
    const fordi = await ready();
    connectGoogle(fordi);
    await fordi.refuse();
    expect(plain()).toEqual([DEFAULT]);
  });

  test('C1 · after a tag has begun nothing is told, and that is said', async () => {
    for (const tag of [() => gtag('config', 'G-1'), () => layer().push({ event: 'gtm.js' } as never)]) {
      gtag('js', new Date());
      tag();
      const before = layer().length;
      const fordi = await ready();
      connectGoogle(fordi);
      await fordi.grant();
      expect(layer()).toHaveLength(before);
      expect(said.join()).toContain('connectGoogle came after');
      fordi.stop();
      Reflect.deleteProperty(globalThis, 'dataLayer');
      said = [];
    }
  });

  test('C1 · what goes by the name of the list and is none is left alone, and said; so is what takes its place later', async () => {
    const own = { product: 'blue' };
    const page = globalThis as { dataLayer?: unknown };
    page.dataLayer = own;
    const fordi = await ready();
    connectGoogle(fordi);
    await fordi.grant();
    expect(own).toEqual({ product: 'blue' });
    expect(said.join()).toContain('"dataLayer" is no list');
    page.dataLayer = undefined;
    connectGoogle(fordi);
    page.dataLayer = own;
    await fordi.withdraw();
    expect(own).toEqual({ product: 'blue' });
  });

  test('C1 · the site’s own default before the tags is left as it is', async () => {
    gtag('consent', 'default', { ad_storage: 'denied', personalization_storage: 'denied' });
    gtag('config', 'G-1');
    const fordi = await ready();
    connectGoogle(fordi);
    await fordi.grant();
    expect(plain().slice(2)).toEqual([update('granted')]);
    expect(said).toEqual([]);
  });

  test.each([
    [[{ personalization_storage: 'granted' }]],
    [[{ personalization_storage: 'granted' }, { personalization_storage: 'denied', region: ['DK'] }]],
  ])('C1 · a default of the site’s own that grants what nobody has said yes to is taken back at once: %j', async (defaults) => {
    for (const one of defaults) gtag('consent', 'default', one);
    gtag('config', 'G-1');
    const fordi = page();
    connectGoogle(fordi);
    const begun = defaults.length + 1;
    expect(plain().slice(begun)).toEqual([update('denied')]); // before anything is known
    await fordi.ready;
    await fordi.grant();
    await fordi.withdraw();
    expect(plain().slice(begun)).toEqual([update('denied'), update('granted'), update('denied')]);
  });

  test('C1 · another purpose may speak for functionality; nothing else can be spoken for', async () => {
    const purposes = { comfort: { title: 'Comfort', text: 'Remembers.', keeps: 'choices', days: 30 } };
    const fordi = await ready({ purposes });
    connectGoogle(fordi, { keys: { personalization_storage: 'personalization', functionality_storage: 'comfort' } });
    await fordi.grant(['comfort']);
    expect(plain().slice(1)).toEqual([['consent', 'update', { functionality_storage: 'granted' }]]);
    for (const key of ['ad_storage', 'analytics_storage', 'security_storage', 'ad_user_data'])
      expect(() => connectGoogle(fordi, { keys: { [key]: 'comfort' } })).toThrow(`"${key}" is not fordi's to say`);
    expect(() => connectGoogle(fordi, { keys: { functionality_storage: 'confort' } })).toThrow('expected a declared purpose');
  });

  test('C2 · without it, or where another tool asks, the list is not touched, not even made', async () => {
    await (await ready()).grant();
    const fordi = await ready({ heeds: true });
    connectGoogle(fordi);
    fordi.heed('tool', { personalization: 'granted' });
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    expect('dataLayer' in globalThis).toBe(false);
  });

  test('C2 · from the moment another tool is there nothing more is told', async () => {
    const fordi = await ready();
    connectGoogle(fordi);
    fordi.heed('tool', { personalization: 'granted' });
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    expect(plain()).toEqual([DEFAULT]);
  });

  test.each([
    ['its no', (fordi: Fordi) => void fordi.heed('tool', { personalization: 'denied' })],
    ['a withdrawal here', (fordi: Fordi) => void fordi.withdraw({ via: 'panel' })],
  ])('C1 · beside a tool that came late, %s ends the yes that was told; never another yes', async (_, end) => {
    const fordi = await ready();
    connectGoogle(fordi);
    await fordi.grant();
    fordi.heed('tool', { personalization: 'granted' });
    expect(plain()).toEqual([DEFAULT, update('granted')]);
    end(fordi);
    await eventually(() => expect(plain()).toEqual([DEFAULT, update('granted'), update('denied')]));
    fordi.heed('tool', { personalization: 'granted' });
    await fordi.grant();
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    expect(plain()).toHaveLength(3);
  });

  test('C3 · entries are Arguments objects, in a list of another name too', async () => {
    const fordi = await ready();
    connectGoogle(fordi, { layer: 'ownLayer' });
    await fordi.grant();
    const list = (globalThis as unknown as { ownLayer: unknown[] }).ownLayer;
    expect(list.map((entry) => [Object.prototype.toString.call(entry), Array.isArray(entry)])).toEqual(
      Array(2).fill(['[object Arguments]', false]),
    );
    expect('dataLayer' in globalThis).toBe(false);
    Reflect.deleteProperty(globalThis, 'ownLayer');
  });

  test.each(['refuse', 'noshare'] as const)(
    'G3 · with Global Privacy Control on and %s, what goes to others stays denied after a yes',
    async (gpc) => {
      const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator') as PropertyDescriptor;
      define('navigator', { value: { globalPrivacyControl: true } });
      const fordi = createFordi({ ...OPTIONS, gpc });
      await fordi.ready;
      connectGoogle(fordi);
      expect(await fordi.grant(undefined, { via: 'panel' })).toMatchObject({ granted: true });
      expect(plain()).toEqual([DEFAULT]);
      fordi.stop();
      define('navigator', own);
    },
  );

  test('its detach falls silent', async () => {
    const fordi = await ready();
    connectGoogle(fordi)();
    await fordi.grant();
    expect(plain()).toEqual([DEFAULT]);
  });
});
