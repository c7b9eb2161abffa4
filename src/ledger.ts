import { nanoid } from 'nanoid';
import { permits } from './consent.js';
import { choiceOf, type Failed, type Gate, read, write } from './gate.js';
import { foldAll, isEvidence, isSignal, isVerb } from './signals.js';
import type { Held, Key } from './storage.js';
import type { Event, Evidence, Forget, Item, Kept, NotKept, Sensitivity, Settings, Signal } from './types.js';
import { DAY, DEGREES, VERBS, WAYS } from './verbs.js';

/** Records per chunk. Appending rewrites at most one chunk; reading everything reads few, large values. */
const CHUNK = 32;

/** What a decision reads: every full chunk, folded, under the key `signals`. The open chunk lies under `tail`, full ones under their number. */
export interface Compact {
  readonly v: 1;
  /** Number of the last full chunk. */
  readonly upTo: number;
  readonly records: number;
  readonly signals: readonly Signal[];
}

const EMPTY: Compact = { v: 1, upTo: 0, records: 0, signals: [] };

export const newId = (): string => nanoid(12);

const list = (raw: unknown): readonly unknown[] => (Array.isArray(raw) ? raw : raw === undefined ? [] : [raw]);

const asCompact = (raw: unknown = EMPTY): Compact | undefined => {
  const c = Object(raw) as Compact;
  return c.v === 1 && [c.upTo, c.records].every(Number.isInteger) && Array.isArray(c.signals) && c.signals.every(isSignal) ? c : undefined;
};

/** With further records folded in; they were a full chunk, and `upTo` is its number. */
const folded = ({ records, signals }: Compact, more: readonly Evidence[], upTo = 0): Compact => ({
  v: 1,
  upTo,
  records: records + more.length,
  signals: [...foldAll(more, new Map(signals.map((s) => [s.key, s]))).values()],
});

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
  /** What is on the disk, folded. */
  known: Compact;
  /** Records that could not be read and were left out. */
  damaged: number;
}

export const createLedger = (gate: Gate, settings: Settings): Ledger => ({ gate, settings, known: EMPTY, damaged: 0 });

export function drop(ledger: Ledger): void {
  ledger.known = EMPTY;
  ledger.damaged = 0;
}

/** Keeps what is sound and wanted, oldest first, and folds it anew, in one transaction. Resolves to how many went. */
async function rewrite(ledger: Ledger, wanted: (e: Evidence) => boolean): Promise<number> {
  let gone = 0;
  let bad = 0;
  let full = EMPTY;
  let all = EMPTY;
  const failed = await write(ledger.gate, 'all', (held) => {
    const puts = new Map<Key, unknown>();
    for (const [key, found] of chunks(held)) {
      const sound = found.filter(isEvidence);
      const left = sound.filter(wanted);
      bad += found.length - sound.length;
      gone += sound.length - left.length;
      if (left.length < found.length) puts.set(key, left.length ? left : undefined);
      if (typeof key === 'number') full = folded(full, left, key);
      else all = folded(full, left);
    }
    return puts.set('signals', full);
  });
  if (failed) return 0;
  ledger.known = all;
  ledger.damaged += bad;
  return gone;
}

/** Closes a full chunk. Harmless when two tabs do it at once: the second finds nothing to close. */
const compact = ({ gate }: Ledger) =>
  write(gate, ['tail', 'signals'], (held) => {
    const tail = list(held.get('tail')).filter(isEvidence);
    const full = asCompact(held.get('signals'));
    if (tail.length < CHUNK || !full) return undefined;
    const upTo = full.upTo + 1;
    return [
      [upTo, tail],
      ['signals', folded(full, tail, upTo)],
      ['tail', undefined],
    ];
  });

async function append(ledger: Ledger, e: Evidence, retry = true): Promise<Failed> {
  let length = 0;
  const failed = await write(ledger.gate, ['tail'], (held) => {
    const tail = [...list(held.get('tail')), e];
    length = tail.length;
    return [['tail', tail]];
  });
  if (failed === 'full' && retry && ledger.known.records > CHUNK) {
    let spare = ledger.known.records / 4; // full: make room once, with the oldest
    await rewrite(ledger, () => --spare < 0);
    return append(ledger, e, false);
  }
  if (failed) return failed;
  ledger.known = folded(ledger.known, [e]);
  if (length >= CHUNK) await compact(ledger);
  return undefined;
}

/** Reads the compact record and the open chunk: two values, however long the history. */
export async function load(ledger: Ledger): Promise<void> {
  const held = await read(ledger.gate, ['signals', 'tail']);
  const full = asCompact(held.get('signals'));
  const tail = list(held.get('tail'));
  if (full && tail.every(isEvidence)) ledger.known = folded(full, tail);
  else await rewrite(ledger, () => true);
}

/** Drops what is older than the notice promised, and the oldest above the most that is kept. */
export async function sweep(ledger: Ledger): Promise<void> {
  const { known, settings } = ledger;
  const oldest = Date.now() - settings.notice.days * DAY;
  let surplus = known.records - settings.records;
  const expired = known.signals.some((s) => s.first < oldest);
  if (expired || surplus > 0) await rewrite(ledger, (e) => e.at >= oldest && surplus-- <= 0);
}

export async function keep(ledger: Ledger, event: Event, item: Item | undefined, least: Sensitivity): Promise<Kept> {
  const { gate, settings } = ledger;
  const no = (reason: NotKept): Kept => ({ kept: false, reason });
  if (choiceOf(gate) !== 'granted') return no('no-permission');
  const evidence = stamp(event, item, least, settings);
  if (typeof evidence === 'string') return no(evidence);
  if (!permits(gate.record, settings, evidence.verb)) return no('not-in-notice');
  const failed = await append(ledger, evidence);
  return failed ? no(failed === 'full' ? 'storage' : failed) : { kept: true, evidence };
}

/** Every record, newest first. What cannot be read is dropped from the disk too, so that the two stay equal. */
export async function all(ledger: Ledger): Promise<readonly Evidence[]> {
  const found = chunks(await read(ledger.gate, 'all')).flatMap(([, records]) => records);
  const sound = found.filter(isEvidence);
  if (sound.length < found.length) await rewrite(ledger, () => true);
  return sound.reverse();
}

/** Resolves to how many records are gone. */
export const forget = (ledger: Ledger, what: Forget): Promise<number> => rewrite(ledger, (e) => !isMeant(what, e));
