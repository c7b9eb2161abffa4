// The shop's stock: the records as the owner typed them, and the same as fordi's items, one list per language.

import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const records = read('catalog.json');
const names = read('genres.json');
const byId = new Map(records.map((record) => [record.id, record]));

/** Small numbers that look random and are the same on every machine (FNV-1a, then mulberry32). */
export const seeded = (text) => {
  let state = 2166136261;
  for (const char of text) state = Math.imul(state ^ char.codePointAt(0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

export const find = (id) => byId.get(id);
export const genres = Object.keys(names.genres);
export const ofGenre = (genre) => records.filter((record) => record.genre === genre);

/** What a genre, mood or instrument is called: `word('genres', 'jazz', 'da')`. */
export const word = (group, slug, lang) => names[group][slug]?.[lang] ?? slug.replaceAll('-', ' ');

/** The words a record is described with, strongest first, with how much each counts as a topic. */
export const topics = (record, lang) =>
  Object.fromEntries([
    [word('genres', record.genre, lang), 1],
    ...record.moods.map((mood, index) => [word('moods', mood, lang), index === 0 ? 0.6 : 0.5]),
    ...record.instruments.map((instrument, index) => [word('instruments', instrument, lang), index === 0 ? 0.4 : 0.3]),
  ]);

const asItem = (lang, prefix) => (record) => ({
  id: record.id,
  title: record.title,
  by: record.by,
  kind: record.kind,
  url: `${prefix}/record/${record.id}`,
  image: `/cover/${record.id}.svg`,
  price: record.price,
  topics: topics(record, lang),
});

export const items = (lang, prefix) => records.map(asItem(lang, prefix));

/** One of each genre in turn, so that the front page shows the breadth of the shop. */
export const justIn = (count) => {
  const rows = genres.map((genre) => ofGenre(genre).toSorted((a, b) => b.year - a.year || a.id.localeCompare(b.id)));
  const turns = Array.from({ length: count }, (_, turn) => rows[turn % rows.length][Math.floor(turn / rows.length)]);
  return turns.filter(Boolean);
};
