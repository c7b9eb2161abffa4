import type { Site } from './setup.js';
import type { Verb } from './verbs.js';

/** What permission is asked for, given and taken back with. */

/** What permission is asked for: `personalization`, which is always there, or one the owner declares in `purposes`. */
export type Purpose = string;

export type ChoiceState = 'unset' | 'granted' | 'refused' | 'withdrawn' | 'expired';

/** Where a choice was made; `ask` beside what needs it, `elsewhere` in the page's other tool for permission, `undo` by taking a withdrawal back. */
export type Via = 'notice' | 'panel' | 'page' | 'ask' | 'undo' | 'gpc' | 'expiry' | 'elsewhere';

/** The choices of one act, by purpose: yes or no to all of it, or to single services of it, or to both apart. */
export type Choices = Readonly<
  Record<Purpose, boolean | { readonly granted?: boolean; readonly services?: Readonly<Record<string, boolean>> }>
>;

/** How a choice came about. */
export interface How {
  /** Default `page`. */
  readonly via?: Via;
  /** The exact text the visitor was shown. Its hash stands in the receipt. */
  readonly text?: string;
}

/** What is to be asked now. `first`: nothing was chosen yet; `changed`: the notice has another major version; `added`: only purposes or services that came later; `again`: the choice has run out. */
export interface Asking {
  readonly why: 'first' | 'changed' | 'added' | 'again';
  readonly purposes: readonly Purpose[];
}

/** A question put where its answer is needed, waiting for it. */
export interface Question {
  readonly purpose: Purpose;
  /** In the site's words: what it is needed for here. */
  readonly reason: string;
}

/**
 * What another tool for permission on this page answers. `pending` = nobody has been asked yet, or it has not said; `silent` =
 * it should have answered by now: a no as long as it lasts, but nobody took anything back, so what is stored stays.
 */
export type Told = 'granted' | 'denied' | 'silent' | 'pending';

export type Granted =
  | { readonly granted: true; readonly receipt: Receipt }
  | { readonly granted: false; readonly reason: 'refused' | 'unknown-purpose' | 'child' | 'elsewhere' | 'stopped' | 'superseded' };

/** What erasing did. `verified` only after a fresh read found nothing. */
export interface Erased {
  readonly cleared: boolean;
  readonly verified: boolean;
  /** The database itself is gone too; best effort. */
  readonly deleted: boolean;
}

/** The proof of one choice. A refusal carries no id. */
export interface Receipt {
  readonly schema: 'fordi.receipt/1';
  readonly id?: string;
  readonly state: ChoiceState;
  readonly purposes: readonly Purpose[];
  /** UTC, ISO 8601. A refusal carries the day only. */
  readonly at: string;
  /** Until when the choice holds. */
  readonly until: string;
  readonly via: Via;
  readonly gpc: boolean;
  readonly language: string;
  readonly controller: Site;
  readonly notice: { readonly version: string; readonly keeps: readonly Verb[]; readonly days: number };
}
