import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';

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
