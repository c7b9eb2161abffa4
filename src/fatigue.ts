import type { Chosen, Event, Fatigue, Pick, Signal, Variant } from './types.js';
import { DAY } from './verbs.js';

/** What a signal or a reason is about, as one text: an item and a topic of the same name are not the same. */
export const subjectOf = ({ item, topic }: { readonly item?: unknown; readonly topic?: string | undefined }): string =>
  item === undefined ? `#${topic}` : `=${item}`;

/** A block of content and an item of one name are not the same: no item is called like this. */
export const BLOCK = 'variant:';
export const nameOf = ({ id }: Variant): string => BLOCK + id;

/** What the screen says, as things that happened: each item and block of content seen, and each reason given, once. */
export function seenIn(picks: readonly (Pick | Chosen<unknown>)[]): Event[] {
  const seen = new Map<string, Event>();
  const add = (verb: 'shown' | 'told', about: { readonly item?: string | undefined; readonly topic?: string | undefined }) => {
    const { item, topic } = about;
    seen.set(verb + subjectOf(about), item === undefined ? { verb, topic: topic as string } : { verb, item });
  };
  for (const pick of Array.isArray(picks) ? picks : []) {
    const { item, variant, because }: Partial<Pick & Chosen<Variant>> = Object(pick);
    if (!item && !variant) continue;
    add('shown', { item: item ? item.id : nameOf(variant as Variant) });
    if (because?.kind === 'topic') add('told', because);
    else for (const signal of because?.evidence ?? []) add('told', signal);
  }
  return [...seen.values()];
}

/** A pause this long ends a visit. Milliseconds. */
export const VISIT = 30 * 60_000;

/** A decayed count of whole showings: the fourth on four days is a little under four. */
const NEARLY = 0.5;

/** What is on the screen in this visit stays there: nothing is taken from under the visitor's eyes. */
const isOver = (last: number, now: number) => now - last >= VISIT;

interface Seen {
  readonly times: number;
  readonly first: number;
  readonly last: number;
}

/** How often each subject was shown or told, decayed, and when first and last. */
function seen(signals: Iterable<Signal>, verb: 'shown' | 'told'): Map<string, Seen> {
  const found = new Map<string, Seen>();
  for (const s of signals) {
    if (s.verb !== verb) continue;
    const before = found.get(subjectOf(s)) ?? { times: 0, first: s.first, last: 0 };
    const [first, last] = [Math.min(before.first, s.first), Math.max(before.last, s.last)];
    found.set(subjectOf(s), { times: before.times + s.weight, first, last });
  }
  return found;
}

/** When the visitor last showed interest in each of these subjects. */
type Wanted = (signals: Iterable<Signal>, among: ReadonlyMap<string, Seen>) => ReadonlyMap<string, number>;

/** When the visitor last did anything with a subject; what the site did does not count. */
function interests(signals: Iterable<Signal>, among: ReadonlyMap<string, Seen>): Map<string, number> {
  const latest = new Map<string, number>();
  for (const s of among.size ? signals : []) {
    const subject = subjectOf(s);
    if (s.verb !== 'shown' && s.verb !== 'told' && among.has(subject)) latest.set(subject, Math.max(latest.get(subject) ?? 0, s.last));
  }
  return latest;
}

/** Ids of what rests. */
export type Tired = (signals: readonly Signal[], fatigue: Required<Fatigue>, now: number) => readonly string[];

/**
 * Ids of items that were shown often enough without interest; they rest, and return. From the fourth showing on, repeats turn
 * people away (Ma, Liu & Shen 2016; Li et al. 2014: discount by count and recency).
 */
export function tiredItems(
  signals: readonly Signal[],
  { shows, days }: Required<Fatigue>,
  now: number,
  wanted: Wanted = interests,
): string[] {
  const found = seen(signals, 'shown');
  const latest = wanted(signals, found);
  const rests = ([subject, { times, last }]: [string, Seen]) =>
    times >= shows - NEARLY && isOver(last, now) && now - last < days * DAY && now - (latest.get(subject) ?? 0) > days * DAY;
  return [...found].filter((one) => one[0].startsWith('=') && rests(one)).map(([subject]) => subject.slice(1));
}

/**
 * Interest in blocks of content, each with what it is about: what the visitor did with anything about the same, wherever on the
 * site, since the block was first shown. What brought the block there, before that, is none.
 */
export const interestIn =
  (blocks: ReadonlyMap<string, readonly string[]>, aboutOf: (signal: Signal) => readonly string[]): Wanted =>
  (signals, among) => {
    const lately = new Map<string, number>();
    for (const s of signals) for (const name of aboutOf(s)) lately.set(name, Math.max(lately.get(name) ?? 0, s.last));
    const latest = new Map<string, number>();
    for (const [name, about] of blocks) {
      const subject = subjectOf({ item: name });
      const last = Math.max(...about.map((one) => lately.get(one) ?? 0));
      if (last > (among.get(subject)?.first ?? last)) latest.set(subject, last);
    }
    return latest;
  };

/** Subjects that were given as the reason in several visits, and that nothing was done with in the day before the last. */
export function toldLately(signals: readonly Signal[], { told, days }: Required<Fatigue>, now: number): ReadonlySet<string> {
  const found = seen(signals, 'told');
  const latest = interests(signals, found);
  const rests = ([subject, { times, last }]: [string, Seen]) =>
    times >= told - NEARLY && isOver(last, now) && now - last < days * DAY && (latest.get(subject) ?? 0) <= last - DAY;
  return new Set([...found].filter(rests).map(([subject]) => subject));
}
