import type { ButtonHTMLAttributes, ComponentChild, DetailsHTMLAttributes, VNode } from 'preact';
import type { Base } from './element.js';

/** A press sooner than this after the question appeared was meant for something else. Milliseconds. */
const SEEN = 500;

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
  button(text, (event) => event.detail > 1 || act(event), { role: 'switch', 'aria-checked': on, ...more });

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
    meant: (event: MouseEvent): boolean => event.isTrusted && performance.now() - since >= SEEN,
  };
}

/**
 * Two buttons that differ in their words only. A yes must come from a person who could have read the question; a no is
 * taken from anyone. `answered` runs first: what was asked is gone from the screen before anything is stored.
 */
export function choose(base: Base, via: 'notice' | 'panel', answered: () => void): () => VNode {
  const { seen, meant } = createCare();
  return () => (
    <div class="two" ref={seen}>
      {button(base.t.no, () => {
        answered();
        base.run(base.fordi.refuse({ via }));
      })}
      {button(base.t.yes, (event) => {
        if (!meant(event)) return;
        answered();
        base.run(base.fordi.grant(['personalization'], { via }));
      })}
    </div>
  );
}
