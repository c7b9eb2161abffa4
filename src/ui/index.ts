import type { Fordi } from '../types.js';
import { ask } from './ask.js';
import { define, type Make } from './element.js';
import { embed, reload } from './embed.js';
import { notice } from './notice.js';
import { panel } from './panel.js';
import { shelf } from './shelf.js';
import { dress } from './style.js';
import { blockWhy } from './why.js';
import { words } from './words.js';

export { describeParameters, type Parameter } from './criteria.js';
export type { Embed } from './embed.js';
export type { Panel } from './panel.js';
export type { Why } from './why.js';

/**
 * Defines <fordi-notice>, <fordi-ask>, <fordi-shelf>, <fordi-panel>, <fordi-why> and what `connectEmbeds` puts on the page, and lets `fordi` serve those on the page. Returns what lets go of
 * them again and empties them; the names stay defined, for no page can undefine one. Without a DOM it does nothing.
 */
export function defineElements(fordi: Fordi): () => void {
  if (!globalThis.customElements) return () => {};
  const ui = { ...words(fordi.options), fordi, sheets: dress(), places: new Set<HTMLElement>() };
  const parts: Record<string, Make> = { notice, ask, shelf, panel, why: blockWhy, embed, reload };
  const stops = Object.keys(parts).map((name) => define(`fordi-${name}`, ui, parts[name] as Make));
  return () => {
    for (const stop of stops) stop();
  };
}
