import { type ChoiceRecord, decodeChoice, granting, receiptOf, refusing, stateAt } from './consent.js';
import { type Change, canKeep, choiceRecord, type Held, type Key, openDevice, openVisit, type Store } from './storage.js';
import type { ChoiceState, Erased, Granted, Receipt, Settings, State, Via, Voice } from './types.js';

/** What the gate inside IndexedDB holds. Its format never changes: the oldest open tab must understand it. */
interface GateRecord {
  readonly v: 1;
  readonly granted: boolean;
  readonly epoch?: number | undefined;
  readonly voice?: Voice | undefined;
}

/** Nothing went wrong, or what did. */
export type Failed = 'no-permission' | 'storage' | 'full' | undefined;

export interface Facts {
  readonly settings: Settings;
  readonly gpc: boolean;
  readonly newId: () => string;
  /** Everything held in memory goes, at once. */
  readonly drop: () => unknown;
  /** The choice or what is stored has changed: tell the screen and the other tabs. */
  readonly changed: () => void;
}

/**
 * Permission, as it stands on the device: one synchronous record and the gate record inside IndexedDB. Where they differ
 * the stricter wins; where one is missing nothing was decided. Every write goes through here and reads the gate in its own
 * transaction, so that a stale tab cannot bring back what another tab erased.
 */
export interface Gate extends Facts {
  record: ChoiceRecord | undefined;
  voice: Voice | undefined;
  /** `visit` once the browser has refused to keep anything for us. */
  memory: State['memory'];
  readonly device: Store;
  /** Where evidence goes, once the gate has been seen open: the device, or this visit's memory. */
  store: Store | undefined;
  /** Grows with every decision; whatever was under way for an earlier one finds that it no longer counts. */
  turn: number;
  line: Promise<unknown>;
}

export const createGate = (facts: Facts): Gate => ({
  ...facts,
  record: undefined,
  voice: undefined,
  memory: canKeep() ? 'device' : 'visit',
  device: openDevice(),
  store: undefined,
  turn: 0,
  line: Promise.resolve(),
});

const CLEAN: Erased = { cleared: true, verified: true, deleted: true };
const VOICES: readonly unknown[] = ['off', 'quiet', 'explained'];

const list = (raw: unknown): unknown[] => (Array.isArray(raw) ? raw : []);
const emptied = (held: Held): [Key, unknown][] => [...held.keys()].map((key) => [key, undefined]);
const isOpen = (raw: unknown): raw is GateRecord => Object(raw).v === 1 && Object(raw).granted === true;
const isReceipt = (raw: unknown): raw is Receipt => {
  const { schema, state, at, until } = Object(raw);
  return schema === 'fordi.receipt/1' && [state, at, until].every((text) => typeof text === 'string');
};
const isOwn = (gate: Gate, raw: unknown): raw is GateRecord => isOpen(raw) && raw.epoch === gate.record?.epoch;

export const choiceOf = ({ record, gpc, settings }: Gate): ChoiceState => stateAt(record, Date.now(), gpc && settings.gpc === 'refuse');

const ending = (to: 'refused' | 'withdrawn' | 'expired', via: Via) => refusing(to, Date.now(), via, false);

const receipt = (gate: Gate, of: ChoiceRecord, id?: string) => receiptOf(of, gate.settings, (at) => new Date(at).toISOString(), id);

/** One decision after the other. */
function inLine<T>(gate: Gate, job: () => Promise<T>): Promise<T> {
  const next = gate.line.then(job);
  gate.line = next.catch(() => {});
  return next;
}

/** Lets go of the store and of everything in memory. */
function leave(gate: Gate): void {
  gate.store?.close();
  gate.store = gate.voice = undefined;
  gate.drop();
}

/** The synchronous record says yes: ask the gate. */
async function enter(gate: Gate, fresh?: boolean): Promise<unknown> {
  const { turn, device } = gate;
  try {
    const raw = (await device.transact(['gate'])).get('gate');
    if (turn !== gate.turn) return;
    if (isOwn(gate, raw)) {
      gate.store = device;
      gate.memory = 'device';
      gate.voice = VOICES.includes(raw.voice) ? raw.voice : undefined;
      return;
    }
    // Evicted, or another grant's: nothing was decided here. Closed or corrupt: a refusal.
    if (fresh) return erase(gate, raw === undefined || isOpen(raw) ? undefined : ending('refused', 'page'));
    // Under an open page: the record in the other place is left as it is, for it may by now be another tab's refusal.
    gate.turn++;
    leave(gate);
    gate.record = undefined;
    gate.changed();
    // What lies behind a gate that is not open goes, unless a new yes has opened it meanwhile.
    await inLine(gate, () => device.transact('all', (held) => (isOpen(held.get('gate')) ? undefined : emptied(held)), 'strict'));
  } catch {
    if (turn !== gate.turn || gate.store) return; // a later look may succeed
    gate.record = undefined; // what cannot be checked is not a yes; the record stays for a better day
    gate.memory = 'visit';
  }
}

export async function start(gate: Gate): Promise<unknown> {
  const record = decodeChoice(choiceRecord.get());
  gate.record = record;
  const is = choiceOf(gate);
  if (is === 'granted') return enter(gate, true);
  if (record?.erase) return erase(gate, record.at ? { ...record, erase: undefined } : ending('refused', 'page'));
  if (record?.state === 'granted') return erase(gate, is === 'expired' ? ending(is, 'expiry') : ending('refused', 'gpc'));
}

/** Another tab, or time, may have changed the choice. Resolves to whether it is another one now. */
async function recheck(gate: Gate): Promise<boolean> {
  const { record, memory, store } = gate;
  const found = decodeChoice(choiceRecord.get());
  // A yes for this visit only stands beside what the device says, but a refusal holds for this visit too.
  const seen = memory === 'visit' && store && (!found || found.state === 'granted') ? record : found;
  if (seen?.state === record?.state && seen?.epoch === record?.epoch && seen?.erase === record?.erase) return false;
  gate.turn++;
  leave(gate);
  gate.record = seen;
  if (choiceOf(gate) === 'granted') await enter(gate);
  return true;
}

/** Something changed in another tab: the choice, or only the voice. */
export async function look(gate: Gate): Promise<void> {
  if (!(await recheck(gate)) && gate.store === gate.device) await enter(gate);
}

/** Lets go of everything; what is stored stays. */
export function stop(gate: Gate): void {
  gate.turn++;
  leave(gate);
}

/** A new grant begins with nothing; a renewed one keeps what was given under it. */
export function grant(gate: Gate, via: Via): Promise<Granted> {
  const turn = ++gate.turn;
  return inLine(gate, async () => {
    const { settings, gpc, record, voice, device } = gate;
    const renewed = choiceOf(gate) === 'granted' ? gate.store : undefined;
    const now = Date.now();
    const next = granting(settings, now, via, gpc, (renewed && record?.epoch) || now);
    const proof = receipt(gate, next, gate.newId());
    /** Resolves to whether the gate of this store is open now, and the synchronous record says so too. */
    const admit = async (into: Store) => {
      let open = false;
      const change: Change = (held) => {
        open = turn === gate.turn;
        const earlier = renewed ? list(held.get('receipts')) : [];
        const opening: [Key, unknown][] = [
          ['gate', { v: 1, granted: true, epoch: next.epoch, voice } satisfies GateRecord],
          ['receipts', [...earlier, proof]],
        ];
        return open ? [...(renewed ? [] : emptied(held)), ...opening] : undefined;
      };
      await into.transact('all', change, 'create').catch(() => {
        open = false;
      });
      return open && turn === gate.turn && (into !== device || choiceRecord.set(next));
    };
    let into = renewed ?? device;
    let open = await admit(into);
    if (!open && !renewed) {
      await into.remove();
      into = openVisit();
      open = await admit(into);
    }
    if (!open) return { granted: false, reason: 'superseded' };
    gate.memory = into === device ? 'device' : 'visit';
    if (into !== device) choiceRecord.set(undefined); // an older refusal; one that appears from now on is a new one
    gate.store = into;
    gate.record = next;
    gate.changed();
    return { granted: true, receipt: proof };
  });
}

/** Refuses or withdraws: the receipt at once, the erasing as it goes. */
export function end(gate: Gate, to: 'refused' | 'withdrawn', via: Via): { receipt: Receipt; erased: Promise<Erased> } {
  const next = ending(to, via);
  return { receipt: receipt(gate, next), erased: erase(gate, next) };
}

/** Resolves to nothing only when the transaction that read an open gate has completed. */
export async function write(gate: Gate, keys: readonly Key[] | 'all', change: Change): Promise<Failed> {
  if (choiceOf(gate) !== 'granted' || !gate.store || (await recheck(gate))) return 'no-permission';
  const { turn, store } = gate;
  let open = false;
  try {
    await store.transact(keys === 'all' ? keys : ['gate', ...keys], (held) => {
      open = turn === gate.turn && isOwn(gate, held.get('gate'));
      return open ? change(held) : undefined;
    });
  } catch (error) {
    const full = !error || Object(error).name === 'QuotaExceededError'; // some engines give no error when the disk is full
    return store !== gate.store ? 'no-permission' : full ? 'full' : 'storage';
  }
  if (open) return store === gate.store ? undefined : 'no-permission';
  if (turn === gate.turn) await enter(gate); // evicted or closed under us
  return 'no-permission';
}

/** Nothing without permission: then the store is not even asked. */
export async function read(gate: Gate, keys: readonly Key[] | 'all'): Promise<Held> {
  const { store } = gate;
  const held = store && choiceOf(gate) === 'granted' ? await store.transact(keys).catch(() => undefined) : undefined;
  return held && store === gate.store ? held : new Map();
}

export async function receipts(gate: Gate): Promise<readonly Receipt[]> {
  const kept = list((await read(gate, ['receipts'])).get('receipts')).filter(isReceipt);
  return kept.length || !gate.record ? kept : [receipt(gate, gate.record)];
}

export async function setVoice(gate: Gate, voice: Voice): Promise<boolean> {
  if (!VOICES.includes(voice)) return false;
  const failed = await write(gate, [], (held) => [['gate', { ...(held.get('gate') as GateRecord), voice }]]);
  if (failed) return false;
  gate.voice = voice;
  gate.changed();
  return true;
}

/** Stop first, then the refusal in the synchronous record, then the disk, then the proof. */
function erase(gate: Gate, next: ChoiceRecord | undefined): Promise<Erased> {
  const turn = ++gate.turn;
  const was = decodeChoice(choiceRecord.get());
  const kept = gate.store === gate.device || was?.state === 'granted' || was?.erase;
  const decide = (to: ChoiceRecord | undefined) => {
    gate.record = to;
    choiceRecord.set(to);
    gate.changed();
  };
  leave(gate);
  decide(next && kept ? { ...next, erase: true } : next);
  return inLine(gate, async () => {
    // The choice may have been lost and the evidence not: a no looks, without creating anything.
    const erased = kept || (await gate.device.exists().catch(() => false)) ? await wipe(gate.device) : CLEAN;
    if (turn === gate.turn && erased.verified && gate.record?.erase) decide(next);
    return erased;
  });
}

/**
 * Clear and refusal in one transaction, read back through a fresh connection; then the database itself, which other tabs
 * may hold up and which therefore proves nothing.
 */
async function wipe(device: Store): Promise<Erased> {
  let cleared = false;
  let verified = false;
  let deleted = false;
  try {
    await device.transact('all', (held) => [...emptied(held), ['gate', { v: 1, granted: false }]], 'strict');
    cleared = true;
    device.close();
    const left = [...(await device.transact('all'))];
    verified = left.every(([key, value]) => key === 'gate' && Object(value).granted === false);
    deleted = await device.remove();
  } catch {
    // The refusal stands in the synchronous record; the next start finishes the erasing before it reads anything.
  }
  return { cleared, verified, deleted };
}
