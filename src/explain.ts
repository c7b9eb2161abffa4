import type { Ranked, Weighted } from './rank.js';
import type { Because, Locale, Mode, Signal, Verdict } from './types.js';

/** No reason names more records than this. */
const MOST = 3;
/** Sets are looked for among this many of the strongest contributions. */
const STRONGEST = 8;

/** What decided one item: pieces of evidence, all evidence of one topic, or the shop's prior. */
export interface Decisive {
  readonly evidence: readonly Weighted[];
  readonly topic?: string;
  readonly prior?: true;
}

type Taken = (row: number) => number;

/** What taking these away takes off each row; asked for again and again, so remembered. */
function taking(ranked: Ranked, set: readonly Weighted[], cache: Map<Weighted, Map<number, number>>): Taken {
  const columns = set.map((e) => {
    const known = cache.get(e) ?? new Map<number, number>();
    cache.set(e, known);
    return [e, known] as const;
  });
  return (row) => {
    let sum = 0;
    for (const [e, known] of columns) {
      const value = known.get(row) ?? ranked.affinity(e, row);
      known.set(row, value);
      sum += value;
    }
    return sum;
  };
}

/** All sets of `size` out of `from`, strongest members first. */
function* sets<T>(from: readonly T[], size: number, start = 0): Generator<T[]> {
  if (size === 0) yield [];
  else for (let i = start; i <= from.length - size; i++) for (const rest of sets(from, size - 1, i + 1)) yield [from[i] as T, ...rest];
}

/**
 * The smallest set of evidence without which the item leaves the list: one to three records, else all evidence of the one
 * topic that carries the item most (PRINCE, Ghazimatin et al. 2020, on an additive score). Undefined = nothing decides.
 * Rights play no part here: what decided is decided before anyone asks whether it may be said.
 */
export function decide(
  ranked: Ranked,
  row: number,
  about: (e: Weighted) => readonly string[],
  cache: Map<Weighted, Map<number, number>>,
): Decisive | undefined {
  const shares = new Map(ranked.evidence.map((e) => [e, ranked.affinity(e, row)] as const));
  const strong = ranked.evidence
    .filter((e) => (shares.get(e) as number) > 0)
    .sort((a, b) => (shares.get(b) as number) - (shares.get(a) as number));
  const prior = ranked.index.prior[row] as number;
  if (prior > 0 && prior >= (shares.get(strong[0] as Weighted) ?? 0)) return { evidence: [], prior: true };
  const leaves = (set: readonly Weighted[]) => ranked.leaves(row, taking(ranked, set, cache));
  if (!strong.length || !leaves(strong)) return undefined;
  for (let size = 1; size <= MOST; size++)
    for (const set of sets(strong.slice(0, STRONGEST), size)) if (leaves(set)) return { evidence: set };
  return topical(ranked.evidence, strong, shares, about, leaves);
}

function topical(
  evidence: readonly Weighted[],
  strong: readonly Weighted[],
  shares: ReadonlyMap<Weighted, number>,
  about: (e: Weighted) => readonly string[],
  leaves: (set: readonly Weighted[]) => boolean,
): Decisive | undefined {
  const carried = new Map<string, number>();
  for (const e of strong) for (const topic of about(e)) carried.set(topic, (carried.get(topic) ?? 0) + (shares.get(e) as number));
  const topic = [...carried].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (topic === undefined) return undefined;
  const set = evidence.filter((e) => e.weight > 0 && !isPage(e.signal) && about(e).includes(topic)); // the same set for every item
  return leaves(set) ? { evidence: set, topic } : undefined;
}

/** One pass, a function as replacer: `{x}` and `$&` inside a value stay what they are. */
export const fill = (text: string, x: string): string => text.replace('{x}', () => x);

const list = (words: readonly string[], lang: string) => new Intl.ListFormat(lang, { type: 'conjunction' }).format(words);

export interface Names {
  readonly locale: Locale;
  readonly site: string;
  readonly prior: 'popular' | 'new' | 'picked';
  title(signal: Signal): string;
}

const isPage = (s: Signal) => s.provenance === 'contextual';

function recordsText(signals: readonly Signal[], { locale, title }: Names): string {
  const { reasons, lang } = locale;
  const phrases = new Map<string, string[]>();
  for (const s of signals) {
    const phrase = isPage(s)
      ? reasons.looking
      : (reasons.verbs as Record<string, readonly string[]>)[s.verb]?.[s.item === undefined ? 1 : 0];
    if (phrase) phrases.set(phrase, [...(phrases.get(phrase) ?? []), title(s)]);
  }
  const said = [...phrases].map(([phrase, titles]) => fill(phrase, list(titles, lang)));
  return fill(reasons.because, list(said, lang));
}

/** The verb that carries most of a topic speaks for it. */
function topicText(signals: readonly Signal[], topic: string, names: Names): string {
  const count = new Map<Signal['verb'], number>();
  for (const s of signals) count.set(s.verb, (count.get(s.verb) ?? 0) + s.count);
  const [verb] = [...count].sort((a, b) => b[1] - a[1])[0] as [Signal['verb'], number];
  return recordsText([{ ...(signals[0] as Signal), verb, topic, item: undefined } as never], { ...names, title: () => topic });
}

/** The reason, in words; only what every cited piece of evidence allows. Nothing weaker takes its place. */
export function wording({ evidence, topic, prior }: Decisive, verdictOf: (e: Weighted) => Verdict, names: Names): Because | undefined {
  const { reasons } = names.locale;
  if (prior) return { kind: 'shop', text: fill(reasons.shop[names.prior], names.site), evidence: [] };
  if (evidence.some((e) => verdictOf(e).mode !== 'explicit')) return undefined;
  const signals = evidence.map((e) => e.signal);
  const cited = signals.filter((s) => !isPage(s));
  if (!cited.length) return { kind: 'page', text: fill(reasons.page, names.title(signals[0] as Signal)), evidence: [] };
  if (topic === undefined) return { kind: 'records', text: recordsText(signals, names), evidence: signals };
  return { kind: 'topic', text: topicText(cited, topic, names), evidence: cited, topic };
}

/** The mode of an item: that of the weakest evidence that decided it; unnamed where evidence only took part. */
export function modeOf(decisive: Decisive | undefined, because: Because | undefined, took: boolean): Mode {
  if (decisive?.prior) return 'none';
  if (because) return 'explicit';
  return took ? 'implicit' : 'none';
}
