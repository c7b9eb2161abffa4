import type { Chosen, Inquiry, Pick, Request, Shelf, Trace, Variant } from './answers.js';
import type {
  Asking,
  ChoiceState,
  Choices,
  Erased,
  Granted,
  How,
  NotKept,
  Purpose,
  Question,
  Receipt,
  Rights,
  Standing,
  Told,
} from './choices.js';
import type { Settings } from './setup.js';
import type { Verb } from './verbs.js';

/**
 * The words of fordi, as types. This file is the manual: each public field says its default, its unit and its odd case.
 */

export type * from './answers.js';
export type * from './choices.js';
export type { Locale, Reasons, Texts } from './locales/locale.js';
export type * from './setup.js';
export type { Verb } from './verbs.js';

/** How the site came to know, best right to be named first. `contextual` = the current page, in memory, never stored. */
export type Provenance = 'declared' | 'transactional' | 'engaged' | 'passive' | 'inferred' | 'acquired' | 'contextual';

/** `guarded` = too personal to be spoken of unprompted; `special` = GDPR Art. 9 and the like: never stored. */
export type Sensitivity = 'ordinary' | 'guarded' | 'special';

/** `explicit` = used and named, `implicit` = used, never named unprompted, `none` = not used. none < implicit < explicit. */
export type Mode = 'none' | 'implicit' | 'explicit';

export type Visibility = 'private' | 'public';

/** The visitor's own dial: `off` = not used, `quiet` = used but not named, `explained` = named where that is allowed. */
export type Voice = 'off' | 'quiet' | 'explained';

/** The owner's default for the culture they serve. Default `balanced`. */
export type Audience = 'cautious' | 'balanced' | 'open';

/** Topics of an item: names, each counting 1, or names with weights above 0. */
export type Topics = readonly string[] | Readonly<Record<string, number>>;

/** Something the site can show. */
export interface Item {
  /** Unique in the catalog, at most 200 characters, not beginning with `variant:`. Compared exactly: `1` and `"1"` are not the same, case counts. */
  readonly id: string;
  /** Shown as text, never as markup. Clipped at 300 characters. */
  readonly title: string;
  /** Where the item lives. Anything but http(s) is not rendered. */
  readonly url?: string;
  /** A picture. Anything but http(s) is not rendered. */
  readonly image?: string;
  /** song, product, article … free text. */
  readonly kind?: string;
  /** What the item is about. Default none: then only neighbours and the prior can recommend it. */
  readonly topics?: Topics;
  /** Who made it: artist, author, brand. Counts as a topic and limits how often one maker fills a list. */
  readonly by?: string;
  readonly price?: number;
  /** `false` leaves the item out of every list. Default true. */
  readonly available?: boolean;
  /** Days after which something bought is due again. Default: never. */
  readonly replenishDays?: number;
  /** When it came out: new things count a little by themselves. ISO 8601, or milliseconds since 1970. Default: not new. */
  readonly since?: Moment;
  /** Not shown after this moment (a concert, an offer). Default: never over. */
  readonly until?: Moment;
  /** Only to say it is more personal than its topics imply. */
  readonly sensitivity?: Sensitivity;
  /**
   * The items this one argues for, by id, with a weight from 0 to 1 each; or, where no catalog is shipped, as items with
   * their weight, so that they can be shown. At most 200 where it travels with a page.
   */
  readonly neighbours?: Readonly<Record<string, number>> | readonly Neighbour[];
  /** The shop's own weight from 0 to 1: popularity, freshness, a buyer's choice. Default 0. */
  readonly prior?: number;
  /** `prior` is how popular it was at this moment, as `withNeighbours` has it from a model. Default: it is what `Options.prior` says. */
  readonly popular?: Moment;
}

/** A moment: ISO 8601, or milliseconds since 1970. */
export type Moment = string | number;

/** An item that another one argues for. */
export interface Neighbour extends Omit<Item, 'neighbours'> {
  /** From 0 to 1. */
  readonly weight: number;
}

/** One record of something the site knows. */
export interface Evidence {
  readonly id: string;
  readonly verb: Verb;
  /** The item's id; either this or `topic` is present. */
  readonly item?: string;
  readonly topic?: string;
  /** The item's title when it was recorded, so that the panel can name what has left the catalog. */
  readonly title?: string;
  readonly provenance: Provenance;
  readonly sensitivity: Sensitivity;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** Version of the notice in force when it was recorded. */
  readonly notice: string;
  /** Not used after this moment (the trip is over). Milliseconds since 1970. */
  readonly until?: number;
  /** `declare` and `rate`: -1 (not at all) to 1 (very much); see `Event.value`. Default 1. */
  readonly value?: number;
}

/**
 * All evidence of one verb about one subject under one notice, folded into one line: what a decision reads instead of the
 * raw records. Exponential decay makes the fold exact.
 */
export interface Signal {
  /** Names the signal among all signals; stable between visits. */
  readonly key: string;
  readonly verb: Verb;
  readonly item?: string;
  readonly topic?: string;
  readonly title?: string;
  readonly provenance: Provenance;
  readonly sensitivity: Sensitivity;
  readonly notice: string;
  readonly until?: number;
  /** How many records are folded in. */
  readonly count: number;
  /** The decayed sum of their values, as of `last`; what the verb weighs comes on top. */
  readonly weight: number;
  readonly first: number;
  readonly last: number;
}

/** The mode of one piece of evidence in one setting, with the names of the rules that lowered it. */
export interface Verdict {
  readonly mode: Mode;
  readonly reasons: readonly string[];
}

/** Where and when an answer is shown. */
export interface Setting {
  readonly slot: string;
  readonly visibility: Visibility;
  readonly audience: Audience;
  /** Absent while the visitor has not touched the dial. */
  readonly voice?: Voice | undefined;
  readonly now: number;
  /** Version of the notice in force. */
  readonly notice: string;
  /** When permission was given; evidence from before is never named. */
  readonly grantedAt: number;
  /** Days after which evidence is no longer named. */
  readonly namedDays: number;
  /** Topics and item ids the owner has paused (current events), as of now. */
  readonly paused: readonly string[];
  /** Special topics the visitor may speak of, under a purpose of their own that they said yes to. Default none. */
  readonly special?: readonly string[];
  /** Ways of knowing the visitor has objected to. Default none. */
  readonly objected?: readonly Provenance[];
  /** Topics the visitor has called too personal. */
  readonly muted: readonly string[];
  /** Items the visitor has acted on knowingly: having looked at them, too, says nothing more. */
  readonly acted?: ReadonlySet<string>;
  /** Items and topics that have been given as the reason often enough for now. */
  readonly told?: ReadonlySet<string>;
  /** The item the page is about: it speaks for itself, whatever the visitor did with it before. */
  readonly page?: string | undefined;
  /** The page is about a special topic: nothing stored takes part in what it shows. */
  readonly delicate?: boolean;
}

/** What happened, as the page reports it. */
export interface Event {
  readonly verb: Verb;
  /** An id from the catalog, or the item itself where no catalog is shipped. */
  readonly item?: string | Item;
  readonly topic?: string;
  /**
   * `declare` and `rate`: -1 (not at all) to 1 (very much). Default 1. Your own scale has to be mapped: 0 is where somebody
   * neither likes nor dislikes it, and only what is a dislike is below. Six stars of ten are no dislike: on films, lists were
   * worse where marks below the middle counted against (bench:quality). Of ten stars: `Math.max(0, (stars - 5) / 5)`.
   */
  readonly value?: number;
  readonly until?: number | Date;
  /** Only to say it came from further away than the verb implies; a better provenance is refused as invalid. */
  readonly provenance?: Provenance;
  /** Only to say it is more personal than the topics imply. */
  readonly sensitivity?: Sensitivity;
}

export type Kept = { readonly kept: true; readonly evidence: Evidence } | { readonly kept: false; readonly reason: NotKept };

/**
 * What to forget: an evidence id, everything about a subject, or all. Of one verb, where given; what was only watched of the
 * same item goes with it, because it would say the same thing again.
 */
export type Forget = string | { readonly item?: string; readonly topic?: string; readonly verb?: Verb } | { readonly all: true };

/** A copy for the visitor; `evidence` and `inferred` together are all that is kept. */
export interface Export {
  readonly schema: 'fordi.export/2';
  readonly site: string;
  readonly at: string;
  readonly choice: ChoiceState;
  readonly voice: Voice;
  /** What the visitor told, bought, did or was seen to do, newest first. */
  readonly evidence: readonly Evidence[];
  /** What was concluded, newest first. */
  readonly inferred: readonly Evidence[];
  /** What the shop's pages said of the things in them, kept beside it where no catalog is shipped. */
  readonly items: readonly Item[];
  readonly receipts: readonly Receipt[];
}

/** A snapshot; a new object whenever anything in it changes. */
export interface State {
  /** The choice and the compact record have been read. */
  readonly ready: boolean;
  /** About personalization. */
  readonly choice: ChoiceState;
  /** About every declared purpose, `personalization` among them. */
  readonly choices: Readonly<Record<Purpose, ChoiceState>>;
  /** Purposes with a yes to take back, to them or a service of theirs: also one that only waits for another tool's word. */
  readonly given: readonly Purpose[];
  /** When they were made and until when they hold. Absent where nothing was chosen here, or something stricter is in force; with `unset`, a yes that waits for another tool. */
  readonly standing: Readonly<Record<Purpose, Standing>>;
  /** What a notice has to ask now; absent where nothing is to be asked. */
  readonly asking?: Asking;
  /** Questions of `ask` that wait for an answer. */
  readonly questions: readonly Question[];
  /** Names of the page's other tools for permission that were heard of: they ask, fordi does not. */
  readonly elsewhere: readonly string[];
  /** Purposes they should have answered for by now: refused as long as that lasts, but nobody has said no, and nothing is erased. */
  readonly silent: readonly Purpose[];
  /** How often this page has heard a no, by purpose, and by `purpose/service`: what is shown for now goes with the next, also where the choice stays what it was. */
  readonly noes: Readonly<Record<string, number>>;
  /** The visitor has paused: what is kept stays, nothing is added and nothing is used. */
  readonly paused: boolean;
  /** Ways of knowing the visitor has objected to: not kept and not used. */
  readonly objections: readonly Provenance[];
  /** `visit`: the browser keeps nothing for us; all ends with this page. */
  readonly memory: 'device' | 'visit';
  readonly voice: Voice;
  /** Global Privacy Control is on. */
  readonly gpc: boolean;
  /** Records kept. */
  readonly records: number;
  /** Days each is kept: as long as the notice agreed to and the notice in force both say. */
  readonly days: number;
  /** Records on disk that could not be read and were left out. */
  readonly damaged: number;
  /** Erasing has begun and is not yet proven. */
  readonly erasing: boolean;
  readonly catalog: { readonly items: number; readonly dropped: number; readonly problems: readonly string[] };
  /** What the owner's rules did wrong, each once. Nothing about the visitor. */
  readonly problems: readonly string[];
}

export interface Fordi extends Rights {
  /** Resolves when the choice, the compact record and the catalog are read; never rejects. */
  readonly ready: Promise<void>;
  readonly options: Settings;
  get(): State;
  /** Calls `listener` whenever an answer may differ; returns its own detach. */
  subscribe(listener: () => void): () => void;
  /** Of a purpose, default `personalization`, or of one service under it. What is not declared is `refused`. */
  choice(purpose?: Purpose, service?: string): ChoiceState;
  /** Yes to these, default `personalization`, with all services they have now; what else was chosen stays. */
  grant(purposes?: readonly Purpose[], how?: How): Promise<Granted>;
  /** No to these, default all. */
  refuse(how?: How & { readonly purposes?: readonly Purpose[] }): Promise<Receipt>;
  /**
   * One click: stop and erase everywhere. Of these purposes, default all. `undo`, where personalization was withdrawn: for 20
   * seconds, from this page's memory only, a new grant with what was erased. Until another decision is made.
   */
  withdraw(how?: How & { readonly purposes?: readonly Purpose[] }): Promise<Erased & { readonly undo?: () => Promise<Granted> }>;
  /** Yes and no in one act, as a notice with several switches needs it: what is not named stays as it was. Where the yes may not be, the noes hold all the same. */
  decide(choices: Choices, how?: How): Promise<Granted>;
  /**
   * Asks for one purpose where it is needed: `<fordi-ask purpose="…">`, else the notice, puts the question. Resolves to the
   * choice once there is one; at once where there is. `again`: also after a no, where the visitor has just asked for it.
   */
  ask(purpose: Purpose, how: { readonly reason: string; readonly again?: boolean }): Promise<ChoiceState>;
  /**
   * Another tool for permission on this page, and what it says; called again whenever that changes. From then on it asks and
   * fordi does not, of several the strictest counts, and a purpose it says nothing of is denied. `open` shows its interface.
   * `opted-out` instead: it asks for nothing, but carries a no that counts like Global Privacy Control. Returns what takes it
   * back.
   */
  heed(name: string, told: Readonly<Record<Purpose, Told>> | 'opted-out', open?: () => void): () => void;
  /** Shows the interface of the other tool; false where there is none. */
  manage(): boolean;
  receipts(): Promise<readonly Receipt[]>;
  observe(event: Event): Promise<Kept>;
  /**
   * What the visitor says of a topic, spelt as the catalog spells it. The last word counts: it takes the place of what was
   * declared about the topic before.
   */
  declare(interest: Omit<Event, 'verb' | 'item'> & { readonly topic: string }): Promise<Kept>;
  /** Every record, newest first: the disk, record for record. */
  evidence(): Promise<readonly Evidence[]>;
  /** Resolves to how many records are gone. */
  forget(what: Forget): Promise<number>;
  export(): Promise<Export>;
  setVoice(voice: Voice): Promise<boolean>;
  /** Items the page brings along, beside the catalog: in memory only. Resolves to how many were sound. */
  add(items: readonly Item[]): Promise<number>;
  /**
   * The visitor has these on the screen, of `choose` too: kept, once a visit, where the notice names `shown` and `told`; a block
   * of content as an item called `variant:` and its id, in whatever slot. Resolves to how many records.
   */
  shown(picks: readonly (Pick | Chosen<unknown>)[]): Promise<number>;
  /**
   * One of several blocks of content, under the same law as a shelf: one that was `shown` often enough rests as an item does,
   * unless the visitor has since done something about a topic of it. The first that is for nobody in particular (no topics, `by`,
   * `audience` or `context`) never rests: give one, or there may be none to show.
   */
  choose<V extends Variant>(slot: string, variants: readonly V[], request?: Request): Promise<Chosen<V>>;
  recommend(request?: Request): Promise<readonly Pick[]>;
  shelves(request?: Request): Promise<readonly Shelf[]>;
  /** Why an item is in the list or not; with `variants`, why one of them is what `choose` shows or not. */
  explain(id: string, inquiry?: Inquiry): Promise<Trace>;
  /** The item of that id, when the catalog or a call has brought it. */
  item(id: string): Item | undefined;
  /** Lets go of everything: listeners, timers, the database. Nothing stored is touched. */
  stop(): void;
}
