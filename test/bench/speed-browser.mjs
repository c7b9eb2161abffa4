// A page of its own for every measurement, served with what a fine clock needs, and the machine it runs on.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { chromium } from 'playwright';
import { build } from 'vite';
import { chromium as findChromium } from '../../e2e/browsers.mjs';

const here = new URL('./', import.meta.url);
const root = new URL('../../', here).pathname;
const MODULES = ['peers-page.mjs', 'speed-bare.mjs', 'speed-data.mjs', 'speed-page.mjs'];
/** What is bundled, and as what. */
const BUNDLES = {
  fordi: `export * from ${JSON.stringify(`${root}dist/index.js`)}`,
  uniform: 'export { Context, createLinearDecay } from "@uniformdev/context"',
  minisearch: 'export { default } from "minisearch"',
  flexsearch: 'export { Index } from "flexsearch"',
};

const ENTRY = 'bench-entry.js';
/** The entry module is text, not a file. Vite hands it over with the root's path before it. */
const entry = (code) => ({
  name: 'bench-entry',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith(ENTRY) ? ENTRY : null),
  load: (id) => (id === ENTRY ? code : null),
});

/** One module for the browser. Not minified: a profile names functions. */
async function bundle(code) {
  const [{ output }] = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [entry(code)],
    build: { write: false, minify: false, target: 'esnext', lib: { entry: ENTRY, formats: ['es'], fileName: 'bundle' } },
  });
  return output[0].code;
}

/** Everything a page may ask for, by path. */
async function filesOf() {
  const files = {};
  for (const name of MODULES) files[`/${name}`] = await readFile(new URL(name, here));
  for (const [name, code] of Object.entries(BUNDLES)) files[`/${name}.js`] = await bundle(code);
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

const versionOf = (name) => createRequire(import.meta.url)(`../../node_modules/${name}/package.json`).version;

export const peers = () =>
  `Uniform Context ${versionOf('@uniformdev/context')}, MiniSearch ${versionOf('minisearch')}, FlexSearch ${versionOf('flexsearch')}`;

export const machine = ({ version }) =>
  `Chromium ${version} headless, ${cpus().length} cores (${cpus()[0].model}), load ${loadavg()[0].toFixed(1)}`;

/** Bytes a page holds after everything it no longer needs is gone: objects, and the memory behind typed arrays. */
async function heapOf(cdp) {
  for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage');
  return usedSize + backingStorageSize;
}

/** CPU seconds the page's main thread has worked. */
async function workedBy(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value;
}

/** A browser for a whole run; `fresh` opens a page with empty storage. */
export async function openBrowser() {
  const server = await serve(await filesOf());
  const browser = await chromium.launch({ executablePath: findChromium() });
  return {
    version: browser.version(),
    async fresh() {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      const cdp = await context.newCDPSession(page);
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
      return {
        page,
        cdp,
        heap: () => heapOf(cdp),
        cpu: () => workedBy(cdp),
        throttle: (rate) => cdp.send('Emulation.setCPUThrottlingRate', { rate }),
        close: () => context.close(),
      };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** Long enough that asking the browser does not matter. Milliseconds. */
const BATCH = 150;

/** Mean CPU milliseconds a call: what other programs on the machine take is not in it. */
export async function cpuOf({ page, cpu }, name, { p50 }) {
  const calls = Math.max(5, Math.ceil(BATCH / p50));
  const before = await cpu();
  await page.evaluate(
    async ([job, most]) => {
      for (let i = 0; i < most; i++) await globalThis.bench[job]();
    },
    [name, calls],
  );
  return (1000 * ((await cpu()) - before)) / calls;
}
