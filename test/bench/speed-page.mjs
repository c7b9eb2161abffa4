// What the speed bench does inside the browser.
import { KEEPS } from './speed-data.mjs';

export const options = (catalog) => ({
  site: { name: 'Bench' },
  notice: { version: '1', keeps: KEEPS },
  records: 100_000,
  catalog,
});

const MINUTE = 60_000;
const { now } = Date;
let gone = 0;

/** The same a minute later: within one, and while nothing changes, fordi makes an answer once. */
export const later = (job) => () => {
  gone += MINUTE;
  Date.now = () => now() + gone;
  return job();
};

/** Appends a history through the public API as it would have come about, the clock set back to each act. */
export async function live(createFordi, catalog, acts, itemOf = (item) => item) {
  const { now } = Date;
  const today = now();
  Date.now = () => today - acts[0].age - 1;
  const fordi = createFordi(options(catalog));
  await fordi.ready;
  await fordi.grant();
  for (const { verb, item, age } of acts) {
    Date.now = () => today - age;
    const { kept, reason } = await fordi.observe({ verb, item: itemOf(item) });
    if (!kept) throw new Error(`not kept: ${reason}`);
  }
  Date.now = now;
  return fordi;
}

/** The value below which the share `p` of sorted times lies. */
const at = (times, p) => times[Math.min(times.length - 1, Math.floor(times.length * p))];

export function spread(times) {
  const sorted = Float64Array.from(times).sort();
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95) };
}

/** Milliseconds one call takes. What a job does `before` is not timed, and a job that has it is timed call by call. */
async function timed(job, calls = 1) {
  await job.before?.();
  const began = performance.now();
  for (let i = 0; i < calls; i++) await job();
  return (performance.now() - began) / calls;
}

/** A time shorter than this is taken of several calls at once: the clock steps by 5 µs. Milliseconds. */
const SHORT = 0.2;
const MOST_CALLS = 20;
const WARM_UP = 10;
const WARM = 1_000;

/** Until the browser has compiled it, or a second has passed; resolves to how many calls to time at once. */
async function warmUp(job) {
  const until = performance.now() + WARM;
  for (let i = 0; i < WARM_UP && performance.now() < until; i++) await timed(job);
  return job.before ? 1 : Math.min(MOST_CALLS, Math.max(1, Math.ceil(SHORT / (await timed(job, 3)))));
}

/** Rounds that even the slowest job takes part in. */
const FEWEST = 20;

/**
 * Times of several jobs by name, taken in turns, so that whatever else the machine does troubles them alike. A job that
 * has used up `patience` milliseconds leaves after its twentieth round; the others go on up to `most`.
 */
export async function compare(jobs, most, patience) {
  const calls = {};
  const times = {};
  const left = {};
  for (const name of Object.keys(jobs)) {
    calls[name] = await warmUp(jobs[name]);
    times[name] = [];
    left[name] = patience;
  }
  for (let round = 0; round < most; round++) {
    const names = Object.keys(jobs).filter((name) => round < FEWEST || left[name] > 0);
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length]; // nobody always comes after the same one
      const took = await timed(jobs[name], calls[name]);
      times[name].push(took);
      left[name] -= took * calls[name];
    }
  }
  return times;
}

/** The longest the page waits for its turn while one call is at work, per call: what lies between two of its pauses. Milliseconds. */
export async function stretches(job, most) {
  const { scheduler } = globalThis;
  const own = scheduler.yield;
  const longest = [];
  let began = 0;
  const end = () => {
    longest[longest.length - 1] = Math.max(longest.at(-1), performance.now() - began);
  };
  scheduler.yield = async () => {
    end();
    await own.call(scheduler);
    began = performance.now();
  };
  for (let i = 0; i < most; i++) {
    await new Promise((done) => setTimeout(done)); // a task of its own
    longest.push(0);
    began = performance.now();
    await job();
    end();
  }
  delete scheduler.yield;
  return longest;
}

/** Times of something that is made anew each time, after a pause for what the last one left behind; twice where it takes too long. */
export async function repeat(most, patience, job) {
  const times = [];
  const until = performance.now() + patience;
  while (times.length < most && (times.length < 2 || performance.now() < until)) {
    await new Promise((done) => setTimeout(done, 20));
    times.push(await timed(job));
  }
  return times;
}

/** A bare `put` of a record into a database of its own, with the same durability. */
export async function barePut(record) {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open('bare', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('rows', { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return () =>
    new Promise((resolve, reject) => {
      const tx = db.transaction('rows', 'readwrite', { durability: 'relaxed' });
      tx.objectStore('rows').put(record);
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error);
    });
}
