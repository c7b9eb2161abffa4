// A page of its own for every measurement, served with what a fine clock needs, and the machine it runs on.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import nodeResolve from '@rollup/plugin-node-resolve';
import { chromium } from 'playwright';
import { rollup } from 'rollup';
import { chromium as findChromium } from '../../e2e/browsers.mjs';

const here = new URL('./', import.meta.url);
const PAGES = ['page.mjs', 'speed-data.mjs', 'speed-page.mjs'];

/** Not minified: a profile names functions. */
async function bundle(input) {
  const build = await rollup({ input, plugins: [nodeResolve({ browser: true })], onwarn: () => {} });
  const { output } = await build.generate({ format: 'es', inlineDynamicImports: true });
  return output[0].code;
}

/** Everything a page may ask for, by path. */
async function filesOf(bundles) {
  const files = {};
  for (const name of PAGES) files[`/${name}`] = await readFile(new URL(name, here));
  for (const [path, input] of Object.entries(bundles)) files[path] = await bundle(input);
  return files;
}

/** Without isolation (COOP and COEP) the browser's clock steps by 100 µs, with it by 5. */
function serve(files) {
  const server = createServer((req, res) => {
    const file = files[req.url];
    res.setHeader('cross-origin-opener-policy', 'same-origin');
    res.setHeader('cross-origin-embedder-policy', 'require-corp');
    res.setHeader('content-type', file ? 'text/javascript' : 'text/html');
    res.end(file ?? '<!doctype html><title>bench</title>');
  }).listen(0, '127.0.0.1');
  return new Promise((done) => server.once('listening', () => done(server)));
}

/** A browser for a whole run. `fresh` = a page with empty storage and its debugging session. */
export async function openBrowser(bundles = {}) {
  const server = await serve(await filesOf({ '/fordi.js': new URL('../../dist/index.js', here).pathname, ...bundles }));
  const browser = await chromium.launch({ executablePath: findChromium() });
  return {
    machine: () => `Chromium ${browser.version()} headless, ${cpus().length} cores (${cpus()[0].model}), load ${loadavg()[0].toFixed(1)}`,
    async fresh() {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      return { page, cdp: await page.context().newCDPSession(page) };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
