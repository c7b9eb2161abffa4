// What a shop with a bundler would ship for /module: the npm module and its dependencies in one file, made once.

import { fileURLToPath } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';

const ENTRY = 'shop-module';
const built = (name) => JSON.stringify(fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url)));

const entry = {
  name: ENTRY,
  resolveId: (id) => (id === ENTRY ? id : undefined),
  load: (id) => (id === ENTRY ? ['index', 'ui', 'integrations'].map((name) => `export * from ${built(name)};`).join('\n') : undefined),
};

const bundle = async () => {
  const graph = await rollup({ input: ENTRY, plugins: [entry, nodeResolve({ browser: true })] });
  const { output } = await graph.generate({ format: 'es' });
  await graph.close();
  return output[0].code;
};

let once;

/** A failed attempt (the build has not run yet) is not remembered. */
export const moduleBundle = () => {
  once ??= bundle().catch((error) => {
    once = undefined;
    throw error;
  });
  return once;
};
