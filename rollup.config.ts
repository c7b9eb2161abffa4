import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import type { Plugin, RollupOptions } from 'rollup';

/** Every file of src/locales named after a language is one: an entry, and a complete file. */
const languages = readdirSync('src/locales').flatMap((file) => file.match(/^([a-z]{2})\.ts$/)?.[1] ?? []);

/** Entry name in dist → source. Exports in package.json name the same files. */
const entries: Record<string, string> = {
  index: 'src/index.ts',
  ui: 'src/ui/index.ts',
  integrations: 'src/integrations/index.ts',
  debug: 'src/debug.ts',
  model: 'src/model.ts',
  ...Object.fromEntries(languages.map((lang) => [`locales/${lang}`, `src/locales/${lang}.ts`])),
  script: 'src/script.ts',
};

const input = Object.fromEntries(
  Object.entries(entries).filter(([, source]) => {
    if (existsSync(source)) return true;
    console.warn(`rollup: ${source} does not exist, its entry is left out`);
    return false;
  }),
);

const emptyDist: Plugin = { name: 'empty-dist', buildStart: () => rmSync('dist', { recursive: true, force: true }) };

const LOCALE = 'FORDI_LOCALE';

/** The language is a name in the code, also where the modules have English as their default: it would ride along in the others. */
const entry: Plugin = {
  name: 'complete-file',
  resolveId: (id) => (id === 'complete' ? id : /(^|\/locales\/)en\.js$/.test(id) ? { id: 'en', external: true } : null),
  load: (id) =>
    id === 'complete'
      ? `import { boot } from ${JSON.stringify(resolve('dist/script.js'))};
         import * as locale from 'en.js';
         boot(locale);`
      : null,
};

/** As short as JavaScript allows. */
const literal = (x: unknown): string => {
  if (typeof x !== 'object') return JSON.stringify(x);
  if (Array.isArray(x)) return `[${x.map(literal).join()}]`;
  return `{${Object.entries(x as object).map(([name, inner]) => `${/^\w+$/.test(name) ? name : JSON.stringify(name)}:${literal(inner)}`)}}`;
};

/** One file per language, for a page downloads only the one it speaks. They differ in nothing else, so one is bundled, once, and one map serves all. */
const speak: Plugin = {
  name: 'languages',
  async writeBundle() {
    const [before, after, ...more] = readFileSync('dist/fordi.js', 'utf8').split(LOCALE);
    if (after === undefined || more.length || !/^\)+;?\s*\/\/# source/.test(after))
      throw new Error(`${LOCALE} must stand once, at the end`);
    const integrity: Record<string, string> = {};
    for (const name of languages) {
      const { lang, dir, reasons, ui } = await import(pathToFileURL(resolve(`dist/locales/${name}.js`)).href);
      const [file, text] = [`fordi${name === 'en' ? '' : `.${name}`}.js`, before + literal({ lang, dir, reasons, ui }) + after];
      writeFileSync(`dist/${file}`, text);
      integrity[file] = `sha384-${createHash('sha384').update(text).digest('base64')}`;
    }
    writeFileSync('dist/integrity.json', `${JSON.stringify(integrity, null, 2)}\n`);
  },
};

const modules: RollupOptions = {
  input,
  external: [/^preact/, 'idb-keyval', 'nanoid'],
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    // A shared part must not carry a source file's name: filter lists block names such as "consent".
    chunkFileNames: 'part-[hash].js',
    hashCharacters: 'hex',
  },
  plugins: [emptyDist, typescript({ tsconfig: 'src/tsconfig.json', noEmitOnError: true })],
};

// Made from the first pass's output: the types are checked once.
const complete: RollupOptions = {
  input: 'complete',
  output: {
    file: 'dist/fordi.js',
    format: 'iife',
    sourcemap: true,
    interop: 'esModule',
    externalLiveBindings: false,
    globals: { en: LOCALE },
  },
  plugins: [entry, nodeResolve({ browser: true }), terser({ ecma: 2022, compress: { passes: 3, ecma: 2022 } }), speak],
};

/** The command runs in Node; a file of its own types keeps what only Node has out of what a browser loads. */
const command: RollupOptions = {
  input: { cli: 'src/cli/main.ts' },
  external: [/^node:/, '@duckdb/node-api'],
  output: { dir: 'dist', format: 'es', banner: '#!/usr/bin/env node' },
  plugins: [typescript({ tsconfig: 'src/cli/tsconfig.json', noEmitOnError: true })],
};

export default [modules, command, ...('script' in input ? [complete] : [])];
