// @vitest-environment happy-dom
import type { Fordi } from 'fordi';
import { afterEach, expect, test, vi } from 'vitest';
import 'fake-indexeddb/auto';
import * as en from '../src/locales/en.js';
import { boot } from '../src/script.js';

// The script tag: data attributes in, options out.

const page = globalThis as { fordi?: unknown; [one: symbol]: unknown };

afterEach(() => {
  (page[Symbol.for('fordi')] as Fordi).stop();
  delete page[Symbol.for('fordi')];
  page.fordi = undefined;
  document.head.replaceChildren();
  document.body.replaceChildren();
});

const options = async (attributes: Record<string, string>) => {
  const script = document.createElement('script');
  Object.assign(script.dataset, { site: 'Grooves', notice: '1', keeps: 'listen', ...attributes });
  document.head.append(script);
  const one = () => page[Symbol.for('fordi')] as Fordi;
  await Promise.race([boot(en), vi.waitUntil(() => one()?.options)]); // rejects with what is wrong
  return one().options;
};

test.each([
  ['jazz  folk', ['jazz', 'folk']],
  [' jazz, hard bop ,', ['jazz', 'hard bop']],
  ['hard bop,', ['hard bop']],
  ['', []],
])('data-paused=%j pauses %j', async (paused, names) => {
  expect((await options({ paused })).paused).toEqual(names);
});

test.each(['auto', '', 'klaro:personal onetrust:C0003', 'klaro, onetrust:C0003'])(
  'data-heeds=%j leaves the asking to another tool',
  async (heeds) => {
    expect((await options({ heeds })).heeds).toBe(true);
  },
);

test('data-heeds with a tool nobody knows says which there are', async () => {
  await expect(options({ heeds: 'klarro:personal' })).rejects.toThrow(/tools names "klarro", expected a tool it knows: onetrust/);
  document.head.replaceChildren();
  await options({});
});

test('data-heeds=klaro:personal reads that service; without the attribute no other tool is heeded', async () => {
  const manager = { confirmed: true, savedConsents: { personal: true }, watch: () => {}, unwatch: () => {} };
  vi.stubGlobal('klaro', { getManager: () => manager, addEventListener: (_: string, call: (x: object) => void) => call({}) });
  await options({ heeds: 'klaro:personal' });
  const fordi = page[Symbol.for('fordi')] as Fordi;
  await vi.waitFor(() => expect([...fordi.get().elsewhere, fordi.get().choice]).toEqual(['klaro', 'granted']));
  await fordi.withdraw();
  vi.unstubAllGlobals();
});

test('data-google tells Google’s tags of nothing but its own key', async () => {
  await options({ google: '' });
  const layer = (globalThis as { dataLayer?: ArrayLike<unknown>[] }).dataLayer ?? [];
  expect(layer.map((entry) => Array.from(entry))).toEqual([
    ['consent', 'default', { personalization_storage: 'denied', wait_for_update: 500 }],
  ]);
  Reflect.deleteProperty(globalThis, 'dataLayer');
});

test('who is responsible, where, and a page for children stand on the tag', async () => {
  const { site, child } = await options({ address: 'Strøget 1, Aarhus', jurisdiction: 'DK', child: '' });
  expect([site, child]).toEqual([{ name: 'Grooves', address: 'Strøget 1, Aarhus', jurisdiction: 'DK' }, true]);
  const fordi = page[Symbol.for('fordi')] as Fordi;
  await fordi.ready;
  expect([fordi.choice(), fordi.get().asking, await fordi.grant()]).toEqual(['refused', undefined, { granted: false, reason: 'child' }]);
});

test('without them a page is for everybody', async () => {
  expect(await options({})).toMatchObject({ child: false, site: { name: 'Grooves' } });
});

test('L13 · a yes on a page without a way back is said on the console, once; with one, or before a yes, nothing is', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const opener = document.body.appendChild(document.createElement('button'));
  const later = () => vi.advanceTimersByTimeAsync(2000);
  await options({});
  const fordi = page[Symbol.for('fordi')] as Fordi;
  await fordi.ready;
  await later();
  await fordi.grant();
  opener.dataset.fordiOpen = 'panel'; // a page may bring it a moment later
  await later();
  expect(said.mock.calls).toEqual([]);
  delete opener.dataset.fordiOpen;
  await fordi.withdraw();
  await later();
  expect(said.mock.calls).toEqual([]);
  await fordi.grant();
  await later();
  await fordi.refuse();
  await fordi.grant();
  await later();
  expect(said.mock.calls).toEqual([[expect.stringMatching(/data-fordi-open="withdraw".*every page/)]]);
  await fordi.withdraw();
  vi.useRealTimers();
  said.mockRestore();
});

test('commas part any list of names', async () => {
  const { notice, slots } = await options({ keeps: 'listen,like', public: 'home, hall' });
  expect(notice.keeps.slice(0, 2)).toEqual(['listen', 'like']);
  expect(Object.keys(slots)).toEqual(['home', 'hall']);
});

const block = (text: string) => {
  const script = document.createElement('script');
  script.type = 'application/json';
  script.dataset.fordiPurposes = '';
  script.textContent = text;
  return document.head.appendChild(script);
};
const measurement = { title: 'Counting', text: 'How many come.', keeps: 'a number', days: 30 };

test('what has changed stands on the tag', async () => {
  expect((await options({ changes: 'The city is new.' })).notice.changes).toBe('The city is new.');
});

test('purposes come in a block of JSON', async () => {
  block(JSON.stringify({ measurement }));
  expect((await options({})).purposes).toEqual({ measurement });
});

test.each([
  ['{"measurement": }', /option data-fordi-purposes is no JSON \(.+\), expected JSON\. Purposes by name: /],
  ['[]', /option purposes is \[\], expected purposes by name/],
  ['{"measurement": {"title": "Counting"}}', /option purposes\.measurement\.text is undefined, expected a text/],
])('purposes that are %s: it is said at setup', async (text, message) => {
  block(text);
  await expect(options({})).rejects.toThrow(message);
  document.head.replaceChildren();
  await options({});
});

test('a block that comes after a tag without defer is too late, and that is said', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const state = vi.spyOn(document, 'readyState', 'get').mockReturnValue('loading');
  const { purposes } = await options({});
  const late = block(JSON.stringify({ measurement }));
  document.dispatchEvent(new Event('DOMContentLoaded'));
  expect(purposes).toEqual({});
  const words = expect.stringMatching(/too late\. Expected before the script tag, or defer/);
  await vi.waitFor(() => expect(said.mock.calls).toEqual([['fordi:', late, words]]));
  state.mockRestore();
  said.mockRestore();
});
