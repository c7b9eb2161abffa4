import type { Call } from './call.js';
import { within } from './counting.js';
import type { Duck } from './duck.js';
import type { Links } from './pack.js';
import { type Desk, step } from './step.js';

// The two methods that are nothing but SQL. Both count per recommended item, a slice of the items at a time, so that memory and
// disk stay bounded whatever the number of pairs.

/** Rows that a slice may join. */
const SLICE = 60e6;
/** How far ahead `transitions` looks: the next item counts 1, the one after it a half, the third a third. */
const STEPS = 3;

interface Way {
  prepare(call: Call, among: string): string[];
  /** How many rows the slices join in all. */
  readonly work: string;
  slice(call: Call): string;
  /** From pairs to links: per target the strongest sources; of equals the more popular. */
  finish(call: Call): string[];
}

const strongest = (weight: string, top: number) =>
  `max({weight: ${weight}, source: -source}, ${top}) FILTER (isfinite(${weight}) AND ${weight} > 0) AS strongest`;

/** A number that stands in the query, as far as DuckDB is concerned: the text of it depends on no data. */
const inSlice = (place: string) => `${place} % getvariable('slices') = getvariable('slice')`;

/** Half the pairs suffice: the larger place and, where enough visitors have both, the smaller ones. */
const COSINE_PAIRS =
  'CREATE OR REPLACE TABLE pairs (place INTEGER, pairs BIGINT, dropped BIGINT, kept STRUCT(other INTEGER, dot DOUBLE)[])';

const cosine: Way = {
  prepare: () => [
    'CREATE OR REPLACE TABLE norms AS SELECT place, sqrt(sum(weight * weight)) AS norm FROM history GROUP BY place',
    COSINE_PAIRS,
  ],
  work: 'SELECT coalesce(sum(n * (n - 1) / 2), 0)::DOUBLE AS joined FROM (SELECT count(*) AS n FROM history GROUP BY visitor)',
  slice: ({ minVisitors, weight }) => `INSERT INTO pairs
SELECT place, count(*), count(*) FILTER (common < ${minVisitors}), list({other: other, dot: dot}) FILTER (common >= ${minVisitors})
FROM (SELECT b.place AS place, a.place AS other, count(*) AS common, ${weight === undefined ? 'count(*)' : 'sum(a.weight * b.weight)'} AS dot
  FROM history b JOIN history a ON a.visitor = b.visitor AND a.place < b.place
  WHERE ${inSlice('b.place')} GROUP BY ALL)
GROUP BY place`,
  finish: ({ lambda, top }) => [
    `CREATE OR REPLACE TABLE links AS
WITH half AS (SELECT place, unnest(kept) AS one FROM pairs),
sides AS (SELECT place AS target, one.other AS source, one.dot AS dot FROM half UNION ALL SELECT one.other, place, one.dot FROM half),
weighed AS (SELECT target, source, dot / (t.norm * s.norm + ${lambda}) AS weight
  FROM sides JOIN norms t ON t.place = target JOIN norms s ON s.place = source)
SELECT target, ${strongest('weight', top)} FROM weighed GROUP BY target`,
  ],
};

const steps = Array.from({ length: STEPS }, (_, i) => i + 1);

const TRANSITION_PAIRS = `CREATE OR REPLACE TABLE pairs (place INTEGER, pairs BIGINT, dropped BIGINT, kept STRUCT(other INTEGER, sum DOUBLE)[])`;

const transitions: Way = {
  prepare: (call, among) => [
    `CREATE OR REPLACE TABLE visits AS
SELECT visitor, place, time, rows.rowid AS nth, rows.weight FROM rows JOIN names USING (item) JOIN items USING (name)
WHERE ${['reason IS NULL', among, ...within(call)].join(' AND ')}
  AND NOT EXISTS (FROM heavy WHERE heavy.visitor = rows.visitor AND heavy.place = items.place)`,
    `CREATE OR REPLACE TABLE steps AS
WITH changes AS (SELECT * FROM visits
  QUALIFY place IS DISTINCT FROM lag(place) OVER (PARTITION BY visitor ORDER BY time, nth)),
ahead AS (SELECT visitor, place, weight, ${steps.map((n) => `lead(place, ${n}) OVER later AS place${n}`).join(', ')}
  FROM changes WINDOW later AS (PARTITION BY visitor ORDER BY time, nth))
${steps.map((n) => `SELECT visitor, place AS source, place${n} AS target, weight / ${n} AS weight FROM ahead WHERE place${n} <> place`).join('\nUNION ALL ')}`,
    `CREATE OR REPLACE TABLE leaving AS
SELECT source, sum(weight) AS weight FROM (SELECT visitor, source, log2(1 + sum(weight)) AS weight FROM steps GROUP BY ALL) GROUP BY source`,
    TRANSITION_PAIRS,
  ],
  work: 'SELECT count(*)::DOUBLE AS joined FROM steps',
  slice: ({ minVisitors }) => `INSERT INTO pairs
SELECT target, count(*), count(*) FILTER (common < ${minVisitors}), list({other: source, sum: sum}) FILTER (common >= ${minVisitors})
FROM (SELECT source, target, count(*) AS common, sum(weight) AS sum
  FROM (SELECT visitor, source, target, log2(1 + sum(weight)) AS weight FROM steps WHERE ${inSlice('target')} GROUP BY ALL)
  GROUP BY ALL)
GROUP BY target`,
  finish: ({ lambda, top }) => [
    `CREATE OR REPLACE TABLE links AS
WITH single AS (SELECT place AS target, unnest(kept) AS one FROM pairs),
weighed AS (SELECT target, source, one.sum / (leaving.weight + ${lambda}) AS weight FROM single JOIN leaving ON source = one.other)
SELECT target, ${strongest('weight', top)} FROM weighed GROUP BY target`,
  ],
};

const READ = `SELECT target, -(one.source) AS source, one.weight AS weight
FROM (SELECT target, unnest(strongest) AS one FROM links) ORDER BY target, source`;

const wayOf = ({ method }: Call) => (method === 'cosine' ? cosine : transitions);

async function readLinks(duck: Duck, items: number): Promise<Links> {
  const [{ total } = { total: 0 }] = await duck.rows<{ total: number }>(
    'SELECT coalesce(sum(len(strongest)), 0)::DOUBLE AS total FROM links',
  );
  const links: Links = { count: new Int32Array(items), from: new Int32Array(total), weight: new Float64Array(total) };
  let end = 0;
  for await (const block of duck.blocks(READ)) {
    const [targets, sources, weights] = [0, 1, 2].map((i) => block.getColumnVector(i) as unknown as { items: ArrayLike<number> });
    for (let i = 0; i < block.rowCount; i++, end++) {
      const target = targets?.items[i] as number;
      links.count[target] = (links.count[target] as number) + 1;
      links.from[end] = sources?.items[i] as number;
      links.weight[end] = weights?.items[i] as number;
    }
  }
  return links;
}

/** cosine and transitions: from history to links. `rows`: of the history. */
export async function pairsLinks(desk: Desk, items: number, rows: number, among: string) {
  const { call, duck } = desk;
  const { prepare, work, slice, finish } = wayOf(call);
  await step(desk, 'Preparing pairs', prepare(call, among), rows);
  await duck.run(`SET VARIABLE joined = (${work})`);
  await duck.run(`SET VARIABLE slices = greatest(1, ceil(getvariable('joined') / ${SLICE}))::INTEGER`);
  const [{ joined, slices } = { joined: 0, slices: 1 }] = await duck.rows<{ joined: number; slices: number }>(
    "SELECT getvariable('joined') AS joined, getvariable('slices') AS slices",
  );
  const counting = Array.from({ length: slices }, (_, i) => [
    `SET VARIABLE slice = ${i} /* up to slices - 1, each with the next query */`,
    slice(call),
  ]);
  await step(desk, 'Counting pairs', counting.flat(), joined, 'pairs');
  await step(desk, 'Keeping the strongest', finish(call), items, 'items');
  const [{ pairs, dropped } = { pairs: 0, dropped: 0 }] = await duck.rows<{ pairs: number; dropped: number }>(
    'SELECT coalesce(sum(pairs), 0)::DOUBLE AS pairs, coalesce(sum(dropped), 0)::DOUBLE AS dropped FROM pairs',
  );
  return { links: await readLinks(duck, items), pairs, dropped };
}
