import type { ComponentChild } from 'preact';
import { pausedAt } from '../moments.js';
import type { Fordi, Provenance } from '../types.js';
import { VERBS, type Verb } from '../verbs.js';
import type { Ui } from './element.js';
import { fold, note } from './pieces.js';
import { say, words } from './words.js';

/** One of the things that decide what a list holds (DSA 27). */
export interface Parameter {
  /** The same in every language: a verb, a part of `ranking`, `fatigue`, `told`, `rules`, `paused`, `named` or `never`. */
  readonly name: string;
  /** In the visitor's language, with the numbers in force. */
  readonly text: string;
  /** The number in force, where it is one. */
  readonly weight?: number;
}

/** With how much each counts at most in a score, for the order. */
type Ranked = readonly [parameter: Parameter, most: number];

/** Ways of knowing that may be named; the dial and other rules can only take away. */
const NAMED: Readonly<Record<Fordi['options']['audience'], readonly Provenance[]>> = {
  cautious: ['declared', 'transactional'],
  balanced: ['declared', 'transactional', 'engaged'],
  open: ['declared', 'transactional', 'engaged', 'passive'],
};

/** What the owner takes away beside: by rules of their own, and for now. */
function limits({ rules, paused }: Fordi['options'], t: Ui['t'], titleOf: (what: string) => string): readonly Parameter[] {
  const now = pausedAt(paused, Date.now()).map(titleOf);
  return [
    ...(rules.length ? [{ name: 'rules', text: say(t.rules, rules.length), weight: rules.length }] : []),
    ...(now.length ? [{ name: 'paused', text: say(t.halted, now.join(', ')) }] : []),
  ];
}

/**
 * How the lists are made: what counts, most first, with its weight, then what limits it. Made from the options in force, so
 * that it cannot say anything else than what happens.
 */
export function describeParameters({ options, item }: Pick<Fordi, 'options'> & Partial<Pick<Fordi, 'item'>>): readonly Parameter[] {
  const { ranking, verbs, notice, fatigue, site, audience, namedDays, locale } = options;
  const { t, line, word } = words(options);
  const number = new Intl.NumberFormat(locale.lang, { maximumFractionDigits: 3, numberingSystem: 'latn' });
  const counts = (name: string, label: string, weight: number, life = 0): Parameter => {
    const fades = life ? ` ${say(t.halves, life, number.format(life))}` : '';
    return { name, text: `${label}: ${number.format(weight)}.${fades}`, weight };
  };
  const kept = notice.keeps.filter((verb) => verbs[verb].weight);
  const strongest = Math.max(...kept.map((verb) => Math.abs(verbs[verb].weight)));
  const carried = Math.max(ranking.neighbours, ranking.topics);
  const act = (verb: Verb): Ranked => {
    const { weight, halfLife } = verbs[verb];
    return [counts(verb, line({ verb, title: '…' }), weight, halfLife), Math.abs(weight) * carried];
  };
  const part = (name: keyof typeof ranking, label: string, of = 1): Ranked => [counts(name, label, ranking[name]), ranking[name] * of];
  const ranked = [
    part('neighbours', t.neighbours, strongest),
    part('topics', t.topics, strongest),
    ...kept.map(act),
    part('diversity', t.diversity, strongest),
    part('prior', say(t.everyone, site.name)),
    part('fresh', t.fresh),
    part('explore', t.explore, strongest),
  ];
  const tires = notice.keeps.includes('shown')
    ? [{ name: 'fatigue', text: say(say(t.tires, fatigue.shows), fatigue.days), weight: fatigue.shows }]
    : [];
  const silent = notice.keeps.includes('told')
    ? [{ name: 'told', text: say(say(t.silent, fatigue.told), fatigue.days), weight: fatigue.told }]
    : [];
  const named = NAMED[audience].filter((way) => notice.keeps.some((verb) => VERBS[verb].from === way)).map(word);
  return [
    ...ranked
      .filter(([, most]) => most)
      .sort(([, a], [, b]) => b - a)
      .map(([parameter]) => parameter),
    ...tires,
    ...silent,
    ...limits(options, t, (what) => item?.(what)?.title ?? what),
    { name: 'named', text: say(say(t.named, named.join(', ')), namedDays), weight: namedDays },
    { name: 'never', text: t.unused },
  ];
}

/** The same, for who asks. */
export const criteria = ({ t, fordi }: Ui): ComponentChild =>
  fold(t.criteria, [
    note(t.ordered),
    <ol>
      {describeParameters(fordi).map(({ name, text }) => (
        <li key={name}>{text}</li>
      ))}
    </ol>,
  ]);
