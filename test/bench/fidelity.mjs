// Is what is cited what decided? Every reason on real lists is put to the test through the public API: what it cites is
// forgotten, the list is asked for again, and the item must be gone. Beside it the label shops usually show.
// `npm run build && FORDI_DATA=/path npm run bench:fidelity`; `-- 0.1` for a tenth of the lists, and after it fordi's options
// as JSON. Ends with 1 at a false reason.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { table } from './data/metric.mjs';
import { folder } from './data/read.mjs';
import { filmSet, shopSet } from './data/sets.mjs';
import { LENGTHS, windowsOf } from './data/windows.mjs';

const path = folder();
const scale = Number(process.argv[2] ?? 1);
const options = JSON.parse(process.argv[3] ?? '{}');
const WORKERS = Math.min(2, availableParallelism());
const EVERY = 15_000;
const ENOUGH = 100_000;

function add(into, tally) {
  for (const [name, x] of Object.entries(tally)) {
    if (typeof x === 'number') into[name] = (into[name] ?? 0) + x;
    else if (Array.isArray(x)) into[name] = [...(into[name] ?? []), ...x];
    else into[name] = add(into[name] ?? {}, x);
  }
  return into;
}

/** All windows of one data set, shared among the workers. Resolves to figures per length. */
async function run({ name, verb, items, base, events }) {
  const windows = windowsOf(events, base.matrix.place, { scale });
  const lists = windows.reduce((all, { asks }) => all + asks.length, 0);
  const figures = {};
  const began = performance.now();
  let done = 0;
  const say = () => {
    const rate = done / ((performance.now() - began) / 1000);
    console.log(`  ${name}: ${done} of ${lists} lists, ${rate.toFixed(0)} a second, ${Math.round((lists - done) / rate)} s left`);
  };
  const timer = setInterval(say, EVERY);
  await Promise.all(
    Array.from({ length: WORKERS }, (_, i) => {
      const workerData = { items, verb, both: base.both, windows: windows.filter((_, at) => at % WORKERS === i), options };
      const worker = new Worker(new URL('./data/removing.mjs', import.meta.url), { workerData });
      worker.on('message', (tallies) => {
        done += Object.keys(tallies).length;
        add(figures, tallies);
      });
      return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
    }),
  );
  clearInterval(timer);
  say();
  return figures;
}

const percent = (part, of) => (of ? `${((100 * part) / of).toFixed(part === of ? 0 : 2)} %` : '–');

function report(name, figures) {
  const rows = LENGTHS.filter((length) => figures[length]).map((length) => {
    const { lists, items, cited, citedLeft, label, labelLeft, kinds } = figures[length];
    const kind = (one) => percent(kinds[one] ?? 0, items);
    return [
      length,
      lists,
      items,
      percent(items - (kinds.none ?? 0), items),
      kind('records'),
      kind('topic'),
      kind('shop'),
      cited,
      percent(citedLeft, cited),
      percent(labelLeft, label),
    ];
  });
  const head = ['acts known', 'lists', 'items', 'with a reason', 'records', 'topic', 'shop', 'citing', 'true', '"most similar" true'];
  console.log(`\n${name}\n${table(head, rows)}\n`);
}

let lists = 0;
let wrong = 0;
let asked = 0;
for (const set of [shopSet, filmSet]) {
  const data = set(path);
  const figures = await run(data);
  report(data.name, figures);
  for (const { lists: some, whole, cited, citedLeft, failures } of Object.values(figures)) {
    lists += some;
    wrong += cited - citedLeft;
    asked += whole;
    for (const failure of failures.slice(0, 3)) console.log('false:', JSON.stringify(failure));
  }
}
console.log(`${lists} lists, of ${asked} the whole list was asked for again; false reasons: ${wrong}.`);
if (scale >= 1 && lists < ENOUGH) console.log(`Fewer than the ${ENOUGH} lists that were to be asked for.`);
if (wrong) process.exitCode = 1;
