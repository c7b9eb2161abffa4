import type { Locale } from './locales/locale.js';
import type { Audience, Item, Mode, Moment, Receipt, Setting, Signal, Visibility } from './types.js';
import type { Verb, Verbs } from './verbs.js';

/** What a site says at setup, and what becomes of it once every default is filled in. */

export interface Site {
  /** The controller's name as the visitor knows it. */
  readonly name: string;
  readonly privacyUrl?: string;
  /** E-mail or telephone. */
  readonly contact?: string;
  /** Postal address. */
  readonly address?: string;
  /** Where the controller sits: ISO 3166, `DK`. */
  readonly jurisdiction?: string;
}

/** What the visitor is told, with a version. */
export interface Notice {
  readonly version: string;
  /** The verbs that are kept. `dismiss` and `too-personal` are always among them: they are how a visitor says no. */
  readonly keeps: readonly Verb[];
  /** Days a record is kept. Default 180, at most 182. */
  readonly days?: number;
  /**
   * What has changed since the last major version, in the visitor's language. The major version is what stands before the
   * first dot: after `2026-11`, `2026-11.1` does not ask again, `2026-12` does.
   */
  readonly changes?: string;
}

/** Where in the browser something is kept. */
export type Place = 'cookie' | 'local' | 'session' | 'database' | 'cache';

/** One thing that a purpose or a service keeps in the browser. */
export interface Stored {
  /** Its name; `*` stands for any text. */
  readonly name: string;
  readonly place: Place;
  /** What it is for, in the visitor's language. */
  readonly what?: string;
  /** Days it is kept. Default: until the browser is closed. */
  readonly days?: number;
  /** Of a cookie, where it is not `/` or the page's own host. */
  readonly path?: string;
  readonly domain?: string;
}

/** One thing that is really there, beside what was declared. */
export interface Found {
  readonly name: string;
  readonly place: Place;
  /** Whose it is, as declared: of several, one that may keep it. */
  readonly purpose?: string;
  readonly service?: string;
  readonly what?: string;
  readonly days?: number;
  /** `expired`: declared, but nobody it belongs to may keep it (any more): it should be gone. */
  readonly state: 'declared' | 'undeclared' | 'expired';
}

/** One supplier or embed under a purpose. */
export interface Service {
  readonly title: string;
  readonly text?: string;
  /** Who else gets something. Default nobody. */
  readonly recipients?: readonly string[];
  /** What it keeps in the browser. Default nothing. */
  readonly stores?: readonly Stored[];
}

/** A purpose beside personalization, as the visitor is told of it. */
export interface Terms {
  readonly title: string;
  readonly text: string;
  /** What is kept for it, in words. */
  readonly keeps: string;
  /** For how long. */
  readonly days: number;
  readonly recipients?: readonly string[];
  readonly stores?: readonly Stored[];
  /** By name; a service stands under one purpose only. */
  readonly services?: Readonly<Record<string, Service>>;
  /** Special topics (health, religion …) the visitor may tell the site about under this purpose; it is then asked for by `ask` only. */
  readonly special?: readonly string[];
  /** `ask`: not in the notice, only where it is needed. Default `notice`; with `special`, `ask`. */
  readonly when?: 'notice' | 'ask';
}

export interface Slot {
  /** `public`: others may see the screen (a shared living room, a shop's display). Default `private`. */
  readonly visibility?: Visibility;
  /** How many items. Default 6. */
  readonly size?: number;
}

export type Catalog = string | readonly Item[] | (() => Promise<readonly Item[]>);

/** What nobody should be reminded of now: a topic or an item id, for ever or between two moments. */
export type Pause = string | { readonly what: string; readonly from?: Moment; readonly until?: Moment };

/** How much each part of a score counts. Every number from 0 to 10. */
export interface Ranking {
  /** Item-to-item neighbours. Default 1. */
  readonly neighbours?: number;
  /** Likeness of topics and maker. Default 1. */
  readonly topics?: number;
  /** The shop's `prior`. Default 0.1: about a tenth of one fresh listen. */
  readonly prior?: number;
  /** What is new: this much on the day of its `since`, half of it 30 days later. Default 0.05. */
  readonly fresh?: number;
  /** By how much chance may lift an item, anew each day, as a part of its score. Default 0.05. Without permission, none. */
  readonly explore?: number;
  /** How much likeness to what is already in the list costs, as a part of the best score (MMR). Default 0.2. */
  readonly diversity?: number;
}

/** When what was shown without interest rests. What has rested is shown once more, and rests again if nothing comes of it. */
export interface Fatigue {
  /** An item rests after this many showings. Default 4. */
  readonly shows?: number;
  /** A reason is not said again after this many visits that said it. Default 3. */
  readonly told?: number;
  /** For this many days since the last time. Default 14. */
  readonly days?: number;
}

/** What one occurrence of a verb counts, and after how many days half of it is left (0 = does not decay). */
export interface Tuning {
  readonly weight?: number;
  readonly halfLife?: number;
}

/** The owner's own rule. It can take away, never add; when it throws, the verdict is `none`. */
export type Rule = (evidence: Signal, setting: Setting) => Mode | undefined;

export interface Options {
  readonly site: Site;
  readonly notice: Notice;
  /** Address of a JSON file, an array, or a function that brings one. Default none: then every item travels with its call. */
  readonly catalog?: Catalog;
  readonly slots?: Readonly<Record<string, Slot>>;
  /** `'en'`, one of `fordi/locales/*`, or one of your own with all its texts. Default `'en'`. */
  readonly locale?: 'en' | Locale;
  readonly audience?: Audience;
  /** What is asked for beside personalization, by name. Default nothing. */
  readonly purposes?: Readonly<Record<string, Terms>>;
  /** The page is made for children: what suits it is shown, nothing is asked, read or kept. Default false. */
  readonly child?: boolean;
  /** Another tool on this page asks for permission: fordi asks nothing, and does nothing until that has answered. Default false. */
  readonly heeds?: boolean;
  /** Global Privacy Control: `refuse` = a standing refusal, `noshare` = of what goes to others only. Default `refuse`. */
  readonly gpc?: 'refuse' | 'noshare' | 'ignore';
  /** Most records kept; the oldest go first. Default 10 000. */
  readonly records?: number;
  /** Days after which evidence may no longer be named. Default 90. */
  readonly namedDays?: number;
  /** Topics that are more personal than fordi's own list knows. */
  readonly sensitive?: { readonly guarded?: readonly string[]; readonly special?: readonly string[] };
  /** Topics or item ids nobody should be reminded of now. */
  readonly paused?: readonly Pause[];
  readonly ranking?: Ranking;
  readonly fatigue?: Fatigue;
  /** Other weights and half-lives than the defaults in `VERBS`. */
  readonly verbs?: Readonly<Partial<Record<Verb, Tuning>>>;
  readonly rules?: readonly Rule[];
  /** What an item's `prior` stands for, in words to the visitor. Default `picked`. */
  readonly prior?: 'popular' | 'new' | 'picked';
  /**
   * Takes the receipt of each choice to the owner's server: no profile data is in it. A promise that fails is tried again
   * until it does not, also on later pages; one may arrive twice, and carries an id to tell by where it is a yes or its end.
   */
  readonly onReceipt?: (receipt: Receipt) => unknown;
}

/** The options with every default filled in. */
export interface Settings {
  readonly site: Site;
  readonly notice: Required<Omit<Notice, 'changes'>> & Pick<Notice, 'changes'>;
  readonly purposes: Readonly<Record<string, Terms>>;
  readonly child: boolean;
  readonly heeds: boolean;
  readonly catalog: Catalog | undefined;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly locale: Locale;
  readonly audience: Audience;
  readonly gpc: 'refuse' | 'noshare' | 'ignore';
  readonly records: number;
  readonly namedDays: number;
  readonly sensitive: { readonly guarded: readonly string[]; readonly special: readonly string[] };
  readonly paused: readonly Pause[];
  readonly ranking: Required<Ranking>;
  readonly fatigue: Required<Fatigue>;
  /** Every verb, as it counts on this site. */
  readonly verbs: Verbs;
  readonly rules: readonly Rule[];
  readonly prior: 'popular' | 'new' | 'picked';
  readonly onReceipt: ((receipt: Receipt) => unknown) | undefined;
}
