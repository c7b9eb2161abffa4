import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import nodeResolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import typescript from '@rollup/plugin-typescript';
import type { Plugin, RollupOptions } from 'rollup';

/** Entry name in dist → source. Exports in package.json name the same files. */
const entries: Record<string, string> = {
  index: 'src/index.ts',
  ui: 'src/ui/index.ts',
  integrations: 'src/integrations/index.ts',
  debug: 'src/debug.ts',
  model: 'src/model.ts',
  'locales/en': 'src/locales/en.ts',
  'locales/da': 'src/locales/da.ts',
  'locales/nl': 'src/locales/nl.ts',
  script: 'src/script.ts',
};

/** The complete files for a script tag, one per language: a page downloads only the language it speaks. */
const complete: Record<string, string> = { 'fordi.js': 'en', 'fordi.da.js': 'da', 'fordi.nl.js': 'nl' };

const input = Object.fromEntries(
  Object.entries(entries).filter(([, source]) => {
    if (existsSync(source)) return true;
    console.warn(`rollup: ${source} does not exist, its entry is left out`);
    return false;
  }),
);

const emptyDist: Plugin = { name: 'empty-dist', buildStart: () => rmSync('dist', { recursive: true, force: true }) };

const entry = (locale: string): Plugin => ({
  name: 'complete-file',
  // One language per file: English is the default of the modules, and would ride along.
  resolveId: (id) => (id === 'complete' ? id : id.endsWith('/locales/en.js') ? resolve(`dist/locales/${locale}.js`) : null),
  load: (id) =>
    id === 'complete'
      ? `import { boot } from ${JSON.stringify(resolve('dist/script.js'))};
         import * as locale from ${JSON.stringify(resolve(`dist/locales/${locale}.js`))};
         boot(locale);`
      : null,
});

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
const files: RollupOptions[] = Object.entries(complete)
  .filter(([, locale]) => 'script' in input && `locales/${locale}` in input)
  .map(([file, locale]) => ({
    input: 'complete',
    output: { file: `dist/${file}`, format: 'iife', sourcemap: true },
    plugins: [entry(locale), nodeResolve({ browser: true }), terser({ ecma: 2022, compress: { passes: 3, ecma: 2022 } })],
  }));

/** The command runs in Node; a file of its own types keeps what only Node has out of what a browser loads. */
const command: RollupOptions = {
  input: { cli: 'src/cli/main.ts' },
  external: [/^node:/, '@duckdb/node-api'],
  output: { dir: 'dist', format: 'es', banner: '#!/usr/bin/env node' },
  plugins: [typescript({ tsconfig: 'src/cli/tsconfig.json', noEmitOnError: true })],
};

export default [modules, command, ...files];
