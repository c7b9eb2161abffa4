import { type ChoiceRecord, choiceAt, endOf, hasRunOut, lasting, PERSONAL, tidied } from './consent.js';
import { end, ending, enter, erase, type Gate, inLine, keepProof, lastOf, mark, prove, recheck, retreat } from './gate.js';
import { clear, isOpen, wipe } from './held.js';
import { decodeChoice } from './record.js';
import { choiceOf, factsOf, freshly } from './standing.js';
import type { Held, Key } from './storage.js';
import { DAY } from './verbs.js';

// When the gate is looked at: as the page begins, before anything is read, and whenever another tab, or time, may have changed it.

export async function start(gate: Gate): Promise<unknown> {
  const record = decodeChoice(gate.choice.get());
  gate.record = record;
  if (gate.settings.child) return; // what was chosen for the other pages stays as it is
  const begun = await runOut(gate, () => begin(gate));
  if (gate.choice.isLost()) await retreat(gate); // what was said before the gate was opened
  return begun;
}

/** A yes beside personalization's has run out, and does not end with personalization's own. */
const isEnded = (gate: Gate, record?: ChoiceRecord) => !gate.settings.child && !isOver(gate) && hasRunOut(record, Date.now());

/** Time ends such a yes too: told once, by whichever tab sees it first. `begin` comes between, where the gate is yet to be opened. */
export async function runOut(gate: Gate, begin?: () => Promise<unknown>): Promise<unknown> {
  const { record, now } = freshly(gate);
  const previous = lastOf(gate);
  const next = isEnded(gate, record) && mark(gate, () => ({ more: undefined, ...lasting(record, now) }));
  const begun = begin && (await begin());
  if (next) await keepProof(gate, await prove(gate, next, ending(gate, 'expired', 'expiry'), { previous, isYes: true }));
  return begun;
}

async function begin(gate: Gate): Promise<unknown> {
  const { record } = gate;
  const left = tidied(record, Date.now());
  if (left !== record) gate.choice.set(left, true); // this page still knows that it asks again
  if (choiceOf(gate) === 'granted') return enter(gate, true);
  if (record?.erase) return erase(gate, record.at ? { ...record, erase: undefined } : ending(gate, 'refused', 'page'));
  if (isOver(gate)) return end(gate, 'expired', 'expiry').erased;
  if (isBarred(gate)) return end(gate, 'refused', 'gpc').erased; // else somebody is asked elsewhere, and has the word
}

/** Global Privacy Control speaks against the yes that stands here. */
export const isBarred = (gate: Gate): boolean =>
  gate.record?.state === 'granted' && choiceAt({ ...factsOf(gate), told: undefined }, PERSONAL) === 'refused';

const isOver = ({ record, settings }: Gate) => record?.state === 'granted' && Date.now() >= record.until && !settings.child;

/** Time ends a yes under an open page too, unless another tab has renewed it. */
async function expire(gate: Gate): Promise<unknown> {
  if (isOver(gate)) await recheck(gate);
  if (isOver(gate)) return end(gate, 'expired', 'expiry').erased;
  if (isEnded(gate, gate.record)) await runOut(gate);
}

/** Something changed in another tab: the choice, or only the voice. */
export async function look(gate: Gate): Promise<void> {
  await expire(gate);
  if (!(await recheck(gate)) && gate.store === gate.device) await enter(gate);
  if (!gate.record?.erase) return;
  gate.later ??= setTimeout(finish, MOMENT, gate);
  Object(gate.later).unref?.(); // in Node, it would keep the process alive
}

/** Where the disk did not answer, or not in time, it is asked once more, less and less often: nobody else may ever say that it would by now. */
export function lookAgain(gate: Gate, look: () => unknown): void {
  clearTimeout(gate.again);
  if (!gate.missed) return;
  gate.again = setTimeout(look, MOMENT * 2 ** Math.min(gate.missed - 1, OFTEN));
  Object(gate.again).unref?.();
}

/** Time ends a yes under an open page too, where nobody asks: what waits on it goes then. A page that sleeps counts no time, and reckons anew each day. */
export function createEnd(gate: Gate, look: () => unknown) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const wait = () => {
    stop();
    const facts = factsOf(gate);
    const left = endOf(facts) - facts.now;
    if (left === Number.POSITIVE_INFINITY || gate.settings.child) return;
    timer = left > DAY ? setTimeout(wait, DAY) : setTimeout(look, left + (performance.timeOrigin % APART));
    Object(timer).unref?.(); // in Node, it would keep the process alive
  };
  return { wait, stop };
}

/** Tabs look one after the other, within so many milliseconds: it is told once. */
const APART = 3_000;

/** Not more seldom than once in two minutes. */
const OFTEN = 6;

/** A deletion does not read the gate: one for a tab that may still do it itself must not meet that tab's next yes. Milliseconds. */
const MOMENT = 2_000;

/** Whoever held erasing up may have let go by now, and who had asked for it may be closed. Tells nobody that it is still held up. */
async function finish(gate: Gate): Promise<void> {
  gate.later = undefined;
  const left = freshly(gate).record?.erase;
  const isLeft = () => freshly(gate).record?.erase === left;
  if (!left || gate.settings.child) return;
  const name = () => clear(gate.device, (raw) => isLeft() && !isOpen(raw)).then((deleted) => ({ verified: deleted, deleted }));
  const all = () => wipe(gate.device, () => {}, () => !isLeft()); // biome-ignore format: one line
  const { verified, deleted } = await inLine(gate, left === 'name' ? name : all).catch(() => ({ verified: false, deleted: false }));
  if (verified && isLeft()) mark(gate, () => ({ erase: deleted ? undefined : 'name' }));
}

/** Nothing without permission: then the store is not even asked. */
export async function read(gate: Gate, keys: readonly Key[] | 'all'): Promise<Held> {
  await expire(gate);
  const { store } = gate;
  const held = store && choiceOf(gate) === 'granted' ? await store.transact(keys).catch(() => void gate.missed++) : undefined;
  return held && store === gate.store ? held : new Map();
}
