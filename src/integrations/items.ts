import type { Fordi, Item } from '../types.js';

const BLOCKS = 'script[type="application/json"][data-fordi-items]';

/** One item, or a list of them; what cannot be read is said once, with the place, and the page goes on. */
function read(block: Element): Item[] {
  try {
    return [JSON.parse(block.textContent ?? '')].flat();
  } catch (error) {
    console.error(
      'fordi:',
      block,
      `holds no JSON (${(error as Error).message}). Expected one item, or a list of items: {"id": "…", "title": "…", "neighbours": …}. "npx fordi neighbours" writes such blocks.`,
    );
    return [];
  }
}

/**
 * Hands over the items that `<script type="application/json" data-fordi-items>` brings along, so that a page's own item and
 * its neighbours are known without a catalog. Blocks that come later are not seen: call `fordi.add` for those. What was
 * handed over stays until the page goes.
 */
export function connectItems(fordi: Fordi, root: Document | Element = document): () => void {
  const items = [...root.querySelectorAll(BLOCKS)].flatMap(read);
  if (items.length)
    fordi.add(items).then((sound) => {
      if (sound < items.length)
        console.error(
          `fordi: of ${items.length} items in <script data-fordi-items>, ${items.length - sound} are not sound and were left out. Each needs an id and a title; see README, npm.`,
        );
    });
  return () => {};
}
