import { type ChoiceRecord, type Facts, granting, proven, refusing } from './consent.js';
import { digest } from './digest.js';
import { type Gate, heed, inLine, keepProof, lastOf, leave, mark, nothingElse, prove, type Rest, receipt, write } from './gate.js';
import { clear, emptied, type GateRecord, isOpen, lastIn, list, proofsIn, VOICES, voiceIn } from './held.js';
import { look, read } from './look.js';
import { behind, choiceOf, factsOf, freshly } from './standing.js';
import { type Change, type Held, type Key, openVisit, type Store } from './storage.js';
import type { ChoiceState, Granted, Receipt, Via, Voice } from './types.js';

/** What another tab has decided since `seen` was read. That its erasing is over is no decision. */
const hasSpoken = (found: ChoiceRecord | undefined, seen: ChoiceRecord | undefined): boolean =>
  (found?.state ?? 'unset') !== (seen?.state ?? 'unset') || found?.epoch !== seen?.epoch || (found?.erase === true && seen?.erase !== true);

/** One yes. `word` = the gate's turn for it: another one means that this page has decided since. */
interface Yes {
  readonly via: Via;
  readonly rest: Rest;
  readonly id: string;
  /** When it was said. */
  readonly at: number;
  readonly sha256: string | undefined;
  readonly back: Held;
  readonly word: { readonly turn: number };
}

/** What a yes comes to beside what stands there now. */
function draft(gate: Gate, { via, rest, id, at, sha256, back }: Yes) {
  const { record } = gate;
  const facts = { ...freshly(gate), now: at };
  const isOurs = facts.record?.epoch === record?.epoch; // else another tab has ended what this one still holds
  const renewed = isOurs && choiceOf(gate) === 'granted' ? gate.store : undefined;
  const over = (on: Facts): ChoiceRecord => {
    const kept = renewed && { since: record?.since, paused: on.record?.paused };
    const epoch = renewed ? record?.epoch : Math.max(at, (facts.record?.epoch ?? 0) + 1);
    return { ...granting(on, via, epoch as number), ...kept, ...rest(on) };
  };
  const given = over(facts);
  const proof = receipt(gate, given, given, { id, previous: lastOf(gate) ?? lastIn(back), sha256 });
  const voice = renewed ? gate.voice : voiceIn(back.get('gate'));
  const isMine = (raw: unknown) => isOpen(raw) && raw.epoch === given.epoch;
  return {
    facts,
    renewed,
    proof,
    voice,
    isMine,
    epoch: given.epoch,
    next: () => proven(over({ ...freshly(gate), now: at }), proof),
  };
}

/**
 * The gate of this store, then the synchronous record, then the gate once more: what another tab had yet to erase may have
 * met it before that tab could see the record. Resolves to the record, where both say yes and nobody has said anything else;
 * to `broken` where the device takes no yes.
 */
async function admit(
  gate: Gate,
  { back, word }: Yes,
  { facts, renewed, proof, voice, epoch, isMine, next }: ReturnType<typeof draft>,
  into: Store,
): Promise<ChoiceRecord | 'broken' | undefined> {
  const isStill = (seen = facts.record) => word.turn === gate.turn && !hasSpoken(freshly(gate).record, seen);
  const open: Change = (held) => {
    const opening: [Key, unknown][] = [
      ['gate', { v: 1, granted: true, epoch, voice } satisfies GateRecord],
      ['receipts', [...list((renewed ? held : back).get('receipts')), proof]],
    ];
    return isStill() ? [...(renewed ? [] : emptied(held)), ...back, ...opening] : undefined;
  };
  try {
    await into.transact('all', open, 'create');
    const record = isStill() ? next() : undefined; // what was said of other things while the disk was waited for holds
    if (!record || into !== gate.device) return record;
    if (!gate.choice.set(record)) return 'broken';
    if (!renewed) leave(gate); // what a yes that has run out left in memory, too
    gate.coming = record;
    gate.ended = undefined;
    into.close(); // a new connection waits for a deletion that was asked for before
    return isMine((await into.transact(['gate'])).get('gate')) && isStill(record) ? freshly(gate).record : undefined;
  } catch {
    return 'broken';
  }
}

/** Resolves to the proof; to nothing where the yes could not be, or `again` where another tab, or time, was at it in the same moment. */
async function attempt(gate: Gate, yes: Yes): Promise<Receipt | 'again' | undefined> {
  const { device } = gate;
  const drafted = draft(gate, yes);
  const { facts, renewed, proof, voice, isMine } = drafted;
  let into = renewed ?? device;
  let next = await admit(gate, yes, drafted, into);
  const said = () => freshly(gate).record?.state;
  // Another tab's deletion may have come between, and it was made anew; what another tab has said yes to stays.
  const mayGo = (raw: unknown) => said() !== 'granted' && (!isOpen(raw) || (!renewed && isMine(raw)));
  if (typeof next !== 'object' && into === device) await clear(device, mayGo).catch(() => {});
  if (next === 'broken' && !renewed) {
    into = openVisit();
    next = await admit(gate, yes, drafted, into);
  }
  if (typeof next !== 'object' || yes.word.turn !== gate.turn) {
    const { record } = freshly(gate);
    const isOther = hasSpoken(record, facts.record);
    const isFree = record?.state === 'granted' ? !renewed || isOther : record?.state === 'expired'; // nobody has said no
    return next !== 'broken' && isFree ? 'again' : undefined;
  }
  if (!renewed && into !== device) leave(gate);
  gate.memory = into === device ? 'device' : 'visit';
  if (into !== device) gate.choice.set(behind(gate, next)); // an older refusal; one that appears from now on is a new one
  gate.store = into;
  gate.record = next;
  gate.last = proof.id;
  gate.voice = voice;
  gate.changed();
  gate.tell(proof);
  return proof;
}

/** A new grant begins with nothing, or with what a withdrawal had taken (`back`); a renewed one keeps what was given under it. `text` = what the visitor was shown. */
export async function grant(
  gate: Gate,
  via: Via,
  rest = nothingElse,
  { text, back = new Map() }: { readonly text?: string | undefined; readonly back?: Held } = {},
): Promise<Granted> {
  const word = { turn: ++gate.turn };
  gate.word = word;
  const facts = freshly(gate);
  const { now: at, record: before } = facts;
  heed(gate, facts, rest(facts));
  const say = async () => {
    const sha256 = await digest(text);
    const id = gate.newId();
    const { record } = freshly(gate);
    if (/refused|withdrawn/.test(`${record?.state}`) && hasSpoken(record, before)) return undefined; // a no after this yes
    for (let tries = 6; tries && word.turn === gate.turn; tries--) {
      const proof = await attempt(gate, { via, rest, id, at, sha256, back, word });
      if (proof !== 'again') return proof;
      if (word.turn === gate.turn) word.turn = ++gate.turn;
    }
    return undefined;
  };
  const receipt = await inLine(gate, () =>
    say().finally(() => {
      gate.coming = undefined;
    }),
  );
  if (receipt) return { granted: true, receipt };
  if (word.turn === gate.turn) await look(gate); // another tab has said no, or yes
  return { granted: false, reason: 'superseded' };
}

interface Noted {
  readonly state: ChoiceState;
  readonly text?: string | undefined;
  readonly takes: boolean;
  /** What is on the device has been read. */
  readonly opened: () => Promise<unknown>;
}

/** What an act says of other things than personalization: at once in the synchronous record, then with a receipt behind it. */
export async function note(gate: Gate, via: Via, rest: Rest, { state, text, takes, opened }: Noted): Promise<Receipt> {
  const before = lastOf(gate);
  const facts = factsOf(gate);
  const said = Object.entries(rest(facts).more ?? {}).filter(([purpose, decision]) => decision !== facts.record?.more?.[purpose]);
  const next = mark(gate, rest, gate.changed, takes);
  const no = refusing(state, factsOf(gate), via);
  const act = { ...no, until: Math.min(no.until, ...said.map(([, { until }]) => until)) }; // what is said of one service prolongs nothing
  if (!said.length) return receipt(gate, next, no);
  if (!before && !gate.store && freshly(gate).record?.state === 'granted') await opened(); // the history lies behind the gate, which is yet to be opened
  const previous = before ?? lastOf(gate);
  return keepProof(gate, await prove(gate, next, act, { previous, text, isYes: state === 'granted' || !!previous }));
}

/** The proofs on this device, oldest first: those behind a yes, or of the no that stands. */
export async function receipts(gate: Gate): Promise<readonly Receipt[]> {
  const held = await read(gate, ['receipts']);
  const { record } = gate;
  const all = proofsIn(record?.proofs, held.get('receipts'));
  const isNo = !!record && Date.now() < record.until && /refused|withdrawn|expired/.test(record.state);
  return all.length || !isNo ? all : [receipt(gate, record)];
}

export async function setVoice(gate: Gate, voice: Voice): Promise<boolean> {
  if (!VOICES.includes(voice)) return false;
  const failed = await write(gate, [], (held) => [['gate', { ...(held.get('gate') as GateRecord), voice }]]);
  if (failed) return false;
  gate.voice = voice;
  gate.changed();
  return true;
}
