import type { Catalog } from './catalog.js';
import { decide, modeOf, type Names, wording } from './explain.js';
import { judge } from './policy.js';
import { aboutItem, ineligible, type Ranked, rank, type Weighted } from './rank.js';
import { strength } from './signals.js';
import type { Because, Evidence, Item, Pick, Request, Setting, Settings, Shelf, Signal, Trace, Verdict, Voice } from './types.js';

/** Everything one answer rests on. */
export interface World {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly signals: Iterable<Signal>;
  readonly voice: Voice | undefined;
  readonly grantedAt: number;
  readonly now: number;
}

/** One answer: the list, and what may be said of each thing in it. */
export interface Answer {
  readonly ranked: Ranked;
  readonly verdicts: ReadonlyMap<Signal, Verdict>;
  readonly excluded: ReadonlyMap<number, string>;
  pick(row: number): Pick;
}

/** A visitor's taste beside the page they are on: the page counts as one fresh listen. */
const PAGE_WEIGHT = 1;

function settingOf({ settings, voice, grantedAt, now, signals, catalog }: World, slot: string): Setting {
  const muted: string[] = [];
  for (const s of signals)
    if (s.verb === 'too-personal') {
      const item = catalog.get(s.item as string);
      const topic = s.topic ?? (item && aboutItem(item)[0]);
      if (topic) muted.push(topic);
    }
  const visibility = (Object.hasOwn(settings.slots, slot) && settings.slots[slot]?.visibility) || 'private';
  const { audience, namedDays, paused } = settings;
  return { slot, visibility, audience, voice, now, notice: settings.notice.version, grantedAt, namedDays, paused, muted };
}

export const sizeOf = ({ slots }: Settings, slot: string) => (Object.hasOwn(slots, slot) && slots[slot]?.size) || 6;

/** The page as a piece of evidence: in memory, for this answer only. */
const pageSignal = (item: Item, now: number): Signal => ({
  key: 'page',
  verb: 'view',
  item: item.id,
  title: item.title,
  provenance: 'contextual',
  sensitivity: item.sensitivity ?? 'ordinary',
  notice: '',
  count: 1,
  weight: 1,
  first: now,
  last: now,
});

/** event → ledger → policy → rank → explain: the path, from what is known to what is shown. */
export function answer(world: World, request: Request, size: number): Answer {
  const { settings, catalog, now } = world;
  const setting = settingOf(world, request.slot ?? 'default');
  const index = catalog.index();
  const page = catalog.get(request.context as string);
  const known = [...world.signals, ...(page ? [pageSignal(page, now)] : [])];
  const about = (s: Signal): string[] => {
    const item = s.item === undefined ? undefined : catalog.get(s.item);
    return item ? aboutItem(item) : s.topic === undefined ? [] : [s.topic];
  };
  const spoken = setting.paused.length || setting.muted.length;
  const verdicts = new Map(known.map((s) => [s, judge(s, setting, spoken ? [s.item ?? '', ...about(s)] : [], settings.rules)]));
  const used = (s: Signal) => verdicts.get(s)?.mode !== 'none';
  const excluded = ineligible(
    index,
    known.map((s) => [s, used(s)] as const),
    now,
    page?.id,
    settings.paused,
  );
  const evidence: Weighted[] = known
    .filter(used)
    .map((signal) => ({ signal, weight: signal.key === 'page' ? PAGE_WEIGHT : strength(signal, now) }));
  const ranked = rank(index, evidence, { size, excluded });
  const names: Names = {
    locale: settings.locale,
    site: settings.site.name,
    prior: settings.prior,
    title: (s) => (catalog.get(s.item as string)?.title ?? s.title ?? s.topic) as string,
  };
  const verdictOf = (e: Weighted) => verdicts.get(e.signal) as Verdict;
  return {
    ranked,
    verdicts,
    excluded,
    pick(row) {
      const shares = ranked.shares(row);
      const decisive = decide(ranked, row, shares);
      const because = decisive && wording(decisive, verdictOf, names);
      const took = evidence.some((e, i) => e.signal.key !== 'page' && (shares[i] as number) > 0);
      const item = index.items[row] as Item;
      return { item, score: ranked.scores[row] as number, mode: modeOf(decisive, because, took), ...(because && { because }) };
    },
  };
}

const sameBecause = ({ kind, topic, evidence, text }: Because) => [kind, topic ?? evidence.map((s) => s.key).join(), text].join('\n');

/** Items that share a reason share a shelf; a reason of its own is said beside its item, on the shelf without a heading. */
export function shelve(picks: readonly Pick[], most: number, size: number): Shelf[] {
  const groups = new Map<string, Pick[]>();
  for (const pick of picks) {
    const key = pick.because ? sameBecause(pick.because) : '';
    groups.set(key, [...(groups.get(key) ?? []), pick]);
  }
  const rest: Pick[] = [];
  const shelves: Shelf[] = [];
  for (const group of groups.values()) {
    const because = group[0]?.because;
    if (because && group.length > 1 && shelves.length < most) shelves.push({ because, picks: group.slice(0, size) });
    else rest.push(...group);
  }
  rest.sort((a, b) => b.score - a.score);
  if (rest.length && shelves.length < most) shelves.push({ picks: rest.slice(0, size) });
  return shelves;
}

export function traceOf({ ranked, verdicts, excluded, pick }: Answer, id: string, records: readonly Evidence[]): Trace {
  const row = ranked.index.rows.get(id);
  if (row === undefined) return { excluded: 'unknown', score: 0, prior: 0, page: 0, contributions: [], mode: 'none' };
  const shares = ranked.shares(row);
  const share = (s: Signal) => shares[ranked.evidence.findIndex((e) => e.signal === s)] ?? 0;
  const stored = [...verdicts].filter(([s]) => s.provenance !== 'contextual');
  const page = [...verdicts.keys()].find((s) => s.provenance === 'contextual');
  const contributions = stored.map(([signal, verdict]) => ({
    signal,
    verdict,
    share: share(signal),
    evidence: records.filter(
      (e) => e.verb === signal.verb && e.item === signal.item && e.topic === signal.topic && e.notice === signal.notice,
    ),
  }));
  const place = ranked.list.indexOf(row) + 1;
  const why = excluded.get(row);
  const { item, score, mode, because } = pick(row);
  return {
    item,
    score,
    mode,
    prior: ranked.index.prior[row] as number,
    page: page ? share(page) : 0,
    contributions: contributions.sort((a, b) => b.share - a.share),
    ...(place > 0 && { place, ...(because && { because }) }),
    ...(why && { excluded: why }),
  };
}
