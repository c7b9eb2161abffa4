import type { Arena } from './arena.js';
import { VISIT } from './fatigue.js';
import type { Index } from './matrix.js';
import type { Voices, Weighed, Weighted } from './score.js';
import { isPage, strengthsOf } from './signals.js';
import type { Settings, Signal } from './types.js';
import { DAY, minuteOf } from './verbs.js';

/**
 * Until when what is judged now stays as it is: the first moment from which a rule, or why something may not be shown, may
 * say something else. Whatever looks at the clock is named here: `until`, what is old, told, tired, due again, over.
 */
function holdsUntil(
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

/** Evidence that was judged `then`, to be had as it counts at another moment; undefined where it has to be judged anew. */
export function createAgain(
  signals: readonly Signal[],
  { evidence, weights }: Pick<Weighed, 'evidence' | 'weights'>,
  voicesOf: () => Voices,
  index: Index,
  settings: Pick<Settings, 'namedDays' | 'fatigue' | 'verbs'>,
  then: number,
): (now: number) => ((arena: Arena) => Weighed) | undefined {
  const until = holdsUntil(signals, evidence, index, settings, then);
  const last = evidence.at(-1);
  let counts: ReturnType<typeof strengthsOf> | undefined;
  let voices: Voices | undefined;
  const at = (now: number, arena: Arena): Weighed => {
    counts ??= strengthsOf(evidence, settings.verbs);
    voices ??= voicesOf();
    const again = arena.floats(weights.length);
    for (let at = 0; at < again.length; at++) again[at] = (weights[at] as number) && counts(at, now);
    if (!last || !isPage(last.signal)) return { evidence, weights: again, voices };
    again[last.at] = weights[last.at] as number;
    return {
      evidence: [...evidence.slice(0, -1), { ...last, signal: { ...last.signal, first: minuteOf(now), last: minuteOf(now) } }],
      weights: again,
      voices,
    };
  };
  return (now) => (now < then || now >= until ? undefined : (arena) => at(now, arena));
}
