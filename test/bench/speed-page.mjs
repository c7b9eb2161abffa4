// What the speed bench does inside the browser.
import { makeHistory } from './speed-data.mjs';

export const KEEPS = ['listen', 'view', 'play', 'save', 'like', 'purchase'];

export const options = (catalog) => ({
  site: { name: 'Bench' },
  notice: { version: '1', keeps: KEEPS },
  records: 100_000,
  catalog,
});

/** Appends a history through the public API as it would have come about, the clock set back to each act. */
export async function live(createFordi, catalog, acts) {
  const { now } = Date;
  const start = now() - acts[0].age - 1;
  Date.now = () => start;
  const fordi = createFordi(options(catalog));
  await fordi.ready;
  await fordi.grant();
  const today = now();
  for (const { verb, item, age } of acts) {
    Date.now = () => today - age;
    const { kept, reason } = await fordi.observe({ verb, item });
    if (!kept) throw new Error(`not kept: ${reason}`);
  }
  Date.now = now;
  return fordi;
}

export const lived = (createFordi, catalog, count) => live(createFordi, catalog, makeHistory(catalog, count));
