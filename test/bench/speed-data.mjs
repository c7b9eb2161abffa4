// The data of the speed bench, the same in every run and for everyone measured. Runs inside the browser.

const DAY = 86_400_000;

/** A seeded stream of numbers in [0, 1) (mulberry32). */
export const seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

const GENRES = 20;
const TOPICS = 400;

/** Items with a genre, five topics, a maker and the shop's prior, the popular ones first, like a shop's. */
export function makeItems(count) {
  const random = seeded(7);
  return Array.from({ length: count }, (_, i) => {
    const topics = { [`genre ${Math.floor(random() ** 2 * GENRES)}`]: 1 };
    for (let t = 0; t < 5; t++) topics[`topic ${Math.floor(random() ** 2 * TOPICS)}`] = 0.5;
    const by = `maker ${Math.floor(random() * (count / 8))}`;
    return { id: `i${i}`, title: `Item ${i}`, by, topics, prior: Math.round(100 / (1 + (20 * i) / count)) / 100 };
  });
}

/** What a visitor does, and how often out of a hundred times. */
const HABITS = [
  ['listen', 40],
  ['view', 30],
  ['play', 15],
  ['save', 7],
  ['like', 5],
  ['purchase', 3],
];

function verbAt(place) {
  for (const [verb, share] of HABITS) {
    place -= share;
    if (place < 0) return verb;
  }
  return 'view';
}

/** What the visitor did within the last sixty days, oldest first: popular items more often, some again and again. */
export function makeHistory(items, count, random = seeded(11)) {
  return Array.from({ length: count }, (_, i) => ({
    verb: verbAt(Math.floor(random() * 100)),
    item: items[Math.floor(random() ** 1.5 * items.length)].id,
    age: 60 * DAY * (1 - i / count),
  }));
}
