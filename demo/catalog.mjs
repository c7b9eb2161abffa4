// The shop's stock: the records as the owner typed them, and the same as fordi's items, one list per language.

import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export const records = read('catalog.json');
const names = read('genres.json');
const byId = new Map(records.map((record) => [record.id, record]));

export const find = (id) => byId.get(id);
export const genres = Object.keys(names.genres);
export const ofGenre = (genre) => records.filter((record) => record.genre === genre);

/** What a genre, mood or instrument is called: `word('genres', 'jazz', 'da')`. */
export const word = (group, slug, lang) => names[group][slug]?.[lang] ?? slug.replaceAll('-', ' ');

// A topic is read aloud in reasons ("Because you listen to a lot of {x}"), so a mood needs a noun.
// biome-ignore format: a table
const MOOD_MUSIC = {
  en: { protest: 'protest songs' },
  da: { protest: 'protestsange', party: 'festmusik' },
  nl: {
    cool: 'coole muziek', 'late-night': 'nachtelijke muziek', melancholy: 'melancholische muziek', joyful: 'vrolijke muziek', raw: 'rauwe muziek',
    dreamy: 'dromerige muziek', driving: 'stuwende muziek', tender: 'tedere muziek', angry: 'boze muziek', spiritual: 'spirituele muziek',
    playful: 'speelse muziek', epic: 'grootse muziek', hypnotic: 'hypnotiserende muziek', warm: 'warme muziek', dark: 'donkere muziek',
    restless: 'rusteloze muziek', romantic: 'romantische muziek', protest: 'protestliederen', party: 'feestmuziek', meditative: 'meditatieve muziek',
  },
};
const NOUN = { en: 'music', da: 'musik', nl: 'muziek' };
const moodMusic = (mood, lang) => MOOD_MUSIC[lang][mood] ?? `${word('moods', mood, lang)} ${NOUN[lang]}`;

/** Three records in four have a singer: as a topic that says nothing about anybody's taste. */
const telling = (instrument) => instrument !== 'voice';

/** What a record is about, strongest first, with how much each topic counts. */
const topics = (record, lang) =>
  Object.fromEntries([
    [word('genres', record.genre, lang), 1],
    ...record.moods.map((mood, index) => [moodMusic(mood, lang), index === 0 ? 0.6 : 0.5]),
    ...record.instruments.filter(telling).map((instrument, index) => [word('instruments', instrument, lang), index === 0 ? 0.4 : 0.3]),
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
