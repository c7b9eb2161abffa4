import { readItem } from './catalog.js';
import { isEvidence } from './signals.js';
import type { Evidence, Item, Neighbour, NotImported } from './types.js';
import { VERBS, WAYS } from './verbs.js';

/** How much of a file is looked at, as a multiple of what is kept at most: what is not sound takes no room. */
const LOOKED = 2;
const LONGEST_TITLE = 300;
/** Text of one item, and of all: a shop's own are far smaller. */
const LONGEST_ITEM = 200_000;
const LONGEST = 20_000_000;

const FIELDS = ['id', 'verb', 'item', 'topic', 'title', 'provenance', 'sensitivity', 'at', 'notice', 'until', 'value'] as const;

/** How much was left out, and why. */
export function createTally() {
  const counts = new Map<NotImported, number>();
  return {
    add: (reason: NotImported, count = 1) => counts.set(reason, (counts.get(reason) ?? 0) + count),
    list: () => [...counts].filter(([, count]) => count > 0).map(([reason, count]) => ({ reason, count })),
  };
}
export type Tally = ReturnType<typeof createTally>;

/** A plain copy of a record, each field read once; undefined where it is none. A date that is yet to come is today's. */
function readRecord(raw: unknown, now: number): Evidence | undefined {
  try {
    const record: Record<string, unknown> = {};
    for (const name of FIELDS) {
      const value = Object(raw)[name];
      if (value !== undefined) record[name] = value;
    }
    if (!isEvidence(record)) return undefined;
    const { title, item, topic, verb, provenance, at, notice } = record;
    const isOne = (item === undefined) !== (topic === undefined) && (title === undefined || item !== undefined);
    if (!isOne || notice.length > LONGEST_TITLE || WAYS.indexOf(provenance) < WAYS.indexOf(VERBS[verb].from)) return undefined;
    return { ...record, at: Math.min(at, now), ...(title && { title: title.slice(0, LONGEST_TITLE) }) };
  } catch {
    return undefined; // a getter that throws
  }
}

/** An address of this site, or none: what comes in a file must not lead, or call, elsewhere. */
function isNear(url: string | undefined, page: string): boolean {
  try {
    return url === undefined || new URL(url, page).origin === new URL(page).origin;
  } catch {
    return false;
  }
}

/** What a file says of an item, as plain data. */
function readSaid(raw: unknown, page: string, tally: Tally): { readonly item: Item; readonly size: number } | undefined {
  try {
    const text = JSON.stringify(raw);
    const item = text.length > LONGEST_ITEM ? 'size' : readItem(JSON.parse(text));
    if (typeof item === 'string') return undefined;
    const home = <T extends Item | Neighbour>({ url, image, ...rest }: T) => {
      const [isUrl, isImage] = [isNear(url, page), isNear(image, page)];
      tally.add('foreign', +!isUrl + +!isImage);
      return { ...rest, ...(url !== undefined && isUrl && { url }), ...(image !== undefined && isImage && { image }) };
    };
    const { neighbours } = item;
    const cards = Array.isArray(neighbours) && { neighbours: (neighbours as readonly Neighbour[]).map(home) as Neighbour[] };
    return { item: { ...home(item), ...cards } as Item, size: text.length };
  } catch {
    return undefined; // contains itself, is too deep, or throws
  }
}

/** What a file says of those items that records speak of. */
function readItems(raw: readonly unknown[], isWanted: (id: unknown) => boolean, page: string, tally: Tally): Map<string, Item> {
  const found = new Map<string, Item>();
  let room = LONGEST;
  for (const one of raw) {
    const said = readSaid(one, page, tally);
    if (!said || !isWanted(said.item.id) || found.has(said.item.id)) continue;
    room -= said.size;
    if (room > 0) found.set(said.item.id, said.item);
  }
  return found;
}

export interface Copy {
  /** The newest first, as in the file. */
  readonly records: readonly Evidence[];
  readonly items: ReadonlyMap<string, Item>;
}

/** What can be read of a file; the reason where it is none of this site's. Whatever it holds, nothing throws and nothing of it runs later. */
export function readCopy(
  data: unknown,
  site: string,
  { most, now, page, tally }: { readonly most: number; readonly now: number; readonly page: string; readonly tally: Tally },
): Copy | 'schema' | 'other-site' {
  try {
    const { schema, site: from, evidence, inferred = [], items = [] } = Object(typeof data === 'string' ? JSON.parse(data) : data);
    if (!/^fordi\.export\/[12]$/.test(schema) || ![evidence, inferred, items].every(Array.isArray)) return 'schema';
    if (from !== site) return 'other-site';
    const looked = [evidence, inferred].flatMap((list) => Array.from(list.slice(0, LOOKED * most), (one) => readRecord(one, now)));
    const records = looked.filter((one) => one !== undefined);
    tally.add('too-many', evidence.length + inferred.length - looked.length);
    tally.add('unsound', looked.length - records.length);
    const spoken = new Set(records.map(({ item }) => item));
    return { records, items: readItems(items.slice(0, LOOKED * most), (id) => spoken.has(id as string), page, tally) };
  } catch {
    return 'schema';
  }
}
