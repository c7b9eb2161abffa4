import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { type Plugin, rollup } from 'rollup';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

// Exact bytes a visitor downloads (brotli 11), dependencies included. Set a number to what a failing test reports, and the
// README with it. FORDI_SIZES=1 npm run unit -- size    also prints the heaviest modules.
const bytes: Record<string, number> = {
  fordi: 37_058,
  'fordi/ui': 19_244,
  'fordi/integrations': 9785,
  'fordi/debug': 2454,
  'fordi/model': 1_088,
  'fordi.js': 63_257,
  'fordi.da.js': 63_623,
  'fordi.nl.js': 63_684,
};

const root = join(import.meta.dirname, '..');
const dist = (file: string) => join(root, 'dist', file);
const names: Record<string, string> = { fordi: '{ createFordi }' };
const shipped: Record<string, string> = {
  fordi: dist('index.js'),
  'fordi/ui': dist('ui.js'),
  'fordi/integrations': dist('integrations.js'),
  'fordi/debug': dist('debug.js'),
  'fordi/model': dist('model.js'),
};
const sources: Record<string, string> = { fordi: 'src/index.ts', 'fordi/ui': 'src/ui/index.ts', 'fordi.js': 'src/script.ts' };

const brotli = (text: string) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).byteLength;

const entry = (code: string): Plugin => ({
  name: 'entry',
  resolveId: (id) => (id === 'entry' ? id : null),
  load: (id) => (id === 'entry' ? code : null),
});

const bundled = async (code: string) => {
  const minify = terser({ ecma: 2022, module: true, compress: { passes: 3, ecma: 2022 } });
  const build = await rollup({ input: 'entry', plugins: [entry(code), nodeResolve({ browser: true })] });
  const { output } = await build.generate({ format: 'es', plugins: [minify] });
  await build.close();
  return output[0].code;
};

const measure = async (name: string) => {
  const file = shipped[name];
  return brotli(file ? await bundled(`export ${names[name] ?? '*'} from ${JSON.stringify(file)};`) : readFileSync(dist(name), 'utf8'));
};

/** dist has one file per entry, so the modules are told apart in a bundle of the sources. */
const typescript: Plugin = {
  name: 'typescript',
  resolveId: (id, from) =>
    ['.ts', '.tsx'].map((end) => resolve(dirname(from ?? ''), id.replace(/\.js$/, end))).find((path) => id[0] === '.' && existsSync(path)),
  transform: (code, id) => (/\.tsx?$/.test(id) ? ts.transpileModule(code, { compilerOptions }).outputText : null),
};
const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  jsx: ts.JsxEmit.ReactJSX,
  jsxImportSource: 'preact',
};

/** The rendered bytes of each module, compressed alone: what to look at first when a size must shrink. */
const heaviest = async (name: string) => {
  const code = `export ${names[name] ?? '*'} from ${JSON.stringify(join(root, sources[name] ?? ''))};`;
  const build = await rollup({ input: 'entry', plugins: [entry(code), typescript, nodeResolve({ browser: true })] });
  const { output } = await build.generate({ format: 'es' });
  await build.close();
  return Object.entries(output[0].modules)
    .map(([id, module]) => ({ id: relative(root, id), bytes: brotli(module.code ?? '') }))
    .sort((a, b) => b.bytes - a.bytes);
};

describe('size', () => {
  test.for(Object.keys(bytes))('%s weighs what the table and the README say', { timeout: 60_000 }, async (name) => {
    const measured = await measure(name);
    const said = bytes[name];
    if (process.env.FORDI_SIZES && sources[name]) {
      console.log(`${name}: ${measured} bytes, most of them (before minifying) from`);
      for (const module of (await heaviest(name)).slice(0, 5)) console.log(`  ${module.bytes}  ${module.id}`);
    }
    expect(measured, `bytes of ${name}`).toBe(said);
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(` ${said?.toLocaleString('en-US')} `);
  });

  /** Not pinned one by one: nothing but the language differs, and no language may cost a visitor much more than English. */
  test('every other language is within 1,000 bytes of English', { timeout: 60_000 }, () => {
    const files = readdirSync(dist('')).filter((file) => /^fordi\.\w\w\.js$/.test(file));
    expect(files.length).toBe(readdirSync(dist('locales')).filter((file) => file.endsWith('.js')).length - 1);
    const english = readFileSync(dist('fordi.js'), 'utf8');
    const code = english.slice(0, english.lastIndexOf('{lang:"en"'));
    expect(code).toContain('customElements');
    const weight = brotli(english);
    for (const file of files) {
      const text = readFileSync(dist(file), 'utf8');
      expect(text.startsWith(`${code}{lang:"${file.slice(6, 8)}"`), file).toBe(true);
      expect(Math.abs(brotli(text) - weight), file).toBeLessThan(1_000);
    }
  });
});
