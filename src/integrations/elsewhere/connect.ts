import type { Fordi, Purpose, Told } from '../../types.js';
import { type Answer, attempt, type Tool } from './tool.js';

/** How often, and how long, it is looked for a tool that is not there yet; and how often after that. Milliseconds. */
const LOOK = 200;
const SEARCH = 20_000;
const SELDOM = 5_000;
/** A tool that is there and says nothing for so long counts as a no. Milliseconds. */
const PATIENCE = 3000;

/** Events after which any of them may say something else: the visitor was in another tab, or came back. */
const BACK = ['pageshow', 'visibilitychange'];

export interface Reading {
  /** What a purpose is called in a tool, by purpose and by tool. Several names with `+` between them are all needed. */
  readonly map?: Readonly<Record<Purpose, Readonly<Record<string, string>>>>;
}

/** The strictest of what is said of the parts of a category; nothing where one of them is not understood. */
async function readCategory(tool: Tool, category: string): Promise<Answer> {
  try {
    const parts = await Promise.all(category.split('+').map((part) => tool.read(part)));
    const order: readonly Answer[] = ['denied', undefined, 'silent', 'pending', 'granted'];
    return order.find((one) => parts.includes(one));
  } catch {
    return undefined; // theirs has thrown: it has not said anything
  }
}

/** Some of these events are sent to the document and do not bubble, but they can be captured. */
function listen(names: readonly string[], listener: (event: Event) => void): () => void {
  for (const name of names) addEventListener(name, listener, true);
  return () => {
    for (const name of names) removeEventListener(name, listener, true);
  };
}

const complain = ({ name }: Tool, unknown: readonly string[]) =>
  console.error(
    `fordi: ${name} does not say what it knows of ${unknown.join(', ')}; it counts as a no. Is that its name there? See README, With another tool.`,
  );

/** One tool: found, read, read again whenever it may say something else, and passed on. */
function follow(fordi: Fordi, tool: Tool, { map = {} }: Reading, isMuted: () => boolean, arrived: () => void) {
  const purposes = Object.keys(fordi.get().choices);
  const categoryOf = (purpose: Purpose) => map[purpose]?.[tool.name] ?? tool.means[purpose] ?? purpose;
  let there = false;
  let stopped = false;
  let turn = 0;
  /** Of the last reading that has come to its end. */
  let done = 0;
  let answers: readonly Answer[] = [];
  let unsaid: Told = 'pending';
  let late: ReturnType<typeof setTimeout> | undefined;
  let off: (() => unknown) | undefined;
  let release: (() => void) | undefined;
  const letGo = () => {
    release?.();
    release = undefined;
  };
  const tell = () => {
    if (stopped || !there) return;
    const told = Object.fromEntries(purposes.map((purpose, i) => [purpose, answers[i] ?? unsaid]));
    if (isMuted() || (tool.signal && !answers.includes('denied'))) letGo();
    else release = fordi.heed(tool.name, tool.signal ? 'opted-out' : told, tool.open && (() => tool.open?.()));
  };
  const giveUp = () => {
    if (turn !== done) answers = []; // what it said before it was asked again is not what it says
    unsaid = 'silent';
    tell();
    const unknown = purposes.filter((_, i) => !answers[i]).map((purpose) => `${categoryOf(purpose)} (${purpose})`);
    if (!tool.signal && !isMuted()) complain(tool, unknown);
  };
  const read = async () => {
    const mine = ++turn;
    late ??= setTimeout(giveUp, PATIENCE);
    const found = await Promise.all(purposes.map((purpose) => readCategory(tool, categoryOf(purpose))));
    if (mine !== turn || stopped) return;
    done = turn;
    answers = found;
    if (!answers.includes(undefined)) {
      clearTimeout(late);
      late = undefined;
      unsaid = 'pending';
    }
    tell();
  };
  const heard = () => {
    if (stopped || (!there && !attempt(tool.detect))) return;
    const first = !there;
    there = true;
    void read();
    if (!first) return;
    arrived();
    off = attempt(() => tool.onChange?.(heard));
  };
  const listener = (event: Event) => {
    if (!stopped && tool.events.includes(event.type)) attempt(() => tool.hear?.(event));
    heard();
  };
  const deafen = listen([...tool.events, ...BACK], listener);
  heard();
  return {
    isFound: () => there,
    /** Not there yet, or not understood. */
    isOpen: () => !there || (turn === done && answers.includes(undefined)),
    heard,
    tell,
    stop() {
      stopped = true;
      clearTimeout(late);
      deafen();
      attempt(() => off?.());
      letGo();
    },
  };
}

/**
 * Heeds these tools for permission where they are on the page, also when they come late. While `fordi.options.heeds` is set
 * nothing happens before one of them has answered. Returns its own detach.
 */
export function connectTools(fordi: Fordi, tools: readonly Tool[], reading: Reading = {}): () => void {
  const found: { readonly tool: Tool; readonly one: ReturnType<typeof follow> }[] = [];
  const others = () => found.some(({ tool, one }) => !tool.yields && !tool.signal && one.isFound());
  /** Who has to be silent now is so before the others speak. */
  const arrived = () => {
    for (const yields of [true, false]) for (const { tool, one } of found) if (!!tool.yields === yields) one.tell();
  };
  for (const tool of tools) found.push({ tool, one: follow(fordi, tool, reading, () => !!tool.yields && others(), arrived) });
  arrived();
  const seek = () => {
    for (const { one } of found) if (one.isOpen()) one.heard();
  };
  let timer = setInterval(seek, LOOK);
  const long = setTimeout(() => {
    clearInterval(timer);
    timer = setInterval(seek, SELDOM);
    if (fordi.options.heeds && !found.some(({ tool, one }) => !tool.signal && one.isFound()))
      console.error(
        `fordi: no other tool for permission was found (${tools.map(({ name }) => name).join(', ')}), and "heeds" says there is one: nobody is asked. Add it to the page, or leave "heeds" out.`,
      );
  }, SEARCH);
  return () => {
    clearTimeout(long);
    clearInterval(timer);
    for (const { one } of found) one.stop();
  };
}
