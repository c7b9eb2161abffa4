import { decidingAll, givenIn, isDeclared, isGiven, isOutdated, PERSONAL, purposesOf, type Said, servicesOf } from './consent.js';
import { grant, note } from './decision.js';
import { type Ending, end, type Gate, type Rest, restart, type Seal } from './gate.js';
import { isBarred, runOut } from './look.js';
import { unlessSince } from './noes.js';
import { choiceOf, factsOf, freshly } from './standing.js';
import type { ChoiceState, Choices, Fordi, Granted, How, Purpose, Question, Settings, State, Told, Via } from './types.js';
import { createUndo } from './undo.js';

/** What permission is given, taken and asked with. */
export type Permission = Pick<Fordi, 'choice' | 'grant' | 'refuse' | 'withdraw' | 'decide' | 'ask' | 'heed' | 'manage'>;

export interface Means {
  readonly settings: Settings;
  readonly gate: Gate;
  /** The choice and the compact record have been read. */
  readonly opened: () => Promise<unknown>;
  readonly life: { readonly stopped: boolean };
  /** Answers may differ; other tabs are not concerned. */
  readonly notify: () => void;
  /** Reads what is kept, after the gate has been opened anew. */
  readonly reload: () => Promise<boolean>;
  /** Hears what the page's code did wrong, said once. */
  readonly complain: (problem: string) => void;
}

const VIAS: readonly unknown[] = ['notice', 'panel', 'page', 'ask'];

/** How a choice came about, once it has been read. */
interface Heard extends How {
  readonly via: Via;
  readonly purposes?: readonly unknown[];
}

/** What the page's code says of how a choice came about; its getters may throw. */
function readHow(how: unknown): Heard {
  try {
    const { via, text, purposes } = Object(how);
    const said = VIAS.includes(via) ? via : 'page';
    return { via: said, ...(typeof text === 'string' && { text }), ...(Array.isArray(purposes) && { purposes }) };
  } catch {
    return { via: 'page' };
  }
}

/** What an act says, purpose by purpose; nothing where it is no such thing. */
function readChoices(choices: unknown, against: (purpose: Purpose) => 'refused' | 'withdrawn'): Record<Purpose, Said> {
  const said: Record<Purpose, Said> = {};
  try {
    for (const [purpose, choice] of Object.entries(Object(choices) as Choices)) {
      const { granted, services = {} } = typeof choice === 'boolean' ? { granted: choice } : Object(choice);
      const all = [granted, ...Object.values(services)].filter((x) => x !== undefined);
      if (!all.length || !all.every((x) => typeof x === 'boolean')) return {};
      said[purpose] = { state: granted === undefined ? undefined : granted ? 'granted' : against(purpose), services: { ...services } };
    }
    return said;
  } catch {
    return {};
  }
}

/** What an act says, purpose by purpose. */
type Saying = Readonly<Record<Purpose, Said>>;

/** The no to all of a purpose, where it is one. */
const noIn = ({ state }: Said) => (state === 'granted' ? undefined : state);

const wants = ({ state, services = {} }: Said) => state === 'granted' || Object.values(services).includes(true);

type Tells = Readonly<Record<Purpose, Told>>;

const TELLS: readonly unknown[] = ['granted', 'denied', 'silent', 'pending'];

/** What a tool says, purpose by purpose. What is none of these words, or cannot be read, is a no. */
function readTold(told: unknown): Tells {
  try {
    return Object.fromEntries(
      Object.entries(Object(told)).map(([purpose, one]) => [purpose, TELLS.includes(one) ? (one as Told) : 'denied']),
    );
  } catch {
    return {};
  }
}

/** Several tools on one page: the strictest counts, and what one of them does not know is denied. */
function strictest(tools: readonly Tells[], purpose: Purpose): Told {
  const told = tools.map((one) => (Object.hasOwn(one, purpose) ? (one[purpose] as Told) : 'denied'));
  const [any] = (['denied', 'silent', 'pending'] as const).filter((answer) => told.includes(answer));
  return any ?? (told.length ? 'granted' : 'pending');
}

interface Put {
  readonly question: Question;
  /** What was chosen when it was put. */
  readonly was: ChoiceState;
  readonly resolve: (() => void)[];
}

/** Nobody has said anything that holds. */
const isOpen = (state: ChoiceState) => state === 'unset' || state === 'expired';
const isAnswer = (was: ChoiceState, is: ChoiceState) => is !== was && !isOpen(is);

/** Somebody has, but to another notice. */
const isStale = (gate: Gate, purpose: Purpose) => !isOpen(choiceOf(gate, purpose)) && isOutdated(factsOf(gate), purpose);

/** Questions put where their answer is needed, and who waits for it. */
function createQuestions(gate: Gate, notify: () => void) {
  const open = new Map<Purpose, Put>();
  return {
    /** The same object as long as it is the same question. */
    list: (): readonly Question[] => [...open.values()].map(({ question }) => question),
    put: (purpose: Purpose, reason: string, was: ChoiceState) =>
      new Promise<void>((resolve) => {
        const question = { purpose, reason, ...(isStale(gate, purpose) && { changed: true }) };
        open.set(purpose, { question, was, resolve: [...(open.get(purpose)?.resolve ?? []), resolve] });
        notify();
      }),
    /** Something has changed, perhaps in another tab. */
    look() {
      this.settle((purpose, was) => {
        const is = choiceOf(gate, purpose);
        return isAnswer(was, is) || (!!open.get(purpose)?.question.changed && !isOpen(is) && !isStale(gate, purpose));
      });
    },
    /** Somebody has answered, here or in another tab; or nobody will. */
    settle(isAnswered: (purpose: Purpose, was: ChoiceState) => boolean = () => true) {
      const answered = [...open].filter(([purpose, { was }]) => isAnswered(purpose, was));
      for (const [purpose] of answered) open.delete(purpose);
      for (const done of answered.flatMap(([, { resolve }]) => resolve)) done();
      if (answered.length) notify();
    },
  };
}

/** What an act on other purposes came to. */
const stateIn = (said: Saying): ChoiceState => {
  const all = Object.values(said);
  return all.some(wants) ? 'granted' : all.some(({ state }) => state === 'withdrawn') ? 'withdrawn' : 'refused';
};

/** The noes of an act whose yes may not be: they hold all the same. */
const noesIn = (settings: Settings, said: Saying): Saying =>
  Object.fromEntries(
    Object.entries(said).flatMap(([purpose, one]) => {
      const no = Object.entries(one.services ?? {}).filter(([name, may]) => !may && isDeclared(settings, purpose, name));
      const is = noIn(one);
      return isDeclared(settings, purpose) && (is || no[0])
        ? [[purpose, { ...(is && { state: is }), services: Object.fromEntries(no) }]]
        : [];
    }),
  );

/** Whether an act takes anything away. */
const isTaking = (said: Saying) => Object.values(said).some((one) => noIn(one) || Object.values(one.services ?? {}).includes(false));

/** How often each thing was said no to, though the choice may stay what it was. */
function createNoes() {
  let noes: Readonly<Record<string, number>> = {};
  const more = (name: string) => {
    noes = { ...noes, [name]: (noes[name] ?? 0) + 1 };
  };
  return {
    noes: () => noes,
    hear(said: Saying) {
      for (const [purpose, one] of Object.entries(said)) {
        if (noIn(one)) more(purpose);
        for (const [service, may] of Object.entries(one.services ?? {})) if (!may) more(`${purpose}/${service}`);
      }
    },
  };
}

/** Of what an act says: not what was said no to again since, which may look just as it did. */
const unlessAgain = (said: Saying, before: State['noes'], now: State['noes']): Saying => {
  const again = Object.keys(now).filter((name) => now[name] !== before[name]);
  const isAgain = (purpose: Purpose) => again.some((name) => name === purpose || name.startsWith(`${purpose}/`));
  return Object.fromEntries(Object.entries(said).filter(([purpose]) => !isAgain(purpose)));
};

type Act = (said: Saying, how: Heard) => Promise<Granted>;

/** One act: what it says of personalization goes through the gate, what it says of the rest goes with it. */
function createAct(means: Means, answered: (purposes: readonly Purpose[]) => void, lapse: () => void) {
  const { gate, opened, life, reload, notify } = means;
  const { noes, hear } = createNoes();
  let decisions = 0;
  const rest =
    (said: Saying, via: Via): Rest =>
    (facts) =>
      decidingAll(facts, said, via);
  /** Beside personalization: what may no longer be kept goes from the ledger. */
  const noted = (said: Saying, { via, text }: Heard) => {
    const receipt = note(gate, via, rest(said, via), { state: stateIn(said), text, takes: isTaking(said), opened });
    const erased = receipt.then(reload).then((verified) => ({ cleared: verified, verified, deleted: true }));
    return { receipt: erased.then(() => receipt), erased };
  };
  /** No, and no longer: at once. `about` = also what had no yes. */
  const refuse = (to: 'refused' | 'withdrawn' | undefined, said: Saying, how: Heard, seal?: Seal, about = said) => {
    decisions++;
    hear({ ...about, [PERSONAL]: { state: to } });
    void runOut(gate); // what has ended by itself is told before what ends now
    if (!seal) lapse();
    const { via, text } = how;
    const state = stateIn(said);
    const ending: Ending = { seal, text, ...(state === 'granted' && { state }) };
    const done = to ? end(gate, to, via, rest(said, via), ending) : noted(said, how);
    answered([...(to ? [PERSONAL] : []), ...Object.keys(said)]);
    notify();
    return done;
  };
  const act: Act = async (said, how) => {
    const { [PERSONAL]: own, ...others } = said;
    if (own?.state !== 'granted') {
      const receipt = await refuse(own?.state, others, how).receipt;
      const yes = Object.keys(others).filter((purpose) => wants(others[purpose] as Said));
      if (!yes.length) return { granted: false, reason: 'refused' };
      const facts = freshly(gate);
      return yes.every((purpose) => isGiven(facts, purpose)) ? { granted: true, receipt } : { granted: false, reason: 'full' };
    }
    const mine = ++decisions;
    hear(others);
    const { record: before } = freshly(gate);
    const heard = noes();
    const also: Rest = (facts) => rest(unlessSince(unlessAgain(others, heard, noes()), before?.more, facts.record?.more), how.via)(facts);
    lapse();
    await opened();
    void runOut(gate);
    if (life.stopped || mine !== decisions) return { granted: false, reason: life.stopped ? 'stopped' : 'superseded' };
    const granted = await grant(gate, how.via, also, how);
    if (Object.keys(others).length) await reload();
    answered(Object.keys(said));
    return granted;
  };
  return { act, refuse, noes };
}

/** What is stored follows what the page's other tools say: a yes opens the gate, a no closes it and erases. */
function createFollow(means: Means) {
  const { gate, opened, life, notify, reload, settings } = means;
  return async function follow(): Promise<unknown> {
    await opened();
    if (life.stopped || settings.child) return;
    if (isBarred(gate)) return end(gate, 'refused', 'gpc').erased;
    const told = gate.told?.(PERSONAL);
    if (told === 'denied' && gate.record?.state === 'granted') return end(gate, 'withdrawn', 'elsewhere').erased;
    if (told !== 'granted') return;
    if (choiceOf(gate) === 'granted' && !gate.store) await restart(gate);
    if (choiceOf(gate) === 'unset') {
      const given = await grant(gate, 'elsewhere');
      return given.granted && follow(); // it may have said something else meanwhile
    }
    await reload();
    notify();
  };
}

/** The page's other tools for permission: they ask; a grant of theirs opens the gate here, and whatever else they say closes it. */
function createHeed(means: Means, settle: () => void) {
  const { gate, notify, complain, settings } = means;
  const tools = new Map<string, { readonly told: Tells | 'opted-out'; readonly open?: (() => void) | undefined }>();
  const follow = createFollow(means);
  const gpc = gate.gpc;
  const asking = () => [...tools].filter(([, { told }]) => told !== 'opted-out');
  const heard = () => {
    gate.tools = [...tools.keys()];
    const told = asking().map((tool) => tool[1].told as Tells);
    gate.gpc = gpc || told.length < tools.size;
    gate.told = told.length || settings.heeds ? (purpose) => strictest(told, purpose) : undefined;
    if (gate.told) settle(); // they ask now
    notify();
    void follow();
  };
  const names = () => asking().map(([name]) => name);
  return {
    names,
    heed(name: string, says: Tells | 'opted-out', open?: () => void) {
      const told = says === 'opted-out' ? says : readTold(says);
      const before = tools.get(name);
      tools.set(name, { told, open });
      if (!before && told !== 'opted-out' && names().length > 1)
        complain(`more than one tool asks for permission here (${names().join(', ')}). The strictest counts; leave one on the page.`);
      if (JSON.stringify(before?.told) !== JSON.stringify(told)) heard(); // said twice is said once: another tab may have said no since
      return () => {
        if (tools.delete(name)) heard();
      };
    },
    manage() {
      const [open] = [...tools.values()].flatMap((tool) => tool.open ?? []);
      try {
        open?.();
        return !!open;
      } catch {
        return false; // theirs is broken; ours still works
      }
    },
  };
}

/** What is asked for and declared nowhere, beside what is. */
function undeclared(settings: Settings, purpose: Purpose, service: string | undefined): string {
  const isPurpose = service === undefined || !isDeclared(settings, purpose);
  const [what, declared, where] = isPurpose
    ? [`purpose "${purpose}"`, purposesOf(settings), 'the option purposes']
    : [`service "${service}" of "${purpose}"`, servicesOf(settings, purpose), `purposes["${purpose}"].services`];
  return `${what} is asked for but not declared; it stays refused. Declared: ${declared.join(', ') || 'none'}. Add it to ${where}.`;
}

/** Yes, no, and no longer. */
export function createPermission(means: Means) {
  const { settings, gate, opened, life, notify, complain } = means;
  const questions = createQuestions(gate, notify);
  const answered = (purposes: readonly Purpose[]) => questions.settle((purpose) => purposes.includes(purpose));
  const undo = createUndo(means);
  const { act, refuse, noes } = createAct(means, answered, undo.lapse);
  const { names, ...tools } = createHeed(means, () => questions.settle());
  const known = (purpose: unknown, service?: unknown): purpose is Purpose => {
    if (typeof purpose !== 'string' || (service !== undefined && typeof service !== 'string')) return false;
    const is = isDeclared(settings, purpose, service);
    if (!is) complain(undeclared(settings, purpose, service));
    return is;
  };
  const against = (purpose: Purpose) => (isGiven(freshly(gate), purpose) ? 'withdrawn' : 'refused');
  /** Why an act may not be; nothing where it may. */
  const barrier = (said: Saying) => {
    if (life.stopped) return 'stopped';
    const all = Object.entries(said);
    const isKnown = ([purpose, { services }]: [Purpose, Said]) =>
      known(purpose) && Object.keys(services ?? {}).every((one) => known(purpose, one));
    if (!all.length || !all.every(isKnown)) return 'unknown-purpose';
    const yes = all.filter(([, one]) => wants(one));
    if (yes.length && settings.child) return 'child';
    return yes.some(([purpose]) => gate.told && gate.told(purpose) !== 'granted') ? 'elsewhere' : undefined;
  };
  const decide = async (choices: unknown, how?: How): Promise<Granted> => {
    const said = readChoices(choices, against);
    const reason = barrier(said);
    if (!reason) return act(said, readHow(how));
    const no = reason === 'stopped' ? {} : noesIn(settings, said);
    if (Object.keys(no)[0]) await act(no, readHow(how));
    return { granted: false, reason };
  };
  /** The same for each of these; of what nobody declared, nothing. */
  const each = (purposes: readonly unknown[] = purposesOf(settings), state: Said['state']): Record<Purpose, Said> =>
    Object.fromEntries(purposes.filter((one) => known(one)).map((purpose) => [purpose, { state }]));
  const permission: Permission = {
    choice: (purpose = PERSONAL, service) => (known(purpose, service) ? choiceOf(gate, purpose, service) : 'refused'),
    grant: async (purposes = [PERSONAL], how) =>
      Array.isArray(purposes) && purposes.every((one) => typeof one === 'string')
        ? decide(Object.fromEntries(purposes.map((one) => [one, true])), how)
        : { granted: false, reason: 'unknown-purpose' },
    decide,
    async refuse(how) {
      const said = readHow(how);
      const { [PERSONAL]: own, ...others } = each(said.purposes, 'refused');
      return refuse(own && 'refused', others, said).receipt;
    },
    withdraw(how) {
      const said = readHow(how);
      const all = each(said.purposes, 'withdrawn');
      const given = givenIn(freshly(gate)).filter((one) => one !== PERSONAL && (!said.purposes || all[one]));
      const others = Object.fromEntries(given.map((one) => [one, { state: 'withdrawn' as const }]));
      const { seal, offer } = undo.begin();
      const { erased, receipt } = refuse(all[PERSONAL] && 'withdrawn', others, said, seal, { ...all, ...others });
      return receipt.then(async (ended) => offer(await erased, ended));
    },
    async ask(purpose, how) {
      await opened();
      const { reason, again } = { ...how };
      const state: ChoiceState = permission.choice(purpose);
      const may = isOpen(state) || isStale(gate, purpose) || (again && state !== 'granted');
      if (!may || life.stopped || settings.child || gate.told || !known(purpose) || typeof reason !== 'string') return state;
      await questions.put(purpose, reason, state);
      return choiceOf(gate, purpose);
    },
    ...tools,
  };
  return {
    permission,
    stop() {
      undo.lapse();
      questions.settle();
    },
    /** What the state says of it. */
    waiting: () => ({ questions: questions.list(), elsewhere: names(), noes: noes() }),
    /** Something has changed, perhaps in another tab: a question may have its answer. */
    settle: () => questions.look(),
  };
}
