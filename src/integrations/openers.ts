import { openPanel } from '../open-panel.js';
import type { Fordi } from '../types.js';

/**
 * `<button data-fordi-open="panel">` opens the page's `<fordi-panel>`, and makes one where there is none.
 * `<button data-fordi-ask="city" data-fordi-reason="…">` asks about a purpose where it is needed; pressed, also after a no.
 */
export function connectOpeners(fordi: Fordi, root: Document | Element = document): () => void {
  const clicked = (e: Event) => {
    const [target] = e.composedPath();
    const opener = target instanceof Element && target.closest<HTMLElement>('[data-fordi-open="panel"],[data-fordi-ask]');
    if (!opener) return;
    e.preventDefault();
    const { fordiAsk, fordiReason: reason = '' } = opener.dataset;
    if (fordiAsk === undefined) openPanel(opener);
    else fordi.ask(fordiAsk, { reason, again: true });
  };
  root.addEventListener('click', clicked as EventListener);
  return () => root.removeEventListener('click', clicked as EventListener);
}
