// The data the benches measure on: real orders and ratings, read from the folder that FORDI_DATA names. Nothing of it is
// part of the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FILES = {
  before: 'online-retail-ii-0910.events.csv.gz',
  after: 'online-retail-1011.events.csv.gz',
  titlesBefore: 'online-retail-ii-0910.items.tsv.gz',
  titlesAfter: 'online-retail-1011.items.tsv.gz',
  ratings: 'movietweetings-100k.ratings.dat.gz',
  films: 'movietweetings-100k.movies.dat.gz',
};

/** The folder, or the end of the run: without data there are no figures, and none are made up. */
export function folder() {
  const path = process.env.FORDI_DATA;
  const missing = path && Object.values(FILES).find((name) => !existsSync(join(path, name)));
  if (path && !missing) return path;
  const what = path ? `FORDI_DATA is ${path}, but ${missing} is not there` : 'FORDI_DATA is not set';
  console.log(
    `${what}: no figures. Expected a folder with\n  ${Object.values(FILES).join('\n  ')}\nThen: FORDI_DATA=/path npm run ${process.env.npm_lifecycle_event ?? 'bench:quality'}`,
  );
  return process.exit(0);
}

const lines = (path, name) =>
  gunzipSync(readFileSync(join(path, FILES[name])))
    .toString('utf8')
    .split('\n')
    .filter(Boolean);

/** Dates as the shop wrote them, taken as UTC. Milliseconds. */
const at = (date) => Date.parse(`${date.replace(' ', 'T')}${date.length === 16 ? ':00' : ''}Z`);

const orders = (path, name) =>
  lines(path, name)
    .slice(1)
    .map((line) => line.split(','))
    .map(([visitor, basket, date, item]) => ({ visitor, basket, at: at(date), item }));

const titles = (path, name) =>
  lines(path, name)
    .slice(1)
    .map((line) => line.split('\t'));

/** Online Retail: order lines of the year before, and of the year that is tested on. */
export function readShop(path) {
  return {
    before: orders(path, 'before'),
    after: orders(path, 'after'),
    titles: new Map([...titles(path, 'titlesBefore'), ...titles(path, 'titlesAfter')]),
  };
}

/** MovieTweetings: who rated what, when, and the genres of each film. */
export function readFilms(path) {
  const ratings = lines(path, 'ratings')
    .map((line) => line.split('::'))
    .map(([visitor, item, rating, seconds]) => ({ visitor, item, rating: +rating, at: +seconds * 1000 }));
  const films = lines(path, 'films')
    .map((line) => line.split('::'))
    .map(([id, title, genres]) => [id, { title, topics: (genres ?? '').split('|').filter(Boolean) }]);
  return { ratings, films: new Map(films) };
}
