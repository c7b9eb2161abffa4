import type { Fordi, Event as Happened, Verb } from '../types.js';

/** The element that says what a click on it means: `data-fordi-item="kind-of-blue" data-fordi-verb="save"`. */
function meaning(target: EventTarget | null): Happened | undefined {
  const element = target instanceof Element ? target.closest<HTMLElement>('[data-fordi-verb]') : null;
  if (!element || element instanceof HTMLMediaElement) return undefined;
  const { fordiItem: item, fordiTopic: topic, fordiVerb: verb, fordiValue: value } = element.dataset;
  return { verb: verb as Verb, ...(item && { item }), ...(topic && { topic }), ...(value && { value: Number(value) }) };
}

/** Records clicks on elements that carry `data-fordi-verb` with `data-fordi-item` or `data-fordi-topic`. */
export function connectClicks(fordi: Fordi, root: Document | Element = document): () => void {
  const clicked = (e: Event) => {
    const happened = meaning(e.composedPath()[0] ?? null);
    if (happened) void fordi.observe(happened);
  };
  root.addEventListener('click', clicked, true);
  return () => root.removeEventListener('click', clicked, true);
}
