import { answer, shelve, sizeOf, traceOf, type World } from './answer.js';
import { Catalog } from './catalog.js';
import { Gate } from './gate.js';
import { readGpc } from './gpc.js';
import { Ledger, newId } from './ledger.js';
import { FordiError, readOptions } from './options.js';
import { aboutItem } from './rank.js';
import { choiceRecord } from './storage.js';
import { createTabs } from './tabs.js';
import type { Event, Export, Fordi, Item, Kept, Options, Pick, Purpose, Receipt, Request, Settings, State, Via } from './types.js';

/** Shelves per answer where nothing else is asked for. */
const SHELVES = 3;
/** Shelves are cut from a list this much longer, so that one strong taste does not crowd the others out. */
const WIDER = 2;

/** A listener of the page's that throws is the page's affair, and is reported as such, outside of ours. */
function quietly(call: () => void): void {
  try {
    call();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

/** The rooms of the house, furnished and connected. */
function furnish(settings: Settings) {
  const now = () => Date.now();
  const gpc = readGpc();
  const listeners = new Set<() => void>();
  const life = { ready: false, stopped: false };
  let state: State | undefined;
  const notify = () => {
    state = undefined;
    for (const listener of [...listeners]) quietly(listener);
  };
  const changed = () => {
    notify();
    tabs.announce();
  };
  const catalog = new Catalog(settings.catalog);
  const gate: Gate = new Gate({ settings, gpc, now, newId, changed, drop: () => ledger.drop() });
  const ledger = new Ledger(gate, settings, now);
  const look = async () => {
    if (life.stopped) return;
    await gate.recheck();
    await ledger.load();
    notify();
  };
  const tabs = createTabs(look);
  const unwatch = choiceRecord.watch(look);
  const own = async () => {
    await gate.start();
    await ledger.load();
  };
  const opened = own().catch(() => {});
  const ready: Promise<void> = Promise.all([opened, catalog.load()]).then(() => {
    life.ready = true;
    notify();
    ledger.sweep().catch(() => {});
  });
  const get = (): State => {
    state ??= {
      ready: life.ready,
      choice: gate.state(),
      memory: gate.memory,
      voice: gate.voice ?? 'explained',
      gpc,
      records: ledger.records,
      damaged: ledger.damaged,
      erasing: !!gate.record?.erase,
      catalog: catalog.report,
    };
    return state;
  };
  const stop = () => {
    life.stopped = true;
    listeners.clear();
    tabs.stop();
    unwatch();
    gate.stop();
  };
  return { settings, now, listeners, life, changed, catalog, gate, ledger, opened, ready, get, stop };
}

type Rooms = ReturnType<typeof furnish>;

/** Yes, no, and no longer. */
function permission({ settings, gate, life, opened }: Rooms) {
  const tell = (receipt: Receipt) => quietly(() => settings.onReceipt?.(receipt));
  const end = (to: 'refused' | 'withdrawn', via: Via = 'page') => {
    const { receipt, erased } = gate.end(to, via);
    tell(receipt);
    return { receipt, erased };
  };
  return {
    choice: (purpose: Purpose = 'personalization') => (purpose === 'personalization' ? gate.state() : 'refused'),
    async grant(purposes: readonly Purpose[] = ['personalization'], { via = 'page' }: { readonly via?: Via } = {}) {
      if (life.stopped) return { granted: false, reason: 'stopped' } as const;
      if (purposes.length !== 1 || purposes[0] !== 'personalization') return { granted: false, reason: 'unknown-purpose' } as const;
      const granted = await opened.then(() => gate.grant(via));
      if (granted.granted) tell(granted.receipt);
      return granted;
    },
    refuse: async (how?: { readonly via?: Via }) => end('refused', how?.via).receipt,
    withdraw: (how?: { readonly via?: Via }) => end('withdrawn', how?.via).erased,
    receipts: () => gate.receipts(),
    setVoice: (voice: State['voice']) => gate.setVoice(voice),
  };
}

/** What is kept, and how it goes. */
function memory({ settings, gate, ledger, catalog, now, ready, changed, life, get }: Rooms) {
  const itemOf = (item: unknown): Item | undefined => (typeof item === 'string' ? catalog.get(item) : item ? catalog.add(item) : undefined);
  const observe = async (event: Event): Promise<Kept> => {
    if (life.stopped) return { kept: false, reason: 'stopped' };
    await ready;
    try {
      const item = itemOf(event.item);
      const kept = await ledger.keep(event, item, item ? aboutItem(item) : []);
      if (kept.kept) changed();
      return kept;
    } catch {
      return { kept: false, reason: 'invalid' };
    }
  };
  const evidence = () => ready.then(() => ledger.all()).catch(() => []);
  return {
    observe,
    declare: (interest: { readonly topic: string; readonly value?: number }) => observe({ ...interest, verb: 'declare' }),
    evidence,
    async forget(what: Parameters<Fordi['forget']>[0]) {
      const gone = await ready.then(() => ledger.forget(what)).catch(() => 0);
      if (gone) changed();
      return gone;
    },
    async export(): Promise<Export> {
      const { choice, voice } = get();
      const at = new Date(now()).toISOString();
      return {
        schema: 'fordi.export/1',
        site: settings.site.name,
        at,
        choice,
        voice,
        evidence: await evidence(),
        receipts: await gate.receipts(),
      };
    },
    item: (id: string) => catalog.get(id),
  };
}

/** What to show, and why. */
function answers({ settings, gate, ledger, catalog, now, ready }: Rooms) {
  const world = (): World => {
    const granted = gate.state() === 'granted';
    return {
      settings,
      catalog,
      now: now(),
      signals: granted ? [...ledger.signals.values()] : [],
      voice: granted ? gate.voice : undefined,
      grantedAt: gate.record?.epoch ?? 0,
    };
  };
  const list = async (request: Request, size: number): Promise<Pick[]> => {
    await ready;
    const { ranked, pick } = answer(world(), request, size);
    return ranked.list.map(pick);
  };
  const sized = ({ slot = 'default' }: Request) => sizeOf(settings, slot);
  return {
    recommend: (request: Request = {}) => list(request, request.limit ?? sized(request)).catch(() => []),
    async shelves(request: Request = {}) {
      const { limit = SHELVES, size = sized(request) } = request;
      return list(request, WIDER * limit * size).then(
        (picks) => shelve(picks, limit, size),
        () => [],
      );
    },
    async explain(id: string, request: Request = {}) {
      await ready;
      const size = request.size ? WIDER * request.size * (request.limit ?? SHELVES) : (request.limit ?? sized(request));
      return traceOf(answer(world(), request, size), id, await ledger.all());
    },
  };
}

/**
 * Starts fordi for this page. Throws a FordiError when an option is wrong; after that nothing throws. Nothing is stored,
 * and IndexedDB is not opened, before a grant.
 */
export function createFordi(options: Options): Fordi {
  const rooms = furnish(readOptions(options));
  const { settings, listeners, get, ready, stop } = rooms;
  return {
    options: settings,
    ready,
    get,
    stop,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ...permission(rooms),
    ...memory(rooms),
    ...answers(rooms),
  };
}

export { FordiError };
