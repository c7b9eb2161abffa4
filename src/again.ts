import type { Arena } from './arena.js';
import { VISIT } from './fatigue.js';
import type { Index } from './matrix.js';
import { voicesOf, type Weighed, type Weighted } from './score.js';
import { isPage, strength } from './signals.js';
import type { Settings, Signal } from './types.js';
import { DAY, minuteOf, type Verbs } from './verbs.js';

/**
 * Until when what is judged now stays as it is: the first moment from which a rule, or why something may not be shown, may
 * say something else. Whatever looks at the clock is named here: `until`, what is old, told, tired, due again, over.
 */
export function holdsUntil(
  signals: readonly Signal[],
  evidence: readonly Weighted[],
  { items, limited }: Index,
  { namedDays, fatigue }: Pick<Settings, 'namedDays' | 'fatigue'>,
  now: number,
): number {
  const spans = [VISIT, namedDays * DAY, fatigue.days * DAY];
  let first = Number.POSITIVE_INFINITY;
  // A millisecond early, for days need not be whole, nor their sums exact.
  const turnsAt = (moment: number) => {
    if (moment > now - 1) first = Math.min(first, moment - 1);
  };
  for (const span of spans) turnsAt(span); // what never was, was in 1970
  for (const { until, last, sensitivity } of signals) {
    if (sensitivity === 'special') return now; // what stands beside it hangs on what it counts for
    turnsAt(until as number);
    for (const span of spans) turnsAt(last + span);
  }
  for (const { row, signal } of evidence) turnsAt(signal.last + (items[row]?.replenishDays as number) * DAY);
  for (const row of limited) turnsAt(items[row]?.until as number);
  return first;
}

/** Evidence that was judged before, as it counts at another moment. */
export function weighedAt(
  { index, evidence, weights }: { readonly index: Index } & Omit<Weighed, 'voices'>,
  verbs: Verbs,
  now: number,
  arena: Arena,
): Weighed {
  const again = arena.floats(weights.length);
  for (const { signal, at } of evidence) if (weights[at]) again[at] = strength(signal, now, verbs);
  const last = evidence.at(-1);
  const moment = minuteOf(now);
  const all =
    last && isPage(last.signal)
      ? [...evidence.slice(0, -1), { ...last, signal: { ...last.signal, first: moment, last: moment } }]
      : evidence;
  return { evidence: all, weights: again, voices: voicesOf(index, evidence, again, arena) };
}
