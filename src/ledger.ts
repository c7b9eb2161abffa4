import { nanoid } from 'nanoid';
import { permits } from './consent.js';
import type { Gate, Written } from './gate.js';
import { sensitivityOf } from './policy.js';
import { fold, foldAll, isEvidence, isFurther, isMorePersonal, isSignal, isVerb } from './signals.js';
import type { Held, Key } from './storage.js';
import type { Event, Evidence, Forget, Item, Kept, NotKept, Settings, Signal } from './types.js';
import { VERBS } from './verbs.js';

const DAY = 86_400_000;
/** Records per chunk. Appending rewrites at most one chunk; reading everything reads few, large values. */
const CHUNK = 32;

/** The open chunk, under the key `tail`; full ones lie under their number. */
interface Tail {
  readonly n: number;
  readonly records: readonly Evidence[];
}

/** What a decision reads: every full chunk, folded, under the key `signals`. */
interface Compact {
  readonly v: 1;
  readonly upTo: number;
  readonly records: number;
  readonly signals: readonly Signal[];
}

export const newId = (): string => nanoid(12);

const asTail = (raw: unknown): Tail => {
  const { n, records } = Object(raw) as Tail;
  return Number.isInteger(n) && Array.isArray(records) ? { n, records: records.filter(isEvidence) } : { n: 1, records: [] };
};

const asCompact = (raw: unknown): Compact | undefined => {
  if (raw === undefined) return { v: 1, upTo: 0, records: 0, signals: [] };
  const c = Object(raw) as Compact;
  return c.v === 1 && Number.isInteger(c.upTo) && Array.isArray(c.signals) && c.signals.every(isSignal) ? c : undefined;
};

const keyed = (signals: readonly Signal[]) => new Map(signals.map((s) => [s.key, s]));

/** Every chunk and the tail, in the order of writing. */
function* chunks(held: Held): Generator<[Key, readonly unknown[]]> {
  const numbers = [...held.keys()].filter((key) => typeof key === 'number').sort((a, b) => a - b);
  for (const n of numbers) {
    const records = held.get(n);
    yield [n, Array.isArray(records) ? records : [records]];
  }
  const tail = Object(held.get('tail')).records;
  if (Array.isArray(tail)) yield ['tail', tail];
}

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
      const [signals, rest] = await this._gate.read(['signals', 'tail']);
      const compact = asCompact(signals);
      const tail = asTail(rest);
      const torn = !compact || compact.upTo !== tail.n - 1 || tail.records.length !== (Object(rest).records?.length ?? 0);
      if (torn) return void (await this._rewrite(() => true));
      this.signals = foldAll(tail.records, keyed(compact.signals));
      this.records = compact.records + tail.records.length;
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
    const done = await this.append(evidence);
    return done === 'written' ? { kept: true, evidence } : no(done === 'storage' ? done : 'no-permission');
  }

  async append(e: Evidence): Promise<Written> {
    let done = await this._append(e);
    if (done === 'storage' && this.records > CHUNK) {
      let spare = this.records / 4; // full: make room once, with the oldest
      await this._rewrite(() => --spare < 0);
      done = await this._append(e);
    }
    return done;
  }

  /** Every record, newest first. What cannot be read is dropped from the disk too, so that the two stay equal. */
  async all(): Promise<readonly Evidence[]> {
    const found: Evidence[] = [];
    let bad = 0;
    for (const [, records] of chunks(await this._gate.readAll()))
      for (const r of records) {
        if (isEvidence(r)) found.push(r);
        else bad++;
      }
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

  private async _append(e: Evidence): Promise<Written> {
    let full = false;
    const done = await this._gate.write(['tail'], (held) => {
      const { n, records } = asTail(held.get('tail'));
      full = records.length + 1 >= CHUNK;
      return [['tail', { n, records: [...records, e] } satisfies Tail]];
    });
    if (done !== 'written') return done;
    fold(this.signals, e);
    this.records++;
    if (full) await this._compact();
    return done;
  }

  /** Closes a full chunk. Harmless when two tabs do it at once: the second finds nothing to close. */
  private async _compact(): Promise<void> {
    await this._gate.write(['tail', 'signals'], (held) => {
      const { n, records } = asTail(held.get('tail'));
      const compact = asCompact(held.get('signals'));
      if (records.length < CHUNK || !compact) return undefined;
      const signals = [...foldAll(records, keyed(compact.signals)).values()];
      return [
        [n, records],
        ['signals', { v: 1, upTo: n, records: compact.records + records.length, signals } satisfies Compact],
        ['tail', { n: n + 1, records: [] } satisfies Tail],
      ];
    });
  }

  /** Keeps what is sound and wanted, oldest first, and folds it anew, in one transaction. Resolves to how many went. */
  private async _rewrite(wanted: (e: Evidence) => boolean): Promise<number> {
    let gone = 0;
    let damaged = 0;
    let kept: Evidence[] = [];
    const done = await this._gate.write('all', (held) => {
      const puts = new Map<Key, unknown>();
      let n = 0;
      let tail: readonly Evidence[] = [];
      kept = [];
      for (const [key, records] of chunks(held)) {
        const sound = records.filter(isEvidence);
        const left = sound.filter(wanted);
        damaged += records.length - sound.length;
        gone += sound.length - left.length;
        if (key === 'tail') tail = left;
        else {
          n = key as number;
          if (left.length < records.length) puts.set(key, left.length ? left : undefined);
          kept.push(...left);
        }
      }
      puts.set('signals', { v: 1, upTo: n, records: kept.length, signals: [...foldAll(kept).values()] } satisfies Compact);
      puts.set('tail', { n: n + 1, records: tail } satisfies Tail);
      kept.push(...tail);
      return puts;
    });
    if (done !== 'written') return 0;
    this.signals = foldAll(kept);
    this.records = kept.length;
    this.damaged += damaged;
    return gone;
  }
}
