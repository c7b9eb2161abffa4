import type { ChoiceRecord, Decision } from './consent.js';
import type { Purpose } from './types.js';
import { DAY } from './verbs.js';

/** What this page has said no to beside personalization: when, also by a clock that nobody sets. */
interface No {
  readonly decision: Decision;
  readonly at: number;
  readonly tick: number;
}
export type Noes = ReadonlyMap<Purpose, No>;

type More = ChoiceRecord['more'];

const isNo = ({ state }: Decision) => state === 'refused' || state === 'withdrawn';

/** The noes after an act; what it says yes to is none any more. Time ends a yes without anybody's no. */
export function noesAfter(noes: Noes, before: More, more: More = before, at: number, tick: number): Noes {
  const after = new Map(noes);
  for (const [purpose, decision] of Object.entries(more ?? {})) {
    if (decision === before?.[purpose] || decision.via === 'expiry') continue;
    if (isNo(decision) || decision.no[0] !== undefined) after.set(purpose, { decision, at, tick });
    else after.delete(purpose);
  }
  return after;
}

/** What is yes in both; where nothing is, the hour goes with it. */
function strictest(ours: Decision, theirs: Decision = ours): Decision {
  const may = (service: string) => (isNo(ours) ? ours.yes.includes(service) : !ours.no.includes(service));
  const rest = { yes: theirs.yes.filter(may), no: [...new Set([...theirs.no, ...ours.no])] };
  const is = isNo(ours) && !isNo(theirs) ? ours : theirs;
  const hour = is.state === 'granted' || rest.yes[0] ? 0 : is.at % DAY;
  return { ...is, at: is.at - hour, until: is.until - hour, ...rest };
}

/** The record with the noes since `since` that a tab that had yet to hear of them has written over; what was said after them stands. */
export function uphold(record: ChoiceRecord | undefined, noes: Noes, since: number): ChoiceRecord | undefined {
  if (!record || !noes.size) return record;
  const found = new Map(Object.entries(record.more ?? {}));
  for (const [purpose, { decision, at, tick }] of noes) {
    const theirs = found.get(purpose);
    if (tick >= since && (!theirs || theirs.at <= at)) found.set(purpose, strictest(decision, theirs));
  }
  const more = Object.fromEntries(found);
  return JSON.stringify(more) === JSON.stringify(record.more ?? {}) ? record : { ...record, more };
}

/** Of what an act says, begun when `before` was so: not what somebody has said no to since. */
export function unlessSince<T>(said: Readonly<Record<Purpose, T>>, before: More, now: More): Readonly<Record<Purpose, T>> {
  const isStill = (purpose: Purpose) => {
    const decision = now?.[purpose];
    const isLater = decision && (isNo(decision) || decision.no[0] !== undefined) && decision.via !== 'expiry';
    return !isLater || JSON.stringify(decision) === JSON.stringify(before?.[purpose]);
  };
  return Object.fromEntries(Object.entries(said).filter(([purpose]) => isStill(purpose)));
}
