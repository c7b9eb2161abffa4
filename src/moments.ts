import type { Moment, Pause } from './types.js';
import { DAY } from './verbs.js';

/** Milliseconds since 1970; NaN where it is no moment. */
export const msOf = (when: Moment): number => (typeof when === 'string' ? Date.parse(when) : +when);

/** The end of what lasts until then: a day alone lasts until its end (UTC). */
export const endOf = (when: Moment): number => msOf(when) + (/^\d{4}-\d\d-\d\d$/.test(String(when)) ? DAY - 1 : 0);

/** What the owner has paused, as of now. */
export const pausedAt = (paused: readonly Pause[], now: number): string[] =>
  paused.flatMap((pause) => {
    if (typeof pause === 'string') return [pause];
    const { what, from = now, until = now } = pause;
    return msOf(from) <= now && now <= endOf(until) ? [what] : [];
  });
