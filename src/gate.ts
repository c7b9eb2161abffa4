import { type ChoiceRecord, decodeChoice, granting, receiptOf, refusing, stateAt } from './consent.js';
import { type Change, choiceRecord, type Held, type Key, openDevice, openVisit, type Store } from './storage.js';
import type { ChoiceState, Erased, Granted, Receipt, Settings, Via, Voice } from './types.js';

/** What the gate inside IndexedDB holds. Its format never changes: the oldest open tab must understand it. */
interface GateRecord {
  readonly v: 1;
  readonly granted: boolean;
  readonly epoch?: number | undefined;
  readonly voice?: Voice | undefined;
}

const isGate = (raw: unknown): raw is GateRecord => Object(raw).v === 1 && typeof Object(raw).granted === 'boolean';
const VOICES: readonly unknown[] = ['off', 'quiet', 'explained'];

/** Nothing went wrong, or what did. */
export type Failed = 'no-permission' | 'storage' | undefined;

export interface Facts {
  readonly settings: Settings;
  readonly gpc: boolean;
  readonly now: () => number;
  readonly newId: () => string;
  /** Everything held in memory goes, at once. */
  readonly drop: () => void;
  /** The choice or what is stored has changed: tell the screen and the other tabs. */
  readonly changed: () => void;
}

/**
 * Permission, as it stands on the device: one synchronous record and the gate record inside IndexedDB. Where they differ
 * the stricter wins; where one is missing nothing was decided. Every write goes through here and reads the gate in its own
 * transaction, so that a stale tab cannot bring back what another tab erased.
 */
export class Gate {
  record: ChoiceRecord | undefined;
  voice: Voice | undefined;
  /** `visit` once the browser has refused to keep anything for us. */
  memory: 'device' | 'visit' = 'device';
  private _store: Store | undefined;
  /** Grows with every decision; whatever was under way for an earlier one finds that it no longer counts. */
  private _turn = 0;
  private _line: Promise<unknown> = Promise.resolve();

  constructor(private readonly _facts: Facts) {}

  state(): ChoiceState {
    const { settings, gpc, now } = this._facts;
    return stateAt(this.record, now(), gpc && settings.gpc === 'refuse');
  }

  async start(): Promise<void> {
    const record = decodeChoice(choiceRecord.get());
    this.record = record;
    const is = this.state();
    if (is === 'granted') await this._enter();
    else if (record?.erase) await this._erase(record.at ? { ...record, erase: false } : this._ending('refused', 'page'));
    else if (record?.state === 'granted') await this._erase(is === 'expired' ? this._ending(is, 'expiry') : this._ending('refused', 'gpc'));
  }

  /** Another tab, or time, may have changed the choice. Resolves to whether it is another one now. */
  async recheck(): Promise<boolean> {
    if (this.memory === 'visit') return false;
    const seen = decodeChoice(choiceRecord.get());
    const { record } = this;
    if (seen?.state === record?.state && seen?.epoch === record?.epoch && seen?.erase === record?.erase) return false;
    this._turn++;
    this._leave()?.close();
    this.record = seen;
    if (this.state() === 'granted') await this._enter();
    return true;
  }

  grant(via: Via): Promise<Granted> {
    const mine = ++this._turn;
    return this._inLine(async () => {
      const { settings, gpc, now, newId, changed } = this._facts;
      const renewing = this.state() === 'granted' && this._store;
      const next = granting(settings, now(), via, gpc, (renewing && this.record?.epoch) || now());
      const receipt = this._receipt(next, newId());
      let wrote = false;
      const admit: Change = (held) => {
        wrote = mine === this._turn;
        return wrote ? this._opening(held, !!renewing, next, receipt) : undefined;
      };
      let store = renewing || (await this._openNew());
      await store.transact('all', admit, true);
      if (store.kind === 'device' && mine === this._turn && !choiceRecord.set(next)) {
        await store.remove();
        store = this._visit();
        await store.transact('all', admit);
      }
      if (!wrote || mine !== this._turn) {
        if (!renewing) await store.remove();
        return { granted: false, reason: 'superseded' };
      }
      this._store = store;
      this.record = next;
      changed();
      return { granted: true, receipt };
    });
  }

  /** Refuses or withdraws: the receipt at once, the erasing as it goes. */
  end(to: 'refused' | 'withdrawn', via: Via): { receipt: Receipt; erased: Promise<Erased> } {
    const next = this._ending(to, via);
    return { receipt: this._receipt(next), erased: this._erase(next) };
  }

  /** Resolves to nothing only when the transaction that read an open gate has completed. */
  async write(keys: readonly Key[] | 'all', change: Change): Promise<Failed> {
    if (this.state() !== 'granted' || !this._store || (await this.recheck())) return 'no-permission';
    const turn = this._turn;
    let open = false;
    try {
      await this._store.transact(keys === 'all' ? keys : ['gate', ...keys], (held) => {
        open = turn === this._turn && this._isOpen(held.get('gate'));
        return open ? change(held) : undefined;
      });
    } catch {
      if (turn === this._turn) return 'storage';
    }
    if (open) return undefined;
    if (turn === this._turn) await this._enter(); // evicted or closed under us
    return 'no-permission';
  }

  /** Nothing without permission: then the store is not even asked. */
  async read(keys: readonly Key[] | 'all'): Promise<Held> {
    return this._store && this.state() === 'granted' ? this._store.transact(keys) : new Map();
  }

  async receipts(): Promise<readonly Receipt[]> {
    const kept = (await this.read(['receipts'])).get('receipts');
    return Array.isArray(kept) ? kept : this.record ? [this._receipt(this.record)] : [];
  }

  async setVoice(voice: Voice): Promise<boolean> {
    const failed = await this.write([], (held) => [['gate', { ...(held.get('gate') as GateRecord), voice }]]);
    if (!failed) this.voice = voice;
    return !failed;
  }

  stop(): void {
    this._turn++;
    this._store?.close();
  }

  private _inLine<T>(job: () => Promise<T>): Promise<T> {
    const next = this._line.then(job);
    this._line = next.catch(() => {});
    return next;
  }

  private _receipt(of: ChoiceRecord, id?: string): Receipt {
    return receiptOf(of, this._facts.settings, (at) => new Date(at).toISOString(), id);
  }

  private _ending(to: 'refused' | 'withdrawn' | 'expired', via: Via): ChoiceRecord {
    return refusing(to, this._facts.now(), via, false);
  }

  private _isOpen(gate: unknown): gate is GateRecord {
    return isGate(gate) && gate.granted && gate.epoch === this.record?.epoch;
  }

  /** Lets go of the store and of everything in memory, and hands the store over. */
  private _leave(): Store | undefined {
    const was = this._store;
    this._store = this.voice = undefined;
    this._facts.drop();
    return was;
  }

  private _visit(): Store {
    this.memory = 'visit';
    return openVisit();
  }

  private async _openNew(): Promise<Store> {
    return (await openDevice(true).catch(() => {})) || this._visit();
  }

  /** A new grant begins with nothing; a renewed one keeps what was given under it. */
  private *_opening(held: Held, renewing: boolean, next: ChoiceRecord, receipt: Receipt): Generator<[Key, unknown]> {
    const earlier = renewing ? held.get('receipts') : undefined;
    if (!renewing) for (const key of held.keys()) yield [key, undefined];
    yield ['gate', { v: 1, granted: true, epoch: next.epoch, voice: this.voice } satisfies GateRecord];
    yield ['receipts', [...(Array.isArray(earlier) ? earlier : []), receipt]];
  }

  /** The synchronous record says yes: ask the gate. */
  private async _enter(): Promise<void> {
    const turn = this._turn;
    let gate: unknown;
    let store: Store | undefined;
    try {
      store = await openDevice(false);
      gate = (await store?.transact(['gate']))?.get('gate');
    } catch {
      store?.close();
      // What cannot be checked is not a yes. The record stays for a better day.
      if (turn === this._turn) this.record = undefined;
      this.memory = 'visit';
      return;
    }
    if (turn !== this._turn) return store?.close();
    this._store?.close();
    this._store = store;
    if (this._isOpen(gate)) this.voice = VOICES.includes(gate.voice) ? gate.voice : undefined;
    // Evicted, or another grant's: nothing was decided here. Closed or corrupt: a refusal.
    else await this._erase(gate === undefined || (isGate(gate) && gate.granted) ? undefined : this._ending('refused', 'page'));
  }

  /** Stop first, then the refusal in the synchronous record, then the disk, then the proof. */
  private _erase(next: ChoiceRecord | undefined): Promise<Erased> {
    const turn = ++this._turn;
    const kept = !!this._store || this.record?.state === 'granted' || !!this.record?.erase;
    this.record = next && kept ? { ...next, erase: true } : next;
    if (this.memory === 'device') choiceRecord.set(this.record);
    const store = this._leave();
    this._facts.changed();
    return this._inLine(async () => {
      const erased = kept ? await wipe(store) : NOTHING;
      if (turn === this._turn && erased.verified && this.record?.erase) {
        this.record = next;
        if (this.memory === 'device') choiceRecord.set(next);
        this._facts.changed();
      }
      return erased;
    });
  }
}

const NOTHING: Erased = { cleared: true, verified: true, deleted: true };

/**
 * Clear and refusal in one transaction, read back through a fresh connection; then the database itself, which other tabs
 * may hold up and which therefore proves nothing.
 */
async function wipe(held: Store | undefined): Promise<Erased> {
  let cleared = false;
  try {
    const store = held ?? (await openDevice(false));
    if (!store) return NOTHING;
    await store.transact(
      'all',
      (all) => [...[...all.keys()].map((key) => [key, undefined] as const), ['gate', { v: 1, granted: false }]],
      true,
    );
    cleared = true;
    if (store.kind === 'device') store.close(); // the next look opens the database anew
    const found = await store.transact('all');
    const verified = found.size === 1 && Object(found.get('gate')).granted === false;
    return { cleared, verified, deleted: await store.remove() };
  } catch {
    // The refusal stands in the synchronous record; the next start finishes the erasing before it reads anything.
    return { cleared, verified: false, deleted: false };
  }
}
