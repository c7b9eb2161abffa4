// @vitest-environment happy-dom
import type { Choices, Fordi, How, Options, Terms } from 'fordi';
import { connectOpeners } from 'fordi/integrations';
import * as da from 'fordi/locales/da';
import * as en from 'fordi/locales/en';
import * as nl from 'fordi/locales/nl';
import { defineElements } from 'fordi/ui';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { closeAll, DAY, define, eventually, page } from './support/world.js';

// All of asking that a visitor meets: the notice, one purpose or several, and questions beside what needs them.
// The ids are those of the requirements in standards.md.

const t = en.ui;

const MEASUREMENT: Terms = {
  title: 'Counting visits',
  text: 'We count which pages are read.',
  keeps: 'the page and the day',
  days: 30,
  services: {
    counter: { title: 'Counter', text: 'Counts pages' },
    maps: { title: 'Heat', text: 'Where people scroll', recipients: ['Heat ApS'] },
  },
};
const COMFORT: Terms = { title: 'Your volume', text: 'So that you need not set it again.', keeps: 'how loud', days: 90 };
const HEALTH: Terms = { title: 'Music for sleep', text: 'Chosen by how you sleep.', keeps: 'what you say', days: 60, special: ['health'] };
const SEVERAL = { purposes: { measurement: MEASUREMENT, comfort: COMFORT } };

let off = () => {};
let clock = 0;
/** What was decided through the elements, in order. */
let acts: [Choices, How | undefined][] = [];
const settle = async () => {
  for (let i = 0; i < 40; i++) await Promise.resolve();
};

/** A page with a notice, ready to be asked. */
async function show(options: Partial<Options> = {}, ...others: HTMLElement[]): Promise<{ fordi: Fordi; root: ShadowRoot }> {
  off();
  const fordi = page(options);
  const { decide } = fordi;
  Object.assign(fordi, {
    decide: (choices: Choices, how?: How) => {
      acts.push([choices, how]);
      return decide(choices, how);
    },
  });
  document.body.replaceChildren(document.createElement('fordi-notice'), ...others);
  off = defineElements(fordi);
  await fordi.ready;
  await drawn();
  return { fordi, root: rootOf('fordi-notice') };
}
const drawn = async () => {
  await new Promise((resolve) => setTimeout(resolve, 30));
  await settle();
};
const rootOf = (name: string) => document.querySelector(name)?.shadowRoot as ShadowRoot;
const box = (root: ShadowRoot) => root.querySelector('section');
const buttons = (root: ParentNode) => [...root.querySelectorAll('button')];
const button = (root: ParentNode, name: string) => buttons(root).find(({ textContent }) => textContent === name) as HTMLButtonElement;
const boxes = (root: ParentNode) => [...root.querySelectorAll<HTMLInputElement>('input')];
const lever = (root: ParentNode, title: string) =>
  [...root.querySelectorAll('label')].find(({ textContent }) => textContent === title)?.querySelector('input') as HTMLInputElement;
const turn = async (input: HTMLInputElement) => {
  input.checked = !input.checked;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
};
/** A person's press, long after the question appeared. */
const press = async (target: Element, { isTrusted = true, detail = 1 } = {}) => {
  clock += 9999;
  const event = new MouseEvent('click', { bubbles: true, composed: true, detail });
  if (isTrusted) Object.defineProperty(event, 'isTrusted', { value: true });
  target.dispatchEvent(event);
  await settle();
};
const place = (purpose: string) => {
  const host = document.createElement('fordi-ask');
  host.setAttribute('purpose', purpose);
  return host;
};
/** A new page after these days, with another notice perhaps. */
const later = async (days: number, options: Partial<Options>) => {
  closeAll();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + days * DAY });
  return show(options);
};
const told = (root: ShadowRoot) => (box(root) as HTMLElement).textContent as string;

/** Tells of a box once it has a size, as a browser does. */
class Eyes {
  constructor(readonly grown: () => void) {}
  observe() {
    this.grown();
  }
  disconnect() {}
}

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', Eyes);
  acts = [];
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => {
  vi.unstubAllGlobals();
  off();
  off = () => {};
  document.body.replaceChildren();
  document.documentElement.removeAttribute('style');
  vi.restoreAllMocks();
  Reflect.deleteProperty(navigator, 'globalPrivacyControl');
});

describe('personalization alone', () => {
  test('L9 · says who asks, what for, what is kept, how long, where, who else gets it, and how to take it back', async () => {
    const { root } = await show({
      site: { name: 'Grooves', privacyUrl: '/your-data' },
      notice: { version: '1', keeps: ['listen', 'purchase'] },
    });
    for (const part of [
      'Grooves',
      t.purpose,
      'Listened to …',
      'Bought …',
      '180',
      '182',
      'stays in this browser',
      'Nothing of what you do here is sent to anyone',
      t.back,
    ])
      expect(told(root)).toContain(part);
    expect(t.back).toMatch(/“Your data”.*take your yes back/);
    expect(root.querySelector('a')?.getAttribute('href')).toMatch(/\/your-data$/);
    expect(box(root)?.getAttribute('aria-labelledby')).toBe(root.querySelector('h2')?.id);
  });

  test('L9, R7b · where each choice goes to the owner it says so, with every question; elsewhere it does not', async () => {
    const sent = 'Your choice itself is sent to Grooves, without what you do here.';
    expect(told((await show()).root)).not.toContain('sent to Grooves');
    const to = { onReceipt: () => {}, site: { name: 'Grooves' } };
    expect(told((await show(to)).root)).toContain(sent);
    const { fordi, root } = await show({ ...SEVERAL, ...to }, place('comfort'));
    expect(told(root).split(sent)).toHaveLength(2);
    await press(button(root, t.noAll));
    await fordi.ready;
    fordi.ask('comfort', { reason: 'x', again: true });
    await drawn();
    expect(told(rootOf('fordi-ask'))).toContain(sent);
  });

  test('says so where the browser keeps nothing', async () => {
    define('localStorage', { get: () => undefined });
    expect(told((await show()).root)).toContain(t.visit);
  });

  test('L6, L8 · has no box and no switch; no and yes are alike: same element, same attributes, same parent', async () => {
    const { root } = await show();
    const [no, yes] = buttons(root) as [HTMLButtonElement, HTMLButtonElement];
    const markup = (b: HTMLButtonElement) => b.outerHTML.replace(b.textContent as string, '');
    expect([no.textContent, yes.textContent]).toEqual([t.no, t.yes]);
    expect(markup(no)).toBe(markup(yes));
    expect(no.parentElement).toBe(yes.parentElement);
    expect(root.querySelectorAll('input,[role=switch]')).toHaveLength(0);
  });

  test('L5 · a yes is taken only from a person who could have read the question', async () => {
    const { fordi, root } = await show();
    await press(button(root, t.yes), { isTrusted: false });
    clock = 0;
    await show();
    const again = rootOf('fordi-notice');
    clock = 499 - 9999;
    await press(button(again, t.yes));
    expect(acts).toEqual([]);
    expect(fordi.choice()).toBe('unset');
    clock = 500 - 9999;
    await press(button(again, t.yes));
    expect(acts).toHaveLength(1);
    expect(box(again)).toBeNull();
  });

  test('a no is taken from anyone, at once, and is gone before anything is stored', async () => {
    const { fordi, root } = await show();
    let shown = true;
    const { decide } = fordi;
    Object.assign(fordi, {
      decide: (choices: Choices, how: How) => {
        shown = box(root) !== null;
        return decide(choices, how);
      },
    });
    button(root, t.no).click();
    expect(shown).toBe(false);
    expect(fordi.choice()).toBe('refused');
    expect(acts[0]?.[0]).toEqual({ personalization: false });
  });

  test('L12 · with each answer goes where it was given and the exact text that was on the screen', async () => {
    const { root } = await show();
    const text = told(root);
    await press(button(root, t.yes));
    expect(acts).toEqual([[{ personalization: true }, { via: 'notice', text }]]);
    expect(text).toContain(t.purpose);
    expect(text).toContain(t.yes);
  });

  test('L5 · Escape, scrolling and clicks elsewhere leave the question open', async () => {
    const { fordi, root } = await show();
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    window.dispatchEvent(new Event('scroll'));
    document.body.click();
    (box(root) as HTMLElement).click();
    await settle();
    expect(box(root)).not.toBeNull();
    expect([acts, fordi.choice()]).toEqual([[], 'unset']);
  });

  test('the second press of a double click answers nothing', async () => {
    const { root } = await show();
    await press(button(root, t.no), { detail: 2 });
    expect(acts).toEqual([]);
  });

  test('A8 · that something is asked is announced once, without taking the focus', async () => {
    for (const [options, question] of [
      [{}, t.ask],
      [SEVERAL, t.askAll],
    ] as const) {
      const { root } = await show(options);
      const heard = () => root.querySelector('.unseen')?.lastElementChild?.textContent;
      expect(heard()).toBe(question.replace('{x}', 'Grooves'));
      expect(document.activeElement).toBe(document.body);
      await press(button(root, options === SEVERAL ? t.noAll : t.no));
      expect(heard()).toBe('');
    }
  });

  test('A8 · says in the status line that it is done, and nothing is left to look at', async () => {
    const { root } = await show();
    await press(button(root, t.no));
    await eventually(() => expect(root.querySelector('.unseen [role=status]')?.textContent).toBe(t.changed));
    expect([...(root.firstElementChild?.children ?? [])].map(({ className }) => className)).toEqual(['unseen']);
  });

  test('A8 · says so where a yes did not come about', async () => {
    const { fordi, root } = await show();
    Object.assign(fordi, { decide: async () => ({ granted: false, reason: 'full' }) });
    await press(button(root, t.yes));
    await eventually(() => expect(root.querySelector('.unseen [role=status]')?.textContent).toBe(t.failed));
  });

  test('A3 · focus goes back to where it was before it came into the notice', async () => {
    const field = document.createElement('input');
    const { root } = await show({}, field);
    const no = button(root, t.no);
    no.focus();
    no.dispatchEvent(new FocusEvent('focusin', { bubbles: true, relatedTarget: field }));
    await press(no);
    expect(document.activeElement).toBe(field);
  });

  test('A1 · makes room below the page while it asks, follows the window, and gives the page its own back', async () => {
    const { style } = document.documentElement;
    Object.assign(style, { paddingBottom: '7px', scrollPaddingBottom: '9px' });
    const { root } = await show();
    await eventually(() => expect(style.scrollPaddingBottom).toBe('32px'));
    vi.spyOn(box(root) as HTMLElement, 'offsetHeight', 'get').mockReturnValue(300);
    window.dispatchEvent(new Event('resize'));
    expect([style.paddingBottom, style.scrollPaddingBottom]).toEqual(['332px', '332px']);
    await press(button(root, t.no));
    expect([style.paddingBottom, style.scrollPaddingBottom]).toEqual(['7px', '9px']);
    window.dispatchEvent(new Event('resize'));
    expect(style.paddingBottom).toBe('7px');
  });

  test('A1 · the room grows with the notice, not only with the window', async () => {
    const seen: { grown(): void; box?: Element }[] = [];
    vi.stubGlobal(
      'ResizeObserver',
      class {
        box?: Element;
        constructor(readonly grown: () => void) {
          seen.push(this);
        }
        observe(box: Element) {
          this.box = box;
        }
        disconnect() {
          delete this.box;
        }
      },
    );
    const { style } = document.documentElement;
    const { root } = await show(SEVERAL);
    expect(seen.map((one) => one.box)).toEqual([box(root)]);
    vi.spyOn(box(root) as HTMLElement, 'offsetHeight', 'get').mockReturnValue(500);
    seen[0]?.grown();
    await new Promise((done) => requestAnimationFrame(done));
    expect([style.paddingBottom, style.scrollPaddingBottom]).toEqual(['532px', '532px']);
    await press(button(root, t.noAll));
    expect([style.paddingBottom, seen[0]?.box]).toEqual(['', undefined]);
    vi.stubGlobal('ResizeObserver', undefined);
    expect(box((await show({ gpc: 'ignore' })).root)).toBeNull(); // decided above: and nothing breaks without one
    vi.unstubAllGlobals();
  });
});

describe('when nothing is asked', () => {
  test.each([
    ['no', t.no, 'refused'],
    ['yes', t.yes, 'granted'],
  ])('L16, L17 · after a %s until day 181; on day 182 again, with the reason', async (_, answer, state) => {
    const { fordi, root } = await show();
    await press(button(root, answer));
    await eventually(() => expect(fordi.choice()).toBe(state));
    expect(box((await later(181, {})).root)).toBeNull();
    const { root: asked } = await later(2, {});
    expect(told(asked)).toContain(t.again);
  });

  test.each<[string, Partial<Options>]>([
    ['a page for children', { ...SEVERAL, child: true }],
    ['a page where another tool asks', { ...SEVERAL, heeds: true }],
  ])('%s has no notice, and no question is put', async (_, options) => {
    const { fordi, root } = await show(options, place('comfort'));
    fordi.ask('comfort', { reason: 'For the player.' });
    await drawn();
    expect([box(root), box(rootOf('fordi-ask'))]).toEqual([null, null]);
  });

  test('G2 · under Global Privacy Control', async () => {
    define('navigator', { value: navigator });
    Object.defineProperty(navigator, 'globalPrivacyControl', { value: true, configurable: true });
    const { fordi, root } = await show();
    expect([fordi.choice(), box(root)]).toEqual(['refused', null]);
  });

  test('a tool that turns up takes the notice and the questions away; when it leaves, fordi asks', async () => {
    const { fordi, root } = await show(SEVERAL);
    const leave = fordi.heed('cmp', { personalization: 'pending' });
    await drawn();
    expect(box(root)).toBeNull();
    leave();
    await drawn();
    expect(box(root)).not.toBeNull();
  });
});

describe('L9 · what nobody could understand is not asked', () => {
  const without = (texts: Partial<typeof t>) => ({ locale: { ...en, ui: { ...t, ...texts } } });
  test.each<[string, Partial<Options>]>([
    ['site.name', { site: { name: ' ' } }],
    ['locale.ui.back', without({ back: '' })],
    ['locale.ui.days', without({ days: undefined as never })],
    ['locale.ui.days', without({ days: 'For a while.' })],
    ['locale.ui.ask', without({ ask: 'May we?' })],
    ['purposes.comfort.title', { purposes: { comfort: { ...COMFORT, title: ' ' } } }],
    ['purposes.comfort.text', { purposes: { comfort: { ...COMFORT, text: '\n' } } }],
    ['purposes.comfort.keeps', { purposes: { comfort: { ...COMFORT, keeps: ' ' } } }],
  ])('L9 · without %s it is refused at setup, by name', async (name, options) => {
    await expect(show(options, place('comfort'))).rejects.toThrow(`fordi: option ${name} is `);
  });

  test.each([
    ['en', en],
    ['da', da],
    ['nl', nl],
  ])('L10 · %s: yes and no are of one length and kind, and neither promises nor blames', (_, { ui }) => {
    for (const [yes, no] of [
      [ui.yes, ui.no],
      [ui.yesAll, ui.noAll],
      [ui.yesThis, ui.noThis],
    ] as const) {
      expect(Math.abs(yes.length - no.length)).toBeLessThan(8);
      for (const text of [yes, no]) expect(text).not.toMatch(/best|better|optimal|miss|sorry|bedst|bedre|desværre|beste|beter|helaas|!/i);
    }
  });

  test.each([
    ['en', en],
    ['da', da],
    ['nl', nl],
  ])('%s lacks nothing', async (_, locale) => {
    const said = vi.spyOn(console, 'error');
    const { root } = await show({ ...SEVERAL, locale });
    expect(box(root)?.querySelectorAll('.what')).toHaveLength(3);
    expect(said).not.toHaveBeenCalled();
  });
});

describe('several purposes', () => {
  test('L9 · each with title, text, what is kept, for how long and who else gets it, on one layer', async () => {
    const { root } = await show(SEVERAL);
    const [own, measurement, comfort] = [...root.querySelectorAll('.what')].map((one) => one.textContent as string) as [
      string,
      string,
      string,
    ];
    for (const part of [t.mine, t.purpose, '180', 'Nothing of what you do here is sent']) expect(own).toContain(part);
    for (const part of ['Counting visits', 'We count', 'Kept: the page and the day', 'for 30 days', 'also given to Heat ApS'])
      expect(measurement).toContain(part);
    for (const part of ['Your volume', 'Kept: how loud', 'for 90 days', t.nobody]) expect(comfort).toContain(part);
    expect(told(root)).toContain('What may Grooves do?');
    expect(told(root)).toContain(t.back);
    expect(told(root).toLowerCase()).not.toContain('legitimate');
  });

  test('L6 · nothing stands on yes at first', async () => {
    const { root } = await show(SEVERAL);
    expect(boxes(root)).toHaveLength(5);
    expect(boxes(root).filter(({ checked }) => checked)).toEqual([]);
  });

  test('A3 · no is the first thing the keyboard meets, and the three buttons differ in their words only', async () => {
    const { root } = await show(SEVERAL);
    const all = [...root.querySelectorAll('button,input,a,summary')];
    expect(all.slice(0, 3).map(({ textContent }) => textContent)).toEqual([t.noAll, t.yesAll, t.chosen]);
    const markup = (b: Element) => b.outerHTML.replace(b.textContent as string, '');
    expect(new Set(all.slice(0, 3).map(markup)).size).toBe(1);
  });

  test('A7 · a switch is named by its title and described by what is told of it', async () => {
    const { root } = await show(SEVERAL);
    const comfort = lever(root, 'Your volume');
    expect(root.getElementById(comfort.getAttribute('aria-describedby') as string)?.textContent).toContain('how loud');
    const heat = lever(root, 'Heat');
    expect(root.getElementById(heat.getAttribute('aria-describedby') as string)?.textContent).toBe(
      'Where people scroll · also given to Heat ApS',
    );
    const ids = [...root.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('no to all and yes to all answer everything that is asked, with where and what was shown', async () => {
    const { fordi, root } = await show(SEVERAL);
    const text = told(root);
    await press(button(root, t.noAll), { isTrusted: false });
    const no = { granted: false, services: {} };
    expect(acts).toEqual([
      [
        { personalization: no, measurement: { granted: false, services: { counter: false, maps: false } }, comfort: no },
        { via: 'notice', text },
      ],
    ]);
    expect(fordi.get().choices).toEqual({ personalization: 'refused', measurement: 'refused', comfort: 'refused' });
    expect(box(root)).toBeNull();
  });

  test('L5 · yes to all takes a person', async () => {
    const { fordi, root } = await show(SEVERAL);
    await press(button(root, t.yesAll), { isTrusted: false });
    expect(acts).toEqual([]);
    await press(button(root, t.yesAll));
    await eventually(() => expect(fordi.get().choices).toEqual({ personalization: 'granted', measurement: 'granted', comfort: 'granted' }));
    expect(fordi.choice('measurement', 'maps')).toBe('granted');
  });

  test('L7 · one yes is a yes to that one only', async () => {
    const { fordi, root } = await show(SEVERAL);
    await turn(lever(root, 'Your volume'));
    await press(button(root, t.chosen), { isTrusted: false });
    expect(acts).toEqual([]);
    await press(button(root, t.chosen));
    expect(fordi.get().choices).toEqual({ personalization: 'refused', measurement: 'refused', comfort: 'granted' });
    expect(box(root)).toBeNull();
  });

  test('saving with nothing on yes is a no, and needs no person', async () => {
    const { fordi, root } = await show(SEVERAL);
    await press(button(root, t.chosen), { isTrusted: false });
    expect(Object.values(fordi.get().choices)).toEqual(['refused', 'refused', 'refused']);
  });

  test('L7 · a purpose takes its services along; each has a switch of its own', async () => {
    const { fordi, root } = await show(SEVERAL);
    await turn(lever(root, 'Counting visits'));
    expect([lever(root, 'Counter').checked, lever(root, 'Heat').checked]).toEqual([true, true]);
    await turn(lever(root, 'Heat'));
    await press(button(root, t.chosen));
    expect([fordi.choice('measurement'), fordi.choice('measurement', 'counter'), fordi.choice('measurement', 'maps')]).toEqual([
      'granted',
      'granted',
      'refused',
    ]);
  });

  test('a service may have a yes under a purpose that has none', async () => {
    const { fordi, root } = await show(SEVERAL);
    await turn(lever(root, 'Counter'));
    expect(lever(root, 'Counting visits').checked).toBe(false);
    await press(button(root, t.chosen));
    expect([fordi.choice('measurement'), fordi.choice('measurement', 'counter'), fordi.choice('measurement', 'maps')]).toEqual([
      'refused',
      'granted',
      'refused',
    ]);
  });

  test('what was set and not saved is forgotten when somebody else has answered', async () => {
    const { fordi, root } = await show(SEVERAL);
    await turn(lever(root, 'Your volume'));
    await fordi.refuse();
    await drawn();
    expect(box(root)).toBeNull();
    expect(box((await later(190, SEVERAL)).root)).not.toBeNull();
    expect(boxes(rootOf('fordi-notice')).some(({ checked }) => checked)).toBe(false);
  });
});

describe('asking again', () => {
  test('L6, L16 · another major version says what has changed and what was chosen, and nothing stands on yes; a minor one asks nothing', async () => {
    const { root } = await show({ ...SEVERAL, notice: { version: '1.0', keeps: ['listen'] } });
    await turn(lever(root, 'Your volume'));
    await turn(lever(root, 'Heat'));
    await press(button(root, t.chosen));
    expect(box((await later(1, { ...SEVERAL, notice: { version: '1.1', keeps: ['listen'] } })).root)).toBeNull();
    const { fordi, root: asked } = await later(1, {
      ...SEVERAL,
      notice: { version: '2.0', keeps: ['listen'], changes: 'The counter is new.' },
    });
    expect(told(asked)).toContain(t.altered);
    expect(told(asked)).toContain('The counter is new.');
    expect(boxes(asked)).toHaveLength(5);
    expect(boxes(asked).filter(({ checked }) => checked)).toEqual([]); // a yes to other terms is none to these
    const described = (title: string) =>
      asked.getElementById(lever(asked, title).getAttribute('aria-describedby') as string)?.textContent ?? '';
    for (const title of ['Your volume', 'Heat']) expect(described(title)).toContain(t.granted);
    for (const title of [t.mine, 'Counting visits', 'Counter']) expect(described(title)).toContain(t.refused);
    await press(button(asked, t.chosen), { isTrusted: false }); // nothing is on yes: saved as it stands it is a no
    expect([fordi.choice('comfort'), fordi.choice('measurement', 'maps')]).toEqual(['withdrawn', 'refused']);
  });

  test('L6 · what was said yes to under these terms and has only gained a service is asked about that alone, and stays as it is', async () => {
    type Service = NonNullable<Terms['services']>[string];
    const { maps, counter } = MEASUREMENT.services as Record<string, Service>;
    const shop = (version: string, services: Record<string, Service>) => ({
      purposes: { ...SEVERAL.purposes, measurement: { ...MEASUREMENT, services } },
      notice: { version, keeps: ['listen'] as const },
    });
    const { fordi: before, root } = await show(shop('1.0', { counter: counter as Service }));
    await press(button(root, t.yesAll));
    await eventually(() => expect(before.get().asking).toBeUndefined());
    const { fordi: between } = await later(1, shop('2.0', { counter: counter as Service }));
    await between.grant(['measurement'], { via: 'panel' });
    const { fordi, root: asked } = await later(1, shop('2.1', { counter: counter as Service, maps: maps as Service }));
    expect(fordi.get().asking).toEqual({
      ...{ why: 'changed', grown: ['measurement'] },
      purposes: ['personalization', 'measurement', 'comfort'],
    });
    expect(boxes(asked).map(({ nextElementSibling: name }) => name?.textContent)).toEqual([t.mine, 'Heat', 'Your volume']);
    const heat = asked.getElementById(lever(asked, 'Heat').getAttribute('aria-describedby') as string)?.textContent;
    expect(heat).not.toContain(t.unset);
    expect([...asked.querySelectorAll('.what')].map(({ textContent }) => textContent?.includes(t.newer))).toEqual([false, true, false]);
    await press(button(asked, t.chosen), { isTrusted: false });
    expect([fordi.choice('measurement'), fordi.choice('measurement', 'counter'), fordi.choice('measurement', 'maps')]).toEqual([
      ...['granted', 'granted', 'refused'],
    ]);
    expect(fordi.choice('comfort')).toBe('withdrawn');
  });

  test('alone, it says in words what was chosen', async () => {
    const { fordi, root } = await show();
    await press(button(root, t.yes));
    await eventually(() => expect(fordi.choice()).toBe('granted'));
    const asked = (await later(1, { notice: { version: '2', keeps: ['listen'] } })).root;
    for (const part of [t.altered, t.granted]) expect(told(asked)).toContain(part);
  });

  test('a purpose added later is asked for by itself, and nothing else is touched', async () => {
    const { root } = await show({ purposes: { measurement: MEASUREMENT } });
    await press(button(root, t.noAll));
    const { fordi, root: asked } = await later(1, SEVERAL);
    for (const part of [t.newer, 'Your volume', 'Grooves asks this.', t.back]) expect(told(asked)).toContain(part);
    expect(told(asked)).not.toContain('Counting visits');
    expect(buttons(asked).map(({ textContent }) => textContent)).toEqual([t.noThis, t.yesThis]);
    await press(button(asked, t.yesThis));
    expect(acts.at(-1)?.[0]).toEqual({ comfort: true });
    expect(fordi.get().choices).toEqual({ personalization: 'refused', measurement: 'refused', comfort: 'granted' });
  });

  test.each([
    ['no', t.noAll, 'refused'],
    ['yes', t.yesAll, 'granted'],
  ] as const)('a service added later is asked for by itself; %s leaves the purpose as it was', async (_, answer, state) => {
    const { maps, counter } = MEASUREMENT.services as NonNullable<Terms['services']>;
    const with_ = (services: NonNullable<Terms['services']>) => ({ purposes: { measurement: { ...MEASUREMENT, services } } });
    const { fordi: before, root } = await show(with_({ counter: counter as never }));
    await press(button(root, t.yesAll));
    await eventually(() => expect(before.get().asking).toBeUndefined());
    const { fordi, root: asked } = await later(1, with_({ counter: counter as never, maps: maps as never }));
    expect(told(asked)).toContain(t.newer);
    expect(boxes(asked)).toEqual([lever(asked, 'Heat')]);
    expect([boxes(asked)[0]?.checked, root && asked.querySelector('details')?.open]).toEqual([false, true]);
    await press(button(asked, answer));
    expect([fordi.choice('measurement'), fordi.choice('measurement', 'counter'), fordi.choice('measurement', 'maps')]).toEqual([
      'granted',
      'granted',
      state,
    ]);
  });
});

describe('a question where it is needed', () => {
  const asked = { purposes: { comfort: { ...COMFORT, when: 'ask' as const }, sleep: HEALTH } };
  const settled = { ...asked, gpc: 'ignore' as const };
  /** Past the notice. */
  const quiet = async (...others: HTMLElement[]) => {
    const { fordi, root } = await show(settled, ...others);
    await press(button(root, t.no));
    await drawn();
    acts = [];
    return { fordi, root };
  };

  test('stands in its place, in the site’s words, with all that is told of the purpose', async () => {
    const { fordi, root } = await quiet(place('comfort'));
    const answer = fordi.ask('comfort', { reason: 'The player starts as loud as you left it.' });
    await drawn();
    const here = rootOf('fordi-ask');
    for (const part of ['The player starts', 'Your volume', 'Kept: how loud', 'for 90 days', t.nobody, 'Grooves asks this.', t.back])
      expect(told(here)).toContain(part);
    expect(box(root)).toBeNull();
    const text = told(here);
    await press(button(here, t.yesThis));
    expect(acts).toEqual([[{ comfort: true }, { via: 'ask', text }]]);
    expect(box(here)).toBeNull();
    expect(await answer).toBe('granted');
  });

  test('L5, L8 · its two buttons are alike, a yes takes a person, a no does not', async () => {
    const { fordi } = await quiet(place('comfort'));
    const answer = fordi.ask('comfort', { reason: 'x' });
    await drawn();
    const here = rootOf('fordi-ask');
    const [no, yes] = buttons(here) as [HTMLButtonElement, HTMLButtonElement];
    expect(no.outerHTML.replace(t.noThis, '')).toBe(yes.outerHTML.replace(t.yesThis, ''));
    await press(yes, { isTrusted: false });
    expect(acts).toEqual([]);
    no.click();
    expect(box(here)).toBeNull();
    expect(await answer).toBe('refused');
    await drawn();
    expect(box(here)).toBeNull();
  });

  test('A3, A8 · takes no focus, is announced once, is a named region, and gives focus back', async () => {
    const opener = document.createElement('button');
    const { fordi } = await quiet(opener, place('comfort'));
    opener.focus();
    fordi.ask('comfort', { reason: 'For the player.' });
    await drawn();
    const here = rootOf('fordi-ask');
    expect(document.activeElement).toBe(opener);
    expect([...(here.querySelector('.unseen') as Element).children].map(({ textContent }) => textContent)).toEqual(['', 'For the player.']);
    expect(here.getElementById(box(here)?.getAttribute('aria-labelledby') as string)?.textContent).toBe('Your volume');
    const no = button(here, t.noThis);
    no.focus();
    no.dispatchEvent(new FocusEvent('focusin', { bubbles: true, relatedTarget: opener }));
    await press(no);
    expect(document.activeElement).toBe(opener);
  });

  test('A8 · is announced without a reason of its own too, beside what asks and in the notice', async () => {
    const spoken = (root: ShadowRoot) => root.querySelector('.unseen')?.lastElementChild?.textContent;
    const { fordi, root } = await quiet(place('comfort'));
    fordi.ask('comfort', { reason: '' }); // as the markup has it without data-fordi-reason
    await drawn();
    expect(spoken(rootOf('fordi-ask'))).toBe('Your volume');
    fordi.ask('sleep', { reason: '' });
    await drawn();
    expect(spoken(root)).toBe('Music for sleep');
  });

  test('without a place of its own the notice puts it, after its own question', async () => {
    const { fordi, root } = await show(settled, place('sleep'));
    fordi.ask('comfort', { reason: 'For the player.' });
    await drawn();
    expect(told(root)).toContain(t.purpose);
    await press(button(root, t.no));
    await drawn();
    for (const part of ['For the player.', 'Your volume']) expect(told(root)).toContain(part);
    await eventually(() => expect(document.documentElement.style.scrollPaddingBottom).toMatch(/^\d+px$/));
    await press(button(root, t.noThis));
    expect(acts.at(-1)).toEqual([{ comfort: false }, expect.objectContaining({ via: 'ask' })]);
    expect(box(root)).toBeNull();
    expect(document.documentElement.style.scrollPaddingBottom).toBe('');
  });

  test('what is kept for one day is not kept “for 1 days”', async () => {
    const { root } = await show({ purposes: { comfort: { ...COMFORT, days: 1 } } });
    expect(told(root)).toContain(t.day);
    expect(told(root)).not.toContain(t.term.replace('{x}', '1'));
  });

  test('L16 · what was answered to another notice is asked again, with what has changed and what was said', async () => {
    const purposes = { health: HEALTH };
    await page({ purposes }).grant(['health']);
    closeAll();
    const { fordi, root } = await show({
      purposes,
      heeds: false,
      notice: { version: '2', keeps: ['listen'], changes: 'Sleep is kept by the hour.' },
    });
    await fordi.decide({ personalization: true });
    void fordi.ask('health', { reason: 'For tonight' });
    await drawn();
    for (const text of [HEALTH.title, t.altered, 'Sleep is kept by the hour.', t.granted, 'For tonight'])
      expect(box(root)?.textContent).toContain(text);
  });

  test('two questions without a place come one after the other; a yes to the second waits until it could be read', async () => {
    const { fordi, root } = await quiet();
    fordi.ask('comfort', { reason: 'One.' });
    fordi.ask('sleep', { reason: 'Two.' });
    await drawn();
    expect(told(root)).toContain('One.');
    await press(button(root, t.noThis));
    await drawn();
    expect(told(root)).toContain('Two.');
    clock -= 9999;
    await press(button(root, t.yesThis));
    expect(fordi.choice('sleep')).toBe('unset');
    await press(button(root, t.yesThis));
    expect(fordi.choice('sleep')).toBe('granted');
  });

  test('of two places for one purpose the first asks; a place that comes and goes is known', async () => {
    const [one, two] = [place('comfort'), place('comfort')];
    const { fordi, root } = await quiet(one, two);
    fordi.ask('comfort', { reason: 'x' });
    await drawn();
    const open = () => [one, two].map(({ shadowRoot }) => box(shadowRoot as ShadowRoot) !== null);
    expect(open()).toEqual([true, false]);
    one.setAttribute('purpose', 'sleep');
    two.setAttribute('purpose', 'comfort');
    await drawn();
    expect(open()).toEqual([false, true]);
    two.remove();
    fordi.ask('comfort', { reason: 'y' });
    await drawn();
    expect(told(root)).toContain('y');
  });

  test('of special topics it says so, and that it is a purpose of its own', async () => {
    const { fordi } = await quiet(place('sleep'));
    fordi.ask('sleep', { reason: 'To find quiet records.' });
    await drawn();
    expect(told(rootOf('fordi-ask'))).toContain(
      'This is very personal: health. It is asked for by itself, and a yes counts for this alone.',
    );
  });

  test('names the services that a yes reaches', async () => {
    const { fordi } = await show({ purposes: { measurement: { ...MEASUREMENT, when: 'ask' } } }, place('measurement'));
    fordi.ask('measurement', { reason: 'x' });
    await drawn();
    expect(told(rootOf('fordi-ask'))).toContain('Heat: Where people scroll · also given to Heat ApS');
  });

  test('from markup: a press asks, with the reason beside it, and again after a no; it does nothing else', async () => {
    const opener = document.createElement('button');
    opener.dataset.fordiAsk = 'comfort';
    opener.dataset.fordiReason = 'Keep my volume.';
    const { fordi } = await quiet(opener, place('comfort'));
    const stop = connectOpeners(fordi);
    for (let round = 0; round < 2; round++) {
      await press(opener);
      await vi.waitFor(() => expect(told(rootOf('fordi-ask'))).toContain('Keep my volume.'));
      await press(button(rootOf('fordi-ask'), t.noThis));
    }
    expect(document.querySelector('fordi-panel')).toBeNull();
    stop();
    await press(opener);
    await drawn();
    expect(box(rootOf('fordi-ask'))).toBeNull();
  });

  test('once answered it is gone from the state, whoever listens', async () => {
    const { fordi } = await quiet();
    const seen: number[] = [];
    fordi.ask('comfort', { reason: 'x' });
    await settle();
    fordi.subscribe(() => seen.push(fordi.get().questions.length));
    await fordi.decide({ comfort: false });
    expect(fordi.get().questions).toEqual([]);
    expect(seen.at(-1)).toBe(0);
  });
});

test('asking makes no formatter: a cold one takes as long as all the rest of it', async () => {
  const made = (['ListFormat', 'NumberFormat', 'DateTimeFormat'] as const).map((name) => vi.spyOn(Intl, name));
  const { root } = await show();
  expect(box(root)).not.toBeNull();
  expect(made.flatMap((spy) => spy.mock.calls)).toEqual([]);
  for (const spy of made) spy.mockRestore();
});
