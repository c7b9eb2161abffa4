// The data of the speed bench: the same in every run, and for everyone measured. Runs inside the browser.

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

/** A genre, which counts double, and five topics. One word each, so that no search engine takes them apart. */
function topicsFrom(random) {
  const topics = { [`genre${Math.floor(random() ** 2 * GENRES)}`]: 1 };
  for (let t = 0; t < 5; t++) topics[`topic${Math.floor(random() ** 2 * TOPICS)}`] = 0.5;
  return topics;
}

/** Items with topics, a maker and the shop's prior, the popular ones first, like a shop's. */
export function makeItems(count) {
  const random = seeded(7);
  return Array.from({ length: count }, (_, i) => {
    const by = `maker${Math.floor(random() * (count / 8))}`;
    return { id: `i${i}`, title: `Item ${i}`, by, topics: topicsFrom(random), prior: Math.round(100 / (1 + (20 * i) / count)) / 100 };
  });
}

const NEIGHBOURS = 20;

/** The same items with twenty neighbours each, as a shipped model has them. */
export function withLinks(items) {
  const random = seeded(17);
  const other = () => items[Math.floor(random() ** 1.5 * items.length)].id;
  return items.map((item) => ({
    ...item,
    neighbours: Object.fromEntries(Array.from({ length: NEIGHBOURS }, (_, n) => [other(), Math.round(1e4 * 0.9 ** n) / 1e4])),
  }));
}

/** What a visitor does, and how often out of a hundred times. */
const HABITS = { listen: 40, view: 30, play: 15, save: 7, like: 5, purchase: 3 };

export const KEEPS = Object.keys(HABITS);

function verbAt(place) {
  for (const [verb, share] of Object.entries(HABITS)) {
    place -= share;
    if (place < 0) return verb;
  }
}

/** `count` acts within the last sixty days, oldest first, each upon what `choose` says. */
function acts(count, random, choose) {
  return Array.from({ length: count }, (_, i) => ({
    verb: verbAt(Math.floor(random() * 100)),
    item: choose(),
    age: 60 * DAY * (1 - i / count),
  }));
}

/** A visitor's acts are upon the popular end of a large catalog, so that one history serves catalogs of several sizes. */
export const POOL = 10_000;

/** Popular items more often, some again and again. */
export function makeHistory(items, count) {
  const random = seeded(11);
  const pool = Math.min(items.length, POOL);
  return acts(count, random, () => items[Math.floor(random() ** 1.5 * pool)].id);
}

// A catalog that is never in the browser: what a page carries of its item is made from the item's number.

/** Items that are neighbours of one another. */
const NEIGHBOURHOOD = 200;
/** Neighbourhoods one visitor is at home in: what differs between catalogs is their size, not the visitor. */
const INTERESTS = 25;

/** As long for every item, so that bytes can be compared. */
const idOf = (i) => `i${String(i).padStart(7, '0')}`;

function cardOf(i) {
  const id = idOf(i);
  const by = `maker${String(Math.floor(i / 8)).padStart(6, '0')}`;
  return { id, title: `Item ${id}`, url: `https://shop.example/${id}`, by, topics: Object.keys(topicsFrom(seeded(i))) };
}

/** The block of one item's page: the item and the cards of the twenty items it argues for. */
export function blockOf(i) {
  const random = seeded(i + 1);
  const from = i - (i % NEIGHBOURHOOD);
  const others = new Set();
  while (others.size < NEIGHBOURS) {
    const other = from + Math.floor(random() * NEIGHBOURHOOD);
    if (other !== i) others.add(other);
  }
  const neighbours = [...others].map((other, n) => ({ ...cardOf(other), weight: Math.round(1e4 * 0.9 ** n) / 1e4 }));
  return { ...cardOf(i), neighbours };
}

/** Visitors of the same habits in a catalog of any size: every act brings the block of the page it happened on. */
export function makeVisits(catalogSize, count, visitor) {
  const random = seeded(1e6 * (visitor + 1));
  const every = Math.floor(catalogSize / NEIGHBOURHOOD / INTERESTS);
  return acts(count, random, () => {
    const home = every * Math.floor(random() * INTERESTS);
    return home * NEIGHBOURHOOD + Math.floor(random() ** 1.5 * NEIGHBOURHOOD);
  });
}
