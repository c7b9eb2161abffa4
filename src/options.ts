import { reasons } from './locales/en.js';
import type { Locale, Options, Settings } from './types.js';
import { VERBS } from './verbs.js';

/** One line: which option, what it was, what was expected, and the fix. Never anything about the visitor. */
export class FordiError extends Error {
  readonly code = 'E_OPTION';
  constructor(
    readonly path: string,
    readonly got: string,
    readonly expected: string,
    readonly hint: string,
  ) {
    super(`fordi: option ${path} is ${got}, expected ${expected}. ${hint}`.slice(0, 240));
    Object.defineProperty(this, 'name', { value: 'FordiError' }); // assigning throws where intrinsics are frozen
  }
}

type Names = { readonly [name: string]: unknown };

const isObject = (x: unknown): x is Names => typeof x === 'object' && x !== null && !Array.isArray(x);

/** Options by example: what is given must be of the example's kind. A set = one of these, two numbers = from, to. */
const SLOT: Names = { visibility: new Set(['private', 'public']), size: [1, 100] };
const EXAMPLE: Names = {
  site: { name: 'Grooves', privacyUrl: '/privacy', contact: 'mail@example.com' },
  notice: { version: '2026-11', keeps: ['listen'], days: [1, 182] },
  catalog: '/catalog.json',
  slots: {},
  locale: new Set(['en']),
  audience: new Set(['cautious', 'balanced', 'open']),
  gpc: new Set(['refuse', 'ignore']),
  records: [100, 100_000],
  namedDays: [0, 182],
  sensitive: { guarded: ['grief'], special: ['faith'] },
  paused: ['flights'],
  rules: [() => {}],
  prior: new Set(['popular', 'new', 'picked']),
  onReceipt: () => {},
};
const REQUIRED = ['site', 'notice', 'site.name', 'notice.version', 'notice.keeps'];
/** Options that may be of several kinds. */
const ALSO: Readonly<Record<string, (x: unknown) => unknown>> = {
  catalog: (x) => Array.isArray(x) || typeof x === 'function',
  locale: (x) => isObject(x) && x['reasons'],
};

const FIXES: Readonly<Record<string, string>> = { locale: 'Other languages: import * as da from "fordi/locales/da" and give locale: da.' };

const show = (x: unknown): string =>
  typeof x === 'function' ? 'a function' : x instanceof Set ? [...x].join(' or ') : (JSON.stringify(x) ?? `${x}`).slice(0, 60);

/** Edits that make one word of the other. */
function distance(a: string, b: string): number {
  if (!a || !b) return a.length + b.length;
  const [x, y] = [a.slice(1), b.slice(1)];
  return a[0] === b[0] ? distance(x, y) : 1 + Math.min(distance(x, b), distance(a, y), distance(x, y));
}

function misspelt(path: string, word: string, names: readonly string[]): never {
  const near = names.find((name) => Math.abs(name.length - word.length) < 3 && word.length < 12 && distance(word, name) < 3);
  throw new FordiError(path, show(word), 'a known name', near ? `Did you mean "${near}"?` : `Known: ${names.join(' ')}.`);
}

function isLike(x: unknown, example: unknown): unknown {
  if (example instanceof Set) return example.has(x);
  if (!Array.isArray(example)) return typeof x === typeof example && x !== '';
  const [from, to] = example;
  return to === undefined ? Array.isArray(x) && x.every((y) => isLike(y, from)) : typeof x === 'number' && x >= from && x <= to;
}

const expectation = (example: unknown) =>
  Array.isArray(example) && example[1] ? example.join(' to ') : example instanceof Set ? show(example) : `something like ${show(example)}`;

function check(given: unknown, path: string, example: unknown): void {
  if (given === undefined && !REQUIRED.includes(path)) return;
  const nested = isObject(example) && !(example instanceof Set);
  if (!(nested ? isObject(given) : isLike(given, example) || ALSO[path]?.(given)))
    throw new FordiError(path || 'options', show(given), expectation(example), FIXES[path] ?? 'See README, Options.');
  if (nested)
    checkNames(
      given as Names,
      path && `${path}.`,
      path === 'slots' ? Object.fromEntries(Object.keys(given as Names).map((name) => [name, SLOT])) : example,
    );
}

function checkNames(given: Names, under: string, examples: Names): void {
  const names = Object.keys(examples);
  for (const name of Object.keys(given)) if (!names.includes(name)) misspelt(under + name, name, names);
  for (const name of names) check(Object.hasOwn(given, name) ? given[name] : undefined, under + name, examples[name]);
}

const ENGLISH: Locale = { lang: 'en', dir: 'ltr', reasons };

/** Checks everything once, at setup, and fills in the defaults. Throws a FordiError at the first thing that is wrong. */
export function readOptions(given: Options): Settings {
  check(given, '', EXAMPLE);
  const verbs = Object.keys(VERBS);
  const { notice, sensitive, locale } = given;
  for (const verb of notice.keeps) if (!verbs.includes(verb)) misspelt('notice.keeps', verb, verbs);
  return {
    catalog: undefined,
    slots: {},
    audience: 'balanced',
    gpc: 'refuse',
    records: 10_000,
    namedDays: 90,
    paused: [],
    rules: [],
    prior: 'picked',
    onReceipt: undefined,
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Options),
    notice: { days: 180, ...notice, keeps: [...new Set([...notice.keeps, 'dismiss', 'too-personal'] as const)] },
    sensitive: { guarded: [], special: [], ...sensitive },
    locale: typeof locale === 'object' ? locale : ENGLISH,
  };
}
