import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// The hashes a page puts beside a complete file, published with the files they are of.

const root = join(import.meta.dirname, '..');
const dist = (file: string) => join(root, 'dist', file);

test('X3 · each complete file is published with the hash of exactly its bytes, as a browser wants it', () => {
  const { resolve } = createRequire(import.meta.url);
  const published = JSON.parse(readFileSync(resolve('fordi/integrity.json'), 'utf8'));
  const files = readdirSync(dist('')).filter((file) => /^fordi(\.\w\w)?\.js$/.test(file));
  expect(files.length).toBe(readdirSync(join(root, 'src/locales')).length - 1); // one for each language
  const hash = (file: string) =>
    `sha384-${createHash('sha384')
      .update(readFileSync(dist(file)))
      .digest('base64')}`;
  expect(published).toEqual(Object.fromEntries(files.map((file) => [file, hash(file)])));
  expect(new Set(Object.values(published)).size).toBe(files.length);
});
