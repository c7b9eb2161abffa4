// @vitest-environment happy-dom
import type { Fordi, How, Options, Terms } from 'fordi';
import { connectOpeners } from 'fordi/integrations';
import * as en from 'fordi/locales/en';
import { defineElements, describeParameters } from 'fordi/ui';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ALL_VERBS, choiceOnDisk, closeAll, DAY, disk, eventually, page, recordsOnDisk, tamper } from './support/world.js';

// Every right, on the screen of a real instance on a real device. The ids are those of the requirements in standards.md.

const t = en.ui;
const SHOP = { notice: { version: '1', keeps: [...ALL_VERBS, 'shown', 'told'] } } satisfies Partial<Options>;
const MEASUREMENT: Terms = {
  title: 'Counting visits',
  text: 'We count which pages are read.',
  keeps: 'the page and the day',
  days: 30,
  stores: [{ name: 'seen_*', place: 'local', what: 'Which pages you read', days: 30 }],
  services: {
    counter: { title: 'Counter', text: 'Counts pages' },
    maps: { title: 'Heat', text: 'Where people scroll', recipients: ['Heat ApS'] },
  },
};
const TWO = { purposes: { measurement: MEASUREMENT } };

let off = () => {};
let clock = 0;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** A page with the panel on it, open. */
async function show(options: Partial<Options> = {}, before: (fordi: Fordi) => unknown = () => {}) {
  off();
  const fordi = page({ ...SHOP, ...options });
  const acts: unknown[][] = [];
  for (const name of ['decide', 'withdraw'] as const) {
    const real = fordi[name] as (...args: unknown[]) => unknown;
    Object.assign(fordi, {
      [name]: (...args: unknown[]) => {
        acts.push([name, ...args]);
        return real(...args);
      },
    });
  }
  await fordi.ready;
  await before(fordi);
  const host = document.createElement('fordi-panel');
  host.setAttribute('inline', '');
  document.body.replaceChildren(host);
  off = defineElements(fordi);
  const root = host.shadowRoot as ShadowRoot;
  await eventually(() => expect(root.querySelector('.may, .box > p')).not.toBeNull());
  for (let was = ''; was !== root.innerHTML; await wait(60)) was = root.innerHTML; // until nothing more is drawn
  return { fordi, root, host, acts };
}
const yes = (fordi: Fordi) => fordi.grant(['personalization'], { via: 'notice' });
const heard = async (fordi: Fordi) => {
  await yes(fordi);
  await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
  await fordi.observe({ verb: 'view', item: 'pink-moon' });
  await fordi.observe({ verb: 'like', item: 'blue' });
};
const all = (root: ParentNode, query: string) => [...root.querySelectorAll<HTMLElement>(query)];
const nameOf = (e: Element) => e.getAttribute('aria-label') ?? e.textContent ?? '';
const button = (root: ParentNode, name: string) => all(root, 'button').find((b) => nameOf(b).startsWith(name)) as HTMLButtonElement;
const isOn = (root: ParentNode, name: string) => button(root, name).getAttribute('aria-checked');
const fold = (root: ParentNode, title: string) =>
  all(root, 'details').find((d) => d.querySelector('summary')?.textContent?.startsWith(title)) as HTMLDetailsElement;
const said = (root: ShadowRoot) => root.querySelector('[role=status]')?.textContent;
const lines = (root: ParentNode) => all(root, 'li').filter((li) => button(li, t.delete));
const open = async (details: HTMLDetailsElement) => {
  details.open = true;
  details.dispatchEvent(new Event('toggle'));
  await wait(60);
};
/** A person's press, long after what is pressed appeared. */
const press = async (target: Element, { isTrusted = true, after = 9999 } = {}) => {
  clock += after;
  const event = new MouseEvent('click', { bubbles: true, composed: true, detail: 1 });
  if (isTrusted) Object.defineProperty(event, 'isTrusted', { value: true });
  target.dispatchEvent(event);
  await wait(120);
};

beforeEach(() => {
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => {
  off();
  off = () => {};
  document.body.replaceChildren();
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, 'globalPrivacyControl');
});

describe('choices', () => {
  test('L6 · no switch stands on yes that was not said yes to', async () => {
    const { root } = await show(TWO);
    expect(all(root, '[role=switch]').map((e) => [nameOf(e), e.getAttribute('aria-checked')])).toEqual([
      ['Counting visits', 'false'],
      ['Counter', 'false'],
      ['Heat', 'false'],
    ]);
    expect(root.textContent).toContain(t.unset);
  });

  test('L9 · a yes in the panel is told what it is to: what for, what is kept, how long, who else gets it', async () => {
    const { root, acts } = await show(TWO);
    const told = fold(root, t.terms).textContent;
    for (const part of [MEASUREMENT.text, MEASUREMENT.keeps, '30', 'Heat ApS']) expect(told).toContain(part);
    await press(button(root, 'Counting visits'));
    const how = acts.at(-1)?.[2] as How;
    expect(how.via).toBe('panel');
    for (const part of [MEASUREMENT.title, MEASUREMENT.text, MEASUREMENT.keeps, 'Heat ApS']) expect(how.text).toContain(part);
  });

  test.each([
    ['by a script', { isTrusted: false }],
    ['before it could have been read', { after: 100 }],
  ])('L5 · a yes %s is none', async (_, how) => {
    const { fordi, root, acts } = await show(TWO);
    await press(button(root, t.yes), how);
    await press(button(root, 'Counting visits'), how);
    await press(button(root, 'Counter'), how);
    expect(acts).toEqual([]);
    expect(fordi.get().choices).toEqual({ personalization: 'unset', measurement: 'unset' });
  });

  test('L7 · each purpose and each service by itself, each with its state, when, and until when', async () => {
    const { fordi, root } = await show(TWO);
    await press(button(root, 'Counter'));
    expect(fordi.choice('measurement', 'counter')).toBe('granted');
    expect(fordi.choice('measurement', 'maps')).not.toBe('granted');
    expect(fordi.choice()).toBe('unset');
    expect(isOn(root, 'Counter')).toBe('true');
    expect(isOn(root, 'Counting visits')).toBe('false');
    await press(button(root, 'Counting visits'));
    expect(fordi.get().choices).toEqual({ personalization: 'unset', measurement: 'granted' });
    const { at, until } = fordi.get().standing.measurement as { at: number; until: number };
    const day = (ms: number) => new Date(ms).toLocaleDateString('en', { dateStyle: 'medium' });
    expect(button(root, 'Counting visits').nextElementSibling?.textContent).toBe(
      `${t.granted} ${day(at)} – ${day(until)} · ${t['via-panel']}`,
    );
    expect((until - at) / DAY).toBe(182);
    await press(button(root, 'Heat'), { isTrusted: false }); // a no is taken from anyone
    expect(fordi.choice('measurement', 'maps')).toBe('refused');
    expect(isOn(root, 'Counter')).toBe('true');
  });

  test('L13 · taken back by one press on the switch, or all at once; from a page, by the press that opens the panel', async () => {
    const { fordi, root, acts } = await show(TWO, async (fordi) => {
      await fordi.grant(['personalization', 'measurement']);
    });
    await press(button(root, 'Counting visits'), { isTrusted: false, after: 0 });
    expect(acts.at(-1)).toEqual(['withdraw', { via: 'panel', purposes: ['measurement'] }]);
    expect(fordi.get().choices).toEqual({ personalization: 'granted', measurement: 'withdrawn' });
    const opener = document.body.appendChild(document.createElement('button'));
    opener.dataset.fordiOpen = 'withdraw';
    const stop = connectOpeners(fordi);
    await press(opener, { isTrusted: false });
    stop();
    await eventually(() => expect(said(root)).toBe(t.erased));
    expect(acts.at(-1)).toEqual(['withdraw', { via: 'panel' }]);
    expect(fordi.choice()).toBe('withdrawn');
    expect(button(root, t.withdraw)).toBeUndefined();
    const count = acts.length;
    document.querySelector<HTMLElement & { withdraw(): void }>('fordi-panel')?.withdraw();
    expect(acts).toHaveLength(count); // nothing to take back: a visitor who was never asked stays unasked
  });

  test('L16 · a no stands with its day, and can be changed where it stands', async () => {
    const { fordi, root } = await show({}, (fordi) => fordi.refuse({ via: 'notice' }));
    expect(root.querySelector('.may')?.textContent).toContain(t.refused);
    expect(root.querySelector('.may')?.textContent).toContain(t['via-notice']);
    expect(isOn(root, t.mine)).toBe('false');
    await press(button(root, t.mine));
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    expect((await fordi.receipts()).at(-1)).toMatchObject({ state: 'granted', via: 'panel' });
  });

  test('G4 · Global Privacy Control is said to be honoured where it is, and a yes in spite of it is taken', async () => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true });
    const { fordi, root } = await show();
    expect(root.textContent).toContain(t.gpc);
    expect(root.textContent).not.toContain(t.refused); // nobody said no here
    await press(button(root, t.mine));
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    await eventually(() => expect(root.textContent).not.toContain(t.gpc));
  });

  test.each(['refuse', 'noshare'] as const)('G4 · it is said as long as it stands against anything: %s', async (gpc) => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true });
    const { fordi, root } = await show({ ...TWO, gpc }, yes);
    expect([fordi.choice(), fordi.choice('measurement')]).toEqual(['granted', 'refused']);
    expect(root.textContent).toContain(t.gpc);
  });

  test('L9 · a purpose with a yes to one of its services is not said to keep nothing', async () => {
    const { root, fordi } = await show(TWO, (fordi) => fordi.decide({ measurement: { granted: false, services: { counter: true } } }));
    expect([fordi.choice('measurement'), fordi.choice('measurement', 'counter')]).toEqual(['refused', 'granted']);
    const line = all(root, '.may > li').find((li) => li.textContent?.startsWith('Counting visits')) as HTMLElement;
    expect(line.textContent).not.toContain(t.refused);
    expect(line.textContent).toContain(t.granted);
    await fordi.decide({ measurement: { services: { counter: false } } });
    await eventually(() => expect(line.textContent).toContain(t.refused));
  });

  test('L9, L12 · what a yes is to stands open where it can be given, and all of that is in its proof', async () => {
    const { root, acts } = await show({ ...TWO, onReceipt: () => {} }, yes);
    const terms = () => fold(all(root, '.may > li').find((li) => li.textContent?.startsWith('Counting visits')) as HTMLElement, t.terms);
    expect(fold(all(root, '.may > li')[0] as HTMLElement, t.terms).open).toBe(false); // there is a yes to that
    expect(terms().open).toBe(true);
    const sent = t.sent.replace('{x}', 'Grooves');
    await press(button(root, 'Heat'));
    const text = () => (acts.at(-1)?.[2] as How | undefined)?.text;
    for (const part of ['Heat', 'Heat ApS', 'the page and the day', '30', sent]) expect(text()).toContain(part);
    expect(terms().open).toBe(true); // to the rest none has been given
    await press(button(root, 'Counting visits'));
    for (const part of ['Counting visits', 'Counter', 'Heat ApS', 'the page and the day', '30', sent]) expect(text()).toContain(part);
    await eventually(() => expect(terms().open).toBe(false));
  });

  test('E2 · the proof of a yes to a single service says to which', async () => {
    const { root } = await show(TWO, (fordi) => fordi.decide({ measurement: { services: { counter: true } } }));
    expect(fold(root, t.receipts).textContent).toContain('Counter');
    expect(fold(root, t.receipts).textContent).not.toContain('Heat');
  });

  test('another tool rules: the panel says which, opens it, and a no given here counts', async () => {
    const opened = vi.fn();
    const { fordi, root, host } = await show(TWO, (fordi) => {
      fordi.heed('OtherTool', { personalization: 'granted', measurement: 'denied' }, opened);
    });
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    await eventually(() => expect(isOn(root, t.mine)).toBe('true'));
    expect(root.textContent).toContain(t.elsewhere.replace('{x}', 'OtherTool'));
    host.setAttribute('open', '');
    await press(button(root, t.manage));
    expect(opened).toHaveBeenCalledTimes(1);
    expect(host.hasAttribute('open')).toBe(false); // it must not open behind a modal dialog
    await press(button(root, 'Counting visits'));
    expect(fordi.choice('measurement')).toBe('refused');
    expect(said(root)).toBe(t.elsewhere.replace('{x}', 'OtherTool'));
    await press(button(root, t.mine));
    expect(fordi.choice()).toBe('withdrawn');
    await press(button(root, t.mine));
    await eventually(() => expect(fordi.choice()).toBe('granted'));
  });

  test.each(['unheard', 'pending', 'silent', 'denied'] as const)(
    'L13, L14 · an earlier yes is said as such, and taken back with one press, while another tool’s word is %s',
    async (told) => {
      const before = page({ ...SHOP, ...TWO });
      await before.grant(['personalization', 'measurement'], { via: 'notice' });
      before.stop();
      const { fordi, root } = await show({ ...TWO, heeds: true }, (fordi) => {
        if (told !== 'unheard') fordi.heed('OtherTool', { personalization: told, measurement: told });
      });
      if (told !== 'denied') for (const untrue of [t.unset, t.refused]) expect(root.textContent).not.toContain(untrue);
      if (told === 'unheard' || told === 'pending')
        expect(all(root, '.may small').filter((e) => e.textContent?.includes(t.granted))).toHaveLength(2);
      await press(button(root, t.withdraw), { isTrusted: false, after: 0 });
      await eventually(async () => expect((await indexedDB.databases()).length).toBe(0));
      expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn', more: { measurement: { state: 'withdrawn' } } });
      expect(button(root, t.withdraw)).toBeUndefined();
      expect(fordi.get().given).toEqual([]);
    },
  );

  test('a page for children offers no choice and says why', async () => {
    const { root } = await show({ ...TWO, child: true });
    expect(root.textContent).toContain(t.child);
    expect(all(root, '[role=switch], .two, input')).toEqual([]);
  });
});

describe('records', () => {
  test('R1 · every record, by how the site came to know, each with its day and its last day, as many as lie on the disk', async () => {
    const { root } = await show({}, heard);
    const there = await recordsOnDisk();
    expect(lines(root)).toHaveLength(there.length);
    expect(root.textContent).toContain(t.known.replace('{x}', `${there.length}`));
    for (const way of ['declared', 'engaged', 'passive'] as const) {
      const count = there.filter((e) => e.provenance === way).length;
      expect(fold(root, t[way]).querySelector('summary')?.textContent).toBe(`${t[way]} (${count})`);
      expect(lines(fold(root, t[way]))).toHaveLength(count);
    }
    const day = (ms: number) => new Date(ms).toLocaleDateString('en', { dateStyle: 'medium' });
    const { at } = there[0] as { at: number };
    expect(lines(root)[0]?.querySelector('small')?.textContent).toContain(`${day(at)} · until ${day(at + 180 * DAY)}`);
  });

  test('R1 · a group of several days says its first and its last', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 3, 12) });
    const { root } = await show({}, async (fordi) => {
      await yes(fordi);
      await fordi.observe({ verb: 'listen', item: 'blue' });
      vi.setSystemTime(Date.UTC(2026, 10, 9, 12));
      await fordi.observe({ verb: 'listen', item: 'moanin' });
    });
    expect(fold(root, t.engaged).querySelector('small')?.textContent).toBe('Nov 3, 2026 – Nov 9, 2026');
  });

  test('R4 · one line deleted is gone from the disk and from the next answer', async () => {
    const { fordi, root } = await show({}, heard);
    await press(button(root, `${t.delete} Listened to Kind of Blue`));
    await eventually(() => expect(lines(root)).toHaveLength(2));
    expect((await recordsOnDisk()).map(({ item }) => item).sort()).toEqual(['blue', 'pink-moon']);
    expect(JSON.stringify(await fordi.recommend())).not.toContain('Kind of Blue');
  });

  test('R5 · paused: what is known stays, nothing is added and nothing is used; until it is called off', async () => {
    const { fordi, root } = await show({}, heard);
    await press(button(root, t.pause));
    expect(isOn(root, t.pause)).toBe('true');
    expect(await fordi.observe({ verb: 'listen', item: 'moanin' })).toEqual({ kept: false, reason: 'paused' });
    expect((await fordi.recommend()).every(({ mode }) => mode === 'none')).toBe(true);
    expect(lines(root)).toHaveLength(3);
    await press(button(root, t.pause));
    expect(isOn(root, t.pause)).toBe('false');
    expect(await fordi.observe({ verb: 'listen', item: 'moanin' })).toMatchObject({ kept: true });
  });

  test('R6 · one way of knowing objected to: neither kept nor used, also after everything was taken back', async () => {
    const { fordi, root } = await show({}, heard);
    const name = `${t.without}: ${t.passive}`;
    expect(all(root, 'details [role=switch]').map((e) => e.getAttribute('aria-checked'))).not.toContain('true'); // L6
    await press(button(root, name));
    expect(isOn(root, name)).toBe('true');
    expect(await fordi.observe({ verb: 'view', item: 'moanin' })).toEqual({ kept: false, reason: 'objected' });
    expect(await fordi.observe({ verb: 'listen', item: 'moanin' })).toMatchObject({ kept: true });
    await press(button(root, t.withdraw));
    await eventually(() => expect(fordi.get().erasing).toBe(false));
    expect(isOn(root, name)).toBe('true'); // and can be taken back here
    await press(button(root, name));
    expect(fordi.get().objections).toEqual([]);
  });

  test('A13 · a withdrawal can be undone for twenty seconds, from memory, by a person, as a new grant with its own receipt', async () => {
    const { fordi, root } = await show({}, heard);
    await press(button(root, t.withdraw));
    await eventually(() => expect(said(root)).toBe(t.erased));
    expect(await recordsOnDisk()).toEqual([]);
    expect((await disk()).size).toBe(0);
    expect(root.activeElement).toBe(button(root, t.undo));
    await press(button(root, t.undo), { after: 100 }); // a key held down
    await press(button(root, t.undo), { isTrusted: false });
    expect(fordi.choice()).toBe('withdrawn');
    await press(button(root, t.undo));
    await eventually(() => expect(said(root)).toBe(t.undone));
    expect(fordi.choice()).toBe('granted');
    expect(await recordsOnDisk()).toHaveLength(3);
    expect((await fordi.receipts()).at(-1)).toMatchObject({ state: 'granted', via: 'undo' });
  });

  test('A13 · the offer of an undo ends when the memory of it does, also while it has the focus', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const { root } = await show({}, heard);
    await press(button(root, t.withdraw));
    await eventually(() => expect(said(root)).toBe(t.erased));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(button(root, t.undo)).toBeUndefined();
    expect(root.activeElement?.getAttribute('role')).toBe('status');
  });
});

describe('copies and proof', () => {
  const choose = async (root: ShadowRoot, file: string | File) => {
    const field = root.querySelector('input[type=file]') as HTMLInputElement;
    const files = [typeof file === 'string' ? new File([file], 'fordi.json') : file];
    Object.defineProperty(field, 'files', { configurable: true, value: files });
    field.dispatchEvent(new Event('change', { bubbles: true }));
    await wait(120);
  };

  test('R2 · a copy brought back says in words how much came, and what was left out and why', async () => {
    const { fordi, root } = await show({}, heard);
    const copy = await fordi.export();
    await fordi.forget({ item: 'blue' });
    await choose(root, JSON.stringify({ ...copy, evidence: [...copy.evidence, { id: 'x' }] }));
    expect(said(root)).toBe('Brought back: 1. Left out: could not be read, here already (2).');
    expect((await recordsOnDisk()).map(({ id }) => id).sort()).toEqual(copy.evidence.map(({ id }) => id).sort());
  });

  test.each([
    ['no JSON', '{', 'left-schema'],
    ['another schema', '{"schema":"x"}', 'left-schema'],
    ['another site', JSON.stringify({ schema: 'fordi.export/2', site: 'Other', evidence: [], items: [] }), 'left-other-site'],
  ] as const)('R2 · a file that is %s changes nothing and says why', async (_, text, reason) => {
    const { root } = await show({}, heard);
    await choose(root, text);
    expect(said(root)).toBe(`Brought back: 0. Left out: ${t[reason]}.`);
    expect(await recordsOnDisk()).toHaveLength(3);
  });

  test('R2 · a file that is larger than any copy is not even read, and says so; the largest copy is', async () => {
    const { fordi, root } = await show({ records: 100 }, heard);
    const sized = (size: number, text: string) => {
      const file = new File([text], 'fordi.json');
      const read = vi.spyOn(file, 'text');
      Object.defineProperty(file, 'size', { value: size });
      return { file, read };
    };
    const copy = await fordi.export();
    const film = sized(2 * 1024 ** 3, JSON.stringify(copy));
    await choose(root, film.file);
    expect(film.read).not.toHaveBeenCalled();
    expect(said(root)).toBe(`Brought back: 0. Left out: ${t['left-too-many']}.`);
    // Every field as long as it may be, and as much text about items as is ever read, each letter as many bytes as it may be.
    const [long, title] = ['あ'.repeat(512), '𝄞'.repeat(300)];
    const record = { ...copy.evidence[0], id: long, item: long, title, notice: long, at: 1e15, until: 1e15, value: -0.123456789 };
    const records = 100 * new Blob([JSON.stringify(record)]).size;
    const largest = sized(records + 3 * 20_000_000, JSON.stringify({ ...copy, evidence: [] }));
    await choose(root, largest.file);
    expect(largest.read).toHaveBeenCalledOnce();
    expect(said(root)).toBe('Brought back: 0.');
  });

  test('every reason an import can give has its words', async () => {
    const reasons = 'no-permission paused schema other-site storage unsound special not-in-notice objected duplicate old too-many foreign';
    for (const reason of reasons.split(' ')) expect(t[`left-${reason}` as keyof typeof t] ?? t[reason as keyof typeof t]).toMatch(/\w/);
  });

  test('E2 · a receipt says each purpose by its own name, also one that is declared no more', async () => {
    const { root } = await show({}, async (fordi) => {
      await yes(fordi);
      const receipts = await fordi.receipts();
      const old = { ...receipts[0], purposes: [{ ...receipts[0]?.purposes[0], id: 'lottery', state: 'granted' }] };
      await tamper([['receipts', [old, ...receipts]]]);
    });
    const shown = all(fold(root, t.receipts), 'li').map((li) => li.textContent as string);
    expect(shown.map((text) => [text.includes(t.mine), text.includes('lottery')])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  test('E2 · all receipts, newest first: what, when, until when, how; and a file of them alone', async () => {
    const { fordi, root } = await show(TWO, async (fordi) => {
      await yes(fordi);
      await fordi.decide({ measurement: true }, { via: 'ask' });
    });
    const receipts = await fordi.receipts();
    const shown = all(fold(root, t.receipts), 'li').map((li) => li.textContent);
    expect(shown).toHaveLength(receipts.length);
    expect(shown[0]).toContain(t['via-ask']);
    expect(shown[0]).toContain('Counting visits');
    expect(shown.at(-1)).toContain(t['via-notice']);
    let saved: Blob | undefined;
    vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
      saved = blob as Blob;
      return 'blob:x';
    });
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
    await press(button(root, `${t.download}: ${t.receipts}`));
    expect(JSON.parse((await saved?.text()) ?? '')).toEqual(receipts);
  });
});

describe('R8 · how this list is made', () => {
  const told = (options: Partial<Options> = {}) => describeParameters(page({ ...SHOP, ...options }));
  const named = (name: string, options: Partial<Options> = {}) => told(options).find((one) => one.name === name);

  test('R8 · what counts most comes first, each with the number in force', () => {
    const weights = told().map(({ name, weight }) => [name, weight]);
    expect(weights.slice(0, 4)).toEqual([
      ['neighbours', 1],
      ['topics', 1],
      ['declare', 2],
      ['purchase', 1.5],
    ]);
    const acts = told().filter(({ name }) => name in page(SHOP).options.verbs && !['shown', 'told'].includes(name));
    const sizes = acts.map(({ weight = 0 }) => Math.abs(weight));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  test.each<[string, Partial<Options>, string, number]>([
    ['purchase', { verbs: { purchase: { weight: 3.25, halfLife: 45 } } }, 'Bought …: 3.25. Half of it is left after 45 days.', 3.25],
    ['prior', { ranking: { prior: 0.7 } }, 'What Grooves recommends to everyone: 0.7.', 0.7],
    ['diversity', { ranking: { diversity: 0.35 } }, `${t.diversity}: 0.35.`, 0.35],
    ['fatigue', { fatigue: { shows: 7, days: 9 } }, 'What was shown 7 times without interest rests for 9 days.', 7],
    ['told', { fatigue: { told: 5, days: 9 } }, 'A reason said in 5 visits is not said again for 9 days.', 5],
    ['fatigue', { fatigue: { shows: 1, days: 1 } }, 'What was shown 1 time without interest rests for 1 day.', 1],
    ['told', { fatigue: { told: 1, days: 1 } }, 'A reason said in 1 visit is not said again for 1 day.', 1],
    [
      'named',
      { namedDays: 12, audience: 'cautious' },
      `What may be named as a reason: ${t.declared}, ${t.transactional}, for 12 days.`,
      12,
    ],
  ])('%s follows the options', (name, options, text, weight) => {
    expect(named(name)?.text).not.toBe(text);
    expect(named(name, options)).toEqual({ name, text, weight });
  });

  test('what counts more moves up; what counts nothing, or is not kept, is not there', () => {
    const options = { ranking: { prior: 9, neighbours: 0 }, notice: { version: '1', keeps: ['listen'] } } satisfies Partial<Options>;
    expect(told(options).map(({ name }) => name)).toEqual([
      ...['prior', 'topics', 'listen', 'dismiss', 'diversity', 'fresh', 'explore'],
      ...['named', 'never'],
    ]);
  });

  test('R8 · the owner’s own rules are counted, and what the owner has paused now is said by its name', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 20, 12) });
    expect([named('rules'), named('paused')]).toEqual([undefined, undefined]);
    const rules = [() => undefined, () => 'none' as const];
    expect(named('rules', { rules })).toEqual({ name: 'rules', text: t.rules.replace('{x}', '2'), weight: 2 });
    const paused = ['jazz', 'blue', { what: 'over', until: '2026-11-19' }, { what: 'folk', from: '2026-11-20', until: '2026-11-20' }];
    const shop = page({ ...SHOP, paused });
    await shop.ready;
    const said = describeParameters(shop).find(({ name }) => name === 'paused');
    expect(said).toEqual({ name: 'paused', text: t.halted.replace('{x}', 'jazz, Blue, folk') });
    expect(named('paused', { paused: [{ what: 'later', from: '2026-11-21' }] })).toBeUndefined();
    expect(describeParameters({ options: page({ ...SHOP, paused: ['blue'] }).options }).at(-3)?.text).toContain('blue'); // without a catalog
    vi.useRealTimers();
  });

  test('R8 · the panel shows the same list', async () => {
    const { fordi, root } = await show({ ranking: { prior: 0.33 } });
    expect(all(fold(root, t.criteria), 'ol li').map((li) => li.textContent)).toEqual(describeParameters(fordi).map(({ text }) => text));
  });
});

describe('what is stored', () => {
  test('R7b · is looked for only when asked, then told in words: declared, undeclared, over; the name a step further', async () => {
    localStorage.setItem('seen_1', 'x');
    localStorage.setItem('stray', 'x');
    const { fordi, root } = await show(TWO, heard);
    const look = vi.spyOn(fordi, 'inventory');
    const stored = () => fold(root, t.stored);
    expect(stored().textContent).toBe(t.stored);
    expect(look).not.toHaveBeenCalled();
    await open(stored());
    const groups = () =>
      Object.fromEntries(
        all(stored(), 'h3').map((h) => [h.textContent, all(h.nextElementSibling as Element, 'summary').map((s) => s.textContent)]),
      );
    expect(groups()).toMatchObject({ [t.over]: ['Which pages you read'], [t.unsaid]: ['stray'] });
    expect(groups()[t.said]).toContain(en.reasons.holds.choice);
    expect(all(stored(), 'code').map((c) => c.textContent)).toEqual(expect.arrayContaining(['seen_1', 'stray', 'fordi']));
    await fordi.grant(['measurement']);
    await eventually(() => expect(groups()[t.over]).toBeUndefined());
    expect(groups()[t.said]).toContain('Which pages you read');
  });
});

test('a damaged record of the choice, or receipts, does not keep the panel from being drawn', async () => {
  const fordi = page(SHOP);
  await fordi.ready;
  await yes(fordi);
  closeAll();
  const old = { schema: 'fordi.receipt/1', state: 'granted', at: 'x', until: 'y' };
  const broken = [
    { schema: { toString: null } },
    { state: '__proto__' },
    { via: {} },
    { purposes: 'x' },
    { purposes: [null] },
    { purposes: [{ id: {} }] },
  ];
  await tamper([['receipts', [old, null, 7, ...broken.map((one) => ({ ...old, ...one }))]]]);
  const { root } = await show();
  expect(button(root, t.withdraw)).toBeDefined();
  closeAll();
  localStorage.setItem('fordi', '{"v":1,"state":"granted","at":"soon"}');
  const { root: again } = await show();
  expect(again.textContent).toContain(t.refused);
  expect(choiceOnDisk()).toBeDefined();
  closeAll();
  const now = Date.now();
  const way = { state: 'refused', at: now, until: now + DAY, via: { toString: null }, notice: '1' };
  for (const record of [way, { ...way, via: 'page', more: { measurement: { ...way, yes: [], no: [] } } }]) {
    localStorage.setItem('fordi', JSON.stringify({ v: 1, ...record }));
    const { root: last } = await show(TWO);
    expect(last.textContent).toContain(t.refused);
    closeAll();
  }
});

test('R1 · never says that nothing is kept before it has looked: the panel, and the table of what is stored', async () => {
  const first = page(SHOP);
  await heard(first);
  closeAll();
  const fordi = page(SHOP);
  const host = document.createElement('fordi-panel');
  host.setAttribute('inline', '');
  document.body.replaceChildren(host);
  off();
  off = defineElements(fordi);
  const root = host.shadowRoot as ShadowRoot;
  const seen = new Set([root.textContent]);
  new MutationObserver(() => seen.add(root.textContent)).observe(root, { subtree: true, childList: true, characterData: true });
  await eventually(() => expect(lines(root)).toHaveLength(3));
  const table = fold(root, t.stored);
  table.open = true;
  table.dispatchEvent(new Event('toggle'));
  await fordi.object('acquired', true);
  await eventually(() => expect(table.textContent).toContain('fordi/gate'));
  expect([...seen].filter((text) => text?.includes(t.empty))).toEqual([]);
});
