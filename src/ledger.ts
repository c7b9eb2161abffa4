import { nanoid } from 'nanoid';
import { permits } from './consent.js';
import type { Failed, Gate } from './gate.js';
import { sensitivityOf } from './policy.js';
import { fold, foldAll, isEvidence, isFurther, isMorePersonal, isSignal, isVerb } from './signals.js';
import type { Held, Key } from './storage.js';
import type { Event, Evidence, Forget, Item, Kept, NotKept, Settings, Signal } from './types.js';
import { VERBS } from './verbs.js';

const DAY = 86_400_000;
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
  return c.v === 1 && Number.isInteger(c.upTo) && Number.isInteger(c.records) && Array.isArray(c.signals) && c.signals.every(isSignal)
    ? c
    : undefined;
};

const keyed = (signals: readonly Signal[]) => new Map(signals.map((s) => [s.key, s]));

/** Every chunk in the order of writing, the open one last. */
const chunks = (held: Held): [Key, readonly unknown[]][] => {
  const numbers = [...held.keys()].filter((key) => typeof key === 'number').sort((a, b) => a - b);
  return [...numbers, 'tail'].map((key) => [key, list(held.get(key))]);
};

/** Makes a record of what happened, or says why none may be made. `item` = what the event's item turned out to be. */
export function stamp(event: Event, item: Item | undefined, topics: readonly string[], settings: Settings, at: number): Evidence | NotKept {
  const { verb, topic, value, until } = Object(event) as Event;
  if (!isVerb(verb)) return 'unknown-verb';
  if (Object(event).item !== undefined && !item) return 'unknown-item';
  const provenance = event.provenance ?? VERBS[verb].from;
  const least = item?.sensitivity ?? sensitivityOf(item ? topics : [topic ?? ''], settings.sensitive);
  const sensitivity = event.sensitivity ?? least;
  if (sensitivity === 'special' || least === 'special') return 'special';
  const evidence = {
    id: newId(),
    verb,
    ...(item ? { item: item.id, title: item.title } : { topic }),
    provenance,
    sensitivity,
    at,
    notice: settings.notice.version,
    ...(until !== undefined && { until: +until }),
    ...(value !== undefined && { value }),
  };
  const sound = isEvidence(evidence) && isFurther(VERBS[verb].from, provenance) && isMorePersonal(least, sensitivity);
  return sound ? evidence : 'invalid';
}

/** Appends, reads, forgets and expires; refuses what is not permitted, because every write goes through the gate. */
export class Ledger {
  signals: Map<string, Signal> = new Map();
  records = 0;
  damaged = 0;

  constructor(
    private readonly _gate: Gate,
    private readonly _settings: Settings,
    private readonly _now: () => number,
  ) {}

  drop(): void {
    this.signals = new Map();
    this.records = this.damaged = 0;
  }

  /** Reads the compact record and the open chunk: two values, however long the history. */
  async load(): Promise<void> {
    try {
      const held = await this._gate.read(['signals', 'tail']);
      const compact = asCompact(held.get('signals'));
      const tail = list(held.get('tail'));
      if (!compact || !tail.every(isEvidence)) return void (await this._rewrite(() => true));
      this.signals = foldAll(tail, keyed(compact.signals));
      this.records = compact.records + tail.length;
    } catch {
      this.drop();
    }
  }

  /** Drops what is older than the notice promised, and the oldest above the most that is kept. */
  async sweep(): Promise<void> {
    const oldest = this._now() - this._settings.notice.days * DAY;
    let expired = false;
    for (const s of this.signals.values()) expired ||= s.first < oldest;
    let surplus = this.records - this._settings.records;
    if (expired || surplus > 0) await this._rewrite((e) => e.at >= oldest && surplus-- <= 0);
  }

  async keep(event: Event, item: Item | undefined, topics: readonly string[]): Promise<Kept> {
    const no = (reason: NotKept): Kept => ({ kept: false, reason });
    if (this._gate.state() !== 'granted') return no('no-permission');
    const evidence = stamp(event, item, topics, this._settings, this._now());
    if (typeof evidence === 'string') return no(evidence);
    if (!permits(this._gate.record, this._settings, evidence.verb)) return no('not-in-notice');
    const failed = await this._append(evidence);
    return failed ? no(failed) : { kept: true, evidence };
  }

  /** Every record, newest first. What cannot be read is dropped from the disk too, so that the two stay equal. */
  async all(): Promise<readonly Evidence[]> {
    const found: Evidence[] = [];
    let bad = 0;
    for (const [, records] of chunks(await this._gate.read('all'))) for (const r of records) isEvidence(r) ? found.push(r) : bad++;
    if (bad) await this._rewrite(() => true);
    return found.reverse();
  }

  /** Resolves to how many records are gone. */
  async forget(what: Forget): Promise<number> {
    const hit = (e: Evidence) =>
      typeof what === 'string'
        ? e.id === what
        : (what.verb ?? e.verb) === e.verb &&
          (what.item === undefined ? what.topic !== undefined && e.topic === what.topic : e.item === what.item);
    return this._rewrite((e) => !hit(e));
  }

  private async _append(e: Evidence, retry = true): Promise<Failed> {
    let full = false;
    const failed = await this._gate.write(['tail'], (held) => {
      const tail = [...list(held.get('tail')), e];
      full = tail.length >= CHUNK;
      return [['tail', tail]];
    });
    if (failed === 'storage' && retry && this.records > CHUNK) {
      let spare = this.records / 4; // full: make room once, with the oldest
      await this._rewrite(() => --spare < 0);
      return this._append(e, false);
    }
    if (failed) return failed;
    fold(this.signals, e);
    this.records++;
    if (full) await this._compact();
    return undefined;
  }

  /** Closes a full chunk. Harmless when two tabs do it at once: the second finds nothing to close. */
  private async _compact(): Promise<void> {
    await this._gate.write(['tail', 'signals'], (held) => {
      const tail = list(held.get('tail')).filter(isEvidence);
      const compact = asCompact(held.get('signals'));
      if (tail.length < CHUNK || !compact) return undefined;
      const upTo = compact.upTo + 1;
      const signals = [...foldAll(tail, keyed(compact.signals)).values()];
      return [
        [upTo, tail],
        ['signals', { v: 1, upTo, records: compact.records + tail.length, signals } satisfies Compact],
        ['tail', undefined],
      ];
    });
  }

  /** Keeps what is sound and wanted, oldest first, and folds it anew, in one transaction. Resolves to how many went. */
  private async _rewrite(wanted: (e: Evidence) => boolean): Promise<number> {
    let gone = 0;
    let damaged = 0;
    let kept: Evidence[] = [];
    const failed = await this._gate.write('all', (held) => {
      const puts = new Map<Key, unknown>();
      let compact = EMPTY;
      kept = [];
      for (const [key, records] of chunks(held)) {
        const sound = records.filter(isEvidence);
        const left = sound.filter(wanted);
        damaged += records.length - sound.length;
        gone += sound.length - left.length;
        if (left.length < records.length) puts.set(key, left.length ? left : undefined);
        kept.push(...left);
        if (typeof key === 'number') compact = { v: 1, upTo: key, records: kept.length, signals: [...foldAll(kept).values()] };
      }
      return puts.set('signals', compact);
    });
    if (failed) return 0;
    this.signals = foldAll(kept);
    this.records = kept.length;
    this.damaged += damaged;
    return gone;
  }
}
