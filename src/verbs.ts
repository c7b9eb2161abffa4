import type { Provenance, Sensitivity } from './types.js';

/** Milliseconds. */
export const DAY = 86_400_000;
const MINUTE = 60_000;

/** What fades is counted by the minute: within one, an answer stays what it was. */
export const minuteOf = (moment: number): number => Math.floor(moment / MINUTE) * MINUTE;

/** From the best right to be named to the least. */
export const WAYS: readonly Provenance[] = ['declared', 'transactional', 'engaged', 'passive', 'inferred', 'acquired'];
export const DEGREES: readonly Sensitivity[] = ['ordinary', 'guarded', 'special'];

export const isMorePersonal = (a: Sensitivity, b: Sensitivity): boolean => DEGREES.indexOf(a) > DEGREES.indexOf(b);

/**
 * What can happen between a visitor and an item or topic: how the site comes to know (`from`), how much one occurrence
 * counts (`weight`, before decay), after how many days half of that is left (`halfLife`, 0 = does not decay), and whether
 * it settles the item for the visitor: `owned` and `known` items are not recommended again.
 */
export const VERBS = {
  view: { from: 'passive', weight: 0.15, halfLife: 7 },
  dwell: { from: 'passive', weight: 0.3, halfLife: 7 },
  search: { from: 'engaged', weight: 0.5, halfLife: 14 },
  play: { from: 'engaged', weight: 0.6, halfLife: 30, settles: 'known' },
  listen: { from: 'engaged', weight: 1, halfLife: 30, settles: 'known' },
  watch: { from: 'engaged', weight: 1, halfLife: 30, settles: 'known' },
  read: { from: 'engaged', weight: 0.8, halfLife: 30, settles: 'known' },
  save: { from: 'engaged', weight: 1.2, halfLife: 60 },
  cart: { from: 'engaged', weight: 1, halfLife: 14, settles: 'known' },
  remove: { from: 'engaged', weight: -0.8, halfLife: 14 }, // taken out of the basket again
  purchase: { from: 'transactional', weight: 1.5, halfLife: 120, settles: 'owned' },
  book: { from: 'transactional', weight: 1.5, halfLife: 120, settles: 'owned' },
  subscribe: { from: 'transactional', weight: 1.5, halfLife: 180, settles: 'owned' },
  like: { from: 'declared', weight: 1.5, halfLife: 90 },
  rate: { from: 'declared', weight: 1.5, halfLife: 120, settles: 'known' },
  declare: { from: 'declared', weight: 2, halfLife: 0 },
  dismiss: { from: 'declared', weight: -0.5, halfLife: 60, settles: 'dismissed' },
  'too-personal': { from: 'declared', weight: 0, halfLife: 0, settles: 'dismissed' },
  // What stands for a conclusion the visitor has removed, so that it is not drawn again. It argues for nothing.
  correct: { from: 'declared', weight: 0, halfLife: 0 },
  // What the site itself did: seen on the screen, and given as a reason. They tire, and argue for nothing.
  shown: { from: 'passive', weight: 0, halfLife: 14 },
  told: { from: 'passive', weight: 0, halfLife: 14 },
} as const satisfies Readonly<Record<string, VerbRule>>;

export interface VerbRule {
  readonly from: Provenance;
  readonly weight: number;
  readonly halfLife: number;
  readonly settles?: 'owned' | 'known' | 'dismissed';
}

export type Verb = keyof typeof VERBS;

/** Every verb, as it counts on one site. */
export type Verbs = Readonly<Record<Verb, VerbRule>>;
