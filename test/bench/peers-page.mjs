// The nearest thing each peer does, set up as its manual says and asked for twelve. None of them gives a reason, keeps
// rights or leaves out what the visitor already knows; where that makes them faster, it is in their favour.
import { profileOf } from './speed-bare.mjs';

const SIZE = 12;
const QUERY = 8;

/** The visitor's strongest topics, each with its strength: the query of a search engine. Making it is not timed. */
export function strongest(prepared) {
  const profile = profileOf(prepared);
  const topics = [...prepared.columns].map(([name, column]) => [name, profile[column]]);
  return topics.sort((a, b) => b[1] - a[1]).slice(0, QUERY);
}

/**
 * Uniform Context: topics are enrichments, every act adds to the scores of its item's topics, every item is a variation
 * tagged with its genre, and the algorithm "strongest score" places twelve. No consent to storage: nothing but memory.
 */
export async function uniform(items, acts) {
  const { Context, createLinearDecay } = await import('/uniform.js');
  const pz = { sig: {}, enr: { topic: { cap: 1e9 } }, agg: {} };
  const context = new Context({ manifest: { project: { id: 'bench', pz } }, defaultConsent: false, decay: createLinearDecay() });
  const variations = items.map((item) => ({ id: item.id, pz: { dim: `topic_${Object.keys(item.topics)[0]}` }, item }));
  const byId = new Map(items.map((item) => [item.id, item]));
  const learn = async ({ item }) => {
    const enrichments = Object.entries(byId.get(item).topics).map(([key, weight]) => ({ cat: 'topic', key, str: 2 * weight }));
    await context.update({ enrichments });
  };
  for (const act of acts) await learn(act);
  const answer = () => context.personalize({ name: 'shelf', variations, take: SIZE, algorithm: 'ssc' }).variations.map(({ id }) => id);
  return { answer, keep: [context, variations] };
}

const wordsOf = ({ topics, by }) => [...Object.keys(topics), by].join(' ');
const split = (text) => text.split(' ');

/** MiniSearch: items are documents of topics; the query is the visitor's strongest topics, each boosted by its strength. */
export async function minisearch(items, topics) {
  const { default: MiniSearch } = await import('/minisearch.js');
  const index = new MiniSearch({ fields: ['text'], tokenize: split });
  index.addAll(items.map((item, id) => ({ id, text: wordsOf(item) })));
  const query = topics.map(([name]) => name).join(' ');
  const strength = new Map(topics);
  const boostTerm = (term) => strength.get(term) ?? 1;
  const answer = () =>
    index
      .search(query, { boostTerm })
      .slice(0, SIZE)
      .map(({ id }) => items[id].id);
  return { answer, keep: index };
}

/** FlexSearch: the same documents; `suggest` lets an item match without matching every topic of the query. */
export async function flexsearch(items, topics) {
  const { Index } = await import('/flexsearch.js');
  const index = new Index({ encode: split });
  items.forEach((item, id) => {
    index.add(id, wordsOf(item));
  });
  const query = topics.map(([name]) => name).join(' ');
  const answer = () => index.search(query, { limit: SIZE, suggest: true }).map((id) => items[id].id);
  return { answer, keep: index };
}
