import { nanoid } from 'nanoid';
import { barring, daysOf, specialOf } from './consent.js';
import { subjectOf, VISIT } from './fatigue.js';
import { type Failed, type Gate, write } from './gate.js';
import { read } from './look.js';
import { foldAll, isEvidence, isSignal } from './signals.js';
import { factsOf } from './standing.js';
import type { Held, Key } from './storage.js';
import type { Evidence, Forget, Item, Sensitivity, Settings, Signal } from './types.js';
import { DAY, isMorePersonal, VERBS, type Verb, type VerbRule, type Verbs } from './verbs.js';

type Barred = ReturnType<typeof barring>;

/** Records per chunk. Appending rewrites at most one chunk; reading everything reads few, large values. */
const CHUNK = 32;

/** What a decision reads: the records, folded. */
export interface Known {
  /** Number of the last full chunk. */
  upTo: number;
  records: number;
  /** When the visit of the last record began, and when that record was made. */
  began: number;
  last: number;
  readonly signals: Map<string, Signal>;
}

/** The same for full chunks, as it lies under the key `signals`. The open chunk lies under `tail`, full ones under their number. */
interface Compact extends Omit<Known, 'signals'> {
  readonly v: 2;
  /** The half-lives it was folded with: with others, the weights mean something else. */
  readonly lives: string;
  readonly signals: readonly Signal[];
}

/** What the shop says of an item lies under this and its id, where no catalog brings it; the ids under the name alone. */
const ITEM = 'item:';

export const newId = (): string => nanoid(12);

const list = (raw: unknown): readonly unknown[] => (Array.isArray(raw) ? raw : raw === undefined ? [] : [raw]);

const nothing = (): Known => ({ upTo: 0, records: 0, began: 0, last: 0, signals: new Map() });

const livesOf = (verbs: Verbs) =>
  Object.values(verbs)
    .map(({ halfLife }) => halfLife)
    .join();

/** Nothing, where nothing is added up: not even how much there once was. */
const compactOf = (known: Known, verbs: Verbs): Compact | undefined =>
  known.records ? { ...known, v: 2, lives: livesOf(verbs), signals: [...known.signals.values()] } : undefined;

/** Undefined where it cannot be used, and has to be folded anew. */
function knownOf(raw: unknown, verbs: Verbs): Known | undefined {
  if (raw === undefined) return nothing();
  const { v, lives, signals, upTo, records, began, last } = Object(raw) as Compact;
  const sound = v === 2 && lives === livesOf(verbs) && [upTo, records, began, last].every(Number.isFinite);
  if (!sound || !Array.isArray(signals) || !signals.every(isSignal)) return undefined;
  return { upTo, records, began, last, signals: new Map(signals.map((s) => [s.key, s])) };
}

/** Folds further records in, in the order of writing. */
function fold(known: Known, more: readonly Evidence[], verbs: Verbs): void {
  known.records += more.length;
  for (const { at } of more) {
    if (at - known.last > VISIT) known.began = at;
    known.last = Math.max(known.last, at);
  }
  foldAll(more, verbs, known.signals);
}

/** Every chunk in the order of writing, the open one last. */
const chunks = (held: Held): [Key, readonly unknown[]][] => {
  const numbers = [...held.keys()].filter((key) => typeof key === 'number').sort((a, b) => a - b);
  return [...numbers, 'tail'].map((key) => [key, list(held.get(key))]);
};

/** What was only watched of an item goes with any other evidence about it. */
export function isMeant(
  what: Forget,
  { id, verb, item, topic, provenance }: Pick<Signal, 'verb' | 'item' | 'topic' | 'provenance'> & { readonly id?: string },
): boolean {
  if (typeof what === 'string') return id === what;
  if ('all' in what) return what.all === true;
  const about = what.item === undefined ? what.topic !== undefined && topic === what.topic : item === what.item;
  return about && (what.verb === undefined || what.verb === verb || provenance === 'passive');
}

/** Appends, reads, forgets and expires; refuses what is not permitted, because every write goes through the gate. */
export interface Ledger {
  readonly gate: Gate;
  readonly settings: Settings;
  /** Takes back what the shop said of these items, and of no others. */
  readonly recall: (items: readonly unknown[]) => void;
  /** What is on the disk, folded. */
  known: Known;
  /** Ids of the items kept beside the evidence. */
  items: ReadonlySet<unknown>;
  /** Those this page has read or written, as they lie on the disk. */
  readonly said: Map<unknown, unknown>;
  /** Records that could not be read and were left out. */
  damaged: number;
  /** What was seen is reported in turn. */
  line: Promise<unknown>;
}

export const createLedger = (gate: Gate, settings: Settings, recall: Ledger['recall']): Ledger => ({
  gate,
  settings,
  recall,
  known: nothing(),
  items: new Set(),
  said: new Map(),
  damaged: 0,
  line: Promise.resolve(),
});

export function drop(ledger: Ledger): void {
  ledger.known = nothing();
  ledger.items = new Set();
  ledger.said.clear();
  ledger.damaged = 0;
}

/** What is kept of items is kept for these. What stands for a removed conclusion argues for nothing, and needs no more than its name. */
export const itemsOf = (about: Iterable<Signal | Evidence>): ReadonlySet<unknown> =>
  new Set([...about].filter(({ verb }) => verb !== 'correct').map(({ item }) => item));

/** Items nobody's evidence speaks of any more go. */
function sweepItems(held: Held, { signals }: Known, puts: Map<Key, unknown>): readonly unknown[] {
  const wanted = itemsOf(signals.values());
  const kept = list(held.get(ITEM)).filter((id) => wanted.has(id));
  for (const key of held.keys())
    if (typeof key === 'string' && key.startsWith(ITEM) && key !== ITEM && !kept.includes(key.slice(ITEM.length))) puts.set(key, undefined);
  if (held.has(ITEM)) puts.set(ITEM, kept.length ? kept : undefined);
  return kept;
}

/** What becomes of a record: it stays, it goes, or it stays as another. */
type Fate = (e: Evidence) => boolean | Evidence;

/** What stands in the place of records that go. */
type Instead = (gone: readonly Evidence[], left: readonly Evidence[]) => readonly Evidence[];

/** Keeps what is sound and wanted, oldest first, and folds it anew, in one transaction; of items too what lies there. Resolves to how many went. */
export async function rewrite(ledger: Ledger, fate: Fate, instead: Instead = () => []): Promise<number> {
  const { verbs } = ledger.settings;
  const gone: Evidence[] = [];
  const stay: Evidence[] = [];
  let bad = 0;
  const all = nothing();
  let items: readonly unknown[] = [];
  let said: Held = new Map();
  const failed = await write(ledger.gate, 'all', (held) => {
    const puts = new Map<Key, unknown>();
    for (const [key, found] of chunks(held)) {
      const sound = found.filter(isEvidence);
      const left: Evidence[] = [];
      for (const e of sound) {
        const is = fate(e);
        if (is) left.push(is === true ? e : is);
        else gone.push(e);
      }
      stay.push(...left);
      bad += found.length - sound.length;
      if (key === 'tail') left.push(...instead(gone, stay)); // the open chunk comes last
      if (left.length !== found.length || left.some((e, i) => e !== found[i])) puts.set(key, left.length ? left : undefined);
      if (typeof key === 'number') all.upTo = key;
      else puts.set('signals', compactOf(all, verbs));
      fold(all, left, verbs);
    }
    items = sweepItems(held, all, puts);
    said = held;
    return puts;
  });
  if (failed) return 0;
  ledger.known = all;
  ledger.items = new Set(items);
  ledger.damaged += bad;
  ledger.said.clear();
  for (const id of items) ledger.said.set(id, said.get(`${ITEM}${id}`));
  ledger.recall([...ledger.said.values()].filter(Boolean)); // what came with the records that are gone goes too
  return gone.length;
}

/** Closes a full chunk. Harmless when two tabs do it at once: the second finds nothing to close. */
const compact = ({ gate, settings: { verbs } }: Ledger) =>
  write(gate, ['tail', 'signals'], (held) => {
    const tail = list(held.get('tail')).filter(isEvidence);
    const full = knownOf(held.get('signals'), verbs);
    if (tail.length < CHUNK || !full) return undefined;
    full.upTo++;
    fold(full, tail, verbs);
    return [
      [full.upTo, tail],
      ['signals', compactOf(full, verbs)],
      ['tail', undefined],
    ];
  });

/** Adds records at the end. What another tab has paused or objected to meanwhile is not added. */
export async function append(ledger: Ledger, records: readonly Evidence[], item?: Item, retry = true): Promise<Failed | Barred> {
  let length = 0;
  let against: Barred;
  const failed = await write(ledger.gate, item ? ['tail', ITEM] : ['tail'], (held) => {
    against = records.map((e) => barring(ledger.gate.record, e)).find(Boolean);
    if (against) return undefined;
    const tail = [...list(held.get('tail')), ...records];
    length = tail.length;
    const own: [Key, unknown][] = item
      ? [
          [ITEM + item.id, item],
          [ITEM, [...new Set([...list(held.get(ITEM)), item.id])]],
        ]
      : [];
    return [['tail', tail], ...own];
  });
  if (failed === 'full' && retry && ledger.known.records > CHUNK) {
    let spare = ledger.known.records / 4; // full: make room once, with the oldest
    await rewrite(ledger, (e) => isWord(e) || --spare < 0);
    return append(ledger, records, item, false);
  }
  if (failed || against) return failed ?? against;
  if (item) {
    ledger.items = new Set([...ledger.items, item.id]);
    ledger.said.set(item.id, item);
  }
  fold(ledger.known, records, ledger.settings.verbs);
  if (length >= CHUNK) await compact(ledger);
  return undefined;
}

/** What the shop said of items no catalog brings is again what lies on the disk, and no more; of it is read what is not known yet. */
export async function recall(ledger: Ledger): Promise<void> {
  const { gate, items, said } = ledger;
  const keys = [...items].filter((id) => !said.has(id)).map((id) => `${ITEM}${id}`);
  const held = keys.length ? await read(gate, keys) : [];
  for (const [key, item] of held) said.set(String(key).slice(ITEM.length), item);
  ledger.recall([...ledger.items].map((id) => said.get(id)).filter(Boolean));
}

/** What was told of a special topic stays as long as its own purpose is granted. */
const isMute = ({ gate }: Ledger) => {
  const spoken = specialOf(factsOf(gate));
  return ({ sensitivity, topic }: { readonly sensitivity: Sensitivity; readonly topic?: string }) =>
    sensitivity === 'special' && !spoken.includes(topic as string);
};

/** What may no longer be there goes; asked in the transaction, because another tab may have granted the purpose meanwhile. */
function purge(ledger: Ledger): Promise<number> {
  let mute: ReturnType<typeof isMute> | undefined;
  return rewrite(ledger, (e) => {
    mute ??= isMute(ledger);
    return !mute(e);
  });
}

/** Reads the compact record and the open chunk: two values, however long the history. Resolves to whether nothing is there that may not be. */
export async function load(ledger: Ledger): Promise<boolean> {
  const { gate, settings } = ledger;
  const held = await read(gate, ['signals', 'tail', ITEM]);
  const full = knownOf(held.get('signals'), settings.verbs);
  const tail = list(held.get('tail'));
  const isSound = full && tail.every(isEvidence);
  if (isSound) {
    fold(full, tail, settings.verbs);
    ledger.known = full;
    ledger.items = new Set(list(held.get(ITEM)));
    ledger.said.clear();
  } else await rewrite(ledger, () => true); // and recalls
  const isThere = () => [...ledger.known.signals.values()].some(isMute(ledger));
  const isPurged = isThere() && (await purge(ledger));
  if (isSound && !isPurged) await recall(ledger);
  return !isThere();
}

/** What visitors said themselves about what they want goes last: what was turned away must not come back for want of room. */
const isWord = ({ verb }: { readonly verb: Verb }) =>
  verb === 'declare' || verb === 'correct' || (VERBS[verb] as VerbRule).settles === 'dismissed';

/** What a record is about, as the catalog has it today: how personal that is, and which topic an item is mostly about. */
export interface Today {
  leastOf(about: Pick<Evidence, 'item' | 'topic'>): Sensitivity;
  mainOf(item: string): string | undefined;
}

/**
 * A record, as personal as it is today. Of what has come to be special nothing stays but what was said of another topic: what
 * was too personal about an item silenced its main topic too, and where that is nothing special it stays silenced.
 */
function asOfToday(e: Evidence, { leastOf, mainOf }: Today, isNew: (topic: string) => boolean): Evidence | false {
  const least = leastOf(e);
  if (!isMorePersonal(least, e.sensitivity)) return e;
  if (least !== 'special') return { ...e, sensitivity: least };
  const { item, title: _, ...word } = e;
  const topic = e.verb === 'too-personal' && item !== undefined ? mainOf(item) : undefined;
  return topic !== undefined && isNew(topic) && asOfToday({ ...word, topic }, { leastOf, mainOf }, isNew);
}

/**
 * Drops what is older than the notice promised, the oldest above the most that is kept, and what is about something that has
 * come to be special; what has come to be guarded is so from now on.
 */
export async function sweep(ledger: Ledger, today: Today): Promise<void> {
  const { known, settings, gate } = ledger;
  const oldest = Date.now() - daysOf(gate.record, settings) * DAY;
  const signals = [...known.signals.values()];
  let surplus = known.records - settings.records;
  let words = signals.filter(isWord).reduce((sum, { count }) => sum + count, -settings.records);
  const expired = surplus > 0 || signals.some((s) => s.first < oldest || isMorePersonal(today.leastOf(s), s.sensitivity));
  const said = new Set(signals.map(({ verb, topic, last }) => verb === 'too-personal' && last >= oldest && topic));
  const isNew = (topic: string) => !said.has(topic) && !!said.add(topic);
  if (expired)
    await rewrite(ledger, (e) => {
      const over = isWord(e) ? words-- : surplus--; // what is too old makes room as well
      return e.at >= oldest && over <= 0 && asOfToday(e, today, isNew);
    });
}

/** Every record, newest first. What cannot be read is dropped from the disk too, so that the two stay equal. */
export async function all(ledger: Ledger): Promise<readonly Evidence[]> {
  const found = chunks(await read(ledger.gate, 'all')).flatMap(([, records]) => records);
  const mute = isMute(ledger);
  const sound = found.filter((e) => isEvidence(e) && !mute(e)) as Evidence[];
  if (sound.length < found.length) await purge(ledger);
  return sound.reverse();
}

/** What the shop's pages said of the things in the evidence, as it lies on the disk. */
export async function itemsBeside({ gate, items }: Ledger): Promise<readonly Item[]> {
  const keys = [...items].map((id) => `${ITEM}${id}`);
  const held = keys.length ? await read(gate, keys) : new Map();
  return keys.map((key) => held.get(key) as Item).filter(Boolean);
}

/** One record for each subject a conclusion is removed about, so that it is not drawn again from the same evidence. */
const corrections =
  ({ settings }: Ledger): Instead =>
  (gone, left) => {
    const wrong = new Map(gone.filter((e) => e.provenance === 'inferred').map((e) => [subjectOf(e), e]));
    for (const e of left) if (e.verb === 'correct') wrong.delete(subjectOf(e));
    const base = { verb: 'correct', provenance: 'declared', at: Date.now(), notice: settings.notice.version } as const;
    return [...wrong.values()].map(({ item, topic, title, sensitivity }) => ({
      id: newId(),
      ...base,
      ...(item === undefined ? { topic: topic as string } : { item, ...(title !== undefined && { title }) }),
      sensitivity,
    }));
  };

/** Resolves to how many records are gone. With all that is kept, what stands for removed conclusions goes too. */
export const forget = (ledger: Ledger, what: Forget): Promise<number> =>
  rewrite(
    ledger,
    (e) => !isMeant(what, e),
    (gone, left) => (Object(what).all === true ? [] : corrections(ledger)(gone, left)),
  );

/** What comes to those that are there: which of them stay, and what is new. */
export type Adding = (there: readonly Evidence[]) => {
  readonly stay: readonly Evidence[];
  readonly records: readonly Evidence[];
  readonly items: readonly Item[];
};

/** Puts records from elsewhere among those there are, in the order in which they happened, in one transaction. */
export async function insert(ledger: Ledger, adding: Adding): Promise<Failed> {
  const { verbs } = ledger.settings;
  const all = nothing();
  let ids: readonly unknown[] = [];
  const failed = await write(ledger.gate, 'all', (held) => {
    const there = chunks(held).flatMap(([, records]) => records.filter(isEvidence));
    const { stay, records, items } = adding(there);
    const merged = [...stay, ...records].sort((a, b) => a.at - b.at);
    const puts = new Map<Key, unknown>(chunks(held).map(([key]) => [key, undefined]));
    while (merged.length - all.records >= CHUNK) {
      const full = merged.slice(all.records, all.records + CHUNK);
      fold(all, full, verbs);
      puts.set(++all.upTo, full);
    }
    puts.set('signals', compactOf(all, verbs));
    const tail = merged.slice(all.records);
    if (tail.length) puts.set('tail', tail);
    fold(all, tail, verbs);
    ids = [...new Set([...sweepItems(held, all, puts), ...items.map(({ id }) => id)])];
    for (const item of items) puts.set(ITEM + item.id, item);
    if (ids.length) puts.set(ITEM, ids);
    return records.length ? puts : undefined;
  });
  if (!failed && all.records) {
    ledger.known = all;
    ledger.items = new Set(ids);
    ledger.said.clear();
  }
  return failed;
}
