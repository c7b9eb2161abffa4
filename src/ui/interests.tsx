import type { ComponentChild } from 'preact';
import type { Evidence, Item, Texts } from '../types.js';
import type { Base } from './element.js';
import { button } from './pieces.js';
import { say } from './words.js';

/**
 * What a visitor can want of a topic, and what that is worth as a declared value: `more` counts like any liking, `less`
 * weighs against it about as much as one "Less like this", and -1 leaves out whatever is about it.
 */
const WISHES = [
  [1, 'moreOf', 'raised'],
  [-0.25, 'less', 'lessened'],
  [-1, 'never', 'stopped'],
] as const satisfies readonly (readonly [number, keyof Texts, keyof Texts])[];

/** Which of them a declared value comes to. */
const wishOf = (value = 1) => WISHES[value > 0 ? 0 : value > -1 ? 1 : 2];

const isInterest = ({ verb, topic }: Evidence) => verb === 'declare' && topic !== undefined;

/** "More jazz", for a record that says so. */
export const wishIn = ({ t }: Base, e: Evidence): string | undefined => (isInterest(e) ? say(t[wishOf(e.value)[1]], e.topic) : undefined);

const topicsOf = ({ topics = [] }: Pick<Item, 'topics'>): readonly string[] => (Array.isArray(topics) ? topics : Object.keys(topics));

/** What the visitor told the site they like, corrected by the visitor; each word takes the place of the one before. */
export function createInterests({ t, fordi, run, draw, host }: Base): (kept: readonly Evidence[]) => ComponentChild {
  let typed = '';
  const field = () => host.shadowRoot?.getElementById('topic') as HTMLInputElement;

  const declare = async (topic: string, value: number, text: string, before: Evidence | undefined, back: string) => {
    const told = await fordi.declare({ topic, value });
    const undo = () => (before ? fordi.declare({ topic, value: before.value ?? 1 }) : told.kept && fordi.forget(told.evidence.id));
    return told.kept ? { text: say(text, topic), undo, back } : t.failed;
  };
  const forget = async ({ id, topic = '', value = 1 }: Evidence) => {
    await fordi.forget(id);
    return { text: say(t.dropped, topic), undo: () => fordi.declare({ topic, value }), back: `forget ${topic}` };
  };
  const wish = (topic: string, [value, name, done]: (typeof WISHES)[number], before?: Evidence) => {
    const id = `${name} ${topic}`;
    const pressed = before && wishOf(before.value)[0] === value;
    return button(say(t[name], topic), () => pressed || run(declare(topic, value, t[done], before, id)), { id, 'aria-pressed': pressed });
  };
  const row = (said: Evidence, topic: string) => (
    <li key={topic}>
      {WISHES.map((one) => wish(topic, one, said))}
      {button(say(t.forget, topic), ({ detail }) => detail > 1 || run(forget(said)), { id: `forget ${topic}` })}
    </li>
  );
  /** Any other topic: what the visitor's own things are about is suggested, spelt as the shop spells it. */
  const other = (said: ReadonlyMap<string, Evidence>, known: readonly string[]) => {
    const add = ([value, , done]: (typeof WISHES)[number]) => {
      const given = typed.trim().slice(0, 200);
      const topic = known.find((one) => one.toLowerCase() === given.toLowerCase()) ?? given;
      if (!topic) return field().focus();
      field().value = typed = '';
      run(declare(topic, value, t[done], said.get(topic), 'topic'));
    };
    const submit = (event: Event) => {
      event.preventDefault();
      add(WISHES[0]);
    };
    const type = () => {
      typed = field().value;
      draw();
    };
    return (
      <form onSubmit={submit}>
        <label>
          {t.other}
          <input id="topic" list="topics" autocomplete="off" maxLength={200} onInput={type} />
        </label>
        <datalist id="topics">
          {known.map((topic) => (
            <option value={topic} />
          ))}
        </datalist>
        {WISHES.map((one) => button(say(t[one[1]], typed.trim() || '…'), () => add(one)))}
      </form>
    );
  };
  return (kept) => {
    if (!fordi.options.notice.keeps.includes('declare')) return;
    const said = new Map<string, Evidence>();
    for (const e of kept) if (isInterest(e) && !said.has(e.topic as string)) said.set(e.topic as string, e); // newest first
    const known = new Set([...said.keys(), ...kept.flatMap(({ item }) => topicsOf(fordi.item(item as string) ?? {}))]);
    return (
      <fieldset class="wishes">
        <legend>{t.interests}</legend>
        <ul>{[...said].map(([topic, e]) => row(e, topic))}</ul>
        {other(said, [...known])}
      </fieldset>
    );
  };
}
