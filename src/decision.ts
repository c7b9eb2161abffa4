import { type ChoiceRecord, type Facts, granting, proven, refusing, restIn, restOf } from './consent.js';
import { digest } from './digest.js';
import {
  choiceOf,
  factsOf,
  freshly,
  type Gate,
  inLine,
  keepProof,
  lastOf,
  mark,
  nothingElse,
  prove,
  type Rest,
  receipt,
  write,
} from './gate.js';
import { clear, emptied, type GateRecord, isReceipt, list, VOICES, voiceIn } from './held.js';
import { read } from './look.js';
import { type Change, type Held, type Key, openVisit, type Store } from './storage.js';
import type { ChoiceState, Granted, Receipt, Via, Voice } from './types.js';

/** What the device says behind a yes for this visit: what is yet to be erased there stays so. */
const behind = (next: ChoiceRecord, { record, now }: Facts) =>
  record?.erase ? { ...restOf(next, now), erase: record.erase } : restIn(next, now);

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
    const { record, device } = gate;
    const facts = freshly(gate);
    const isOurs = facts.record?.epoch === record?.epoch; // else another tab has ended what this one still holds
    const renewed = isOurs && choiceOf(gate) === 'granted' ? gate.store : undefined;
    const voice = renewed ? gate.voice : voiceIn(back.get('gate'));
    const over = (on: Facts): ChoiceRecord => {
      const kept = renewed && { since: record?.since, paused: on.record?.paused };
      return { ...granting(on, via, (renewed && record?.epoch) || facts.now), ...kept, ...rest(on) };
    };
    const given = over(facts);
    const proof = receipt(gate, given, given, { id: gate.newId(), previous: lastOf(gate), sha256 });
    let next = proven(given, proof);
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
      next = proven(over({ ...freshly(gate), now: facts.now }), proof); // what was said of other things while the disk was waited for holds
      return open && turn === gate.turn && (into !== device || gate.choice.set(next));
    };
    let into = renewed ?? device;
    let open = await admit(into);
    if (!open && into === device && (renewed || turn !== gate.turn)) await clear(device).catch(() => {}); // another tab’s deletion came between: it was made anew
    if (!open && !renewed) {
      await into.remove();
      into = openVisit();
      open = await admit(into);
    }
    if (!open) return { granted: false, reason: 'superseded' };
    if (!renewed) gate.drop(); // what a yes that has run out left in memory
    gate.memory = into === device ? 'device' : 'visit';
    if (into !== device) gate.choice.set(behind(next, facts)); // an older refusal; one that appears from now on is a new one
    gate.store = into;
    gate.record = next;
    gate.last = proof.id;
    gate.voice = voice;
    gate.changed();
    gate.tell(proof);
    return { granted: true, receipt: proof };
  });
}

/** What an act says of other things than personalization: at once in the synchronous record, then with a receipt behind it. */
export async function note(
  gate: Gate,
  via: Via,
  rest: Rest,
  { state, text, takes }: { readonly state: ChoiceState; readonly text?: string | undefined; readonly takes: boolean },
): Promise<Receipt> {
  const previous = lastOf(gate);
  const isSaid = !!Object.keys(rest(factsOf(gate)))[0];
  const next = mark(gate, rest, gate.changed, takes);
  const act = refusing(state, factsOf(gate), via);
  if (!isSaid) return receipt(gate, next, act);
  return keepProof(gate, await prove(gate, next, act, { previous, text, isYes: state === 'granted' || !!previous }));
}

/** The proofs on this device, oldest first: those behind a yes, or of the no that stands. */
export async function receipts(gate: Gate): Promise<readonly Receipt[]> {
  const kept = list((await read(gate, ['receipts'])).get('receipts')).filter(isReceipt);
  const { record } = gate;
  const before = list(record?.proofs).filter(isReceipt).filter(({ id }) => !kept.some((one) => one.id === id)); // biome-ignore format: one line
  const all = [...before, ...kept];
  return all.length || !record || !/refused|withdrawn|expired/.test(record.state) ? all : [receipt(gate, record)];
}

export async function setVoice(gate: Gate, voice: Voice): Promise<boolean> {
  if (!VOICES.includes(voice)) return false;
  const failed = await write(gate, [], (held) => [['gate', { ...(held.get('gate') as GateRecord), voice }]]);
  if (failed) return false;
  gate.voice = voice;
  gate.changed();
  return true;
}
