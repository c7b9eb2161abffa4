// @vitest-environment happy-dom
// @vitest-environment-options {"settings": {"disableIframePageLoading": true, "handleDisabledFileLoadingAsSuccess": true}}
import type { Fordi, Terms, Told } from 'fordi';
import { connectEmbeds, connectPage, connectStored } from 'fordi/integrations';
import * as en from 'fordi/locales/en';
import { defineElements } from 'fordi/ui';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DAY, deaf, eventually, page, recordsOnDisk, settled } from './support/world.js';

// What waits for a yes in the page's markup, what stands in for a frame, and what is deleted after a no. What scripts do is
// tested in browsers: e2e/embeds.spec.ts.

const t = en.ui;
const say = (text: string, x: string) => text.replace('{x}', x);

const video: Terms = {
  title: 'Films',
  text: 'Films from elsewhere.',
  keeps: 'which film',
  days: 30,
  stores: [{ name: 'film_*', place: 'local' }],
  services: {
    tube: {
      title: 'FilmTube',
      text: 'Shows a film.',
      recipients: ['FilmTube Ltd', 'Ads Inc'],
      stores: [{ name: 'tube', place: 'session' }],
    },
    reel: { title: 'Reel' },
  },
};
const options = { purposes: { video } };

const stops: (() => void)[] = [];
const connect = (fordi: Fordi, how: (fordi: Fordi) => () => void = connectEmbeds) => {
  const stop = how(fordi);
  stops.push(stop);
  return stop;
};
beforeEach(() => sessionStorage.clear());
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

function make<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, string> = {}): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return document.body.appendChild(element);
}
const of = (service?: string) => ({ 'data-fordi-purpose': 'video', ...(service && { 'data-fordi-service': service }) });
const film = (service = 'tube') => make('iframe', { ...of(service), 'data-src': '/film.html', title: 'The concert' });
const source = (element: Element, name = 'src') => element.getAttribute(name);
const places = () => [...document.querySelectorAll('fordi-embed')];
const text = (host = places()[0]) => host?.shadowRoot?.querySelector('section')?.textContent ?? '';
const button = (name: string, host = places()[0]) =>
  [...(host?.shadowRoot?.querySelectorAll('button') ?? [])].find(({ textContent }) => textContent === name) as HTMLButtonElement;

/** As a person presses; a script cannot make a trusted event, so what is pressed is told that it is one. */
function press(target: HTMLElement, isTrusted = true): void {
  const click = new MouseEvent('click', { bubbles: true, composed: true });
  Object.defineProperty(click, 'isTrusted', { value: isTrusted });
  target.dispatchEvent(click);
}
const read = () => vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1000);

const ready = async (more = {}) => {
  const fordi = page({ ...options, ...more });
  await fordi.ready;
  return fordi;
};

describe('connectEmbeds', () => {
  test('L1 · frames, images, style sheets and styles wait for the yes to their purpose, and go with the no', async () => {
    const fordi = await ready();
    const frame = film();
    const image = make('img', { ...of(), 'data-src': '/a.svg', 'data-srcset': '/b.svg 2x' });
    const link = make('link', { ...of(), rel: 'stylesheet', 'data-href': '/a.css' });
    const style = make('style', { ...of(), type: 'text/plain' });
    connect(fordi);
    const state = () => [source(frame), source(image), source(image, 'srcset'), source(link, 'href'), style.type];
    expect(state()).toEqual([null, null, null, null, 'text/plain']);
    await fordi.grant(['video']);
    expect(state()).toEqual(['/film.html', '/a.svg', '/b.svg 2x', '/a.css', '']);
    await fordi.withdraw({ purposes: ['video'] });
    expect(state()).toEqual([null, null, null, null, 'text/plain']);
  });

  test('a yes to one service lets in that service only', async () => {
    const fordi = await ready();
    const [tube, reel] = [film('tube'), film('reel')];
    connect(fordi);
    await fordi.decide({ video: { services: { reel: true } } });
    expect([source(tube), source(reel)]).toEqual([null, '/film.html']);
  });

  test('what is added later waits, or is let in, like the rest', async () => {
    const fordi = await ready();
    await fordi.grant(['video']);
    connect(fordi);
    const box = document.createElement('div');
    box.append(film());
    document.body.append(box);
    await eventually(() => expect(source(box.querySelector('iframe') as Element)).toBe('/film.html'));
    await fordi.refuse({ purposes: ['video'] });
    const image = make('img', { ...of(), 'data-src': '/a.svg' });
    await settled();
    expect(source(image)).toBeNull();
  });

  test('a choice made in another tab counts, also in one that hears nothing until it looks again', async () => {
    const [here, there] = [deaf(options), deaf(options)];
    await Promise.all([here.ready, there.ready]);
    await here.grant(['video']);
    const frame = film();
    connect(here);
    expect(source(frame)).toBe('/film.html');
    await there.refuse({ purposes: ['video'] });
    expect(source(frame)).toBe('/film.html');
    dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await eventually(() => expect(source(frame)).toBeNull());
  });

  test('L14 · what was let in goes with the no, also where the page has since taken its data-src away', async () => {
    const fordi = await ready();
    const elements = [film(), make('img', { ...of(), 'data-src': '/a.svg' })];
    connect(fordi);
    await fordi.grant(['video']);
    for (const element of elements) element.removeAttribute('data-src'); // as what loads pictures late does
    await settled();
    await fordi.withdraw({ purposes: ['video'] });
    expect(elements.map((element) => source(element))).toEqual([null, null]);
  });

  test('L17 · a yes that ends under an open page, where nobody looks: frames go, what was stored goes, and so does what was recorded', async () => {
    const notice = { version: '1', keeps: ['listen'], days: 182 };
    const first = await ready({ notice });
    await first.grant(['video', 'personalization']);
    await first.observe({ verb: 'listen', item: 'blue' });
    first.stop();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.now() + 180 * DAY });
    const fordi = await ready({ notice });
    const frame = film();
    localStorage.setItem('film_1', 'x');
    for (const how of [connectEmbeds, connectStored]) connect(fordi, how);
    const state = async () => [source(frame), localStorage.getItem('film_1'), fordi.get().choice, (await recordsOnDisk()).length];
    expect(await state()).toEqual(['/film.html', 'x', 'granted', 1]);
    await vi.advanceTimersByTimeAsync(2 * DAY + 5_000);
    await eventually(async () => expect(await state()).toEqual([null, null, 'expired', 0]));
  });

  test('F07: what nobody declared stays blocked, and is said once', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const fordi = await ready();
    const frames = [
      make('iframe', { 'data-fordi-purpose': 'videos', 'data-src': '/a' }),
      make('iframe', { 'data-fordi-purpose': 'video', 'data-fordi-service': 'other', 'data-src': '/a' }),
    ];
    connect(fordi);
    await fordi.grant(['video', 'personalization']);
    await settled();
    expect(frames.map((frame) => source(frame))).toEqual([null, null]);
    expect(said.mock.calls.map(([problem]) => problem)).toEqual([
      expect.stringMatching(/purpose "videos" is asked for but not declared; it stays refused. Declared: personalization, video/),
      expect.stringMatching(/service "other" of "video"/),
    ]);
  });

  test.each([
    ['iframe', { src: 'about:blank' }, /src already. Expected data-src/],
    ['img', { srcset: '/x.svg 2x' }, /srcset already. Expected data-srcset/],
    ['link', { href: '/x.css' }, /href already. Expected data-href/],
    ['style', {}, /has run already. Expected type="text\/plain"/],
    ['div', {}, /Expected script, style, link, img or iframe/],
  ] as const)('<%s %j> did not wait: it is said once, and left alone', async (name, attributes, message) => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const fordi = await ready();
    const element = make(name, { ...of(), ...(attributes as Record<string, string>) });
    const before = element.outerHTML;
    connect(fordi);
    await fordi.refuse();
    expect(said.mock.calls).toEqual([['fordi:', element, expect.stringMatching(message)]]);
    expect(element.outerHTML).toBe(before);
  });

  test('X6 · a frame’s address is http(s), whatever the markup says', async () => {
    const fordi = await ready();
    const frame = make('iframe', { ...of(), 'data-src': 'javascript:alert(1)' });
    connect(fordi);
    await fordi.grant(['video']);
    expect(source(frame)).toBeNull();
  });

  test('A8 · a page that lets go and connects again, as components do, still knows what has run', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const fordi = await ready();
    await fordi.grant(['video']);
    const [polite] = ['', ''].map((text) => Object.assign(make('script', { ...of(), type: 'text/plain' }), { text }));
    polite?.addEventListener('fordi:stop', (event) => event.preventDefault());
    const again = async () => {
      const stop = connect(fordi);
      await settled();
      await fordi.decide({ video: false });
      await settled();
      const shown = document.querySelectorAll('fordi-reload').length;
      stop();
      return shown;
    };
    connect(fordi)();
    expect([await again(), await again()]).toEqual([1, 1]);
    polite?.nextElementSibling?.remove();
    expect([await again(), said.mock.calls]).toEqual([0, []]);
  });
});

describe('<fordi-embed>', () => {
  const show = async (fordi: Fordi, service = 'tube') => {
    stops.push(defineElements(fordi));
    const frame = film(service);
    connect(fordi);
    await settled();
    return frame;
  };

  test('A7, A11 · says what it would be and who learns what, in its own language, in the place of the frame', async () => {
    const frame = await show(await ready());
    expect(places()).toHaveLength(1);
    expect(frame.style.display).toBe('none');
    expect(text()).toContain(say(t.outside, 'FilmTube'));
    for (const part of ['The concert', 'Shows a film.', say(t.learns, 'FilmTube Ltd, Ads Inc')]) expect(text()).toContain(part);
    const root = places()[0]?.shadowRoot as ShadowRoot;
    expect(root.querySelector('[lang]')?.getAttribute('lang')).toBe('en');
    const section = root.querySelector('section') as HTMLElement;
    const label = section.getAttribute('aria-labelledby')?.split(' ');
    expect(label?.map((id) => root.getElementById(id)?.textContent)).toEqual([say(t.outside, 'FilmTube'), 'The concert']);
  });

  test('without recipients it is the service that learns it', async () => {
    await show(await ready(), 'reel');
    expect(text()).toContain(say(t.learns, 'Reel'));
  });

  test('L9, L12 · where each choice is sent to the owner it says so, as every question does, and the proof is of that text', async () => {
    const fordi = await ready({ onReceipt: () => {} });
    await show(fordi);
    const sent = say(t.sent, 'Grooves');
    expect(text()).toContain(sent);
    const decide = vi.spyOn(fordi, 'decide');
    read();
    press(button(say(t.always, 'FilmTube')));
    expect(decide.mock.calls[0]?.[1]?.text).toContain(sent);
  });

  test.each([{}, { child: true, onReceipt: () => {} }])('nor where nothing is sent, or nothing can be chosen', async (options) => {
    await show(await ready(options));
    expect(text()).toContain('The concert');
    expect(text()).not.toContain(say(t.sent, 'Grooves'));
  });

  test('shown once: this one, and nothing is kept; the next no takes it away', async () => {
    const fordi = await ready();
    const frame = await show(fordi);
    const other = film();
    await eventually(() => expect(places()).toHaveLength(2));
    read();
    press(button(t.once));
    expect([source(frame), source(other)]).toEqual(['/film.html', null]);
    expect(frame.style.display).toBe('');
    expect(places()).toHaveLength(1);
    expect([localStorage.length, fordi.choice('video', 'tube')]).toEqual([0, 'unset']);
    await fordi.refuse({ purposes: ['video'] });
    expect(source(frame)).toBeNull();
    expect(places()).toHaveLength(2);
  });

  test('L14 · shown once after a no, then allowed and refused again: the no takes it away', async () => {
    const fordi = await ready();
    await fordi.decide({ video: { services: { tube: false } } });
    const frame = await show(fordi);
    read();
    press(button(t.once));
    expect(source(frame)).toBe('/film.html');
    await fordi.decide({ video: { services: { tube: true } } });
    await fordi.decide({ video: { services: { tube: false } } });
    expect([fordi.choice('video', 'tube'), source(frame)]).toEqual(['refused', null]);
    expect(places()).toHaveLength(1);
  });

  test('L14 · shown once, and then every yes is taken back: it goes too, though nothing was chosen about it', async () => {
    const fordi = await ready();
    await fordi.grant(['personalization']);
    const frame = await show(fordi);
    read();
    press(button(t.once));
    await fordi.observe({ verb: 'listen', item: 'blue' });
    expect(source(frame)).toBe('/film.html');
    await fordi.withdraw();
    expect([fordi.choice('video', 'tube'), source(frame)]).toEqual(['unset', null]);
    read();
    press(button(t.once));
    expect(source(frame)).toBe('/film.html'); // pressed again, it is shown again
  });

  describe('L14 · shown once after a no, and another no is said', () => {
    const acts: [name: string, act: (fordi: Fordi) => unknown, gone: boolean][] = [
      ['to all', (fordi) => fordi.refuse(), true],
      ['all is taken back', (fordi) => fordi.withdraw(), true],
      ['its purpose is taken back', (fordi) => fordi.withdraw({ purposes: ['video'] }), true],
      ['to its purpose', (fordi) => fordi.refuse({ purposes: ['video'] }), true],
      ['to its purpose, beside a yes to another', (fordi) => fordi.decide({ personalization: true, video: false }), true],
      ['to its service', (fordi) => fordi.decide({ video: { services: { tube: false } } }), true],
      ['to another service', (fordi) => fordi.decide({ video: { services: { reel: false } } }), false],
      ['to something else', (fordi) => fordi.refuse({ purposes: ['personalization'] }), false],
      ['something else is taken back', (fordi) => fordi.withdraw({ purposes: ['personalization'] }), false],
    ];
    test.each(acts)('%s', async (_, act, gone) => {
      const fordi = await ready();
      await fordi.refuse();
      const frame = await show(fordi);
      read();
      press(button(t.once));
      expect(source(frame)).toBe('/film.html');
      await act(fordi);
      expect([fordi.choice('video', 'tube'), source(frame)]).toEqual(['refused', gone ? null : '/film.html']);
      await fordi.refuse();
      expect(source(frame)).toBeNull();
    });
  });

  test('L9, L12 · a yes from now on: what is kept, how long, and the way back are said with it, and are in its proof', async () => {
    const fordi = await ready();
    await show(fordi);
    const decide = vi.spyOn(fordi, 'decide');
    const shown = text();
    read();
    press(button(say(t.always, 'FilmTube')));
    for (const part of ['which film', '30', t.back, say(t.asker, 'Grooves')]) {
      expect(shown).toContain(part);
      expect(decide.mock.calls[0]?.[1]?.text).toContain(part);
    }
  });

  test('always: a yes to the service, with the text that was shown; all of its frames come', async () => {
    const fordi = await ready();
    const decide = vi.spyOn(fordi, 'decide');
    const frames = [await show(fordi), film(), film('reel')];
    await settled();
    read();
    press(button(say(t.always, 'FilmTube')));
    await eventually(() => expect(frames.map((frame) => source(frame))).toEqual(['/film.html', '/film.html', null]));
    expect([fordi.choice('video', 'tube'), fordi.choice('video', 'reel'), fordi.choice('video')]).toEqual(['granted', 'unset', 'unset']);
    const [choices, how] = decide.mock.calls[0] ?? [];
    expect([choices, how?.via]).toEqual([{ video: { services: { tube: true } } }, 'ask']);
    expect(how?.text).toContain('FilmTube Ltd, Ads Inc');
  });

  test('D21: a script’s click, and one that comes too soon, is not a yes', async () => {
    const fordi = await ready();
    const frame = await show(fordi);
    for (const name of [t.once, say(t.always, 'FilmTube')]) press(button(name)); // just drawn
    read();
    for (const name of [t.once, say(t.always, 'FilmTube')]) press(button(name), false);
    await settled();
    expect([source(frame), fordi.choice('video', 'tube')]).toEqual([null, 'unset']);
  });

  test('made for children: no question, no button', async () => {
    await show(await ready({ child: true }));
    expect(text()).toContain('FilmTube');
    expect(places()[0]?.shadowRoot?.querySelector('button')).toBeNull();
  });

  test('where another tool asks, always opens that one', async () => {
    const fordi = await ready();
    const open = vi.fn();
    fordi.heed('Other', { video: 'pending' }, open);
    const frame = await show(fordi);
    read();
    press(button(say(t.always, 'FilmTube')));
    expect(open).toHaveBeenCalledOnce();
    fordi.heed('Other', { video: 'granted' }, open);
    await eventually(() => expect(source(frame)).toBe('/film.html'));
  });

  test.each([
    ['hidden', { style: 'display: none' }],
    ['a pixel', { width: '1', height: '1', style: 'width: 1px; height: 1px' }],
  ])('nothing stands in for a frame nobody was to see: %s', async (_, attributes) => {
    const fordi = await ready();
    make('iframe', { ...of('tube'), 'data-src': '/x', ...attributes });
    connect(fordi);
    expect(places()).toEqual([]);
  });

  test('X1 · what the page says anew of an element counts: another film, another service, another purpose', async () => {
    const fordi = await ready();
    const frame = film('tube');
    connect(fordi, defineElements);
    connect(fordi);
    frame.dataset.fordiService = 'reel';
    await eventually(() => expect(text()).toContain('Reel'));
    expect(places()).toHaveLength(1);
    await fordi.decide({ video: { services: { reel: true } } });
    await eventually(() => expect(source(frame)).toBe('/film.html'));
    const set = vi.spyOn(frame, 'setAttribute');
    frame.dataset.src = '/other.html';
    await eventually(() => expect(source(frame)).toBe('/other.html'));
    expect(set.mock.calls.filter(([name]) => name === 'src')).toHaveLength(1);
    frame.dataset.fordiService = 'tube';
    await eventually(() => expect(source(frame)).toBeNull());
    expect(places()).toHaveLength(1);
    read();
    await eventually(() => expect(button(t.once)).toBeDefined());
    press(button(t.once));
    await eventually(() => expect(source(frame)).toBe('/other.html'));
    frame.dataset.fordiPurpose = 'nobody’s';
    await eventually(() => expect(source(frame)).toBeNull());
  });

  test('X1 · a script of which the browser tells nothing holds up the others for half a minute, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const fordi = await ready();
    const [silent, after] = ['silent', 'after'].map((id) => make('script', { ...of(), id, type: 'text/plain', src: `/${id}.js` }));
    vi.spyOn(silent as HTMLElement, 'dispatchEvent').mockReturnValue(true); // as with data that has an address
    connect(fordi);
    void fordi.grant(['video']);
    await vi.advanceTimersByTimeAsync(29_000);
    expect([silent?.getAttribute('type'), after?.getAttribute('type')]).toEqual(['', 'text/plain']);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(after?.getAttribute('type')).toBe('');
    vi.useRealTimers();
  });

  test('the place goes with its frame, and with the detach; the frame is as it was', async () => {
    const fordi = await ready();
    const [gone, frame] = [film(), film()];
    const stop = connect(fordi);
    expect(places()).toHaveLength(2);
    gone.remove();
    make('p');
    await eventually(() => expect(places()).toHaveLength(1));
    stop();
    expect(places()).toEqual([]);
    expect(frame.style.display).toBe('');
    await fordi.grant(['video']);
    expect(source(frame)).toBeNull();
  });
});

describe('connectStored', () => {
  const fill = () => {
    localStorage.setItem('film_1', '1');
    localStorage.setItem('basket', '1');
    sessionStorage.setItem('tube', '1');
  };
  const kept = () => ['film_1', 'basket'].filter((name) => localStorage.getItem(name)).concat(sessionStorage.getItem('tube') ? 'tube' : []);

  test('L14 · fault C05: refused or withdrawn, what was declared goes, a service’s own too; what was not stays', async () => {
    const fordi = await ready();
    connect(fordi, connectStored);
    fill();
    await settled();
    expect(kept()).toEqual(['film_1', 'basket', 'tube']); // nobody has chosen
    await fordi.grant(['video']);
    await settled();
    expect(kept()).toEqual(['film_1', 'basket', 'tube']);
    await fordi.decide({ video: { services: { tube: false } } });
    await eventually(() => expect(kept()).toEqual(['film_1', 'basket']));
    await fordi.withdraw({ purposes: ['video'] });
    await eventually(() => expect(kept()).toEqual(['basket']));
  });

  test('C05: what a script that still runs writes again goes again, and then it is said, by name', async () => {
    const said = vi.spyOn(console, 'warn').mockReturnValue();
    const fordi = await ready();
    connect(fordi, connectStored);
    fill();
    await fordi.refuse();
    await eventually(() => expect(kept()).toEqual(['basket']));
    fill();
    await eventually(() => expect(kept()).toEqual(['basket']));
    expect(said).not.toHaveBeenCalled();
    const { removeItem } = localStorage;
    localStorage.removeItem = () => {};
    await fordi.grant(['video']);
    fill();
    await fordi.withdraw({ purposes: ['video'] });
    await eventually(() => expect(said).toHaveBeenCalledOnce());
    localStorage.removeItem = removeItem;
    expect(said.mock.calls[0]?.[0]).toMatch(/still stored without permission: local film_1 \(video\)\. A script/);
  });

  test('L14 · withdrawn in another tab, this one empties its own session storage', async () => {
    const [here, there] = [page(options), page(options)];
    await Promise.all([here.ready, there.ready]);
    await here.grant(['video']);
    connect(here, connectStored);
    fill();
    await there.refuse({ purposes: ['video'] });
    await eventually(() => expect(kept()).toEqual(['basket']));
  });

  test('T6 · another tool’s silence is a no that erases nothing; its own no does, and so does the visitor’s', async () => {
    const fordi = await ready();
    connect(fordi, connectStored);
    await fordi.grant(['video']);
    fill();
    const says = (told: Told) => fordi.heed('slow', { personalization: told, video: told });
    says('pending');
    says('silent');
    expect([fordi.choice('video'), fordi.get().silent]).toEqual(['refused', ['personalization', 'video']]);
    await new Promise((done) => setTimeout(done, 1100)); // by then it is looked for once more
    expect(kept()).toEqual(['film_1', 'basket', 'tube']);
    says('denied');
    expect([fordi.choice('video'), fordi.get().silent]).toEqual(['refused', []]);
    await eventually(() => expect(kept()).toEqual(['basket']));
    says('silent');
    fill();
    await fordi.refuse({ purposes: ['video'] });
    expect(fordi.get().silent).toEqual(['personalization']);
    await eventually(() => expect(kept()).toEqual(['basket']));
  });

  test('L17 · at the start, where the yes has run out', async () => {
    const first = await ready();
    await first.grant(['video']);
    first.stop();
    fill();
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 183 * DAY);
    const fordi = await ready();
    expect(fordi.choice('video')).toBe('expired');
    connect(fordi, connectStored);
    await eventually(() => expect(kept()).toEqual(['basket']));
  });

  test('L1 · before a choice, and on a page for children, nothing is even looked at', async () => {
    const cookie = vi.spyOn(document, 'cookie', 'get');
    const keys = vi.spyOn(localStorage, 'key');
    for (const more of [{}, { child: true }]) {
      connect(await ready(more), connectPage);
      await new Promise((done) => setTimeout(done, 1100));
    }
    expect(cookie).not.toHaveBeenCalled();
    expect(keys).not.toHaveBeenCalled();
  });
});
