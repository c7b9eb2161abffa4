import { best, type Ranked, type Weighted } from './rank.js';
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

/** All sets of `size` out of `from`, strongest members first. */
function* sets<T>(from: readonly T[], size: number, start = 0): Generator<T[]> {
  if (size === 0) yield [];
  else for (let i = start; i <= from.length - size; i++) for (const rest of sets(from, size - 1, i + 1)) yield [from[i] as T, ...rest];
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/**
 * The smallest set of evidence without which the item leaves the list: one to three records, else all evidence of the one
 * topic that carries the item most (PRINCE, Ghazimatin et al. 2020, on an additive score). Undefined = nothing decides.
 * Rights play no part here: what decided is decided before anyone asks whether it may be said.
 */
export function decide(ranked: Ranked, row: number, shares: Float64Array): Decisive | undefined {
  const strong = best(shares, STRONGEST).map((i) => ({ e: ranked.evidence[i] as Ranked['evidence'][number], share: shares[i] as number }));
  const prior = ranked.index.prior[row] as number;
  if (prior > 0 && prior >= (strong[0]?.share ?? 0)) return { evidence: [], prior: true };
  if (!strong[0]) return undefined;
  const margin = ranked.margin(row);
  for (let size = 1; size <= MOST; size++) {
    if (sum(strong.slice(0, size).map(({ share }) => share)) < margin) continue;
    for (const set of sets(strong, size)) {
      const evidence = set.map(({ e }) => e);
      if (sum(set.map(({ share }) => share)) >= margin && ranked.leaves(row, evidence)) return { evidence };
    }
  }
  const theme = ranked.theme(row);
  return theme && ranked.leaves(row, theme.evidence) ? theme : undefined;
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
