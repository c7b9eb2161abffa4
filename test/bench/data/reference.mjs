// The references fordi is measured beside, written out plainly: popularity, item-kNN and EASE (Steck 2019), the last also
// cut to the K past items that best argue for each item, re-fitted and in eight bits.

/** Visitors × items as rows of places, each place once, and how many visitors each item has. */
export function matrixOf(events, least) {
  const visitors = new Map();
  for (const { visitor, item } of events) visitors.set(visitor, (visitors.get(visitor) ?? new Set()).add(item));
  const buyers = new Map();
  for (const items of visitors.values()) for (const item of items) buyers.set(item, (buyers.get(item) ?? 0) + 1);
  const ids = [...buyers.keys()].filter((id) => buyers.get(id) >= least).sort((a, b) => buyers.get(b) - buyers.get(a) || (a < b ? -1 : 1));
  const place = new Map(ids.map((id, i) => [id, i]));
  const rows = [...visitors.values()].map((items) => [...items].map((id) => place.get(id)).filter((i) => i !== undefined));
  return {
    ids,
    place,
    rows: rows.filter((row) => row.length),
    buyers: Float64Array.from(ids, (id) => buyers.get(id)),
    visitors: visitors.size,
  };
}

/** How many visitors had both, for each pair: n × n, the diagonal being each item's own count. */
export function together({ ids, rows }) {
  const n = ids.length;
  const both = new Float64Array(n * n);
  for (const row of rows) for (const a of row) for (const b of row) both[a * n + b]++;
  return both;
}

function dot(a, i, b, j, from, to) {
  let x = 0;
  let y = 0;
  let k = from;
  for (; k + 1 < to; k += 2) {
    x += a[i + k] * b[j + k];
    y += a[i + k + 1] * b[j + k + 1];
  }
  return k < to ? x + y + a[i + k] * b[j + k] : x + y;
}

/** Rows worked on at a time: they stay in the cache while all earlier rows pass by once. */
const BLOCK = 48;

/** Calls `each(i, j)` for every place of the lower triangle, so that (i, j) comes after all (i, <j) and all (j, ≤j). */
function triangle(n, each) {
  for (let first = 0; first < n; first += BLOCK) {
    const end = Math.min(n, first + BLOCK);
    for (let j = 0; j < end; j++) for (let i = Math.max(first, j); i < end; i++) each(i, j);
  }
}

/** The lower factor L of a symmetric positive definite matrix, L·Lᵀ = a, in place. */
function factor(a, n) {
  triangle(n, (i, j) => {
    const left = a[i * n + j] - dot(a, i * n, a, j * n, 0, j);
    a[i * n + j] = i === j ? Math.sqrt(left) : left / a[j * n + j];
  });
  return a;
}

/** The inverse of a lower factor, turned: row k holds column k. */
function undone(l, n) {
  const inverse = new Float64Array(n * n);
  triangle(n, (i, j) => {
    const [row, earlier, x] = [i * n, j * n, l[i * n + j]];
    if (i === j) {
      inverse[row + i] = 1;
      for (let k = 0; k <= i; k++) inverse[row + k] /= x;
    } else for (let k = 0; k <= j; k++) inverse[row + k] -= x * inverse[earlier + k];
  });
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let k = 0; k <= i; k++) turned[k * n + i] = inverse[i * n + k];
  return turned;
}

const ridge = (both, n, lambda) => {
  const a = Float64Array.from(both);
  for (let i = 0; i < n; i++) a[i * n + i] += lambda;
  return a;
};

/** EASE in closed form: weights[i·n + j] = how much having i argues for j. */
export function ease(both, n, lambda) {
  const u = undone(factor(ridge(both, n, lambda), n), n);
  const inverse = new Float64Array(n * n);
  triangle(n, (i, j) => {
    inverse[i * n + j] = inverse[j * n + i] = dot(u, i * n, u, j * n, i, n);
  });
  const weights = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) weights[i * n + j] = i === j ? 0 : -inverse[i * n + j] / inverse[j * n + j];
  return weights;
}

/** Item-kNN: cosine of co-occurrence, per recommended item the `keep` most similar. */
export function cosine(both, n, keep = n, shrink = 0) {
  const weights = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) if (i !== j) weights[i * n + j] = both[i * n + j] / (Math.sqrt(both[i * n + i] * both[j * n + j]) + shrink);
  return keep < n ? dense(argued(weights, n, keep), n) : weights;
}

/** Per recommended item the `keep` items that argue for it most, positive ones only: [[from, weight], …], strongest first. */
export function argued(weights, n, keep) {
  return Array.from({ length: n }, (_, j) => {
    const for_ = [];
    for (let i = 0; i < n; i++) if (weights[i * n + j] > 0) for_.push([i, weights[i * n + j]]);
    return for_.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, keep);
  });
}

/** The ridge regression once more, on the items kept; what turns negative is left out. */
export function refit(kept, both, n, lambda) {
  return kept.map((links, j) => {
    const k = links.length;
    const l = factor(
      Float64Array.from(
        { length: k * k },
        (_, x) => both[links[Math.floor(x / k)][0] * n + links[x % k][0]] + (Math.floor(x / k) === x % k ? lambda : 0),
      ),
      k,
    );
    const y = links.map(([i]) => both[i * n + j]);
    for (let i = 0; i < k; i++) y[i] = (y[i] - dot(l, i * k, y, 0, 0, i)) / l[i * k + i];
    for (let i = k - 1; i >= 0; i--) {
      for (let m = i + 1; m < k; m++) y[i] -= l[m * k + i] * y[m];
      y[i] /= l[i * k + i];
    }
    return links.map(([i], m) => [i, y[m]]).filter(([, w]) => w > 0);
  });
}

export function dense(links, n) {
  const weights = new Float64Array(n * n);
  for (const [j, mine] of links.entries()) for (const [i, w] of mine) weights[i * n + j] = w;
  return weights;
}
