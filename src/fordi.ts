import { createAnswers } from './answer.js';
import { createCatalog } from './catalog.js';
import { choiceOf, createGate, end, type Gate, grant, look, receipts, setVoice, start, stop } from './gate.js';
import { readGpc } from './gpc.js';
import { all, createLedger, drop, forget, keep, load, newId, sweep } from './ledger.js';
import { FordiError, readOptions } from './options.js';
import { sensitivityOf } from './policy.js';
import { activated, createTabs } from './tabs.js';
import type { Event, Fordi, Kept, Options, Receipt, Settings, State, Via } from './types.js';

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

/** The rooms of the house, furnished and connected. */
function furnish(settings: Settings) {
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
  const catalog = createCatalog(settings.catalog, (topic) => sensitivityOf([topic], settings.sensitive));
  const gate: Gate = createGate({ settings, gpc, newId, changed, drop: () => [drop(ledger), catalog.drop()] });
  const ledger = createLedger(gate, settings);
  const tabs = createTabs(async () => {
    if (life.stopped) return;
    await look(gate);
    await load(ledger);
    notify();
  }, gate.device.close);
  const begin = async () => {
    const later = activated();
    if (later) await later;
    await start(gate); // reads the choice before it first waits
    await load(ledger);
    life.ready = true;
    notify();
  };
  const opened = begin();
  const ready: Promise<void> = Promise.all([opened, catalog.load()]).then(async () => {
    notify();
    await sweep(ledger);
    notify();
  });
  const get = (): State => {
    const { record, memory, voice = 'explained' } = gate;
    state ??= {
      ready: life.ready,
      choice: choiceOf(gate),
      memory,
      voice,
      gpc,
      records: ledger.known.records,
      damaged: ledger.damaged,
      erasing: !!record?.erase,
      catalog: catalog.report(),
    };
    return state;
  };
  const subscribe = (listener: () => void) => {
    if (typeof listener === 'function') listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    settings,
    life,
    changed,
    catalog,
    gate,
    ledger,
    opened,
    ready,
    get,
    subscribe,
    stop() {
      life.stopped = true;
      listeners.clear();
      tabs.stop();
      stop(gate);
    },
  };
}

type Answers = 'recommend' | 'shelves' | 'explain';
type Own = 'options' | 'ready' | 'get' | 'subscribe' | 'stop';

/** Yes, no, and no longer; what is kept, and how it goes. The visitor's own records do not wait for the shop's catalog. */
function hear(rooms: ReturnType<typeof furnish>): Omit<Fordi, Answers | Own> {
  const { settings, gate, ledger, catalog, ready, opened, changed, life, get } = rooms;
  let decisions = 0;
  const tell = (receipt: Receipt) => quietly(() => settings.onReceipt?.(receipt));
  const ended = (to: 'refused' | 'withdrawn', how: unknown) => {
    decisions++;
    const { receipt, erased } = end(gate, to, viaOf(how));
    tell(receipt);
    return { receipt, erased };
  };
  const observe = async (happened: () => Event): Promise<Kept> => {
    if (life.stopped) return { kept: false, reason: 'stopped' };
    await opened;
    const { turn } = gate;
    if (choiceOf(gate) !== 'granted') return { kept: false, reason: 'no-permission' };
    await catalog.load();
    if (turn !== gate.turn) return { kept: false, reason: 'no-permission' }; // what happened before a yes is not kept after it
    try {
      const event = happened();
      const item = typeof event.item === 'string' ? catalog.get(event.item) : event.item && catalog.add(event.item);
      const kept = await keep(
        ledger,
        event,
        item,
        item ? catalog.sensitivity(item) : sensitivityOf([`${event.topic}`], settings.sensitive),
      );
      if (kept.kept) changed();
      return kept;
    } catch {
      return { kept: false, reason: 'invalid' };
    }
  };
  const evidence = () => opened.then(() => all(ledger));
  return {
    choice: (purpose = 'personalization') => (purpose === 'personalization' ? choiceOf(gate) : 'refused'),
    async grant(purposes = ['personalization'], how = {}) {
      if (life.stopped) return { granted: false, reason: 'stopped' };
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
      const gone = await forget(ledger, what);
      if (gone) changed();
      return gone;
    },
    async export() {
      const { choice, voice } = get();
      const [kept, proofs] = [await evidence(), await receipts(gate)];
      const at = new Date().toISOString();
      return { schema: 'fordi.export/1', site: settings.site.name, at, choice, voice, evidence: kept, receipts: proofs };
    },
    item: catalog.get,
  };
}

/**
 * Starts fordi for this page. Throws a FordiError when an option is wrong; after that nothing throws. Nothing is stored,
 * and IndexedDB is not opened, before a grant.
 */
export function createFordi(options: Options): Fordi {
  const rooms = furnish(readOptions(options));
  const { settings, ready, get, subscribe, stop } = rooms;
  return { options: settings, ready, get, subscribe, stop, ...hear(rooms), ...createAnswers(rooms) };
}

export { FordiError };
