import { openPanel } from '../open-panel.js';
import type { Fordi } from '../types.js';

/**
 * `<button data-fordi-open="panel">` opens the page's `<fordi-panel>`, and makes one where there is none. With `"withdraw"` the
 * same press also takes back every yes: no more clicks than the yes took.
 */
export function connectOpeners(_: Fordi, root: Document | Element = document): () => void {
  const clicked = (e: Event) => {
    const [target] = e.composedPath();
    const opener = target instanceof Element && target.closest<HTMLElement>('[data-fordi-open="panel"],[data-fordi-open="withdraw"]');
    if (!opener) return;
    e.preventDefault();
    openPanel(opener, opener.dataset.fordiOpen === 'withdraw');
  };
  root.addEventListener('click', clicked as EventListener);
  return () => root.removeEventListener('click', clicked as EventListener);
}
