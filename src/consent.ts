import type { ChoiceState, Receipt, Settings, Verb, Via } from './types.js';
import { DAY } from './verbs.js';

/** A choice, a yes as much as a no, holds 182 days (CNIL's six months), then the visitor is asked again. */
export const CHOICE_DAYS = 182;

/** The one synchronous record. A refusal holds its state and two days, nothing that tells one visitor from another. */
export interface ChoiceRecord {
  readonly v: 1;
  readonly state: Exclude<ChoiceState, 'unset'>;
  readonly at: number;
  readonly until: number;
  readonly via: Via;
  /** A grant's own number; the gate inside IndexedDB must carry the same. */
  readonly epoch?: number;
  /** What was disclosed, so that a later notice does not widen an earlier yes. */
  readonly notice?: string;
  readonly keeps?: string;
  /** Global Privacy Control was on when the visitor chose: a specific choice, made in spite of it. */
  readonly gpc?: boolean;
  /** Erasing began and has not been proven; finished at the next start before anything is read. */
  readonly erase?: boolean | undefined;
}

const STATES = ['granted', 'refused', 'withdrawn', 'expired'];

/** As far as a calendar says, nearly. */
const FOREVER = 1e15;

/** What cannot be understood is a refusal (no path leads from doubt to consent). */
export const UNREADABLE: ChoiceRecord = { v: 1, state: 'refused', at: 0, until: FOREVER, via: 'page', erase: true };

export function decodeChoice(raw: unknown): ChoiceRecord | undefined {
  if (raw === undefined) return undefined;
  const r = Object(raw) as ChoiceRecord;
  const sound =
    r.v === 1 &&
    STATES.includes(r.state) &&
    Number.isFinite(r.at) &&
    Number.isFinite(r.until) &&
    r.until <= FOREVER &&
    r.until - r.at <= CHOICE_DAYS * DAY &&
    (r.state !== 'granted' || (Number.isFinite(r.epoch) && typeof r.keeps === 'string' && typeof r.notice === 'string'));
  return sound ? r : UNREADABLE;
}

/** The choice in force. Global Privacy Control is a standing refusal that only a later, specific yes overrides. */
export function stateAt(record: ChoiceRecord | undefined, now: number, gpc: boolean): ChoiceState {
  if (gpc && !(record?.state === 'granted' && record.gpc)) return record?.state === 'withdrawn' ? 'withdrawn' : 'refused';
  if (!record) return 'unset';
  if (now < record.until) return record.state;
  return record.state === 'granted' || record.state === 'expired' ? 'expired' : 'unset';
}

/** Kinds of evidence that both the notice agreed to and the notice in force name. */
export const permits = (record: ChoiceRecord | undefined, settings: Settings, verb: Verb): boolean =>
  settings.notice.keeps.includes(verb) && !!record?.keeps?.split(' ').includes(verb);

export function granting(settings: Settings, now: number, via: Via, gpc: boolean, epoch: number): ChoiceRecord {
  const { version, keeps } = settings.notice;
  return { v: 1, state: 'granted', at: now, until: now + CHOICE_DAYS * DAY, via, epoch, notice: version, keeps: keeps.join(' '), gpc };
}

/** Dated to the day: the hour of a refusal is nobody's business. */
export function refusing(state: 'refused' | 'withdrawn' | 'expired', now: number, via: Via, erase: boolean): ChoiceRecord {
  const at = Math.floor(now / DAY) * DAY;
  return { v: 1, state, at, until: at + CHOICE_DAYS * DAY, via, ...(erase && { erase }) };
}

export function receiptOf(record: ChoiceRecord, settings: Settings, iso: (at: number) => string, id?: string): Receipt {
  const granted = record.state === 'granted';
  return {
    schema: 'fordi.receipt/1',
    ...(id && { id }),
    state: record.state,
    purposes: granted ? ['personalization'] : [],
    at: granted ? iso(record.at) : iso(record.at).slice(0, 10),
    until: iso(record.until).slice(0, 10),
    via: record.via,
    gpc: !!record.gpc,
    language: settings.locale.lang,
    controller: settings.site,
    notice: settings.notice,
  };
}
