// Start with a long history, and append: each beside what the browser's own storage takes.
import { spread } from './speed-page.mjs';
import { heading, ratio, row, times } from './speed-print.mjs';

/** A page just opened reads the compact record; beside it reading every raw one. */
const starting = (page) =>
  page.evaluate(async () => {
    const { createFordi } = await import('/fordi.js');
    const { compare, options } = await import('/speed-page.mjs');
    const fordi = createFordi(options([]));
    const start = async () => {
      const again = createFordi(options([]));
      await again.ready;
      again.stop();
    };
    return compare({ ours: start, theirs: () => fordi.evidence() }, 40, 5_000);
  });

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

function show(what, { ours, theirs }) {
  const spreads = [spread(ours), spread(theirs)];
  row(what, [...spreads.map(times), ratio(spreads[0].p50, spreads[1].p50)]);
}

export async function disk(browser, meet, { history, rounds }) {
  heading('The disk, ms: p50/p95', ['fordi', 'beside it', 'ratio']);
  const { page } = await meet(1_000, history);
  show(`start after ${history} acts | read every raw record`, await starting(page));
  const { page: empty, close } = await browser.fresh();
  show('append one act | a bare put', await appending(empty, rounds));
  await close();
}
