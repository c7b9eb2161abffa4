import { openPanel } from '../open-panel.js';
import type { Fordi } from '../types.js';

const OPENERS = '[data-fordi-open="panel"],[data-fordi-open="withdraw"],[data-fordi-ask]';

/**
 * `<button data-fordi-open="panel">` opens the page's `<fordi-panel>`, and makes one where there is none. With `"withdraw"` the
 * same press also takes back every yes: no more clicks than the yes took.
 * `<button data-fordi-ask="city" data-fordi-reason="…">` asks about a purpose where it is needed; pressed, also after a no.
 */
export function connectOpeners(fordi: Fordi, root: Document | Element = document): () => void {
  const clicked = (e: Event) => {
    const [target] = e.composedPath();
    const opener = target instanceof Element && target.closest<HTMLElement>(OPENERS);
    if (!opener) return;
    e.preventDefault();
    const { fordiOpen, fordiAsk, fordiReason: reason = '' } = opener.dataset;
    if (fordiAsk === undefined) openPanel(opener, fordiOpen === 'withdraw');
    else fordi.ask(fordiAsk, { reason, again: true });
  };
  root.addEventListener('click', clicked as EventListener);
  return () => root.removeEventListener('click', clicked as EventListener);
}
