import { reasons } from './locales/en.js';
import type { Locale, Options, Settings } from './types.js';
import { VERBS } from './verbs.js';

/** One line: which option, what it was, what was expected, and the fix. Never anything about the visitor. */
export class FordiError extends Error {
  constructor(
    readonly code: string,
    readonly path: string,
    readonly got: string,
    readonly expected: string,
    readonly hint: string,
  ) {
    super(`${code} ${path}: got ${got}, expected ${expected}. ${hint}`.slice(0, 240));
    Object.defineProperty(this, 'name', { value: 'FordiError' }); // assigning throws where intrinsics are frozen
  }
}

const show = (x: unknown) => (typeof x === 'string' ? `"${x.slice(0, 40)}"` : x === null ? 'null' : Array.isArray(x) ? 'a list' : typeof x);

function fail(path: string, got: unknown, expected: string, hint: string): never {
  throw new FordiError('E_OPTION', path, show(got), expected, hint);
}

/** Edits between two words, given up above 2. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + +(a[i - 1] !== b[j - 1]));
    row = next;
  }
  return row[b.length] as number;
}

const nearest = (word: string, names: readonly string[]) => {
  const near = names.filter((name) => distance(word.toLowerCase(), name.toLowerCase()) <= 2)[0];
  return near ? `Did you mean "${near}"?` : `Known: ${names.join(' ')}.`;
};

type Check = readonly [expected: string, test: (x: unknown) => boolean, hint: string];

const isText = (x: unknown) => typeof x === 'string' && x.trim() !== '';
const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isTexts = (x: unknown) => Array.isArray(x) && x.every(isText);
const isFunction = (x: unknown) => typeof x === 'function';
const within = (least: number, most: number): Check => [
  `a number from ${least} to ${most}`,
  (x) => typeof x === 'number' && x >= least && x <= most,
  'Give a number.',
];
const oneOf = (...names: string[]): Check => [
  `one of ${names.join(' ')}`,
  (x) => names.includes(x as string),
  `Choose one of ${names.join(' ')}.`,
];

const SITE: Readonly<Record<string, Check>> = {
  name: ['the name visitors know', isText, 'Say who is asking: site: { name: "Grooves" }.'],
  privacyUrl: ['an address', isText, 'Give the address of your privacy page.'],
  contact: ['an e-mail or address', isText, 'Give a way to reach you.'],
};
const NOTICE: Readonly<Record<string, Check>> = {
  version: ['a version', isText, 'Name the version of your notice: notice: { version: "2026-11", … }.'],
  keeps: ['a list of verbs', isTexts, 'Name what is kept: notice: { keeps: ["listen", "purchase"], … }.'],
  days: within(1, 182),
};
const SENSITIVE: Readonly<Record<string, Check>> = {
  guarded: ['a list of topics', isTexts, 'Give topics.'],
  special: ['a list of topics', isTexts, 'Give topics.'],
};
const SLOT: Readonly<Record<string, Check>> = { visibility: oneOf('private', 'public'), size: within(1, 100) };

const OPTIONS: Readonly<Record<string, Check>> = {
  site: ['an object with name', isObject, 'Say who is asking: site: { name: "Grooves" }.'],
  notice: ['an object with version and keeps', isObject, 'Say what is kept: notice: { version: "2026-11", keeps: ["listen"] }.'],
  catalog: [
    'an address, a list of items or a function',
    (x) => isText(x) || Array.isArray(x) || isFunction(x),
    'Give "/catalog.json", Item[] or () => Promise<Item[]>.',
  ],
  slots: [
    'an object of slots',
    (x) => isObject(x) && Object.values(x).every(isObject),
    'Give slots: { home: { visibility: "public", size: 6 } }.',
  ],
  locale: [
    '"en" or a locale',
    (x) => x === 'en' || (isObject(x) && isObject(x.reasons)),
    'import * as da from "fordi/locales/da" and give locale: da.',
  ],
  audience: oneOf('cautious', 'balanced', 'open'),
  gpc: oneOf('refuse', 'ignore'),
  records: within(100, 100_000),
  namedDays: within(0, 182),
  sensitive: ['an object', isObject, 'Give sensitive: { guarded: ["…"], special: ["…"] }.'],
  paused: ['a list of topics or item ids', isTexts, 'Give paused: ["…"].'],
  rules: ['a list of functions', (x) => Array.isArray(x) && x.every(isFunction), 'Give rules: [(evidence, setting) => "implicit"].'],
  prior: oneOf('popular', 'new', 'picked'),
  onReceipt: ['a function', isFunction, 'Give a function.'],
};

function check(given: unknown, path: string, checks: Readonly<Record<string, Check>>, required: readonly string[]): void {
  if (!isObject(given)) fail(path, given, 'an object', 'See README, options.');
  for (const name of Object.keys(given)) {
    const rule = Object.hasOwn(checks, name) && checks[name];
    if (!rule) fail(path ? `${path}.${name}` : name, name, 'a known name', nearest(name, Object.keys(checks)));
  }
  for (const [name, [expected, test, hint]] of Object.entries(checks)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined ? required.includes(name) : !test(value)) fail(path ? `${path}.${name}` : name, value, expected, hint);
  }
}

const ENGLISH: Locale = { lang: 'en', dir: 'ltr', reasons };

/** Checks everything once, at setup, and fills in the defaults. Throws a FordiError at the first thing that is wrong. */
export function readOptions(given: Options): Settings {
  check(given, '', OPTIONS, ['site', 'notice']);
  check(given.site, 'site', SITE, ['name']);
  check(given.notice, 'notice', NOTICE, ['version', 'keeps']);
  check(given.sensitive ?? {}, 'sensitive', SENSITIVE, []);
  for (const [name, slot] of Object.entries(given.slots ?? {})) check(slot, `slots.${name}`, SLOT, []);
  const verbs = Object.keys(VERBS);
  given.notice.keeps.forEach((verb, i) => {
    if (!verbs.includes(verb)) fail(`notice.keeps[${i}]`, verb, 'a verb', nearest(verb, verbs));
  });
  const { sensitive, notice, locale } = given;
  return {
    site: given.site,
    notice: { days: 180, ...notice, keeps: [...new Set([...notice.keeps, 'dismiss', 'too-personal'] as const)] },
    catalog: given.catalog,
    slots: given.slots ?? {},
    locale: typeof locale === 'object' ? locale : ENGLISH,
    audience: given.audience ?? 'balanced',
    gpc: given.gpc ?? 'refuse',
    records: given.records ?? 10_000,
    namedDays: given.namedDays ?? 90,
    sensitive: { guarded: sensitive?.guarded ?? [], special: sensitive?.special ?? [] },
    paused: given.paused ?? [],
    rules: given.rules ?? [],
    prior: given.prior ?? 'picked',
    onReceipt: given.onReceipt,
  };
}
