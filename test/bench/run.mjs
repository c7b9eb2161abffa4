// Times in a real browser, each beside a baseline in the same run. `npm run build && npm run bench`
// Prints a table; asserts nothing: a clock is no test.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import nodeResolve from '@rollup/plugin-node-resolve';
import { chromium } from 'playwright';
import { rollup } from 'rollup';
import { chromium as findChromium } from '../../e2e/browsers.mjs';

if (process.env.FORDI_PROFILE) {
  const { profile } = await import('./speed-profile.mjs');
  await profile(10_000, 1_000);
  process.exit();
}

const root = new URL('../../', import.meta.url);
const build = await rollup({ input: new URL('dist/index.js', root).pathname, plugins: [nodeResolve({ browser: true })] });
const { output } = await build.generate({ format: 'es' });
const files = { '/fordi.js': output[0].code, '/page.mjs': await readFile(new URL('test/bench/page.mjs', root)) };
const server = createServer((req, res) => {
  const file = files[req.url];
  res.setHeader('content-type', file ? 'text/javascript' : 'text/html');
  res.end(file ?? '<!doctype html><title>bench</title>');
}).listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const address = `http://127.0.0.1:${server.address().port}/`;

const browser = await chromium.launch({ executablePath: findChromium() });
const rows = [];
const note = (what, ours, theirs) => rows.push({ what, ...ours, baseline: theirs?.p50, ratio: theirs && ours.p50 / theirs.p50 });

async function fresh() {
  const page = await (await browser.newContext()).newPage();
  await page.goto(address);
  return page;
}

/** 12 of `items` with `evidence` pieces of evidence: warm, cold (index built anew), and the bare loop over the same data. */
const ranking = (page, items, evidence) =>
  page.evaluate(
    async ([count, events]) => {
      const { createFordi } = await import('/fordi.js');
      const { bareLoop, makeHistory, makeItems, options, spread, timed } = await import('/page.mjs');
      const catalog = makeItems(count);
      const history = makeHistory(catalog, events);
      const fordi = createFordi(options(catalog));
      await fordi.ready;
      await fordi.grant();
      for (const item of history) await fordi.observe({ verb: 'listen', item });
      const bare = bareLoop(catalog);
      const picks = await fordi.recommend({ limit: 12 });
      const rounds = { ours: [], theirs: [] };
      await timed(60, async () => {
        let began = performance.now();
        await fordi.recommend({ limit: 12 });
        rounds.ours.push(performance.now() - began);
        began = performance.now();
        for (let i = 0; i < 10; i++) bare(history, 12); // the browser's clock is too coarse for one
        rounds.theirs.push((performance.now() - began) / 10);
      });
      fordi.stop();
      const cold = await timed(5, async () => {
        const again = createFordi(options(catalog));
        await again.recommend({ limit: 12 });
        again.stop();
      });
      const coldBare = await timed(5, () => bareLoop(catalog)(history, 12));
      return {
        warm: spread(rounds.ours),
        bare: spread(rounds.theirs),
        cold,
        coldBare,
        explained: picks.filter((p) => p.because).length,
      };
    },
    [items, evidence],
  );

/** Start with a history of `evidence` records: the compact record, beside reading every raw one. */
const starting = (page, evidence) =>
  page.evaluate(async (events) => {
    const { createFordi } = await import('/fordi.js');
    const { makeHistory, makeItems, options, timed } = await import('/page.mjs');
    const catalog = makeItems(1_000);
    const fordi = createFordi(options(catalog));
    await fordi.ready;
    await fordi.grant();
    for (const item of makeHistory(catalog, events)) await fordi.observe({ verb: 'listen', item });
    const raw = await timed(9, () => fordi.evidence());
    fordi.stop();
    const start = await timed(15, async () => {
      const again = createFordi(options([]));
      await again.ready;
      again.stop();
    });
    return { start, raw };
  }, evidence);

const appending = (page) =>
  page.evaluate(async () => {
    const { createFordi } = await import('/fordi.js');
    const { barePut, makeItems, options, spread, timed } = await import('/page.mjs');
    const catalog = makeItems(200);
    const fordi = createFordi(options(catalog));
    await fordi.ready;
    await fordi.grant();
    const put = await barePut();
    const theirs = [];
    const ours = [];
    await timed(400, async (i) => {
      let began = performance.now();
      await fordi.observe({ verb: 'listen', item: `i${i % 200}` });
      ours.push(performance.now() - began);
      began = performance.now();
      await put();
      theirs.push(performance.now() - began);
    });
    return { ours: spread(ours), theirs: spread(theirs) };
  });

for (const [items, evidence] of [
  [1_000, 100],
  [10_000, 1_000],
]) {
  const { warm, bare, cold, coldBare, explained } = await ranking(await fresh(), items, evidence);
  note(`recommend 12 of ${items}, ${evidence} records, warm (${explained} of 12 explained)`, warm, bare);
  note(`recommend 12 of ${items}, ${evidence} records, cold (index built)`, cold, coldBare);
}
const { start, raw } = await starting(await fresh(), 10_000);
note('start with 10000 records (baseline: reading every raw record)', start, raw);
const { ours, theirs } = await appending(await fresh());
note('append one record (baseline: a bare put)', ours, theirs);

const ms = (x) => (x === undefined ? '' : x.toFixed(2).padStart(9));
console.log(`${browser.version()} headless, ${cpus().length} cores, milliseconds\n`);
console.log(`${'what'.padEnd(74)}${['p50', 'p95', 'min', 'baseline', 'ratio'].map((name) => name.padStart(9)).join('')}`);
for (const r of rows) console.log(r.what.padEnd(74) + ms(r.p50) + ms(r.p95) + ms(r.min) + ms(r.baseline) + ms(r.ratio));
await browser.close();
server.close();
