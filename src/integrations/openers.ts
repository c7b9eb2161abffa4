import { openPanel } from '../open-panel.js';
import type { Fordi } from '../types.js';

/** `<button data-fordi-open="panel">` opens the page's `<fordi-panel>`, and makes one where there is none. */
export function connectOpeners(_: Fordi, root: Document | Element = document): () => void {
  const clicked = (e: Event) => {
    const [target] = e.composedPath();
    const opener = target instanceof Element && target.closest('[data-fordi-open="panel"]');
    if (!opener) return;
    e.preventDefault();
    openPanel(opener);
  };
  root.addEventListener('click', clicked as EventListener);
  return () => root.removeEventListener('click', clicked as EventListener);
}
