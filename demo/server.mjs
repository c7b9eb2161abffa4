// Grooves, a small record shop: `node demo/server.mjs [port]`. Plain Node, pages made on request, nothing kept.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { moduleBundle } from './bundle.mjs';
import { find, genres, items } from './catalog.mjs';
import { cover } from './cover.mjs';
import * as pages from './pages.mjs';
import { languages } from './texts.mjs';

const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/** The shop's own files a browser may ask for; everything else in this folder stays here. */
const FILES = new Set([
  'shop.css',
  'icon.svg',
  'shop.js',
  'player.js',
  'tones.js',
  'seeded.js',
  'guide.js',
  'played.js',
  'acts.js',
  'find.js',
  'near.js',
  'module.js',
]);

const answer = (type, body, status = 200, cache = 'no-cache') => ({ status, type, body, cache });
/** A sleeve that was fetched once is not asked for again: not when it is suggested, not when it stands among the played. */
const FOREVER = 'public, max-age=31536000, immutable';
const page = (markup, status) => answer('.html', String(markup), status);
const json = (value) => answer('.json', JSON.stringify(value));

const file = async (folder, name) => {
  const extension = extname(name);
  if (!TYPES[extension]) return undefined;
  try {
    return answer(extension, await readFile(new URL(name, folder)));
  } catch {
    return undefined;
  }
};

const OWN = new URL('./', import.meta.url);
const DIST = new URL('../dist/', import.meta.url);

/** Pages that exist once per language. */
const shop = (path, lang) => {
  const [, head, tail, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  const prefix = lang === 'en' ? '' : `/${lang}`;
  if (path === '/') return page(pages.home(lang));
  if (path === '/records') return page(pages.all(lang));
  if (path === '/about') return page(pages.about(lang));
  if (path === '/your-data') return page(pages.notice(lang));
  if (path === '/catalog.json') return json(items(lang, prefix));
  if (head === 'genre' && genres.includes(tail)) return page(pages.genre(lang, tail));
  if (head === 'record' && find(tail)) return page(pages.record(lang, find(tail)));
  return undefined;
};

/** Pages and files that exist once. */
const single = async (path) => {
  const name = path.slice(1);
  if (FILES.has(name)) return file(OWN, name);
  if (path === '/minimal') return page(pages.minimal());
  if (path === '/module') return page(pages.module());
  if (path === '/carried') return page(pages.carried());
  const brought = /^\/carried\/([\w-]+)$/.exec(path);
  if (brought && find(brought[1])) return page(pages.carriedRecord(find(brought[1])));
  if (path === '/module/fordi.js') return answer('.js', await moduleBundle());
  const sleeve = /^\/cover\/([\w-]+)\.svg$/.exec(path);
  if (sleeve && find(sleeve[1])) return answer('.svg', cover(find(sleeve[1])), 200, FOREVER);
  // No segment may begin with a dot, so no path leads out of the build.
  const built = /^\/dist\/((?:[\w-][\w.-]*\/)*[\w-][\w.-]*)$/.exec(path);
  return built ? file(DIST, built[1]) : undefined;
};

const route = async (path) => {
  const [, lang, rest] = /^\/([a-z]{2})(\/.*)$/.exec(path) ?? [];
  const foreign = languages.includes(lang) && lang !== 'en';
  const found = (foreign ? shop(rest, lang) : shop(path, 'en')) ?? (await single(path));
  return found ?? page(pages.missing(foreign ? lang : 'en'), 404);
};

const readPath = (request) => {
  try {
    return decodeURIComponent(new URL(request.url, 'http://shop').pathname);
  } catch {
    return '/ ';
  }
};

export const handler = async (request, response) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { ...HEADERS, Allow: 'GET, HEAD' }).end();
    return;
  }
  const path = readPath(request);
  if (languages.some((lang) => lang !== 'en' && path === `/${lang}`)) {
    response.writeHead(301, { ...HEADERS, Location: `${path}/` }).end();
    return;
  }
  const { status, type, body, cache } = await route(path).catch((error) => {
    console.error(error);
    return answer('.html', 'The shop tripped over something.', 500);
  });
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...HEADERS, 'Content-Type': TYPES[type], 'Content-Length': bytes.length, 'Cache-Control': cache });
  response.end(request.method === 'HEAD' ? undefined : bytes);
};

const open = (port, last = port + 20) => {
  const server = createServer(handler);
  server.once('error', (error) => {
    if (error.code !== 'EADDRINUSE' || port >= last) throw error;
    open(port + 1, last);
  });
  server.listen(port, () => console.log(`Grooves is open: http://localhost:${server.address().port}/`));
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const port = Number(process.argv[2] ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`Port ${process.argv[2]} is not a number from 0 to 65535, e.g. 8080`);
  open(port);
}
