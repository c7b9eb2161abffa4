import { nanoid } from 'nanoid';
import { permits } from './consent.js';
import { choiceOf, type Failed, type Gate, read, write } from './gate.js';
import { sensitivityOf } from './policy.js';
import { foldAll, isEvidence, isSignal, isVerb } from './signals.js';
import type { Held, Key } from './storage.js';
import type { Event, Evidence, Forget, Item, Kept, NotKept, Settings, Signal } from './types.js';
import { DAY, DEGREES, VERBS, WAYS } from './verbs.js';

/** Records per chunk. Appending rewrites at most one chunk; reading everything reads few, large values. */
const CHUNK = 32;

/** What a decision reads: every full chunk, folded, under the key `signals`. The open chunk lies under `tail`, full ones under their number. */
interface Compact {
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

/** Makes a record of what happened, or says why none may be made. `item` = what the event's item turned out to be. */
export function stamp(event: Event, item: Item | undefined, topics: readonly string[], settings: Settings): Evidence | NotKept {
  const { verb, topic, value, until } = event;
  if (!isVerb(verb)) return 'unknown-verb';
  if (event.item !== undefined && !item) return 'unknown-item';
  const { from } = VERBS[verb];
  const least = item?.sensitivity ?? sensitivityOf(item ? topics : [`${topic}`], settings.sensitive);
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

const isMeant = (what: Forget, e: Evidence) =>
  typeof what === 'string'
    ? e.id === what
    : (what.verb ?? e.verb) === e.verb &&
      (what.item === undefined ? what.topic !== undefined && e.topic === what.topic : e.item === what.item);

export type Ledger = ReturnType<typeof createLedger>;

/** Appends, reads, forgets and expires; refuses what is not permitted, because every write goes through the gate. */
export function createLedger(gate: Gate, settings: Settings) {
  let known = EMPTY;
  let damaged = 0;
  const drop = () => {
    known = EMPTY;
    damaged = 0;
  };

  /** Keeps what is sound and wanted, oldest first, and folds it anew, in one transaction. Resolves to how many went. */
  const rewrite = async (wanted: (e: Evidence) => boolean): Promise<number> => {
    let gone = 0;
    let bad = 0;
    let full = EMPTY;
    let all = EMPTY;
    const failed = await write(gate, 'all', (held) => {
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
    known = all;
    damaged += bad;
    return gone;
  };

  /** Closes a full chunk. Harmless when two tabs do it at once: the second finds nothing to close. */
  const compact = () =>
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

  const append = async (e: Evidence, retry = true): Promise<Failed> => {
    let length = 0;
    const failed = await write(gate, ['tail'], (held) => {
      const tail = [...list(held.get('tail')), e];
      length = tail.length;
      return [['tail', tail]];
    });
    if (failed === 'storage' && retry && known.records > CHUNK) {
      let spare = known.records / 4; // full: make room once, with the oldest
      await rewrite(() => --spare < 0);
      return append(e, false);
    }
    if (failed) return failed;
    known = folded(known, [e]);
    if (length >= CHUNK) await compact();
    return undefined;
  };

  return {
    drop,
    known: () => known,
    damaged: () => damaged,
    /** Reads the compact record and the open chunk: two values, however long the history. */
    async load(): Promise<void> {
      const held = await read(gate, ['signals', 'tail']);
      const full = asCompact(held.get('signals'));
      const tail = list(held.get('tail'));
      if (full && tail.every(isEvidence)) known = folded(full, tail);
      else await rewrite(() => true);
    },
    /** Drops what is older than the notice promised, and the oldest above the most that is kept. */
    async sweep(): Promise<void> {
      const oldest = Date.now() - settings.notice.days * DAY;
      let surplus = known.records - settings.records;
      if (surplus > 0 || known.signals.some((s) => s.first < oldest)) await rewrite((e) => e.at >= oldest && surplus-- <= 0);
    },
    async keep(event: Event, item: Item | undefined, topics: readonly string[]): Promise<Kept> {
      const no = (reason: NotKept): Kept => ({ kept: false, reason });
      if (choiceOf(gate) !== 'granted') return no('no-permission');
      const evidence = stamp(event, item, topics, settings);
      if (typeof evidence === 'string') return no(evidence);
      if (!permits(gate.record, settings, evidence.verb)) return no('not-in-notice');
      const failed = await append(evidence);
      return failed ? no(failed) : { kept: true, evidence };
    },
    /** Every record, newest first. What cannot be read is dropped from the disk too, so that the two stay equal. */
    async all(): Promise<readonly Evidence[]> {
      const found = chunks(await read(gate, 'all')).flatMap(([, records]) => records);
      const sound = found.filter(isEvidence);
      if (sound.length < found.length) await rewrite(() => true);
      return sound.reverse();
    },
    /** Resolves to how many records are gone. */
    forget: (what: Forget) => rewrite((e) => !isMeant(what, e)),
  };
}
