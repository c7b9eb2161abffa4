import type { Asking, ChoiceState, Provenance, Purpose, Receipt, Settings, Standing, Told, Verb, Via } from './types.js';
import { DAY, VERBS, type VerbRule } from './verbs.js';

/** A choice, a yes as much as a no, holds 182 days (CNIL's six months), then the visitor is asked again. */
export const CHOICE_DAYS = 182;

/** The purpose that is always there. */
export const PERSONAL = 'personalization';

/** What was decided about one thing. */
export interface Decided {
  readonly state: ChoiceState;
  readonly at: number;
  readonly until: number;
  readonly via: Via;
  /** Version of the notice that told of it. */
  readonly notice?: string;
  /** Global Privacy Control was on when the visitor chose: a specific choice, made in spite of it. */
  readonly gpc?: boolean;
}

/** About a purpose beside personalization; `unset` where only services of it were decided. */
export interface Decision extends Decided {
  /** Services that may, and that may not. One that is in neither came later. */
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

/** The one synchronous record. A refusal holds its state, two days and the notice, nothing that tells one visitor from another. */
export interface ChoiceRecord extends Decided {
  readonly v: 1;
  /** A grant's own number; the gate inside IndexedDB must carry the same. */
  readonly epoch?: number;
  /** When the permission began that this grant takes up again, after an undone withdrawal; default its epoch. */
  readonly since?: number | undefined;
  /** What was disclosed, so that a later notice does not widen an earlier yes. */
  readonly keeps?: string;
  /** How long that is kept. */
  readonly days?: number | undefined;
  /** Erasing began and has not been proven; finished at the next start before anything is read. `name`: only the emptied database is left. */
  readonly erase?: boolean | 'name' | undefined;
  /** About the other purposes. */
  readonly more?: Readonly<Record<Purpose, Decision>> | undefined;
  /** The visitor has paused. */
  readonly paused?: boolean | undefined;
  /** Ways of knowing the visitor objects to; an objection outlives the choice it was made under. */
  readonly without?: readonly Provenance[] | undefined;
  /** Receipts since something beside personalization has a yes; they go with the last one. */
  readonly proofs?: readonly Receipt[] | undefined;
  /** Receipts the owner's server has yet to take; none where the owner has no use for them. */
  readonly due?: readonly Receipt[] | undefined;
}

/** A yes made here in spite of Global Privacy Control. What another tool passes on was not made in spite of anything. */
const isInSpite = (decided: Decided | undefined) => !!decided?.gpc && decided.via !== 'elsewhere';

/** A clock set back must not lengthen a yes: one from tomorrow is none, and the visitor is asked. */
const hasBegun = (decided: Decided | undefined, now: number) => !!decided && decided.at <= now + DAY;

/** The choice in force. Global Privacy Control is a standing refusal that only a later, specific yes overrides. */
export function stateAt(decided: Decided | undefined, now: number, gpc: boolean): ChoiceState {
  const { state, until } = decided ?? ({ state: 'unset', until: 0 } as Decided);
  const isEarly = state === 'granted' && !hasBegun(decided, now);
  if (gpc && (isEarly || !(state === 'granted' && isInSpite(decided)))) return state === 'withdrawn' ? state : 'refused';
  if (now < until) return isEarly ? 'unset' : state;
  return state === 'granted' || state === 'expired' ? 'expired' : 'unset';
}

/** What a choice rests on. */
export interface Facts {
  readonly record: ChoiceRecord | undefined;
  readonly settings: Settings;
  readonly now: number;
  /** Global Privacy Control is on. */
  readonly gpc: boolean;
  /** What the page's other tools for permission say, the strictest of them; absent where there are none. */
  told?: ((purpose: Purpose) => Told) | undefined;
}

const own = <T>(of: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  of && Object.hasOwn(of, name) ? of[name] : undefined;

/** What was decided about a purpose. */
export const decisionOf = (record: ChoiceRecord | undefined, purpose: Purpose): (Decided & Partial<Decision>) | undefined =>
  purpose === PERSONAL ? record : own(record?.more, purpose);

/** A yes to all of it, or to a service. */
const isYes = ({ state, yes }: Decided & Partial<Decision>) => state === 'granted' || !!yes?.[0];

/** Every purpose there is, personalization first. */
export const purposesOf = ({ purposes }: Settings): readonly Purpose[] => [PERSONAL, ...Object.keys(purposes)];

export const servicesOf = ({ purposes }: Settings, purpose: Purpose): readonly string[] =>
  Object.keys(own(purposes, purpose)?.services ?? {});

export const isDeclared = (settings: Settings, purpose: Purpose, service?: string): boolean =>
  purposesOf(settings).includes(purpose) && (service === undefined || servicesOf(settings, purpose).includes(service));

/** Who gets something through a purpose, or through a service of it. */
export function recipientsOf({ purposes }: Settings, purpose: Purpose): string[] {
  const { recipients = [], services = {} } = own(purposes, purpose) ?? {};
  return [...new Set([recipients, ...Object.values(services).map((service) => service.recipients ?? [])].flat())];
}

/** Whether Global Privacy Control speaks against a purpose: against all, or what goes to others. */
const isBarred = (settings: Settings, purpose: Purpose) =>
  settings.gpc === 'refuse' || (settings.gpc === 'noshare' && !!recipientsOf(settings, purpose).length);

const AGAINST: readonly unknown[] = ['refused', 'withdrawn'];

/** Whom the page has put in charge of asking is heeded; a no said here, in spite of them, holds. */
function heeding(state: ChoiceState, isOwn: boolean, told: Told, purpose: Purpose): ChoiceState {
  if (AGAINST.includes(state) && isOwn) return state;
  if (told !== 'granted') return told === 'pending' ? 'unset' : 'refused';
  return purpose === PERSONAL && state !== 'granted' ? 'unset' : 'granted'; // what is kept here needs a grant of its own
}

/** A service's own choice, where there is one; the purpose's yes does not reach a service that came after it. */
function serviceState(state: ChoiceState, decided: Partial<Decision>, holds: boolean, service: string): ChoiceState {
  if (decided.no?.includes(service)) return 'refused';
  if (holds && decided.yes?.includes(service)) return 'granted';
  return state === 'granted' ? 'unset' : state;
}

/** The choice about a purpose, or about one service of it. What nobody declared is refused. */
export function choiceAt({ record, settings, now, gpc, told }: Facts, purpose: Purpose, service?: string): ChoiceState {
  if (settings.child || !isDeclared(settings, purpose, service)) return 'refused';
  const decided = decisionOf(record, purpose);
  const barred = gpc && isBarred(settings, purpose);
  const mine = stateAt(decided, now, barred);
  const state = told ? heeding(mine, barred || decided?.via !== 'elsewhere', told(purpose), purpose) : mine;
  if (service === undefined) return state;
  if (told) return decided?.no?.includes(service) ? 'refused' : state;
  const holds = !!decided && hasBegun(decided, now) && now < decided.until && (!barred || !!decided.gpc);
  return serviceState(state, decided ?? {}, holds, service);
}

/** There is a yes to take back, to a purpose or a service of it: in force, or only waiting for another tool's word. */
export function isGiven(facts: Facts, purpose: Purpose): boolean {
  if (facts.settings.child) return false; // what was chosen for the other pages is no matter here
  const decided = decisionOf(facts.record, purpose);
  const isSaid = !!decided && facts.now < decided.until && isYes(decided);
  return isSaid || [undefined, ...servicesOf(facts.settings, purpose)].some((one) => choiceAt(facts, purpose, one) === 'granted');
}

/** All with a yes to take back; also what other pages of the site declare and this one does not. */
export const givenIn = (facts: Facts): readonly Purpose[] =>
  [...new Set([...purposesOf(facts.settings), ...Object.keys(facts.record?.more ?? {})])].filter((purpose) => isGiven(facts, purpose));

/** What another tool should have answered for by now and nobody has said no to: refused, but only as long as that lasts. */
export const silentOf = (facts: Facts): readonly Purpose[] =>
  purposesOf(facts.settings).filter(
    (purpose) => facts.told?.(purpose) === 'silent' && choiceAt({ ...facts, told: () => 'pending' }, purpose) === 'unset',
  );

/** When the choices in force were made, and until when they hold. */
export function standingsOf(facts: Facts): Readonly<Record<Purpose, Standing>> {
  const stands = (purpose: Purpose): readonly (readonly [Purpose, Standing])[] => {
    const { state, at = 0, until = 0, via = 'page' } = decisionOf(facts.record, purpose) ?? {};
    const is = choiceAt(facts, purpose);
    const waits = is === 'expired' || (is === 'unset' && facts.told && facts.now < until); // a yes that another tool has not spoken on yet
    const own = at && state !== 'unset' && (is === state || (waits && state === 'granted'));
    return own ? [[purpose, { at, until, via }]] : [];
  };
  return Object.fromEntries(purposesOf(facts.settings).flatMap(stands));
}

/** What stands before the first dot: a change there is one that the visitor has to be asked about. */
const majorOf = (version: string) => version.split('.')[0];

/** Asked for in the notice, and not only where it is needed. */
const isNoticed = ({ purposes }: Settings, purpose: Purpose) => {
  const { special, when = special ? 'ask' : 'notice' } = own(purposes, purpose) ?? {};
  return when === 'notice';
};

/** Chosen under a notice that said otherwise. Global Privacy Control is a no to every notice. */
export function isOutdated(facts: Facts, purpose: Purpose): boolean {
  const { record, settings, gpc } = facts;
  const { notice = settings.notice.version, via } = decisionOf(record, purpose) ?? {};
  const isStanding = gpc && isBarred(settings, purpose) && choiceAt(facts, purpose) !== 'granted';
  return !!via && !isStanding && majorOf(notice) !== majorOf(settings.notice.version);
}

/** What a notice has to ask now: what was never chosen, what has run out, what the notice says otherwise than when it was chosen. */
export function askingOf(facts: Facts): Asking | undefined {
  const { record, settings, told } = facts;
  if (settings.child || told) return undefined;
  const purposes = purposesOf(settings).filter((purpose) => isNoticed(settings, purpose));
  const state = (purpose: Purpose) => choiceAt(facts, purpose);
  const has = (purpose: Purpose) => !/unset|expired/.test(state(purpose));
  const isOld = (purpose: Purpose) => has(purpose) && isOutdated(facts, purpose);
  const grew = (purpose: Purpose) =>
    state(purpose) === 'granted' && servicesOf(settings, purpose).some((service) => choiceAt(facts, purpose, service) === 'unset');
  const asked = purposes.filter((purpose) => !has(purpose) || isOld(purpose) || grew(purpose));
  const ranOut = (purpose: Purpose) => (decisionOf(record, purpose)?.state ?? 'unset') !== 'unset';
  const why = asked.some(isOld) ? 'changed' : purposes.some(has) ? 'added' : asked.some(ranOut) ? 'again' : 'first';
  const only = asked.filter((purpose) => has(purpose) && !isOld(purpose));
  return asked.length ? { why, purposes: asked, ...(only.length && { grown: only }) } : undefined;
}

/** Kinds of evidence that both the notice agreed to and the notice in force name. */
export const permits = (record: ChoiceRecord | undefined, settings: Settings, verb: Verb): boolean =>
  settings.notice.keeps.includes(verb) && !!record?.keeps?.split(' ').includes(verb);

/** Days that a record is kept: as long as the notice agreed to and the notice in force both say. */
export const daysOf = (record: ChoiceRecord | undefined, { notice }: Settings): number =>
  Math.min(record?.days ?? notice.days, notice.days);

/** When the permission in force began; 0 where there is none. A number that had to come after one from tomorrow is no date. */
export const beganAt = (record: ChoiceRecord | undefined): number => Math.min(record?.since ?? record?.epoch ?? 0, record?.at ?? 0);

/** The visitor objects to this being kept and used. What they turned away themselves is a no as well, and stands. */
export const isObjected = (record: ChoiceRecord | undefined, of: { readonly verb: Verb; readonly provenance: Provenance }): boolean =>
  !!record?.without?.includes(of.provenance) && (VERBS[of.verb] as VerbRule).settles !== 'dismissed';

/** What the visitor has said against keeping this; nothing where they have not. */
export const barring = (record: ChoiceRecord | undefined, of: Parameters<typeof isObjected>[1]): 'paused' | 'objected' | undefined =>
  record?.paused ? 'paused' : isObjected(record, of) ? 'objected' : undefined;

/** Special topics the visitor may speak of: those of the purposes they said yes to. */
export const specialOf = (facts: Facts): readonly string[] =>
  Object.entries(facts.settings.purposes).flatMap(([purpose, { special = [] }]) =>
    special.length && choiceAt(facts, purpose) === 'granted' ? special : [],
  );

const HOLDS = CHOICE_DAYS * DAY;

const dayOf = (now: number) => Math.floor(now / DAY) * DAY;

/** Beside personalization: what holds stays, a yes that has run out is told as such for as long again, a no is forgotten. */
function current(decision: Decision, now: number): Decision | undefined {
  const { state, until, notice } = decision;
  const at = dayOf(until);
  const ranOut: Decision = { state: 'expired', at, until: at + HOLDS, via: 'expiry', ...(notice && { notice }), yes: [], no: [] };
  return now < until ? decision : state === 'granted' && now < ranOut.until ? ranOut : undefined;
}

/** Whatever is beside personalization has a yes. */
const hasYes = ({ more = {} }: Pick<ChoiceRecord, 'more'>) => Object.values(more).some(isYes);

/** Receipts are for acts of people; a page that says yes on each load must not fill the device. */
const PROOFS = 20;

/** The record with one more proof; with none where nothing beside personalization has a yes. */
export function proven({ proofs = [], ...record }: ChoiceRecord, proof?: Receipt): ChoiceRecord {
  const all = proof ? [...proofs.filter(({ id }) => id !== proof.id), proof] : proofs; // a yes may take two tries
  return all[0] && hasYes(record) ? { ...record, proofs: all.slice(-PROOFS) } : record;
}

/** What outlives a choice: what was said of other purposes, as long as that holds, with its proof; objections, and receipts on their way. */
export const lasting = (record: ChoiceRecord | undefined, now: number): Pick<ChoiceRecord, 'more' | 'without' | 'proofs' | 'due'> => {
  const { more: said = {}, without, proofs, due } = record ?? {};
  const more = Object.fromEntries(
    Object.entries(said).flatMap(([purpose, decision]) => {
      const is = current(decision, now);
      return is ? [[purpose, is]] : [];
    }),
  );
  return {
    ...(Object.keys(more)[0] && { more }),
    ...(without?.length && { without }),
    ...(proofs && hasYes({ more }) && { proofs }),
    ...(due?.length && { due }),
  };
};

/** Without what has run out; the same record where nothing has. A yes to personalization ends elsewhere, with what is kept under it. */
export function tidied(record: ChoiceRecord | undefined, now: number): ChoiceRecord | undefined {
  if (!record || record.erase) return record;
  if (record.state !== 'granted' && now >= record.until) return restIn(record, now);
  if (Object.values(record.more ?? {}).every(({ until }) => now < until)) return record;
  return { ...record, more: undefined, proofs: undefined, ...lasting(record, now) };
}

export function granting({ settings, now, gpc, record }: Facts, via: Via, epoch: number): ChoiceRecord {
  const { version, keeps, days } = settings.notice;
  const rest = lasting(record, now);
  return { v: 1, state: 'granted', at: now, until: now + HOLDS, via, epoch, notice: version, keeps: keeps.join(' '), days, gpc, ...rest };
}

/** Dated to the day: the hour of a refusal is nobody's business. */
export function refusing(
  state: ChoiceState,
  { settings, now, record }: Pick<Facts, 'settings' | 'now' | 'record'>,
  via: Via,
): ChoiceRecord {
  const at = dayOf(now);
  return { v: 1, state, at, until: at + HOLDS, via, notice: settings.notice.version, ...lasting(record, now) };
}

/** A record that says nothing of personalization, for what else was chosen. */
export function restOf(record: ChoiceRecord | undefined, now: number): ChoiceRecord {
  const at = dayOf(now);
  return { v: 1, state: 'unset', at, until: at + HOLDS, via: 'page', ...lasting(record, now) };
}

/** The same, where anything else was chosen. */
export function restIn(record: ChoiceRecord | undefined, now: number): ChoiceRecord | undefined {
  const rest = restOf(record, now);
  return rest.more || rest.without || rest.due ? rest : undefined;
}

/** What an act says of a purpose beside personalization: of all of it, and of services of it. */
export interface Said {
  readonly state?: 'granted' | 'refused' | 'withdrawn' | undefined;
  readonly services?: Readonly<Record<string, boolean>> | undefined;
}

/** The decision after an act. A yes to all of it reaches the services it has now; a no reaches them all. One to services alone leaves the rest as it was: under the same notice, until the same day. */
export function deciding({ record, settings, now, gpc }: Facts, purpose: Purpose, { state, services = {} }: Said, via: Via): Decision {
  const names = servicesOf(settings, purpose);
  const before = own(record?.more, purpose);
  const holds = before && now < before.until ? before : undefined;
  const barred = gpc && isBarred(settings, purpose);
  const counts = !!holds && hasBegun(holds, now) && (!barred || !!holds.gpc); // else its yes is none here, and does not become one
  const was = (service: string) => counts && holds.yes.includes(service);
  const isWhole = (service: string) => !!state && names.includes(service);
  const may = (service: string) => own(services, service) ?? (isWhole(service) ? state === 'granted' : was(service));
  const is = state ?? (holds && (counts || holds.state !== 'granted') ? holds.state : 'unset');
  const single = state === 'granted' && AGAINST.includes(holds?.state) ? [] : (holds?.no ?? []); // a yes to all after a no to all begins anew
  const others = [...single, ...((!state && counts && holds.yes) || [])]; // also of services that other pages of the site declare, and this one does not
  const known = [...names.filter((name) => state || Object.hasOwn(services, name)), ...others].filter(
    (name, i, all) => all.indexOf(name) === i,
  );
  const any = is === 'granted' || known.some(may);
  const kept = any && !state && counts && isYes(holds) ? holds : undefined;
  const isAnew = !kept || Object.values(services).includes(true);
  const at = !any ? dayOf(now) : isAnew ? now : kept.at;
  const spite = kept ? (gpc || !isAnew) && kept.gpc : gpc; // of every yes there is
  return {
    state: is,
    at,
    until: kept?.until ?? at + HOLDS,
    via: isAnew ? via : kept.via,
    notice: kept?.notice ?? settings.notice.version,
    ...(spite && { gpc: spite }),
    yes: known.filter(may),
    no: known.filter((name) => !may(name)),
  };
}

/** The record after an act, as far as it is about other purposes. */
export function decidingAll(facts: Facts, said: Readonly<Record<Purpose, Said>>, via: Via): Pick<ChoiceRecord, 'more'> {
  const now = Object.entries(said).map(([purpose, one]) => [purpose, deciding(facts, purpose, one, via)] as const);
  return now.length ? { more: { ...lasting(facts.record, facts.now).more, ...Object.fromEntries(now) } } : {};
}

/** What a record says of personalization; a no that has run out says nothing, and that only a name is left is housekeeping. */
export function saysOf(record: ChoiceRecord | undefined, now: number): string {
  const { state, until = 0, epoch, erase }: Partial<ChoiceRecord> = { ...record };
  return state === 'granted' || erase || now < until ? [state, epoch, erase === 'name' ? undefined : erase].join() : 'unset,,';
}

/** Something beside personalization has a yes that has run out. */
export const hasRunOut = ({ more = {} }: Pick<ChoiceRecord, 'more'> = {}, now: number): boolean =>
  Object.values(more).some((decision) => now >= decision.until && isYes(decision));

/** When the next yes ends. */
export function endOf({ record, now }: Pick<Facts, 'record' | 'now'>): number {
  const all = record ? [record, ...Object.values(record.more ?? {})] : [];
  return Math.min(...all.filter((decided) => isYes(decided) && decided.until > now).map(({ until }) => until));
}
