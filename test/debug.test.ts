// @vitest-environment happy-dom
import type { Contribution, Fordi, Pick, State, Trace } from 'fordi';
import { inspect } from 'fordi/debug';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const DAY = Date.UTC(2026, 10, 3);
const signal = {
  key: 'listen:a',
  verb: 'listen',
  item: 'a',
  title: 'Album A',
  provenance: 'engaged',
  sensitivity: 'ordinary',
  notice: '1',
  count: 2,
  weight: 1.8,
  first: DAY,
  last: DAY,
} as const;
const evidence = [{ id: 'e1', verb: 'listen', item: 'a', provenance: 'engaged', sensitivity: 'ordinary', at: DAY, notice: '1' }] as const;
const contributions: Contribution[] = [
  { signal, verdict: { mode: 'explicit', reasons: [] }, share: 0.8, evidence },
  {
    signal: { ...signal, key: 'dismiss:b', verb: 'dismiss', title: 'Album B' },
    verdict: { mode: 'implicit', reasons: ['voice'] },
    share: -0.4,
    evidence: [],
  },
];
const because = { kind: 'records', text: 'Because you listened to Album A', evidence: [signal] } as const;
const picks: Pick[] = [{ item: { id: 'c', title: '<b>C</b>' }, score: 0.5, mode: 'explicit', because }];
const traces: Record<string, Trace> = {
  c: { item: { id: 'c', title: '<b>C</b>' }, place: 1, score: 0.5, prior: 0.1, page: 0, contributions, mode: 'explicit', because },
  a: { item: { id: 'a', title: 'Album A' }, excluded: 'known', score: 0, prior: 0, page: 0, contributions: [], mode: 'none' },
};
const unknown: Trace = { excluded: 'unknown', score: 0, prior: 0, page: 0, contributions: [], mode: 'none' };

let state: State;
let listeners: Set<() => void>;
let list: readonly Pick[];

const fake = () =>
  ({
    get: () => state,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    recommend: vi.fn(async () => list),
    explain: vi.fn(async (id: string) => traces[id] ?? unknown),
  }) as unknown as Fordi;

const host = () => document.querySelector('[data-fordi-inspector]') as HTMLElement;
const root = () => host().shadowRoot as ShadowRoot;
const text = () => root().querySelector('aside')?.textContent ?? '';
const press = (name: string) => {
  const button = [...root().querySelectorAll('button')].find((one) => one.textContent === name);
  expect(button, name).toBeDefined();
  button?.click();
};
const lookUp = (id: string) => {
  (root().querySelector('input') as HTMLInputElement).value = id;
  root()
    .querySelector('form')
    ?.dispatchEvent(new Event('submit', { cancelable: true }));
};
const settled = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  list = picks;
  listeners = new Set();
  state = {
    ready: true,
    choice: 'granted',
    choices: { personalization: 'granted' },
    given: ['personalization'],
    standing: {},
    questions: [],
    elsewhere: [],
    silent: [],
    noes: {},
    paused: false,
    objections: [],
    memory: 'device',
    voice: 'explained',
    gpc: false,
    records: 17,
    days: 180,
    damaged: 3,
    erasing: false,
    problems: ['rules[0] threw'],
    catalog: { items: 309, dropped: 1, problems: ['item 4 has no title'] },
  };
});

afterEach(() => {
  document.body.replaceChildren();
});

test('shows the state, the catalog problems and the list of the slot', async () => {
  const fordi = fake();
  inspect(fordi, { slot: 'home', context: 'a' });
  await settled();
  expect(fordi.recommend).toHaveBeenCalledWith({ slot: 'home', context: 'a' });
  for (const words of [
    'granted',
    'device',
    'explained',
    '17',
    '3',
    '309',
    'item 4 has no title',
    'rules[0] threw',
    '0.500',
    because.text,
  ]) {
    expect(text()).toContain(words);
  }
});

test('X6 · shows titles as text, never as markup', async () => {
  inspect(fake());
  await settled();
  expect(root().querySelector('b')).toBeNull();
  expect(text()).toContain('<b>C</b>');
});

test('explains a chosen item: verdicts, what lowered them, shares with bars, dates', async () => {
  inspect(fake());
  await settled();
  press('<b>C</b>');
  await settled();
  for (const words of ['listen Album A', 'engaged, ordinary', 'implicit', 'voice', '0.800', '-0.400', '2026-11-03', "the shop's prior"]) {
    expect(text()).toContain(words);
  }
  const bars = [...root().querySelectorAll<HTMLElement>('.bar')].map((bar) => bar.style.getPropertyValue('--share'));
  expect(bars).toEqual(['100%', '50%']);
});

test('looks up any item, and says why it is left out', async () => {
  inspect(fake());
  await settled();
  lookUp('a');
  await settled();
  expect(text()).toContain('known');
  expect(text()).toContain('nothing is said');
  lookUp('nowhere');
  await settled();
  expect(text()).toContain('unknown');
});

test('follows what changes, and draws only the newest answer', async () => {
  const fordi = fake();
  inspect(fordi);
  await settled();
  let answerLate: (picks: readonly Pick[]) => void = () => {};
  const late = new Promise<readonly Pick[]>((resolve) => {
    answerLate = resolve;
  });
  vi.mocked(fordi.recommend).mockImplementationOnce(() => late);
  for (const listener of listeners) listener();
  state = { ...state, choice: 'withdrawn', records: 0 };
  list = [];
  for (const listener of listeners) listener();
  await settled();
  answerLate(picks);
  await settled();
  expect(text()).toContain('withdrawn');
  expect(text()).not.toContain('<b>C</b>');
});

test('folds and unfolds', async () => {
  inspect(fake(), { open: false });
  const body = () => root().querySelector<HTMLElement>('#body');
  expect(body()?.hidden).toBe(true);
  press('Unfold');
  expect(body()?.hidden).toBe(false);
  expect(root().querySelector('[aria-controls=body]')?.getAttribute('aria-expanded')).toBe('true');
});

test('every table has named columns and rows', async () => {
  inspect(fake());
  await settled();
  press('<b>C</b>');
  await settled();
  for (const table of root().querySelectorAll('table')) {
    expect(table.getAttribute('aria-label')).toBeTruthy();
    expect([...table.querySelectorAll('thead th')].every((head) => head.getAttribute('scope') === 'col')).toBe(true);
  }
  expect(root().querySelectorAll('tbody th[scope=row]')).toHaveLength(2);
});

test.each(['its own button', 'what inspect returned'])('%s takes it away and stops listening', async (how) => {
  const stop = inspect(fake());
  await settled();
  if (how === 'its own button') press('Close');
  else stop();
  expect(host()).toBeNull();
  expect(listeners.size).toBe(0);
});
