// What each rule costs: the quality of the lists, and how many items get a reason, with and without it.
// `npm run build && FORDI_DATA=/path npm run bench:honesty`
import { askPicks, idsOf, kept, whole } from './data/ask.mjs';
import { DAY, refused, setClock } from './data/device.mjs';
import { summary, table } from './data/metric.mjs';
import { folder } from './data/read.mjs';
import { filmSet, shopSet } from './data/sets.mjs';

const path = folder();
const HEAD = ['NDCG@10', 'against "as it comes"', "the visitor's reason", "the shop's"];
/**
 * Visits of a fortnight in which the list was seen and nothing was done: the hardest case for the rule that items tire. Its
 * two rows are to be read against each other: what was bought in those days is left out of both.
 */
const VISITS = [5, 4, 3, 2, 1];
/** So many visitors of the larger set are enough. */
const MOST = 1_500;

const percent = (part, of) => `${((100 * part) / of).toFixed(1)} %`;

function bench(cases) {
  const rows = [];
  let first;
  return {
    rows,
    async note(name, listsOf) {
      const lists = await listsOf(cases);
      const { ndcg } = summary(lists.map(idsOf), cases);
      first ??= ndcg;
      const kinds = lists.flat().map(({ because }) => because?.kind ?? 'none');
      const own = kinds.filter((kind) => kind === 'records' || kind === 'topic').length;
      const shop = kinds.filter((kind) => kind === 'shop').length;
      const against = `${ndcg < first ? '' : '+'}${(100 * (ndcg / first - 1)).toFixed(1)} %`;
      rows.push([name, ndcg, against, percent(own, kinds.length), percent(shop, kinds.length)]);
      console.log(`  ${name}: ${ndcg.toFixed(4)} ${against}`);
    },
  };
}

/** The same list seen visit after visit, and left alone. */
async function seen(fordi, { now }) {
  for (const days of VISITS) {
    setClock(now - days * DAY);
    await fordi.shown(await fordi.recommend({ slot: 'bench', limit: 10 }));
  }
  setClock(now);
}

/** Whatever happened in those last days is left out on both sides, or else the visits would come before it. */
const before = (one) => whole({ ...one, past: one.past.filter(({ at }) => at < one.now - (VISITS[0] + 1) * DAY) });

/** Variants of one product carry one number: 85123A and 85123B. */
const family = (item) => ({ ...item, by: /^\d+/.exec(item.id)?.[0] ?? item.id });

/** What things are called says nothing. */
const nameless = (item) => ({ ...item, title: item.id });

const voice = (dial) => ({ before: (fordi) => fordi.setVoice(dial) });
const ranking = (how) => ({ options: { ranking: how } });

/** The rules that every site has. */
async function common(note, items, eventOf) {
  const told = (how) => askPicks(items, eventOf, how);
  await note('as it comes', told());
  await note('kept 180 days only, asked again after 182', told({ past: kept }));
  await note('audience open', told({ options: { audience: 'open' } }));
  await note('audience cautious', told({ options: { audience: 'cautious' } }));
  await note('in public', told({ options: { slots: { bench: { visibility: 'public' } } } }));
  await note('voice quiet', told(voice('quiet')));
  await note('voice off', told(voice('off')));
  await note('older than 90 days may be named', told({ options: { namedDays: 182 } }));
  for (const prior of [0, 0.05, 0.1, 0.2, 0.5, 1]) await note(`the shop's prior ${prior}`, told(ranking({ prior })));
  await note('no diversity', told(ranking({ diversity: 0 })));
  await note('no chance', told(ranking({ explore: 0 })));
  await note('five visits seen before, items tire (beside the next)', told({ past: before, before: seen }));
  await note(
    'five visits seen before, nothing tires',
    told({ past: before, before: seen, options: { fatigue: { shows: 1000, told: 1000 } } }),
  );
}

/**
 * Orders that came from elsewhere (a till, a bought list) are not used at all, and nothing inferred is named. What is not used
 * does not settle what the visitor has, either: that is why such a list, as under the voice `off`, falls below popularity.
 */
async function provenance(note, items, eventOf) {
  for (const way of ['passive', 'inferred', 'acquired'])
    await note(
      `the same evidence, ${way}`,
      askPicks(items, (e) => ({ ...eventOf(e), provenance: way })),
    );
}

async function crowd(note, modelled, eventOf) {
  for (const least of [1, 3, 20])
    await note(`a pair needs ${least} visitor${least > 1 ? 's' : ''}, not 10`, askPicks(modelled({ 'min-visitors': least }), eventOf));
}

for (const set of [shopSet, filmSet]) {
  const { name, items, modelled, cases, verb } = set(path);
  const eventOf = ({ item }) => ({ verb, item });
  const step = Math.ceil(cases.length / MOST);
  const some = cases.filter((_, i) => i % step === 0);
  console.log(`${name}: ${some.length} visitors`);
  const { note, rows } = bench(some);
  await common(note, items, eventOf);
  await provenance(note, items, eventOf);
  await note('titles do not decide how personal a thing is', askPicks(items.map(nameless), eventOf));
  if (verb === 'purchase') await note('at most four variants of one product', askPicks(items.map(family), eventOf, ranking({ topics: 0 })));
  await crowd(note, modelled, eventOf);
  console.log(`\n${table([name, ...HEAD], rows)}\n`);
}
console.log(refused());
