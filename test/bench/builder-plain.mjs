// What one writes first: every visitor's items in memory, every pair counted in a Map of Maps, the strongest kept.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const [file, visitor, item] = process.argv.slice(2);
const visitors = new Map();
let columns;
for await (const line of createInterface({ input: createReadStream(file) })) {
  const fields = line.split(',');
  if (!columns) {
    columns = [fields.indexOf(visitor), fields.indexOf(item)];
    continue;
  }
  const [who, what] = [fields[columns[0]], fields[columns[1]]];
  if (!visitors.has(who)) visitors.set(who, new Set());
  visitors.get(who).add(what);
}

const buyers = new Map();
const pairs = new Map();
for (const items of visitors.values())
  for (const a of items) {
    buyers.set(a, (buyers.get(a) ?? 0) + 1);
    if (!pairs.has(a)) pairs.set(a, new Map());
    const row = pairs.get(a);
    for (const b of items) if (a !== b) row.set(b, (row.get(b) ?? 0) + 1);
  }

let links = 0;
for (const [a, row] of pairs) {
  const similarity = [...row].filter(([, n]) => n >= 10).map(([b, n]) => [b, n / (Math.sqrt(buyers.get(a) * buyers.get(b)) + 20)]);
  links += similarity.sort((x, y) => y[1] - x[1]).slice(0, 20).length;
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(JSON.stringify({ peak: maxRSS / 1024, processor: (userCPUTime + systemCPUTime) / 1e6, items: buyers.size, links }));
