import { type Ranked, STRONGEST } from './rank.js';
import { best, type Weighted } from './score.js';
import { isPage } from './signals.js';
import type { Because, Locale, Mode, Moment, Signal } from './types.js';
import { DAY, minuteOf } from './verbs.js';

/** No reason names more records than this. */
const MOST = 3;
/** So many sets of a size are asked about, those that come nearest: nearly all that decide are among the first. */
const PATIENCE = 3;
/** Topics tried, those that carry the item most. */
const THEMES = 3;

/** What is said of a week is no older. */
const WEEK = 7 * DAY;

/** What decided one item: pieces of evidence, all evidence of one topic, or of the shop's prior that of two things which is more. */
export interface Decisive {
  readonly evidence: readonly Weighted[];
  readonly topic?: string;
  readonly prior?: 'fresh' | 'own' | 'popular' | 'lately';
}

/** All sets of `size` of the places below `below`, each descending. */
const setsOf = (size: number, below: number): number[][] =>
  size ? [...Array(below).keys()].flatMap((i) => setsOf(size - 1, i).map((rest) => [i, ...rest])) : [[]];
/** Of one, of two, of three. */
const SETS = [1, 2, MOST].map((size) => setsOf(size, STRONGEST));

/** What an item's own prior stands for: where it was counted, that, and of the last week where it was counted then. */
function priorOf({ index, asked }: Ranked, row: number): NonNullable<Decisive['prior']> {
  const popular: Moment | undefined = index.items[row]?.popular;
  if (popular === undefined) return 'own';
  return Math.abs(minuteOf(asked.now) - Number(popular)) < WEEK + DAY ? 'lately' : 'popular'; // it names a day, not a moment
}

/**
 * The shop's own part, where it outweighs the best evidence: then the reason is the shop's, or there is none. Being new is one
 * thing and what the shop says of it another: the one that is named has to decide alone.
 */
function decidedByShop(ranked: Ranked, row: number): Decisive | undefined {
  const fresh = ranked.fresh(row);
  const own = ranked.prior(row) - fresh;
  const isFresh = fresh > own;
  return ranked.leaves(row, isFresh ? fresh : own) ? { evidence: [], prior: isFresh ? 'fresh' : priorOf(ranked, row) } : undefined;
}

/** One to three records, all evidence of one topic that carries the item. */
function decidedByEvidence(ranked: Ranked, row: number, prior: number): Decisive | undefined {
  const strong = ranked.strongest(row).flatMap(({ e, share }) => (share > prior ? e : []));
  const near = ranked.prospects(row, strong);
  for (const sets of SETS) {
    const leads = sets.map((set) => ((set[0] as number) < strong.length ? near(set) : 0));
    for (const i of best(leads, PATIENCE)) {
      const evidence = (sets[i] as number[]).map((place) => strong[place] as Weighted);
      if (ranked.leaves(row, evidence)) return { evidence };
    }
  }
  return ranked.themes(row, THEMES).find(({ evidence }) => evidence.length > MOST && ranked.leaves(row, evidence)); // fewer would be named one by one
}

/**
 * The smallest set of evidence without which the item leaves the list: one to three records, else all evidence of one
 * topic that carries the item (PRINCE, Ghazimatin et al. 2020, on an additive score). Undefined = nothing decides.
 * Rights play no part here: what decided is decided before anyone asks whether it may be said.
 */
export function decide(ranked: Ranked, row: number): Decisive | undefined {
  const prior = ranked.prior(row);
  const most = ranked.strongest(row)[0]?.share ?? 0;
  return prior > 0 && prior >= most ? decidedByShop(ranked, row) : decidedByEvidence(ranked, row, prior);
}

/** One pass, a function as replacer: `{x}` and `$&` inside a value stay what they are. */
const fill = (text: string, x: string): string => text.replace('{x}', () => x);

export interface Names {
  readonly locale: Locale;
  readonly site: string;
  readonly prior: 'popular' | 'new' | 'picked';
  title(signal: Signal): string;
  /** "A, B and C". */
  list(words: readonly string[]): string;
  /** Has been given as the reason often enough for now. */
  isTold(topic: string): boolean;
}

/** "you listened to A and B", "you bought C": one phrase per kind of thing that happened. */
function recordsText(signals: readonly Signal[], { locale: { reasons }, title, list }: Names): string {
  const phrases = new Map<string, string[]>();
  for (const s of signals) {
    const phrase = isPage(s) ? reasons.looking : reasons.verbs[s.verb as keyof typeof reasons.verbs]?.[s.item === undefined ? 1 : 0];
    if (phrase) phrases.set(phrase, [...(phrases.get(phrase) ?? []), title(s)]);
  }
  return fill(reasons.because, list([...phrases].map(([phrase, titles]) => fill(phrase, list(titles)))));
}

/** Each verb of a topic's evidence speaks for itself, and "a lot of" takes three of its own; of more than three, or one that has no words, nothing is said. */
function topicText(signals: readonly Signal[], topic: string, { locale: { reasons }, list }: Names): string | undefined {
  const counts = new Map<Signal['verb'], number>();
  for (const { verb } of signals) counts.set(verb, (counts.get(verb) ?? 0) + 1);
  const phrases = [...counts]
    .sort((a, b) => b[1] - a[1])
    .flatMap(([verb, count]) => reasons.verbs[verb as keyof typeof reasons.verbs]?.[count < MOST ? 1 : 2] ?? []);
  if (phrases.length < counts.size || counts.size > MOST) return undefined;
  return fill(reasons.because, list(phrases.map((phrase) => fill(phrase, topic))));
}

/** A model's popularity is no choice of the shop's; of the week it is where it was counted then and the shop says so. */
function shopText(prior: NonNullable<Decisive['prior']>, { locale: { reasons }, prior: own, site }: Names): string {
  const { shop } = reasons;
  if (prior === 'fresh') return shop.new;
  if (prior === 'own') return fill(shop[own], site);
  return prior === 'lately' && own === 'popular' ? shop.popular : shop.popularHere;
}

/** The reason, in words; only what every cited piece of evidence allows. Nothing weaker takes its place. */
export function wording({ evidence, topic, prior }: Decisive, names: Names): Because | undefined {
  const { reasons } = names.locale;
  if (prior) return { kind: 'shop', text: shopText(prior, names), evidence: [] };
  if (topic !== undefined && names.isTold(topic)) return undefined;
  if (evidence.some(({ verdict }) => verdict.mode !== 'explicit')) return undefined;
  // One set, one text: the page is now, whatever the minute says.
  const whenOf = (signal: Signal) => (isPage(signal) ? Number.MAX_VALUE : signal.last);
  const signals = evidence.map(({ signal }) => signal).sort((a, b) => whenOf(b) - whenOf(a) || (a.key < b.key ? -1 : 1));
  if (topic !== undefined) {
    const text = topicText(signals, topic, names);
    return text === undefined ? undefined : { kind: 'topic', text, evidence: signals, topic };
  }
  if (signals.every(isPage)) return { kind: 'page', text: fill(reasons.page, names.title(signals[0] as Signal)), evidence: [] };
  return { kind: 'records', text: recordsText(signals, names), evidence: signals };
}

/** The mode of an item: that of the weakest evidence that decided it; unnamed where evidence only took part. */
export function modeOf(because: Because | undefined, took: boolean): Mode {
  if (because && because.kind !== 'shop') return 'explicit';
  return took ? 'implicit' : 'none';
}
