import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = resolve(import.meta.dirname, '..');
const alias = (index: string, ui: string, integrations: string, debug: string, model: string, locales: string) => [
  { find: /^fordi$/, replacement: resolve(root, index) },
  { find: /^fordi\/ui$/, replacement: resolve(root, ui) },
  { find: /^fordi\/integrations$/, replacement: resolve(root, integrations) },
  { find: /^fordi\/debug$/, replacement: resolve(root, debug) },
  { find: /^fordi\/model$/, replacement: resolve(root, model) },
  { find: /^fordi\/locales\/(\w+)$/, replacement: resolve(root, locales) },
];

// *.test.ts imports public names only and runs on the sources and on what is shipped;
// *.inner.test.ts may import ../src and runs once.
export default defineConfig({
  root,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    setupFiles: ['test/support/scheduler.ts'],
    testTimeout: 60_000, // no test fails because the machine is busy
    maxWorkers: Math.ceil(1.5 * availableParallelism()), // many tests wait for a clock, and not for the processor
    silent: 'passed-only', // what a page is warned of is part of many tests
    projects: [
      {
        extends: true,
        resolve: {
          alias: alias('src/index.ts', 'src/ui/index.ts', 'src/integrations/index.ts', 'src/debug.ts', 'src/model.ts', 'src/locales/$1.ts'),
        },
        test: {
          name: 'src',
          include: ['test/**/*.test.{ts,tsx}'],
          benchmark: { include: ['test/**/*.bench.ts'] },
        },
      },
      {
        extends: true,
        resolve: {
          alias: alias('dist/index.js', 'dist/ui.js', 'dist/integrations.js', 'dist/debug.js', 'dist/model.js', 'dist/locales/$1.js'),
        },
        test: {
          name: 'dist',
          env: { FORDI_TIMES: '0.1' },
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.inner.test.*'],
          benchmark: { include: [] },
        },
      },
    ],
  },
});
