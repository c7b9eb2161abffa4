import { type ChoiceRecord, PERSONAL } from './consent.js';
import { grant } from './decision.js';
import type { Gate, Rest, Seal } from './gate.js';
import { proofsIn } from './held.js';
import { look } from './look.js';
import type { Held } from './storage.js';
import type { Erased, Granted, Receipt } from './types.js';

/** How long a withdrawal can be taken back (WCAG 3.3.4, where withdrawing is one click). Milliseconds. */
const PATIENCE = 20_000;

export interface Undoing {
  readonly gate: Gate;
  readonly life: { readonly stopped: boolean };
  readonly reload: () => Promise<unknown>;
  readonly notify: () => void;
}

/** What a withdrawal took. */
interface Sealed {
  readonly held: Held;
  readonly before: ChoiceRecord;
  /** The gate's turn: another one means that somebody has decided since. */
  readonly turn: number;
}

/** The permission as it was, with a number of its own: it reaches no further and lasts no longer than the one that was withdrawn. */
const asBefore =
  ({ epoch = 0, since = epoch, until, notice, keeps, days, gpc, paused, more = {} }: ChoiceRecord): Rest =>
  ({ record, now }) => {
    const isTaken = ([purpose]: readonly [string, unknown]) => record?.more?.[purpose]?.state === 'withdrawn';
    const others = { ...record?.more, ...Object.fromEntries(Object.entries(more).filter(isTaken)) };
    const own = { epoch: Math.max(now, epoch + 1), since, until, notice, keeps, days, gpc, paused };
    return { ...own, ...(Object.keys(others).length && { more: others }) } as Partial<ChoiceRecord>;
  };

/** What was taken, with the proofs up to the one that it was: their history goes on. */
const backOf = ({ held, before }: Sealed, ended: Receipt): Held =>
  new Map([...held, ['receipts', [...proofsIn(before.proofs, held.get('receipts')), ended]]]);

/**
 * The way back from a withdrawal: what was erased from the disk is held in memory, where nothing but the undo reads it, and
 * written back under a new grant. It ends with the time, the next decision, and the page.
 */
export function createUndo({ gate, life, reload, notify }: Undoing) {
  let lapse = () => {};
  /** For the withdrawal that begins now. */
  const begin = () => {
    const at = Date.now();
    let sealed: Sealed | undefined;
    let isOver = false;
    const end = () => {
      sealed = undefined;
      isOver = true;
    };
    lapse(); // of the withdrawal before
    lapse = end;
    const seal: Seal = (held, before) => {
      if (isOver) return;
      sealed = { held, before, turn: gate.turn };
      const timer: { unref?(): void } = Object(setTimeout(end, PATIENCE));
      timer.unref?.(); // in Node, it would keep the process alive
    };
    const isLate = () => Math.abs(Date.now() - at) >= PATIENCE;
    const undo = async (ended: Receipt): Promise<Granted> => {
      const found = sealed;
      end();
      await look(gate); // another tab may have decided
      if (life.stopped) return { granted: false, reason: 'stopped' };
      if (isLate()) return { granted: false, reason: 'late' };
      if (gate.told && gate.told(PERSONAL) !== 'granted') return { granted: false, reason: 'elsewhere' };
      if (found?.turn !== gate.turn) return { granted: false, reason: 'superseded' };
      const granted = await grant(gate, 'undo', asBefore(found.before), { back: backOf(found, ended) });
      if (!granted.granted) return granted;
      await reload();
      notify();
      return granted;
    };
    return {
      seal,
      offer: (erased: Erased, ended: Receipt): Erased & { undo?: () => Promise<Granted> } =>
        sealed ? { ...erased, undo: () => undo(ended) } : erased,
    };
  };
  return { begin, lapse: () => lapse() };
}
