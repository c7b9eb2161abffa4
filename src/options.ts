import { PERSONAL } from './consent.js';
import { checkTexts, wrong } from './error.js';
import { reasons } from './locales/en.js';
import { endOf, msOf } from './moments.js';
import { isDeciding, RENAME } from './policy.js';
import type { Locale, Moment, Options, Service, Settings, Terms } from './types.js';
import { VERBS, type Verb, type Verbs } from './verbs.js';

interface Kind {
  readonly expected: string;
  is(x: unknown): unknown;
}
/** What may be given under each name; nested names where the option is an object. */
interface Kinds {
  readonly [name: string]: Kind | Kinds;
}

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isText = (x: unknown) => typeof x === 'string' && x.trim() !== '';
const isFunction = (x: unknown) => typeof x === 'function';
const all = (is: Kind['is']) => (x: unknown) => Array.isArray(x) && x.every(is);

const text: Kind = { expected: 'a text', is: isText };
const texts: Kind = { expected: 'a list of texts', is: all(isText) };
const oneOf = (...names: readonly unknown[]): Kind => ({ expected: names.join(' or '), is: (x) => names.includes(x) });
const between = (from: number, to: number): Kind => ({
  expected: `a whole number, ${from} to ${to}`,
  is: (x) => Number.isInteger(x) && (x as number) >= from && (x as number) <= to,
});

const number = (from: number, to: number): Kind => ({
  expected: `a number, ${from} to ${to}`,
  is: (x) => typeof x === 'number' && x >= from && x <= to,
});
const isMoment = (x: unknown) => x === undefined || (['string', 'number'].includes(typeof x) && Number.isFinite(msOf(x as Moment)));
const isPause = (x: unknown) =>
  isText(x) ||
  (isObject(x) && isText(x.what) && isMoment(x.from) && isMoment(x.until) && !(msOf(x.from as Moment) > endOf(x.until as Moment)));

const flag: Kind = oneOf(true, false);
const named: Kind = { expected: 'objects by name', is: (x) => isObject(x) && Object.values(x).every(isObject) };

const SLOT: Kinds = { visibility: oneOf('private', 'public'), size: between(1, 100) };
/** What was measured with them: README, Measured. */
const RANKING = { neighbours: 1, topics: 1, prior: 0.1, fresh: 0.05, explore: 0.05, diversity: 0.2 };
const FATIGUE = { shows: 4, told: 3, days: 14 };
const SLOWER = 4;
const tuning = (most: number): Kinds => ({ weight: number(-10, most), halfLife: number(0, 3650) });
const KINDS: Kinds = {
  site: { name: text, privacyUrl: text, contact: text, address: text, jurisdiction: text },
  notice: {
    version: text,
    keeps: { expected: 'a list of verbs', is: (x) => texts.is(x) && Object(x).length },
    days: between(1, 182),
    changes: text,
  },
  purposes: { expected: 'purposes by name', is: isObject },
  child: flag,
  heeds: flag,
  catalog: { expected: 'an address, a list of items or a function', is: (x) => isText(x) || Array.isArray(x) || isFunction(x) },
  slots: { expected: 'slots by name', is: isObject },
  locale: { expected: '"en", or da after: import * as da from "fordi/locales/da"', is: (x) => x === 'en' || isObject(x) },
  audience: oneOf('cautious', 'balanced', 'open'),
  gpc: oneOf('refuse', 'noshare', 'ignore'),
  records: between(100, 100_000),
  namedDays: between(0, 182),
  sensitive: { guarded: texts, special: texts },
  paused: { expected: 'a list of topics, ids or { what, from, until }', is: all(isPause) },
  ranking: Object.fromEntries(Object.keys(RANKING).map((name) => [name, number(0, 10)])),
  fatigue: { shows: between(1, 1000), told: between(1, 1000), days: between(1, 182) },
  verbs: { expected: 'verbs by name', is: isObject },
  rules: { expected: 'a list of functions', is: all(isFunction) },
  prior: oneOf('popular', 'new', 'picked'),
  onReceipt: { expected: 'a function', is: isFunction },
};
const STORED: Kinds = {
  name: text,
  place: oneOf('cookie', 'local', 'session', 'database', 'cache'),
  what: text,
  days: between(1, 3650),
  path: text,
  domain: text,
};
const SERVICE: Kinds = { title: text, text, recipients: texts, stores: { expected: 'a list of { name, place }', is: all(isObject) } };
const TERMS: Kinds = {
  ...SERVICE,
  keeps: text,
  days: between(1, 3650),
  services: named,
  special: texts,
  when: oneOf('notice', 'ask'),
};

const REQUIRED = ['site', 'notice', 'site.name', 'notice.version', 'notice.keeps'];
/** Without these nobody could know what they say yes to. */
const TOLD = ['title', 'text', 'keeps', 'days'];

/** Whether so many edits make one word of the other. */
export function isNear(a: string, b: string, edits: number): boolean {
  const [x, y] = [a.slice(1), b.slice(1)];
  if (a === b || a[0] === b[0]) return a === b || isNear(x, y, edits);
  return edits > 0 && (isNear(x, b, edits - 1) || isNear(a, y, edits - 1) || isNear(x, y, edits - 1));
}

export function checkName(name: string, names: readonly string[], path: string): void {
  if (names.includes(name)) return;
  const near = [1, 2].flatMap((edits) => names.filter((known) => isNear(name, known, edits)))[0];
  wrong(path, name, 'a known name', near ? `Did you mean "${near}"?` : `Known: ${names.join(' ')}.`);
}

const isKind = (kind: Kind | Kinds): kind is Kind => isFunction(kind.is);

function check(given: unknown, kind: Kind | Kinds, path: string, required: readonly string[] = REQUIRED): void {
  if (given === undefined && !required.includes(path)) return;
  if (isKind(kind) ? !kind.is(given) : !isObject(given)) wrong(path || 'options', given, isKind(kind) ? kind.expected : 'an object');
  if (isKind(kind) || !isObject(given)) return;
  const under = path && `${path}.`;
  const names = Object.keys(kind);
  for (const name of Object.keys(given)) checkName(name, names, under + name);
  for (const name of names) check(Object.hasOwn(given, name) ? given[name] : undefined, kind[name] as Kind, under + name, required);
}

/** What something keeps in the browser, each with a name and a place. */
function checkStores({ stores = [] }: Service, path: string): void {
  for (const [i, one] of stores.entries()) {
    const at = `${path}.stores[${i}]`;
    check(one, STORED, at, [`${at}.name`, `${at}.place`]);
  }
}

/** Purposes are complete, and a service stands under one of them only: else nobody could say yes to the one and no to the other. */
function checkPurposes(purposes: Readonly<Record<string, Terms>>): void {
  const places = new Map<string, string>();
  for (const [name, terms] of Object.entries(purposes)) {
    const path = `purposes.${name}`;
    if (name === PERSONAL)
      wrong(path, name, 'another name', 'It is always there: its text is in the locale, what it keeps in notice.keeps.');
    check(terms, TERMS, path, [path, ...TOLD.map((told) => `${path}.${told}`)]);
    checkStores(terms, path);
    for (const [service, what] of Object.entries(terms.services ?? {})) {
      const at = `${path}.services.${service}`;
      const other = places.get(service);
      if (other)
        wrong(at, service, 'a service under one purpose only', `It stands under ${other} too: give it another name there, or move it.`);
      places.set(service, path);
      check(what, SERVICE, at, [`${at}.title`]);
      checkStores(what, at);
    }
  }
}

/** Without what is given as `undefined`, which must not hide a default. */
const present = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

const ENGLISH: Locale = { lang: 'en', dir: 'ltr', reasons };

const isLang = (x: unknown) => {
  try {
    return isText(x) && Intl.getCanonicalLocales(x as string);
  } catch {
    return false;
  }
};
/** A language may come as data. What it may hold besides is for other versions. */
function checkLocale({ lang, dir, reasons: own }: Locale): void {
  check(lang ?? null, { expected: 'a language as in <html lang>', is: isLang }, 'locale.lang');
  check(dir ?? null, oneOf('ltr', 'rtl'), 'locale.dir');
  checkTexts(own, reasons, 'locale.reasons');
}

/** The table of verbs as it counts on this site; what was shown is forgotten as fast as it rests. */
function tuned(verbs: NonNullable<Options['verbs']>, days: number): Verbs {
  const halfLife = SLOWER * days; // so that the fourth showing within the time is still nearly the fourth
  const own: Verbs = { ...VERBS, shown: { ...VERBS.shown, halfLife }, told: { ...VERBS.told, halfLife } };
  return Object.fromEntries(
    Object.entries(own).map(([name, rule]) => [name, { ...rule, ...present(verbs[name as Verb] ?? {}) }]),
  ) as unknown as Verbs;
}

/** Checks everything once, at setup, and fills in the defaults. Throws a FordiError at the first thing that is wrong. */
export function readOptions(given: Options): Settings {
  check(given ?? null, KINDS, '');
  const { notice, sensitive, locale, slots = {}, verbs = {}, purposes = {} } = given;
  if (typeof locale === 'object') checkLocale(locale);
  for (const verb of notice.keeps) checkName(verb, Object.keys(VERBS), 'notice.keeps');
  for (const [name, slot] of Object.entries(slots)) {
    if (isDeciding(name)) wrong(`slots.${name}`, name, 'a place that only shows things', RENAME);
    check(slot, SLOT, `slots.${name}`);
  }
  for (const [name, tuned] of Object.entries(verbs)) {
    checkName(name, Object.keys(VERBS), 'verbs');
    check(tuned, tuning(VERBS[name as Verb].weight > 0 ? 10 : 0), `verbs.${name}`);
  }
  checkPurposes(purposes);
  const topics = Object.values(purposes).flatMap(({ special = [] }) => special); // what has a purpose of its own is special
  const fatigue = { ...FATIGUE, ...present(given.fatigue ?? {}) };
  return {
    catalog: undefined,
    audience: 'balanced',
    gpc: 'refuse',
    records: 10_000,
    namedDays: 90,
    paused: [],
    rules: [],
    prior: 'picked',
    onReceipt: undefined,
    child: false,
    heeds: false,
    ...present(given),
    purposes,
    slots,
    notice: { days: 180, ...present(notice), keeps: [...new Set([...notice.keeps, 'dismiss', 'too-personal'] as const)] },
    ranking: { ...RANKING, ...present(given.ranking ?? {}) },
    fatigue,
    verbs: tuned(verbs, fatigue.days),
    sensitive: { guarded: sensitive?.guarded ?? [], special: [...(sensitive?.special ?? []), ...topics] },
    locale: typeof locale === 'object' ? locale : ENGLISH,
  };
}
