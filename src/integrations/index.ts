import type { Fordi } from '../types.js';
import { connectClicks } from './clicks.js';
import { connectMedia } from './media.js';
import { connectOpeners } from './openers.js';

export { connectClicks, connectMedia, connectOpeners };

/** Everything a page says with data attributes: clicks, media and openers. Returns its own detach. */
export function connectPage(fordi: Fordi, root: Document | Element = document): () => void {
  const stops = [connectClicks, connectMedia, connectOpeners].map((connect) => connect(fordi, root));
  return () => {
    for (const stop of stops) stop();
  };
}
