// Histories as they were: windows of real visitors' acts, in order, at the lengths a reason has to stand.
import { groups } from './protocol.mjs';

export const LENGTHS = [1, 3, 5, 10, 20, 50];
/** How many windows grow up to each length; a window is asked for a list at each length on its way. */
const UP_TO = { 1: 2_300, 3: 2_300, 5: 2_300, 10: 2_300, 20: 2_300, 50: 4_200 };
/** Draws per window before it is taken that there are no more. */
const TRIES = 20;
const MINUTE = 60_000;
/** A history longer than this does not exist: older records are gone, and the choice with them. */
const SPAN = 175 * 86_400_000;

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function chance(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Each visitor's items in order, each once, as far as the model knows them. */
function sequences(events, known) {
  const all = [...groups(events, (e) => e.visitor).values()];
  return all.map((mine) => {
    const seen = new Set();
    return [...mine].sort((a, b) => a.at - b.at).filter(({ item }) => known.has(item) && !seen.has(item) && seen.add(item));
  });
}

/** Windows: { events, asks: [{ length, now }] }; the list is asked for when the visitor came for the next thing. */
export function windowsOf(events, known, { scale = 1, seed = 7 } = {}) {
  const random = chance(seed);
  const all = sequences(events, known);
  const drawn = new Set();
  return LENGTHS.flatMap((most) => {
    const long = all.filter((sequence) => sequence.length > most);
    const windows = [];
    for (let tries = 0; tries < TRIES * UP_TO[most] && windows.length < UP_TO[most] * scale; tries++) {
      const who = Math.floor(random() * long.length);
      const start = Math.floor(random() * (long[who].length - most));
      const name = [most, who, start].join();
      const taken = long[who].slice(start, start + most + 1);
      if (drawn.has(name) || taken[most].at - taken[0].at > SPAN) continue;
      drawn.add(name);
      const asks = LENGTHS.filter((length) => length <= most).map((length) => ({ length, now: taken[length].at + MINUTE }));
      windows.push({ events: taken.slice(0, most).map(({ item, at }) => ({ item, at })), asks });
    }
    return windows;
  });
}
