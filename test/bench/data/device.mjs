// fordi through its public names, on a device made for one visitor: an IndexedDB and a localStorage of its own, and a clock
// that can be set to the moment of each order.
import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { createFordi } from '../../../dist/index.js';

export const DAY = 86_400_000;
const clock = { now: Date.now() };
Date.now = () => clock.now;
/** One visitor, one page at a time: no tabs to tell. */
globalThis.BroadcastChannel = undefined;

const define = (name, value) => Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });

function storage() {
  const held = new Map();
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => held.set(key, String(value)),
    removeItem: (key) => held.delete(key),
  };
}

/** `disk: false` = a browser that keeps nothing: the same code over the visit's memory, many times as fast. */
export function freshDevice({ disk = true } = {}) {
  define('indexedDB', disk ? new IDBFactory() : undefined);
  define('localStorage', disk ? storage() : undefined);
}

export const setClock = (at) => {
  clock.now = at;
};

export const VERBS = ['view', 'watch', 'listen', 'purchase', 'rate', 'like', 'save', 'shown', 'told'];

export const OPTIONS = {
  site: { name: 'Bench' },
  notice: { version: '1', keeps: VERBS },
  prior: 'popular',
};

/** A page at this moment, with a visitor who has said yes, now or before. */
export async function pageAt(at, options) {
  setClock(at);
  const fordi = createFordi({ ...OPTIONS, ...options });
  await fordi.ready;
  if (fordi.choice() !== 'granted') await fordi.grant();
  return fordi;
}

/** Acts told so far, and those of them that were about something special, which is never kept. */
const acts = { told: 0, special: 0 };

/** Tells fordi what happened, each at its own time; what else was not kept is an error of the bench. */
export async function live(fordi, past, eventOf) {
  for (const event of past) {
    setClock(event.at);
    const { kept, reason } = await fordi.observe(eventOf(event));
    acts.told++;
    if (reason === 'special') acts.special++;
    else if (!kept) throw new Error(`not kept: ${reason}, ${JSON.stringify(eventOf(event))}`);
  }
}

/** What the law on special topics has cost in acts, by what things are called. */
export const refused = () => `${acts.special} of ${acts.told} acts were about something special, and not kept`;
