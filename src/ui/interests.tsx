import type { ComponentChild } from 'preact';
import { aboutItem } from '../about.js';
import type { Evidence } from '../types.js';
import type { Base } from './element.js';
import { button } from './pieces.js';
import { declare, isInterest, sayAgain, WISHES, type Wish, wishOf } from './wish.js';
import { say } from './words.js';

/** What the visitor told the site they like, corrected by the visitor. */
export function createInterests(base: Base): (kept: readonly Evidence[]) => ComponentChild {
  const { t, fordi, run, draw, host } = base;
  let typed = '';
  const field = () => host.shadowRoot?.getElementById('topic') as HTMLInputElement;

  const forget = async (said: Evidence, topic: string) =>
    (await fordi.forget(said.id)) ? { text: say(t.dropped, topic), undo: () => sayAgain(fordi, said), back: `forget ${topic}` } : t.failed;
  const wish = (topic: string, one: Wish, said: Evidence) => {
    const id = `${one[1]} ${topic}`;
    const pressed = wishOf(said.value) === one;
    return button(say(t[one[1]], topic), () => pressed || run(declare(base, topic, one, id)), { id, 'aria-pressed': pressed });
  };
  const row = (said: Evidence, topic: string) => (
    <li key={topic}>
      {WISHES.map((one) => wish(topic, one, said))}
      {button(say(t.forget, topic), ({ detail }) => detail > 1 || run(forget(said, topic)), { id: `forget ${topic}` })}
    </li>
  );
  /** Any other topic: what the visitor's own things are about is suggested. */
  const other = (known: Iterable<string>) => {
    const add = (one: Wish) => {
      const topic = typed.trim();
      if (!topic) return field().focus();
      field().value = typed = '';
      run(declare(base, topic, one, 'topic'));
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
          {[...known].map((topic) => (
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
    const known = new Set([...said.keys(), ...kept.flatMap(({ item }) => aboutItem(fordi.item(item as string) ?? {}))]);
    return (
      <fieldset class="wishes">
        <legend>{t.interests}</legend>
        <ul>{[...said].map(([topic, e]) => row(e, topic))}</ul>
        {other(known)}
      </fieldset>
    );
  };
}
