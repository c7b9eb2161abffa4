// How fast `npx fordi neighbours` is and how much memory it takes, beside a plain in-memory builder on the same rows in the same
// run. `npm run build && npm run bench:builder`; FORDI_DATA=/path adds the orders of a real shop, FORDI_BIG=1 100 million rows
// (4 GB of disk for the rows, 20 GB to work in, half an hour). Prints a table; asserts nothing: a clock is no test.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = mkdtempSync(join(process.env.FORDI_TMP ?? tmpdir(), 'fordi-builder-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const command = new URL('../../dist/cli.js', import.meta.url).pathname;
const plain = new URL('./builder-plain.mjs', import.meta.url).pathname;

/** Runs a program and tells how it ended, what it said, how long it took. */
const run = (words) =>
  new Promise((done) => {
    const began = performance.now();
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (err += text));
    child.on('exit', (code, signal) => done({ code, signal, out, err, seconds: (performance.now() - began) / 1000 }));
  });

const table = [];
/** Each line as it comes: a long run that is stopped has not run for nothing. */
const note = (row) => {
  table.push(row);
  console.log(row);
};
const number = (n) => Math.round(n).toLocaleString('en');

async function ours(what, file, rows, options) {
  const out = join(folder, 'model');
  const { code, out: said, err, seconds } = await run([command, 'neighbours', file, '--out', out, ...options]);
  const pick = (pattern) => pattern.exec(said)?.[1] ?? '';
  if (code) console.error(err.trim().split('\n').at(-1));
  note({
    what,
    builder: `fordi ${options[options.indexOf('--method') + 1]}`,
    seconds: code ? 'failed' : seconds.toFixed(1),
    'of processor': pick(/\(([\d.]+) s of processor/),
    'rows/s': code ? '' : number(rows / seconds),
    'peak MB': pick(/at most ([\d,]+) MB/),
    items: pick(/^items +([\d,]*\d)/m),
    'file, brotli': pick(/brotli ([\d,]+)/),
    'held out': pick(/NDCG@10 ([\d.]+)/) && `${pick(/NDCG@10 ([\d.]+)/)} (popularity ${pick(/popularity ([\d.]+)/)})`,
  });
  for (const line of err
    .split('\n')
    .filter((text) => /^(Checking|Reading|Collecting|Sorting|Preparing|Counting|Solving|Writing).*s$/.test(text)))
    console.log(`    ${line}`);
}

async function theirs(what, file, rows, columns) {
  const limit = Math.floor((totalmem() / 2 ** 20) * 0.6);
  const { code, signal, out, err, seconds } = await run([`--max-old-space-size=${limit}`, plain, file, ...columns]);
  const { peak, items, processor } = code === 0 ? JSON.parse(out) : {};
  const why = /heap|memory|Map maximum size|Invalid array length/i.exec(err)?.[0] ?? signal ?? code;
  note({
    what,
    builder: 'plain JavaScript, Map of Maps',
    seconds: code === 0 ? seconds.toFixed(1) : `gave up after ${seconds.toFixed(0)}: ${why}`,
    'of processor': processor?.toFixed(1) ?? '',
    'rows/s': code === 0 ? number(rows / seconds) : '',
    'peak MB': peak ? number(peak) : `over ${number(limit)}`,
    items: items ? number(items) : '',
  });
}

/** Rows of visitors who keep to some of the items; some items are far more popular than others. The same ones every time. */
async function synthetic(rows, visitors, items) {
  const file = join(folder, `${rows}.csv`);
  if (existsSync(file)) return file;
  const connection = await (await DuckDBInstance.create(':memory:', { memory_limit: '2GB', temp_directory: folder })).connect();
  await connection.run(`COPY (
    SELECT 'v' || v AS visitor, 'i' || least(${items - 1}, (base + (v % 97) * ${Math.floor(items / 97)}) % ${items}) AS item,
      strftime(TIMESTAMP '2025-01-01' + to_minutes((hash(n + 3) % 525600)::BIGINT), '%Y-%m-%d %H:%M:%S') AS time
    FROM (SELECT n, floor(${visitors} * pow((hash(n) % 1000000007) / 1000000007, 1.3))::BIGINT AS v, floor(${items} * pow((hash(n + 7e12::BIGINT) % 1000003) / 1000003, 3))::BIGINT AS base
      FROM range(${rows}) r(n))
  ) TO '${file}' (HEADER)`);
  connection.closeSync();
  return file;
}

function realShop() {
  const data = process.env.FORDI_DATA;
  const packed = data && join(data, 'online-retail-ii-0910.events.csv.gz');
  if (!packed || !existsSync(packed)) {
    console.log('FORDI_DATA is not set, or holds no online-retail-ii-0910.events.csv.gz: no figures for the real shop.');
    return undefined;
  }
  const file = join(folder, 'shop.csv');
  writeFileSync(file, gunzipSync(readFileSync(packed)));
  return file;
}

console.log(`${cpus().length} × ${cpus()[0].model}, ${number(totalmem() / 2 ** 20)} MB, Node ${process.version}`);
const shop = realShop();
if (shop) {
  const rows = 406_323;
  const columns = ['--visitor', 'customer', '--item', 'stockcode', '--time', 'date'];
  for (const method of ['ease', 'cosine', 'transitions'])
    await ours('Online Retail, 406,323 rows', shop, rows, [...columns, '--method', method]);
  await ours('Online Retail, with --evaluate', shop, rows, [...columns, '--method', 'ease', '--evaluate']);
  await theirs('Online Retail, 406,323 rows', shop, rows, ['customer', 'stockcode']);
}

const sizes = [[10_000_000, 1_000_000, 20_000], ...(process.env.FORDI_BIG ? [[100_000_000, 10_000_000, 100_000]] : [])];
for (const [rows, visitors, items] of sizes) {
  const file = await synthetic(rows, visitors, items);
  const what = `${number(rows / 1e6)} million rows, ${number(statSync(file).size / 2 ** 20)} MB of CSV`;
  console.log(what);
  const columns = ['--visitor', 'visitor', '--item', 'item', '--time', 'time'];
  for (const method of ['cosine', 'transitions']) await ours(what, file, rows, [...columns, '--method', method]);
  await theirs(what, file, rows, ['visitor', 'item']);
  rmSync(file);
}

console.table(table);
