// The model fordi ships, made as the owner makes it, with the fordi command; and the ground the references stand on.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LEAST } from './protocol.mjs';
import { argued, matrixOf, refit, together } from './reference.mjs';

/** Past items kept per recommended item. */
export const KEEP = 20;

/** Who had what, counted once. */
export function ground(training) {
  const matrix = matrixOf(training, LEAST);
  return { matrix, n: matrix.ids.length, both: together(matrix) };
}

/** The reference's own cut: what is kept per item, re-fitted, not rounded. */
export const cut = (weights, { n, both }, lambda) => refit(argued(weights, n, KEEP), both, n, lambda);

const CLI = new URL('../../../dist/cli.js', import.meta.url).pathname;

/** Where models made before lie, for whoever runs the benches often; to be emptied when the command has changed. */
const store = process.env.FORDI_MODELS;

/** `npx fordi neighbours` on these events; `how` = further options by name, e.g. { lambda: 400 }. */
export function neighbours(training, how = {}) {
  const rows = training.map(({ visitor, item, at }) => `${visitor},${item},${new Date(at).toISOString()}`);
  const text = `visitor,item,time\n${rows.join('\n')}\n`;
  const options = Object.entries({ visitor: 'visitor', item: 'item', time: 'time', top: KEEP, 'min-buyers': LEAST, ...how });
  const words = options.flatMap(([name, value]) => [`--${name}`, String(value)]);
  if (!store) return made(text, words);
  const name = createHash('sha256').update(words.join(' ')).update(text).digest('hex').slice(0, 16);
  const path = join(store, `${name}.json`);
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(made(text, words)));
  return JSON.parse(readFileSync(path, 'utf8'));
}

function made(text, words) {
  const dir = mkdtempSync(join(tmpdir(), 'fordi-bench-'));
  try {
    writeFileSync(join(dir, 'events.csv'), text);
    execFileSync(process.execPath, [CLI, 'neighbours', join(dir, 'events.csv'), ...words, '--out', join(dir, 'out')], { stdio: 'pipe' });
    return JSON.parse(readFileSync(join(dir, 'out', 'neighbours.json'), 'utf8'));
  } finally {
    rmSync(dir, { recursive: true });
  }
}
