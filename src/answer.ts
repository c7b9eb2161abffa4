import { aboutItem } from './about.js';
import { type Arena, createArena } from './arena.js';
import { createBreath } from './breath.js';
import type { Catalog } from './catalog.js';
import { beganAt } from './consent.js';
import { leftOf } from './eligible.js';
import { decide, modeOf, type Names, wording } from './explain.js';
import { subjectOf } from './fatigue.js';
import type { Gate } from './gate.js';
import { type Among, type Held, isOwn, judged, settingOf, slotOf } from './judged.js';
import { all, type Known, type Ledger } from './ledger.js';
import type { Complain } from './policy.js';
import { type Ranked, rank } from './rank.js';
import { score, type Weighted } from './score.js';
import { grouped, shelve } from './shelve.js';
import { isPage, keyOf } from './signals.js';
import { choiceOf } from './standing.js';
import type { Contribution, Evidence, Fordi, Item, Pick, Request, Setting, Settings, Trace } from './types.js';
import { DAY, minuteOf } from './verbs.js';

/** Shelves per answer where nothing else is asked for. */
const SHELVES = 3;
/** Shelves are cut from a list this much longer, so that one strong taste does not crowd the others out. */
const WIDER = 2;

/** What answers rest on. */
export interface Rooms {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly ready: Promise<void>;
  readonly complain: Complain;
  /** Says what the site's code did wrong, once. */
  readonly report: (problem: string) => void;
  /** "A, B and C", in the visitor's language. */
  readonly list: (words: readonly string[]) => string;
  /** What was judged last, with what it rests on: gone when that is. Absent where everything is judged anew. */
  readonly judged?: WeakMap<Known, Held>;
  /** The arena that no answer has now: gone with what was known, for the visitor's taste is in it. */
  readonly idle?: WeakMap<Known, Arena>;
  /** The moment it is asked about, where it is asked more than once. */
  readonly now?: number;
}

/** What one answer rests on. */
export interface Sources extends Rooms {
  readonly arena: Arena;
}

/** One answer: the list, and what may be said of each thing in it. */
export interface Answer {
  readonly ranked: Ranked;
  readonly excluded: ReadonlyMap<number, string>;
  /** There is a yes; without one nothing of what memory still holds is told of. */
  readonly granted: boolean;
  pick(row: number): Pick;
  /** About what is never kept. */
  isSpecial(id: string): boolean;
}

/**
 * One number per visitor and day; none without permission, so that a stranger is shown what every stranger is. Not per visit: a
 * visit is known by its records alone, and what is forgotten must not have anything else drawn.
 */
const seedOf = ({ record }: Gate, now: number): number => beganAt(record) + Math.floor(now / DAY);

const namesOf = ({ settings, catalog, list }: Sources, { told }: Setting): Names => ({
  locale: settings.locale,
  site: settings.site.name,
  prior: settings.prior,
  list,
  title: (s) => (catalog.get(s.item)?.title ?? s.title ?? s.topic) as string,
  isTold: (topic) => !!told?.has(subjectOf({ topic })),
});

/** A path, as each of those below: where it yields, the page may have its turn. */
export type Path<T> = Generator<undefined, T>;

/** event → ledger → policy: what is known, judged for this place and moment. */
function groundOf(sources: Sources, request: Request, among?: Among) {
  const { catalog, gate, now = Date.now() } = sources;
  const whole = among ?? { index: catalog.index(), delicate: catalog.delicate() };
  const granted = choiceOf(gate) === 'granted';
  const found = judged(sources, settingOf(sources, request, now), granted, whole);
  for (const [id, why] of among?.barred ?? []) found.excluded.set(whole.index.rows.get(id) as number, why);
  const used = granted && found.setting.voice !== 'off';
  return { ...found, index: whole.index, delicate: whole.delicate, now, granted, seed: used ? seedOf(gate, now) : undefined };
}

/** The whole path, from what is known to what is shown; of a large catalog, with room to breathe. */
export const steps = (sources: Sources, request: Request, size: number, among?: Among): Path<Answer> =>
  answering(sources, groundOf(sources, request, among), size);

/** → rank → explain. */
function* answering(sources: Sources, found: ReturnType<typeof groundOf>, size: number): Path<Answer> {
  const { settings, arena } = sources;
  const { index, now, granted, setting, excluded, seed } = found;
  const asked = { size, excluded, ranking: settings.ranking, now, arena, seed };
  const scored = yield* score(index, found.weighed(arena), asked);
  yield;
  const ranked = yield* rank(scored);
  const names = namesOf(sources, setting);
  return {
    ranked,
    excluded,
    granted,
    isSpecial: (id) => [...found.delicate].some(([one, degree]) => one === id && degree === 'special'),
    pick(row) {
      const decisive = ranked.list.includes(row) ? decide(ranked, row) : undefined;
      const because = decisive && wording(decisive, names);
      const took = ranked.strongest(row).some(({ e }) => !isPage(e.signal));
      return {
        item: index.items[row] as Item,
        score: ranked.scores[row] as number,
        mode: modeOf(because, took),
        ...(because && { because }),
      };
    },
  };
}

export const UNKNOWN: Trace = { excluded: 'unknown', score: 0, prior: 0, page: 0, contributions: [], mode: 'none' };

/** What the site itself did with an item takes no part in its score, but may have tired it. */
const ownOf = ({ known }: Ledger, id: string): Omit<Contribution, 'evidence'>[] =>
  [...known.signals.values()]
    .filter((signal) => isOwn(signal) && signal.item === id)
    .map((signal) => ({ signal, verdict: { mode: 'none', reasons: [] }, share: 0 }));

/** What each piece of evidence, the page and the shop add, and what the visitor's wish for less takes off again. */
function partsOf({ index, evidence, prior, scores, kept, shares }: Ranked, row: number) {
  const part = kept(row);
  const about = aboutItem(index.items[row] as Item);
  const lessens = ({ signal }: Weighted) => leftOf(signal) < 1 && about.includes(signal.topic as string);
  const whole = shares(row).reduce((sum, share) => sum + share, prior(row)) / part;
  const loss = part < 1 ? ((scores[row] as number) - whole) / evidence.filter(lessens).length : 0;
  const parts = evidence.map((e, i) => ({ ...e, share: lessens(e) ? loss : (shares(row)[i] as number) / part }));
  return { parts, prior: prior(row) / part, page: parts.find(({ signal }) => isPage(signal))?.share ?? 0 };
}

/** `records` = all there are. */
export function traceOf(answer: Answer, id: string, ledger: Ledger, records: readonly Evidence[]): Trace {
  const { ranked, excluded, granted, isSpecial, pick } = answer;
  const { index, list } = ranked;
  const row = index.rows.get(id);
  if (row === undefined) return UNKNOWN;
  const behind = grouped(records, keyOf);
  const { because, ...picked } = pick(row);
  const { parts, ...more } = partsOf(ranked, row);
  const place = list.indexOf(row) + 1;
  const why = excluded.get(row);
  return {
    ...picked,
    ...more,
    contributions: [...parts.filter(({ signal }) => !isPage(signal)), ...(granted ? ownOf(ledger, id) : [])]
      .map(({ signal, verdict, share }) => ({ signal, verdict, share, evidence: behind.get(signal.key) ?? [] }))
      .sort((a, b) => b.share - a.share),
    ...(place > 0 && { place, ...(because && { because }) }),
    ...(why && { excluded: why }),
    ...(isSpecial(id) && { special: true }),
  };
}

/** No list is longer: every reason in it is asked about, and nobody looks at more. */
const MOST = 100;

/** How many, whatever was asked for. */
const count = (asked: unknown, otherwise: number) =>
  typeof asked !== 'number' || Number.isNaN(asked) ? otherwise : Math.min(MOST, Math.max(0, Math.floor(asked)));

/** What an answer is about: where one of these is another, it would be about two moments. */
const momentOf = ({ gate, ledger: { known }, catalog }: Rooms): readonly unknown[] => [
  gate.turn,
  gate.record,
  gate.voice,
  gate.told,
  known,
  known.records,
  catalog.index(),
];

/** An answer that is not the first keeps the page so long: its pieces are short, and each pause costs a millisecond on a slow phone. Milliseconds. */
const STRETCH = 10;

/** So often is an answer begun anew; then it is given without a pause, as it stands. */
const TRIES = 3;

/**
 * Walks a path, on which it lets the page have its turns; what has changed meanwhile is asked anew. `reads` = it begins with
 * all records. What it comes to holds nothing of the arena.
 */
export async function walk<T, R extends Rooms>(
  rooms: R,
  begin: (sources: R & Sources, records: readonly Evidence[]) => Path<T>,
  reads?: boolean,
): Promise<T> {
  const { idle } = rooms;
  const breath = createBreath(idle?.has(rooms.ledger.known) ? STRETCH : undefined);
  for (let tries = TRIES; ; tries--) {
    const moment = momentOf(rooms);
    const { known } = rooms.ledger;
    const isOver = () => tries > 0 && momentOf(rooms).some((part, i) => part !== moment[i]);
    const arena = idle?.get(known) ?? createArena();
    idle?.delete(known);
    const path = begin({ ...rooms, arena }, reads ? await all(rooms.ledger) : []);
    let step = path.next();
    for (; !step.done && !isOver(); step = path.next()) if (tries > 0 && breath.isDue()) await breath.take();
    arena.clear();
    idle?.set(known, arena);
    if (step.done && !isOver()) return step.value;
  }
}

/** So many answers are kept at most, of one state of what is known. */
const KEPT = 8;

/** Whoever was given it may do with it what they like. */
const copied = ({ because, ...pick }: Pick): Pick => ({
  ...pick,
  ...(because && { because: { ...because, evidence: [...because.evidence] } }),
});

/** The list with its reasons, one after the other; within a minute, and while nothing changes, it is made once. */
function* picking(sources: Sources, request: Request, size: number): Path<readonly Pick[]> {
  const found = groundOf(sources, request);
  const key = [size, found.seed, minuteOf(found.now)].join();
  const { answers } = found;
  const made = answers?.get(key) ?? (yield* list(sources, found, size));
  if (answers?.size === KEPT && !answers.has(key)) answers.clear();
  answers?.set(key, made);
  return made.map(copied);
}

function* list(sources: Sources, found: ReturnType<typeof groundOf>, size: number): Path<readonly Pick[]> {
  const { ranked, pick } = yield* answering(sources, found, size);
  const picks: Pick[] = [];
  for (const row of ranked.list) {
    picks.push(pick(row));
    yield;
  }
  return picks;
}

/** What to show, and why. Whatever is asked, the answer is one. */
export function createAnswers(given: Rooms): globalThis.Pick<Fordi, 'recommend' | 'shelves' | 'explain'> {
  const rooms: Rooms = { ...given, judged: new WeakMap(), idle: new WeakMap() };
  const { ledger, ready } = rooms;
  function ask<T>(asked: Request | undefined, say: (request: Request, size: number) => T | Promise<T>, otherwise: T): Promise<T> {
    const said = () => say({ ...asked }, slotOf(rooms, { ...asked }).size);
    return ready.then(said).catch(() => otherwise);
  }
  const picks = (request: Request, size: number) => walk(rooms, (sources) => picking(sources, request, size));
  /** Shelves are cut from one long list. */
  const long = ({ size, limit }: Request, otherwise: number) => Math.min(MOST, WIDER * count(limit, SHELVES) * count(size, otherwise));
  const tell = (id: string, request: Request, size: number) =>
    function* (sources: Sources, records: readonly Evidence[]): Path<Trace> {
      return traceOf(yield* steps(sources, request, size), id, ledger, records);
    };
  return {
    recommend: (request) => ask(request, (r, size) => picks(r, count(r.limit, size)), []),
    shelves: (request) =>
      ask(request, async (r, size) => shelve(await picks(r, long(r, size)), count(r.limit, SHELVES), count(r.size, size)), []),
    explain: (id, request) =>
      ask(request, (r, size) => walk(rooms, tell(id, r, r.size ? long(r, size) : count(r.limit, size)), true), UNKNOWN),
  };
}
