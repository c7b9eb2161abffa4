import type { Evidence, Provenance, Signal } from './types.js';
import { DAY, DEGREES, minuteOf, VERBS, type Verb, type Verbs, WAYS } from './verbs.js';

const MAX = 512;
/** No sum of values is larger, however many records. */
const MOST = 1e9;

/** How much of a weight is left after `ms`. A clock set back does not make evidence stronger. */
const left = (halfLife: number, ms: number) => (halfLife && ms > 0 ? 2 ** (-ms / (halfLife * DAY)) : 1);

/** Grows with the logarithm of repetition: fifty plays of one song are not fifty reasons. */
const grown = (w: number) => Math.sign(w) * Math.log2(1 + Math.abs(w));

/** The page itself, as a piece of evidence. */
export const isPage = ({ provenance }: Signal): boolean => provenance === 'contextual';

/** What a signal counts for now; the page as one fresh listen. */
export function strength(s: Signal, now: number, verbs: Verbs): number {
  if (isPage(s)) return 1;
  const { weight, halfLife } = verbs[s.verb];
  return grown(weight * s.weight * left(halfLife, minuteOf(now) - s.last));
}

const KNOWING: readonly Provenance[] = ['declared', 'transactional', 'engaged'];

/** Items the visitor has acted on knowingly. */
export function actedOn(signals: readonly Signal[]): ReadonlySet<string> {
  const acted = new Set<string>();
  for (const { provenance, item } of signals) if (item !== undefined && KNOWING.includes(provenance)) acted.add(item);
  return acted;
}

/** Records that agree in all of this are one signal. */
export const keyOf = (e: Evidence): string => [e.verb, e.item, e.topic, e.provenance, e.sensitivity, e.notice, e.until].join('\n');

/** Folds one record into its signal. Exponential decay makes the order of records irrelevant. */
function fold(signals: Map<string, Signal>, e: Evidence, verbs: Verbs): void {
  const key = keyOf(e);
  const { halfLife } = verbs[e.verb];
  const { id: _, at, value = 1, ...rest } = e;
  const old = signals.get(key) ?? { ...rest, key, count: 0, weight: 0, first: at, last: at };
  const last = Math.max(old.last, at);
  signals.set(key, {
    ...old,
    count: old.count + 1,
    weight: old.weight * left(halfLife, last - old.last) + value * left(halfLife, last - at),
    first: Math.min(old.first, at),
    last,
  });
}

/** Folds records into `into`, and returns it. */
export function foldAll(evidence: Iterable<Evidence>, verbs: Verbs, into = new Map<string, Signal>()): Map<string, Signal> {
  for (const e of evidence) fold(into, e, verbs);
  return into;
}

export const isVerb = (verb: unknown): verb is Verb => typeof verb === 'string' && Object.hasOwn(VERBS, verb);

type Test = (x: unknown) => boolean;
/** What each field of a record must be, by name. */
type Fields = Readonly<Record<string, Test>>;

const string = (x: unknown) => typeof x === 'string';
const text = (x: unknown) => typeof x === 'string' && x.length > 0 && x.length <= MAX;
const maybe = (test: Test) => (x: unknown) => x === undefined || test(x);

const { isFinite: finite } = Number;

/** What evidence and signals share; anything the disk holds may have been edited, truncated or written by another release. */
const SHARED: Fields = {
  verb: isVerb,
  item: maybe(text),
  topic: maybe(text),
  title: maybe(string),
  provenance: (x) => WAYS.includes(x as never),
  sensitivity: (x) => DEGREES.includes(x as never),
  notice: string,
  until: maybe(finite),
};
const EVIDENCE = Object.entries<Test>({
  ...SHARED,
  id: text,
  at: finite,
  value: maybe((x) => Math.abs(x as number) <= 1 && typeof x === 'number'),
});
const SIGNAL = Object.entries<Test>({
  ...SHARED,
  key: string,
  count: finite,
  weight: (x) => Math.abs(x as number) <= MOST,
  first: finite,
  last: finite,
});

const isSound = (raw: unknown, fields: readonly [string, Test][]) => {
  const record = Object(raw);
  const { item, topic, sensitivity, provenance } = record;
  if (sensitivity === 'special' && (item !== undefined || provenance !== 'declared')) return false; // only what was told of a topic
  return (item ?? topic) !== undefined && fields.every(([name, test]) => test(record[name]));
};

export const isEvidence = (raw: unknown): raw is Evidence => isSound(raw, EVIDENCE);
export const isSignal = (raw: unknown): raw is Signal => isSound(raw, SIGNAL);
