// What asking costs: fordi's notice, a hand-written one, and two well-known tools, in turns on the same page.
//   npm run build && npm run bench:notice        FORDI_ROUNDS=3 for a quick look
import { loadavg } from 'node:os';
import { openBrowser } from './notice-browser.mjs';
import { watch } from './notice-page.mjs';
import { peers, weigh } from './notice-peers.mjs';
import { machine } from './speed-browser.mjs';
import { spread } from './speed-page.mjs';
import { bytes, heading, row as line, number } from './speed-print.mjs';

const ROUNDS = Number(process.env.FORDI_ROUNDS ?? 9);
const RATE = 4;
/** After it is there: all that was put off has been done, and a yes is taken (fordi wants half a second of reading). Milliseconds. */
const READING = 650;
/** A repeat visit shows nothing that could be waited for. Milliseconds. */
const QUIET = 500;

const until = (page, what) => page.waitForFunction((name) => globalThis.seen?.[name] !== undefined, what, { timeout: 20_000 });

/** Clicks where the button is, as a person does: straight away, with the browser's own events. */
async function click(page, button) {
  const { x, y, width, height } = await page.locator(button).boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
}

/** Somebody comes, reads, answers, and comes again. */
async function meet(browser, row, answer) {
  const tab = await browser.fresh();
  await tab.page.addInitScript(watch, row.box);
  const shown = tab.page.waitForEvent('console', (message) => message.text() === 'visible');
  const cost = await tab.visit(row, async (page) => {
    await shown;
    await page.waitForTimeout(READING);
  });
  await click(tab.page, row[answer]);
  await until(tab.page, 'gone');
  const { visible, shift, next, gone } = await tab.page.evaluate(() => globalThis.seen);
  await tab.page.waitForTimeout(QUIET); // stored, too
  const again = await tab.visit(row, (page) => page.waitForTimeout(QUIET));
  await tab.close();
  return { visible, shift, next, ...cost, [`${answer} gone`]: gone, [`${answer} again`]: again.script };
}

const COLUMNS = {
  visible: 'visible',
  script: 'script CPU',
  task: 'task CPU',
  longest: 'longest task',
  own: 'script at once',
  shift: 'CLS',
  'no gone': 'no: gone',
  'yes gone': 'yes: gone',
  next: 'next frame',
  'no again': 'again, a no',
  'yes again': 'again, a yes',
};

const rows = await peers();
const found = new Map(rows.map((row) => [row, Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, []]))]));
const browser = await openBrowser(rows, RATE);
console.log(`${machine(browser)}; processor at a quarter, medians of ${ROUNDS} rounds in turns, a fresh profile each`);
for (let round = 0; round < ROUNDS; round++)
  for (const answer of ['no', 'yes'])
    for (let i = 0; i < rows.length; i++) {
      const row = rows[(i + round) % rows.length]; // nobody always comes after the same one
      for (const [name, value] of Object.entries(await meet(browser, row, answer))) found.get(row)[name].push(value);
    }
await browser.close();

const cell = (name, values) => (name === 'shift' ? spread(values).p50.toFixed(3) : number(spread(values).p50));
heading('What asking costs, ms (CPU: with the page itself, which the floor has too)', [...Object.values(COLUMNS), 'bytes, brotli']);
for (const row of rows) line(row.name, [...Object.entries(found.get(row)).map(([name, values]) => cell(name, values)), bytes(weigh(row))]);
heading('The same, quickest of all rounds', Object.values(COLUMNS));
for (const row of rows)
  line(
    row.name,
    Object.values(found.get(row)).map((values) => number(Math.min(...values))),
  );
console.log(
  `load average at the end: ${loadavg()
    .map((x) => x.toFixed(1))
    .join(' ')}`,
);
