import { share } from './diversify.js';
import type { Because, Pick, Shelf } from './types.js';

export function grouped<T>(things: Iterable<T>, keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing)) ?? [];
    group.push(thing);
    groups.set(keyOf(thing), group);
  }
  return groups;
}

const sameBecause = ({ because }: Pick) =>
  because ? [because.kind, because.topic ?? because.evidence.map((s) => s.key).join(), because.text].join('\n') : '';

/** How a heading sounds: what kind of reason it is, and what the visitor did. */
const soundOf = ({ kind, evidence }: Because) => `${kind} ${evidence[0]?.verb}`;

/** Headings that sound different from all before them come first; else the order stays. */
function varied(shelves: readonly Required<Shelf>[]): Required<Shelf>[] {
  const fresh: Required<Shelf>[] = [];
  const again: Required<Shelf>[] = [];
  const heard = new Set<string>();
  for (const shelf of shelves) {
    (heard.has(soundOf(shelf.because)) ? again : fresh).push(shelf);
    heard.add(soundOf(shelf.because));
  }
  return [...fresh, ...again];
}

/** As many as a shelf holds, in their order; as in a list no maker has more than a third of it while there are others. */
function mixed(picks: readonly Pick[], size: number): Pick[] {
  const had = new Map<string | undefined, number>();
  const isWithin = ({ item: { by } }: Pick) => {
    had.set(by, (had.get(by) ?? 0) + 1);
    return by === undefined || (had.get(by) as number) <= share(size);
  };
  const first = picks.filter(isWithin);
  const chosen = new Set([...first, ...picks.filter((pick) => !first.includes(pick))].slice(0, size));
  return picks.filter((pick) => chosen.has(pick));
}

/** Items that share a reason share a shelf; a reason of its own is said beside its item, on the shelf without a heading. */
export function shelve(picks: readonly Pick[], most: number, size: number): Shelf[] {
  const alike: Required<Shelf>[] = [];
  const said = new Set<string>();
  for (const group of grouped(picks, sameBecause).values()) {
    const because = group[0]?.because;
    if (!because || group.length < 2 || said.has(because.text)) continue;
    said.add(because.text);
    alike.push({ because, picks: mixed(group, size) });
  }
  const shelves: Shelf[] = varied(alike).slice(0, most);
  const shelved = new Set(shelves.flatMap(({ because, picks }) => (because ? picks : [])));
  const full = new Set(shelves.map(({ because }) => because && sameBecause({ because } as Pick)));
  const rest = picks
    .filter((pick) => !shelved.has(pick) && !(pick.because && full.has(sameBecause(pick))))
    .sort((a, b) => b.score - a.score);
  // One item alone is no shelf beside others.
  if (rest.length > Math.min(shelves.length, 1) && shelves.length < most) shelves.push({ picks: mixed(rest, size) });
  return shelves;
}
