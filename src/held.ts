import { isText, STATES } from './record.js';
import type { Change, Held, Key, Store } from './storage.js';
import type { Erased, Receipt, Voice } from './types.js';

/** What the gate inside IndexedDB holds. Its format never changes: the oldest open tab must understand it. */
export interface GateRecord {
  readonly v: 1;
  readonly granted: boolean;
  readonly epoch?: number | undefined;
  readonly voice?: Voice | undefined;
}

export const isOpen = (raw: unknown): raw is GateRecord => Object(raw).v === 1 && Object(raw).granted === true;
export const emptied = (held: Held): [Key, unknown][] => [...held.keys()].map((key) => [key, undefined]);

export const VOICES: readonly unknown[] = ['off', 'quiet', 'explained'];

export const list = (raw: unknown): unknown[] => (Array.isArray(raw) ? raw : []);
export const voiceIn = (raw: unknown): Voice | undefined => (VOICES.includes(Object(raw).voice) ? Object(raw).voice : undefined);
/** As far as it is shown, and named by the next. What an earlier release wrote says less. */
export const isReceipt = (raw: unknown): raw is Receipt => {
  const { schema, state, at, until, via = '', id = '', purposes = [] } = Object(raw);
  const isSound = [schema, state, at, until, via, id].every(isText) && Array.isArray(purposes);
  return isSound && /^fordi\.receipt\/[12]$/.test(schema) && STATES.includes(state) && purposes.every((one) => isText(Object(one).id));
};
/** Proofs of the choice record, and those behind the gate: each once, oldest first. */
export function proofsIn(record: unknown, gate: unknown): readonly Receipt[] {
  const kept = list(gate).filter(isReceipt);
  const before = list(record).filter(isReceipt);
  return [...before.filter(({ id }) => !kept.some((one) => one.id === id)), ...kept];
}

/** Id of the newest receipt. */
export const lastIn = (held: Held): string | undefined => list(held.get('receipts')).filter(isReceipt).at(-1)?.id;

/** All that is held goes, and the database too, where this gate may; asked again before each step. Resolves to whether it is gone. */
export async function clear(device: Store, mayGo: (gate: unknown) => boolean): Promise<boolean> {
  const held = await device.transact('all', (held) => (mayGo(held.get('gate')) ? emptied(held) : undefined), 'strict');
  return mayGo(held.get('gate')) && device.remove();
}

/**
 * Clear and refusal in one transaction, read back through a fresh connection; then the database itself, which other tabs
 * may hold up and which therefore proves nothing. `isLate`: what lies there belongs to a later yes.
 */
export async function wipe(device: Store, seal: (held: Held) => void, isLate: () => boolean): Promise<Erased> {
  let cleared = false;
  let verified = false;
  let deleted = false;
  try {
    let isOurs = false;
    const refuse: Change = (held) => {
      isOurs = !isLate();
      return isOurs ? [...emptied(held), ['gate', { v: 1, granted: false }]] : undefined;
    };
    const held = await device.transact('all', refuse, 'strict');
    cleared = true;
    if (isOurs) seal(held);
    device.close();
    const left = [...(await device.transact('all'))];
    verified = isLate() || left.every(([key, value]) => key === 'gate' && Object(value).granted === false);
    deleted = !isLate() && (await device.remove());
  } catch {
    // The refusal stands in the synchronous record; the next start finishes the erasing before it reads anything.
  }
  return { cleared, verified, deleted };
}
