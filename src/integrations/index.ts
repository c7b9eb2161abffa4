import type { Fordi } from '../types.js';
import { connectClicks } from './clicks.js';
import { connectItems } from './items.js';
import { connectMedia } from './media.js';
import { connectOpeners } from './openers.js';
import { connectVariants } from './variants.js';

export { postReceipts } from './receipts.js';

export { connectClicks, connectItems, connectMedia, connectOpeners, connectVariants };

/** Everything a page says with data attributes: items, blocks of content, clicks, media and openers. Returns its own detach. */
export function connectPage(fordi: Fordi, root: Document | Element = document): () => void {
  const stops = [connectItems, connectVariants, connectClicks, connectMedia, connectOpeners].map((connect) => connect(fordi, root));
  return () => {
    for (const stop of stops) stop();
  };
}
