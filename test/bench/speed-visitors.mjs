// Visitors with a history on the disk: made once per run through the public API, met again in every part of the bench.

import { POOL } from './speed-data.mjs';

const makeVisitor = (page, pool, acts) =>
  page.evaluate(
    async ([items, count]) => {
      const { createFordi } = await import('/fordi.js');
      const { makeHistory, makeItems } = await import('/speed-data.mjs');
      const { live } = await import('/speed-page.mjs');
      const popular = makeItems(items);
      (await live(createFordi, popular, makeHistory(popular, count))).stop();
    },
    [pool, acts],
  );

/** Resolves to a page just opened by the visitor who did so much in a catalog of that size. */
export function createVisitors(browser) {
  const tabs = new Map();
  return async function meet(items, acts) {
    const pool = Math.min(items, POOL);
    const key = `${pool} ${acts}`;
    const tab = tabs.get(key) ?? (await browser.fresh());
    if (!tabs.has(key)) await makeVisitor(tab.page, pool, acts);
    tabs.set(key, tab);
    await tab.throttle(1);
    await tab.page.reload();
    return tab;
  };
}
