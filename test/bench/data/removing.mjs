// One worker of the fidelity bench: shows lists to real histories, then takes away what each reason cites and looks again.
import { parentPort, workerData } from 'node:worker_threads';
import { sharedPage } from './ask.mjs';
import { live, setClock } from './device.mjs';

const { items, windows, verb, both, options } = workerData;
const REQUEST = { slot: 'bench', limit: 10 };
/** Windows between two reports to the terminal. */
const REPORT = 20;
/** The usual label is tried on every so many windows. */
const LABELLED = 4;
/** On every so many windows the whole list is asked for again, where otherwise `explain` says whether an item is in it. */
const WHOLE = 10;

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

/** Which of these are still in the list; asked one by one, because a whole list would work out every reason in it anew. */
async function still(fordi, ids, whole) {
  if (whole) return new Set((await fordi.recommend(REQUEST)).map((pick) => pick.item.id));
  const shown = new Set();
  for (const id of ids) if ((await fordi.explain(id, REQUEST)).place) shown.add(id);
  return shown;
}

/** Which of these are shown once some items are forgotten; then they are told again, each at its own time. */
async function shownWithout(fordi, gone, ids, past, now, whole) {
  for (const item of gone) await fordi.forget({ item });
  const shown = await still(fordi, ids, whole);
  const again = past.filter((e) => gone.includes(e.item));
  await live(fordi, again, eventOf);
  setClock(now);
  return shown;
}

const citedBy = ({ because }) => because.evidence.map(({ item }) => item).sort();

const empty = () => ({ lists: 0, whole: 0, items: 0, cited: 0, citedLeft: 0, label: 0, labelLeft: 0, kinds: {}, failures: [] });

/** What is to be taken away, each set once, and for whose sake: set → { gone, claims: [{ id, of }] }. */
function claimsOf(picks, past, labelled) {
  const sets = new Map();
  const claim = (gone, id, of, text) => {
    const name = gone.join('\n');
    if (!sets.has(name)) sets.set(name, { gone, claims: [] });
    sets.get(name).claims.push({ id, of, text });
  };
  for (const pick of picks) {
    const { id } = pick.item;
    if (pick.because?.evidence.length) claim(citedBy(pick), id, 'cited', pick.because.text);
    const label = labelled ? lookalike(id, past) : undefined;
    if (label !== undefined) claim([label], id, 'label');
  }
  return sets.values();
}

/** One list: every reason is put to the test, and the usual label beside it. */
async function test(fordi, past, now, tally, { labelled, whole }) {
  const picks = await fordi.recommend(REQUEST);
  tally.lists++;
  if (whole) tally.whole++;
  for (const { because } of picks) {
    const kind = because?.kind ?? 'none';
    tally.items++;
    tally.kinds[kind] = (tally.kinds[kind] ?? 0) + 1;
  }
  for (const { gone, claims } of claimsOf(picks, past, labelled)) {
    const ids = new Set(claims.map(({ id }) => id));
    const shown = await shownWithout(fordi, gone, ids, past, now, whole);
    for (const { id, of, text } of claims) {
      tally[of]++;
      if (!shown.has(id)) tally[`${of}Left`]++;
      else if (of === 'cited') tally.failures.push({ id, text, past: past.map((e) => e.item), now });
    }
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
    await test(fordi, past, now, tallies[length], { labelled: i % LABELLED === 0, whole: i % WHOLE === 0 });
  }
  parentPort.postMessage(tallies);
  if (i % REPORT === 0) await new Promise((resolve) => setImmediate(resolve));
}
fordi.stop();
