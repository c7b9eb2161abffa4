// The two data sets as the benches use them: a catalog with the model fordi ships, and visitors to test on.
import { withNeighbours } from '../../../dist/model.js';
import { ground, neighbours } from './model.mjs';
import { filmCases, filmSplit, shopCases, shopOrders } from './protocol.mjs';
import { readFilms, readShop } from './read.mjs';

const SHOP_LAMBDA = 400;
const FILM_LAMBDA = 300;

/** `how` = further options of the fordi command. */
export function shopSet(path, how = {}) {
  const data = readShop(path);
  const { training, later } = shopOrders(data);
  const base = ground(training);
  const { ids, place } = base.matrix;
  const plain = ids.map((id) => ({ id, title: data.titles.get(id) ?? id }));
  const modelled = (more) => withNeighbours(plain, neighbours(training, { lambda: SHOP_LAMBDA, ...how, ...more }));
  return {
    name: 'Online Retail',
    lambda: SHOP_LAMBDA,
    base,
    plain,
    modelled,
    items: modelled(),
    events: later,
    cases: shopCases(later, place),
    verb: 'purchase',
  };
}

export function filmSet(path, how = {}) {
  const { ratings, films } = readFilms(path);
  const { held, training } = filmSplit(ratings);
  const base = ground(training);
  const { ids, place } = base.matrix;
  const plain = ids.map((id) => ({ id, title: films.get(id)?.title ?? id, topics: films.get(id)?.topics ?? [] }));
  const modelled = (more) => withNeighbours(plain, neighbours(training, { lambda: FILM_LAMBDA, ...how, ...more }));
  return {
    name: 'MovieTweetings',
    lambda: FILM_LAMBDA,
    base,
    plain,
    modelled,
    items: modelled(),
    events: ratings,
    cases: filmCases(held, place),
    verb: 'watch',
  };
}
