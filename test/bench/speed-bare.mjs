// What a hand-written recommender would do with the same data: the floor that every answer is measured against.
// It writes where it wrote the last time, as fordi does: fresh memory would take longer than the loop.

const DAY = 86_400_000;
const PRIOR = 0.1;

/** Topics of items as rows of one sparse matrix (TF-IDF, each row of length 1). */
function matrixOf(items) {
  const columns = new Map();
  const seen = [];
  const rows = items.map(({ topics, by }) =>
    Object.entries({ ...topics, [by]: 0.5 }).map(([name, weight]) => {
      if (!columns.has(name)) columns.set(name, columns.size);
      const c = columns.get(name);
      seen[c] = (seen[c] ?? 0) + 1;
      return [c, weight];
    }),
  );
  const start = new Uint32Array(items.length + 1);
  rows.forEach((row, i) => {
    start[i + 1] = start[i] + row.length;
  });
  const column = new Uint32Array(start[items.length]);
  const value = new Float32Array(start[items.length]);
  rows.forEach((row, i) => {
    const weights = row.map(([c, w]) => w * Math.log(1 + items.length / seen[c]));
    const length = Math.hypot(...weights);
    row.forEach(([c], n) => {
      column[start[i] + n] = c;
      value[start[i] + n] = weights[n] / length;
    });
  });
  return { columns, start, column, value };
}

/** One line per item and verb, as fordi folds them, so that the floor reads no more evidence than fordi does. */
function linesOf(acts, rows, verbs, now) {
  const lines = new Map();
  for (const { verb, item, age } of acts) {
    const { weight, halfLife, settles } = verbs[verb];
    const line = lines.get(verb + item) ?? { row: rows.get(item), weight: 0, last: 0, halfLife: halfLife * DAY, settles };
    const at = now - age;
    line.weight = line.weight * (line.last && 2 ** ((line.last - at) / line.halfLife)) + weight;
    line.last = at;
    lines.set(verb + item, line);
  }
  return [...lines.values()];
}

/** Row by row, the rows it argues for and how much. */
const linksOf = (items, rows) =>
  items.map(({ neighbours = {} }) => ({
    to: Uint32Array.from(Object.keys(neighbours), (id) => rows.get(id)),
    weight: Float32Array.from(Object.values(neighbours)),
  }));

/** Everything a call needs, built once: the matrix, the links, the prior, the visitor's lines. */
export function prepare(items, acts, verbs) {
  const rows = new Map(items.map(({ id }, i) => [id, i]));
  const lines = linesOf(acts, rows, verbs, Date.now());
  const known = new Uint8Array(items.length);
  for (const { row, settles } of lines) if (settles) known[row] = 1;
  const prior = Float64Array.from(items, (item) => PRIOR * item.prior);
  const matrix = matrixOf(items);
  const room = { profile: new Float64Array(matrix.columns.size), scores: new Float64Array(items.length) };
  return { ...matrix, ...room, items, links: linksOf(items, rows), lines, known, prior };
}

const decayed = ({ weight, last, halfLife }, now) => weight * 2 ** ((last - now) / halfLife);

/** The visitor's taste now: every line decayed to this moment, times the topics of its item. */
export function profileOf({ profile, start, column, value, lines }) {
  const now = Date.now();
  profile.fill(0);
  for (const line of lines) {
    const w = decayed(line, now);
    for (let i = start[line.row], to = start[line.row + 1]; i < to; i++) profile[column[i]] += w * value[i];
  }
  return profile;
}

/** The prior, and what the neighbours of the visitor's items add to it. */
function priorOf({ prior, scores, links, lines }) {
  const now = Date.now();
  scores.set(prior);
  for (const line of lines) {
    const { to, weight } = links[line.row];
    if (!to.length) continue;
    const w = decayed(line, now);
    for (let i = 0; i < to.length; i++) scores[to[i]] += w * weight[i];
  }
  return scores;
}

/** Puts `what` where it belongs among the best; returns the score to beat from now on. */
function insert(top, size, s, what) {
  let place = top.length;
  while (place > 0 && top[place - 1][0] < s) place--;
  top.splice(place, 0, [s, what]);
  if (top.length > size) top.pop();
  return top.length === size ? top[size - 1][0] : 0;
}

/** One pass: the dot product of every item not yet known with the profile, and the best. Ids, no reasons. */
export function bareLoop(prepared, size) {
  const { items, start, column, value, known } = prepared;
  const profile = profileOf(prepared);
  const scores = priorOf(prepared);
  const top = [];
  let floor = 0;
  for (let row = 0; row < items.length; row++) {
    if (known[row]) continue;
    let s = scores[row];
    for (let i = start[row], to = start[row + 1]; i < to; i++) s += profile[column[i]] * value[i];
    if (s > floor) floor = insert(top, size, s, row);
  }
  return top.map(([, row]) => items[row].id);
}

/** The same scores by the formula as it is written: a dot product of every item with every line, and no vector of taste in between. */
export function barePairs(prepared, size) {
  const { items, columns, start, column, value, known, lines } = prepared;
  const now = Date.now();
  const weights = lines.map((line) => decayed(line, now));
  const scores = priorOf(prepared);
  const here = new Float64Array(columns.size);
  const top = [];
  let floor = 0;
  for (let row = 0; row < items.length; row++) {
    if (known[row]) continue;
    for (let i = start[row], to = start[row + 1]; i < to; i++) here[column[i]] = value[i];
    let s = scores[row];
    for (let n = 0; n < lines.length; n++) {
      let dot = 0;
      for (let i = start[lines[n].row], to = start[lines[n].row + 1]; i < to; i++) dot += here[column[i]] * value[i];
      s += weights[n] * dot;
    }
    for (let i = start[row], to = start[row + 1]; i < to; i++) here[column[i]] = 0;
    if (s > floor) floor = insert(top, size, s, row);
  }
  return top.map(([, row]) => items[row].id);
}

/** Where pages carry their neighbours: the cards the visitor has met, and who argues for them. */
export function prepareCards(blocks, acts, verbs) {
  const rows = new Map([...blocks.keys()].map((item, row) => [item, row]));
  const places = new Map();
  const placeOf = (id) => places.get(id) ?? places.set(id, places.size).size - 1;
  const links = [...blocks.values()].map(({ neighbours }) => neighbours.map(({ id, weight }) => [placeOf(id), weight]));
  const lines = linesOf(acts, rows, verbs, Date.now());
  const pages = [...blocks.values()];
  const known = lines.filter(({ settles }) => settles).map(({ row }) => placeOf(pages[row].id));
  return { lines, links, known, ids: [...places.keys()], scores: new Float64Array(places.size) };
}

/** The visitor's lines, decayed, times the weights of the cards they argue for; the best cards not yet known. */
export function bareCards({ lines, links, known, ids, scores }, size) {
  const now = Date.now();
  scores.fill(0);
  for (const line of lines) {
    const w = decayed(line, now);
    for (const [to, weight] of links[line.row]) scores[to] += w * weight;
  }
  for (const place of known) scores[place] = 0;
  const top = [];
  let floor = 0;
  for (let place = 0; place < scores.length; place++) if (scores[place] > floor) floor = insert(top, size, scores[place], place);
  return top.map(([, place]) => ids[place]);
}
