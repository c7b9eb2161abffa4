import { subjectOf } from './fatigue.js';
import type { Mode, Provenance, Rule, Sensitivity, Setting, Signal, Verdict } from './types.js';
import { DAY, DEGREES, WAYS } from './verbs.js';

const MODES: readonly Mode[] = ['none', 'implicit', 'explicit'];

export const lower = (a: Mode, b: Mode): Mode => (MODES.indexOf(a) < MODES.indexOf(b) ? a : b);

/**
 * Where a verdict starts, per provenance, for ordinary, guarded and special evidence, as places in `MODES`: people accept
 * being told what they did on this site or said themselves, and reject what was inferred or came from outside (Kim, Barasz
 * & John 2019).
 */
const START: Readonly<Record<Provenance, readonly number[]>> = {
  declared: [2, 2, 0],
  transactional: [2, 1, 0],
  engaged: [2, 1, 0],
  passive: [1, 1, 0],
  inferred: [1, 0, 0],
  acquired: [0, 0, 0],
  contextual: [2, 1, 1],
};

const start = (e: Signal, of: Sensitivity) => MODES[START[e.provenance][DEGREES.indexOf(of)] as number];

type Lowering = (e: Signal, s: Setting, about: readonly string[]) => Mode | undefined | false;

const stored = (e: Signal) => e.provenance !== 'contextual';
const meets = (about: readonly string[], list: readonly string[]) => about.some((topic) => list.includes(topic));

/** Each rule names the most it allows, or nothing. The page itself is not the visitor's past: rules about the past pass it by. */
type Rules = readonly (readonly [name: string, limit: Lowering])[];

/** These say the same of all that came to be known in one way, is as personal and was told of in one notice. */
const OF_KINDS: Rules = Object.entries<Lowering>({
  provenance: (e, s) => (s.audience !== 'open' || e.provenance !== 'passive') && start(e, 'ordinary'),
  sensitivity: (e) => e.sensitivity !== 'ordinary' && start(e, e.sensitivity),
  public: (e, s) => s.visibility === 'public' && (e.sensitivity !== 'ordinary' ? 'none' : e.provenance === 'transactional' && 'implicit'),
  audience: (e, s) => s.audience === 'cautious' && e.provenance === 'engaged' && s.voice !== 'explained' && 'implicit',
  voice: (e, s) => stored(e) && (s.voice === 'off' ? 'none' : s.voice === 'quiet' && 'implicit'),
  notice: (e, s) => stored(e) && e.notice !== s.notice && 'implicit',
});

/** These look at each record. */
const OF_RECORDS: Rules = Object.entries<Lowering>({
  before: (e, s) => stored(e) && e.first < s.grantedAt && 'implicit',
  until: (e, s) => (e.until as number) < s.now && 'none',
  paused: (_, s, about) => meets(about, s.paused) && 'none',
  muted: (_, s, about) => meets(about, s.muted) && 'none',
  acted: (e, s) => e.provenance === 'passive' && s.acted?.has(e.item as string) && 'none',
  page: (e, s) => stored(e) && (s.delicate || (e.item !== undefined && e.item === s.page)) && 'none',
  old: (e, s) => stored(e) && s.now - e.last > s.namedDays * DAY && 'implicit',
  repeated: (e, s) => !!s.told?.size && s.told.has(subjectOf(e)) && 'implicit',
});

const isLower = (mode: Mode, limit: Mode | undefined | false): limit is Mode => !!limit && limit !== mode && lower(mode, limit) === limit;

const lowered = ({ reasons }: Verdict, mode: Mode, reason: string): Verdict => ({ mode, reasons: [...reasons, reason] });

function under(rules: Rules, verdict: Verdict, e: Signal, s: Setting, about: readonly string[]): Verdict {
  let least = verdict;
  for (const [name, limit] of rules) {
    if (least.mode === 'none') break; // nothing is lower
    const most = limit(e, s, about);
    if (isLower(least.mode, most)) least = lowered(least, most, name);
  }
  return least;
}

/** Hears what an owner's rule did wrong; the place in the list of rules, and what. */
export type Complain = (rule: number, what: 'threw' | 'raised' | 'nonsense') => void;

/** An owner's rule that throws or answers nonsense takes everything away: silence is the safe failure. */
function owned(rule: Rule, e: Signal, s: Setting, complain: (what: 'threw' | 'nonsense') => void): Mode | undefined {
  try {
    const mode = rule(e, s);
    if (mode === undefined || MODES.includes(mode)) return mode;
    complain('nonsense');
  } catch {
    complain('threw');
  }
  return 'none';
}

/** Nothing lowers it: most verdicts are this one. */
const EXPLICIT: Verdict = { mode: 'explicit', reasons: [] };

/**
 * Judges evidence in one setting. The mode is the minimum over all rules, so that no rule can raise what another lowered.
 * `about` = the item id and the topics the evidence speaks of.
 */
export function createJudge(s: Setting, rules: readonly Rule[] = [], complain: Complain = () => {}) {
  const kinds: Verdict[] = [];
  const ofKind = (e: Signal) => {
    const how = (WAYS.indexOf(e.provenance) + 1) * DEGREES.length + DEGREES.indexOf(e.sensitivity);
    const kind = 2 * how + (e.notice === s.notice ? 1 : 0);
    const verdict = kinds[kind] ?? under(OF_KINDS, EXPLICIT, e, s, []);
    kinds[kind] = verdict;
    return verdict;
  };
  return (e: Signal, about: readonly string[] = []): Verdict => {
    let verdict = under(OF_RECORDS, ofKind(e), e, s, about);
    for (const [i, rule] of rules.entries()) {
      const most = owned(rule, e, s, (what) => complain(i, what));
      if (isLower(verdict.mode, most)) verdict = lowered(verdict, most, 'rule');
      else if (most && most !== verdict.mode) complain(i, 'raised');
    }
    return verdict;
  };
}

const root = (list: string) => new RegExp(`(^|[^\\p{L}])(${list})`, 'iu');

/**
 * Roots of topics that are never kept (GDPR Art. 9), or never spoken of unprompted. A start, not a guarantee: the owner
 * knows their own catalog and language, and adds to it with `sensitive`.
 */
const ROOTS = {
  special: root(
    'health|medic|pharma|cancer|hiv|diabet|depress|therap|addict|pregnan|gravid|zwanger|fertil|abort|contracep|sexual|sex\\b|erotic|lesbian|transgender|religi|muslim|jewish|politic|politik|ethnic|geneti|biometr|trade union',
  ),
  guarded: root('divorc|debt|bankrupt|lingerie|dating|unemploy|jobless|funeral|grief|custody|abuse|prison|gambl|alcohol|tobacco|weapon'),
};

/** How personal a topic is. */
export function sensitivityOf(topic: string, own: { guarded: readonly string[]; special: readonly string[] }): Sensitivity {
  const is = (degree: 'special' | 'guarded') => ROOTS[degree].test(topic) || own[degree].includes(topic);
  return is('special') ? 'special' : is('guarded') ? 'guarded' : 'ordinary';
}
