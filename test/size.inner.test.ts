import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import { describe, expect, test } from 'vitest';

// Exact bytes a visitor downloads (brotli 11), dependencies included. Set a number to what a failing test reports, and the
// README with it. FORDI_SIZES=1 npm run unit -- size    also prints the heaviest modules.
const bytes: Record<string, number | undefined> = {
  fordi: undefined,
  'fordi/ui': undefined,
  'fordi.js': undefined,
};

const root = join(import.meta.dirname, '..');
const dist = (file: string) => join(root, 'dist', file);
const imports: Record<string, string> = {
  fordi: `export { createFordi } from ${JSON.stringify(dist('index.js'))};`,
  'fordi/ui': `export * from ${JSON.stringify(dist('ui.js'))};`,
};

const brotli = (text: string) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).byteLength;

const bundle = async (code: string) => {
  const entry = {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? id : null),
    load: (id: string) => (id === 'entry' ? code : null),
  };
  const minify = terser({ ecma: 2022, module: true, compress: { passes: 3, ecma: 2022 } });
  const build = await rollup({ input: 'entry', plugins: [entry, nodeResolve({ browser: true })] });
  const options = { format: 'es', sourcemap: false } as const;
  const { output: whole } = await build.generate(options);
  const { output: minified } = await build.generate({ ...options, plugins: [minify] });
  await build.close();
  const modules = Object.entries(whole[0].modules)
    .map(([id, { code }]) => ({ id: relative(root, id), bytes: brotli(code ?? '') }))
    .sort((a, b) => b.bytes - a.bytes);
  return { bytes: brotli(minified[0].code), modules };
};

const measure = async (entry: string) => {
  const code = imports[entry];
  if (!code) return brotli(readFileSync(dist(entry), 'utf8'));
  const measured = await bundle(code);
  if (process.env.FORDI_SIZES) for (const { id, bytes } of measured.modules.slice(0, 5)) console.log(`${entry}  ${bytes}  ${id}`);
  return measured.bytes;
};

describe.runIf(existsSync(dist('index.js')))('size', () => {
  test.each(Object.keys(bytes))('%s weighs what the table and the README say', async (entry) => {
    const measured = await measure(entry);
    const said = bytes[entry];
    if (process.env.FORDI_SIZES) console.log(`${entry}  ${measured} in all`);
    if (said === undefined) return console.warn(`${entry}: no number set yet, measured ${measured}`);
    expect(measured, `bytes of ${entry}`).toBe(said);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(said.toLocaleString('en-US'));
  });
});
