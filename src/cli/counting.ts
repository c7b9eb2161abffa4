import type { Call } from './call.js';
import { text } from './duck.js';

// SQL from rows to what every method counts: `items` (most popular first) and `history` (which visitor has which item).

/** One visitor in ten, told by the hash of their id: the same ones every time. */
export const HELD_OUT = 'visitor % 10 = 0';

/** The days asked for. */
export const within = ({ since, until }: Call) => [
  ...(since ? [`time >= ${text(since)}::TIMESTAMP`] : []),
  ...(until ? [`time < ${text(until)}::TIMESTAMP + INTERVAL 1 DAY`] : []),
];

/** Once: each item a number, each visitor and item one row. */
export const baskets = (call: Call) => [
  `CREATE OR REPLACE TABLE names AS
SELECT (row_number() OVER (ORDER BY item) - 1)::INTEGER AS name, item FROM (SELECT DISTINCT item FROM rows WHERE reason IS NULL)`,
  `CREATE OR REPLACE TABLE baskets AS
SELECT visitor, name, min(time) AS first, max(time) AS time, sum(weight)::FLOAT AS weight
FROM rows JOIN names USING (item)
WHERE ${['reason IS NULL', ...within(call)].join(' AND ')}
GROUP BY visitor, name`,
];

/** Per model: which items it knows, and whose histories it is made from. */
export const histories = (call: Call, among = 'true') => [
  `CREATE OR REPLACE TABLE items AS
SELECT (row_number() OVER (ORDER BY buyers DESC, item) - 1)::INTEGER AS place, name, item, buyers
FROM (SELECT name, count(*)::INTEGER AS buyers FROM baskets WHERE ${among} GROUP BY name HAVING count(*) >= ${call.minBuyers})
JOIN names USING (name)`,
  `CREATE OR REPLACE TABLE history AS
SELECT visitor, place, baskets.time, ${call.weight === undefined ? '1' : 'log2(1 + weight)'}::FLOAT AS weight
FROM baskets JOIN items USING (name)
WHERE ${among}`,
  `CREATE OR REPLACE TABLE heavy AS
SELECT visitor, place FROM history
WHERE visitor IN (SELECT visitor FROM history GROUP BY visitor HAVING count(*) > ${call.maxItems})
QUALIFY row_number() OVER (PARTITION BY visitor ORDER BY time DESC NULLS LAST, hash(visitor, place)) > ${call.maxItems}`,
  `DELETE FROM history USING heavy WHERE history.visitor = heavy.visitor AND history.place = heavy.place`,
];
