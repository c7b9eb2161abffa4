import type { Fordi } from '../types.js';
import { connectClicks } from './clicks.js';
import { connectGoogle } from './google.js';
import { connectItems } from './items.js';
import { connectMedia } from './media.js';
import { connectOpeners } from './openers.js';
import { connectVariants } from './variants.js';

export * from './elsewhere/index.js';
export { postReceipts } from './receipts.js';
export { connectClicks, connectGoogle, connectItems, connectMedia, connectOpeners, connectVariants };

/** Everything a page says with data attributes: items, blocks of content, clicks, media and openers. Returns its own detach. */
export function connectPage(fordi: Fordi, root: Document | Element = document): () => void {
  const stops = [connectItems, connectVariants, connectClicks, connectMedia, connectOpeners].map((connect) => connect(fordi, root));
  return () => {
    for (const stop of stops) stop();
  };
}
