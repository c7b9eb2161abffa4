import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run as fordi } from '../src/cli/run.js';

// The shipped command as a process of its own: exit codes, threads, and being stopped at any moment.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const command = join(import.meta.dirname, '../dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'fordi-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const args = (path: string, out: string, ...more: string[]) => [
  command,
  'neighbours',
  path,
  '--visitor',
  'who',
  '--item',
  'what',
  '--out',
  out,
  '--min-visitors',
  '2',
  '--min-buyers',
  '2',
  ...more,
];
const run = (words: string[], env: Record<string, string> = {}) =>
  spawnSync(process.execPath, words, { encoding: 'utf8', env: { ...process.env, ...env } });

/** The same in this process, where DuckDB is loaded once: whatever is not stopped, killed or spoken to. */
async function here([, ...words]: string[], env: Record<string, string> = {}) {
  const said: string[] = [];
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const status = await fordi(words, { out: () => {}, err: (text) => void said.push(text), terminal: false });
  vi.unstubAllEnvs();
  return { status, stderr: said.join('') };
}

/** 300 visitors, 20 items each, of 700: as many as are worth several threads. */
const orders = join(folder, 'orders.csv');
const rows = Array.from({ length: 6_000 }, (_, i) => `v${i % 300},i${(Math.imul(i, 2654435761) >>> 8) % 700}`);
writeFileSync(orders, `who,what\n${rows.join('\n')}\n`);
const few = join(folder, 'few.csv');
writeFileSync(
  few,
  `who,what\n${rows
    .slice(0, 1_200)
    .map((row) => row.replace(/\d\b$/, ''))
    .join('\n')}\n`,
);
const catalog = join(folder, 'catalog.json');
writeFileSync(catalog, JSON.stringify(Array.from({ length: 700 }, (_, i) => ({ id: `i${i}`, title: `${i}` }))));

/** Every form of a model, of enough items for several threads or of a few. */
const whole = (out: string, method: string) =>
  args(method === 'ease' ? orders : few, out, '--method', method, '--format', 'file,pages,shards', '--shards', '2', '--catalog', catalog);
const named = ['catalog.json', 'neighbours.json', 'pages.jsonl', 'shards/0.json', 'shards/1.json', 'shards/index.json'];
const read = (out: string, name: string) => (existsSync(join(out, name)) ? readFileSync(join(out, name), 'utf8') : 'none');
const all = (out: string) => Object.fromEntries(named.map((name) => [name, read(out, name)]));
const left = () => readdirSync(folder).filter((name) => name.startsWith('.'));

/** An old model and a new one differ in their day and their weights: in every file. */
const OLD = { SOURCE_DATE_EPOCH: '0' };
const NEW = { SOURCE_DATE_EPOCH: '1000000000' };
const twoModels = async (method: string) => {
  const [old, fresh] = [join(folder, `${method}-old`), join(folder, `${method}-new`)];
  expect([(await here([...whole(old, method), '--lambda', '1'], OLD)).status, (await here(whole(fresh, method), NEW)).status]).toEqual([
    0, 0,
  ]);
  const [older, newer] = [all(old), all(fresh)];
  for (const name of named) expect([name, older[name] === newer[name]]).toEqual([name, false]);
  return { old, older, newer };
};

test('exit codes, and the words for each', () => {
  expect(run([command])).toMatchObject({ status: 2, stdout: '' });
  expect(run([command, 'neighbours', 'none.csv', '--visitor', 'a', '--item', 'b', '--out', join(folder, 'x')])).toMatchObject({
    status: 1,
    stderr: 'fordi: "none.csv" is not there: no file of that name.\n',
  });
  const help = run([command, '--help']);
  expect(help.status).toBe(0);
  expect(readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
});

test('without DuckDB it says how to add it', () => {
  const alone = join(folder, 'alone');
  mkdirSync(join(alone, 'node_modules/@duckdb/node-api'), { recursive: true }); // empty, and before any that a folder above may have
  copyFileSync(command, join(alone, 'cli.mjs'));
  const { status, stderr } = run([join(alone, 'cli.mjs'), ...args(orders, join(alone, 'model')).slice(1)]);
  expect(stderr).toBe(
    'fordi: npx fordi neighbours reads and counts with DuckDB, which is not installed. Add it: npm i -D @duckdb/node-api\n',
  );
  expect(status).toBe(1);
});

test('--print-sql prints the queries and writes nothing', () => {
  const before = readdirSync(folder);
  const { status, stdout, stderr } = run(args(orders, join(folder, 'sql/model'), '--print-sql', '--evaluate'));
  expect(stdout).toMatch(
    /SET memory_limit = '4GB';[\s\S]*CREATE OR REPLACE TABLE rows AS[\s\S]*orders\.csv[\s\S]*SELECT visitor, place, weight FROM history ORDER BY/,
  );
  expect([status, stderr, readdirSync(folder)]).toEqual([0, '', before]);
});

test('one thread or three solve the same', () => {
  const models = ['1', '3'].map((threads) => {
    const out = join(folder, `threads-${threads}`);
    expect(run(args(orders, out, '--threads', threads), OLD).status).toBe(0);
    return readFileSync(join(out, 'neighbours.json'), 'utf8');
  });
  expect(models[0]).toBe(models[1]);
  const { ids, from } = JSON.parse(models[0] as string);
  expect(ids.length).toBeGreaterThan(600);
  expect(from.length).toBeGreaterThan(1000);
});

/** Loaded before the command: it is sent a signal as it says that a piece of work is done. */
const signaller = join(folder, 'signaller.mjs');
writeFileSync(
  signaller,
  `const { write } = process.stderr;
process.stderr.write = function (text, ...more) {
  const wrote = write.call(this, text, ...more);
  if (text.startsWith(process.env.AFTER)) process.kill(process.pid, process.env.SIGNAL);
  return wrote;
};`,
);

test('stopped or killed at any moment before it is done, the old model stays whole, and nothing is left lying about', async () => {
  const { old, older, newer } = await twoModels('ease');
  for (const [SIGNAL, AFTER] of [
    ['SIGTERM', 'Reading'],
    ['SIGTERM', 'Counting pairs'], // several threads solve
    ['SIGINT', 'Solving'],
    ['SIGKILL', 'Checking lines'],
    ['SIGKILL', 'Collecting baskets'],
    ['SIGKILL', 'Counting pairs'],
    ['SIGKILL', 'Solving'],
  ] as const) {
    const { status, signal } = run(['--import', signaller, ...whole(old, 'ease')], { ...NEW, SIGNAL, AFTER });
    expect([AFTER, status, signal]).toEqual([AFTER, ...{ SIGTERM: [143, null], SIGINT: [130, null], SIGKILL: [null, SIGNAL] }[SIGNAL]]);
    expect(all(old)).toEqual(older);
    expect(left().length).toBe(SIGNAL === 'SIGKILL' ? 1 : 0); // what a killed run leaves the next one sweeps up
  }
  expect((await here(whole(old, 'ease'), NEW)).status).toBe(0);
  expect([all(old), left()]).toEqual([newer, []]);
});

/** Loaded before the command: it dies as it is about to do its n-th rename. */
const killer = join(folder, 'killer.mjs');
writeFileSync(
  killer,
  `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { renameSync } = fs;
let left = Number(process.env.RENAMES);
fs.renameSync = (...names) => (left-- ? renameSync(...names) : process.kill(process.pid, 'SIGKILL'));
syncBuiltinESMExports();`,
);

describe('killed while the files of a model take their places', () => {
  const dying = (out: string, renames: number, env: Record<string, string>, ...more: string[]) =>
    run(['--import', killer, ...whole(out, 'cosine'), ...more], { ...env, RENAMES: `${renames}` }).signal;
  let models: Awaited<ReturnType<typeof twoModels>>;
  beforeAll(async () => {
    models = await twoModels('cosine');
  });

  test('before the first rename all is old; after it whole files only, and whatever runs next makes all of it new', async () => {
    const { old, older, newer } = models;
    const out = join(folder, 'place');
    let deaths = 0;
    for (let renames = 0; ; renames++) {
      rmSync(out, { recursive: true, force: true });
      cpSync(old, out, { recursive: true });
      writeFileSync(join(out, 'mine.txt'), 'mine');
      if (!dying(out, renames, NEW)) break;
      deaths++;
      const after = all(out);
      if (renames === 0) expect(after).toEqual(older);
      // A folder that gives way to another is away for a moment.
      for (const name of named) expect([older[name], newer[name], name.startsWith('shards') ? 'none' : '']).toContain(after[name]);
      const next = await here(args(join(folder, 'none.csv'), out));
      expect([next.status, /an earlier run was killed while it filled .*place; its model is complete now/.test(next.stderr)]).toEqual([
        1,
        renames > 0,
      ]);
      expect([all(out), left()]).toEqual([renames ? newer : older, []]);
      expect(readdirSync(out).sort()).toEqual(['catalog.json', 'mine.txt', 'neighbours.json', 'pages.jsonl', 'shards']);
    }
    expect(deaths).toBe(7); // one that decides, three files, a folder in three steps: in vain, aside, in
    expect(all(out)).toEqual(newer);
  });

  test('what an older run left does not come after what a newer one made', async () => {
    const { old, newer } = models;
    const out = join(folder, 'overtaken');
    cpSync(old, out, { recursive: true });
    expect(dying(out, 1, OLD, '--lambda', '1')).toBe('SIGKILL');
    expect((await here(whole(out, 'cosine'), NEW)).status).toBe(0);
    await here(args(join(folder, 'none.csv'), out));
    expect([all(out), left()]).toEqual([newer, []]);
  });
});

test('a model’s folder that is a disk of its own is filled from within', {
  skip: !existsSync('/dev/shm') || existsSync('/dev/shm/neighbours.json'),
}, () => {
  const within = () => readdirSync('/dev/shm').filter((name) => name.includes('fordi'));
  expect(run(args(few, '/dev/shm', '--method', 'cosine'))).toMatchObject({ status: 0 });
  const { ids } = JSON.parse(readFileSync('/dev/shm/neighbours.json', 'utf8'));
  rmSync('/dev/shm/neighbours.json');
  expect([within(), ids.length]).toEqual([[], 70]);
});
