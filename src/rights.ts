import type { Catalog } from './catalog.js';
import { barring, CHOICE_DAYS, daysOf, PERSONAL, permits, specialOf } from './consent.js';
import { type Copy, createTally, readCopy, type Tally } from './copy.js';
import { subjectOf } from './fatigue.js';
import { type Gate, mark } from './gate.js';
import { type Adding, insert, itemsOf, type Ledger, recall } from './ledger.js';
import { read } from './look.js';
import { choiceOf, factsOf, freshly } from './standing.js';
import { choiceText, NAME } from './storage.js';
import type { Evidence, Holding, Imported, Item, NotImported, Provenance, Rights, Sensitivity, Settings, Stored } from './types.js';
import { DAY, DEGREES, WAYS } from './verbs.js';

export interface Bearing {
  readonly settings: Settings;
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  readonly life: { readonly stopped: boolean };
  readonly opened: Promise<unknown>;
  readonly changed: () => void;
  readonly leastOf: (item: Item | undefined, topic?: string) => Sensitivity;
}

/** Pausing and objecting stand in the synchronous record: they hold from the next line on, and in every tab. */
function createRefusals({ settings, gate, life, opened }: Bearing): Pick<Rights, 'pause' | 'object'> {
  const isDone = () => !life.stopped && !settings.child;
  return {
    async pause(on) {
      await opened;
      if (!isDone() || typeof on !== 'boolean' || choiceOf(gate) !== 'granted') return false;
      mark(gate, () => ({ paused: on || undefined }));
      return !!gate.record?.paused === on;
    },
    async object(way, on) {
      await opened;
      if (!isDone() || typeof on !== 'boolean' || !WAYS.includes(way)) return false;
      mark(gate, ({ record }) => {
        const without: readonly Provenance[] = WAYS.filter((one) => (one === way ? on : record?.without?.includes(one)));
        return { without: without.length ? without : undefined };
      });
      return !!freshly(gate).record?.without?.includes(way) === on; // also where another tab has decided and this one has yet to hear
    },
  };
}

/** Why a record of a file may not be kept here now; else the record, as personal as it is today. */
function admit({ gate, settings, leastOf }: Bearing, items: Copy['items'], known: (id: unknown) => Item | undefined) {
  const spoken = specialOf(factsOf(gate));
  const oldest = Date.now() - daysOf(gate.record, settings) * DAY;
  return (e: Evidence): Evidence | NotImported => {
    const { item, topic, title } = e;
    const about = item === undefined ? undefined : (known(item) ?? items.get(item) ?? { id: item, title: title ?? item });
    const least = Math.max(DEGREES.indexOf(leastOf(about, topic)), DEGREES.indexOf(e.sensitivity));
    const sensitivity = DEGREES[least] as Sensitivity;
    if (sensitivity === 'special' && (item !== undefined || e.provenance !== 'declared' || !spoken.includes(topic as string)))
      return 'special';
    if (e.verb !== 'correct' && !permits(gate.record, settings, e.verb)) return 'not-in-notice';
    if (barring(gate.record, e)) return 'objected';
    return e.at < oldest ? 'old' : { ...e, sensitivity };
  };
}

const isWord = (e: Evidence) => e.verb === 'declare';

/** Which of the records come in beside those that are there: each once, the newest word of a topic, no removed conclusion, no more than may be kept. */
function choosing(records: readonly Evidence[], tally: Tally, most: number) {
  return (there: readonly Evidence[]): Pick<ReturnType<Adding>, 'stay' | 'records'> => {
    const ids = new Set(there.map(({ id }) => id));
    const corrected = new Set([...there, ...records].filter((e) => e.verb === 'correct').map(subjectOf));
    const words = new Map<string, Evidence>();
    for (const e of [...there, ...records].filter(isWord)) if (e.at > (words.get(subjectOf(e))?.at ?? 0)) words.set(subjectOf(e), e);
    const isOlder = (e: Evidence) => isWord(e) && words.get(subjectOf(e)) !== e;
    const isRemoved = (e: Evidence) => e.provenance === 'inferred' && corrected.has(subjectOf(e));
    const stay = there.filter((e) => !isOlder(e) && !isRemoved(e));
    const come = records.filter((e) => {
      const reason = ids.has(e.id) || isOlder(e) ? 'duplicate' : isRemoved(e) ? 'objected' : undefined;
      if (reason) tally.add(reason);
      ids.add(e.id);
      return !reason;
    });
    const room = Math.max(0, most - stay.length);
    tally.add('too-many', Math.max(0, come.length - room));
    return { stay, records: come.slice(0, room).reverse() };
  };
}

/** Brings a copy back in, in one write through the gate; what may not be kept here now stays out, and is counted. */
function createImport(bearing: Bearing): Rights['import'] {
  const { settings, gate, ledger, catalog, life, opened, changed } = bearing;
  const whole = (reason: NotImported, count = 0): Imported => ({ imported: 0, dropped: [{ reason, count }] });
  const bring = async (copy: Copy, tally: Tally): Promise<Imported> => {
    const admitted = copy.records.map(admit(bearing, copy.items, catalog.get));
    for (const reason of admitted) if (typeof reason === 'string') tally.add(reason);
    const sound = admitted.filter((e) => typeof e !== 'string').sort((a, b) => b.at - a.at);
    let count = 0;
    const failed = await insert(ledger, (there) => {
      const { stay, records } = choosing(sound, tally, settings.records)(there);
      count = records.length;
      const wanted = itemsOf(records);
      const said = [...copy.items.values()].filter(({ id }) => wanted.has(id)).map((item) => catalog.toKeep(catalog.add(item)));
      return { stay, records, items: said.filter((item) => item !== undefined) };
    });
    if (failed) {
      await recall(ledger); // what came with records that did not goes too
      return whole(failed === 'full' ? 'storage' : failed, copy.records.length);
    }
    if (count) changed();
    return { imported: count, dropped: tally.list() };
  };
  return async (data) => {
    await opened;
    await catalog.load();
    const against = life.stopped ? 'stopped' : choiceOf(gate) !== 'granted' ? 'no-permission' : gate.record?.paused && 'paused';
    if (against) return whole(against);
    const tally = createTally();
    const page = globalThis.location?.href ?? 'http://page';
    const copy = readCopy(data, settings.site.name, { most: settings.records, now: Date.now(), page, tally });
    return typeof copy === 'string' ? whole(copy) : bring(copy, tally);
  };
}

/** Which keys of the database belong to which line of the table. */
const KEYS = { gate: /^gate$/, receipts: /^receipts$/, sums: /^signals$/, records: /^(tail|\d+)$/, items: /^item:/ };
const NAMES = { gate: 'gate', receipts: 'receipts', sums: 'signals', records: 'tail, 1, 2 …', items: 'item:*' };

/** The table of all that is kept in the browser. Without permission the database is asked for by name only. */
function createInventory({ settings, gate, opened }: Bearing): Rights['inventory'] {
  const { notice, locale, purposes } = settings;
  const { holds } = locale.reasons;
  const line = (purpose: string, stores: readonly Stored[] = [], service?: string): Holding[] =>
    stores.map(({ name, place, what, days }) => ({
      ...{ name, place, purpose },
      ...(service !== undefined && { service }),
      ...(what !== undefined && { what }),
      ...(days !== undefined && { days }),
    }));
  const declared = Object.entries(purposes).flatMap(([purpose, { stores, services = {} }]) => [
    ...line(purpose, stores),
    ...Object.entries(services).flatMap(([service, one]) => line(purpose, one.stores, service)),
  ]);
  return async () => {
    await opened;
    const isThere = await gate.device.exists().catch(() => false);
    const keys = gate.store === gate.device ? [...(await read(gate, 'all')).keys()].map(String) : [];
    const kept = (kind: keyof typeof KEYS): Holding => ({
      name: `${NAME}/${NAMES[kind]}`,
      place: 'database',
      purpose: PERSONAL,
      what: holds[kind],
      days: kind === 'gate' || kind === 'receipts' ? CHOICE_DAYS : notice.days,
      present: keys.some((key) => KEYS[kind].test(key)),
    });
    return [
      { name: NAME, place: 'local', purpose: 'choice', what: holds.choice, days: CHOICE_DAYS, present: choiceText() !== null },
      { name: NAME, place: 'database', purpose: PERSONAL, what: holds.database, days: CHOICE_DAYS, present: isThere },
      ...(['gate', 'receipts', 'records', 'sums', 'items'] as const).map(kept),
      ...declared,
    ];
  };
}

export const createRights = (bearing: Bearing): Rights => ({
  ...createRefusals(bearing),
  import: createImport(bearing),
  inventory: createInventory(bearing),
});
