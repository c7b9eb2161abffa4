import type { Evidence, Item, Mode, Signal, Verdict } from './types.js';

/** What is asked of fordi, and what it answers. */

/** What decided a recommendation, as cited to the visitor. */
export interface Because {
  /** One to three records, a topic, the page, or the shop. */
  readonly kind: 'records' | 'topic' | 'page' | 'shop';
  /** Ready to show, as text. */
  readonly text: string;
  /** What is cited. Empty for `page` and `shop`. */
  readonly evidence: readonly Signal[];
  /** For `topic`: which. */
  readonly topic?: string;
}

export interface Pick {
  readonly item: Item;
  readonly score: number;
  /** `explicit`: the visitor's evidence decided and is named. `implicit`: it took part, unnamed. `none`: no evidence took part. */
  readonly mode: Mode;
  /** Absent where nothing that decided may be named. */
  readonly because?: Because;
}

/** A row of recommendations that share one because. */
export interface Shelf {
  /** Absent on the shelf of items shown without a shared reason. */
  readonly because?: Because;
  readonly picks: readonly Pick[];
}

export interface Request {
  /** A name from `slots`; others are private and hold 6. Default `default`. */
  readonly slot?: string;
  /** How many items (`recommend`) or shelves (`shelves`). Default the slot's size, or 3 shelves. */
  readonly limit?: number;
  /** Items on a shelf. Default the slot's size. Given to `explain`, the answer is about shelves. */
  readonly size?: number;
  /** Id of the item the current page is about. Used for this answer, never stored. */
  readonly context?: string;
}

/** One of several blocks of content for the same place. Without anything to go by, the first that may be shown is shown. */
export interface Variant extends Omit<Item, 'title'> {
  readonly title?: string;
  /** `returning`: only for visitors with something kept from an earlier visit; `new`: only for the others. Default both. */
  readonly audience?: 'new' | 'returning';
  /** Only where the page is about one of these topics or items. Default everywhere. */
  readonly context?: readonly string[];
}

/** What `explain` is asked. */
export interface Inquiry extends Request {
  /** What `choose` was given: then the id is that of one of these, and the answer is why it was chosen, or was not. */
  readonly variants?: readonly Variant[];
}

export interface Chosen<V> {
  /** Absent where none of them may be shown. */
  readonly variant?: V;
  /** `implicit` also where only the fact of an earlier visit decided. */
  readonly mode: Mode;
  readonly because?: Because;
}

/** One piece of evidence in a trace. */
export interface Contribution {
  readonly signal: Signal;
  readonly verdict: Verdict;
  /** What it adds to the item's score; 0 where the verdict is `none`. Negative where it speaks against. */
  readonly share: number;
  /** The records behind the signal, newest first. */
  readonly evidence: readonly Evidence[];
}

/** Why an item is, or is not, in a list: every contribution, verdict and reason. */
export interface Trace {
  readonly item?: Item;
  /** Place in the list from 1; absent when it is not in the list. */
  readonly place?: number;
  /**
   * Why the item may not be shown: owned, known, dismissed, muted, tired, over, paused, unavailable, context, personal, unknown;
   * of a variant also audience.
   */
  readonly excluded?: string;
  /** What it is about is never kept, not even a no: `observe` and `declare` answer `special`. Default false. */
  readonly special?: boolean;
  /** A variant for `returning` visitors may be shown: that something is kept from an earlier visit was used. Default false. */
  readonly returning?: boolean;
  readonly score: number;
  /** The shop's own part of the score: popularity and freshness. */
  readonly prior: number;
  /** The current page's part of the score. */
  readonly page: number;
  /** Greatest share first. `prior + page + all shares = score`. */
  readonly contributions: readonly Contribution[];
  readonly mode: Mode;
  readonly because?: Because;
}
