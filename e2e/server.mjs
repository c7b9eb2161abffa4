// Serves dist, the test pages under a strict policy, and the demo for everything else.
//   node e2e/server.mjs 4173        /pages/<name>.html?csp=off lifts the policy (axe needs that), ?csp=offline forbids every connection,
//   ?integrity=required lets no script in whose hash is not given; ?csp=nonce admits scripts by nonce and strict-dynamic only, ?csp=styles also the site's own styles; ?wait=400 answers so much later
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { page } from './pages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...path) => join(root, ...path);
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'none'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'", // a second tab, where an engine has only one
  'media-src blob:',
  "base-uri 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const NONCE = 'c2VlZA'; // one for all: what is tested is that fordi lives with a nonce, not that this server could be trusted
const nonced = policy.replace("script-src 'self'", `script-src 'nonce-${NONCE}' 'strict-dynamic'`);
const policies = {
  off: '',
  offline: policy.replace("connect-src 'self'", "connect-src 'none'"),
  nonce: nonced,
  styles: nonced.replace("style-src 'none'", `style-src 'self' 'nonce-${NONCE}'`),
};

const demo = existsSync(at('demo/server.mjs')) ? await import('../demo/server.mjs') : {};

/** The policy forbids import maps, so a page gets one module: all ESM entries with their dependencies. */
const bundle = async () => {
  const all = ['index', 'ui', 'integrations'].map((name) => `export * from ${JSON.stringify(at(`dist/${name}.js`))};`);
  const languages = readdirSync(at('dist/locales')).flatMap((file) => (file.endsWith('.js') ? `locales/${file.slice(0, -3)}` : []));
  const named = ['debug', ...languages]
    .filter((name) => existsSync(at(`dist/${name}.js`)))
    .map((name) => `export * as ${name.split('/').at(-1)} from ${JSON.stringify(at(`dist/${name}.js`))};`);
  const entry = {
    name: 'all-entries',
    resolveId: (id) => (id === 'all-entries' ? id : null),
    load: (id) => (id === 'all-entries' ? [...all, ...named].join('\n') : null),
  };
  const build = await rollup({ input: 'all-entries', plugins: [entry, nodeResolve({ browser: true })] });
  const { output } = await build.generate({ format: 'es' });
  await build.close();
  return output[0].code;
};
let bundled;

/** The other end of `onReceipt`, in memory: loaded once somebody sends something. */
let receiver;
const receive = async (req, res) => {
  receiver ??= import('../demo/receiver.mjs').then(({ createReceiver }) => createReceiver(':memory:', () => true));
  return (await receiver).handle(req, res);
};

/** The real tools for permission that fordi has to live with. */
const peers = {
  '/peers/vanilla.js': 'node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js',
  '/peers/klaro.js': 'node_modules/klaro/dist/klaro.js',
};

const read = async (path) => {
  if (peers[path]) return readFile(at(peers[path]));
  if (path === '/dist/test/fordi.esm.js') {
    bundled ??= bundle();
    return bundled;
  }
  if (path === '/axe.min.js') return readFile(at('node_modules/axe-core/axe.min.js'));
  if (path.startsWith('/dist/')) return readFile(at(path));
  if (path.startsWith('/pages/')) return page(path);
  return undefined;
};

createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x'); // already normalised: no ".." left
  if (url.pathname === '/favicon.ico') return res.writeHead(204).end(); // asked for by some engines only
  try {
    if (url.pathname === '/receipts') return await receive(req, res);
    const body = await read(url.pathname);
    if (body === undefined && demo.handler) return await demo.handler(req, res);
    if (body === undefined) return res.writeHead(404).end();
    const type = extname(url.pathname);
    await sleep(Number(url.searchParams.get('wait')));
    res.setHeader('content-type', types[type] ?? 'application/octet-stream');
    if (type !== '.html') return res.end(body);
    if (url.searchParams.has('integrity')) res.setHeader('integrity-policy', 'blocked-destinations=(script)');
    res.setHeader('content-security-policy', policies[url.searchParams.get('csp')] ?? policy);
    res.end(String(body).replace(/<(script|style) /g, `<$1 nonce="${NONCE}" `));
  } catch (error) {
    res.writeHead(error.code === 'ENOENT' ? 404 : 500).end(String(error));
  }
}).listen(Number(process.argv[2] ?? 4173), '127.0.0.1');
