// One worker of the fidelity bench: shows lists to real histories, then takes away what each reason cites and looks again.
import { parentPort, workerData } from 'node:worker_threads';
import { sharedPage } from './ask.mjs';
import { live, setClock } from './device.mjs';

const { items, windows, verb, both, options } = workerData;
const REQUEST = { slot: 'bench', limit: 10 };
/** Windows between two reports to the terminal. */
const REPORT = 20;

const eventOf = ({ item }) => ({ verb, item });
const place = new Map(items.map(({ id }, i) => [id, i]));
const n = items.length;

function cosine(a, b) {
  const [i, j] = [place.get(a), place.get(b)];
  return both[i * n + j] / Math.sqrt(both[i * n + i] * both[j * n + j]);
}

/** The usual label: of all the visitor had, what was most often had together with the item. */
function lookalike(id, past) {
  const found = past.map((e) => [e.item, cosine(id, e.item)]).sort((a, b) => b[1] - a[1])[0];
  return found[1] > 0 ? found[0] : undefined;
}

/** Which items are shown once these are forgotten; then they are told again, each at its own time. */
async function shownWithout(fordi, gone, past, now) {
  for (const item of gone) await fordi.forget({ item });
  const ids = new Set((await fordi.recommend(REQUEST)).map((pick) => pick.item.id));
  await live(
    fordi,
    past.filter((e) => gone.includes(e.item)),
    eventOf,
  );
  setClock(now);
  return ids;
}

const citedBy = ({ because }) => because.evidence.map(({ item }) => item).sort();

const empty = () => ({ lists: 0, items: 0, left: 0, cited: 0, label: 0, labelLeft: 0, same: 0, kinds: {}, failures: [] });

/** One list: every reason is put to the test, and the usual label beside it. */
async function test(fordi, past, now, tally) {
  const picks = await fordi.recommend(REQUEST);
  const tried = new Map();
  const leaves = async (id, gone) => {
    const name = gone.join('\n');
    if (!tried.has(name)) tried.set(name, await shownWithout(fordi, gone, past, now));
    return !tried.get(name).has(id);
  };
  tally.lists++;
  for (const pick of picks) {
    const { id } = pick.item;
    const kind = pick.because?.kind ?? 'none';
    tally.items++;
    tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1;
    const cited = pick.because?.evidence.length ? citedBy(pick) : undefined;
    if (cited) {
      tally.cited++;
      if (await leaves(id, cited)) tally.left++;
      else if (tally.failures.length < 3) tally.failures.push({ id, text: pick.because.text, past: past.map((e) => e.item) });
    }
    const label = lookalike(id, past);
    if (label === undefined) continue;
    tally.label++;
    if (cited?.join() === label) tally.same++;
    if (await leaves(id, [label])) tally.labelLeft++;
  }
}

const { fordi, become } = await sharedPage(items, options);
windows.sort((a, b) => a.events[0].at - b.events[0].at); // see sharedPage
for (const [i, { events, asks }] of windows.entries()) {
  const tallies = {};
  let told = 0;
  for (const { length, now } of asks) {
    const past = events.slice(0, length);
    if (told) await live(fordi, events.slice(told, length), eventOf);
    else await become(past, now, eventOf);
    told = length;
    setClock(now);
    tallies[length] = empty();
    await test(fordi, past, now, tallies[length]);
  }
  parentPort.postMessage(tallies);
  if (i % REPORT === 0) await new Promise((resolve) => setImmediate(resolve));
}
fordi.stop();
