import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';

// The shipped command as a process of its own: exit codes, threads, and being stopped at any moment.

vi.setConfig({ testTimeout: 120_000 });

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
const run = (words: string[]) => spawnSync(process.execPath, words, { encoding: 'utf8' });

/** 3,000 visitors, 20 items each, of 700. */
const large = join(folder, 'large.csv');
const rows = Array.from({ length: 60_000 }, (_, i) => `v${i % 3000},i${(Math.imul(i, 2654435761) >>> 8) % 700}`);
writeFileSync(large, `who,what\n${rows.join('\n')}\n`);

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
  mkdirSync(alone);
  copyFileSync(command, join(alone, 'cli.mjs'));
  const { status, stderr } = run([join(alone, 'cli.mjs'), ...args(large, join(alone, 'model')).slice(1)]);
  expect(stderr).toBe(
    'fordi: npx fordi neighbours reads and counts with DuckDB, which is not installed. Add it: npm i -D @duckdb/node-api\n',
  );
  expect(status).toBe(1);
});

test('--print-sql prints the queries of each method and writes nothing', () => {
  for (const method of ['ease', 'cosine', 'transitions']) {
    const { status, stdout } = run(
      args(
        large,
        join(folder, 'sql'),
        '--method',
        method,
        '--print-sql',
        '--evaluate',
        ...(method === 'transitions' ? ['--time', 'who'] : []),
      ),
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /SET memory_limit = '4GB';[\s\S]*CREATE OR REPLACE TABLE rows AS[\s\S]*large\.csv[\s\S]*CREATE OR REPLACE TABLE history AS/,
    );
    expect(stdout).toMatch(method === 'ease' ? /SELECT visitor, place, weight FROM history ORDER BY/ : /INSERT INTO pairs/);
  }
  expect(readdirSync(folder)).not.toContain('sql');
});

test('one thread or three solve the same', () => {
  const models = ['1', '3'].map((threads) => {
    const out = join(folder, `threads-${threads}`);
    expect(run(args(large, out, '--threads', threads)).status).toBe(0);
    return readFileSync(join(out, 'neighbours.json'), 'utf8');
  });
  expect(models[0]).toBe(models[1]);
});

const later = (ms: number) => new Promise((done) => setTimeout(done, ms));
const left = () => readdirSync(folder).filter((name) => name.startsWith('.'));

test('stopped or killed at any moment, the old model stays whole, and nothing is left lying about', async () => {
  const out = join(folder, 'kept');
  const words = args(large, out, '--format', 'file,pages,shards');
  const began = Date.now();
  expect(run(words).status).toBe(0);
  const takes = Date.now() - began;
  const before = readFileSync(join(out, 'neighbours.json'), 'utf8');
  for (const [signal, share] of [
    ['SIGTERM', 0.4],
    ['SIGKILL', 0.2],
    ['SIGKILL', 0.6],
    ['SIGKILL', 0.95],
  ] as const) {
    const child = spawn(process.execPath, words, { stdio: 'ignore' });
    const ended = new Promise((done) => child.once('exit', (code) => done(code)));
    await later(takes * share);
    child.kill(signal);
    const code = await ended;
    expect(readFileSync(join(out, 'neighbours.json'), 'utf8')).toBe(before);
    expect(readFileSync(join(out, 'pages.jsonl'), 'utf8').endsWith('}\n')).toBe(true);
    expect(JSON.parse(readFileSync(join(out, 'shards/index.json'), 'utf8')).shards).toBe(2);
    if (signal === 'SIGTERM' && code !== 0) expect([code, left()]).toEqual([143, []]);
  }
  expect(run(words).status).toBe(0);
  expect(left()).toEqual([]);
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
  const small = join(folder, 'small.csv');
  writeFileSync(small, `who,what\n${rows.slice(0, 6_000).join('\n')}\n`);
  const catalog = join(folder, 'catalog.json');
  writeFileSync(catalog, JSON.stringify(Array.from({ length: 700 }, (_, i) => ({ id: `i${i}`, title: `${i}` }))));
  const call = (out: string) =>
    args(small, out, '--method', 'cosine', '--format', 'file,pages,shards', '--shards', '2', '--catalog', catalog);
  const named = ['catalog.json', 'neighbours.json', 'pages.jsonl', 'shards/0.json', 'shards/1.json', 'shards/index.json'];
  const runAs = (env: Record<string, string>, ...words: string[]) =>
    spawnSync(process.execPath, words, { encoding: 'utf8', env: { ...process.env, ...env } });
  const read = (out: string, name: string) => (existsSync(join(out, name)) ? readFileSync(join(out, name), 'utf8') : 'none');
  const all = (out: string) => Object.fromEntries(named.map((name) => [name, read(out, name)]));
  /** An old model and a new one differ in their day, their visitors and their weights. */
  const OLD = { SOURCE_DATE_EPOCH: '0' };
  const NEW = { SOURCE_DATE_EPOCH: '1000000000' };

  const models = () => {
    const [older, newer] = [join(folder, 'older'), join(folder, 'newer')];
    expect([runAs(OLD, ...call(older), '--lambda', '1').status, runAs(NEW, ...call(newer)).status]).toEqual([0, 0]);
    return { older: all(older), newer: all(newer) };
  };

  test('before the first rename all is old; after it whole files only, and whatever runs next makes all of it new', () => {
    const { older, newer } = models();
    for (const name of named) expect([name, older[name] === newer[name]]).toEqual([name, false]);
    const out = join(folder, 'place');
    let deaths = 0;
    for (let renames = 0; ; renames++) {
      rmSync(out, { recursive: true, force: true });
      expect(runAs(OLD, ...call(out), '--lambda', '1').status).toBe(0);
      writeFileSync(join(out, 'mine.txt'), 'mine');
      const { signal } = runAs({ ...NEW, RENAMES: `${renames}` }, '--import', killer, ...call(out));
      if (!signal) break;
      deaths++;
      const after = all(out);
      if (renames === 0) expect(after).toEqual(older);
      // A folder that gives way to another is away for a moment.
      for (const name of named) expect([older[name], newer[name], name.startsWith('shards') ? 'none' : '']).toContain(after[name]);
      const next = run(args(join(folder, 'none.csv'), out));
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

  test('what an older run left does not come after what a newer one made', () => {
    const { newer } = models();
    const out = join(folder, 'overtaken');
    expect(runAs(OLD, ...call(out), '--lambda', '1').status).toBe(0);
    expect(runAs({ ...OLD, RENAMES: '1' }, '--import', killer, ...call(out), '--lambda', '1').signal).toBe('SIGKILL');
    expect(runAs(NEW, ...call(out)).status).toBe(0);
    run(args(join(folder, 'none.csv'), out));
    expect([all(out), left()]).toEqual([newer, []]);
  });
});

test('a model’s folder that is a disk of its own is filled from within', {
  skip: !existsSync('/dev/shm') || existsSync('/dev/shm/neighbours.json'),
}, () => {
  const within = () => readdirSync('/dev/shm').filter((name) => name.includes('fordi'));
  const words = args(large, '/dev/shm', '--method', 'cosine');
  expect(run(words)).toMatchObject({ status: 0 });
  expect(within()).toEqual([]);
  expect(JSON.parse(readFileSync('/dev/shm/neighbours.json', 'utf8')).ids.length).toBe(700);
  rmSync('/dev/shm/neighbours.json');
});
