import { at, type Crew, factor, invert, lengthFor, TILE, tilesFor } from './dense.js';
import type { Duck } from './duck.js';
import type { Links } from './pack.js';

/** The matrix grows with the square of this: 1.6 GB, and the solve with its cube. */
export const MOST_ITEMS = 20_000;

/** One solve; every array is in shared memory. */
export interface EaseTask {
  readonly items: number;
  readonly lambda: number;
  readonly top: number;
  readonly minVisitors: number;
  /** XᵀX, lower half, in tiles. */
  readonly gram: Float64Array;
  /** Visitors in common; the same array where nothing is weighted. */
  readonly common: Float64Array;
  readonly work: Float64Array;
  readonly inverse: Float32Array;
  /** `top` places per item, and their weights. */
  readonly from: Int32Array;
  readonly weight: Float64Array;
  readonly count: Int32Array;
}

const shared = (n: number) => new Float64Array(new SharedArrayBuffer(n * 8));

/** Histories in one long list, a visitor's items together and ascending. */
export const historiesSql = 'SELECT visitor, place, weight FROM history ORDER BY visitor, place';

/** Adds one visitor's items to the matrix. */
function add(gram: Float64Array, places: Int32Array, weights: Float32Array | undefined, length: number): void {
  for (let a = 0; a < length; a++) {
    const i = places[a] as number;
    const row = i >> 6;
    const base = ((row * (row + 1)) / 2) * TILE * TILE + (i & 63) * TILE;
    const weight = weights ? (weights[a] as number) : 1;
    for (let b = 0; b <= a; b++) {
      const j = places[b] as number;
      const index = base + (j >> 6) * TILE * TILE + (j & 63);
      (gram[index] as number) += weights ? weight * (weights[b] as number) : 1;
    }
  }
}

/** XᵀX from the histories. A visitor's items arrive one after the other, so no more than one visitor is held. */
export async function gramOf(duck: Duck, n: number, most: number, weighted: boolean, watch: (rows: number) => void) {
  const gram = shared(lengthFor(n));
  const common = weighted ? shared(lengthFor(n)) : gram;
  const [places, weights] = [new Int32Array(most), new Float32Array(most)];
  let [low, high, length, rows] = [0, 0, 0, 0];
  const flush = () => {
    add(common, places, undefined, length);
    if (weighted) add(gram, places, weights, length);
    length = 0;
  };
  for await (const block of duck.blocks(historiesSql)) {
    const { items: ids } = block.getColumnVector(0) as unknown as { items: BigUint64Array };
    const halves = new Uint32Array(ids.buffer, ids.byteOffset, ids.length * 2);
    const { items: column } = block.getColumnVector(1) as unknown as { items: Int32Array };
    const { items: amounts } = block.getColumnVector(2) as unknown as { items: Float32Array };
    for (let i = 0; i < column.length; i++) {
      if (halves[2 * i] !== low || halves[2 * i + 1] !== high) flush();
      low = halves[2 * i] as number;
      high = halves[2 * i + 1] as number;
      places[length] = column[i] as number;
      weights[length++] = amounts[i] as number;
    }
    rows += column.length;
    watch(rows);
  }
  flush();
  return { gram, common };
}

export function easeTask(
  n: number,
  options: { lambda: number; top: number; minVisitors: number },
  grams: { gram: Float64Array; common: Float64Array },
): EaseTask {
  const { lambda, minVisitors } = options;
  const top = Math.min(options.top, Math.max(1, n - 1));
  const inverse = new Float32Array(new SharedArrayBuffer(lengthFor(n) * 4));
  const from = new Int32Array(new SharedArrayBuffer(n * top * 4));
  const count = new Int32Array(new SharedArrayBuffer(n * 4));
  return { items: n, lambda, top, minVisitors, ...grams, work: shared(lengthFor(n)), inverse, from, weight: shared(n * top), count };
}

/** The matrix with the ridge on its diagonal; what pads the last tile is a diagonal of ones. */
function ridged({ items, lambda, gram, work }: EaseTask, crew: Crew): void {
  crew.share(tilesFor(items), (row) => {
    const [from, to] = [at(row * TILE, 0), at(row * TILE, row * TILE) + TILE * TILE];
    work.set(gram.subarray(from, to), from);
    for (let i = row * TILE; i < (row + 1) * TILE; i++) work[at(i, i)] = i < items ? (gram[at(i, i)] as number) + lambda : 1;
  });
  crew.meet();
}

/** The places that best argue for item j: the largest positive weights of the full solution, and enough visitors in common. */
function strongest({ items, top, minVisitors, inverse, common }: EaseTask, j: number): number[] {
  const own = inverse[at(j, j)] as number;
  const places: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < items; i++) {
    const value = -(inverse[at(i, j)] as number) / own;
    if (!(value > 0) || i === j || (places.length === top && value <= (values[top - 1] as number))) continue;
    if ((common[at(i, j)] as number) < minVisitors) continue;
    let k = Math.min(places.length, top - 1);
    for (; k > 0 && (values[k - 1] as number) < value; k--) {
      values[k] = values[k - 1] as number;
      places[k] = places[k - 1] as number;
    }
    values[k] = value;
    places[k] = i;
  }
  return places.sort((a, b) => a - b);
}

/** w of (G + λI) w = g on the places kept, by Cholesky. */
function ridge({ gram, lambda }: EaseTask, places: readonly number[], j: number): number[] {
  const n = places.length;
  const a = places.map((p, r) => places.slice(0, r + 1).map((q, c) => (gram[at(p, q)] as number) + (r === c ? lambda : 0)));
  const x = places.map((p) => gram[at(p, j)] as number);
  const dot = (r: number, c: number, upTo: number) => {
    let sum = 0;
    for (let k = 0; k < upTo; k++) sum += (a[r]?.[k] as number) * (a[c]?.[k] as number);
    return sum;
  };
  for (let r = 0; r < n; r++) {
    const row = a[r] as number[];
    for (let c = 0; c < r; c++) row[c] = ((row[c] as number) - dot(r, c, c)) / (a[c]?.[c] as number);
    row[r] = Math.sqrt(Math.max((row[r] as number) - dot(r, r, r), 1e-12));
    for (let k = 0; k < r; k++) (x[r] as number) -= (row[k] as number) * (x[k] as number);
    (x[r] as number) /= row[r] as number;
  }
  for (let r = n - 1; r >= 0; r--) {
    for (let k = r + 1; k < n; k++) (x[r] as number) -= (a[k]?.[r] as number) * (x[k] as number);
    (x[r] as number) /= a[r]?.[r] as number;
  }
  return x;
}

/**
 * The weights fitted anew on the places kept: refitting is what keeps the quality of the full solution in a short list
 * (Steck 2019 for the closed form). A weight that turns negative leaves, and the rest is fitted once more.
 */
function refit(task: EaseTask, j: number): void {
  let places = strongest(task, j);
  let weights = ridge(task, places, j);
  while (weights.some((w) => w <= 0)) {
    const kept = weights.map((w) => w > 0);
    places = places.filter((_, i) => kept[i]);
    weights = ridge(task, places, j);
  }
  task.from.set(places, j * task.top);
  task.weight.set(weights, j * task.top);
  task.count[j] = places.length;
}

/** Steck's EASE (WWW 2019), cut to the strongest few per recommended item. Every party of the crew calls it. */
export function solve(task: EaseTask, crew: Crew, done: () => void): void {
  ridged(task, crew);
  factor(task.work, task.items, crew, done);
  invert(task.work, task.inverse, task.items, crew, done);
  crew.share(task.items, (j) => refit(task, j));
  crew.meet();
}

/** What the solve left behind, without its gaps. */
export function linksOf({ items, top, from, weight, count }: EaseTask): Links {
  const total = count.reduce((sum, n) => sum + n, 0);
  const links: Links = { count, from: new Int32Array(total), weight: new Float64Array(total) };
  let end = 0;
  for (let j = 0; j < items; j++) {
    const [start, n] = [j * top, count[j] as number];
    links.from.set(from.subarray(start, start + n), end);
    links.weight.set(weight.subarray(start, start + n), end);
    end += n;
  }
  return links;
}

/** How many pairs of items have a visitor in common, and how many of them too few. */
export function pairsOf({ items, common, minVisitors }: EaseTask): { pairs: number; dropped: number } {
  let [pairs, dropped] = [0, 0];
  for (let i = 0; i < items; i++)
    for (let j = 0; j < i; j++) {
      const n = common[at(i, j)] as number;
      if (n > 0) pairs++;
      if (n > 0 && n < minVisitors) dropped++;
    }
  return { pairs, dropped };
}
