// Who argues for whom. A real shop reads this from its orders (`npx fordi neighbours`); Grooves has none, so its log is made up
// here, anew at each start and always the same: 600 listeners, each with a genre or two, a mood and a maker they keep to. What is
// counted is who was heard together (cosine, shrunk), which topics alone do not say.

import { find, items, records } from './catalog.mjs';
import { json } from './html.mjs';
import { seeded } from './seeded.js';

const LISTENERS = 600;
const HEARD = 14;
/** Records heard by few are alike by chance. */
const SHRINK = 10;
/** A pair that fewer listeners share says something about them, not about the records. */
const LEAST = 5;
const MOST = 8;

const any = (chance, list) => list[Math.floor(chance() * list.length)];

/** How much one listener would like a record. */
const liking = ({ genres, mood, maker }, record) =>
  (genres.includes(record.genre) ? 1 : 0.05) * (record.moods.includes(mood) ? 3 : 1) * (record.by === maker ? 4 : 1);

const listener = (_, number) => {
  const chance = seeded(`listener ${number}`);
  const [first, second] = [any(chance, records), any(chance, records)];
  const taste = { genres: [first.genre, second.genre], mood: any(chance, first.moods), maker: first.by };
  const drawn = records.map((record) => [chance() ** (1 / liking(taste, record)), record.id]);
  return drawn
    .sort(([a], [b]) => b - a)
    .slice(0, HEARD)
    .map(([, id]) => id);
};

const count = () => {
  const alone = new Map();
  const together = new Map(records.map(({ id }) => [id, new Map()]));
  for (const heard of Array.from({ length: LISTENERS }, listener))
    for (const a of heard) {
      alone.set(a, (alone.get(a) ?? 0) + 1);
      for (const b of heard) if (a !== b) together.get(a).set(b, (together.get(a).get(b) ?? 0) + 1);
    }
  return { alone, together };
};

const reckon = () => {
  const { alone, together } = count();
  const links = new Map(
    [...together].map(([a, others]) => {
      const near = [...others].filter(([, times]) => times >= LEAST);
      const weighed = near.map(([b, times]) => [b, times / (Math.sqrt(alone.get(a) * alone.get(b)) + SHRINK)]);
      return [a, weighed.sort(([, x], [, y]) => y - x).slice(0, MOST)];
    }),
  );
  const strongest = Math.max(...[...links.values()].flat().map(([, weight]) => weight));
  return { links, strongest };
};

let once;
const cards = new Map(items('en', '').map((item) => [item.id, item]));
/** On these pages records live under another address. */
const card = (id) => ({ ...cards.get(id), url: `/carried/${id}` });

/** What a record's page says of it and of those it argues for, for a device without a catalog. */
export const block = (id) => {
  once ??= reckon();
  const near = once.links.get(find(id).id);
  return json({
    ...card(id),
    neighbours: near.map(([other, weight]) => ({ ...card(other), weight: +(weight / once.strongest).toFixed(4) })),
  });
};
