import { createAnswers } from './answer.js';
import { createCatalog } from './catalog.js';
import { choiceOf, createGate, end, grant, look, receipts, setVoice, start, stop } from './gate.js';
import { readGpc } from './gpc.js';
import { createLedger, type Ledger, newId } from './ledger.js';
import { FordiError, readOptions } from './options.js';
import { aboutItem } from './rank.js';
import { createTabs } from './tabs.js';
import type { Event, Fordi, Kept, Options, Receipt, State, Via } from './types.js';

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

const VIAS: readonly unknown[] = ['notice', 'panel', 'page'];

function viaOf(how: unknown): Via {
  try {
    const { via } = Object(how);
    return VIAS.includes(via) ? via : 'page';
  } catch {
    return 'page';
  }
}

/**
 * Starts fordi for this page. Throws a FordiError when an option is wrong; after that nothing throws. Nothing is stored,
 * and IndexedDB is not opened, before a grant.
 */
export function createFordi(options: Options): Fordi {
  const settings = readOptions(options);
  const gpc = readGpc();
  const listeners = new Set<() => void>();
  let isReady = false;
  let stopped = false;
  let decisions = 0;
  let state: State | undefined;

  const notify = () => {
    state = undefined;
    for (const listener of [...listeners]) quietly(listener);
  };
  const changed = () => {
    notify();
    tabs.announce();
  };
  const catalog = createCatalog(settings.catalog);
  const gate = createGate({ settings, gpc, newId, changed, drop: () => ledger.drop() });
  const ledger: Ledger = createLedger(gate, settings);
  const tabs = createTabs(async () => {
    if (stopped) return;
    await look(gate);
    await ledger.load();
    notify();
  });

  const opened = start(gate).then(ledger.load);
  const ready: Promise<void> = Promise.all([opened, catalog.load()]).then(() => {
    isReady = true;
    notify();
    ledger.sweep();
  });
  const get = (): State => {
    const { record, memory, voice = 'explained' } = gate;
    state ??= {
      ready: isReady,
      choice: choiceOf(gate),
      memory,
      voice,
      gpc,
      records: ledger.known().records,
      damaged: ledger.damaged(),
      erasing: !!record?.erase,
      catalog: catalog.report(),
    };
    return state;
  };

  const tell = (receipt: Receipt) => quietly(() => settings.onReceipt?.(receipt));
  const ended = (to: 'refused' | 'withdrawn', how: unknown) => {
    decisions++;
    const { receipt, erased } = end(gate, to, viaOf(how));
    tell(receipt);
    return { receipt, erased };
  };
  const observe = async (happened: () => Event): Promise<Kept> => {
    if (stopped) return { kept: false, reason: 'stopped' };
    await ready;
    try {
      const event = happened();
      const item = typeof event.item === 'string' ? catalog.get(event.item) : event.item && catalog.add(event.item);
      const kept = await ledger.keep(event, item, item ? aboutItem(item) : []);
      if (kept.kept) changed();
      return kept;
    } catch {
      return { kept: false, reason: 'invalid' };
    }
  };
  const evidence = () => opened.then(ledger.all);

  return {
    options: settings,
    ready,
    get,
    subscribe(listener) {
      if (typeof listener === 'function') listeners.add(listener);
      return () => listeners.delete(listener);
    },
    choice: (purpose = 'personalization') => (purpose === 'personalization' ? choiceOf(gate) : 'refused'),
    async grant(purposes = ['personalization'], how = {}) {
      if (stopped) return { granted: false, reason: 'stopped' };
      if (!Array.isArray(purposes) || purposes.length !== 1 || purposes[0] !== 'personalization')
        return { granted: false, reason: 'unknown-purpose' };
      const via = viaOf(how);
      const mine = ++decisions;
      await opened;
      if (mine !== decisions) return { granted: false, reason: 'superseded' };
      const granted = await grant(gate, via);
      if (granted.granted) tell(granted.receipt);
      return granted;
    },
    refuse: async (how) => ended('refused', how).receipt,
    withdraw: (how) => ended('withdrawn', how).erased,
    receipts: () => receipts(gate),
    setVoice: (voice) => setVoice(gate, voice),
    observe: (event) => observe(() => event),
    declare: (interest) => observe(() => ({ ...interest, verb: 'declare' })),
    evidence,
    async forget(what) {
      await opened;
      const gone = await ledger.forget(what);
      if (gone) changed();
      return gone;
    },
    async export() {
      const { choice, voice } = get();
      return {
        schema: 'fordi.export/1',
        site: settings.site.name,
        at: new Date().toISOString(),
        choice,
        voice,
        evidence: await evidence(),
        receipts: await receipts(gate),
      };
    },
    item: catalog.get,
    ...createAnswers({ settings, gate, ledger, catalog, ready }),
    stop() {
      stopped = true;
      listeners.clear();
      tabs.stop();
      stop(gate);
    },
  };
}

export { FordiError };
