/**
 * The inverse of a large symmetric matrix, in plain typed arrays. The lower half is kept in tiles of 64 × 64 (32 KB each, so
 * that three of them fit a processor's first cache), row by row inside a tile. Everything is built from one product of tiles.
 */
export const TILE = 64;
const AREA = TILE * TILE;

export const tilesFor = (n: number) => Math.ceil(n / TILE);
export const lengthFor = (n: number) => ((tilesFor(n) * (tilesFor(n) + 1)) / 2) * AREA;
/** Where tile (row, column) begins; row ≥ column. */
const tile = (row: number, column: number) => ((row * (row + 1)) / 2 + column) * AREA;

/** Where the element of row i and column j is; either half. */
export function at(i: number, j: number): number {
  const [a, b] = i < j ? [j, i] : [i, j];
  return tile(Math.floor(a / TILE), Math.floor(b / TILE)) + (a % TILE) * TILE + (b % TILE);
}

/** Hands out work and makes the parties wait for each other. With one party it does neither. */
export interface Crew {
  /** Calls `work` for this party's share of 0 … count - 1. */
  share(count: number, work: (index: number) => void): void;
  /** Until every party is here. */
  meet(): void;
}

/** c -= a · bᵀ, tile by tile. Two by four sums at a time stay in registers. */
export function subtractProduct(c: Float64Array, co: number, a: Float64Array, ao: number, b: Float64Array, bo: number): void {
  for (let i = 0; i < TILE; i += 2)
    for (let j = 0; j < TILE; j += 4) {
      let p = ao + i * TILE;
      let q = bo + j * TILE;
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      for (const end = p + TILE; p < end; p++, q++) {
        const x = a[p] as number;
        const y = a[p + TILE] as number;
        const b0 = b[q] as number;
        const b1 = b[q + TILE] as number;
        const b2 = b[q + 2 * TILE] as number;
        const b3 = b[q + 3 * TILE] as number;
        s0 += x * b0;
        s1 += x * b1;
        s2 += x * b2;
        s3 += x * b3;
        t0 += y * b0;
        t1 += y * b1;
        t2 += y * b2;
        t3 += y * b3;
      }
      const o = co + i * TILE + j;
      (c[o] as number) -= s0;
      (c[o + 1] as number) -= s1;
      (c[o + 2] as number) -= s2;
      (c[o + 3] as number) -= s3;
      (c[o + TILE] as number) -= t0;
      (c[o + TILE + 1] as number) -= t1;
      (c[o + TILE + 2] as number) -= t2;
      (c[o + TILE + 3] as number) -= t3;
    }
}

/** b = aᵀ, one tile. */
function transpose(b: Float64Array, bo: number, a: Float64Array, ao: number): void {
  for (let i = 0; i < TILE; i++) for (let j = 0; j < TILE; j++) b[bo + j * TILE + i] = a[ao + i * TILE + j] as number;
}

/** a = L of a = L · Lᵀ, one tile; then b = L⁻¹. Upper halves become 0. */
function factorTile(a: Float64Array, ao: number, b: Float64Array): void {
  for (let j = 0; j < TILE; j++)
    for (let i = j; i < TILE; i++) {
      let sum = a[ao + i * TILE + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[ao + i * TILE + k] as number) * (a[ao + j * TILE + k] as number);
      a[ao + i * TILE + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (a[ao + j * TILE + j] as number);
      if (i > j) a[ao + j * TILE + i] = 0;
    }
  b.fill(0, 0, AREA);
  for (let j = 0; j < TILE; j++)
    for (let i = j; i < TILE; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= (a[ao + i * TILE + k] as number) * (b[k * TILE + j] as number);
      b[i * TILE + j] = sum / (a[ao + i * TILE + i] as number);
    }
}

/** The tile at `at` becomes itself · bᵀ. */
function timesTransposed(a: Float64Array, offset: number, b: Float64Array, bo: number, room: Float64Array): void {
  for (let i = 0; i < AREA; i++) {
    room[i] = -(a[offset + i] as number);
    a[offset + i] = 0;
  }
  subtractProduct(a, offset, room, 0, b, bo);
}

/**
 * a becomes L, where a = L · Lᵀ (Cholesky), but for the tiles on the diagonal, which become L⁻¹: nothing else of them is needed.
 */
export function factor(a: Float64Array, n: number, crew: Crew, done: () => void): void {
  const tiles = tilesFor(n);
  const [inverse, room] = [new Float64Array(AREA), new Float64Array(AREA)];
  for (let k = 0; k < tiles; k++) {
    crew.share(1, () => {
      factorTile(a, tile(k, k), inverse);
      a.set(inverse, tile(k, k));
    });
    crew.meet();
    crew.share(tiles - k - 1, (i) => timesTransposed(a, tile(k + 1 + i, k), a, tile(k, k), room));
    crew.meet();
    crew.share(tiles - k - 1, (i) => {
      const row = tiles - 1 - i; // the longest row first
      for (let j = k + 1; j <= row; j++) subtractProduct(a, tile(row, j), a, tile(row, k), a, tile(j, k));
    });
    crew.meet();
    done();
  }
}

/**
 * From L (as `factor` leaves it) the lower half of the inverse, a column of tiles at a time. A column needs no other, so each
 * party works alone. Solved as rows (everything transposed), so that the one product does for both directions.
 */
export function invert(a: Float64Array, into: Float32Array, n: number, crew: Crew, done: () => void): void {
  const tiles = tilesFor(n);
  const x = new Float64Array(tiles * AREA);
  const [turned, room] = [new Float64Array(AREA), new Float64Array(AREA)];
  crew.share(tiles, (k) => {
    x.fill(0, k * AREA);
    for (let i = 0; i < TILE; i++) x[k * AREA + i * TILE + i] = 1;
    for (let i = k; i < tiles; i++) {
      for (let m = k; m < i; m++) subtractProduct(x, i * AREA, x, m * AREA, a, tile(i, m));
      timesTransposed(x, i * AREA, a, tile(i, i), room);
    }
    for (let i = tiles - 1; i >= k; i--) {
      for (let m = i + 1; m < tiles; m++) {
        transpose(turned, 0, a, tile(m, i));
        subtractProduct(x, i * AREA, x, m * AREA, turned, 0);
      }
      transpose(turned, 0, a, tile(i, i));
      timesTransposed(x, i * AREA, turned, 0, room);
    }
    for (let i = k; i < tiles; i++) {
      transpose(room, 0, x, i * AREA);
      into.set(room, tile(i, k));
    }
    done();
  });
  crew.meet();
}
