import { NAME } from './storage.js';
import type { ChoiceState, Found, Place, Purpose, Settings, Stored } from './types.js';

/** Another tab may hold a database for as long as it likes. Milliseconds. */
const PATIENCE = 1000;

type Declared = Pick<Settings, 'purposes'>;
type Choice = (purpose: Purpose, service?: string) => ChoiceState;

/** One declaration, and whose it is. */
interface Line extends Stored {
  readonly purpose: Purpose;
  readonly service?: string;
}

/** Everything the owner has declared, purpose by purpose. */
const declaredIn = ({ purposes }: Declared): readonly Line[] =>
  Object.entries(purposes).flatMap(([purpose, { stores = [], services = {} }]) => [
    ...stores.map((one) => ({ ...one, purpose })),
    ...Object.entries(services).flatMap(([service, { stores = [] }]) => stores.map((one) => ({ ...one, purpose, service }))),
  ]);

/** `*` stands for any text; everything else for itself. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  let at = first.length;
  const isThere = (part: string) => {
    const found = name.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  };
  return name.startsWith(first) && rest.every(isThere) && name.endsWith(last) && name.length - last.length >= at;
}

/** Names in order, each once; what cannot be asked has none. Every getter here may throw, or be null where it is switched off. */
async function ask(names: () => Iterable<string> | undefined | Promise<Iterable<string> | undefined>): Promise<readonly string[]> {
  try {
    return [...new Set(await names())].sort();
  } catch {
    return [];
  }
}

function keysOf(storage: Storage): string[] {
  const keys: string[] = [];
  for (let i = 0; i < storage.length; i++) keys.push(storage.key(i) as string); // a key may be called "length"
  return keys;
}

/** As far as a script may see: not those of other paths, nor those that only the server reads. */
const cookies = () => document.cookie.split('; ').flatMap((pair) => pair.split('=', 1)[0] || []);

const databases = async () => (await indexedDB.databases?.())?.flatMap(({ name }) => name || []);

/** What there is in each place, by name; no value is looked at, and looking creates nothing. */
const PLACES: Readonly<Record<Place, () => Promise<readonly string[]>>> = {
  cookie: () => ask(cookies),
  local: () => ask(() => keysOf(localStorage)),
  session: () => ask(() => keysOf(sessionStorage)),
  database: () => ask(databases),
  cache: () => ask(() => caches.keys()),
};

/** fordi's own two names are told of elsewhere. */
const isOwn = (place: Place, name: string) => name === NAME && (place === 'local' || place === 'database');

/** One thing there is, with everybody who has declared it. */
interface Seen {
  readonly name: string;
  readonly place: Place;
  readonly by: readonly Line[];
}

const seenBy = (lines: readonly Line[], place: Place, name: string): Seen => ({
  name,
  place,
  by: lines.filter((line) => line.place === place && fits(line.name, name)),
});

async function look(lines: readonly Line[]): Promise<readonly Seen[]> {
  const names = await Promise.all(Object.values(PLACES).map((there) => there()));
  return (Object.keys(PLACES) as Place[]).flatMap((place, i) =>
    (names[i] ?? []).flatMap((name) => (isOwn(place, name) ? [] : [seenBy(lines, place, name)])),
  );
}

function told({ name, place, by }: Seen, choice: Choice): Found {
  const may = by.find(({ purpose, service }) => choice(purpose, service) === 'granted');
  const line = may ?? by[0];
  if (!line) return { name, place, state: 'undeclared' };
  const { purpose, service, what, days } = line;
  const more = { ...(service && { service }), ...(what && { what }), ...(days && { days }) };
  return { name, place, purpose, ...more, state: may ? 'declared' : 'expired' };
}

/**
 * What the page has really stored, as far as a script can see, beside what the owner has declared. `expired`: nobody it
 * belongs to may keep it (any more). How old a thing is no browser tells. Without `choice`, nothing counts as expired.
 */
export const findStored = async (declared: Declared, choice: Choice = () => 'granted'): Promise<readonly Found[]> =>
  (await look(declaredIn(declared))).map((seen) => told(seen, choice));

/** `/shop/jazz` → `/`, `/shop`, `/shop/`, `/shop/jazz`, `/shop/jazz/`: wherever a cookie this page sees may have been set. */
function pathsOf(pathname: string): string[] {
  const parts = pathname.split('/').filter(Boolean);
  return ['/', ...parts.flatMap((_, i) => [`/${parts.slice(0, i + 1).join('/')}`, `/${parts.slice(0, i + 1).join('/')}/`])];
}

/** `a.shop.example` → none (this host only), `shop.example`, `a.shop.example`; an address in numbers has no others. */
function domainsOf(hostname: string): string[] {
  const parts = /[\d\]]$/.test(hostname) ? [] : hostname.split('.');
  return ['', ...parts.slice(1).map((_, i) => `;domain=${parts.slice(-i - 2).join('.')}`)];
}

/** A secure cookie can be overwritten by a secure one only; a partitioned one is another cookie. */
const KINDS = ['', ';secure', ';secure;partitioned'];

function setCookie(text: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere, and not on plain http.
  document.cookie = text;
}

/** A cookie goes only where name, path and domain are the ones it was set with, and no script can ask for these. */
function removeCookie(name: string, by: readonly Line[]): void {
  const { pathname, hostname } = location;
  const told = by.flatMap(({ path = [] }) => path);
  const domains = [...by.flatMap(({ domain }) => (domain ? `;domain=${domain}` : [])), ...domainsOf(hostname)];
  for (const path of new Set([...told, ...pathsOf(pathname)])) {
    if (!told.includes(path) && !cookies().includes(name)) return; // gone; some browsers complain of each one they refuse
    for (const domain of new Set(domains)) for (const kind of KINDS) setCookie(`${name}=;max-age=-1;path=${path}${domain}${kind}`);
  }
}

/** Resolves to whether it is gone, as far as it will be soon. */
const removeDatabase = (name: string) =>
  new Promise<boolean>((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve(true);
    request.onerror = (event) => {
      event.preventDefault(); // it would surface in the page
      resolve(false);
    };
    setTimeout(resolve, PATIENCE, false); // held by another tab: it goes when that one lets go, or at the next start
  });

const REMOVE: Readonly<Record<Place, (name: string, by: readonly Line[]) => unknown>> = {
  cookie: removeCookie,
  local: (name) => localStorage.removeItem(name),
  session: (name) => sessionStorage.removeItem(name),
  database: removeDatabase,
  cache: (name) => caches.delete(name),
};

async function remove({ name, place, by }: Seen): Promise<unknown> {
  try {
    return await REMOVE[place](name, by);
  } catch {
    return false; // what is left is found when it is looked for again
  }
}

/** A no, or a yes that no longer holds; where nothing was chosen, nothing is touched. */
const AGAINST: readonly ChoiceState[] = ['refused', 'withdrawn', 'expired'];

function listsDatabases(): boolean {
  try {
    return !!indexedDB.databases;
  } catch {
    return true; // blocked: there is nothing to delete either
  }
}

/**
 * Declared, but out of this page's sight: cookies of another path, and databases where the browser does not list them. To
 * delete what is not there does nothing.
 */
function unseen(lines: readonly Line[]): readonly Seen[] {
  const blind = !listsDatabases();
  return lines
    .filter(({ name, place, path }) => !name.includes('*') && (place === 'cookie' ? path : blind && place === 'database'))
    .map(({ name, place }) => seenBy(lines, place, name))
    .filter(({ name, place }) => !isOwn(place, name));
}

/**
 * Deletes what is declared and may no longer be there: never what is undeclared, fordi's own, or also somebody's who may
 * keep it. Resolves to what of it is left.
 */
export async function removeStored(declared: Declared, choice: Choice): Promise<readonly Found[]> {
  const lines = declaredIn(declared);
  const is = ({ purpose, service }: Line) => choice(purpose, service);
  const isAgainst = (line: Line) => AGAINST.includes(is(line));
  const gone = ({ by }: Seen) => by.some(isAgainst) && !by.some((line) => is(line) === 'granted');
  if (!lines.some(isAgainst)) return []; // then nothing is even looked at
  const going = [...(await look(lines)), ...unseen(lines)].filter(gone);
  if (!going.length) return [];
  await Promise.all(going.map(remove));
  return (await look(lines)).filter(gone).map((seen) => told(seen, choice));
}
