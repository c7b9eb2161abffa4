import { aboutItem, mainTopic } from './about.js';
import { holdsUntil, weighedAt } from './again.js';
import type { Rooms, Sources } from './answer.js';
import type { Arena } from './arena.js';
import type { Catalog } from './catalog.js';
import { beganAt, isObjected, specialOf } from './consent.js';
import { ineligible, leftOf } from './eligible.js';
import { type Tired, tiredItems, toldLately } from './fatigue.js';
import type { Index } from './matrix.js';
import { pausedAt } from './moments.js';
import { agreement, createJudge, isDeciding, isOnlyAbout, RENAME } from './policy.js';
import { rowOf, voicesOf, type Weighed, type Weighted } from './score.js';
import { actedOn, strength } from './signals.js';
import { factsOf, voiceOf } from './standing.js';
import type { Item, Pick, Request, Sensitivity, Setting, Signal } from './types.js';
import { minuteOf } from './verbs.js';

// What is known, judged: what may be done with each piece of evidence, what it counts, and what may not be shown.

/** The evidence with its verdicts, and rows that may not be shown, each with why. */
interface Judged {
  /** Worked out when it is asked for. */
  readonly weighed: (arena: Arena) => Weighed;
  readonly setting: Setting;
  readonly excluded: Map<number, string>;
  /** Answers that were made of it, by what else they rest on; absent where it is not kept. */
  readonly answers?: Map<string, readonly Pick[]>;
}

/** The same, with all it depends on: it holds for the same index and key between two moments. */
export interface Held extends Omit<Judged, 'weighed'>, Omit<Weighed, 'voices'> {
  readonly index: Index;
  readonly key: string;
  /** Until when it holds. Worked out when it is first asked for: after an act it never is. */
  until?: number;
}

/** What the site itself did argues for nothing. */
export const isOwn = ({ verb }: Signal) => verb === 'shown' || verb === 'told';

/** The page as a piece of evidence: in memory, for this answer only; it counts as one fresh listen. */
const pageSignal = (item: Item, sensitivity: Sensitivity, now: number): Signal => ({
  key: 'page',
  verb: 'view',
  item: item.id,
  title: item.title,
  provenance: 'contextual',
  sensitivity,
  notice: '',
  count: 1,
  weight: 1,
  first: now,
  last: now,
});

/** What the visitor has called too personal: the topic, or the item and what it is mostly about. */
const mutedBy = (signals: readonly Signal[], catalog: Catalog): string[] =>
  signals
    .filter(({ verb }) => verb === 'too-personal')
    .flatMap(({ item, topic }) => {
      const about = catalog.get(item);
      return [item, topic, about && mainTopic(about)].filter((x) => x !== undefined);
    });

/** A place that decides gets no answer: whoever asks for one has it that there is none. */
export const slotOf = ({ settings: { slots }, report }: Rooms, { slot = 'default' }: Request) => {
  if (isDeciding(slot)) {
    report(`slot "${slot}" gets no answer: expected a place that only shows things. ${RENAME}`);
    throw slot;
  }
  const { visibility = 'private', size = 6 } = (Object.hasOwn(slots, slot) && slots[slot]) || {};
  return { slot, visibility, size } as const;
};

/** Where and when, as far as it is known without a look at the evidence. */
export function settingOf(sources: Sources, request: Request, now: number) {
  const { settings, catalog, gate } = sources;
  const { audience, namedDays, paused, notice } = settings;
  const page = catalog.get(request.context);
  return {
    ...slotOf(sources, request),
    audience,
    voice: voiceOf(gate),
    now,
    notice: notice.version,
    grantedAt: beganAt(gate.record),
    special: specialOf(factsOf(gate)),
    objected: gate.record?.without ?? [],
    namedDays,
    paused: pausedAt(paused, now),
    page: page?.id,
    delicate: catalog.sensitivity(page) === 'special',
  };
}

const NOTHING: readonly string[] = [];

/** The evidence, with what may be done with it and what it counts now. `before` = judged before, on the same index. */
function weigh(
  { settings, catalog, complain }: Sources,
  signals: readonly Signal[],
  setting: Setting,
  index: Index,
  before: Held | undefined,
  arena: Arena,
): Weighed {
  const { now } = setting;
  const { rules, verbs } = settings;
  const page = catalog.get(setting.page);
  const spoken = setting.paused.length || setting.muted.length;
  const about = ({ item, topic }: Signal) => {
    const known = catalog.get(item);
    return [item ?? '', topic ?? '', ...(known ? aboutItem(known) : [])];
  };
  const judge = createJudge(setting, rules, complain);
  const agrees = before && agreement(before.setting, setting);
  const judgedAt = (signal: Signal, at: number): Weighted => {
    const held = before?.evidence[at];
    const was = held?.signal === signal ? held : undefined;
    if (was && agrees?.(signal)) return was;
    return { signal, verdict: judge(signal, spoken ? about(signal) : NOTHING), row: was ? was.row : rowOf(index, signal), at };
  };
  const evidence: Weighted[] = [];
  const weights = new Float64Array(signals.length + 1);
  const here = page ? [pageSignal(page, catalog.sensitivity(page), minuteOf(now))] : [];
  for (const signal of [...signals, ...here]) {
    if (isOwn(signal)) continue;
    const e = judgedAt(signal, evidence.length);
    // Less of a topic is a part of every score about it, and no voice among others.
    if (e.verdict.mode !== 'none' && leftOf(signal) === 1) weights[e.at] = strength(signal, now, verbs);
    evidence.push(e);
  }
  const counted = weights.subarray(0, evidence.length);
  return { evidence, weights: counted, voices: voicesOf(index, evidence, counted, arena) };
}

/** Nobody is shown what is too personal for the place, and what is special only beside its like. */
const tooPersonal = (
  degrees: Iterable<readonly [string, Sensitivity]>,
  { visibility, delicate }: Setting,
  isSpoken: (id: string) => boolean,
): string[] =>
  [...degrees].filter(([id, degree]) => visibility === 'public' || (degree === 'special' && !delicate && !isSpoken(id))).map(([id]) => id);

/** Whether all that is special about an item is what the visitor told of, under its own purpose, and may be used. */
function spokenOf({ settings }: Sources, { items, rows }: Index, { evidence, weights }: Weighed): (id: string) => boolean {
  const topics = evidence
    .filter(({ signal, at }) => signal.sensitivity === 'special' && (weights[at] as number) > 0)
    .map(({ signal }) => signal.topic);
  return (id) => {
    const item = topics.length ? items[rows.get(id) as number] : undefined;
    return !!item && isOnlyAbout(item, topics as readonly string[], settings.sensitive);
  };
}

/** What an answer is chosen from, where it is not the whole catalog, and whom it is not for. */
export interface Among {
  readonly index: Index;
  /** Item id → why it may not be shown. */
  readonly barred?: ReadonlyMap<string, string>;
  /** Ids of what is not ordinary in it, each with its degree. */
  readonly delicate: Iterable<readonly [string, Sensitivity]>;
  /** Which of it rest. Default items that were shown often enough without interest. */
  readonly tired?: Tired;
}

type Place = ReturnType<typeof settingOf>;

/** All evidence there is, judged, and what may not be shown. */
function judge(
  sources: Sources,
  place: Place,
  signals: readonly Signal[],
  { index, delicate, tired: rest = tiredItems }: Among,
  before: Held | undefined,
) {
  const { settings, catalog, gate } = sources;
  const { now, voice } = place;
  const usable = gate.record?.without ? signals.filter((signal) => !isObjected(gate.record, signal)) : signals;
  const told = toldLately(usable, settings.fatigue, now);
  const setting = { ...place, muted: mutedBy(usable, catalog), acted: actedOn(usable), told };
  const weighed = weigh(sources, signals, setting, index, before, sources.arena);
  const tired = voice === 'off' ? [] : rest(usable, settings.fatigue, now);
  const excluded = ineligible(index, weighed.evidence, setting, {
    tired,
    personal: tooPersonal(delicate, setting, spokenOf(sources, index, weighed)),
  });
  return { weighed, setting, excluded };
}

/** What is judged, as of now: as before, where nothing that it rests on has changed. */
export function judged(sources: Sources, place: Place, granted: boolean, among: Among): Judged {
  const { settings, ledger } = sources;
  const { known } = ledger;
  const { now, visibility, voice, objected, paused, page, grantedAt } = place;
  const { index } = among;
  // Another permission begins with another ledger, and where anything special is known all is judged each time (`holdsUntil`).
  const key = JSON.stringify([known.records, granted, grantedAt, visibility, voice, objected, paused, page]);
  const held = sources.judged?.get(known);
  const before = held?.index === index ? held : undefined;
  if (before?.key === key) {
    before.until ??= holdsUntil([...known.signals.values()], before.evidence, index, settings, before.setting.now);
    if (now >= before.setting.now && now < before.until)
      return { ...before, weighed: (arena) => weighedAt(before, settings.verbs, now, arena) };
  }
  const signals = granted ? [...known.signals.values()].filter(({ verb }) => verb !== 'correct') : [];
  const found = judge(sources, place, signals, among, before);
  // An owner's rule is asked each time: nobody knows what it looks at.
  const answers = settings.rules.length ? undefined : new Map<string, readonly Pick[]>();
  const { setting, excluded } = found;
  const { evidence, weights } = found.weighed;
  if (answers) sources.judged?.set(known, { setting, excluded, answers, evidence, weights, index, key });
  return { setting, excluded, ...(answers && { answers }), weighed: () => found.weighed };
}
