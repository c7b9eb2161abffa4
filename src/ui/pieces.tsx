import type { ButtonHTMLAttributes, ComponentChild, VNode } from 'preact';
import type { Base } from './element.js';

/** A press sooner than this after the question appeared was meant for something else. Milliseconds. */
const SEEN = 500;

/** A yes must come from a person who could have read the question, which stands there since then. */
export const isMeant = ({ isTrusted }: Event, since: number): boolean => isTrusted && performance.now() - since >= SEEN;

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

/**
 * Two buttons that differ in their words only. A yes must come from a person who could have read the question; a no is
 * taken from anyone. `answered` runs first: what was asked is gone from the screen before anything is stored.
 */
export function choose(base: Base, via: 'notice' | 'panel', answered: () => void): () => VNode {
  let since: number;
  const seen = () => {
    since = performance.now();
  };
  return () => (
    <div class="two" ref={seen}>
      {button(base.t.no, () => {
        answered();
        base.run(base.fordi.refuse({ via }));
      })}
      {button(base.t.yes, (event) => {
        if (!isMeant(event, since)) return;
        answered();
        base.run(base.fordi.grant(['personalization'], { via }));
      })}
    </div>
  );
}
