import type { Fordi } from '../types.js';
import { connectClicks } from './clicks.js';
import { connectEmbeds } from './embeds.js';
import { connectGoogle } from './google.js';
import { connectItems } from './items.js';
import { connectMedia } from './media.js';
import { connectOpeners } from './openers.js';
import { connectStored } from './stored.js';
import { connectVariants } from './variants.js';

export * from './elsewhere/index.js';
export { postReceipts } from './receipts.js';
export { connectClicks, connectEmbeds, connectGoogle, connectItems, connectMedia, connectOpeners, connectStored, connectVariants };

/** All of a page. */
const ALL = [connectItems, connectVariants, connectClicks, connectMedia, connectOpeners, connectEmbeds, connectStored];

/**
 * Everything a page says with data attributes: items, blocks of content, clicks, media, openers, and what waits for a yes;
 * and that what was declared is deleted after a no. Returns its own detach. */
export function connectPage(fordi: Fordi, root: Document | Element = document): () => void {
  const stops = ALL.map((connect) => connect(fordi, root));
  return () => {
    for (const stop of stops) stop();
  };
}
