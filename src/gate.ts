import { type ChoiceRecord, type Facts as Chosen, proven, refusing, restIn, restOf } from './consent.js';
import { digest } from './digest.js';
import { emptied, type GateRecord, isOpen, lastIn, list, voiceIn, wipe } from './held.js';
import { type Noes, noesAfter } from './noes.js';
import { type Act, type Proof, receiptOf } from './receipt.js';
import { decodeChoice } from './record.js';
import { behind, choiceOf, factsOf, freshly, isEndedHere, isOne, settled, upheld, visiting } from './standing.js';
import { type Change, type ChoicePlace, canKeep, type Held, type Key, openChoice, openDevice, openVisit, type Store } from './storage.js';
import type { ChoiceState, Erased, Purpose, Receipt, Settings, State, Told, Via, Voice } from './types.js';

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
  /** Hears of every receipt. */
  readonly tell: (receipt: Receipt) => void;
}

/**
 * Permission, as it stands on the device: one synchronous record and the gate record inside IndexedDB. Where they differ
 * the stricter wins; where one is missing nothing was decided. Every write goes through here and reads the gate in its own
 * transaction, so that a stale tab cannot bring back what another tab erased.
 */
export interface Gate extends Facts {
  /** Global Privacy Control is on, or another signal on this page that says the same. */
  gpc: boolean;
  readonly choice: ChoicePlace;
  record: ChoiceRecord | undefined;
  voice: Voice | undefined;
  /** What the page's other tools for permission say; absent where there are none. */
  told: ((purpose: Purpose) => Told) | undefined;
  /** Their names. */
  tools: readonly string[];
  /** A yes of this page that is in the synchronous record, while it is seen whether its gate is open. */
  coming: ChoiceRecord | undefined;
  /** When this page last said no, also by a clock that nobody sets, and to which yes. */
  ended: { readonly at: number; readonly tick: number; readonly epoch: number | undefined } | undefined;
  /** The same for what it has said no to beside. */
  noes: Noes;
  /** Id of the newest receipt behind the open gate. */
  last: string | undefined;
  /** `visit` once the browser has refused to keep anything for us. */
  memory: State['memory'];
  readonly device: Store;
  /** Where evidence goes, once the gate has been seen open: the device, or this visit's memory. */
  store: Store | undefined;
  /** Grows with every decision; whatever was under way for an earlier one finds that it no longer counts. */
  turn: number;
  /** The turn of this page's last yes; time may have ended the one before since. */
  word: { turn: number } | undefined;
  line: Promise<unknown>;
  /** What is left to erase is looked at then. */
  later: ReturnType<typeof setTimeout> | undefined;
  /** So many times in a row the disk has not answered a look; and when it is asked again. */
  missed: number;
  again: ReturnType<typeof setTimeout> | undefined;
}

export const createGate = (facts: Facts): Gate => ({
  ...facts,
  choice: openChoice(),
  record: undefined,
  voice: undefined,
  told: facts.settings.heeds ? () => 'pending' : undefined,
  tools: [],
  coming: undefined,
  ended: undefined,
  noes: new Map(),
  last: undefined,
  memory: canKeep() ? 'device' : 'visit',
  device: openDevice(),
  store: undefined,
  turn: 0,
  word: undefined,
  line: Promise.resolve(),
  later: undefined,
  missed: 0,
  again: undefined,
});

/** Id of the newest receipt, as far as it is known. */
export const lastOf = (gate: Gate): string | undefined => freshly(gate).record?.proofs?.at(-1)?.id ?? gate.last;
const isOwn = (gate: Gate, raw: unknown): raw is GateRecord => isOpen(raw) && raw.epoch === gate.record?.epoch;

export const ending = (gate: Gate, to: 'refused' | 'withdrawn' | 'expired', via: Via) => refusing(to, factsOf(gate), via);

/** The receipt of an act after which this record is in force. */
export const receipt = (gate: Gate, record: ChoiceRecord, act: Act = record, proof: Omit<Proof, 'iso'> = {}): Receipt =>
  receiptOf({ ...factsOf(gate), record }, act, { ...proof, elsewhere: gate.tools, iso: (at) => new Date(at).toISOString() });

/** One decision after the other. */
export function inLine<T>(gate: Gate, job: () => Promise<T>): Promise<T> {
  const next = gate.line.then(job);
  gate.line = next.catch(() => {});
  return next;
}

/** The next turn. That time has ended a yes, here or in another tab, is nobody's no: one that is on its way still counts. */
function turnTo(gate: Gate, next: ChoiceRecord | undefined): number {
  const { word, turn } = gate;
  if (word?.turn === turn && next?.state === 'expired') word.turn++;
  return ++gate.turn;
}

/** Lets go of the store and of everything in memory. */
export function leave(gate: Gate): void {
  gate.store?.close();
  gate.store = gate.voice = gate.last = undefined;
  gate.drop();
}

/** The synchronous record says yes: ask the gate. */
export async function enter(gate: Gate, fresh?: boolean): Promise<unknown> {
  const { turn, device } = gate;
  try {
    const held = await device.transact(['gate', 'receipts']);
    const raw = held.get('gate');
    if (turn !== gate.turn || gate.coming || (gate.store && gate.store !== device)) return;
    if (isOwn(gate, raw)) {
      gate.last = lastIn(held);
      gate.store = device;
      gate.memory = 'device';
      gate.voice = voiceIn(raw);
      return;
    }
    // Evicted, or another grant's: nothing was decided here. Closed or corrupt: a refusal.
    if (fresh && !isOne(decodeChoice(gate.choice.get()), gate.record)) return recheck(gate); // another tab has given the next one meanwhile
    if (fresh) return erase(gate, raw === undefined || isOpen(raw) ? restIn(gate.record, Date.now()) : ending(gate, 'refused', 'page'));
    // Under an open page: the record in the other place is left as it is, for it may by now be another tab's refusal.
    const had = gate.store; // else nothing changes here, and tabs that told each other so would never end
    gate.turn++;
    leave(gate);
    gate.record = restIn(gate.record, Date.now());
    if (had) gate.changed();
    // What lies behind a gate that is not open goes, unless a new yes has opened it meanwhile.
    await inLine(gate, () => device.transact('all', (held) => (isOpen(held.get('gate')) ? undefined : emptied(held)), 'strict'));
  } catch {
    gate.missed++; // a later look may succeed
    if (turn !== gate.turn || gate.store) return;
    gate.record = restIn(gate.record, Date.now()); // what cannot be checked is not a yes; the record stays for a better day
    gate.memory = 'visit';
  }
}

/** Whoever asks elsewhere has said yes, and a grant from before stands here: look at it now. */
export const restart = (gate: Gate): Promise<unknown> => enter(gate, true);

/** Another tab, or time, may have changed the choice. Resolves to whether it is another one now. */
export async function recheck(gate: Gate): Promise<boolean> {
  const { record, memory, store } = gate;
  const written = decodeChoice(gate.choice.get());
  if (isEndedHere(gate, written)) {
    void erase(gate, record && { ...record, without: written?.without ?? record.without }); // an objection holds beside a no, too
    return false;
  }
  const found = upheld(gate, written);
  if (found !== written) mark(gate, (facts) => ({ more: facts.record?.more }));
  if (gate.coming && isOne(found, gate.coming)) return false;
  // A yes for this visit only stands beside what the device says, but a refusal holds for this visit too.
  const seen = memory === 'visit' && store && (!found || /granted|unset/.test(found.state)) ? visiting(gate) : found;
  if (isOne(seen, record)) {
    gate.record = seen; // what was said of other things leaves the store as it is
    return false;
  }
  turnTo(gate, seen);
  leave(gate);
  gate.record = seen;
  if (choiceOf(gate) === 'granted') await enter(gate);
  return true;
}

/** Lets go of everything; what is stored stays. */
export function stop(gate: Gate): void {
  clearTimeout(gate.later);
  clearTimeout(gate.again);
  gate.turn++;
  leave(gate);
}

/** What else an act says, beside personalization, to a record that may have changed in another tab. */
export type Rest = (facts: Chosen) => Partial<ChoiceRecord>;

export const nothingElse: Rest = () => ({});

/** An act of this page; what it says no to holds. */
export function heed(gate: Gate, { record, now }: Chosen, { more }: Partial<ChoiceRecord>): void {
  gate.noes = noesAfter(gate.noes, record?.more, more, now, performance.now());
}

/** Takes what erasing has read under the permission that ends here; in memory, and never on the disk again without a new one. */
export type Seal = (held: Held, before: ChoiceRecord) => void;

/** What a receipt is made with, beside the act. */
export interface Proving {
  readonly previous: string | undefined;
  /** What the visitor was shown. */
  readonly text?: string | undefined;
  /** It is a yes or the end of one: with a number of its own, and the hour. A no alone has neither, even where it is called a withdrawal. */
  readonly isYes: boolean;
}

/** The receipt of an act: kept where anything beside personalization has a yes, and told to the owner. */
export async function prove(gate: Gate, next: ChoiceRecord, act: Act, { previous, text, isYes }: Proving): Promise<Receipt> {
  const { now, gpc } = factsOf(gate);
  const sha256 = text === undefined ? undefined : await digest(text); // without one, at once: what is said next names this as the one before
  const of: Act = isYes ? { ...act, at: now, gpc } : { ...act, state: act.state === 'withdrawn' ? 'refused' : act.state };
  const proof = receipt(gate, next, of, { id: isYes ? gate.newId() : undefined, previous, sha256 });
  const keeping: Rest = ({ record }) => (record && isYes ? { proofs: [...(record.proofs ?? []), proof] } : {});
  mark(gate, keeping, () => {}, false);
  if (proof.id && gate.store) gate.last = proof.id;
  gate.tell(proof);
  return proof;
}

/** With the others behind the open gate, where there is one. */
export async function keepProof(gate: Gate, proof: Receipt): Promise<Receipt> {
  if (!proof.id || !gate.store) return proof;
  await write(gate, ['receipts'], (held) => [['receipts', [...list(held.get('receipts')), proof]]]);
  return proof;
}

/** How a yes ends. */
export interface Ending {
  readonly seal?: Seal | undefined;
  readonly text?: string | undefined;
  /** What the whole act came to. Default: the end. */
  readonly state?: ChoiceState;
}

/** Refuses, withdraws or runs out: in force at once; erased, and proven, as it goes. */
export function end(
  gate: Gate,
  to: 'refused' | 'withdrawn' | 'expired',
  via: Via,
  rest = nothingElse,
  { seal, text, state = to }: Ending = {},
): { receipt: Promise<Receipt>; erased: Promise<Erased> } {
  const facts = freshly(gate);
  const before = facts.record;
  const others = rest(facts);
  heed(gate, facts, others);
  const next = proven({ ...refusing(to, facts, via), ...others });
  const was = before?.state === 'granted' ? before : undefined;
  let previous = lastOf(gate);
  const mine = (held: Held) => {
    const raw = held.get('gate');
    if (!was || !isOpen(raw) || raw.epoch !== was.epoch) return;
    previous ??= lastIn(held);
    seal?.(held, was);
  };
  if (gate.store !== gate.device) gate.store?.transact('all').then(mine); // of this visit: read before it is let go of
  if (to !== 'expired') gate.ended = { at: facts.now, tick: performance.now(), epoch: before?.epoch };
  const isKnown = !was || previous; // else it lies behind a gate that nobody has opened on this page
  const erased = erase(gate, next, mine);
  const proof = () => prove(gate, next, { ...next, state }, { previous, text, isYes: !!was || !!previous || state === 'granted' });
  return { receipt: isKnown ? proof() : erased.then(proof), erased };
}

/** Sets what the synchronous record says beside personalization, at once. Nothing is left where nothing is said. `changed` = who has to hear; `isHard`: it takes something away. */
export function mark(gate: Gate, rest: Rest, changed = gate.changed, isHard = true): ChoiceRecord {
  const facts = freshly(gate);
  const { record = restOf(undefined, facts.now) } = facts;
  const change = rest(facts);
  if (!Object.keys(change).length) return record;
  heed(gate, facts, change);
  const next = proven({ ...record, ...change });
  const isOnDevice = gate.choice.set(gate.memory === 'visit' && gate.store ? behind(gate, next) : settled(next), isHard);
  if (!isOnDevice && isHard) void retreat(gate);
  if (!gate.record || !isOnDevice || isOne(gate.record, record)) gate.record = next;
  changed();
  return next;
}

/** The device no longer takes what is said: it holds for this visit, and what is kept moves into its memory, for no choice is left beside it. */
export async function retreat(gate: Gate): Promise<unknown> {
  const { device, turn } = gate;
  gate.memory = 'visit';
  let isMine = false;
  const take: Change = (held) => {
    isMine = turn === gate.turn && isOwn(gate, held.get('gate'));
    return isMine ? emptied(held) : undefined;
  };
  const move = async () => {
    const held = gate.store === device ? await device.transact('all', take, 'strict') : new Map();
    if (!isMine || turn !== gate.turn) return;
    gate.store = openVisit();
    await gate.store.transact('all', () => held);
    await device.remove();
  };
  return inLine(gate, move).catch(() => {}); // then it stays where it is, for this visit too
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
  if (turn === gate.turn && gate.store && store !== gate.store) return write(gate, keys, change); // it has moved under us
  if (turn === gate.turn && store === gate.store) await enter(gate); // evicted or closed under us
  return 'no-permission';
}

/** Stop first, then the refusal in the synchronous record, then the disk, then the proof. */
export function erase(gate: Gate, next: ChoiceRecord | undefined, mine?: (held: Held) => void): Promise<Erased> {
  const turn = turnTo(gate, next);
  const was = decodeChoice(gate.choice.get());
  const kept = gate.store === gate.device || was?.state === 'granted' || was?.erase;
  const decide = (to: ChoiceRecord | undefined) => {
    gate.record = to;
    gate.choice.set(to, true);
    gate.changed();
  };
  /** Another tab has said yes since, and that began with nothing: this one must not meet it. */
  const isLate = () => {
    const found = decodeChoice(gate.choice.get());
    return found?.state === 'granted' && !isEndedHere(gate, found);
  };
  leave(gate);
  decide(next && kept ? { ...next, erase: true } : next);
  return inLine(gate, async () => {
    // The choice may have been lost and the evidence not: a no looks, without creating anything.
    const erased =
      kept || (await gate.device.exists().catch(() => false))
        ? await wipe(gate.device, (held) => turn === gate.turn && mine?.(held), isLate)
        : { cleared: true, verified: true, deleted: true };
    const found = decodeChoice(gate.choice.get()); // another tab may have said more, or yes again
    if (isEndedHere(gate, found)) await recheck(gate);
    else if (turn === gate.turn && erased.verified && found?.erase && isOne(found, gate.record))
      decide(settled({ ...found, erase: erased.deleted ? undefined : 'name' }));
    return erased;
  });
}
