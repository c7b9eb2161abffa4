import { choiceAt, type Decision, type Facts, isDeclared, PERSONAL, purposesOf, recipientsOf, servicesOf, stateAt } from './consent.js';
import type { ChoiceState, Concern, Purpose, Receipt, Terms, Via } from './types.js';
import { type Verb, WAYS } from './verbs.js';
import { VERSION } from './version.js';

/** One act of a visitor, as a receipt tells of it. */
export interface Act {
  readonly state: ChoiceState;
  readonly at: number;
  readonly until: number;
  readonly via: Via;
  readonly gpc?: boolean | undefined;
  /** Version of the notice that told of it. Default the one in force. */
  readonly notice?: string;
}

export interface Proof {
  /** Absent where there never was a yes: a refusal carries none. */
  readonly id?: string | undefined;
  /** Of the receipt before. */
  readonly previous?: string | undefined;
  /** Of the exact text the visitor was shown. */
  readonly sha256?: string | undefined;
  /** Names of other tools that asked. */
  readonly elsewhere?: readonly string[] | undefined;
  readonly iso: (at: number) => string;
}

const OWN: readonly string[] = ['dpv:ProvidePersonalisedRecommendations', 'dpv:ServicePersonalisation'];

/** What was chosen about a purpose and single services of it: all that is known of one that only other pages declare. */
const chosen = (id: Purpose, state: ChoiceState, services: readonly (readonly [string, ChoiceState])[]): Concern => ({
  id,
  state,
  ...(services.length && { services: Object.fromEntries(services) }),
  basis: 'eu-gdpr:A6-1-a',
  dpv: ['dpv:Purpose'],
  storage: 'tech:Device',
});

/** What the notice of an act said; of one that is in force no longer, as much as the record still knows. */
function toldBy({ settings, record }: Facts, { notice }: Act): Pick<Receipt['notice'], 'version' | 'keeps' | 'days'> {
  const { version, keeps, days } = settings.notice;
  if (notice === undefined || notice === version) return { version, keeps, days };
  return { version: notice, ...(record?.keeps && { keeps: record.keeps.split(' ') as Verb[], days: record.days ?? days }) };
}

/** A purpose in the words of the Data Privacy Vocabulary (W3C), with what was chosen about it and single services of it. */
function concern(facts: Facts, told: Receipt['notice'], purpose: Purpose): Concern {
  const { settings } = facts;
  const own = purpose === PERSONAL;
  const { days, keeps } = own ? told : (settings.purposes[purpose] as Terms);
  const services = servicesOf(settings, purpose).map((name) => [name, choiceAt(facts, purpose, name)] as const);
  return {
    ...chosen(purpose, choiceAt(facts, purpose), services),
    ...(own && { dpv: OWN }),
    ...(keeps && { keeps }),
    ...(own && { data: ['pd:ServiceConsumptionBehaviour', 'pd:Interest'], provenance: WAYS.filter((way) => way !== 'acquired') }),
    ...(days && { retention: `P${days}D` }),
    recipients: recipientsOf(settings, purpose),
  };
}

/** What another page of the site declares, and this one does not. */
const concernOf = ({ now }: Facts, [id, decision]: readonly [Purpose, Decision]): Concern =>
  chosen(id, stateAt(decision, now, false), [
    ...decision.yes.map((name) => [name, 'granted'] as const),
    ...decision.no.map((name) => [name, 'refused'] as const),
  ]);

const RIGHTS = ['A7-3', 'A15', 'A16', 'A17', 'A18', 'A20', 'A21'].map((article) => `eu-gdpr:${article}`);

/**
 * The proof of one act, with the fields of ISO/IEC TS 27560 as the W3C's DPV guide names them. Nothing in it tells one
 * visitor from another but its own id, and nothing says what anybody did here.
 */
export function receiptOf(facts: Facts, act: Act, { id, previous, sha256, elsewhere, iso }: Proof): Receipt {
  const { settings } = facts;
  const told = toldBy(facts, act);
  const others = Object.entries(facts.record?.more ?? {}).filter(([purpose]) => !isDeclared(settings, purpose));
  const url = settings.site.privacyUrl?.split(/[?#]/)[0]; // what follows may be about this visit
  return {
    schema: 'fordi.receipt/2',
    conformsTo: 'https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr',
    ...(id && { id }),
    ...(previous && { previous }),
    principal: 'this-browser',
    state: act.state,
    at: id ? iso(act.at) : iso(act.at).slice(0, 10), // the hour of a refusal is nobody's business
    until: iso(act.until).slice(0, 10),
    via: act.via,
    gpc: !!act.gpc,
    ...(elsewhere?.length && { elsewhere }),
    language: settings.locale.lang,
    controller: { ...settings.site, ...(url !== undefined && { privacyUrl: url }) },
    notice: { ...told, ...(url && { url }), ...(sha256 && { sha256 }) },
    purposes: [...purposesOf(settings).map((purpose) => concern(facts, told, purpose)), ...others.map((one) => concernOf(facts, one))],
    withdrawal: { how: 'panel', selector: '[data-fordi-open]' },
    rights: RIGHTS,
    sdk: `fordi ${VERSION}`,
  };
}
