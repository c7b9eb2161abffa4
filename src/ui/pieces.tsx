import type { ButtonHTMLAttributes, ComponentChild, DetailsHTMLAttributes, VNode } from 'preact';

/** A press sooner than this after the question appeared was meant for something else. Milliseconds. */
const SEEN = 500;

/** A yes must come from a person who could have read the question, which stands there since then. */
export const isMeant = ({ isTrusted }: Event, since: number): boolean => isTrusted && performance.now() - since >= SEEN;

type More = Pick<ButtonHTMLAttributes, 'id' | 'aria-label' | 'aria-expanded' | 'aria-pressed' | 'role' | 'aria-checked'>;

type FoldMore = Pick<DetailsHTMLAttributes, 'open' | 'onToggle'> & { readonly key?: string };

export const button = (text: string, act: (event: MouseEvent) => unknown, more?: More): VNode => (
  <button type="button" onClick={act} {...more}>
    {text}
  </button>
);

export const note = (text: string | false | undefined): ComponentChild => text && <p>{text}</p>;

/** On or off; its name stays the same. A double click's second press is not meant to take the first one back. */
export const toggle = (text: string, on: boolean, act: (event: MouseEvent) => unknown, more?: More): VNode =>
  button(text, (event) => event.detail > 1 || act(event), { role: 'switch', 'aria-checked': on, 'aria-label': text, ...more }); // the knob is drawn as text, and is none of its name

/** What only some want to know. */
export const fold = (title: string, inside: ComponentChild, { key, ...more }: FoldMore = {}): VNode => (
  <details key={key} {...more}>
    <summary>{title}</summary>
    {inside}
  </details>
);

/** A thing that is known, when it came to be, and the means against it. A double click's second press is not meant for the next. */
export const row = (text: string, detail: string, label?: string, act?: () => unknown): VNode => (
  <li>
    <p>{text}</p>
    <small>{detail}</small>
    {act && button(label as string, (event) => event.detail > 1 || act(), { 'aria-label': `${label} ${text}` })}
  </li>
);

/** A yes is taken from a person only, who could have read what it is to. `seen`, once that stands on the screen. */
export function createCare() {
  let since = 0;
  return {
    seen: () => {
      since = performance.now();
    },
    meant: (event: MouseEvent): boolean => isMeant(event, since),
  };
}

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
  const { seen, meant } = createCare();
  const press =
    ({ yes, act }: Answer) =>
    (event: MouseEvent) => {
      if (event.detail > 1 || (yes?.() && !meant(event))) return;
      act();
    };
  return (answers, on) => (
    <div class={on ? `two ${on}` : 'two'} ref={seen}>
      {answers.map((answer) => button(answer.text, press(answer)))}
    </div>
  );
}
