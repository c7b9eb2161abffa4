// Pages that differ in one place: each is a layout, its scripts, and a part that others may share.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const at = (path) => new URL(path, import.meta.url);
const part = (name) => readFile(at(`pages/parts/${name}.html`), 'utf8');

const layout = (title, scripts, body) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
${scripts}
</head>
<body>
${body}
</body>
</html>
`;

const CATALOG = ' data-catalog="/pages/catalog.json"';
const POLICY = ' data-policy="/pages/record.html"';

/** Runs before the file; the one tag that brings it. */
const tag = (more) => `<script src="shop.js"></script>
<script src="/dist/fordi.js"${more} data-site="Grooves" data-notice="2026-11" data-keeps="listen like view" defer></script>`;

const shop = async (scripts) => layout('Grooves', scripts, await part('home'));

const integrity = async (path) =>
  `sha384-${createHash('sha384')
    .update(await readFile(at(path)))
    .digest('base64')}`;

/** With subresource integrity, the page's own script too. */
const sealed = async (hash) => {
  const seal = (hash) => ` integrity="${hash}" crossorigin="anonymous"`;
  const own = `<script src="shop.js"${seal(await integrity('pages/shop.js'))}`;
  return shop(tag(`${seal(hash)}${CATALOG}${POLICY}`).replace('<script src="shop.js"', own));
};

const card = (id, weight) => ({ id, title: `Record ${id.toUpperCase()}`, url: `/pages/record.html#${id}`, weight });

/** A record's own page in a shop without a catalog: it brings what it argues for. */
const record = (id, ...neighbours) => {
  const title = `Record ${id.toUpperCase()}`;
  const item = { id, title, url: `/pages/carried-${id}.html`, topics: ['quiet'], neighbours };
  return layout(
    title,
    tag(''),
    `<main>
<h1>${title}</h1>
<script type="application/json" data-fordi-items>${JSON.stringify(item)}</script>
<button type="button" id="play" data-fordi-item="${id}" data-fordi-verb="listen">Listen</button>
<fordi-shelf slot-name="record" context="${id}"></fordi-shelf>
<p><a href="carried.html">All records</a> <button type="button" id="take-back" data-fordi-open="withdraw">Stop, and erase my data</button></p>
</main>`,
  );
};

const PAGES = {
  tag: () => shop(tag(CATALOG + POLICY)),
  sri: async () => sealed(JSON.parse(await readFile(new URL('../dist/integrity.json', import.meta.url), 'utf8'))['fordi.js']),
  wrong: () => sealed(`sha384-${'A'.repeat(64)}`),
  twice: () =>
    shop(`${tag(CATALOG + POLICY)}
<script src="/dist/fordi.js" data-site="The second" data-notice="2026-12" data-keeps="view" defer></script>`),
  module: async () =>
    layout(
      'Grooves',
      '<script type="module" src="module.js"></script>',
      `<fordi-notice></fordi-notice>\n${await part('home')}<fordi-panel></fordi-panel>`,
    ),
  receipts: () => shop(tag(`${CATALOG}${POLICY} data-receipts="/receipts"`)),
  variants: async () => layout('Grooves', tag(CATALOG), await part('variants')),
  'variants-seen': async () => layout('Grooves', tag(CATALOG).replace('like view', 'like view shown told'), await part('variants')),
  carried: async () => layout('Grooves', tag(''), await part('carried')),
  'carried-a': () => record('a', card('x', 0.9), card('y', 0.6)),
  'carried-b': () => record('b', card('y', 0.5), card('z', 0.4)),
};

/** The page at `/pages/<name>.html`, or the file that lies there. */
export const page = (path) => PAGES[/^\/pages\/([\w-]+)\.html$/.exec(path)?.[1]]?.() ?? readFile(at(`.${path}`));
