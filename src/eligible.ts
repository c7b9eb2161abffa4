import { aboutItem, type Index } from './matrix.js';
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

/** Topics the visitor wants nothing of, in their own word, and why: too personal, or declared at -1. */
const unwanted = (signals: readonly Signal[]): [topic: string, why: string][] =>
  signals.flatMap(({ verb, topic, weight }) => {
    if (topic === undefined) return [];
    if (verb === 'too-personal') return [[topic, 'muted']];
    return verb === 'declare' && weight <= NOT_AT_ALL ? [[topic, 'dismissed']] : [];
  });

/** Rows about any of these subjects. */
function rowsAbout({ items }: Index, subjects: readonly string[]): number[] {
  const wanted = new Set(subjects);
  return [...items.keys()].filter((row) => {
    const item = items[row] as Item;
    return wanted.has(item.id) || aboutItem(item).some((name) => wanted.has(name));
  });
}

/** Rows that may not be shown, and why. What a visitor turned away stays away even where nothing may be used for ranking. */
export function ineligible(
  index: Index,
  evidence: readonly Weighted[],
  { page, paused, now }: Setting,
  { tired, personal }: { readonly tired: Iterable<string>; readonly personal: Iterable<string> },
): Map<number, string> {
  const { items, rows, limited } = index;
  const out = new Map<number, string>();
  const rest = (ids: Iterable<string>, why: string) => {
    for (const id of ids) if (rows.has(id)) out.set(rows.get(id) as number, why);
  };
  rest(tired, 'tired');
  for (const e of evidence) {
    const how = settles(e, items[e.row], now);
    if (how) out.set(e.row, how);
  }
  for (const row of limited) {
    const { available, until = now } = items[row] ?? {};
    if (available === false) out.set(row, 'unavailable');
    else if ((until as number) < now) out.set(row, 'over');
  }
  for (const [topic, why] of unwanted(evidence.map(({ signal }) => signal))) for (const row of rowsAbout(index, [topic])) out.set(row, why);
  if (paused.length) for (const row of rowsAbout(index, paused)) out.set(row, 'paused');
  rest(personal, 'personal');
  if (page !== undefined) rest([page], 'context');
  return out;
}
