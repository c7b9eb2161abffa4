import { aboutItem } from './about.js';
import { subjectOf } from './fatigue.js';
import { isPage } from './signals.js';
import type { Item, Mode, Provenance, Rule, Sensitivity, Setting, Signal, Verdict } from './types.js';
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

const stored = (e: Signal) => !isPage(e);
const meets = (about: readonly string[], list: readonly string[]) => about.some((topic) => list.includes(topic));

/** A special topic the visitor speaks of under a purpose of its own. */
const isSpoken = (e: Signal, s: Setting) =>
  e.sensitivity === 'special' && e.provenance === 'declared' && e.item === undefined && !!s.special?.includes(e.topic as string);

/** Each rule names the most it allows, or nothing. The page itself is not the visitor's past: rules about the past pass it by. */
type Rules = readonly (readonly [name: string, limit: Lowering])[];

/** These say the same of all that came to be known in one way, is as personal and was told of in one notice. */
const OF_KINDS: Rules = Object.entries<Lowering>({
  provenance: (e, s) => (s.audience !== 'open' || e.provenance !== 'passive') && start(e, 'ordinary'),
  sensitivity: (e, s) => e.sensitivity !== 'ordinary' && !isSpoken(e, s) && start(e, e.sensitivity),
  objected: (e, s) => !!s.objected?.includes(e.provenance) && 'none',
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
  repeated: (e, s) => s.told?.has(subjectOf(e)) && 'implicit',
});

/** Settings in which these say nothing of anything: there they are not asked. */
const SILENT: Readonly<Record<string, (s: Setting) => boolean>> = {
  paused: (s) => !s.paused.length,
  muted: (s) => !s.muted.length,
  page: (s) => !s.delicate && s.page === undefined,
  repeated: (s) => !s.told?.size,
};

const isLower = (mode: Mode, limit: Mode | undefined | false): limit is Mode => !!limit && limit !== mode && lower(mode, limit) === limit;

const lowered = ({ reasons }: Verdict, mode: Mode, reason: string): Verdict => ({ mode, reasons: [...reasons, reason] });

function under(rules: Rules, verdict: Verdict, e: Signal, s: Setting, about: readonly string[]): Verdict {
  let least = verdict;
  // Nothing is lower than none.
  for (let i = 0; i < rules.length && least.mode !== 'none'; i++) {
    const [name, limit] = rules[i] as Rules[number];
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

/** What a rule is handed: to write into it changes nothing for anybody. */
const shielded = <T extends object>(x: T): T =>
  Object.freeze(
    Object.fromEntries(
      Object.entries(x).map(([name, value]) => [
        name,
        value instanceof Set ? new Set(value) : Array.isArray(value) ? Object.freeze([...value]) : value,
      ]),
    ),
  ) as T;

/** Nothing lowers it: most verdicts are this one. */
const EXPLICIT: Verdict = { mode: 'explicit', reasons: [] };

/**
 * Judges evidence in one setting. The mode is the minimum over all rules, so that no rule can raise what another lowered.
 * `about` = the item id and the topics the evidence speaks of.
 */
export function createJudge(s: Setting, rules: readonly Rule[] = [], complain: Complain = () => {}) {
  const ofRecords = OF_RECORDS.filter(([name]) => !SILENT[name]?.(s));
  const kinds: Verdict[] = [];
  const ofKind = (e: Signal) => {
    const how = (WAYS.indexOf(e.provenance) + 1) * DEGREES.length + DEGREES.indexOf(e.sensitivity);
    const kind = 2 * how + (e.notice === s.notice ? 1 : 0);
    const verdict = kinds[kind] ?? under(OF_KINDS, EXPLICIT, e, s, []);
    kinds[kind] = verdict;
    return verdict;
  };
  return (e: Signal, about: readonly string[] = []): Verdict => {
    let verdict = under(ofRecords, ofKind(e), e, s, about);
    for (const [i, rule] of rules.entries()) {
      const most = owned(rule, shielded(e), shielded(s), (what) => complain(i, what));
      if (isLower(verdict.mode, most)) verdict = lowered(verdict, most, 'rule');
      else if (most && most !== verdict.mode) complain(i, 'raised');
    }
    return verdict;
  };
}

const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => x === b[i]));

const NOBODY: ReadonlySet<string> = new Set();
/** What of a setting is another at each moment, and after each act. */
const PASSING: readonly (keyof Setting)[] = ['now', 'acted', 'told'];

/** What is in one of them only. */
function apart(a: ReadonlySet<string> = NOBODY, b: ReadonlySet<string> = NOBODY): ReadonlySet<string> {
  const found = new Set<string>();
  for (const x of a) if (!b.has(x)) found.add(x);
  for (const x of b) if (!a.has(x)) found.add(x);
  return found;
}

/**
 * Of which signals the verdict in one setting is that in the other, where no owner's rule is asked: undefined where none is sure.
 * The clock has gone on, and something was acted on or told: what looks at these is looked at here.
 */
export function agreement(s: Setting, t: Setting): ((e: Signal) => boolean) | undefined {
  for (const name of Object.keys({ ...s, ...t }) as (keyof Setting)[])
    if (!PASSING.includes(name) && !isSame(s[name], t[name])) return undefined;
  const [newlyActed, newlyTold] = [apart(s.acted, t.acted), apart(s.told, t.told)];
  const span = s.namedDays * DAY;
  return (e) =>
    (e.until === undefined || Number(e.until) < s.now === Number(e.until) < t.now) &&
    s.now - e.last > span === t.now - e.last > span &&
    (!newlyActed.size || !newlyActed.has(e.item as string)) &&
    (!newlyTold.size || !newlyTold.has(subjectOf(e)));
}

/** Roots at the beginning of a word, and some that are plain wherever they stand in one: Danish, Dutch and German join words. */
const root = (list: string, within: string) => new RegExp(`(^|[^\\p{L}])(${list})|${within}`, 'iu');

/**
 * Roots of topics that are never kept (GDPR Art. 9), or never spoken of unprompted, in English, Danish, Dutch and German. A
 * start, not a guarantee: the owner knows their own catalog and language, and adds to it with `sensitive`.
 */
const ROOTS = {
  special: root(
    'health|medic|medik|mediz|pharma|apothe|cancer|hiv\\b|aids\\b|diabet|asth?ma|migr(ai|æ|ä)ne|blood pressure|bloeddruk|blut(hoch)?druck|blodtryk|allerg|hay fever|høfeber|hooikoorts|heuschnupf|antibioti|krank(?!enw)|wheelchair|kørestol|rolstoel|rollst[uü]|gehhilf|høreapp|handicap|disabilit|behindert|quit smoking|rygestop|stoppen met roken|rauchen auf|lose weight|weight loss|vægttab|afvallen|abnehmen|depress|anxiet|angst|panikan|anorex|bulimi|eating dis|spiseforst|eetstoorn|essstör|ps[yi](ch|k)o(log|ther|ter)|ps[yi](ch|k)iat|autis|adhd\\b|dement|demen[sz]|alzheim|epilep|addict|opioid|rehab\\b|alcoholics|verslav|misbrug|sucht(?!m)|pregnan|baby.?regist|fertilit|infertil|onvruchtb|kinderwunsch|ivf\\b|abort|contracep|anticoncep|prævention|verhütung|condom|kondom|miscarr|menopaus|overgang(salder|\\b)|wechseljahr|sexu|seksu|sex\\b|seks\\b|eroti|gay\\b|lesbi|homose|bisex|queer|schwule?\\b|bøsser?\\b|trans(gen|id|sex)|kønssk|ethni|etnis|asyl|asiel|immigra|refugee|flygtning|flüchtling|vluchtel|geneti|gentest|dna\\b|ancestr|abstammung|biometr|facial recog|religi|bib(le|el)|bijbel|quran|koran|halal|kos?c?her\\b|prayer|gebets(?!r)|bønne(r|tid)|muslim|moslem|islam|mosque|moské|moskee|moschee|jewish|jødisk|joods|jüdisch|synagog|church(es)?\\b|kerkdienst|gottesdienst|gudstj|athe?is|ateis|hindu|b(u|oe)ddh|astrolog|politic|politik(?!en\\b)|politiek|elections?\\b|folketing|bundestag|tweede.kamer|(labour|green) party|so[cz]ialdemo|groenlinks|(spd|cdu|afd|vvd|pvda)\\b|(trade|labou?r) union|union (organ|member)|fagforen|vakbond|gewerkschaft',
    'kræft(?!ig|else)|kanker|krebs|sygdom|sukkersyge|ziekte|krankheit|sundhed|gezondheid|gesundheit|gravid|zwanger|schwanger|therap|terapi',
  ),
  guarded: root(
    'divorc|skilsmis|scheid(en|ing|ung)|debt|gæld|schuld|bankrupt|konkurs|insolven|payday|lingerie|dating|unemploy|jobless|lost your job|arbejdsløs|werkloos|arbeitslos|funeral|begravel|uitvaart|beerdig|bestattung|grief|sorg\\b|rouw|trauer|custody|abuse|misbruik|missbrauch|prison|gambl|gok(ken)?\\b|glücksspiel|alcohol|alkohol|whisk(e?y|ies)|tobacco|tobak|tabak|vap(e|ing)\\b|weapon|våben|wapen|waffen',
    '[ck]asino',
  ),
};

/** Topics of the owner's own. */
type Own = { readonly guarded: readonly string[]; readonly special: readonly string[] };

/** How personal a topic is, or a text of these parts. */
export function sensitivityOf(topic: string, own: Own, parts: readonly string[] = [topic]): Sensitivity {
  const is = (degree: 'special' | 'guarded') => ROOTS[degree].test(topic) || parts.some((part) => own[degree].includes(part));
  return is('special') ? 'special' : is('guarded') ? 'guarded' : 'ordinary';
}

/** Where it lies on the site, without the site's own name. */
const pathOf = (url = '') => url.replace(/^\w+:\/\/[^/]*/, '');

/** What it is called, and where it lies. */
const wordsOf = ({ title, url }: Item) => [title, pathOf(url)];

/**
 * How personal it is to have to do with an item: what it is about, who made it, what it is called and where it lies. `of` =
 * how personal a topic is, where that is remembered.
 */
export function sensitivityOfItem(item: Item, own: Own, of = (topic: string) => sensitivityOf(topic, own)): Sensitivity {
  const words = wordsOf(item);
  const said = [item.sensitivity ?? 'ordinary', sensitivityOf(words.join('\n'), own, words), ...aboutItem(item).map(of)];
  return DEGREES[Math.max(...said.map((degree) => DEGREES.indexOf(degree)))] as Sensitivity;
}

/** Whether all that is special about an item is one of these topics: what it is called, too, says nothing else. */
export function isOnlyAbout(item: Item, topics: readonly string[], own: Own): boolean {
  const special = aboutItem(item).filter((topic) => sensitivityOf(topic, own) === 'special');
  const rest = topics.reduce((text, topic) => text.replaceAll(topic.toLowerCase(), ' '), wordsOf(item).join('\n').toLowerCase());
  return special.length > 0 && special.every((topic) => topics.includes(topic)) && sensitivityOf(rest, own) !== 'special';
}

const FATEFUL = '(price|pricing|credit|loan|mortgage|job|hiring|housing|rent|tenant|insurance)s?';
const RULING = '(eligibility|eligible|approval|decision|score|scoring|quote)s?';
/** Innocent words that decide in one phrase only: a flat rate for the rent, or a limit of ten price drops, is said of things. */
const PHRASE = `${FATEFUL}-((card|interest)-)?(offer-amount|rate|tier|limit|screening)s?|insurance-premiums?|(price|pricing)s?-personal[a-z]*|personal(i[sz]ed)?-(price|pricing)s?`;
const [FATEFULLY, RULINGLY, PHRASED] = [FATEFUL, RULING, PHRASE].map((words) => new RegExp(`\\b(${words})\\b`)) as [RegExp, RegExp, RegExp];

/** A place whose name says that something is decided about somebody there (GDPR 22). Names are all that can be seen. */
export function isDeciding(slot: unknown): boolean {
  const words = typeof slot === 'string' ? slot.replace(/[a-z\d](?=[A-Z])|[A-Z](?=[A-Z][a-z])/g, '$&-').replace(/[_.\s]/g, '-') : '';
  const name = words.toLowerCase();
  return PHRASED.test(name) || (FATEFULLY.test(name) && RULINGLY.test(name));
}

/** What to do about such a name. */
export const RENAME = 'If it is, rename it; where it decides on price, credit, a job, housing or insurance, do not use fordi.';
