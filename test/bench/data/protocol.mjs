// Who is tested on what. A case = one visitor: what they did (`past`, oldest first), when they are asked (`now`), what they
// took then (`taken`, new to them), and what they had (`had`).

/** The model knows orders before this day only; who had none before it is a stranger to it. */
export const CUT = Date.UTC(2010, 11, 1);
/** Items of fewer visitors are left out. */
export const LEAST = 10;

export function groups(things, keyOf) {
  const found = new Map();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = found.get(key);
    if (group) group.push(thing);
    else found.set(key, [thing]);
  }
  return found;
}

/** One visitor's baskets, oldest first; a basket is an invoice and carries the time of its first line. */
function basketsOf(orders) {
  const baskets = [...groups(orders, (line) => line.basket)].map(([id, lines]) => ({
    id,
    at: Math.min(...lines.map((line) => line.at)),
    items: new Set(lines.map((line) => line.item)),
  }));
  return baskets.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}

/** The last basket is what is to be foretold; only what was never bought before and what the model knows counts. */
function lastBasket(visitor, orders, known) {
  const baskets = basketsOf(orders);
  const last = baskets.pop();
  const had = new Set(baskets.flatMap(({ items }) => [...items]));
  const taken = new Set([...last.items].filter((id) => known.has(id) && !had.has(id)));
  const past = baskets.flatMap(({ at, items }) => [...items].filter((item) => known.has(item)).map((item) => ({ item, at })));
  return { visitor, past, had, taken, now: last.at };
}

const usable = ({ past, taken }) => past.length > 0 && taken.size > 0;

/** Online Retail: the model's orders, and the customers first seen later. */
export function shopOrders({ before, after }) {
  const training = before.filter((line) => line.at < CUT);
  const seen = new Set(training.map((line) => line.visitor));
  return { training, later: after.filter((line) => !seen.has(line.visitor)) };
}

export const shopCases = (orders, known) =>
  [...groups(orders, (line) => line.visitor)].map(([visitor, lines]) => lastBasket(visitor, lines, known)).filter(usable);

/** A film rated from here on (of 10) was liked. */
const LIKED = 6;

/**
 * MovieTweetings, leave-last-out: the last film a visitor liked is to be foretold from what they rated before it; the model
 * is made from all other films liked, that visitor's others included (the usual protocol).
 */
export function filmSplit(ratings) {
  const held = new Map();
  for (const [visitor, mine] of groups(ratings, (r) => r.visitor)) {
    const sorted = [...mine].sort((a, b) => a.at - b.at);
    const last = sorted.findLastIndex((r) => r.rating >= LIKED);
    if (last > 0) held.set(visitor, { last: sorted[last], past: sorted.slice(0, last), later: sorted.slice(last + 1) });
  }
  const out = new Set([...held.values()].map(({ last }) => last));
  return { held, training: ratings.filter((r) => r.rating >= LIKED && !out.has(r)) };
}

export function filmCases(held, known) {
  const cases = [...held].map(([visitor, { last, past, later }]) => ({
    visitor,
    past: past.filter((r) => known.has(r.item)),
    had: new Set([...past, ...later].map((r) => r.item)),
    taken: new Set(known.has(last.item) ? [last.item] : []),
    now: last.at,
  }));
  return cases.filter(usable);
}
