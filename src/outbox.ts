import { type Gate, mark } from './gate.js';
import { isReceipt } from './held.js';
import { freshly } from './standing.js';
import type { Receipt } from './types.js';

/** A sink that has not answered by then has failed; should the receipt arrive all the same, its id tells. Milliseconds. */
const PATIENCE = 30_000;
/** The first pause after a failure, and the longest. Each is four times the one before. Milliseconds. */
const [FIRST, LONGEST] = [1_000, 256_000];

export interface Outbox {
  /** Keeps a receipt until the owner's sink has taken it. */
  post(receipt: Receipt): void;
  /** Tries what is left from an earlier visit. */
  resume(): void;
  stop(): void;
}

/** More than a visitor makes; a page that decides on each load must not fill the device while the server is away. */
const MOST = 50;

/**
 * Under Global Privacy Control nothing goes out but what ends a yes, and a yes the visitor gave in spite of it. Where it is
 * heeded as `noshare` a yes is not in spite of it, and its proof stays on the device.
 */
const mayGo = ({ gpc, settings }: Gate, { id, state }: Receipt): boolean =>
  !gpc || settings.gpc === 'ignore' || (!!id && (state !== 'granted' || settings.gpc === 'refuse'));

/** Receipts that wait for the owner's server. */
const due = (gate: Gate): readonly Receipt[] =>
  (freshly(gate).record?.due ?? []).filter((receipt) => isReceipt(receipt) && mayGo(gate, receipt));

/** Without the first that is the same, word for word: two refusals of one day may differ in nothing but what is refused. */
function without(waiting: readonly Receipt[], receipt: Receipt): readonly Receipt[] {
  const at = waiting.findIndex((one) => JSON.stringify(one) === JSON.stringify(receipt));
  return waiting.filter((_, i) => i !== at);
}

function setDue(gate: Gate, change: (waiting: readonly Receipt[]) => readonly Receipt[]): void {
  const left = change(due(gate));
  mark(
    gate,
    () => ({ due: left.length ? left : undefined }),
    () => {},
    false,
  ); // no answer and no screen depends on it
}

type Sink = ((receipt: Receipt) => unknown) | undefined;

/** Whether the sink has taken it. A sink that answers nothing at once has. */
async function offer(sink: NonNullable<Sink>, receipt: Receipt): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, PATIENCE, new Error('no answer in 30 s'));
  });
  try {
    await Promise.race([sink(receipt), late]);
    return true;
  } catch (error) {
    console.warn('fordi: onReceipt failed. The receipt waits and is tried again, at the latest on the next page.', error);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Receipts for the owner's server wait in the choice record, so that none is lost offline or on a page closed midway, and
 * leave it once the sink has taken them: in order, each tried again until then, at the latest on the next page. Each may
 * arrive twice; a yes and its end carry an id to tell by, a refusal does not.
 */
export function createOutbox(gate: Gate, sink: Sink): Outbox {
  let pause = FIRST;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  const gone = new AbortController();
  const drain = async () => {
    clearTimeout(timer);
    if (!sink || busy || gone.signal.aborted) return;
    busy = true;
    for (let [next] = due(gate); next; [next] = due(gate)) {
      if (!(await offer(sink, next))) {
        timer = setTimeout(drain, pause);
        (timer as { unref?(): void }).unref?.(); // in Node, a timer would keep the process alive
        pause = Math.min(LONGEST, 4 * pause);
        break;
      }
      pause = FIRST;
      const before = due(gate).length;
      setDue(gate, (waiting) => without(waiting, next as Receipt));
      if (due(gate).length === before || gone.signal.aborted) break; // the device takes no change: not sent again and again
    }
    busy = false;
  };
  globalThis.addEventListener?.('online', drain, { signal: gone.signal });
  return {
    post(receipt) {
      if (!sink || !mayGo(gate, receipt)) return;
      setDue(gate, (waiting) => [...waiting, receipt].slice(-MOST));
      void drain();
    },
    resume: drain,
    stop() {
      gone.abort();
      clearTimeout(timer);
    },
  };
}
