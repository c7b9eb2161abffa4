import type { Evidence, Fordi, Texts } from '../types.js';
import type { Base } from './element.js';
import type { Done } from './said.js';
import { say } from './words.js';

const DAY = 86_400_000;

/** What a visitor can want of a topic, and what that is worth as a declared value; at -1 nothing about it is shown. */
export const WISHES = [
  [1, 'moreOf', 'raised'],
  [-0.5, 'less', 'lessened'],
  [-1, 'never', 'stopped'],
] as const satisfies readonly (readonly [number, keyof Texts, keyof Texts])[];

export type Wish = (typeof WISHES)[number];

/** Which of them a declared value comes to. */
export const wishOf = (value = 1): Wish => WISHES[value > 0 ? 0 : value > -1 ? 1 : 2];

export const isInterest = ({ verb, topic }: Partial<Evidence>): boolean => verb === 'declare' && topic !== undefined;

/** "More jazz", for what says so. */
export const wishIn = ({ t }: Base, e: Partial<Evidence>): string | undefined =>
  isInterest(e) ? say(t[wishOf(e.value)[1]], e.topic) : undefined;

/** Says again what was said before; false where that cannot be kept. */
export const sayAgain = async (fordi: Fordi, { topic = '', value = 1, until, provenance, sensitivity }: Evidence): Promise<boolean> =>
  (await fordi.declare({ topic, value, provenance, sensitivity, ...(until !== undefined && { until }) })).kept;

/** Until when the visitor's own word is kept, said with what it does: the notice promised an end, and the yes has one. */
export function lasting({ t, fordi, date }: Base, text: string): string {
  const { memory, standing, days } = fordi.get();
  const end = Math.min(Date.now() + days * DAY, standing.personalization?.until ?? Number.POSITIVE_INFINITY);
  return `${text} ${memory === 'visit' ? t.visit : say(t.holds, date(end))}`;
}

/** Each word takes the place of the one before, wherever that was said; taken back, it gives it back. */
export async function declare(base: Base, given: string, [value, , done]: Wish, back: string): Promise<Done | string> {
  const { t, fordi } = base;
  const before = await fordi.evidence();
  const told = await fordi.declare({ topic: given, value });
  if (!told.kept) return t.failed;
  const { id, topic } = told.evidence; // as the shop spells it
  const said = before.find((e) => isInterest(e) && e.topic === topic);
  return { text: lasting(base, say(t[done], topic)), undo: () => (said ? sayAgain(fordi, said) : fordi.forget(id)), back };
}
