// Does the visitor get what they would have taken next? fordi through its public API beside popularity, item-kNN and EASE,
// on real orders and ratings. `npm run build && FORDI_DATA=/path npm run bench:quality`
import { ask, kept, pages, timeless } from './data/ask.mjs';
import { refused } from './data/device.mjs';
import { summary, table, topOf } from './data/metric.mjs';
import { cut, KEEP } from './data/model.mjs';
import { folder } from './data/read.mjs';
import { argued, cosine, dense, ease } from './data/reference.mjs';
import { filmSet, shopSet } from './data/sets.mjs';

const path = folder();
/** Similar items that item-kNN keeps per recommended item: what comes nearest the reference figure. 200 gives .0784 here. */
const NEAREST = 100;

/** So many visitors are also asked the long way, on disk, a page per visit: the lists must be the same. */
const SAMPLE = 25;

/** So many film visitors are enough: every second, third … of them. */
const MOST = 2_500;

const HEAD = ['NDCG@10', '± 1 s.e.', 'Hit@10', 's'];

function bench(cases) {
  const rows = [];
  return {
    rows,
    async note(name, listsOf) {
      const began = performance.now();
      const lists = await listsOf(cases);
      const { ndcg, error, hit } = summary(lists, cases);
      rows.push([name, ndcg, error, hit, Math.round((performance.now() - began) / 1000)]);
      console.log(`  ${name}: ${ndcg.toFixed(4)}`);
      return lists;
    },
  };
}

/** The sum of the weights of what the visitor had, for every item. */
const linear =
  (weights, { matrix: { ids, place } }) =>
  (cases) =>
    cases.map(({ past, had }) => {
      const scores = new Float64Array(ids.length);
      for (const item of new Set(past.map((e) => e.item))) {
        const row = weights.subarray(place.get(item) * ids.length, (place.get(item) + 1) * ids.length);
        for (let j = 0; j < scores.length; j++) scores[j] += row[j];
      }
      return topOf(scores, ids, had);
    });

const popular =
  ({ matrix: { ids, buyers } }) =>
  (cases) =>
    cases.map(({ had }) => topOf(buyers, ids, had));

async function references(note, base, lambda) {
  const { n, both } = base;
  await note('popularity', popular(base));
  await note(`item-kNN, ${NEAREST} nearest`, linear(dense(argued(cosine(both, n), n, NEAREST), n), base));
  const weights = ease(both, n, lambda);
  await note('EASE, dense', linear(weights, base));
  await note(`EASE, ${KEEP} per item, re-fitted`, linear(dense(cut(weights, base, lambda), n), base));
}

const bought = ({ item }) => ({ verb: 'purchase', item });
const watched = ({ item }) => ({ verb: 'watch', item });
const rated = ({ item, rating }) => ({ verb: 'rate', item, value: Math.max(-1, (rating - 5.5) / 4.5) });

/** The order of the scores alone: nothing is lifted by chance or held back for likeness. */
const PLAIN = { explore: 0, diversity: 0 };
const ranking = (how) => ({ options: { ranking: how } });

/** The short way is only good if it shows what a device would have shown; without chance, whose seed is the yes's own. */
async function checkOnDisk(items, cases) {
  const how = { options: { ranking: PLAIN }, past: kept };
  const [short, long] = [await ask(items, bought, how)(cases), await pages(items, bought, how)(cases)];
  const same = long.filter((list, i) => list.join() === short[i].join()).length;
  console.log(`  on disk, a page per visit: ${same} of ${cases.length} lists are the same`);
  if (same < cases.length) process.exitCode = 1;
}

async function shop() {
  const { base, items, cases, lambda } = shopSet(path);
  const { visitors, ids } = base.matrix;
  console.log(`Online Retail: ${visitors} customers in the model, ${ids.length} items; ${cases.length} customers it never saw`);
  const { note, rows } = bench(cases);
  await references(note, base, lambda);
  await note('fordi, the shipped file alone', ask(items, bought, { past: timeless, ...ranking({ ...PLAIN, prior: 0 }) }));
  await note('fordi, with recency', ask(items, bought, ranking({ ...PLAIN, prior: 0 })));
  await note('fordi, with recency and prior', ask(items, bought, ranking(PLAIN)));
  await note('fordi as it comes (and diversity, and chance)', ask(items, bought));
  await note('the same, only what life leaves on a device', ask(items, bought, { past: kept }));
  await checkOnDisk(items, cases.slice(0, SAMPLE));
  console.log(`\n${table(['Online Retail, last basket', ...HEAD], rows)}\n`);
}

async function films() {
  const { base, items, cases: all, lambda } = filmSet(path);
  const { visitors, ids } = base.matrix;
  const cases = all.filter((_, i) => i % Math.ceil(all.length / MOST) === 0);
  console.log(
    `MovieTweetings: ${visitors} visitors in the model, ${ids.length} films; ${cases.length} of ${all.length} visitors with a last film`,
  );
  const { note, rows } = bench(cases);
  await references(note, base, lambda);
  await note('fordi, topics alone', ask(items, watched, ranking({ ...PLAIN, topics: 1, neighbours: 0, prior: 0 })));
  await note('fordi, neighbours alone', ask(items, watched, ranking({ ...PLAIN, topics: 0, prior: 0 })));
  await note('fordi, neighbours and prior', ask(items, watched, ranking({ ...PLAIN, topics: 0 })));
  await note('fordi, neighbours, topics and prior', ask(items, watched, ranking(PLAIN)));
  await note('fordi as it comes (and diversity, and chance)', ask(items, watched));
  await note('the same, ratings as given (low ones count against)', ask(items, rated));
  console.log(`\n${table(['MovieTweetings, last film liked', ...HEAD], rows)}\n`);
}

await shop();
await films();
console.log(refused());
