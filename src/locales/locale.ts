import type { Verb } from '../verbs.js';

/** One language. `{x}` in a text stands for a parameter; parameters are text, never markup. */
export interface Locale {
  /** BCP 47, as in `<html lang>`. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly reasons: Reasons;
  /** Texts of notice, shelf and panel; only `fordi/ui` needs them. */
  readonly ui?: Texts;
}

/** Every text of the notice, shelf and panel; en is the type of all others (locales/en.ts). */
export type Texts = typeof import('./en.js').ui;

/** How reasons are worded. Phrases continue `because`. */
export interface Reasons {
  /** "Because {x}": {x} is one or more phrases, joined. */
  readonly because: string;
  /** Per verb: about an item, about a topic ("you listened to jazz"), and about the many items of one ("a lot of jazz"). */
  readonly verbs: Readonly<
    Record<
      Exclude<Verb, 'remove' | 'dismiss' | 'too-personal' | 'correct' | 'shown' | 'told'>,
      readonly [item: string, topic: string, often: string]
    >
  >;
  /** The page takes part beside other evidence: "you are looking at {x}". */
  readonly looking: string;
  /** "Similar to {x}". */
  readonly page: string;
  readonly shop: Readonly<Record<'popular' | 'popularHere' | 'new' | 'picked', string>>;
  /** What fordi keeps, one line each, for the table of the site's policy. */
  readonly holds: Readonly<Record<'choice' | 'database' | 'gate' | 'receipts' | 'records' | 'sums' | 'items', string>>;
}
