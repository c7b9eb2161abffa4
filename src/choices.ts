import type { Place, Site } from './setup.js';
import type { Provenance } from './types.js';
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

/** A choice in force. */
export interface Standing {
  /** When it was made; a no is dated to the start of its day (UTC). Milliseconds since 1970. */
  readonly at: number;
  /** Until when it holds. */
  readonly until: number;
  readonly via: Via;
}

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
  /** Of these, what was said yes to under the terms in force, and is asked about for a service that came later only. */
  readonly grown?: readonly Purpose[];
}

/** A question put where its answer is needed, waiting for it. */
export interface Question {
  readonly purpose: Purpose;
  /** In the site's words: what it is needed for here. */
  readonly reason: string;
  /** It was answered under another major version of the notice; until it is answered anew, that holds. */
  readonly changed?: boolean;
}

/**
 * What another tool for permission on this page answers. `pending` = nobody has been asked yet, or it has not said; `silent` =
 * it should have answered by now: a no as long as it lasts, but nobody took anything back, so what is stored stays.
 */
export type Told = 'granted' | 'denied' | 'silent' | 'pending';

export type Granted =
  | { readonly granted: true; readonly receipt: Receipt }
  | {
      readonly granted: false;
      /** `full`: the browser had no room left to remember it. */
      readonly reason: 'refused' | 'unknown-purpose' | 'child' | 'elsewhere' | 'stopped' | 'superseded' | 'late' | 'full';
    };

/** What erasing did. `verified` only after a fresh read found nothing. */
export interface Erased {
  readonly cleared: boolean;
  readonly verified: boolean;
  /** The database itself is gone too; best effort. */
  readonly deleted: boolean;
}

/** What a receipt says of one purpose, in the words of the Data Privacy Vocabulary (W3C) where it has them. Of one that only other pages of the site declare, what was said of it. */
export interface Concern {
  readonly id: Purpose;
  readonly state: ChoiceState;
  /** Services chosen apart, by name. */
  readonly services?: Readonly<Record<string, ChoiceState>>;
  /** The lawful basis: consent. fordi knows no other. */
  readonly basis: 'eu-gdpr:A6-1-a';
  readonly dpv: readonly string[];
  /** Kinds of evidence, or in the owner's words. */
  readonly keeps?: readonly Verb[] | string;
  readonly data?: readonly string[];
  readonly provenance?: readonly string[];
  /** ISO 8601. */
  readonly retention?: string;
  readonly storage: 'tech:Device';
  readonly recipients?: readonly string[];
}

/** The proof of one choice (ISO/IEC TS 27560 through DPV). Without profile data; a refusal carries no id. */
export interface Receipt {
  readonly schema: 'fordi.receipt/2';
  readonly conformsTo: string;
  /** This receipt's own; no two have the same, and nothing else has it. */
  readonly id?: string;
  /** Of the receipt before it, which it replaces. */
  readonly previous?: string;
  readonly principal: 'this-browser';
  /** What the act came to: `granted` where anything was. */
  readonly state: ChoiceState;
  /** UTC, ISO 8601. A refusal carries the day only. */
  readonly at: string;
  /** The day until which the choice holds. */
  readonly until: string;
  readonly via: Via;
  readonly gpc: boolean;
  /** Names of other tools that asked. */
  readonly elsewhere?: readonly string[];
  readonly language: string;
  readonly controller: Site;
  readonly notice: {
    readonly version: string;
    /** Absent, like `days`, for a no to an earlier notice, of which nothing but the version is still known. */
    readonly keeps?: readonly Verb[];
    readonly days?: number;
    readonly url?: string;
    /** Of the exact text shown, in hexadecimal; absent where none was handed over, or on a page without a secure context. */
    readonly sha256?: string;
  };
  readonly purposes: readonly Concern[];
  readonly withdrawal: { readonly how: 'panel'; readonly selector: string };
  readonly rights: readonly string[];
  /** Name and version of what made it. */
  readonly sdk: string;
}

/** What an import did: how many records came in, and what was left out, by reason. Nothing came in where the whole file is refused. */
export interface Imported {
  readonly imported: number;
  readonly dropped: readonly { readonly reason: NotImported; readonly count: number }[];
}

/** `old`: the notice promised to keep it no longer; `foreign`: an address of another site, left out of what was said of an item. */
export type NotImported =
  | 'stopped'
  | 'no-permission'
  | 'paused'
  | 'schema'
  | 'other-site'
  | 'storage'
  | 'unsound'
  | 'special'
  | 'not-in-notice'
  | 'objected'
  | 'duplicate'
  | 'old'
  | 'too-many'
  | 'foreign';

/** One thing that fordi keeps, or that the owner has declared: a row of the table in the owner's policy. */
export interface Holding {
  /** Its name; inside the database `fordi`, after a slash, the key. `*` stands for any text. */
  readonly name: string;
  readonly place: Place;
  /** `choice` for the choice itself. */
  readonly purpose: Purpose;
  readonly service?: string;
  /** What it is for, in the language of `locale`, or in the owner's words. */
  readonly what?: string;
  /** Days it is kept at most. Default: until the browser is closed. */
  readonly days?: number;
  /** It is on this device now. Absent for what the owner has declared: that is not looked at here. */
  readonly present?: boolean;
}

/** What the visitor may do with what is kept about them, beside reading and deleting it. */
export interface Rights {
  /**
   * A copy that `export` made, on this device or another: an object or its JSON. Its records come in as far as they could be
   * kept here now, with their own dates and ids; its choices and receipts do not.
   */
  import(data: unknown): Promise<Imported>;
  /** Keeps all, adds nothing and uses nothing, until it is called off. Resolves to whether it is so; not without permission. */
  pause(on: boolean): Promise<boolean>;
  /** What is known in this way is neither kept nor used; outlives every choice. Resolves to whether it is so. */
  object(way: Provenance, on: boolean): Promise<boolean>;
  /** All that fordi keeps and the owner has declared: the table for the owner's policy. */
  inventory(): Promise<readonly Holding[]>;
}

/** Why something that happened was not kept. */
export type NotKept =
  | 'no-permission'
  | 'paused'
  | 'objected'
  | 'not-in-notice'
  | 'special'
  | 'unknown-verb'
  | 'unknown-item'
  | 'invalid'
  | 'storage'
  | 'stopped';
