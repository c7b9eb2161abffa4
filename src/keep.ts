import { barring, permits, specialOf } from './consent.js';
import { subjectOf, VISIT } from './fatigue.js';
import { append, type Ledger, newId, rewrite } from './ledger.js';
import { isEvidence, isVerb } from './signals.js';
import { choiceOf, factsOf } from './standing.js';
import type { Event, Evidence, Item, Kept, NotKept, Sensitivity, Settings } from './types.js';
import { isMorePersonal, VERBS, WAYS } from './verbs.js';

/**
 * Makes a record of what happened, or says why none may be made. `item` = what the event's item turned out to be, `least` =
 * how personal that is, `spoken` = the special topics the visitor may tell of.
 */
export function stamp(
  event: Event,
  item: Item | undefined,
  least: Sensitivity,
  settings: Settings,
  spoken: readonly string[] = [],
): Evidence | NotKept {
  const { verb, topic, value, until } = event;
  if (!isVerb(verb)) return 'unknown-verb';
  if (event.item !== undefined && !item) return 'unknown-item';
  const { from } = VERBS[verb];
  const { provenance = from, sensitivity = least } = event;
  const told = provenance === 'declared' && !item && spoken.includes(topic as string);
  if ((sensitivity === 'special' || least === 'special') && !told) return 'special';
  const evidence = {
    id: newId(),
    verb,
    ...(item ? { item: item.id, title: item.title } : { topic }),
    provenance,
    sensitivity,
    at: Date.now(),
    notice: settings.notice.version,
    ...(until !== undefined && { until: +until }),
    ...(value !== undefined && { value }),
  };
  const further = WAYS.indexOf(provenance) >= WAYS.indexOf(from) && !isMorePersonal(least, sensitivity);
  return further && isEvidence(evidence) ? evidence : 'invalid';
}

/** The visitor has removed a conclusion about this subject: it is not drawn again. */
const isCorrected = ({ known }: Ledger, e: Evidence) =>
  e.provenance === 'inferred' && [...known.signals.values()].some((s) => s.verb === 'correct' && subjectOf(s) === subjectOf(e));

/** `beside`: what the page says of the item, where that has to be kept too. What a visitor declares takes the place of what they declared before. */
export async function keep(ledger: Ledger, event: Event, item: Item | undefined, least: Sensitivity, beside?: Item): Promise<Kept> {
  const { gate, settings } = ledger;
  const no = (reason: NotKept): Kept => ({ kept: false, reason });
  if (choiceOf(gate) !== 'granted') return no('no-permission');
  const evidence = stamp(event, item, least, settings, specialOf(factsOf(gate)));
  if (typeof evidence === 'string') return no(evidence);
  const against = barring(gate.record, evidence) ?? (isCorrected(ledger, evidence) && 'objected');
  if (against) return no(against);
  if (!permits(gate.record, settings, evidence.verb)) return no('not-in-notice');
  const failed = await append(ledger, [evidence], beside);
  const isEarlier = (e: Event) => evidence.verb === 'declare' && e.verb === 'declare' && subjectOf(e) === subjectOf(evidence);
  const said = [...ledger.known.signals.values()].filter((s) => isEarlier(s as Event));
  if (!failed && said.reduce((sum, { count }) => sum + count, 0) > 1)
    await rewrite(ledger, (e) => e.id === evidence.id || !isEarlier(e as Event));
  return failed ? no(failed === 'full' ? 'storage' : failed) : { kept: true, evidence };
}

/** What the site itself did, each once a visit, in one write; one report after the other. Resolves to how many records. */
export function keepShown(
  ledger: Ledger,
  seen: readonly Event[],
  get: (id: unknown) => Item | undefined,
  leastOf: (item: Item | undefined, topic?: string) => Sensitivity,
): Promise<number> {
  const { gate, settings } = ledger;
  const write = async () => {
    const { signals, last, began } = ledger.known;
    const now = Date.now();
    const since = now - last < VISIT ? began : now;
    const lately = new Set([...signals.values()].filter((s) => s.last >= since).map((s) => s.verb + subjectOf(s)));
    const records = seen
      .filter((event) => permits(gate.record, settings, event.verb) && !lately.has(event.verb + subjectOf(event)))
      .map((event) => stamp(event, get(event.item), leastOf(get(event.item), event.topic), settings))
      .filter((e) => typeof e !== 'string')
      .filter((e) => !barring(gate.record, e));
    return records.length && !(await append(ledger, records)) ? records.length : 0;
  };
  const kept = ledger.line.then(write);
  ledger.line = kept.catch(() => {});
  return kept;
}
