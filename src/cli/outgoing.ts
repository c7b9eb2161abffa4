import type { Model } from '../model.js';

/** The model the other way round: for each item those it argues for, the strongest first. */
export interface Outgoing {
  /** Where the links of a place begin; one longer than the items. */
  readonly start: Int32Array;
  readonly to: Int32Array;
  /** 0 to 1. */
  readonly weight: Float32Array;
}

/** Calls `visit` for every link: who argues, for whom, how much. */
function eachLink({ scale, count, from, weight }: Model, visit: (source: number, target: number, weight: number) => void): void {
  let at = 0;
  for (const [target, n] of count.entries()) {
    let source = 0;
    for (const end = at + n; at < end; at++) {
      source += from[at] as number;
      visit(source, target, ((scale[target] as number) * (weight[at] as number)) / 255);
    }
  }
}

export function outgoing(model: Model): Outgoing {
  const start = new Int32Array(model.ids.length + 1);
  eachLink(model, (source) => {
    start[source + 1] = (start[source + 1] as number) + 1;
  });
  for (let i = 1; i < start.length; i++) start[i] = (start[i] as number) + (start[i - 1] as number);
  const next = start.slice();
  const links = { start, to: new Int32Array(model.from.length), weight: new Float32Array(model.from.length) };
  eachLink(model, (source, target, weight) => {
    const at = next[source] as number;
    next[source] = at + 1;
    links.to[at] = target;
    links.weight[at] = weight;
  });
  for (let i = 0; i + 1 < start.length; i++) strongestFirst(links, start[i] as number, start[i + 1] as number);
  return links;
}

function strongestFirst({ to, weight }: Outgoing, from: number, end: number): void {
  const order = Array.from({ length: end - from }, (_, i) => [to[from + i] as number, weight[from + i] as number] as const);
  order.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  for (const [i, [place, amount]] of order.entries()) {
    to[from + i] = place;
    weight[from + i] = amount;
  }
}
