import type { ButtonHTMLAttributes, ComponentChild, VNode } from 'preact';
import type { Base } from './element.js';

/** A press sooner than this after the question appeared was meant for something else. Milliseconds. */
const SEEN = 500;

type More = Pick<ButtonHTMLAttributes, 'id' | 'aria-label' | 'aria-expanded' | 'aria-pressed'>;

export const button = (text: string, act: (event: MouseEvent) => unknown, more?: More): VNode => (
  <button type="button" onClick={act} {...more}>
    {text}
  </button>
);

export const note = (text: string | false | undefined): ComponentChild => text && <p>{text}</p>;

/** A thing that is known, when it came to be, and the means against it. A double click's second press is not meant for the next. */
export const row = (text: string, detail: string, label?: string, act?: () => unknown): VNode => (
  <li>
    <p>{text}</p>
    <small>{detail}</small>
    {act && button(label as string, (event) => event.detail > 1 || act(), { 'aria-label': `${label} ${text}` })}
  </li>
);

interface Answer {
  readonly text: string;
  /** Something is said yes to. */
  readonly yes?: () => boolean;
  act(): unknown;
}

/**
 * Buttons that differ in their words only. A yes must come from a person who could have read the question; a no is taken
 * from anyone. A double click's second press is not meant for what comes up next.
 */
export function createAnswers(): (answers: readonly Answer[], on?: 'top') => VNode {
  let since: number;
  const seen = () => {
    since = performance.now();
  };
  const press =
    ({ yes, act }: Answer) =>
    (event: MouseEvent) => {
      if (event.detail > 1 || (yes?.() && (!event.isTrusted || performance.now() - since < SEEN))) return;
      act();
    };
  return (answers, on) => (
    <div class={on ? `two ${on}` : 'two'} ref={seen}>
      {answers.map((answer) => button(answer.text, press(answer)))}
    </div>
  );
}

/** Yes and no to recommendations. `answered` runs first: what was asked is gone from the screen before anything is stored. */
export function choose(base: Base, via: 'panel', answered: () => void): () => VNode {
  const answers = createAnswers();
  const act = (store: () => Promise<unknown>) => () => {
    answered();
    base.run(store());
  };
  return () =>
    answers([
      { text: base.t.no, act: act(() => base.fordi.refuse({ via })) },
      { text: base.t.yes, yes: () => true, act: act(() => base.fordi.grant(['personalization'], { via })) },
    ]);
}
