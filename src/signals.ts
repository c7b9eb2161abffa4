import type { Evidence, Provenance, Sensitivity, Signal, Verb } from './types.js';
import { VERBS } from './verbs.js';

const DAY = 86_400_000;
const MAX = 512;

/** How much of a weight is left after `ms`. A clock set back does not make evidence stronger. */
const left = (verb: Verb, ms: number) => {
  const { halfLife } = VERBS[verb];
  return halfLife && ms > 0 ? 2 ** (-ms / (halfLife * DAY)) : 1;
};

export const weightOf = (e: Evidence): number => VERBS[e.verb].weight * (e.value ?? 1);

/** What a signal counts for now. Grows with the logarithm of repetition: fifty plays of one song are not fifty reasons. */
export function strength(s: Signal, now: number): number {
  const w = s.weight * left(s.verb, now - s.last);
  return Math.sign(w) * Math.log2(1 + Math.abs(w));
}

export const keyOf = (e: Evidence): string =>
  [e.verb, e.item === undefined ? '#' : '=', e.item ?? e.topic, e.provenance, e.sensitivity, e.notice, e.until ?? ''].join('\n');

/** Folds one record into its signal. Exponential decay makes the order of records irrelevant. */
export function fold(signals: Map<string, Signal>, e: Evidence): void {
  const key = keyOf(e);
  const old = signals.get(key);
  const { id: _, at, value: __, ...rest } = e;
  if (!old) {
    signals.set(key, { ...rest, key, count: 1, weight: weightOf(e), first: at, last: at });
    return;
  }
  const last = Math.max(old.last, at);
  signals.set(key, {
    ...old,
    count: old.count + 1,
    weight: old.weight * left(e.verb, last - old.last) + weightOf(e) * left(e.verb, last - at),
    first: Math.min(old.first, at),
    last,
  });
}

export function foldAll(evidence: Iterable<Evidence>, into = new Map<string, Signal>()): Map<string, Signal> {
  for (const e of evidence) fold(into, e);
  return into;
}

const WAYS: readonly Provenance[] = ['declared', 'transactional', 'engaged', 'passive', 'inferred', 'acquired'];
const DEGREES: readonly Sensitivity[] = ['ordinary', 'guarded', 'special'];

export const isVerb = (verb: unknown): verb is Verb => typeof verb === 'string' && Object.hasOwn(VERBS, verb);

/** Whether `next` is at most as good a right to be named as `base`. */
export const isFurther = (base: Provenance, next: Provenance): boolean => WAYS.indexOf(next) >= WAYS.indexOf(base);
export const isMorePersonal = (base: Sensitivity, next: Sensitivity): boolean => DEGREES.indexOf(next) >= DEGREES.indexOf(base);

const text = (x: unknown): x is string => typeof x === 'string' && x.length > 0 && x.length <= MAX;
const maybe = (x: unknown, test: (x: unknown) => boolean) => x === undefined || test(x);

/** What evidence and signals share; anything the disk holds may have been edited, truncated or written by another release. */
const sound = (r: Evidence | Signal) =>
  isVerb(r.verb) &&
  (r.item === undefined ? text(r.topic) : text(r.item)) &&
  maybe(r.title, text) &&
  WAYS.includes(r.provenance) &&
  DEGREES.includes(r.sensitivity) &&
  r.sensitivity !== 'special' &&
  typeof r.notice === 'string' &&
  maybe(r.until, Number.isFinite);

export const isEvidence = (raw: unknown): raw is Evidence => {
  const r = Object(raw) as Evidence;
  return sound(r) && text(r.id) && Number.isFinite(r.at) && maybe(r.value, (v) => Number.isFinite(v) && Math.abs(v as number) <= 1);
};

export const isSignal = (raw: unknown): raw is Signal => {
  const r = Object(raw) as Signal;
  return sound(r) && typeof r.key === 'string' && [r.count, r.weight, r.first, r.last].every(Number.isFinite);
};
