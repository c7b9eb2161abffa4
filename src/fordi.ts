import { mainTopic } from './about.js';
import { createAnswers } from './answer.js';
import { type Catalog, createCatalog } from './catalog.js';
import { blockIn, createChoose } from './choose.js';
import { askingOf, daysOf, givenIn, purposesOf, silentOf, standingsOf } from './consent.js';
import { receipts, setVoice } from './decision.js';
import { seenIn } from './fatigue.js';
import { createGate, type Gate, stop } from './gate.js';
import { readGpc } from './gpc.js';
import { keep, keepShown } from './keep.js';
import { all, createLedger, drop, forget, itemsBeside, type Ledger, load, newId, recall, sweep, type Today } from './ledger.js';
import { createEnd, look, lookAgain, start } from './look.js';
import { spelt } from './matrix.js';
import { readOptions } from './options.js';
import { createOutbox } from './outbox.js';
import { createPermission, type Permission } from './permission.js';
import { type Complain, sensitivityOf, sensitivityOfItem } from './policy.js';
import { createRights } from './rights.js';
import { choiceOf, factsOf, voiceOf } from './standing.js';
import { activated, createTabs } from './tabs.js';
import type { Event, Fordi, Item, Kept, Options, Rights, Sensitivity, Settings, State } from './types.js';

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

/**
 * "A, B and C"; made once, because making one is slow, and not before there is something to say: no notice waits for it. From
 * right to left each is isolated: a Latin title keeps its brackets.
 */
const lister = ({ lang, dir }: Settings['locale']) => {
  let format: Intl.ListFormat | undefined;
  return (words: readonly string[]) => {
    format ??= new Intl.ListFormat(lang, { type: 'conjunction' });
    return format.format(dir === 'rtl' ? words.map((word) => `\u2068${word}\u2069`) : words);
  };
};

/** What an owner's rule can do wrong: what happened, what was done about it, the fix. */
const WRONGS = {
  threw: 'threw; what it was asked about is not used. Let it return a mode, or undefined for no opinion.',
  nonsense: 'answered something else than none, implicit, explicit or undefined; what it was asked about is not used.',
  raised: 'tried to raise what was already lowered; ignored. Rules only lower: return undefined for no opinion.',
};

/** Says what the site's code did wrong, once, and without a word about the visitor. */
function createComplaints(changed: () => void) {
  const problems = new Set<string>();
  const report = (problem: string) => {
    if (problems.has(problem)) return;
    problems.add(problem);
    changed();
    console.error(`fordi: ${problem}`);
  };
  const complain: Complain = (rule, what) => report(`rules[${rule}] ${WRONGS[what]}`);
  return { problems, report, complain };
}

/** Those who want to know when an answer may differ. */
function createListeners() {
  const listeners = new Set<() => void>();
  return {
    tell: () => {
      for (const listener of [...listeners]) quietly(listener);
    },
    subscribe: (listener: () => void) => {
      if (typeof listener === 'function') listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear: () => listeners.clear(),
  };
}

/** The state, as far as permission makes it. */
function choicesOf(gate: Gate) {
  const { record, memory, settings, voice = 'explained' } = gate;
  const facts = factsOf(gate);
  const asking = askingOf(facts);
  return {
    choice: choiceOf(gate),
    choices: Object.fromEntries(purposesOf(settings).map((purpose) => [purpose, choiceOf(gate, purpose)])),
    given: givenIn(facts),
    standing: standingsOf(facts),
    silent: silentOf(facts),
    ...(asking && { asking }),
    paused: !!record?.paused,
    objections: record?.without ?? [],
    memory,
    voice,
    days: daysOf(record, settings),
    erasing: record?.erase === true,
  };
}

const keptIn = ({ known: { records }, damaged }: Ledger) => ({ records, damaged });

/** How personal it is to have to do with an item, known or not, or with a topic. */
const leastIn =
  ({ sensitive }: Settings) =>
  (item: Item | undefined, topic?: string): Sensitivity =>
    item ? sensitivityOfItem(item, sensitive) : sensitivityOf(`${topic}`, sensitive);

/** What somebody did is about, as the catalog has it today. */
const todayIn = (catalog: Catalog, { sensitive }: Settings): Today => ({
  leastOf: ({ item, topic }) => (item === undefined ? sensitivityOf(`${topic}`, sensitive) : catalog.sensitivity(catalog.get(item))),
  mainOf(id) {
    const item = catalog.get(id);
    return item && mainTopic(item);
  },
});

/** What has come to be more personal is looked for once the catalog has come. */
const BY_AGE: Today = { leastOf: () => 'ordinary', mainOf: () => undefined };

interface Sleeping {
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly catalog: Catalog;
  readonly life: { ready: boolean };
  readonly notify: () => void;
}

/** Reads what is on the device, then what the shop offers, then drops what is past its time. */
function wake({ gate, ledger, catalog, life, notify }: Sleeping): { readonly opened: Promise<void>; readonly ready: Promise<void> } {
  const begin = async () => {
    const later = activated();
    if (later) await later;
    await start(gate); // reads the choice before it first waits
    await load(ledger);
    await sweep(ledger, BY_AGE); // the shop's catalog may take its time, or never come
    life.ready = true;
    notify();
  };
  const opened = begin();
  const ready = Promise.all([opened, catalog.load()]).then(async () => {
    notify();
    await sweep(ledger, todayIn(catalog, ledger.settings));
    notify();
  });
  return { opened, ready };
}

/** The rooms of the house, furnished and connected. */
function furnish(settings: Settings) {
  const gpc = readGpc();
  const { tell, subscribe, clear } = createListeners();
  const life = { ready: false, stopped: false };
  let state: State | undefined;
  const { problems, report, complain } = createComplaints(() => {
    state = undefined;
  });
  const notify = () => {
    state = undefined;
    permission.settle();
    if (!life.stopped) end.wait();
    tell();
  };
  const changed = () => {
    notify();
    tabs.announce();
  };
  const catalog = createCatalog(settings.catalog, settings.sensitive);
  const gate: Gate = createGate({
    ...{ settings, gpc, newId, changed },
    drop: () => [drop(ledger), catalog.recall([])],
    tell: (receipt) => outbox.post(receipt),
  });
  const ledger = createLedger(gate, settings, catalog.recall);
  const relook = async () => {
    if (gate.missed) await gate.line; // a yes under way asks the disk itself, and would be called off
    if (life.stopped) return;
    const { missed } = gate;
    await look(gate);
    await load(ledger);
    await sweep(ledger, BY_AGE);
    notify();
    if (gate.missed === missed) gate.missed = 0; // it has answered, or there is no yes to ask it about
    again();
  };
  const again = () => life.stopped || lookAgain(gate, relook);
  const end = createEnd(gate, relook);
  const tabs = createTabs(relook, gate.device.close);
  const reload = () => load(ledger);
  const leastOf = leastIn(settings);
  const outbox = createOutbox(gate, settings.child ? undefined : settings.onReceipt);
  const permission = createPermission({ settings, gate, life, notify, reload, complain: report, opened: () => opened });
  const { opened, ready } = wake({ gate, ledger, catalog, life, notify });
  opened.then(outbox.resume).then(again);
  const get = () => {
    const shop = { catalog: catalog.report(), problems: [...problems] };
    state ??= { ready: life.ready, gpc, ...choicesOf(gate), ...permission.waiting(), ...keptIn(ledger), ...shop };
    return state;
  };
  return {
    settings,
    life,
    changed,
    notify,
    complain,
    report,
    catalog,
    gate,
    ledger,
    list: lister(settings.locale),
    permission: permission.permission,
    leastOf,
    opened,
    ready,
    get,
    subscribe,
    stop() {
      life.stopped = true;
      clear();
      permission.stop();
      tabs.stop();
      end.stop();
      outbox.stop();
      stop(gate);
    },
  };
}

type Answers = 'recommend' | 'shelves' | 'explain' | 'choose';
type Own = 'options' | 'ready' | 'get' | 'subscribe' | 'stop';

/** What is kept, and how it goes. The visitor's own records do not wait for the shop's catalog. */
function hear(rooms: ReturnType<typeof furnish>): Omit<Fordi, Answers | Own | keyof Permission | keyof Rights> {
  const { settings, gate, ledger, catalog, opened, changed, notify, life, get, leastOf } = rooms;
  const observe = async (happened: () => Event): Promise<Kept> => {
    if (life.stopped) return { kept: false, reason: 'stopped' };
    await opened;
    const { turn } = gate;
    if (choiceOf(gate) !== 'granted') return { kept: false, reason: 'no-permission' };
    await catalog.load();
    if (turn !== gate.turn) return { kept: false, reason: 'no-permission' }; // what happened before a yes is not kept after it
    try {
      const told = happened();
      const event = told.verb === 'declare' && told.topic ? { ...told, topic: spelt(catalog.index(), told.topic) } : told;
      const brought = typeof event.item === 'object' && event.item;
      const before = brought && catalog.get(brought.id);
      const item = brought ? catalog.add(brought) : catalog.get(event.item);
      const beside = catalog.toKeep(item);
      const kept = await keep(ledger, event, item, leastOf(item, event.topic), beside);
      // What was said of it before, and what was said for nothing, goes.
      if (beside && (!catalog.get(beside.id) || (brought && (before || !kept.kept)))) await recall(ledger);
      if (kept.kept) changed();
      return kept;
    } catch {
      return { kept: false, reason: 'invalid' };
    }
  };
  const evidence = () => opened.then(() => all(ledger));
  return {
    receipts: () => opened.then(() => receipts(gate)),
    setVoice: (voice) => opened.then(() => setVoice(gate, voice)),
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
      const [kept, proofs] = [await evidence(), await receipts(gate)];
      const { choice, voice } = get();
      const at = new Date().toISOString();
      const items = await itemsBeside(ledger);
      const by = (is: boolean) => kept.filter(({ provenance }) => (provenance === 'inferred') === is);
      const records = { evidence: by(false), inferred: by(true) };
      return { schema: 'fordi.export/2', site: settings.site.name, at, choice, voice, ...records, items, receipts: proofs };
    },
    async shown(picks) {
      await opened;
      if (life.stopped || voiceOf(gate) === 'off') return 0;
      try {
        const kept = await keepShown(ledger, seenIn(picks), (id) => blockIn(picks, id) ?? catalog.get(id), leastOf);
        if (kept) changed();
        return kept;
      } catch {
        return 0; // not what fordi gave out
      }
    },
    async add(items) {
      await catalog.load();
      const sound = (Array.isArray(items) ? items : []).filter((item) => catalog.add(item, true)).length;
      if (sound && ledger.items.size) await recall(ledger); // its word goes before what lies on the disk
      if (sound) {
        notify();
        await sweep(ledger, todayIn(catalog, settings));
      }
      return sound;
    },
    item: catalog.get,
  };
}

/** fordi by options that have been checked. */
export function assemble(settings: Settings): Fordi {
  const rooms = furnish(settings);
  const { ready, get, subscribe, stop } = rooms;
  const answers = createAnswers(rooms);
  return {
    options: settings,
    ready,
    get,
    subscribe,
    stop,
    ...rooms.permission,
    ...hear(rooms),
    ...createRights(rooms),
    ...answers,
    ...createChoose(rooms, answers.explain),
  };
}

/**
 * Starts fordi for this page. Throws a FordiError when an option is wrong; after that nothing throws. Nothing is stored,
 * and IndexedDB is not opened, before a grant.
 */
export const createFordi = (options: Options): Fordi => assemble(readOptions(options));
