// Twelve of a catalog, with reasons: fordi, a bare loop over the same data, and the nearest thing each peer does, in turns.

import { cpuOf } from './speed-browser.mjs';
import { spread } from './speed-page.mjs';
import { bytes, heading, number, ratio, row, times } from './speed-print.mjs';

const RATES = [1, 4];
/** With more pairs than this the loop over all of them takes seconds. */
const PAIRS = 2e7;

/** Everyone measured, made from the same items and the same acts, waits in the page as `bench`. */
const setUp = (page, cell) =>
  page.evaluate(
    async ({ items: count, acts: evidence, links, pairs }) => {
      const { createFordi, VERBS } = await import('/fordi.js');
      const { bareLoop, barePairs, prepare } = await import('/speed-bare.mjs');
      const { makeHistory, makeItems, withLinks } = await import('/speed-data.mjs');
      const { later, options } = await import('/speed-page.mjs');
      const { flexsearch, minisearch, strongest, uniform } = await import('/peers-page.mjs');
      const items = links ? withLinks(makeItems(count)) : makeItems(count);
      const acts = makeHistory(items, evidence);
      const fordi = createFordi(options(items));
      await fordi.ready;
      const prepared = prepare(items, acts, VERBS);
      const topics = strongest(prepared);
      const ours = () => fordi.recommend({ limit: 12 });
      let viewed = 0;
      const jobs = {
        fordi: later(ours),
        'asked again': ours,
        'after an act': Object.assign(() => ours(), {
          before: () => fordi.observe({ verb: 'view', item: items[(97 * viewed++) % count].id }),
        }),
        'bare loop': () => bareLoop(prepared, 12),
        ...(pairs && { 'pair by pair': () => barePairs(prepared, 12) }),
        Uniform: (await uniform(items, acts)).answer,
        MiniSearch: (await minisearch(items, topics)).answer,
        FlexSearch: (await flexsearch(items, topics)).answer,
      };
      globalThis.bench = jobs;
      const picks = await ours();
      const same = new Set(bareLoop(prepared, 12));
      return {
        lines: prepared.lines.length,
        reasons: picks.filter(({ because }) => because).length,
        shared: picks.filter(({ item }) => same.has(item.id)).length,
      };
    },
    { ...cell, pairs: cell.items * cell.acts <= PAIRS },
  );

const measure = (page, { rounds, patience }) =>
  page.evaluate(
    async ([most, longest]) => {
      const { compare } = await import('/speed-page.mjs');
      return compare(globalThis.bench, most, longest);
    },
    [rounds, patience],
  );

/** How long the page is not let go at a stretch, warm and after an act. */
const stretch = (page, rounds) =>
  page.evaluate(async (most) => {
    const { spread, stretches } = await import('/speed-page.mjs');
    const { fordi, 'after an act': act } = globalThis.bench;
    const anew = [];
    for (let i = 0; i < most / 2; i++) {
      await act.before();
      anew.push(...(await stretches(act, 1)));
    }
    return [spread(await stretches(fordi, most)), spread(anew)];
  }, rounds);

const named = ({ items, acts, links }) => `${items} items, ${acts} acts${links ? ', neighbours shipped' : ''}`;

const COLUMNS = ['fordi', 'after an act', 'asked again', 'bare loop', 'pair by pair', 'Uniform', 'MiniSearch', 'FlexSearch'];
const BARE = COLUMNS.indexOf('bare loop');

/** One line per throttle, each time as p50/p95, and one of CPU time. */
async function rank(tab, cell, effort) {
  const { lines, reasons, shared } = await setUp(tab.page, cell);
  const cpu = [];
  for (const rate of RATES) {
    await tab.throttle(rate);
    const found = await measure(tab.page, effort);
    const spreads = COLUMNS.map((name) => found[name] && spread(found[name]));
    row(`${named(cell)}, ${rate}x`, [...spreads.map((one) => (one ? times(one) : '')), ratio(spreads[0].p50, spreads[BARE].p50)]);
    if (rate > 1) {
      const [warm, anew] = await stretch(tab.page, effort.rounds);
      row('    longest stretch without a pause', [times(warm), times(anew)]);
    }
    if (rate === 1) for (const [i, name] of COLUMNS.entries()) cpu.push(spreads[i] && (await cpuOf(tab, name, spreads[i])));
  }
  row('    CPU time, mean', [...cpu.map((ms, i) => (i === 1 || !ms ? '' : number(ms))), ratio(cpu[0], cpu[BARE])]);
  console.log(`    ${lines} lines of evidence; ${reasons} of 12 with a reason; ${shared} of 12 are the bare loop's too`);
  await tab.page.reload(); // idle, and empty
}

export async function ranking(meet, cells, effort) {
  heading('Twelve with reasons, ms: p50/p95 (fordi: a minute after the last; last: fordi / bare loop)', COLUMNS);
  for (const cell of cells) await rank(await meet(cell.items, cell.acts), cell, effort);
}

/** The raw items and acts, so that what is made of them is all that is measured. */
const settle = (page, cell) =>
  page.evaluate(async ({ items, acts }) => {
    const { makeHistory, makeItems } = await import('/speed-data.mjs');
    globalThis.items = makeItems(items);
    globalThis.acts = makeHistory(globalThis.items, acts);
  }, cell);

/** Makes one of them anew, several times, as a page does that has just been opened; keeps the last. */
const build = (page, who, rounds) =>
  page.evaluate(
    async ([name, most]) => {
      const { createFordi, VERBS } = await import('/fordi.js');
      const { prepare } = await import('/speed-bare.mjs');
      const { options, repeat } = await import('/speed-page.mjs');
      const { flexsearch, minisearch, uniform } = await import('/peers-page.mjs');
      const { items, acts } = globalThis;
      const made = async (fordi) => {
        await fordi.recommend({ limit: 12 });
        return fordi;
      };
      const makers = {
        fordi: () => made(createFordi(options(items))),
        'bare loop': () => prepare(items, acts, VERBS),
        Uniform: () => uniform(items, []),
        MiniSearch: () => minisearch(items, []),
        FlexSearch: () => flexsearch(items, []),
      };
      return repeat(most, 3_000, async () => {
        globalThis.kept?.stop?.();
        globalThis.kept = await makers[name]();
      });
    },
    [who, rounds],
  );

/** Bytes that the last one made holds. */
async function held({ page, heap }) {
  const full = await heap();
  await page.evaluate(() => {
    globalThis.kept?.stop?.();
    globalThis.kept = undefined;
  });
  return full - (await heap());
}

/** From nothing to the first answer, and what is then held in memory. */
export async function building(meet, cells, rounds) {
  const columns = ['fordi', 'bare loop', 'Uniform', 'MiniSearch', 'FlexSearch'];
  heading('Index built anew (fordi: the first answer of a page just opened), ms: p50/slowest; bytes then held', columns);
  for (const cell of cells) {
    const tab = await meet(cell.items, cell.acts);
    await settle(tab.page, cell);
    const memory = {};
    for (const rate of RATES) {
      await tab.throttle(rate);
      const found = {};
      for (const name of columns) {
        found[name] = spread(await build(tab.page, name, rounds));
        memory[name] ??= await held(tab);
      }
      row(
        `${named(cell)}, ${rate}x`,
        columns.map((name) => times(found[name])),
      );
    }
    row(
      `${named(cell)}, held`,
      columns.map((name) => bytes(memory[name])),
    );
    await tab.page.reload(); // idle, and empty
  }
}
