// @vitest-environment happy-dom
import type { Evidence, Fordi, Item, Pick, Settings, State, Trace } from 'fordi';
import { VERBS } from 'fordi';
import { connectOpeners } from 'fordi/integrations';
import * as en from 'fordi/locales/en';
import { defineElements, type Why } from 'fordi/ui';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const t = en.ui;
const AT = Date.UTC(2026, 10, 3, 12);
/** 180 days later. */
const HOLDS = 'This holds until May 2, 2027.';

const record = (id: string, over: Partial<Evidence> = {}): Evidence => ({
  id,
  verb: 'listen',
  item: 'blue',
  title: 'Kind of Blue',
  provenance: 'engaged',
  sensitivity: 'ordinary',
  at: AT,
  notice: '1',
  ...over,
});
const pick = (id: string, over: Partial<Pick['item']> = {}): Pick => ({
  item: { id, title: `Title ${id}`, ...over },
  score: 1,
  mode: 'none',
});

/** What the elements need of an instance, with everything they call written down. */
function fake(state: Partial<State> = {}) {
  const listeners = new Set<() => void>();
  const calls: [string, ...unknown[]][] = [];
  const note =
    <R,>(name: string, result: (...args: never[]) => R) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return result(...(args as never[]));
    };
  const me = {
    calls,
    listeners,
    kept: [] as Evidence[],
    items: [] as Item[],
    picks: [pick('a')] as Pick[],
    because: undefined as Pick['because'],
    trace: { score: 1, prior: 0, page: 0, contributions: [], mode: 'none' } as Trace,
    now: {
      ...{ ready: true, choice: 'unset', memory: 'device', voice: 'explained', gpc: false, erasing: false },
      ...{ asking: { why: 'first', purposes: ['personalization'] }, questions: [], days: 180, elsewhere: [], objections: [] },
      ...state,
    } as State,
    change(next: Partial<State> = {}) {
      me.now = { ...me.now, ...next };
      for (const listener of [...listeners]) listener();
    },
    names: (name: string) => calls.filter(([called]) => called === name),
    fordi: {} as Fordi,
  };
  me.fordi = {
    ready: Promise.resolve(),
    options: {
      site: { name: 'Grooves', privacyUrl: '/your-data', contact: 'mette@grooves.example' },
      notice: { version: '1', keeps: ['listen', 'purchase'], days: 180 },
      locale: { lang: 'en', dir: 'ltr', reasons: en.reasons },
      gpc: 'refuse',
      purposes: {},
      verbs: VERBS,
      ranking: {},
      fatigue: {},
      paused: [],
      rules: [],
      audience: 'balanced',
      slots: { home: { size: 5 } },
    } as unknown as Settings,
    get: () => {
      const given = me.now.choice === 'granted' ? ['personalization'] : [];
      return Object.assign({ standing: {}, choices: { personalization: me.now.choice }, given }, me.now);
    },
    choice: () => me.now.choice,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    grant: note('grant', () => ({ granted: true })),
    refuse: note('refuse', () => ({})),
    withdraw: note('withdraw', () => ({ cleared: true, verified: true, deleted: true })),
    receipts: note('receipts', () =>
      me.now.choice === 'granted' ? [{ state: 'granted', at: '2026-11-03T12:00:00Z', until: '2027-05-04' }] : [],
    ),
    observe: note('observe', () => ({ kept: true })),
    evidence: note('evidence', () => me.kept),
    export: async () => ({ evidence: await me.fordi.evidence(), inferred: [], items: me.items, receipts: await me.fordi.receipts() }),
    forget: note('forget', () => 1),
    setVoice: note('setVoice', () => true),
    shelves: note('shelves', () => [{ picks: me.picks, ...(me.because ? { because: me.because } : {}) }]),
    explain: note('explain', (id: string) => ({ item: { id, title: id }, ...me.trace })),
  } as unknown as Fordi;
  return me;
}

/** Keeps what is declared as a shop would that writes `Jazz`, unless it knows the topic as `jazz`. */
const spelling = (me: ReturnType<typeof fake>, as = 'Jazz') =>
  Object.assign(me.fordi, {
    declare: async (interest: { topic: string }) => {
      me.calls.push(['declare', interest]);
      const topic = interest.topic.toLowerCase() === as.toLowerCase() ? as : interest.topic;
      return { kept: true, evidence: { ...record('new'), ...interest, topic } };
    },
  });

let off = () => {};
/** A new element draws in a task of its own; here, in a microtask. */
beforeEach(() => {
  vi.stubGlobal('scheduler', { yield: async () => {} });
});
const settle = async () => {
  for (let i = 0; i < 12; i++) await Promise.resolve();
};
/** Puts `<fordi-…>` on the page, served by `me`, and returns its shadow root. */
async function show(me: ReturnType<typeof fake>, name: string, attributes: Record<string, string> = {}): Promise<ShadowRoot> {
  off();
  off = defineElements(me.fordi);
  const host = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) host.setAttribute(key, value);
  document.body.append(host);
  await settle();
  return host.shadowRoot as ShadowRoot;
}
const buttons = (root: ParentNode) => [...root.querySelectorAll('button')];
const button = (root: ParentNode, name: string) =>
  buttons(root).find((b) => (b.getAttribute('aria-label') ?? b.textContent ?? '').startsWith(name)) as HTMLButtonElement;
const press = async (target: Element, more: { isTrusted?: boolean; detail?: number } = {}) => {
  const event = new MouseEvent('click', { bubbles: true, detail: more.detail ?? 1 });
  if (more.isTrusted) Object.defineProperty(event, 'isTrusted', { value: true });
  target.dispatchEvent(event);
  await settle();
};

let clock = 0;
beforeEach(() => {
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  vi.spyOn(Date, 'now').mockReturnValue(AT);
});
afterEach(() => {
  off();
  off = () => {};
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe('shelf', () => {
  test('asks for what its attributes say and renders once when the answer is known', async () => {
    const me = fake();
    let open = () => {};
    Object.assign(me.fordi, { ready: new Promise<void>((resolve) => (open = resolve)) });
    const root = await show(me, 'fordi-shelf', { 'slot-name': 'home', rows: '2', size: '4', context: 'blue' });
    expect(root.querySelectorAll('section:empty')).toHaveLength(2);
    let draws = 0;
    const seen = new MutationObserver(() => draws++);
    seen.observe(root, { childList: true, subtree: true });
    me.change();
    open();
    await settle();
    await new Promise((resolve) => setTimeout(resolve));
    seen.disconnect();
    expect(draws).toBe(1);
    expect(me.names('shelves').at(-1)).toEqual(['shelves', { slot: 'home', limit: 2, size: 4, context: 'blue' }]);
    expect(root.querySelector('h2')?.textContent).toBe(t.shelf);
    expect(root.querySelectorAll('li')).toHaveLength(1);
    await show(me, 'fordi-shelf', { 'slot-name': 'home' });
    expect(me.names('shelves').at(-1)).toEqual(['shelves', { slot: 'home', limit: 3, size: 5, context: undefined }]);
  });

  test('is drawn anew when an attribute changes', async () => {
    const me = fake();
    const { host } = await show(me, 'fordi-shelf');
    for (const [name, value, asked] of [
      ['rows', '1', { limit: 1 }],
      ['size', '9', { limit: 1, size: 9 }],
      ['slot-name', 'home', { slot: 'home', size: 9 }],
      ['context', 'blue', { context: 'blue' }],
    ] as const) {
      host.setAttribute(name, value);
      await settle();
      expect(me.names('shelves').at(-1)?.[1]).toMatchObject(asked);
    }
  });

  test.each([
    ['1e9', '-4', { limit: 1, size: 1 }],
    ['1000000000', '1000000000', { limit: 20, size: 100 }],
    ['2.5', '', { limit: 2, size: 6 }],
    ['many', 'Infinity', { limit: 3, size: 6 }],
  ])('takes rows %j and size %j within reason', async (rows, size, expected) => {
    const me = fake();
    await show(me, 'fordi-shelf', { rows, size });
    expect(me.names('shelves').at(-1)?.[1]).toMatchObject(expected);
  });

  test('no id of an item is taken for that of a heading', async () => {
    const me = fake();
    me.picks = [pick('h0'), pick('?h0')];
    const root = await show(me, 'fordi-shelf');
    const ids = [...root.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
    expect(root.getElementById('h0')?.tagName).toBe('H2');
  });

  test('after a yes it leads to the panel, where the yes is taken back, on a page that has no such button', async () => {
    const me = fake();
    const root = await show(me, 'fordi-shelf');
    expect(button(root, 'Your data')).toBeUndefined();
    me.change({ choice: 'granted' });
    await vi.waitFor(() => expect(button(root, 'Your data on Grooves')).toBeDefined());
    // happy-dom stumbles over activeElement of one shadow root while another one has it
    const focus = vi.spyOn(button(root, 'Your data'), 'focus').mockReturnValue();
    await press(button(root, 'Your data'));
    const panel = document.querySelector('fordi-panel')?.shadowRoot as ShadowRoot;
    expect(panel.querySelector('dialog')?.open).toBe(true);
    expect(button(panel, t.withdraw)).toBeDefined();
    expect(focus).toHaveBeenCalledOnce();
  });

  test('heads the shelf with its because and repeats it on no card', async () => {
    const me = fake({ choice: 'granted' });
    const because = { kind: 'records', text: 'Because you listened to Kind of Blue', evidence: [] } as const;
    me.because = because;
    me.picks = [{ ...pick('a'), because }];
    const root = await show(me, 'fordi-shelf');
    expect(root.querySelector('h2')?.textContent).toBe(because.text);
    expect(root.textContent?.split(because.text)).toHaveLength(2);
  });

  test.each([
    ['javascript:alert(1)'],
    [' java\nscript:alert(1)'],
    ['JaVaScRiPt:alert(1)'],
    ['\u0001javascript:alert(1)'],
    ['data:text/html,<script>alert(1)</script>'],
    ['vbscript:x'],
    ['blob:https://a.example/x'],
    ['file:///etc/passwd'],
    ['http://'],
    [''],
  ])('X6 · renders neither a link nor a picture from %j', async (url) => {
    const me = fake();
    me.picks = [pick('a', { url, image: url })];
    const root = await show(me, 'fordi-shelf');
    expect(root.querySelector('[href], img')).toBeNull();
    expect(root.textContent).toContain('Title a');
  });

  test('X6 · links and pictures over http(s), relative ones against the page', async () => {
    const me = fake();
    me.picks = [pick('a', { url: 'https://shop.example/a', image: 'http://shop.example/a.png' })];
    const root = await show(me, 'fordi-shelf');
    expect(root.querySelector('a')?.getAttribute('href')).toBe('https://shop.example/a');
    expect(root.querySelector('img')?.getAttribute('src')).toBe('http://shop.example/a.png');
    expect(root.querySelector('img')?.getAttribute('referrerpolicy')).toBe('no-referrer');
  });

  test('X6 · shows what comes from outside as text', async () => {
    const me = fake();
    const evil = '<img src=x onerror=alert(1)>{x}$&';
    me.picks = [pick('a', { title: evil, by: evil })];
    const root = await show(me, 'fordi-shelf');
    expect(root.querySelector('img')).toBeNull();
    expect(root.querySelector('b')?.textContent).toBe(evil);
  });

  describe('why this?', () => {
    const signal = {
      ...record('1'),
      key: '1',
      count: 1,
      weight: 1,
      first: AT,
      last: AT,
    };
    const cause: Trace = {
      score: 1,
      prior: 0,
      page: 0,
      mode: 'implicit',
      contributions: [{ signal, verdict: { mode: 'implicit', reasons: ['public', 'my own rule'] }, share: 1, evidence: [] }],
    };
    const ask = async (me: ReturnType<typeof fake>) => {
      const root = await show(me, 'fordi-shelf', { 'slot-name': 'home' });
      await press(button(root, t.why));
      return root;
    };

    test('R8 · tells the evidence, when, how it came to be known, and why it is not named', async () => {
      const me = fake({ choice: 'granted' });
      me.trace = cause;
      const root = await ask(me);
      expect(button(root, t.why).getAttribute('aria-expanded')).toBe('true');
      expect(button(root, t.why).getAttribute('aria-label')).toBe(`${t.why} Title a`);
      expect(me.names('explain')).toEqual([['explain', 'a', me.names('shelves').at(-1)?.[1]]]);
      const said = root.querySelector('.why')?.textContent;
      for (const part of [t.hidden, 'Listened to Kind of Blue', 'Nov 3, 2026', t.engaged, t.implicit, t.public, t.rule])
        expect(said).toContain(part);
    });

    test('removes the verb with its item, or with its topic', async () => {
      const me = fake({ choice: 'granted' });
      const topic = { ...signal, key: '2', verb: 'declare' as const, item: undefined, title: undefined, topic: 'jazz' };
      me.trace = { ...cause, contributions: [...cause.contributions, { ...cause.contributions[0], signal: topic } as never] };
      const root = await ask(me);
      await press(button(root, `${t.delete} Listened to Kind of Blue`));
      await press(button(root, `${t.delete} Told us about jazz`));
      expect(me.names('forget')).toEqual([
        ['forget', { verb: 'listen', item: 'blue', topic: undefined }],
        ['forget', { verb: 'declare', item: undefined, topic: 'jazz' }],
      ]);
      expect(root.querySelector('[role=status]')?.textContent).toBe(t.changed);
    });

    test('takes an objection, or says that it could not be kept', async () => {
      const me = fake({ choice: 'granted' });
      me.picks = [pick('a', { topics: { jazz: 1, modal: 0.5 } })];
      me.trace = { ...me.trace, item: { id: 'a', title: 'Title a', topics: { jazz: 1, modal: 0.5 } } };
      const root = await ask(me);
      await press(button(root, t.dislike));
      await press(button(root, 'Less jazz'));
      await press(button(root, t.personal));
      expect(me.names('observe').map(([, event]) => event)).toEqual([
        { verb: 'dismiss', item: 'a' },
        { verb: 'dismiss', topic: 'jazz' },
        { verb: 'too-personal', item: 'a' },
        { verb: 'too-personal', topic: 'jazz' },
      ]);
      me.fordi.observe = async () => ({ kept: false, reason: 'storage' });
      await press(button(root, t.dislike));
      expect(root.querySelector('[role=status]')?.textContent).toBe(t.failed);
    });

    test.each([
      [t.dislike, 'Title a is no longer shown.'],
      ['Less jazz', 'Less jazz from now on.'],
      [t.personal, 'Title a and what it is mostly about are not used or shown any more.'],
    ])('A8 · %s: says what will happen, and offers at once to take it back', async (name, text) => {
      const me = fake({ choice: 'granted' });
      me.picks = [pick('a', { by: 'jazz' })];
      const root = await ask(me);
      me.fordi.observe = async () => ({ kept: true, evidence: record('e7') });
      await press(button(root, name));
      const status = root.querySelector('[role=status]');
      expect(status?.textContent).toBe(`${text} ${HOLDS}`);
      expect(root.activeElement).toBe(button(root, t.undo));
      await press(button(root, t.undo));
      expect(me.names('forget')).toEqual(
        name === t.personal
          ? [
              ['forget', 'e7'],
              ['forget', 'e7'],
            ]
          : [['forget', 'e7']],
      ); // its topic too
      expect(status?.textContent).toBe(t.undone);
      expect(button(root, t.undo)).toBeUndefined();
      expect(root.activeElement).toBe(button(root, t.why));
    });

    test.each([
      ['the yes', {}, 'This holds until Nov 9, 2026.'],
      ['a browser that keeps nothing', { memory: 'visit' }, t.visit],
    ] as const)('until when it holds: no longer than %s', async (_, state, text) => {
      const standing = { personalization: { at: 0, until: Date.parse('2026-11-09'), via: 'notice' as const } };
      const me = fake({ choice: 'granted', standing, ...state });
      const root = await ask(me);
      await press(button(root, t.dislike));
      expect(root.querySelector('[role=status]')?.textContent).toBe(`Title a is no longer shown. ${text}`);
    });

    test('of what is special it offers nothing, and says why', async () => {
      const me = fake({ choice: 'granted' });
      me.picks = [pick('a', { topics: ['health'] })];
      me.trace = { ...me.trace, page: 1, special: true };
      const root = await ask(me);
      expect(root.querySelector('.why')?.textContent).toContain(t.special);
      expect(buttons(root.querySelector('.why') as Element)).toEqual([]);
    });

    test('“Less jazz” is the word of the panel, where the notice names it, and gives back the word before', async () => {
      const me = fake({ choice: 'granted' });
      Object.assign(me.fordi.options.notice, { keeps: ['listen', 'declare'] });
      me.kept = [record('j', { verb: 'declare', item: undefined, title: undefined, topic: 'jazz', value: 1 } as never)];
      me.picks = [pick('a', { topics: { bop: 0.5, jazz: 1 } })];
      spelling(me, 'jazz');
      const root = await ask(me);
      await press(button(root, 'Less jazz'));
      expect(root.querySelector('[role=status]')?.textContent).toBe(`Less jazz from now on. ${HOLDS}`);
      await press(button(root, t.undo));
      expect(me.names('declare').map(([, said]) => said)).toMatchObject([
        { topic: 'jazz', value: -0.5 },
        { topic: 'jazz', value: 1 },
      ]);
      expect(me.names('observe')).toEqual([]);
      expect(root.activeElement).toBe(button(root, t.why));
    });

    test('what was not taken back is not said to be, and stays on offer', async () => {
      const me = fake({ choice: 'granted' });
      const root = await ask(me);
      me.fordi.observe = async () => ({ kept: true, evidence: record('e7') });
      await press(button(root, t.dislike));
      const { forget } = me.fordi;
      me.fordi.forget = async () => 0;
      await press(button(root, t.undo));
      expect(root.querySelector('[role=status]')?.textContent).toBe(t.failed);
      expect(root.activeElement).toBe(button(root, t.undo));
      me.fordi.forget = forget;
      await press(button(root, t.undo));
      expect(root.querySelector('[role=status]')?.textContent).toBe(t.undone);
    });

    test('names the topic that is the reason, and no topic where there is none', async () => {
      const me = fake({ choice: 'granted' });
      me.trace = { ...cause, because: { kind: 'topic', text: 'Because you listen to a lot of soul', topic: 'soul', evidence: [] } };
      expect(button(await ask(me), 'Less soul')).toBeDefined();
      const other = fake({ choice: 'granted' });
      expect(button(await ask(other), 'Less')).toBeUndefined();
    });

    test('the offer stays for twenty seconds, longer while it has the focus, and goes with the next thing done', async () => {
      const me = fake({ choice: 'granted' });
      const root = await ask(me);
      me.fordi.observe = async () => ({ kept: true, evidence: record('e7') });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      await press(button(root, t.dislike));
      await vi.advanceTimersByTimeAsync(19_999);
      expect(button(root, t.undo)).toBeDefined();
      await vi.advanceTimersByTimeAsync(1);
      expect(button(root, t.undo)).toBeDefined(); // it has the focus
      button(root, t.undo).blur();
      await vi.advanceTimersByTimeAsync(20_000);
      expect(button(root, t.undo)).toBeUndefined();
      expect(root.querySelector('[role=status]')?.textContent).toBe('');
      await press(button(root, t.dislike));
      me.fordi.observe = async () => ({ kept: false, reason: 'storage' });
      await press(button(root, t.personal));
      expect(button(root, t.undo)).toBeUndefined();
      vi.useRealTimers();
    });

    test('tells the page’s part and the shop’s, where they took one', async () => {
      const me = fake();
      const lines = async (page: number, prior: number) => {
        me.trace = { ...me.trace, page, prior };
        return [...(await ask(me)).querySelectorAll('.why li')].map((li) => li.textContent);
      };
      expect(await lines(0, 0)).toEqual([]);
      expect(await lines(0.2, 0)).toEqual(['What this page is about']);
      expect(await lines(0, 0.1)).toEqual(['What Grooves recommends to everyone']);
      expect(await lines(0.2, 0.1)).toHaveLength(2);
    });

    test('tells what a declared topic asks for', async () => {
      const me = fake({ choice: 'granted' });
      const said = { ...signal, verb: 'declare' as const, item: undefined, title: undefined, topic: 'jazz', weight: -0.25 };
      me.trace = { ...cause, contributions: [{ ...cause.contributions[0], signal: said, share: -0.3 } as never] };
      expect((await ask(me)).querySelector('.why small')?.textContent).toContain(' · Less jazz · ');
    });

    test('without permission tells the truth and offers nothing that could not be kept', async () => {
      const me = fake();
      me.trace = { ...me.trace, page: 1, because: { kind: 'page', text: 'Similar to Blue Train', evidence: [] } };
      const root = await ask(me);
      expect(root.querySelector('.why')?.textContent).toBe(`Similar to Blue Train${t.topical}${t.nothing}`);
      expect(buttons(root)).toHaveLength(1);
    });
  });
});

describe('why this block', () => {
  const asked = { slot: 'hero', variants: [{ id: 'jazz', topics: ['jazz'] }] };
  const signal = { ...record('1'), key: '1', count: 1, weight: 1, first: AT, last: AT };
  const listened = [{ signal, verdict: { mode: 'implicit', reasons: [] }, share: 1, evidence: [] }] as const;
  /** A block with its button, and the answer to it, open. */
  const open = async (me: ReturnType<typeof fake>) => {
    const place = document.createElement('div');
    place.dataset.fordiSlot = 'hero';
    const opener = place.appendChild(document.createElement('button'));
    opener.dataset.fordiWhy = '';
    document.body.append(place);
    const root = await show(me, 'fordi-why');
    expect(me.names('explain')).toEqual([]);
    (root.host as Why).open(opener, 'jazz', asked);
    await settle();
    return { root, place, opener };
  };
  const text = (root: ShadowRoot) => root.querySelector('dialog')?.textContent;

  test('asks about this block among all of the slot, and tells what a shelf tells', async () => {
    const me = fake({ choice: 'granted' });
    me.trace = { ...me.trace, mode: 'implicit', contributions: listened };
    const { root } = await open(me);
    expect(me.names('explain')).toEqual([['explain', 'jazz', asked]]);
    for (const part of [t.why, t.hidden, 'Listened to Kind of Blue', t.engaged, t.implicit]) expect(text(root)).toContain(part);
    await press(button(root, `${t.delete} Listened to Kind of Blue`));
    expect(me.names('forget')).toEqual([['forget', { verb: 'listen', item: 'blue', topic: undefined }]]);
  });

  test('offers what can be kept of a block: its topic, and not itself', async () => {
    const me = fake({ choice: 'granted' });
    me.trace = { ...me.trace, item: { id: 'jazz', title: 'jazz', topics: ['jazz'] } };
    const { root } = await open(me);
    expect(button(root, t.dislike)).toBeUndefined();
    await press(button(root, 'Less jazz'));
    await press(button(root, t.personal));
    expect(me.names('observe').map(([, event]) => event)).toEqual([
      { verb: 'dismiss', topic: 'jazz' },
      { verb: 'too-personal', topic: 'jazz' },
    ]);
    expect(root.querySelector('[role=status]')?.textContent).toBe(`No jazz from now on. ${HOLDS}`);
  });

  test('that somebody came back is told, and then it is not said that nothing was used', async () => {
    const me = fake({ choice: 'granted' });
    me.trace = { ...me.trace, mode: 'implicit', returning: true };
    const { root } = await open(me);
    expect(text(root)).toContain(t.earlier);
    expect(text(root)).not.toContain(t.nothing);
  });

  test('a stranger hears that nothing was used, and is offered nothing', async () => {
    const { root } = await open(fake());
    expect(text(root)).toBe(`${t.close}${t.why}${t.nothing}`);
  });

  test('A3 · focus goes back to what was pressed, or to what took its place', async () => {
    for (const gone of [false, true]) {
      const { root, place, opener } = await open(fake());
      const next = opener.cloneNode(true) as HTMLElement;
      if (gone) opener.replaceWith(next);
      await press(button(root, t.close));
      expect(root.querySelector('dialog')).toBeNull();
      expect(document.activeElement).toBe(gone ? next : opener);
      place.remove();
    }
  });
});

describe('seen', () => {
  type Entries = { target: Element; intersectionRatio: number }[];
  let see: (entries: Entries) => void = () => {};
  let watched: Set<Element>;
  const told = (me: ReturnType<typeof fake>) => me.names('shown').map(([, picks]) => (picks as Pick[]).map(({ item }) => item.id));
  const watching = async (keeps: string[]) => {
    const me = fake({ choice: 'granted' });
    me.picks = [pick('a'), pick('b'), pick('c')];
    Object.assign(me.fordi.options.notice, { keeps });
    Object.assign(me.fordi, { shown: async (picks: unknown) => me.calls.push(['shown', picks]) });
    const root = await show(me, 'fordi-shelf');
    return { me, cards: [...root.querySelectorAll('section > ul > li')] as [Element, Element, Element] };
  };
  beforeEach(() => {
    watched = new Set();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(callback: typeof see) {
          see = callback;
        }
        observe = (card: Element) => watched.add(card);
        unobserve = (card: Element) => watched.delete(card);
        disconnect = () => watched.clear();
      },
    );
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('what is half in sight for a second is told, all in one call; what passes by is not', async () => {
    const { me, cards } = await watching(['listen', 'shown']);
    const [a, b, c] = cards;
    expect([...watched]).toEqual(cards);
    see([
      { target: a, intersectionRatio: 1 },
      { target: b, intersectionRatio: 0.5 },
      { target: c, intersectionRatio: 0.49 },
    ]);
    await vi.advanceTimersByTimeAsync(999);
    expect(told(me)).toEqual([]);
    see([
      { target: b, intersectionRatio: 0 },
      { target: c, intersectionRatio: 0.6 },
    ]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told(me)).toEqual([['a']]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told(me)).toEqual([['a'], ['c']]);
  });

  test('another reason on the same card is seen anew; the same one is not', async () => {
    const { me, cards } = await watching(['told']);
    const first = see;
    first([{ target: cards[0], intersectionRatio: 1 }]);
    await vi.advanceTimersByTimeAsync(1000);
    me.change();
    await vi.advanceTimersByTimeAsync(16);
    first([{ target: cards[0], intersectionRatio: 1 }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told(me)).toEqual([['a']]);
    me.picks = [{ ...pick('a'), because: { kind: 'page', text: 'Similar to B', evidence: [] } }];
    me.change();
    await vi.advanceTimersByTimeAsync(16);
    first([{ target: cards[0], intersectionRatio: 1 }]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told(me)).toEqual([['a'], ['a']]);
  });

  test('watches nothing that the notice does not name, and lets go of all with the element', async () => {
    await watching(['listen']);
    expect(watched.size).toBe(0);
    const { me, cards } = await watching(['shown']);
    see([{ target: cards[0], intersectionRatio: 1 }]);
    document.querySelector('fordi-shelf:last-child')?.remove();
    expect(watched.size).toBe(0);
    await vi.advanceTimersByTimeAsync(5000);
    expect(told(me)).toEqual([]);
  });

  test('where the browser cannot tell, what is drawn is seen', async () => {
    vi.stubGlobal('IntersectionObserver', undefined);
    const { me } = await watching(['shown']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told(me).flat()).toEqual(['a', 'b', 'c']);
  });
});

describe('interests', () => {
  const jazz = (value?: number) =>
    record('j', { verb: 'declare', provenance: 'declared', item: undefined, title: undefined, topic: 'jazz', value } as never);
  const asked = async (kept: Evidence[]) => {
    const me = fake({ choice: 'granted' });
    me.kept = kept;
    Object.assign(me.fordi.options.notice, { keeps: ['listen', 'declare'] });
    Object.assign(me.fordi, {
      item: (id: string) => (id === 'blue' ? { id, title: id, topics: ['Jazz', 'modal'] } : undefined),
    });
    spelling(me);
    const root = await show(me, 'fordi-panel', { inline: '' });
    return { me, root, field: root.getElementById('topic') as HTMLInputElement };
  };
  const said = (root: ShadowRoot) => root.querySelector('[role=status]')?.textContent;

  test.each([
    [undefined, 'More jazz'],
    [-0.25, 'Less jazz'],
    [-1, 'No jazz'],
  ])('shows what a declared %s means', async (value, name) => {
    const { root } = await asked([jazz(value)]);
    const pressed = buttons(root).filter((b) => b.getAttribute('aria-pressed') === 'true');
    expect(pressed.map((b) => b.textContent)).toEqual([name]);
    expect(root.querySelector('details small')?.textContent).toBe(`Nov 3, 2026 · ${name} · until May 2, 2027`);
  });

  test.each([
    ['Less jazz', -0.5, 'Less jazz from now on.'],
    ['No jazz', -1, 'No jazz from now on.'],
  ])('%s: says what will happen, and taking it back says the old word again', async (name, value, text) => {
    const { me, root } = await asked([jazz(0.8)]);
    spelling(me, 'jazz');
    await press(button(root, name));
    expect(said(root)).toBe(`${text} ${HOLDS}`);
    await press(button(root, t.undo));
    expect(me.names('declare').map(([, interest]) => interest)).toMatchObject([
      { topic: 'jazz', value },
      { topic: 'jazz', value: 0.8 },
    ]);
    expect(root.activeElement).toBe(button(root, name));
  });

  test('what is said already is not said again; what is forgotten can be said again', async () => {
    const { me, root } = await asked([jazz()]);
    await press(button(root, 'More jazz'));
    expect(me.names('declare')).toEqual([]);
    await press(button(root, 'Forget jazz'));
    expect(me.names('forget')).toEqual([['forget', 'j']]);
    expect(said(root)).toBe('What you said about jazz is forgotten.');
    await press(button(root, t.undo));
    expect(me.names('declare')).toMatchObject([['declare', { topic: 'jazz', value: 1 }]]);
  });

  test('any other topic, spelt as the shop spells it; without one the field is asked for', async () => {
    const { me, root, field } = await asked([record('1')]);
    expect([...root.querySelectorAll('option')].map((o) => o.value)).toEqual(['Jazz', 'modal']);
    await press(button(root, 'No …'));
    expect(root.activeElement).toBe(field);
    field.value = ' jazz ';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await press(button(root, 'No jazz'));
    expect(me.names('declare')).toEqual([['declare', { topic: 'jazz', value: -1 }]]);
    expect(said(root)).toBe(`No Jazz from now on. ${HOLDS}`);
    await press(button(root, t.undo));
    expect(me.names('forget')).toEqual([['forget', 'new']]);
    expect(root.activeElement).toBe(field);
  });

  test('what was said before is found in the spelling that was kept, also where the panel has not read it yet', async () => {
    const { me, root, field } = await asked([]);
    me.kept = [{ ...jazz(0.5), topic: 'Jazz' }];
    field.value = 'JAZZ';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await press(button(root, 'Less JAZZ'));
    expect(said(root)).toBe(`Less Jazz from now on. ${HOLDS}`);
    await press(button(root, t.undo));
    expect(me.names('declare').at(-1)).toMatchObject(['declare', { topic: 'Jazz', value: 0.5 }]);
    expect(me.names('forget')).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['was not kept', async () => ({ kept: false, reason: 'storage' })],
    ['threw', () => Promise.reject(new Error('disk'))],
  ])('a word that cannot be given back, because that %s, is not said to be, and stays on offer', async (_, declare) => {
    const { me, root } = await asked([jazz()]);
    spelling(me, 'jazz');
    await press(button(root, 'No jazz'));
    Object.assign(me.fordi, { declare });
    await press(button(root, t.undo));
    expect(said(root)).toBe(t.failed);
    spelling(me, 'jazz');
    await press(button(root, t.undo));
    expect(said(root)).toBe(t.undone);
    expect(button(root, t.undo)).toBeUndefined();
  });

  test('what could not be forgotten is not said to be', async () => {
    const { me, root } = await asked([jazz()]);
    me.fordi.forget = async () => 0;
    await press(button(root, 'Forget jazz'));
    expect(said(root)).toBe(t.failed);
    expect(button(root, t.undo)).toBeUndefined();
    await press(button(root, `${t.delete} Told us about jazz`));
    expect(said(root)).toBe(t.failed);
  });

  test('is not asked about where the notice does not name it, or nothing is allowed', async () => {
    const me = fake({ choice: 'granted' });
    expect((await show(me, 'fordi-panel', { inline: '' })).textContent).not.toContain(t.interests);
    const { me: other, root } = await asked([]);
    expect(root.textContent).toContain(t.interests);
    other.change({ choice: 'withdrawn' });
    await vi.waitFor(() => expect(root.textContent).not.toContain(t.interests));
  });
});

describe('panel', () => {
  const lines = (root: ShadowRoot) => [...root.querySelectorAll('li')].filter((li) => button(li, t.delete));
  const rows = (root: ShadowRoot) => lines(root).map((li) => li.querySelector('p')?.textContent);

  test('reads nothing and shows nothing until it is opened', async () => {
    const me = fake({ choice: 'granted' });
    const root = await show(me, 'fordi-panel');
    expect(me.calls).toEqual([]);
    expect(root.querySelector('dialog')).toBeNull();
    (root.host as HTMLElement & { open(): void }).open();
    await settle();
    expect(root.querySelector('dialog')?.open).toBe(true);
    await press(button(root, t.close));
    expect(root.querySelector('dialog')).toBeNull();
    expect(root.host.hasAttribute('open')).toBe(false);
  });

  test('gets the clicked element from an opener, for not every browser focuses it', async () => {
    const root = await show(fake(), 'fordi-panel');
    const opener = document.body.appendChild(document.createElement('button'));
    opener.dataset.fordiOpen = 'panel';
    const icon = opener.appendChild(document.createElement('i'));
    const open = vi.fn();
    Object.assign(root.host, { open });
    const stop = connectOpeners({} as Fordi);
    await press(icon);
    expect(open.mock.calls).toEqual([[opener]]);
    await press(document.body);
    stop();
    await press(icon);
    expect(open).toHaveBeenCalledTimes(1);
  });

  test('focuses its opener first: that is where focus returns to', async () => {
    const root = await show(fake(), 'fordi-panel');
    const opener = document.body.appendChild(document.createElement('button'));
    (root.host as HTMLElement & { open(opener: Element): void }).open(opener);
    expect(document.activeElement).toBe(opener);
  });

  test('A3 · where it is part of the page, opening it moves the focus there, not only the view', async () => {
    const root = await show(fake(), 'fordi-panel', { inline: '' });
    const opener = document.body.appendChild(document.createElement('button'));
    opener.focus();
    (root.host as HTMLElement & { open(opener: Element): void }).open(opener);
    expect(root.activeElement?.id).toBe('h');
  });

  test('says whom to ask', async () => {
    const root = await show(fake(), 'fordi-panel', { inline: '' });
    expect(root.textContent).toContain('mette@grooves.example');
  });

  test.each<[Partial<State>, 'refuse' | 'ignore']>([
    [{ gpc: false, choice: 'refused' }, 'refuse'],
    [{ gpc: true, choice: 'granted' }, 'refuse'],
    [{ gpc: true, choice: 'unset' }, 'ignore'],
    [{ gpc: true, choice: 'refused' }, 'ignore'],
  ])('G4 · does not claim to honour Global Privacy Control where it does not: %o, rule %s', async (state, gpc) => {
    const me = fake(state);
    Object.assign(me.fordi.options, { gpc });
    expect((await show(me, 'fordi-panel', { inline: '' })).textContent).not.toContain(t.gpc);
  });

  test('shows what can be shown of what is damaged', async () => {
    const me = fake({ choice: 'granted' });
    me.kept = [null, record('1'), { id: '2', verb: 'gone', item: 'sku-2' }, undefined] as never;
    me.fordi.receipts = async () => [null, { state: 'granted' }] as never;
    me.items = [{ id: 'sku-2', topics: null, by: null, neighbours: null }] as never;
    const root = await show(me, 'fordi-panel', { inline: '' });
    expect(rows(root)).toEqual(['Listened to Kind of Blue', 'sku-2']);
    expect(root.textContent).toContain(t.granted);
    expect(button(root, t.withdraw)).toBeDefined();
  });

  test('R1 · lists every record exactly once, grouped by how the site came to know', async () => {
    const me = fake({ choice: 'granted' });
    me.kept = [
      record('1'),
      record('2', { verb: 'purchase', provenance: 'transactional', title: 'Blue Train' }),
      record('3', { verb: 'declare', provenance: 'declared', item: undefined, title: undefined, topic: 'jazz' } as never),
      record('4', { title: undefined, item: 'sku-1' } as never),
    ];
    const root = await show(me, 'fordi-panel', { inline: '' });
    expect(rows(root).sort()).toEqual(['Bought Blue Train', 'Listened to Kind of Blue', 'Listened to sku-1', 'Told us about jazz']);
    expect([...root.querySelectorAll('summary')].map((s) => s.textContent).filter((text) => text?.endsWith(')'))).toEqual([
      `${t.declared} (1)`,
      `${t.transactional} (1)`,
      `${t.engaged} (2)`,
      `${t.receipts} (1)`,
    ]);
    expect(root.textContent).toContain('Nov 3, 2026 – May 4, 2027');
  });

  test('shows what is kept beside a record: what the shop said of its item', async () => {
    const me = fake({ choice: 'granted' });
    me.kept = [record('1'), record('2', { item: 'train', title: 'Blue Train' }), record('3', { item: 'x', title: 'X' })];
    me.items = [
      { id: 'blue', title: 'Kind of Blue', by: 'Miles Davis', topics: { jazz: 1, modal: 0.5 }, neighbours: { a: 1, b: 0.5 } },
      { id: 'train', title: 'Blue Train', neighbours: [{ id: 'a', title: 'A', weight: 1 }] },
    ];
    const root = await show(me, 'fordi-panel', { inline: '' });
    expect(lines(root).map((li) => li.querySelector('small')?.textContent)).toEqual([
      'Nov 3, 2026 · What the site says of it: Kind of Blue, jazz, modal, Miles Davis, similar things: 2 · until May 2, 2027',
      'Nov 3, 2026 · What the site says of it: Blue Train, similar things: 1 · until May 2, 2027',
      'Nov 3, 2026 · until May 2, 2027',
    ]);
  });

  test('draws the first 200 lines of a group, and all of them on demand', async () => {
    const me = fake({ choice: 'granted' });
    me.kept = Array.from({ length: 250 }, (_, i) => record(`${i}`));
    const root = await show(me, 'fordi-panel', { inline: '' });
    expect(rows(root)).toHaveLength(200);
    await press(button(root, t.all));
    expect(rows(root)).toHaveLength(250);
  });

  test('R4 · deletes one record by its id, but not on the second press of a double click', async () => {
    const me = fake({ choice: 'granted' });
    me.kept = [record('1'), record('2')];
    const root = await show(me, 'fordi-panel', { inline: '' });
    await press(button(root, `${t.delete} Listened`));
    await press(button(root, `${t.delete} Listened`), { detail: 2 });
    expect(me.names('forget')).toEqual([['forget', '1']]);
  });

  test('R4, A13 · deletes all in two steps, at once', async () => {
    const me = fake({ choice: 'granted' });
    me.kept = [record('1'), record('2'), record('3', { item: 'train' }), record('4', { item: undefined, topic: 'blue' } as never)];
    const root = await show(me, 'fordi-panel', { inline: '' });
    await press(button(root, t.clear));
    expect(me.names('forget')).toEqual([]);
    await press(button(root, t.sure));
    expect(me.names('forget')).toEqual([['forget', { all: true }]]);
  });

  test.each([
    [true, t.erased],
    [false, t.erasing],
  ])('L13 · withdraws in one click and claims nothing that was not checked (verified %s)', async (verified, said) => {
    const me = fake({ choice: 'granted' });
    const root = await show(me, 'fordi-panel', { inline: '' });
    me.fordi.withdraw = async (how) => {
      me.calls.push(['withdraw', how]);
      return { cleared: true, verified, deleted: verified };
    };
    await press(button(root, t.withdraw));
    expect(me.names('withdraw')).toEqual([['withdraw', { via: 'panel' }]]);
    expect(root.querySelector('[role=status]')?.textContent).toBe(said);
  });

  test('says it when something fails, and throws nothing into the page', async () => {
    const me = fake({ choice: 'granted' });
    const root = await show(me, 'fordi-panel', { inline: '' });
    me.fordi.withdraw = () => Promise.reject(new Error('disk'));
    await press(button(root, t.withdraw));
    expect(root.querySelector('[role=status]')?.textContent).toBe(t.failed);
  });

  test('turns the dial', async () => {
    const me = fake({ choice: 'granted' });
    const root = await show(me, 'fordi-panel', { inline: '' });
    const [explained, quiet] = [...root.querySelectorAll('input[type=radio]')] as [HTMLInputElement, HTMLInputElement];
    expect([explained.checked, quiet.checked]).toEqual([true, false]);
    quiet.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
    expect(me.names('setVoice')).toEqual([['setVoice', 'quiet']]);
  });
});

describe('elements', () => {
  test('what has a place in the page holds it at once; the notice, which has none, is drawn a task later, its box another one later', async () => {
    const tasks: (() => void)[] = [];
    vi.stubGlobal('scheduler', { yield: () => new Promise<void>((done) => tasks.push(done)) });
    const me = fake({ asking: { purposes: ['personalization'], why: 'first' } });
    Object.assign(me.fordi, { shelves: () => new Promise(() => {}) });
    const places = await show(me, 'fordi-shelf', { rows: '3' });
    expect(places.querySelectorAll('section')).toHaveLength(3);
    const root = await show(me, 'fordi-notice');
    const next = async () => {
      tasks.shift()?.();
      await settle();
      return root.querySelector('section');
    };
    expect(root.textContent).toBe('');
    expect(await next()).toBeNull();
    expect(root.childElementCount).toBe(1);
    const box = await next();
    const rise = vi.fn();
    Object.assign(box as Element, { showPopover: rise });
    expect(box?.textContent).toContain('Grooves');
    expect(rise).not.toHaveBeenCalled();
    await next();
    expect(rise).toHaveBeenCalledOnce();
    off();
  });

  test('a notice that the browser will not raise breaks nothing', async () => {
    const uncaught = vi.fn();
    process.on('unhandledRejection', uncaught);
    const rise = vi.fn(() => {
      throw new DOMException('Not supported', 'NotSupportedError');
    });
    Object.assign(HTMLElement.prototype, { showPopover: rise });
    await show(fake({ asking: { purposes: ['personalization'], why: 'first' } }), 'fordi-notice');
    await new Promise((done) => setTimeout(done));
    Reflect.deleteProperty(HTMLElement.prototype, 'showPopover');
    process.off('unhandledRejection', uncaught);
    expect(rise).toHaveBeenCalledOnce();
    expect(uncaught).not.toHaveBeenCalled();
    off();
  });

  test('A11 · carry their own language and direction', async () => {
    const root = await show(fake(), 'fordi-notice');
    expect(root.firstElementChild?.getAttribute('lang')).toBe('en');
    expect(root.firstElementChild?.getAttribute('dir')).toBe('ltr');
  });

  test('let go: detaching unsubscribes and empties all, and the next instance finds the place free', async () => {
    const first = fake();
    const root = await show(first, 'fordi-notice');
    off();
    expect(first.listeners.size).toBe(0);
    expect(root.childNodes).toHaveLength(0);
    const second = fake();
    off = defineElements(second.fordi);
    await settle();
    expect(root.textContent).toContain('Grooves');
    expect(second.listeners.size).toBeGreaterThan(0);
  });

  test('the first instance serves; a second one on the same page does not take over', async () => {
    const [first, second] = [fake(), fake({ choice: 'granted' })];
    const root = await show(first, 'fordi-notice');
    defineElements(second.fordi)();
    expect(root.textContent).toContain('Grooves');
    expect(second.listeners.size).toBe(0);
  });

  test('taken off the page they unsubscribe', async () => {
    const me = fake();
    const root = await show(me, 'fordi-shelf');
    root.host.remove();
    expect(me.listeners.size).toBe(0);
    expect(root.childNodes).toHaveLength(0);
  });
});

test('another tool is called by the name its makers gave it; one that nobody knows by its own', async () => {
  const me = fake({ elsewhere: ['onetrust', 'cookieinformation', 'tcf', 'toString'] });
  const root = await show(me, 'fordi-panel', { inline: '' });
  expect(root.textContent).toContain(t.elsewhere.replace('{x}', 'OneTrust, Cookie Information, IAB TCF, toString'));
});

test('A8 · what goes on is said as soon as the panel is no longer in front of it: closed, or gone from the page', async () => {
  for (const go of [(panel: Element) => panel.removeAttribute('open'), (panel: Element) => panel.remove()]) {
    await show(fake(), 'fordi-panel', { open: '' });
    const panel = document.body.lastElementChild as Element;
    const notice = document.body.appendChild(document.createElement('fordi-reload'));
    await settle();
    const said = () => notice.shadowRoot?.querySelector('section')?.textContent ?? '';
    expect(said()).toBe('');
    go(panel);
    await vi.waitFor(() => expect(said()).toContain(t.running));
    notice.remove();
  }
});

test('A8 · and is heard each time: the line it is said in stands there, empty, before it is said', async () => {
  await show(fake(), 'fordi-panel', { open: '' });
  const panel = document.body.lastElementChild as Element;
  const notice = document.body.appendChild(document.createElement('fordi-reload'));
  await settle();
  const line = () => notice.shadowRoot?.querySelector('[role=status]')?.textContent;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const says = (text?: string) => vi.waitFor(() => expect(line()).toBe(text), { interval: 1 });
  for (let times = 0; times < 2; times++) {
    panel.removeAttribute('open');
    await says('');
    await vi.advanceTimersByTimeAsync(50);
    expect(line()).toBe('');
    await vi.advanceTimersByTimeAsync(50);
    await says(t.running);
    panel.setAttribute('open', '');
    await says();
  }
  vi.useRealTimers();
  notice.remove();
});
