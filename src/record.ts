import { CHOICE_DAYS, type ChoiceRecord, type Decided, type Decision } from './consent.js';
import { DAY } from './verbs.js';

// The choice record as it lies on the device, where anybody may have edited it.

export const STATES: readonly unknown[] = ['unset', 'granted', 'refused', 'withdrawn', 'expired'];

/** As far as a calendar says, nearly. */
const FOREVER = 1e15;

/** What cannot be understood is a refusal (no path leads from doubt to consent). */
export const UNREADABLE: ChoiceRecord = { v: 1, state: 'refused', at: 0, until: FOREVER, via: 'page', erase: true };

export const isText = (x: unknown) => typeof x === 'string';
const isObject = (x: unknown) => Object(x) === x;
const isList = (x: unknown) => Array.isArray(x) && x.every(isText);
const isObjects = (x: unknown) => Array.isArray(x) && x.every(isObject);

const isDecided = (d: Decided) =>
  STATES.includes(d.state) &&
  isText(d.via) &&
  Number.isFinite(d.at) &&
  Number.isFinite(d.until) &&
  Math.max(d.at, d.until) <= FOREVER &&
  d.until - d.at <= CHOICE_DAYS * DAY;

const isDecision = (raw: unknown) => {
  const d = Object(raw) as Decision;
  return isDecided(d) && isText(d.notice) && isList(d.yes) && isList(d.no);
};

export function decodeChoice(raw: unknown): ChoiceRecord | undefined {
  if (raw === undefined) return undefined;
  const r = Object(raw) as ChoiceRecord;
  const sound =
    r.v === 1 &&
    isDecided(r) &&
    (r.state !== 'granted' || (Number.isFinite(r.epoch) && isText(r.keeps) && isText(r.notice))) &&
    (r.notice === undefined || isText(r.notice)) &&
    (r.more === undefined || (isObject(r.more) && Object.values(r.more).every(isDecision))) &&
    [r.since, r.days].every((x) => x === undefined || Number.isFinite(x)) &&
    (r.without === undefined || isList(r.without)) &&
    (r.proofs === undefined || isObjects(r.proofs)) &&
    (r.due === undefined || Array.isArray(r.due));
  return sound ? r : UNREADABLE;
}
