// Neighbours that travel with the page: no catalog is shipped, every act brings its item and the cards of twenty others.
// What a device spends must depend on the visitor's history, never on the size of the shop.
import { cpuOf } from './speed-browser.mjs';
import { spread } from './speed-page.mjs';
import { bytes, heading, number, ratio, row, times } from './speed-print.mjs';

/** Several visitors per shop: what one of them happens to like must not look like the size of the shop. */
const VISITORS = 4;
const COLUMNS = ['recommend', 'bare loop', 'observe', 'first answer'];

/** The visitor's acts through the public API, each with the block of its page; waits in the page as `bench`. */
const visit = (page, cell) =>
  page.evaluate(async ([size, count, visitor]) => {
    const { createFordi } = await import('/fordi.js');
    const { blockOf, makeVisits } = await import('/speed-data.mjs');
    const { live } = await import('/speed-page.mjs');
    const visits = makeVisits(size, count, visitor);
    globalThis.fordi = await live(createFordi, [], visits, blockOf);
    return { pages: new Set(visits.map(({ item }) => item)).size, block: JSON.stringify(blockOf(visits[0].item)).length };
  }, cell);

/** Bytes on the disk: everything in every database, as text. */
const disk = (page) =>
  page.evaluate(async () => {
    const done = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    let sum = 0;
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name));
      for (const store of db.objectStoreNames) {
        const rows = db.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(rows.getAllKeys()), done(rows.getAll())]);
        sum += JSON.stringify([keys, values]).length;
      }
      db.close();
    }
    return sum;
  });

/** The jobs that take turns, the bare loop over the same cards among them. */
const prepare = (page, cell) =>
  page.evaluate(async ([size, count, visitor]) => {
    const { createFordi, VERBS } = await import('/fordi.js');
    const { bareCards, prepareCards } = await import('/speed-bare.mjs');
    const { blockOf, makeVisits } = await import('/speed-data.mjs');
    const { later, options } = await import('/speed-page.mjs');
    const { fordi } = globalThis;
    const visits = makeVisits(size, count, visitor);
    const blocks = new Map(visits.map(({ item }) => [item, blockOf(item)]));
    const prepared = prepareCards(blocks, visits, VERBS);
    const again = blockOf(visits[0].item);
    const start = async () => {
      const other = createFordi(options([]));
      await other.recommend({ limit: 12 });
      other.stop();
    };
    const alone = (job) => Object.assign(job, { before() {} }); // writes are timed one by one
    globalThis.bench = {
      recommend: later(() => fordi.recommend({ limit: 12 })),
      'bare loop': () => bareCards(prepared, 12),
      observe: alone(() => fordi.observe({ verb: 'view', item: again })),
      'first answer': alone(start),
    };
    const picks = await fordi.recommend({ limit: 12 });
    const same = new Set(bareCards(prepared, 12));
    return {
      cards: prepared.ids.length,
      picks: picks.length,
      reasons: picks.filter(({ because }) => because).length,
      shared: picks.filter(({ item }) => same.has(item.id)).length,
    };
  }, cell);

async function open(browser, cell) {
  const tab = await browser.fresh();
  await tab.page.evaluate(() =>
    Promise.all(['/fordi.js', '/speed-bare.mjs', '/speed-data.mjs', '/speed-page.mjs'].map((path) => import(path))),
  );
  const before = await tab.heap();
  const visited = await visit(tab.page, cell);
  const held = (await tab.heap()) - before;
  const stored = await disk(tab.page);
  return { tab, cell, ...visited, held, stored, ...(await prepare(tab.page, cell)) };
}

/** Only the page at work is throttled: an idle one that is throttled keeps a core busy too. */
async function measure({ page, throttle }, rounds, rate) {
  await throttle(rate);
  const times = await page.evaluate(async (most) => {
    const { compare } = await import('/speed-page.mjs');
    return compare(globalThis.bench, most, 1_000);
  }, rounds);
  await throttle(1);
  return times;
}

/** A few rounds each, shop after shop for each visitor: what the machine does meanwhile troubles all shops alike. */
async function turns(visits, rounds, rate) {
  for (const visit of visits) {
    visit.found = await measure(visit.tab, Math.ceil(rounds / VISITORS), rate);
    visit.cpu ??= await cpuOf(visit.tab, 'recommend', spread(visit.found.recommend));
  }
}

const mean = (visits, name) => visits.reduce((sum, visit) => sum + visit[name], 0) / visits.length;

function print(visits, [size, count], rate) {
  const spreads = COLUMNS.map((name) => spread(visits.flatMap(({ found }) => found[name])));
  const sizes = ['block', 'stored', 'held'].map((name) => bytes(mean(visits, name)));
  row(`${size} in the shop, ${count} acts, ${rate}x`, [...spreads.map(times), ...sizes, ratio(spreads[0].p50, spreads[1].p50)]);
  const [pages, cards, picks, reasons, shared] = ['pages', 'cards', 'picks', 'reasons', 'shared'].map((name) => mean(visits, name));
  if (rate > 1) return;
  row('    CPU time, mean', [number(mean(visits, 'cpu'))]);
  console.log(
    `    ${pages} pages, ${cards} cards; of ${picks} ${reasons} with a reason, ${shared} the bare loop's too (mean of ${VISITORS} visitors)`,
  );
}

/** One line per size of the shop: times, bytes of a page's block, bytes on the disk and in memory. */
export async function carried(browser, { sizes, histories, rounds }) {
  heading('No catalog: neighbours come with the page, ms: p50/p95 (bare loop: neighbours only; last: recommend / bare loop)', [
    ...COLUMNS,
    'block',
    'disk',
    'memory',
  ]);
  for (const count of histories) {
    const visits = [];
    for (let visitor = 0; visitor < VISITORS; visitor++) for (const size of sizes) visits.push(await open(browser, [size, count, visitor]));
    for (const rate of [1, 4]) {
      await turns(visits, rounds, rate);
      for (const size of sizes)
        print(
          visits.filter(({ cell }) => cell[0] === size),
          [size, count],
          rate,
        );
    }
    for (const { tab } of visits) await tab.close();
  }
}
