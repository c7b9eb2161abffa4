import type { Index } from './matrix.js';
import type { Weighted } from './score.js';
import type { Item, Setting, Signal } from './types.js';
import { DAY, VERBS, type VerbRule } from './verbs.js';

/** Declared at this or less, a topic is not wanted at all. */
const NOT_AT_ALL = -1;

/** How a piece of evidence settles its item for the visitor; undefined where it does not, or no longer. */
export function settles({ signal, verdict }: Weighted, item: Item | undefined, now: number): VerbRule['settles'] {
  const how = (VERBS[signal.verb] as VerbRule).settles;
  if (!how || !item || (verdict.mode === 'none' && how !== 'dismissed')) return undefined;
  const due = how === 'owned' && now - signal.last >= (item.replenishDays ?? Number.POSITIVE_INFINITY) * DAY;
  return due ? undefined : how;
}

/** What is about a topic that the visitor wants less of counts half. */
const LESS = 0.5;

/** How much is left of what is about this topic, in the visitor's own words; 1 where they say nothing against it. */
export function leftOf({ verb, item, topic, weight }: Signal): number {
  if (item !== undefined || topic === undefined) return 1;
  if (verb === 'dismiss') return LESS;
  return verb === 'declare' && weight < 0 && weight > NOT_AT_ALL ? 1 + weight : 1;
}

/** Topics the visitor wants nothing of, in their own word. */
function unwanted(evidence: readonly Weighted[]): string[] {
  const topics: string[] = [];
  for (const { signal } of evidence) {
    const { verb, topic, weight } = signal;
    if (verb === 'declare' && topic !== undefined && weight <= NOT_AT_ALL) topics.push(topic);
  }
  return topics;
}

/** Rows that are one of these, or about one of them. */
function rowsAbout({ items, rows, columns, start, column }: Index, subjects: readonly string[]): number[] {
  if (!subjects.length) return [];
  const own = new Set(subjects.map((one) => rows.get(one)));
  const wanted = new Uint8Array(columns.size);
  for (const one of subjects) wanted[columns.get(one) ?? -1] = 1;
  const found: number[] = [];
  for (let row = 0; row < items.length; row++) {
    let is = own.has(row);
    for (let i = start[row] as number, end = start[row + 1] as number; i < end && !is; i++) is = wanted[column[i] as number] === 1;
    if (is) found.push(row);
  }
  return found;
}

/** Why there is nothing to be had of an item now. */
export function endedIn({ available, until }: Item, now: number): 'unavailable' | 'over' | undefined {
  if (available === false) return 'unavailable';
  return (until as number) < now ? 'over' : undefined;
}

/** Rows that may not be shown, and why. What a visitor turned away stays away even where nothing may be used for ranking. */
export function ineligible(
  index: Index,
  evidence: readonly Weighted[],
  { page, paused, muted, now }: Setting,
  { tired, personal }: { readonly tired: Iterable<string>; readonly personal: Iterable<string> },
): Map<number, string> {
  const { items, rows, limited } = index;
  const out = new Map<number, string>();
  const rest = (ids: Iterable<string>, why: string) => {
    for (const id of ids) if (rows.has(id)) out.set(rows.get(id) as number, why);
  };
  const about = (subjects: readonly string[], why: string) => {
    for (const row of rowsAbout(index, subjects)) out.set(row, why);
  };
  rest(tired, 'tired');
  about(muted, 'muted');
  for (const e of evidence) {
    const how = settles(e, items[e.row], now);
    if (how) out.set(e.row, how);
  }
  for (const row of limited) {
    const why = endedIn(items[row] as Item, now);
    if (why) out.set(row, why);
  }
  about(unwanted(evidence), 'dismissed');
  about(paused, 'paused');
  rest(personal, 'personal');
  if (page !== undefined && !out.has(rows.get(page) as number)) rest([page], 'context');
  return out;
}
