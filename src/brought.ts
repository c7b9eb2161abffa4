import type { Gone } from './doubt.js';
import type { Index } from './matrix.js';
import type { Weighted } from './score.js';
import { isPage } from './signals.js';
import type { Item, Neighbour } from './types.js';

/** What goes with some evidence beside what it argues for, where no catalog brings the items. */
export interface Loss {
  /** Rows that came with it and with nothing else. */
  readonly rows: ReadonlySet<number>;
  /** No link is left, of the visitor's or the shop's. */
  readonly bare: boolean;
  /** Something stays of which another word is left, or the page knows its own item no more: what would be is not known here. */
  readonly altered: boolean;
}

const NOTHING: Loss = { rows: new Set(), bare: false, altered: false };

/** Cards of an item, where it has whole ones. */
const cardsOf = (item: Item | undefined): readonly Neighbour[] =>
  Array.isArray(item?.neighbours) ? (item.neighbours as readonly Neighbour[]) : [];

/** What is said of an item, whoever says it; both come in one order of fields. */
const wordOf = (item: Item | Neighbour | undefined) => JSON.stringify({ ...item, neighbours: undefined, weight: undefined });

/** Row → those whose page brought a card of it, each with the card. */
function cardsIn({ items, rows }: Index, pages: Iterable<number>): ReadonlyMap<number, ReadonlyMap<number, Neighbour>> {
  const cards = new Map<number, Map<number, Neighbour>>();
  for (const page of pages)
    for (const card of cardsOf(items[page])) {
      const row = rows.get(card.id);
      if (row === undefined) continue;
      const those = cards.get(row) ?? new Map<number, Neighbour>();
      cards.set(row, those);
      if (!those.has(page)) those.set(page, card);
    }
  return cards;
}

/** `alike` = the evidence about what is in a row. */
export function createLoss(index: Index, evidence: readonly Weighted[], alike: (row: number) => readonly Weighted[]) {
  const { items, rows, neighbours } = index;
  const isTheirs = (row: number) => row >= 0 && row < items.length && !!index.came?.((items[row] as Item).id);
  const page = evidence.at(-1); // it comes last
  const here = page && isPage(page.signal) ? page.row : -1;
  let known: ReturnType<typeof cardsIn> | undefined;
  const brought = () =>
    (known ??= cardsIn(index, new Set(evidence.filter(({ signal, row }) => !isPage(signal) && isTheirs(row)).map(({ row }) => row))));
  /** No evidence about it is left. */
  const isForgotten = (row: number, { has }: Gone) => alike(row).every((e) => has(e) || isPage(e.signal));
  /** Whether a link is left, from a page that is still there to an item that is. */
  const isLinked = (lost: ReadonlySet<number>, forgotten: readonly number[]): boolean => {
    const { start, to } = neighbours;
    for (let row = 0; row < items.length; row++) {
      if (start[row] === start[row + 1] || lost.has(row) || forgotten.includes(row)) continue;
      for (let i = start[row] as number; i < (start[row + 1] as number); i++) if (!lost.has(to[i] as number)) return true;
    }
    return false;
  };
  return (gone: Gone): Loss => {
    if (!index.came) return NOTHING;
    const forgotten = [...new Set(gone.all.map(({ row }) => row))].filter((row) => isTheirs(row) && isForgotten(row, gone));
    if (!forgotten.length) return NOTHING;
    const lost = new Set<number>();
    let altered = false;
    const touched = forgotten.flatMap((row) => [row, ...cardsOf(items[row]).map(({ id }) => rows.get(id) ?? -1)]).filter(isTheirs);
    for (const row of new Set(touched)) {
      if (!isForgotten(row, gone)) continue; // its own page is still there
      const left = [...(brought().get(row) ?? [])].filter(([page]) => !forgotten.includes(page)).map(([, card]) => card);
      if (!left.length) lost.add(row);
      else if (left.some((card) => wordOf(card) !== wordOf(items[row]))) altered = true;
    }
    return { rows: lost, bare: neighbours.to.length > 0 && !isLinked(lost, forgotten), altered: altered || lost.has(here) };
  };
}
