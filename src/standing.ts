import { type ChoiceRecord, type Facts as Chosen, choiceAt, lasting, PERSONAL, restIn, restOf, saysOf } from './consent.js';
import type { Gate } from './gate.js';
import { uphold } from './noes.js';
import { decodeChoice } from './record.js';
import type { ChoiceState, Purpose, Voice } from './types.js';

// How things stand: by what this page knows, and by what the device says now. Nothing is changed here.

/** What choices rest on, as of now. */
export const factsOf = ({ record, gpc, settings, told }: Gate): Chosen => ({ record, gpc, settings, told, now: Date.now() });

export const choiceOf = (gate: Gate, purpose: Purpose = PERSONAL, service?: string): ChoiceState =>
  choiceAt(factsOf(gate), purpose, service);

/** The visitor's dial; nothing is used while they have paused. */
export const voiceOf = ({ record, voice }: Gate): Voice | undefined => (record?.paused ? 'off' : voice);

export const isOne = (a: ChoiceRecord | undefined, b: ChoiceRecord | undefined) => saysOf(a, Date.now()) === saysOf(b, Date.now());

/** The facts with the record as it stands on the device now: another tab may have said more of other purposes. */
export function freshly(gate: Gate): Chosen {
  const facts = factsOf(gate);
  const found = gate.memory === 'visit' && gate.store ? visiting(gate) : upheld(gate, decodeChoice(gate.choice.get()));
  return { ...facts, record: found };
}

/** A yes for this visit, and what the device says by now of everything else. */
export function visiting(gate: Gate): ChoiceRecord | undefined {
  const { choice, record } = gate;
  const found = decodeChoice(choice.get());
  if (!record || !found || choice.isFull()) return record;
  return upheld(gate, { ...record, ...beside(found) });
}

/** With what this page has just said no to, where another tab's record, written in the same moment, says nothing of it. */
export const upheld = ({ noes }: Gate, found: ChoiceRecord | undefined) => uphold(found, noes, performance.now() - MOMENT);

/** All that is said beside personalization. */
const beside = ({ more, without, proofs, due }: Partial<ChoiceRecord>) => ({ more, without, proofs, due });

/** Nothing is left where nothing is said. */
export const settled = (record: ChoiceRecord) => (record.state === 'unset' && !record.erase ? restIn(record, Date.now()) : record);

/** What the device says behind a yes for this visit: a yes that another tab, or an earlier page, has given there stays; so does what is yet to be erased. */
export function behind(gate: Gate, next: ChoiceRecord): ChoiceRecord | undefined {
  const found = decodeChoice(gate.choice.get());
  const isLost = gate.choice.isLost();
  if (isLost || found?.state !== 'granted') return settled({ ...restOf(next, Date.now()), erase: isLost || found?.erase });
  return { ...found, ...beside(lasting(next, Date.now())), paused: found.paused || next.paused };
}

/** A yes that does not come after the no of this page, written over it in the same moment by a tab that had yet to hear of it. */
export const isEndedHere = ({ ended, record }: Gate, found: ChoiceRecord | undefined) =>
  found?.state === 'granted' &&
  record?.state !== 'granted' &&
  !!ended &&
  performance.now() - ended.tick < MOMENT &&
  (found.at <= ended.at || found.epoch === ended.epoch);

/** No yes is on its way for so long. Milliseconds. */
const MOMENT = 20_000;
