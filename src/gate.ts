import {
  type ChoiceRecord,
  type Facts as Chosen,
  choiceAt,
  decodeChoice,
  granting,
  PERSONAL,
  refusing,
  restIn,
  restOf,
} from './consent.js';
import { digest } from './digest.js';
import { type Act, type Proof, receiptOf } from './receipt.js';
import { type Change, canKeep, choiceRecord, type Held, type Key, openDevice, openVisit, type Store } from './storage.js';
import type { ChoiceState, Erased, Granted, Purpose, Receipt, Settings, State, Told, Via, Voice } from './types.js';

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
  /** Global Privacy Control is on, or another signal on this page that says the same. */
  gpc: boolean;
  record: ChoiceRecord | undefined;
  voice: Voice | undefined;
  /** What the page's other tools for permission say; absent where there are none. */
  told: ((purpose: Purpose) => Told) | undefined;
  /** Their names. */
  tools: readonly string[];
  /** Id of the receipt of the yes in force. */
  last: string | undefined;
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
  told: facts.settings.heeds ? () => 'pending' : undefined,
  tools: [],
  last: undefined,
  memory: canKeep() ? 'device' : 'visit',
  device: openDevice(),
  store: undefined,
  turn: 0,
  line: Promise.resolve(),
});

const VOICES: readonly unknown[] = ['off', 'quiet', 'explained'];

const list = (raw: unknown): unknown[] => (Array.isArray(raw) ? raw : []);
const emptied = (held: Held): [Key, unknown][] => [...held.keys()].map((key) => [key, undefined]);
const isOpen = (raw: unknown): raw is GateRecord => Object(raw).v === 1 && Object(raw).granted === true;
export const isReceipt = (raw: unknown): raw is Receipt => {
  const { schema, state, at, until } = Object(raw);
  return /^fordi\.receipt\/[12]$/.test(schema) && [state, at, until].every((text) => typeof text === 'string');
};
/** Id of the newest receipt. */
const lastOf = (held: Held): string | undefined => list(held.get('receipts')).filter(isReceipt).at(-1)?.id;
const isOwn = (gate: Gate, raw: unknown): raw is GateRecord => isOpen(raw) && raw.epoch === gate.record?.epoch;

/** What choices rest on, as of now. */
export const factsOf = ({ record, gpc, settings, told }: Gate): Chosen => ({ record, gpc, settings, told, now: Date.now() });

export const choiceOf = (gate: Gate, purpose: Purpose = PERSONAL, service?: string): ChoiceState =>
  choiceAt(factsOf(gate), purpose, service);

/** The visitor's dial; nothing is used while they have paused. */
export const voiceOf = ({ record, voice }: Gate): Voice | undefined => (record?.paused ? 'off' : voice);

/** Global Privacy Control speaks against the yes that stands here. */
export const isBarred = (gate: Gate): boolean =>
  gate.record?.state === 'granted' && choiceAt({ ...factsOf(gate), told: undefined }, PERSONAL) === 'refused';

const ending = (gate: Gate, to: 'refused' | 'withdrawn' | 'expired', via: Via) => refusing(to, factsOf(gate), via);

/** The receipt of an act after which this record is in force. */
const receipt = (gate: Gate, record: ChoiceRecord, act: Act = record, proof: Omit<Proof, 'iso'> = {}): Receipt =>
  receiptOf({ ...factsOf(gate), record }, act, { ...proof, elsewhere: gate.tools, iso: (at) => new Date(at).toISOString() });

/** One decision after the other. */
function inLine<T>(gate: Gate, job: () => Promise<T>): Promise<T> {
  const next = gate.line.then(job);
  gate.line = next.catch(() => {});
  return next;
}

/** Lets go of the store and of everything in memory. */
function leave(gate: Gate): void {
  gate.store?.close();
  gate.store = gate.voice = gate.last = undefined;
  gate.drop();
}

/** The synchronous record says yes: ask the gate. */
async function enter(gate: Gate, fresh?: boolean): Promise<unknown> {
  const { turn, device } = gate;
  try {
    const held = await device.transact(['gate', 'receipts']);
    const raw = held.get('gate');
    if (turn !== gate.turn) return;
    if (isOwn(gate, raw)) {
      gate.last = lastOf(held);
      gate.store = device;
      gate.memory = 'device';
      gate.voice = voiceIn(raw);
      return;
    }
    // Evicted, or another grant's: nothing was decided here. Closed or corrupt: a refusal.
    if (fresh) return erase(gate, raw === undefined || isOpen(raw) ? restIn(gate.record, Date.now()) : ending(gate, 'refused', 'page'));
    // Under an open page: the record in the other place is left as it is, for it may by now be another tab's refusal.
    gate.turn++;
    leave(gate);
    gate.record = restIn(gate.record, Date.now());
    gate.changed();
    // What lies behind a gate that is not open goes, unless a new yes has opened it meanwhile.
    await inLine(gate, () => device.transact('all', (held) => (isOpen(held.get('gate')) ? undefined : emptied(held)), 'strict'));
  } catch {
    if (turn !== gate.turn || gate.store) return; // a later look may succeed
    gate.record = restIn(gate.record, Date.now()); // what cannot be checked is not a yes; the record stays for a better day
    gate.memory = 'visit';
  }
}

export async function start(gate: Gate): Promise<unknown> {
  const record = decodeChoice(choiceRecord.get());
  gate.record = record;
  const is = choiceOf(gate);
  if (is === 'granted') return enter(gate, true);
  if (gate.settings.child) return; // what was chosen for the other pages stays as it is
  if (record?.erase) return erase(gate, record.at ? { ...record, erase: undefined } : ending(gate, 'refused', 'page'));
  if (record?.state !== 'granted') return;
  if (Date.now() >= record.until) return erase(gate, ending(gate, 'expired', 'expiry'));
  if (isBarred(gate)) return erase(gate, ending(gate, 'refused', 'gpc')); // else somebody is asked elsewhere, and has the word
}

/** Whether two records say the same of personalization. */
const isOne = (a: ChoiceRecord | undefined, b: ChoiceRecord | undefined) =>
  (a?.state ?? 'unset') === (b?.state ?? 'unset') && a?.epoch === b?.epoch && a?.erase === b?.erase;

/** Whoever asks elsewhere has said yes, and a grant from before stands here: look at it now. */
export const restart = (gate: Gate): Promise<unknown> => enter(gate, true);

/** Another tab, or time, may have changed the choice. Resolves to whether it is another one now. */
async function recheck(gate: Gate): Promise<boolean> {
  const { record, memory, store } = gate;
  const found = decodeChoice(choiceRecord.get());
  // A yes for this visit only stands beside what the device says, but a refusal holds for this visit too.
  const seen = memory === 'visit' && store && (!found || /granted|unset/.test(found.state)) ? record : found;
  if (isOne(seen, record)) {
    gate.record = seen; // what was said of other things leaves the store as it is
    return false;
  }
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

/** What else an act says, beside personalization, to a record that may have changed in another tab. */
export type Rest = (facts: Chosen) => Partial<ChoiceRecord>;

const nothingElse: Rest = () => ({});

/** The facts with the record as it stands on the device now: another tab may have said more of other purposes. */
export function freshly(gate: Gate): Chosen {
  const facts = factsOf(gate);
  const found = gate.memory === 'visit' && gate.store ? gate.record : decodeChoice(choiceRecord.get());
  return { ...facts, record: found };
}

const voiceIn = (raw: unknown): Voice | undefined => (VOICES.includes(Object(raw).voice) ? Object(raw).voice : undefined);

/** A new grant begins with nothing, or with what a withdrawal had taken (`back`); a renewed one keeps what was given under it. `text` = what the visitor was shown. */
export function grant(
  gate: Gate,
  via: Via,
  rest = nothingElse,
  { text, back = new Map() }: { readonly text?: string | undefined; readonly back?: Held } = {},
): Promise<Granted> {
  const turn = ++gate.turn;
  return inLine(gate, async () => {
    const sha256 = await digest(text);
    const { record, device, voice = voiceIn(back.get('gate')) } = gate;
    const facts = freshly(gate);
    const renewed = choiceOf(gate) === 'granted' ? gate.store : undefined;
    const kept = renewed && { since: record?.since, paused: facts.record?.paused };
    const next = { ...granting(facts, via, (renewed && record?.epoch) || facts.now), ...kept, ...rest(facts) };
    const proof = receipt(gate, next, next, { id: gate.newId(), previous: gate.last, sha256 });
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
        return open ? [...(renewed ? [] : emptied(held)), ...back, ...opening] : undefined;
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
    if (into !== device) choiceRecord.set(restIn(next, Date.now())); // an older refusal; one that appears from now on is a new one
    gate.store = into;
    gate.record = next;
    gate.last = proof.id;
    gate.voice = voice;
    gate.changed();
    return { granted: true, receipt: proof };
  });
}

/** Takes what erasing has read under the permission that ends here; in memory, and never on the disk again without a new one. */
export type Seal = (held: Held, before: ChoiceRecord) => void;

/** Refuses or withdraws: the receipt at once, the erasing as it goes. */
export function end(
  gate: Gate,
  to: 'refused' | 'withdrawn',
  via: Via,
  rest = nothingElse,
  seal: Seal = () => {},
): { receipt: Receipt; erased: Promise<Erased> } {
  const facts = freshly(gate);
  const before = facts.record;
  const next = { ...refusing(to, facts, via), ...rest(facts) };
  const { last: previous } = gate;
  const id = previous && gate.newId(); // what ends a yes is told apart; a no alone is not
  const mine = (held: Held) => {
    const raw = held.get('gate');
    if (isOpen(raw) && before?.state === 'granted' && raw.epoch === before.epoch) seal(held, before);
  };
  if (gate.store !== gate.device) gate.store?.transact('all').then(mine); // of this visit: read before it is let go of
  return { receipt: receipt(gate, next, { ...next, at: id ? facts.now : next.at }, { id, previous }), erased: erase(gate, next, mine) };
}

/** Sets what the synchronous record says beside personalization, at once. Nothing is left where nothing is said. `changed` = who has to hear. */
export function mark(gate: Gate, rest: Rest, changed = gate.changed): ChoiceRecord {
  const facts = freshly(gate);
  const { record = restOf(undefined, facts.now), now } = facts;
  const change = rest(facts);
  if (!Object.keys(change).length) return record;
  const next = { ...record, ...change };
  const isRest = (next.state === 'unset' && !next.erase) || (gate.memory === 'visit' && gate.store);
  const isOnDevice = choiceRecord.set(isRest ? restIn(next, now) : next);
  if (!gate.record || !isOnDevice || isOne(gate.record, record)) gate.record = next;
  changed();
  return next;
}

/** What an act says of other things than personalization: at once in the synchronous record; where the gate is open, with a receipt behind it. */
export async function note(gate: Gate, via: Via, rest: Rest, state: ChoiceState, text?: string): Promise<Receipt> {
  const next = mark(gate, rest);
  const facts = factsOf(gate);
  const id = Object.keys(rest(facts))[0] && (state === 'granted' || gate.last) ? gate.newId() : undefined;
  const act = { ...refusing(state, facts, via), ...(id && { at: facts.now }) };
  const proof = receipt(gate, next, act, { id, previous: gate.last, sha256: await digest(text) });
  if (id) gate.last = id;
  if (id && gate.store) await write(gate, ['receipts'], (held) => [['receipts', [...list(held.get('receipts')), proof]]]);
  return proof;
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
function erase(gate: Gate, next: ChoiceRecord | undefined, mine?: (held: Held) => void): Promise<Erased> {
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
    const erased =
      kept || (await gate.device.exists().catch(() => false))
        ? await wipe(gate.device, (held) => turn === gate.turn && mine?.(held))
        : { cleared: true, verified: true, deleted: true };
    if (turn === gate.turn && erased.verified && gate.record?.erase) decide({ ...gate.record, erase: undefined });
    return erased;
  });
}

/**
 * Clear and refusal in one transaction, read back through a fresh connection; then the database itself, which other tabs
 * may hold up and which therefore proves nothing.
 */
async function wipe(device: Store, seal: (held: Held) => void): Promise<Erased> {
  let cleared = false;
  let verified = false;
  let deleted = false;
  try {
    const held = await device.transact('all', (held) => [...emptied(held), ['gate', { v: 1, granted: false }]], 'strict');
    cleared = true;
    seal(held);
    device.close();
    const left = [...(await device.transact('all'))];
    verified = left.every(([key, value]) => key === 'gate' && Object(value).granted === false);
    deleted = await device.remove();
  } catch {
    // The refusal stands in the synchronous record; the next start finishes the erasing before it reads anything.
  }
  return { cleared, verified, deleted };
}
