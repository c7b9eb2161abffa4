// Start with a long history, and append: each beside what the browser's own storage takes.
import { spread } from './speed-page.mjs';
import { heading, ratio, row, times } from './speed-print.mjs';

/** A page just opened reads the compact record; beside it reading every raw one. */
const starting = (page, count) =>
  page.evaluate(async (events) => {
    const { createFordi } = await import('/fordi.js');
    const { makeHistory, makeItems } = await import('/speed-data.mjs');
    const { compare, live, options } = await import('/speed-page.mjs');
    const items = makeItems(1_000);
    const fordi = await live(createFordi, items, makeHistory(items, events));
    const start = async () => {
      const again = createFordi(options([]));
      await again.ready;
      again.stop();
    };
    return compare({ ours: start, theirs: () => fordi.evidence() }, 20, 30_000);
  }, count);

/** One act, beside a bare `put` of the same record into a database of its own. */
const appending = (page, rounds) =>
  page.evaluate(async (most) => {
    const { createFordi } = await import('/fordi.js');
    const { makeHistory, makeItems } = await import('/speed-data.mjs');
    const { barePut, compare, live } = await import('/speed-page.mjs');
    const items = makeItems(200);
    const fordi = await live(createFordi, items, makeHistory(items, 1));
    const { evidence } = await fordi.observe({ verb: 'listen', item: 'i1' });
    const put = await barePut(evidence);
    let i = 0;
    return compare({ ours: () => fordi.observe({ verb: 'listen', item: `i${i++ % 200}` }), theirs: put }, most, 60_000);
  }, rounds);

const show = (what, { ours, theirs }) => row(what, [times(spread(ours)), times(spread(theirs)), ratio(spread(ours), spread(theirs))]);

export async function disk(browser, { history, rounds }) {
  heading('The disk, ms: p50/p95', ['fordi', 'beside it', 'ratio']);
  const tabs = [await browser.fresh(), await browser.fresh()];
  show(`start with ${history} acts | read every raw record`, await starting(tabs[0].page, history));
  show('append one act | a bare put', await appending(tabs[1].page, rounds));
  for (const tab of tabs) await tab.close();
}
