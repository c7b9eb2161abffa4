import { nanoid } from 'nanoid';
import { permits } from './consent.js';
import { subjectOf, VISIT } from './fatigue.js';
import { choiceOf, type Failed, type Gate, read, write } from './gate.js';
import { foldAll, isEvidence, isSignal, isVerb } from './signals.js';
import type { Held, Key } from './storage.js';
import type { Event, Evidence, Forget, Item, Kept, NotKept, Sensitivity, Settings, Signal } from './types.js';
import { DAY, DEGREES, VERBS, type Verb, type VerbRule, type Verbs, WAYS } from './verbs.js';

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

const compactOf = (known: Known, verbs: Verbs): Compact => ({
  ...known,
  v: 2,
  lives: livesOf(verbs),
  signals: [...known.signals.values()],
});

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

/** Makes a record of what happened, or says why none may be made. `item` = what the event's item turned out to be, `least` = how personal that is. */
export function stamp(event: Event, item: Item | undefined, least: Sensitivity, settings: Settings): Evidence | NotKept {
  const { verb, topic, value, until } = event;
  if (!isVerb(verb)) return 'unknown-verb';
  if (event.item !== undefined && !item) return 'unknown-item';
  const { from } = VERBS[verb];
  const { provenance = from, sensitivity = least } = event;
  if (sensitivity === 'special' || least === 'special') return 'special';
  const evidence = {
    id: newId(),
    verb,
    ...(item ? { item: item.id, title: item.title } : { topic }),
    provenance,
    sensitivity,
    at: Date.now(),
    notice: settings.notice.version,
    ...(until !== undefined && { until: +until }),
    ...(value !== undefined && { value }),
  };
  const further = WAYS.indexOf(provenance) >= WAYS.indexOf(from) && DEGREES.indexOf(sensitivity) >= DEGREES.indexOf(least);
  return further && isEvidence(evidence) ? evidence : 'invalid';
}

/** What was only watched of an item goes with any other evidence about it. */
function isMeant(what: Forget, { id, verb, item, topic, provenance }: Evidence): boolean {
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
  damaged: 0,
  line: Promise.resolve(),
});

export function drop(ledger: Ledger): void {
  ledger.known = nothing();
  ledger.items = new Set();
  ledger.damaged = 0;
}

/** Items nobody's evidence speaks of any more go. */
function sweepItems(held: Held, { signals }: Known, puts: Map<Key, unknown>): readonly unknown[] {
  const wanted = new Set([...signals.values()].map(({ item }) => item));
  const kept = list(held.get(ITEM)).filter((id) => wanted.has(id as string));
  for (const key of held.keys())
    if (typeof key === 'string' && key.startsWith(ITEM) && key !== ITEM && !kept.includes(key.slice(ITEM.length))) puts.set(key, undefined);
  if (held.has(ITEM)) puts.set(ITEM, kept.length ? kept : undefined);
  return kept;
}

/** Keeps what is sound and wanted, oldest first, and folds it anew, in one transaction. Resolves to how many went. */
async function rewrite(ledger: Ledger, wanted: (e: Evidence) => boolean): Promise<number> {
  const { verbs } = ledger.settings;
  let gone = 0;
  let bad = 0;
  const all = nothing();
  let items: readonly unknown[] = [];
  const failed = await write(ledger.gate, 'all', (held) => {
    const puts = new Map<Key, unknown>();
    for (const [key, found] of chunks(held)) {
      const sound = found.filter(isEvidence);
      const left = sound.filter(wanted);
      bad += found.length - sound.length;
      gone += sound.length - left.length;
      if (left.length < found.length) puts.set(key, left.length ? left : undefined);
      if (typeof key === 'number') all.upTo = key;
      else puts.set('signals', compactOf(all, verbs)); // the open chunk comes last
      fold(all, left, verbs);
    }
    items = sweepItems(held, all, puts);
    return puts;
  });
  if (failed) return 0;
  ledger.known = all;
  ledger.items = new Set(items);
  ledger.damaged += bad;
  return gone;
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

async function append(ledger: Ledger, records: readonly Evidence[], item?: Item, retry = true): Promise<Failed> {
  let length = 0;
  const failed = await write(ledger.gate, item ? ['tail', ITEM] : ['tail'], (held) => {
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
  if (failed) return failed;
  if (item) ledger.items = new Set([...ledger.items, item.id]);
  fold(ledger.known, records, ledger.settings.verbs);
  if (length >= CHUNK) await compact(ledger);
  return undefined;
}

/** What the shop said of items no catalog brings is again what lies on the disk, and no more. */
export const recall = async (ledger: Ledger): Promise<void> => ledger.recall(await itemsBeside(ledger));

/** Reads the compact record and the open chunk: two values, however long the history. */
export async function load(ledger: Ledger): Promise<void> {
  const { gate, settings } = ledger;
  const held = await read(gate, ['signals', 'tail', ITEM]);
  const full = knownOf(held.get('signals'), settings.verbs);
  const tail = list(held.get('tail'));
  if (full && tail.every(isEvidence)) {
    fold(full, tail, settings.verbs);
    ledger.known = full;
  } else await rewrite(ledger, () => true);
  ledger.items = new Set(list(held.get(ITEM)));
  await recall(ledger);
}

/** What visitors said themselves about what they want goes last: what was turned away must not come back for want of room. */
const isWord = ({ verb }: { readonly verb: Verb }) => verb === 'declare' || (VERBS[verb] as VerbRule).settles === 'dismissed';

/** Drops what is older than the notice promised, and the oldest above the most that is kept. */
export async function sweep(ledger: Ledger): Promise<void> {
  const { known, settings } = ledger;
  const oldest = Date.now() - settings.notice.days * DAY;
  const signals = [...known.signals.values()];
  let surplus = known.records - settings.records;
  let words = signals.filter(isWord).reduce((sum, { count }) => sum + count, -settings.records);
  const expired = surplus > 0 || signals.some((s) => s.first < oldest);
  if (expired)
    await rewrite(ledger, (e) => {
      const over = isWord(e) ? words-- : surplus--; // what is too old makes room as well
      return e.at >= oldest && over <= 0;
    });
}

/** `beside`: what the page says of the item, where that has to be kept too. What a visitor declares takes the place of what they declared before. */
export async function keep(ledger: Ledger, event: Event, item: Item | undefined, least: Sensitivity, beside?: Item): Promise<Kept> {
  const { gate, settings } = ledger;
  const no = (reason: NotKept): Kept => ({ kept: false, reason });
  if (choiceOf(gate) !== 'granted') return no('no-permission');
  const evidence = stamp(event, item, least, settings);
  if (typeof evidence === 'string') return no(evidence);
  if (!permits(gate.record, settings, evidence.verb)) return no('not-in-notice');
  const failed = await append(ledger, [evidence], beside);
  const isEarlier = (e: Event) => evidence.verb === 'declare' && e.verb === 'declare' && subjectOf(e) === subjectOf(evidence);
  const said = [...ledger.known.signals.values()].filter((s) => isEarlier(s as Event));
  if (!failed && said.reduce((sum, { count }) => sum + count, 0) > 1)
    await rewrite(ledger, (e) => e.id === evidence.id || !isEarlier(e as Event));
  return failed ? no(failed === 'full' ? 'storage' : failed) : { kept: true, evidence };
}

/** What the site itself did, each once a visit, in one write; one report after the other. Resolves to how many records. */
export function keepShown(
  ledger: Ledger,
  seen: readonly Event[],
  get: (id: unknown) => Item | undefined,
  leastOf: (item: Item | undefined, topic?: string) => Sensitivity,
): Promise<number> {
  const { gate, settings } = ledger;
  const write = async () => {
    const { signals, last, began } = ledger.known;
    const now = Date.now();
    const since = now - last < VISIT ? began : now;
    const lately = new Set([...signals.values()].filter((s) => s.last >= since).map((s) => s.verb + subjectOf(s)));
    const records = seen
      .filter((event) => permits(gate.record, settings, event.verb) && !lately.has(event.verb + subjectOf(event)))
      .map((event) => stamp(event, get(event.item), leastOf(get(event.item), event.topic), settings))
      .filter((e) => typeof e !== 'string');
    return records.length && !(await append(ledger, records)) ? records.length : 0;
  };
  const kept = ledger.line.then(write);
  ledger.line = kept.catch(() => {});
  return kept;
}

/** Every record, newest first. What cannot be read is dropped from the disk too, so that the two stay equal. */
export async function all(ledger: Ledger): Promise<readonly Evidence[]> {
  const found = chunks(await read(ledger.gate, 'all')).flatMap(([, records]) => records);
  const sound = found.filter(isEvidence);
  if (sound.length < found.length) await rewrite(ledger, () => true);
  return sound.reverse();
}

/** What the shop's pages said of the things in the evidence, as it lies on the disk. */
export async function itemsBeside({ gate, items }: Ledger): Promise<readonly Item[]> {
  const keys = [...items].map((id) => `${ITEM}${id}`);
  const held = keys.length ? await read(gate, keys) : new Map();
  return keys.map((key) => held.get(key) as Item).filter(Boolean);
}

/** Resolves to how many records are gone. */
export const forget = (ledger: Ledger, what: Forget): Promise<number> => rewrite(ledger, (e) => !isMeant(what, e));
