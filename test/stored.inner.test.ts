// @vitest-environment happy-dom
// @vitest-environment-options {"url": "https://a.shop.example/records/jazz/blue"}
import type { ChoiceState, Terms } from 'fordi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findStored, removeStored } from '../src/stored.js';
import { define } from './support/world.js';

// What the page has really stored, beside what was declared; and what of it goes.

const terms = (more: Partial<Terms>): Terms => ({ title: 'x', text: 'x', keeps: 'x', days: 30, ...more });

const purposes: Record<string, Terms> = {
  measurement: terms({
    stores: [
      { name: '_ga*', place: 'cookie', what: 'Counts visits', days: 390 },
      { name: 'both', place: 'local' },
      { name: 'visits', place: 'database' },
      { name: 'fordi', place: 'local' },
      { name: '*', place: 'cache' },
    ],
    services: { plausible: { title: 'Plausible', stores: [{ name: 'plausible_*_at', place: 'local' }] } },
  }),
  marketing: terms({
    stores: [
      { name: 'both', place: 'local' },
      { name: 'tab', place: 'session' },
    ],
  }),
};

/** The choice about each, by `purpose` or `purpose/service`; what is not named was not chosen. */
const chosen =
  (states: Record<string, ChoiceState>) =>
  (purpose: string, service?: string): ChoiceState =>
    states[service ? `${purpose}/${service}` : purpose] ?? 'unset';

const NO = { measurement: 'refused', 'measurement/plausible': 'refused', marketing: 'refused' } as const;

const held = new Set<string>();
const caches = { keys: async () => [...held], delete: async (name: string) => held.delete(name) };

const database = (name: string) =>
  new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name, 1);
    request.onsuccess = () => resolve(request.result);
  });
const found = async (states: Record<string, ChoiceState>) =>
  (await findStored({ purposes }, chosen(states))).map(({ place, name, state }) => `${place} ${name} ${state}`);
const left = async (states: Record<string, ChoiceState>) =>
  (await removeStored({ purposes }, chosen(states))).map(({ place, name, state }) => `${place} ${name} ${state}`);

const cookie = (text: string) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the page's own script does it this way.
  document.cookie = text;
};

const session = sessionStorage;

beforeEach(() => {
  held.clear();
  define('sessionStorage', { value: session });
  sessionStorage.clear();
  for (const pair of document.cookie.split('; ')) cookie(`${pair.split('=')[0]}=;max-age=-1;path=/`);
  define('caches', { value: caches });
});
afterEach(() => vi.unstubAllGlobals());

/** One of everything, and what nobody has declared. */
async function fill(): Promise<void> {
  cookie('_ga=1;path=/');
  cookie('basket=3;path=/');
  localStorage.setItem('plausible_x_at', '1');
  localStorage.setItem('both', '1');
  localStorage.setItem('length', '1');
  localStorage.setItem('fordi', '{}');
  sessionStorage.setItem('tab', '1');
  held.add('pages');
  for (const name of ['visits', 'orders', 'fordi']) (await database(name)).close();
}

const UNDECLARED = ['cookie basket undeclared', 'local length undeclared', 'database orders undeclared'];

describe('R7b: the inventory of what is stored', () => {
  test('R7b · everything there is, matched to what was declared; fordi itself left out', async () => {
    await fill();
    const all = await findStored({ purposes });
    expect(all.map(({ place, name, state }) => `${place} ${name} ${state}`)).toEqual([
      'cookie _ga declared',
      'cookie basket undeclared',
      'local both declared',
      'local length undeclared',
      'local plausible_x_at declared',
      'session tab declared',
      'database orders undeclared',
      'database visits declared',
      'cache pages declared',
    ]);
    expect(all[0]).toEqual({
      name: '_ga',
      place: 'cookie',
      purpose: 'measurement',
      what: 'Counts visits',
      days: 390,
      state: 'declared',
    });
    expect(all[4]).toEqual({
      name: 'plausible_x_at',
      place: 'local',
      purpose: 'measurement',
      service: 'plausible',
      state: 'declared',
    });
  });

  test('expired is what nobody it belongs to may keep: a purpose, or one service of it', async () => {
    await fill();
    const most = { measurement: 'granted', 'measurement/plausible': 'refused', marketing: 'withdrawn' } as const;
    const all = await findStored({ purposes }, chosen(most));
    expect(all.filter(({ state }) => state === 'expired').map(({ name }) => name)).toEqual(['plausible_x_at', 'tab']);
    expect(all.find(({ name }) => name === 'both')).toMatchObject({ purpose: 'measurement', state: 'declared' });
    expect(await found({})).toContain('local both expired');
  });

  test.each([
    ['_ga*', '_ga', true],
    ['_ga*', '_gid', false],
    ['*', 'anything', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'acb', false],
    ['a.c', 'abc', false],
    ['x', 'x', true],
    ['x', 'xx', false],
  ])('the name %s is, or is not, %s: %s', async (name, key, is) => {
    localStorage.setItem(key, '1');
    const one = { a: terms({ stores: [{ name, place: 'local' }] }) };
    expect(await findStored({ purposes: one })).toMatchObject([{ name: key, state: is ? 'declared' : 'undeclared' }]);
  });

  test('A03 A04: getters that throw, null, what is missing: the other places are still seen', async () => {
    await fill();
    const broken = {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    };
    define('sessionStorage', { value: null });
    define('caches', { value: undefined });
    define('indexedDB', broken);
    define('localStorage', broken);
    expect(await found({})).toEqual(['cookie _ga expired', 'cookie basket undeclared']);
    expect(await left(NO)).toEqual([]);
  });

  test('L2 · looking creates nothing and reads no value', async () => {
    const opened = vi.spyOn(indexedDB, 'open');
    const read = vi.spyOn(localStorage, 'getItem');
    localStorage.setItem('both', '1');
    await findStored({ purposes });
    expect(opened).not.toHaveBeenCalled();
    expect(read).not.toHaveBeenCalled();
    expect(await indexedDB.databases()).toEqual([]);
  });
});

describe('L14 C05: what may no longer be there is deleted', () => {
  test('L14 · of everything refused, all that was declared; nothing undeclared, and not fordi', async () => {
    await fill();
    expect(await left(NO)).toEqual([]);
    expect(await found(NO)).toEqual(UNDECLARED);
    expect(localStorage.getItem('fordi')).toBe('{}');
    expect((await indexedDB.databases()).map(({ name }) => name).sort()).toEqual(['fordi', 'orders']);
  });

  test('L1 · before a choice nothing is touched', async () => {
    await fill();
    const before = await found({});
    expect(await left({})).toEqual([]);
    expect(await found({})).toEqual(before);
  });

  test('what a granted purpose shares stays; what only others share goes', async () => {
    await fill();
    await left({ measurement: 'granted', 'measurement/plausible': 'granted', marketing: 'withdrawn' });
    expect([localStorage.getItem('both'), localStorage.getItem('plausible_x_at'), sessionStorage.getItem('tab')]).toEqual(['1', '1', null]);
    await left({ measurement: 'expired', marketing: 'unset' });
    expect(localStorage.getItem('both')).toBeNull();
  });

  test('C06: a cookie is tried under every path and domain it may have been set with, and the declared ones', async () => {
    const one = terms({ stores: [{ name: 'far', place: 'cookie', path: '/other', domain: 'shop.example' }] });
    const written: string[] = [];
    Object.defineProperty(document, 'cookie', {
      configurable: true,
      get: () => 'far=1',
      set: (text: string) => written.push(text),
    });
    const still = await removeStored({ purposes: { a: one } }, () => 'refused');
    Reflect.deleteProperty(document, 'cookie');
    expect(still).toEqual([{ name: 'far', place: 'cookie', purpose: 'a', state: 'expired' }]);
    for (const path of ['/other', '/', '/records', '/records/', '/records/jazz', '/records/jazz/', '/records/jazz/blue'])
      for (const domain of ['', ';domain=shop.example', ';domain=a.shop.example'])
        expect(written).toContain(`far=;max-age=-1;path=${path}${domain}`);
    expect(written).toContain('far=;max-age=-1;path=/;secure;partitioned');
    expect(written.join()).not.toMatch(/domain=example\b/); // no browser takes a domain of one part
  });

  test('C06: what is gone is not tried any further', async () => {
    cookie('gone=1;path=/');
    const written = vi.spyOn(document, 'cookie', 'set');
    const one = terms({ stores: [{ name: 'gone', place: 'cookie' }] });
    expect(await removeStored({ purposes: { a: one } }, () => 'refused')).toEqual([]);
    expect(new Set(written.mock.calls.map(([text]) => /path=([^;]*)/.exec(text)?.[1]))).toEqual(new Set(['/']));
    written.mockRestore();
  });

  test('C06: a declared cookie of another path is deleted though no script sees it', async () => {
    const one = terms({ stores: [{ name: 'far', place: 'cookie', path: '/other' }] });
    const written = vi.spyOn(document, 'cookie', 'set');
    expect(await removeStored({ purposes: { a: one } }, () => 'refused')).toEqual([]);
    expect(written).toHaveBeenCalledWith('far=;max-age=-1;path=/other');
    written.mockRestore();
  });

  test('C01: a database that another tab holds is reported as left, after a second and not later', async () => {
    const db = await database('visits');
    const begin = performance.now();
    expect(await left(NO)).toEqual(['database visits expired']);
    expect(performance.now() - begin).toBeLessThan(2500);
    db.close();
    await vi.waitFor(async () => expect(await indexedDB.databases()).toEqual([]));
  });

  test('where the browser lists no databases, those declared by their whole name are deleted all the same', async () => {
    (await database('visits')).close();
    const { databases } = indexedDB;
    Object.defineProperty(indexedDB, 'databases', { configurable: true, value: undefined });
    expect(await left(NO)).toEqual([]);
    expect(await databases.call(indexedDB)).toEqual([]);
  });

  test('what refuses to go is told', async () => {
    held.add('pages');
    define('caches', { value: { ...caches, delete: async () => Promise.reject(new Error('no')) } });
    expect(await left(NO)).toEqual(['cache pages expired']);
  });
});
