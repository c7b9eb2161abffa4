import { aboutItem } from './about.js';
import { type Answer, type Path, type Rooms, type Sources, steps, traceOf, UNKNOWN, walk } from './answer.js';
import { createCatalog, readBlock } from './catalog.js';
import { isObjected } from './consent.js';
import { endedIn } from './eligible.js';
import { interestIn, nameOf, type Tired, tiredItems, VISIT } from './fatigue.js';
import { isMeant, type Ledger } from './ledger.js';
import { lower } from './policy.js';
import { isPage } from './signals.js';
import { choiceOf, voiceOf } from './standing.js';
import type { Because, Chosen, Evidence, Fordi, Item, Mode, Request, Signal, Trace, Variant } from './types.js';

/** What lifts the first variant above nothing, and those after it a little less: without anything to go by, their order decides. */
const FIRST = 1e-4;

const hasName = (variant: Variant) => typeof Object(variant).id === 'string';

/** A block as an item, under its name among records; else the field of it that is not sound. */
const blockOf = (variant: Variant): Item | string =>
  hasName(variant) ? readBlock({ ...variant, id: nameOf(variant), title: variant.title ?? variant.id }) : 'id';

/** The block of that name among what was seen. */
export function blockIn(seen: readonly unknown[], name: unknown): Item | undefined {
  const variant = seen.map((one) => Object(one).variant).find((one) => hasName(one) && nameOf(one) === name);
  const item = variant && blockOf(variant);
  return typeof item === 'string' ? undefined : item;
}

/** What a choice rests on: what is chosen and what is said of it are of one moment, however long the page takes its turns. */
type Asked = Sources & Required<Pick<Sources, 'now'>>;

/** Something is kept from before the visit that is going on. */
function isReturning({ gate, ledger, now }: Asked): boolean {
  if (choiceOf(gate) !== 'granted' || voiceOf(gate) === 'off') return false;
  const { began, last, signals } = ledger.known;
  const since = now - last < VISIT ? began : now;
  return [...signals.values()].some((s) => s.first < since && s.verb !== 'correct' && !isObjected(gate.record, s));
}

/** The variants as items, in their order, why some may not be shown, and the one that never rests: the first for nobody in particular, what strangers see. */
function readVariants(sources: Asked, variants: readonly Variant[], page: Item | undefined) {
  const audience = isReturning(sources) ? 'returning' : 'new';
  const about = page ? [page.id, ...aboutItem(page)] : [];
  const barred = new Map<string, string>();
  let plain: string | undefined;
  const items = variants.flatMap((variant) => {
    if (!Array.isArray(Object(variant).context ?? [])) return [];
    const item = blockOf(variant);
    if (typeof item === 'string') return [];
    if (!variant.audience && !variant.context && !aboutItem(item).length && !endedIn(item, sources.now)) plain ??= item.id;
    if ((variant.audience ?? audience) !== audience) barred.set(item.id, 'audience');
    else if (variant.context && !variant.context.some((one) => about.includes(one))) barred.set(item.id, 'context');
    return [item];
  });
  const lead = (i: number) => FIRST * (1 - i / items.length);
  return { items: items.map((item, i) => ({ ...item, prior: Math.max(item.prior ?? 0, lead(i)) })), barred, plain };
}

/** What speaks for something is about this; what speaks against it is no interest. */
const speaking =
  ({ catalog, settings: { verbs } }: Sources) =>
  ({ verb, weight, item, topic }: Signal): readonly string[] => {
    if (verbs[verb].weight * weight <= 0) return [];
    const known = catalog.get(item);
    return known ? aboutItem(known) : topic === undefined ? [] : [topic];
  };

/** The variants beside what the visitor and the page speak of: only these are needed to weigh them. */
function amongOf(sources: Asked, variants: readonly Variant[], request: Request) {
  const { catalog, ledger, settings } = sources;
  const page = catalog.get(request.context);
  const { items, barred, plain } = readVariants(sources, variants, page);
  const wanted = interestIn(new Map(items.map((item) => [item.id, aboutItem(item)])), speaking(sources));
  const tired: Tired = (...of) => tiredItems(...of, wanted).filter((name) => name !== plain);
  const own = createCatalog([], settings.sensitive, catalog.index().rare);
  for (const item of items) own.add(item, true, true);
  const delicate = [...own.delicate()];
  const beside = new Set([...ledger.known.signals.values()].map(({ item }) => catalog.get(item)).concat(page));
  for (const item of beside)
    if (item) {
      own.add({ ...item, neighbours: undefined }, true);
      barred.set(item.id, 'evidence');
    }
  return { index: own.index(), barred, delicate, tired };
}

const topOf = ({ ranked: { list, index } }: Answer) => (list[0] === undefined ? undefined : index.items[list[0]]?.id);

function* among(sources: Asked, variants: readonly Variant[], asked: Request): Path<Answer> {
  const those = amongOf(sources, variants, asked);
  yield;
  return yield* steps(sources, asked, 1, those);
}

/**
 * The ledger without what is cited, once or twice: a visit that loses some of its records may fall apart, and where its last
 * part begins is not known without all of them; not before the whole did, and not after what is left last.
 */
function without({ known, ...ledger }: Ledger, cited: readonly Signal[]): Ledger[] {
  const signals = new Map([...known.signals].filter(([, signal]) => !cited.some((one) => isMeant(one, signal))));
  const last = Math.max(0, ...[...signals.values()].map((left) => left.last));
  const whole = { ...known, signals };
  const isApart = [...known.signals].some(([key, gone]) => !signals.has(key) && gone.last >= known.began);
  return [whole, ...(isApart ? [{ ...whole, began: last, last }] : [])].map((one) => ({ ...ledger, known: one }));
}

/**
 * Whether another block is chosen without what is cited. With it goes what keeps others awake, and perhaps all that is left of
 * an earlier visit, or what held this one together; with the page go the blocks that are there for it. So it is asked as if it
 * were forgotten, or elsewhere.
 */
function* isTrue(sources: Asked, variants: readonly Variant[], asked: Request, { kind, evidence }: Because, chosen: Answer): Path<boolean> {
  if (kind === 'shop') return true;
  const stored = evidence.filter((signal) => !isPage(signal));
  const { context: _, ...elsewhere } = asked;
  const there = kind === 'page' || stored.length < evidence.length ? elsewhere : asked;
  const all = stored.length ? without(sources.ledger, stored) : [sources.ledger];
  const ledgers = variants.some((one) => Object(one).audience) ? all : all.slice(0, 1);
  for (const ledger of ledgers) {
    yield;
    if (topOf(yield* among({ ...sources, ledger }, variants, there)) === topOf(chosen)) return false;
  }
  return true;
}

/** The shop's reason is for what the shop has a reason for; that somebody has been here before is used, and not said. */
function* sayable(
  { mode, because }: { mode: Mode; because?: Because },
  { prior, audience }: Variant,
  holds: (because: Because) => Path<boolean>,
): Path<{ mode: Mode; because?: Because }> {
  if (because && !(yield* holds(because))) return { mode: 'implicit' } as const;
  return {
    mode: audience === 'returning' && lower(mode, 'implicit') === mode ? 'implicit' : mode,
    ...(because && (because.kind !== 'shop' || prior) && { because }),
  } as const;
}

/** What is chosen, and how it is traced, each under its own id. */
function* choice<V extends Variant>(given: Sources, variants: readonly V[], asked: Request) {
  const sources = { ...given, now: Date.now() };
  const made = yield* among(sources, variants, asked);
  const { ranked, pick } = made;
  const holds = (because: Because) => isTrue(sources, variants, asked, because, made);
  return {
    *chosen(): Path<Chosen<V>> {
      const [row] = ranked.list;
      const variant = variants.find((one) => row !== undefined && hasName(one) && nameOf(one) === topOf(made));
      if (!variant || row === undefined) return { mode: 'none' };
      return { variant, ...(yield* sayable(pick(row), variant, holds)) };
    },
    *trace(id: string, records: readonly Evidence[]): Path<Trace> {
      const variant = variants.find((one) => Object(one).id === id);
      const trace = variant ? traceOf(made, nameOf(variant), sources.ledger, records) : UNKNOWN;
      const { item, because: _, ...more } = trace;
      if (!variant || !item || more.excluded) return item ? { ...more, item: { ...item, id } } : UNKNOWN;
      return {
        ...more,
        item: { ...item, id },
        ...(yield* sayable(trace, variant, holds)),
        ...(variant.audience === 'returning' && { returning: true }),
      };
    },
  };
}

/** One of several blocks of content: a variant is an item with topics, under the same law as a shelf; asked why, too. */
export function createChoose(given: Rooms, explain: Fordi['explain']): Pick<Fordi, 'choose' | 'explain'> {
  const { ranking } = given.settings;
  // The first variant's lead must count even where the owner lets no prior count.
  const settings = { ...given.settings, ranking: { ...ranking, prior: Math.max(ranking.prior, 0.01), explore: 0, diversity: 0 } };
  const rooms = { ...given, settings, idle: new WeakMap() };
  return {
    choose: (slot, given, request) =>
      rooms.ready
        .then(() => {
          const [variants, asked] = [[...given], { ...request, slot }];
          return walk(rooms, function* (sources) {
            return yield* (yield* choice(sources, variants, asked)).chosen();
          });
        })
        .catch(() => ({ mode: 'none' })),
    explain: (id, question) =>
      rooms.ready
        .then(() => {
          const { variants, ...asked } = { ...question };
          if (!variants) return explain(id, asked);
          const those = [...variants];
          const tell = function* (sources: Sources, records: readonly Evidence[]) {
            return yield* (yield* choice(sources, those, asked)).trace(id, records);
          };
          return walk(rooms, tell, true);
        })
        .catch(() => UNKNOWN),
  };
}
