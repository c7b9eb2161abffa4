import { openDialog } from '../open-panel.js';
import { createSight } from '../seen.js';
import type { Chosen, Fordi, Variant } from '../types.js';

/** One block of content, as it stands in the page. */
interface Block extends Variant {
  readonly source: HTMLElement;
}

/** Names may hold spaces. */
const list = (text: string) => text.split(',').flatMap((one) => one.trim() || []);

/** What the visitor would call a block: its heading. */
const titleOf = (source: HTMLElement) =>
  (source instanceof HTMLTemplateElement ? source.content : source).querySelector('h1,h2,h3')?.textContent?.trim();

/** What one block says of itself; what cannot be meant is said once, and the block is not shown. */
function read(source: HTMLElement): Block[] {
  const { fordiVariant: id, topics, for: audience, context } = source.dataset;
  const wrong = !id
    ? 'data-fordi-variant is empty. Expected a name, its own within the slot'
    : audience && !/^(new|returning)$/.test(audience)
      ? `data-for is "${audience}". Expected new or returning, or no data-for for both`
      : '';
  if (wrong) console.error('fordi:', source, `${wrong}. The block is left out.`);
  if (wrong || !id) return [];
  const title = titleOf(source);
  return [
    {
      id,
      source,
      ...(title && { title }),
      ...(topics && { topics: list(topics) }),
      ...(audience && { audience: audience as 'new' | 'returning' }),
      ...(context && { context: list(context) }),
    },
  ];
}

const isTemplate = (element: Element) => element instanceof HTMLTemplateElement;

/** The blocks of one slot: its templates, and the first that is none. */
function blocksIn(host: HTMLElement): Block[] {
  const marked = [...host.children].filter((child): child is HTMLElement => child.hasAttribute('data-fordi-variant'));
  const standing = marked.find((child) => !isTemplate(child));
  return marked.filter((child) => child === standing || isTemplate(child)).flatMap(read);
}

/** What is to be shown of a block: a template's content, copied; an element is shown itself. */
function nodesOf({ source }: Block): Node[] {
  if (!(source instanceof HTMLTemplateElement)) return [source];
  return [...document.importNode(source.content, true).childNodes];
}

/** The elements of a block that carry this attribute. */
const placesIn = (nodes: readonly Node[], name: string): Element[] =>
  nodes
    .filter((node) => node instanceof Element)
    .flatMap((e) => [e, ...e.querySelectorAll(`[${name}]`)])
    .filter((e) => e.hasAttribute(name));

/** Writes the reason where the block has a place for it; without a reason the place stays hidden. */
function tell(nodes: readonly Node[], text: string | undefined): void {
  for (const place of placesIn(nodes, 'data-fordi-because')) {
    place.textContent = text ?? '';
    place.toggleAttribute('hidden', !text);
  }
}

/** What asks "Why this?" is there where `fordi/ui`, which answers, is. */
function offer(nodes: readonly Node[]): void {
  const places = placesIn(nodes, 'data-fordi-why');
  if (places[0])
    customElements.whenDefined('fordi-why').then(() => {
      for (const place of places) place.removeAttribute('hidden');
    });
}

/** One place on the page: asks whenever an answer may differ, and touches the page only where it does. */
function connectSlot(fordi: Fordi, sight: ReturnType<typeof createSight>, host: HTMLElement): () => void {
  const blocks = blocksIn(host);
  const standing = blocks.find(({ source }) => !isTemplate(source));
  /** Where what is chosen goes. */
  const mark = document.createComment('');
  const { fordiSlot: slot = '', fordiContext: context } = host.dataset;
  let turn = 0;
  let shown = standing;
  let nodes: Node[] = standing ? [standing.source] : [];
  let said: string | undefined;
  const show = (block: Block | undefined, text: string | undefined) => {
    if (block !== shown) {
      for (const node of nodes) (node as ChildNode).remove();
      nodes = block ? nodesOf(block) : [];
      mark.after(...nodes);
      offer(nodes);
    } else if (said === text) return;
    if (text || said || block !== shown) tell(nodes, text);
    [shown, said] = [block, text];
  };
  const question = context ? { context } : {};
  const ask = async () => {
    const mine = ++turn;
    const chosen: Chosen<Block> = await fordi.choose(slot, blocks, question);
    if (mine !== turn) return;
    const { because, ...untold } = chosen;
    show(chosen.variant ?? standing, because?.text); // a page is not emptied
    sight.watch(host, placesIn(nodes, 'data-fordi-because')[0] ? chosen : untold);
  };
  const clicked = ({ target }: Event) => {
    const opener = target instanceof Element && target.closest('[data-fordi-why]');
    if (opener && shown && opener.closest('[data-fordi-slot]') === host)
      openDialog('fordi-why', opener, shown.id, { ...question, slot, variants: blocks });
  };
  host.addEventListener('click', clicked);
  offer(nodes);
  host.insertBefore(mark, standing?.source ?? blocks.at(-1)?.source.nextSibling ?? null);
  const off = fordi.subscribe(ask);
  ask();
  return () => {
    off();
    host.removeEventListener('click', clicked);
    turn = -1;
    show(standing, undefined);
    mark.remove();
  };
}

/**
 * One of several blocks of content, as fordi chooses it: `<template data-fordi-variant="jazz" data-topics="jazz, hard bop">`
 * in `<div data-fordi-slot="hero">`. A block that is no template stands there from the first paint on, for whoever comes
 * without a script or a history, and makes way. `<button type="button" data-fordi-why hidden>` in a block answers why it is
 * there, where `fordi/ui` is. Slots and blocks that come later are not seen.
 */
export function connectVariants(fordi: Fordi, root: Document | Element = document): () => void {
  const sight = createSight(fordi);
  const stops = [...root.querySelectorAll<HTMLElement>('[data-fordi-slot]')].map((host) => connectSlot(fordi, sight, host));
  return () => {
    sight.stop();
    for (const stop of stops) stop();
  };
}
