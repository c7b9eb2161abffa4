// Runs inside the browser; everything it needs arrives as an argument or from /fordi.js.

/** A seeded stream of numbers in [0, 1) (mulberry32): the same data in every run. */
const seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

const TOPICS = 400;

/** Items with a genre and five more topics each, like a shop's. */
export function makeItems(count) {
  const random = seeded(7);
  return Array.from({ length: count }, (_, i) => {
    const genre = Math.floor(random() ** 2 * 20);
    const topics = { [`genre ${genre}`]: 1 };
    for (let t = 0; t < 5; t++) topics[`topic ${Math.floor(random() ** 2 * TOPICS)}`] = 0.5;
    return { id: `i${i}`, title: `Item ${i}`, by: `maker ${Math.floor(random() * (count / 8))}`, topics };
  });
}

/** Which items the visitor listened to: a third of them again and again. */
export function makeHistory(items, count) {
  const random = seeded(11);
  return Array.from({ length: count }, () => items[Math.floor(random() ** 1.5 * items.length)].id);
}

/** What a hand-written recommender would do with the same data: one profile, one pass, the best twelve. No reasons. */
export function bareLoop(items) {
  const columns = new Map();
  const rows = items.map(({ topics }) =>
    Object.entries(topics).map(([name, weight]) => {
      if (!columns.has(name)) columns.set(name, columns.size);
      return [columns.get(name), weight];
    }),
  );
  const start = new Uint32Array(items.length + 1);
  rows.forEach((row, i) => {
    start[i + 1] = start[i] + row.length;
  });
  const column = Uint32Array.from(rows.flat(), ([c]) => c);
  const value = Float32Array.from(rows.flat(), ([, v]) => v);
  const at = new Map(items.map(({ id }, i) => [id, i]));
  return (history, size) => {
    const profile = new Float64Array(columns.size);
    for (const id of history) {
      const row = at.get(id);
      for (let i = start[row]; i < start[row + 1]; i++) profile[column[i]] += value[i];
    }
    const top = [];
    let floor = 0;
    for (let row = 0; row < items.length; row++) {
      let s = 0;
      for (let i = start[row], to = start[row + 1]; i < to; i++) s += profile[column[i]] * value[i];
      if (s <= floor) continue;
      let place = top.length;
      while (place > 0 && top[place - 1][0] < s) place--;
      top.splice(place, 0, [s, row]);
      if (top.length > size) top.pop();
      if (top.length === size) floor = top[size - 1][0];
    }
    return top.map(([, row]) => items[row].id);
  };
}

export const options = (catalog) => ({
  site: { name: 'Bench' },
  notice: { version: '1', keeps: ['listen'] },
  records: 100_000,
  catalog,
});

export function spread(times) {
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length / 2)], p95: times[Math.floor(times.length * 0.95)], min: times[0] };
}

export async function timed(rounds, job) {
  const times = [];
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    await job(i);
    times.push(performance.now() - began);
  }
  return spread(times);
}

/** A bare `put` into a database of its own, with the same durability. */
export async function barePut() {
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open('bare', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('rows', { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const record = {
    id: 'x'.repeat(12),
    verb: 'listen',
    item: 'i1',
    title: 'Item 1',
    provenance: 'engaged',
    sensitivity: 'ordinary',
    at: 1,
    notice: '1',
  };
  return () =>
    new Promise((resolve, reject) => {
      const tx = db.transaction('rows', 'readwrite', { durability: 'relaxed' });
      tx.objectStore('rows').put(record);
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error);
    });
}
