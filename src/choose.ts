import { aboutItem } from './about.js';
import { type Answer, answer, type Sources, traceOf, UNKNOWN } from './answer.js';
import { createCatalog, readItem } from './catalog.js';
import { isObjected } from './consent.js';
import { VISIT } from './fatigue.js';
import { choiceOf, voiceOf } from './gate.js';
import { lower } from './policy.js';
import type { Because, Chosen, Fordi, Item, Mode, Request, Trace, Variant } from './types.js';

/** What lifts the first variant above nothing, and those after it a little less: without anything to go by, their order decides. */
const FIRST = 1e-4;

/** A variant and an item of one name are not the same. */
const nameOf = ({ id }: Variant) => `variant:${id}`;

/** Something is kept from before the visit that is going on. */
function isReturning({ gate, ledger }: Sources): boolean {
  if (choiceOf(gate) !== 'granted' || voiceOf(gate) === 'off') return false;
  const { began, last, signals } = ledger.known;
  const now = Date.now();
  const since = now - last < VISIT ? began : now;
  return [...signals.values()].some((s) => s.first < since && s.verb !== 'correct' && !isObjected(gate.record, s));
}

/** The variants as items, in their order, and why some may not be shown. */
function readVariants(sources: Sources, variants: readonly Variant[], page: Item | undefined) {
  const audience = isReturning(sources) ? 'returning' : 'new';
  const about = page ? [page.id, ...aboutItem(page)] : [];
  const barred = new Map<string, string>();
  const items = variants.flatMap((variant) => {
    if (!Array.isArray(Object(variant).context ?? [])) return [];
    const item = readItem({ ...variant, id: nameOf(variant), title: variant.title ?? variant.id });
    if (typeof item === 'string') return [];
    if ((variant.audience ?? audience) !== audience) barred.set(item.id, 'audience');
    else if (variant.context && !variant.context.some((one) => about.includes(one))) barred.set(item.id, 'context');
    return [item];
  });
  const lead = (i: number) => FIRST * (1 - i / items.length);
  return { items: items.map((item, i) => ({ ...item, prior: Math.max(item.prior ?? 0, lead(i)) })), barred };
}

/** The variants beside what the visitor and the page speak of: only these are needed to weigh them. */
function amongOf(sources: Sources, variants: readonly Variant[], request: Request) {
  const { catalog, ledger, settings } = sources;
  const page = catalog.get(request.context);
  const { items, barred } = readVariants(sources, variants, page);
  const own = createCatalog([], settings.sensitive, catalog.index().rare);
  for (const item of items) own.add(item, true);
  const delicate = [...own.delicate()];
  const beside = new Set([...ledger.known.signals.values()].map(({ item }) => catalog.get(item)).concat(page));
  for (const item of beside)
    if (item) {
      own.add({ ...item, neighbours: undefined }, true);
      barred.set(item.id, 'evidence');
    }
  return { index: own.index(), barred, delicate };
}

/** The shop's reason is for what the shop has a reason for; that somebody has been here before is used, and not said. */
function sayable({ mode, because }: { mode: Mode; because?: Because }, { prior, audience }: Variant) {
  return {
    mode: audience === 'returning' && lower(mode, 'implicit') === mode ? 'implicit' : mode,
    ...(because && (because.kind !== 'shop' || prior) && { because }),
  } as const;
}

function chosen<V extends Variant>({ ranked, pick }: Answer, variants: readonly V[]): Chosen<V> {
  const [row] = ranked.list;
  const variant = variants.find((one) => row !== undefined && nameOf(one) === ranked.index.items[row]?.id);
  if (!variant || row === undefined) return { mode: 'none' };
  return { variant, ...sayable(pick(row, ranked.shares(row)), variant) };
}

/** The trace of one variant, under its own id. */
async function traced(answer: Answer, variants: readonly Variant[], id: string, { ledger }: Sources): Promise<Trace> {
  const variant = variants.find((one) => Object(one).id === id);
  const trace = variant ? await traceOf(answer, nameOf(variant), ledger) : UNKNOWN;
  const { item, because: _, ...more } = trace;
  if (!variant || !item || more.excluded) return item ? { ...more, item: { ...item, id } } : UNKNOWN;
  return {
    ...more,
    item: { ...item, id },
    ...sayable(trace, variant),
    ...(variant.audience === 'returning' && { returning: true }),
  };
}

/** One of several blocks of content: a variant is an item with topics, under the same law as a shelf; asked why, too. */
export function createChoose(sources: Sources, explain: Fordi['explain']): Pick<Fordi, 'choose' | 'explain'> {
  const { ranking } = sources.settings;
  // The first variant's lead must count even where the owner lets no prior count.
  const settings = { ...sources.settings, ranking: { ...ranking, prior: Math.max(ranking.prior, 0.01), explore: 0, diversity: 0 } };
  const among = (variants: readonly Variant[], asked: Request) =>
    answer({ ...sources, settings }, asked, 1, amongOf(sources, variants, asked));
  return {
    choose: (slot, variants, request) =>
      sources.ready.then(() => chosen(among(variants, { ...request, slot }), variants)).catch(() => ({ mode: 'none' })),
    explain: (id, question) =>
      sources.ready
        .then(() => {
          const { variants, ...asked } = { ...question };
          return variants ? traced(among(variants, asked), variants, id, sources) : explain(id, asked);
        })
        .catch(() => UNKNOWN),
  };
}
