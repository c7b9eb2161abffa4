import type { Model } from '../model.js';

/** Who argues for whom, by place: `count[j]` entries for each item j in turn, ascending. */
export interface Links {
  readonly count: Int32Array;
  readonly from: Int32Array;
  readonly weight: Float64Array;
}

export interface Known {
  readonly ids: readonly string[];
  /** Distinct visitors per item. */
  readonly buyers: readonly number[];
}

const FULL = 255;

/** What 1 stands for: the strongest weight of all but the top hundredth of the items, so that one odd pair does not set the scale. */
function unit(strongest: Float64Array): number {
  const sorted = strongest.filter((w) => w > 0).sort();
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 1;
}

function strongestOf({ count, weight }: Links): Float64Array {
  const strongest = new Float64Array(count.length);
  let at = 0;
  for (let j = 0; j < count.length; j++)
    for (const end = at + (count[j] as number); at < end; at++) strongest[j] = Math.max(strongest[j] as number, weight[at] as number);
  return strongest;
}

/** Eight bits per weight, one scale per recommended item; what rounds to nothing is left out. */
export function pack({ ids, buyers }: Known, links: Links, about: Pick<Model, 'method' | 'built' | 'visitors'>): Model {
  const strongest = strongestOf(links);
  const one = unit(strongest);
  const scale: number[] = [];
  const count: number[] = [];
  const from: number[] = [];
  const weight: number[] = [];
  let at = 0;
  for (let j = 0; j < ids.length; j++) {
    const most = Math.min(1, (strongest[j] as number) / one);
    let [kept, last] = [0, 0];
    for (const end = at + (links.count[j] as number); at < end; at++) {
      const bits = Math.round((Math.min(most, (links.weight[at] as number) / one) / most) * FULL);
      if (!(bits > 0)) continue;
      const place = links.from[at] as number;
      from.push(place - last);
      weight.push(bits);
      last = place;
      kept++;
    }
    count.push(kept);
    scale.push(kept ? Number(most.toPrecision(4)) : 0);
  }
  const most = Math.max(1, ...buyers.slice(0, 1));
  const prior = buyers.map((n) => Math.round((n / most) * FULL));
  return { schema: 'fordi.neighbours/1', ...about, ids, prior, scale, count, from, weight };
}

/** The file, piece by piece: a list of numbers too long for one string is no reason to fail. */
export function* modelText(model: Model): Generator<string> {
  let opened = '{';
  for (const [key, value] of Object.entries(model)) {
    yield `${opened}${JSON.stringify(key)}:`;
    opened = ',\n';
    if (!Array.isArray(value)) yield JSON.stringify(value);
    else {
      yield '[';
      for (let i = 0; i < value.length; i += 50_000) yield `${i ? ',' : ''}${JSON.stringify(value.slice(i, i + 50_000)).slice(1, -1)}`;
      yield ']';
    }
  }
  yield '}\n';
}
