import { best, type Ranked, type Weighted } from './rank.js';
import type { Because, Locale, Mode, Signal } from './types.js';

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
export function decide(ranked: Ranked, row: number, shares: Float64Array): Decisive | undefined {
  const strong = best(shares, STRONGEST);
  const prior = ranked.index.prior[row] as number;
  if (prior > 0 && prior >= (shares[strong[0] as number] ?? 0) && ranked.strangers.includes(row)) return { evidence: [], prior: true };
  const margin = ranked.margin(row);
  const sum = (set: readonly number[]) => set.reduce((all, i) => all + (shares[i] as number), 0);
  for (let size = 1; size <= MOST; size++)
    if (sum(strong.slice(0, size)) >= margin)
      for (const set of sets(strong, size)) {
        const evidence = set.map((i) => ranked.evidence[i] as Ranked['evidence'][number]);
        if (sum(set) >= margin && ranked.leaves(row, evidence)) return { evidence };
      }
  const theme = ranked.theme(row);
  return theme && ranked.leaves(row, theme.evidence) ? theme : undefined;
}

/** One pass, a function as replacer: `{x}` and `$&` inside a value stay what they are. */
const fill = (text: string, x: string): string => text.replace('{x}', () => x);

export interface Names {
  readonly locale: Locale;
  readonly site: string;
  readonly prior: 'popular' | 'new' | 'picked';
  title(signal: Signal): string;
}

const isPage = (s: Signal) => s.provenance === 'contextual';

/** "you listened to A and B", "you bought C": one phrase per kind of thing that happened. */
function recordsText(signals: readonly Signal[], { locale: { reasons, lang }, title }: Names, topical: 1 | 2 = 1): string {
  const list = (words: readonly string[]) => new Intl.ListFormat(lang, { type: 'conjunction' }).format(words);
  const phrases = new Map<string, string[]>();
  for (const s of signals) {
    const phrase = isPage(s) ? reasons.looking : reasons.verbs[s.verb as keyof typeof reasons.verbs]?.[s.item === undefined ? topical : 0];
    if (phrase) phrases.set(phrase, [...(phrases.get(phrase) ?? []), title(s)]);
  }
  return fill(reasons.because, list([...phrases].map(([phrase, titles]) => fill(phrase, list(titles)))));
}

/** The verb that most of a topic's evidence shares speaks for it; "a lot of" takes three of its own. */
function topicText(signals: readonly Signal[], topic: string, names: Names): string {
  const count = (verb: string) => signals.filter((s) => s.verb === verb).length;
  const [{ verb }] = [...signals].sort((a, b) => count(b.verb) - count(a.verb)) as [Signal];
  return recordsText([{ verb } as Signal], { ...names, title: () => topic }, count(verb) < MOST ? 1 : 2);
}

/** The reason, in words; only what every cited piece of evidence allows. Nothing weaker takes its place. */
export function wording({ evidence, topic, prior }: Decisive, names: Names): Because | undefined {
  const { reasons } = names.locale;
  if (prior) return { kind: 'shop', text: fill(reasons.shop[names.prior], names.site), evidence: [] };
  if (evidence.some(({ verdict }) => verdict.mode !== 'explicit')) return undefined;
  const signals = evidence.map(({ signal }) => signal).sort((a, b) => b.last - a.last || (a.key < b.key ? -1 : 1)); // one set, one text
  if (topic !== undefined) return { kind: 'topic', text: topicText(signals, topic, names), evidence: signals, topic };
  if (signals.every(isPage)) return { kind: 'page', text: fill(reasons.page, names.title(signals[0] as Signal)), evidence: [] };
  return { kind: 'records', text: recordsText(signals, names), evidence: signals };
}

/** The mode of an item: that of the weakest evidence that decided it; unnamed where evidence only took part. */
export function modeOf(because: Because | undefined, took: boolean): Mode {
  if (because) return because.kind === 'shop' ? 'none' : 'explicit';
  return took ? 'implicit' : 'none';
}
