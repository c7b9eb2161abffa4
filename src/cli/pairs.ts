import type { Call } from './call.js';
import { within } from './counting.js';
import type { Duck } from './duck.js';
import type { Links } from './pack.js';
import type { Progress } from './report.js';

// The two methods that are nothing but SQL. Both count per recommended item, a slice of the items at a time, so that memory and
// disk stay bounded whatever the number of pairs.

/** Rows that a slice may join. */
const SLICE = 60e6;
/** How far ahead `transitions` looks: the next item counts 1, the one after it a half, the third a third. */
const STEPS = 3;

/** Per target: the strongest sources, how many pairs there are, how many had too few visitors. */
const strongest = (pairs: string, weight: string, { minVisitors, top }: Call) => `INSERT INTO links
SELECT target, count(*) AS pairs, count(*) FILTER (common < ${minVisitors}) AS dropped,
  max({weight: ${weight}, source: -source}, ${top}) FILTER (common >= ${minVisitors} AND isfinite(${weight}) AND ${weight} > 0) AS strongest
FROM (${pairs})
GROUP BY target`;

const LINKS = `CREATE OR REPLACE TABLE links (target INTEGER, pairs BIGINT, dropped BIGINT, strongest STRUCT(weight DOUBLE, source INTEGER)[])`;

const cosine = {
  prepare: () => [
    `CREATE OR REPLACE TABLE norms AS SELECT place, sum(weight * weight)::DOUBLE AS square FROM history GROUP BY place`,
    LINKS,
  ],
  work: `SELECT coalesce(sum(n * (n - 1)), 0)::DOUBLE AS joined FROM (SELECT count(*) AS n FROM history GROUP BY visitor)`,
  slice: (call: Call, slice: number, slices: number) =>
    strongest(
      `
  SELECT target, source, common, dot / (sqrt(t.square * s.square) + ${call.lambda}) AS similarity
  FROM (SELECT b.place AS target, a.place AS source, count(*) AS common, sum(a.weight * b.weight) AS dot
    FROM history b JOIN history a ON a.visitor = b.visitor AND a.place <> b.place
    WHERE b.place % ${slices} = ${slice} GROUP BY ALL)
  JOIN norms t ON t.place = target JOIN norms s ON s.place = source`,
      'similarity',
      call,
    ),
};

const steps = Array.from({ length: STEPS }, (_, i) => i + 1);

const transitions = {
  prepare: (call: Call, among: string) => [
    `CREATE OR REPLACE TABLE visits AS
SELECT visitor, place, time, rows.rowid AS nth, rows.weight FROM rows JOIN names USING (item) JOIN items USING (name)
WHERE ${['reason IS NULL', among, ...within(call)].join(' AND ')}`,
    `CREATE OR REPLACE TABLE steps AS
WITH changes AS (SELECT * FROM visits
  QUALIFY place IS DISTINCT FROM lag(place) OVER (PARTITION BY visitor ORDER BY time, nth)),
ahead AS (SELECT visitor, place, weight, ${steps.map((n) => `lead(place, ${n}) OVER later AS place${n}`).join(', ')}
  FROM changes WINDOW later AS (PARTITION BY visitor ORDER BY time, nth))
${steps.map((n) => `SELECT visitor, place AS source, place${n} AS target, weight / ${n} AS weight FROM ahead WHERE place${n} <> place`).join('\nUNION ALL ')}`,
    `CREATE OR REPLACE TABLE leaving AS
SELECT source, sum(weight) AS weight FROM (SELECT visitor, source, log2(1 + sum(weight)) AS weight FROM steps GROUP BY ALL) GROUP BY source`,
    LINKS,
  ],
  work: 'SELECT count(*)::DOUBLE AS joined FROM steps',
  slice: (call: Call, slice: number, slices: number) =>
    strongest(
      `
  SELECT target, source, count(*) AS common, sum(hops.weight) / (any_value(leaving.weight) + ${call.lambda}) AS likelihood
  FROM (SELECT visitor, source, target, log2(1 + sum(weight)) AS weight FROM steps
    WHERE target % ${slices} = ${slice} GROUP BY ALL) AS hops
  JOIN leaving USING (source) GROUP BY ALL`,
      'likelihood',
      call,
    ),
};

const READ = `SELECT target, -(one.source) AS source, one.weight AS weight
FROM (SELECT target, unnest(strongest) AS one FROM links) ORDER BY target, source`;

/** The queries, for reading. */
export function pairsSql(call: Call, among: string): string[] {
  const { prepare, slice } = call.method === 'cosine' ? cosine : transitions;
  return [...prepare(call, among), slice(call, 0, 1), READ];
}

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

/** cosine and transitions: from history to links. */
export async function pairsLinks(duck: Duck, call: Call, items: number, among: string, progress: Progress) {
  const { prepare, work, slice } = call.method === 'cosine' ? cosine : transitions;
  progress.begin('Preparing pairs');
  for (const sql of prepare(call, among)) await duck.run(sql);
  const [{ joined } = { joined: 0 }] = await duck.rows<{ joined: number }>(work);
  const slices = Math.max(1, Math.ceil(joined / SLICE));
  progress.begin('Counting pairs', 'joined rows', joined);
  for (let i = 0; i < slices; i++) {
    await duck.run(slice(call, i, slices));
    progress.at((joined * (i + 1)) / slices);
  }
  const [{ pairs, dropped } = { pairs: 0, dropped: 0 }] = await duck.rows<{ pairs: number; dropped: number }>(
    'SELECT coalesce(sum(pairs), 0)::DOUBLE AS pairs, coalesce(sum(dropped), 0)::DOUBLE AS dropped FROM links',
  );
  const directed = call.method === 'transitions' ? 1 : 2;
  return { links: await readLinks(duck, items), pairs: pairs / directed, dropped: dropped / directed };
}
