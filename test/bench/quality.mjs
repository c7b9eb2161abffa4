// Does the visitor get what they would have taken next? fordi through its public API beside popularity, item-kNN and EASE,
// on real orders and ratings. `npm run build && FORDI_DATA=/path npm run bench:quality`
import { withNeighbours } from '../../dist/model.js';
import { ask, kept, pages, timeless } from './data/ask.mjs';
import { summary, table, topOf } from './data/metric.mjs';
import { cut, ground, KEEP, neighbours } from './data/model.mjs';
import { filmCases, filmSplit, shopCases, shopOrders } from './data/protocol.mjs';
import { folder, readFilms, readShop } from './data/read.mjs';
import { argued, cosine, dense, ease } from './data/reference.mjs';

const path = folder();
/** Item-kNN keeps this many similar items per recommended item: the published choice. */
const NEAREST = 100;
const SHOP_LAMBDA = 400;
const FILM_LAMBDA = 300;

/** So many visitors are also asked the long way, on disk, a page per visit: the lists must be the same. */
const SAMPLE = 25;

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

const without = (items, ...names) =>
  items.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name))));
const bought = ({ item }) => ({ verb: 'purchase', item });

/** The short way is only good if it shows what a device would have shown. */
async function checkOnDisk(items, cases, lists) {
  const some = cases.slice(0, SAMPLE);
  const long = await pages(items, bought)(some);
  const same = long.filter((list, i) => list.join() === lists[i].join()).length;
  console.log(`  on disk, a page per visit: ${same} of ${some.length} lists are the same`);
  if (same < some.length) process.exitCode = 1;
}

async function shop() {
  const data = readShop(path);
  const { training, later } = shopOrders(data);
  const base = ground(training);
  const { ids, place, visitors } = base.matrix;
  const cases = shopCases(later, place);
  console.log(`Online Retail: ${visitors} customers in the model, ${ids.length} items; ${cases.length} customers it never saw`);
  const plain = ids.map((id) => ({ id, title: data.titles.get(id) ?? id }));
  const items = withNeighbours(plain, neighbours(training, { lambda: SHOP_LAMBDA }));
  const { note, rows } = bench(cases);
  await references(note, base, SHOP_LAMBDA);
  await note('fordi, the shipped file alone', ask(without(items, 'prior'), bought, { past: timeless }));
  await note('fordi, with recency', ask(without(items, 'prior'), bought));
  await note('fordi, with recency and prior', ask(items, bought));
  const lists = await note('the same, only what life leaves on a device', ask(items, bought, { past: kept }));
  await checkOnDisk(items, cases, lists);
  console.log(`\n${table(['Online Retail, last basket', ...HEAD], rows)}\n`);
}

const watched = ({ item }) => ({ verb: 'watch', item });
const rated = ({ item, rating }) => ({ verb: 'rate', item, value: Math.max(-1, (rating - 5.5) / 4.5) });

async function films() {
  const { ratings, films } = readFilms(path);
  const { held, training } = filmSplit(ratings);
  const base = ground(training);
  const { ids, place, visitors } = base.matrix;
  const cases = filmCases(held, place);
  console.log(`MovieTweetings: ${visitors} visitors in the model, ${ids.length} films; ${cases.length} visitors with a last film`);
  const plain = ids.map((id) => ({ id, title: films.get(id)?.title ?? id, topics: films.get(id)?.topics ?? [] }));
  const items = withNeighbours(plain, neighbours(training, { lambda: FILM_LAMBDA }));
  const { note, rows } = bench(cases);
  await references(note, base, FILM_LAMBDA);
  await note('fordi, topics alone', ask(plain, watched));
  await note('fordi, neighbours alone', ask(without(items, 'topics', 'prior'), watched));
  await note('fordi, neighbours and prior', ask(without(items, 'topics'), watched));
  await note('fordi, neighbours, topics and prior', ask(items, watched));
  await note('the same, ratings as given (low ones count against)', ask(items, rated));
  console.log(`\n${table(['MovieTweetings, last film liked', ...HEAD], rows)}\n`);
}

await shop();
await films();
