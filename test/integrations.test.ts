// @vitest-environment happy-dom
import type { Fordi, Item, Variant, Verb } from 'fordi';
import { connectItems, connectPage, connectVariants } from 'fordi/integrations';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { eventually, granted, page, settled } from './support/world.js';

// What a page says in its markup: blocks of content, and the items it brings along.

const stops: (() => void)[] = [];
const connect = (fordi: Fordi, how: (fordi: Fordi) => () => void = connectVariants) => {
  const stop = how(fordi);
  stops.push(stop);
  return stop;
};
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

/** Attributes and children, as a page would have written them. */
function make(name: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  (element instanceof HTMLTemplateElement ? element.content : element).append(...children);
  return element;
}
const reason = () => make('p', { 'data-fordi-because': '', hidden: '' });
const block = (id: string, attributes: Record<string, string> = {}) =>
  make('template', { 'data-fordi-variant': id, ...attributes }, make('h2', {}, `The ${id} block`), reason());
const slot = (...children: Node[]) => document.body.appendChild(make('div', { 'data-fordi-slot': 'hero' }, ...children)) as HTMLElement;
const title = (host: HTMLElement) => [...host.children].filter((e) => e.localName === 'h2').map((e) => e.textContent);
const because = (host: HTMLElement) => host.querySelector<HTMLElement>('p[data-fordi-because]:not([hidden])')?.textContent;
const hero = () => slot(block('plain'), block('jazz', { 'data-topics': 'modal, jazz,' }), block('folk', { 'data-topics': 'folk' }));

describe('a block that is really on the screen', () => {
  const told = async (keeps: Verb[], ...blocks: Node[]) => {
    vi.stubGlobal('IntersectionObserver', undefined); // what stands there for a second is seen
    const fordi = await granted({ notice: { version: '1', keeps } });
    slot(...blocks);
    connect(fordi);
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    return (await fordi.evidence()).map(({ verb, item }) => [verb, item]);
  };
  const listened = ['listen', 'kind-of-blue'];
  const jazz = { 'data-topics': 'jazz' };

  test('has told its reason', async () => {
    expect(await told(['listen', 'told'], block('plain'), block('jazz', jazz))).toEqual([['told', 'kind-of-blue'], listened]);
  });

  test('not where the notice does not name it', async () => {
    expect(await told(['listen'], block('plain'), block('jazz', jazz))).toEqual([listened]);
  });

  test('nor where the block has no place for it', async () => {
    const silent = make('template', { 'data-fordi-variant': 'jazz', ...jazz }, make('h2', {}, 'Jazz'));
    expect(await told(['listen', 'told'], block('plain'), silent)).toEqual([listened]);
  });

  test('is kept as shown, reason or no reason; and another in its place is seen anew', async () => {
    const silent = make('template', { 'data-fordi-variant': 'jazz', ...jazz }, make('h2', {}, 'Jazz'));
    const fordi = await granted({ notice: { version: '1', keeps: ['listen', 'shown'] } });
    vi.stubGlobal('IntersectionObserver', undefined);
    slot(block('plain'), silent);
    connect(fordi);
    const kept = async () => (await fordi.evidence()).map(({ verb, item }) => [verb, item]);
    await eventually(async () => expect(await kept()).toEqual([['shown', 'variant:plain']]));
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await eventually(async () => expect(await kept()).toEqual([['shown', 'variant:jazz'], listened, ['shown', 'variant:plain']]));
    expect((await fordi.evidence()).map((e) => e.title)).toEqual(['Jazz', 'Kind of Blue', 'The plain block']);
  });
});

describe('connectVariants', () => {
  test('a stranger is shown the first; what was listened to decides and is told; withdrawn, the first again', async () => {
    const fordi = await granted();
    const host = hero();
    connect(fordi);
    await eventually(() => expect(title(host)).toEqual(['The plain block']));
    expect(because(host)).toBeUndefined();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await eventually(() => expect(title(host)).toEqual(['The jazz block']));
    expect(because(host)).toBe('Because you listened to Kind of Blue');
    await fordi.withdraw();
    await eventually(() => expect(title(host)).toEqual(['The plain block']));
    expect(host.textContent).not.toContain('Kind of Blue');
  });

  test('the same block is not drawn again; only its reason changes', async () => {
    const fordi = await granted();
    const host = hero();
    connect(fordi);
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await eventually(() => expect(because(host)).toContain('Kind of Blue'));
    const drawn = host.querySelector('h2');
    await fordi.setVoice('quiet');
    await eventually(() => expect(because(host)).toBeUndefined());
    expect(host.querySelector('h2')).toBe(drawn);
    const changes = new MutationObserver(() => {});
    changes.observe(host, { childList: true, subtree: true, attributes: true, characterData: true });
    await fordi.observe({ verb: 'view', item: 'hit' });
    await settled();
    expect(changes.takeRecords()).toEqual([]);
    changes.disconnect();
  });

  test('a block that is no template stands from the first paint on, and makes way', async () => {
    const fordi = await granted();
    const standing = make('section', { 'data-fordi-variant': 'plain' }, 'For everybody');
    const host = slot(make('p', {}, 'Before'), standing, block('jazz', { 'data-topics': 'jazz' }), make('p', {}, 'After'));
    const visible = () => [...host.children].filter((e) => e.localName !== 'template').map((e) => e.textContent);
    const before = host.innerHTML;
    const stop = connect(fordi);
    await settled();
    expect(visible()).toEqual(['Before', 'For everybody', 'After']);
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await eventually(() => expect(visible()).toEqual(['Before', 'The jazz block', 'Because you listened to Kind of Blue', 'After']));
    expect(standing.isConnected).toBe(false);
    stop();
    expect(host.innerHTML).toBe(before);
    await fordi.observe({ verb: 'listen', item: 'blue-train' });
    await settled();
    expect(host.innerHTML).toBe(before);
  });

  test('“Why this?” is there where an answer is, asks about the block that stands there, and goes with the connection', async () => {
    const asked: unknown[][] = [];
    const fordi = await granted();
    const button = make('button', { 'data-fordi-why': '', hidden: '' }, make('b', {}, 'Why'));
    const jazz = make('template', { 'data-fordi-variant': 'jazz', 'data-topics': 'jazz' }, make('h2', {}, 'Jazz'), button);
    const host = slot(block('plain'), jazz);
    host.dataset.fordiContext = 'blue';
    const stop = connect(fordi);
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await eventually(() => expect(title(host)).toEqual(['Jazz']));
    const why = host.querySelector(':scope > button') as HTMLElement;
    expect(why.hidden).toBe(true);
    customElements.define(
      'fordi-why',
      class extends HTMLElement {
        open = (...about: unknown[]) => asked.push(about);
      },
    );
    await eventually(() => expect(why.hidden).toBe(false));
    why.querySelector('b')?.click();
    why.click();
    expect(asked).toHaveLength(2);
    const [opener, id, question] = asked[0] as [Element, string, { variants: Variant[] }];
    expect([opener, id, { ...question, variants: question.variants.map((one) => one.id) }]).toEqual([
      why,
      'jazz',
      { slot: 'hero', context: 'blue', variants: ['plain', 'jazz'] },
    ]);
    stop();
    document.body.append(why);
    why.click();
    expect(asked).toHaveLength(2);
  });

  test('hands on what the markup says', async () => {
    const asked: unknown[] = [];
    const choose = async (name: string, variants: readonly Variant[], request: unknown) =>
      asked.push(name, ...variants.map((one) => ({ ...one, source: undefined })), request);
    const host = slot(block('jazz', { 'data-topics': 'jazz, hard bop', 'data-for': 'returning', 'data-context': 'jazz,blue-train' }));
    host.dataset.fordiContext = 'kind-of-blue';
    connect({ choose, subscribe: () => () => {}, options: { notice: { keeps: [] } } } as unknown as Fordi);
    expect(asked).toEqual([
      'hero',
      { id: 'jazz', title: 'The jazz block', topics: ['jazz', 'hard bop'], audience: 'returning', context: ['jazz', 'blue-train'] },
      { context: 'kind-of-blue' },
    ]);
  });

  test('names what cannot be meant, leaves it out, and the rest goes on', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const host = slot(block('', {}), block('a', { 'data-for': 'everyone' }), block('b'));
    connect(page());
    await eventually(() => expect(title(host)).toEqual(['The b block']));
    expect(said.mock.calls.map(([, , text]) => text)).toEqual([
      expect.stringMatching(/data-fordi-variant is empty. Expected a name/),
      expect.stringMatching(/data-for is "everyone". Expected new or returning/),
    ]);
  });

  test('nothing that may be shown: nothing is shown', async () => {
    const host = slot(block('back', { 'data-for': 'returning' }));
    connect(page());
    await settled();
    expect(title(host)).toEqual([]);
  });
});

const CARDS: readonly Item[] = [
  {
    id: 'a',
    title: 'Record A',
    neighbours: [
      { id: 'x', title: 'Record X', url: '/x', weight: 0.9 },
      { id: 'y', title: 'Record Y', url: '/y', weight: 0.5 },
    ],
  },
];
const json = (text: string) =>
  document.body.appendChild(make('script', { type: 'application/json', 'data-fordi-items': '' }, text)) as HTMLElement;

describe('connectItems', () => {
  const bare = () => granted({ catalog: [] });

  test.each([
    ['one item', JSON.stringify(CARDS[0])],
    ['a list', JSON.stringify(CARDS)],
  ])('%s: its neighbours are recommended without a catalog', async (_, text) => {
    const fordi = await bare();
    json(text);
    connect(fordi, connectPage);
    await eventually(() => expect(fordi.item('x')?.title).toBe('Record X'));
    await fordi.observe({ verb: 'listen', item: 'a' });
    const picks = await fordi.recommend();
    expect(picks.map(({ item, because }) => [item.id, because?.text])).toEqual([
      ['x', 'Because you listened to Record A'],
      ['y', 'Because you listened to Record A'],
    ]);
  });

  test('names the block that holds no JSON, and reads the others', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const fordi = await bare();
    const bad = json('{"id": "a", }');
    json(JSON.stringify({ id: 'b', title: 'Record B' }));
    connect(fordi, connectItems);
    await eventually(() => expect(fordi.item('b')).toBeDefined());
    expect(said.mock.calls).toEqual([['fordi:', bad, expect.stringMatching(/^holds no JSON .*Expected one item, or a list/)]]);
  });

  test('says how many items were not sound', async () => {
    const said = vi.spyOn(console, 'error').mockReturnValue();
    json(JSON.stringify([{ id: 'b' }, null, { id: 'c', title: 'Record C' }]));
    connect(await bare(), connectItems);
    await eventually(() => expect(said).toHaveBeenCalledOnce());
    expect(said.mock.calls[0]?.[0]).toMatch(/of 3 items .* 2 are not sound/);
  });
});
