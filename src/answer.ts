import type { Catalog } from './catalog.js';
import { decide, modeOf, type Names, wording } from './explain.js';
import { choiceOf, type Gate } from './gate.js';
import { all, type Ledger } from './ledger.js';
import { judge } from './policy.js';
import { aboutItem, ineligible, type Ranked, rank, rowOf, type Weighted } from './rank.js';
import { keyOf, strength } from './signals.js';
import type { Fordi, Item, Pick, Provenance, Request, Sensitivity, Setting, Settings, Shelf, Signal, Trace } from './types.js';

/** Shelves per answer where nothing else is asked for. */
const SHELVES = 3;
/** Shelves are cut from a list this much longer, so that one strong taste does not crowd the others out. */
const WIDER = 2;

const KNOWING: readonly Provenance[] = ['declared', 'transactional', 'engaged'];

/** What an answer rests on. */
interface Sources {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly ready: Promise<void>;
}

/** One answer: the list, and what may be said of each thing in it. */
interface Answer {
  readonly ranked: Ranked;
  readonly excluded: ReadonlyMap<number, string>;
  pick(row: number, shares: Float64Array): Pick;
}

const isPage = ({ signal }: Weighted) => signal.provenance === 'contextual';

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
      return [item, topic, about && aboutItem(about)[0]].filter((x) => x !== undefined);
    });

/** Items the visitor has acted on knowingly. */
const actedOn = (signals: readonly Signal[]): ReadonlySet<string> =>
  new Set(signals.filter(({ provenance, item }) => item !== undefined && KNOWING.includes(provenance)).map(({ item }) => item as string));

const slotOf = ({ slots }: Settings, { slot = 'default' }: Request) => {
  const { visibility = 'private', size = 6 } = (Object.hasOwn(slots, slot) && slots[slot]) || {};
  return { slot, visibility, size } as const;
};

/** event → ledger → policy → rank → explain: the path, from what is known to what is shown. */
function answer({ settings, catalog, gate, ledger }: Sources, request: Request, size: number): Answer {
  const now = Date.now();
  const page = catalog.get(request.context);
  const granted = choiceOf(gate) === 'granted';
  const signals = granted ? ledger.known.signals : [];
  const { audience, namedDays, paused, rules, notice, locale, site, prior } = settings;
  const setting: Setting = {
    ...slotOf(settings, request),
    audience,
    voice: granted ? gate.voice : undefined,
    now,
    notice: notice.version,
    grantedAt: gate.record?.epoch ?? 0,
    namedDays,
    paused,
    muted: mutedBy(signals, catalog),
    acted: actedOn(signals),
    page: page?.id,
    delicate: catalog.sensitivity(page) === 'special',
  };
  const index = catalog.index();
  const spoken = setting.paused.length || setting.muted.length;
  const about = ({ item, topic }: Signal) => {
    const known = catalog.get(item);
    return [item ?? '', topic ?? '', ...(known ? aboutItem(known) : [])];
  };
  const known = [...signals, ...(page ? [pageSignal(page, catalog.sensitivity(page), now)] : [])].map((signal) => {
    const verdict = judge(signal, setting, spoken ? about(signal) : [], rules);
    return { signal, verdict, weight: verdict.mode === 'none' ? 0 : strength(signal, now), row: rowOf(index, signal) };
  });
  /** Nobody is shown what is too personal for the place, and what is special only beside its like. */
  const personal = [...catalog.delicate()]
    .filter(([, degree]) => setting.visibility === 'public' || (degree === 'special' && !setting.delicate))
    .map(([id]) => id);
  const excluded = ineligible(index, known, now, setting, personal);
  const ranked = rank(index, known, size, excluded);
  const names: Names = { locale, site: site.name, prior, title: (s) => (catalog.get(s.item)?.title ?? s.title ?? s.topic) as string };
  return {
    ranked,
    excluded,
    pick(row, shares) {
      const decisive = decide(ranked, row, shares);
      const because = decisive && wording(decisive, names);
      const took = known.some((e, i) => !isPage(e) && (shares[i] as number) > 0);
      return {
        item: index.items[row] as Item,
        score: ranked.scores[row] as number,
        mode: modeOf(because, took),
        ...(because && { because }),
      };
    },
  };
}

function grouped<T>(things: Iterable<T>, keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing)) ?? [];
    group.push(thing);
    groups.set(keyOf(thing), group);
  }
  return groups;
}

const sameBecause = ({ because }: Pick) =>
  because ? [because.kind, because.topic ?? because.evidence.map((s) => s.key).join(), because.text].join('\n') : '';

/** Items that share a reason share a shelf; a reason of its own is said beside its item, on the shelf without a heading. */
function shelve(picks: readonly Pick[], most: number, size: number): Shelf[] {
  const rest: Pick[] = [];
  const shelves: Shelf[] = [];
  for (const group of grouped(picks, sameBecause).values()) {
    const because = group[0]?.because;
    if (because && group.length > 1 && shelves.length < most) shelves.push({ because, picks: group.slice(0, size) });
    else rest.push(...group);
  }
  rest.sort((a, b) => b.score - a.score);
  // One item alone is no shelf beside others.
  if (rest.length > Math.min(shelves.length, 1) && shelves.length < most) shelves.push({ picks: rest.slice(0, size) });
  return shelves;
}

const UNKNOWN: Trace = { excluded: 'unknown', score: 0, prior: 0, page: 0, contributions: [], mode: 'none' };

async function traceOf({ ranked, excluded, pick }: Answer, id: string, ledger: Ledger): Promise<Trace> {
  const { index, evidence, list } = ranked;
  const row = index.rows.get(id);
  if (row === undefined) return UNKNOWN;
  const behind = grouped(await all(ledger), keyOf);
  const shares = ranked.shares(row);
  const { because, ...picked } = pick(row, shares);
  const parts = evidence.map((e, i) => ({ ...e, share: shares[i] as number }));
  const place = list.indexOf(row) + 1;
  const why = excluded.get(row);
  return {
    ...picked,
    prior: index.prior[row] as number,
    page: parts.find(isPage)?.share ?? 0,
    contributions: parts
      .filter((e) => !isPage(e))
      .map(({ signal, verdict, share }) => ({ signal, verdict, share, evidence: behind.get(signal.key) ?? [] }))
      .sort((a, b) => b.share - a.share),
    ...(place > 0 && { place, ...(because && { because }) }),
    ...(why && { excluded: why }),
  };
}

/** How many, whatever was asked for. */
const count = (asked: unknown, otherwise: number) =>
  typeof asked !== 'number' || Number.isNaN(asked) ? otherwise : Math.max(0, Math.floor(asked));

/** What to show, and why. Whatever is asked, the answer is one. */
export function createAnswers(sources: Sources): globalThis.Pick<Fordi, 'recommend' | 'shelves' | 'explain'> {
  const { settings, ledger, ready } = sources;
  function ask<T>(asked: Request | undefined, say: (request: Request, size: number) => T | Promise<T>, otherwise: T): Promise<T> {
    const said = () => say({ ...asked }, slotOf(settings, { ...asked }).size);
    return ready.then(said).catch(() => otherwise);
  }
  const list = (request: Request, size: number) => {
    const { ranked, pick } = answer(sources, request, size);
    return ranked.list.map((row) => pick(row, ranked.shares(row)));
  };
  /** Shelves are cut from one long list. */
  const long = ({ size, limit }: Request, otherwise: number) => WIDER * count(limit, SHELVES) * count(size, otherwise);
  return {
    recommend: (request) => ask(request, (r, size) => list(r, count(r.limit, size)), []),
    shelves: (request) => ask(request, (r, size) => shelve(list(r, long(r, size)), count(r.limit, SHELVES), count(r.size, size)), []),
    explain: (id, request) =>
      ask(request, (r, size) => traceOf(answer(sources, r, r.size ? long(r, size) : count(r.limit, size)), id, ledger), UNKNOWN),
  };
}
