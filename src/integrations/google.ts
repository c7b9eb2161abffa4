import type { Fordi, Purpose } from '../types.js';

/** The two keys that can be fordi's. What is about advertising, measuring and security is not. */
const KEYS = ['personalization_storage', 'functionality_storage'] as const;
type Key = (typeof KEYS)[number];

export interface GoogleOptions {
  /** Which purpose speaks for a key. Default `{ personalization_storage: 'personalization' }`. */
  readonly keys?: Readonly<Partial<Record<Key, Purpose>>>;
  /** Name of the page's list for Google's tags. Default `dataLayer`. */
  readonly layer?: string;
}

function check(fordi: Fordi, keys: Readonly<Record<string, Purpose>>): void {
  const purposes = Object.keys(fordi.get().choices);
  for (const [key, purpose] of Object.entries(keys)) {
    if (!KEYS.includes(key as Key)) throw new Error(`fordi: connectGoogle: "${key}" is not fordi's to say, expected ${KEYS.join(' or ')}.`);
    if (!purposes.includes(purpose))
      throw new Error(`fordi: connectGoogle: keys.${key} is "${purpose}", expected a declared purpose: ${purposes.join(' ')}.`);
  }
}

const isConsent = (entry: unknown, what: string) => Object(entry)[0] === 'consent' && Object(entry)[1] === what;

/** A tag has begun: what comes after it comes too late to be its default. */
const isTag = (entry: unknown) => ['config', 'event'].includes(Object(entry)[0]) || Object.hasOwn(Object(entry), 'event');

/** What stands before the first tag: whether a default of the page's own names all these keys, and which one grants that nobody has said yes to. */
function defaultsIn(list: unknown, names: readonly Key[]) {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  const tag = entries.findIndex(isTag);
  const before = tag < 0 ? entries : entries.slice(0, tag);
  const defaults = before.filter((entry) => isConsent(entry, 'default')).map((entry) => Object(Object(entry)[2]));
  return {
    hasBegun: tag >= 0,
    isSet: defaults.some((said) => names.every((key) => Object.hasOwn(said, key))),
    loose: names.filter((key) => defaults.some((said) => !/^(undefined|denied)$/.test(said[key]))),
  };
}

/**
 * Tells Google's tags (Consent Mode v2) of what the visitor chose here: `denied` before any tag, then what there is to add, as
 * soon as it is known. Only while fordi is the one that asks: with another tool for permission on the page it says nothing but
 * that a yes told before has ended.
 * Where Global Privacy Control is heeded, what goes to others stays denied.
 */
export function connectGoogle(
  fordi: Fordi,
  { keys = { personalization_storage: 'personalization' }, layer = 'dataLayer' }: GoogleOptions = {},
): () => void {
  check(fordi, keys);
  const page = globalThis as unknown as Record<string, unknown[] | undefined>;
  const isOurs = () => !fordi.options.heeds && !fordi.get().elsewhere.length;
  if (!isOurs()) return () => {};
  /** As `gtag` does it: a plain array would be ignored there. */
  function push(..._: unknown[]) {
    page[layer] ??= [];
    // biome-ignore lint/complexity/noArguments: this very object is what Google's tags expect
    page[layer].push?.(arguments); // the page may have put something else in its place
  }
  if (!Array.isArray(page[layer] ?? [])) {
    console.error(
      `fordi: connectGoogle: "${layer}" is no list of Google's tags; nothing is told to them. Expected the name of theirs. See README, Google.`,
    );
    return () => {};
  }
  const names = Object.keys(keys) as Key[];
  const { hasBegun, isSet, loose } = defaultsIn(page[layer], names);
  if (!isSet && hasBegun) {
    console.error(
      `fordi: connectGoogle came after Google's tags had begun; nothing is told to them. Put it before them, or let a default of your own for ${names.join(' and ')} stand before them. See README, Google.`,
    );
    return () => {};
  }
  const all = (value: string) => Object.fromEntries(names.map((key) => [key, value]));
  let said: Record<string, string> = all('denied');
  if (!isSet) push('consent', 'default', { ...said, wait_for_update: 500 });
  if (loose[0]) push('consent', 'update', Object.fromEntries(loose.map((key) => [key, 'denied'])));
  const tell = () => {
    const { ready, gpc, choices } = fordi.get();
    const isBarred = gpc && fordi.options.gpc !== 'ignore';
    if (!ready) return;
    const may = (key: Key) => isOurs() || said[key] === 'granted'; // beside another tool only the end of what was told before
    const is = (key: Key) => (!isBarred && may(key) && choices[keys[key] as Purpose] === 'granted' ? 'granted' : 'denied');
    const next = Object.fromEntries(names.map((key) => [key, is(key)]));
    const news = Object.entries(next).filter(([key, value]) => said[key] !== value);
    said = next;
    if (news.length) push('consent', 'update', Object.fromEntries(news));
  };
  tell();
  return fordi.subscribe(tell);
}
