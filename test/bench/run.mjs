// Times in a real browser, each beside a baseline in the same run; asserts nothing: a clock is no test.
// npm run build && npm run bench                       everything, about eight minutes
// npm run build && FORDI_BENCH=quick npm run bench     the middle of it, under a minute
// npm run build && FORDI_PROFILE=1 npm run bench       where a warm answer spends its time
import { building, ranking } from './speed.mjs';
import { machine, openBrowser, peers } from './speed-browser.mjs';
import { carried } from './speed-carried.mjs';
import { disk } from './speed-disk.mjs';
import { profile } from './speed-profile.mjs';
import { createVisitors } from './speed-visitors.mjs';

const COUNTS = [100, 1_000, 10_000];
const FULL = {
  cells: [
    ...[1_000, 10_000, 100_000].flatMap((items) => COUNTS.map((acts) => ({ items, acts }))),
    { items: 10_000, acts: 1_000, links: true },
  ],
  effort: { rounds: 100, patience: 2_000 },
  indexes: { cells: [1_000, 10_000, 100_000].map((items) => ({ items, acts: 1_000 })), rounds: 5 },
  carried: { sizes: [10_000, 100_000, 1_000_000], histories: [100, 1_000], rounds: 60 },
  disk: { history: 10_000, rounds: 400 },
};
const QUICK = {
  cells: [
    { items: 1_000, acts: 100 },
    { items: 10_000, acts: 1_000 },
  ],
  effort: { rounds: 60, patience: 1_000 },
  indexes: { cells: [{ items: 10_000, acts: 1_000 }], rounds: 3 },
  carried: { sizes: [10_000, 1_000_000], histories: [100], rounds: 40 },
  disk: { history: 1_000, rounds: 100 },
};

/** A part that breaks off does not take the others along. */
async function attempt(part, ...args) {
  try {
    await part(...args);
  } catch (error) {
    console.log(`    broke off: ${String(error.message).split('\n')[0]}`);
    process.exitCode = 1;
  }
}

async function bench(browser, plan) {
  console.log(`${machine(browser)}\nbeside ${peers()}`);
  const meet = createVisitors(browser);
  await attempt(ranking, meet, plan.cells, plan.effort);
  await attempt(building, meet, plan.indexes.cells, plan.indexes.rounds);
  await attempt(disk, browser, meet, plan.disk);
  await attempt(carried, browser, plan.carried);
  console.log(`\n${machine(browser)}`);
}

const browser = await openBrowser();
if (process.env.FORDI_PROFILE) await attempt(profile, browser, { items: 10_000, acts: 1_000 });
else await bench(browser, process.env.FORDI_BENCH === 'quick' ? QUICK : FULL);
await browser.close();
