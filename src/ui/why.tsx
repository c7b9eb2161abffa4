import type { ComponentChild } from 'preact';
import type { Contribution, Forget, Inquiry, Item, Trace } from '../types.js';
import type { Base, Part } from './element.js';
import { hand } from './hand.js';
import { button, note, row } from './pieces.js';
import { wishIn } from './wish.js';
import { say } from './words.js';

/** One piece of evidence, with all that is known of it, and the means against it. */
function part(base: Base, { signal, verdict }: Contribution) {
  const { verb, item, topic, weight } = signal;
  const detail = [
    base.date(signal.last),
    base.word(signal.provenance),
    wishIn(base, { ...signal, value: weight }),
    base.t[verdict.mode],
    ...verdict.reasons.map((name) => base.word(name) ?? base.t.rule),
  ];
  return row(base.line(signal), detail.filter(Boolean).join(' · '), base.t.delete, () =>
    base.run(base.fordi.forget({ verb, item, topic } as Forget)),
  );
}

/** The answer to "Why this?": all of it, and the means to object right beside it (Tucker 2014). */
export function why(base: Base, item: Item, trace: Trace, isBlock?: boolean): ComponentChild[] {
  const { t, fordi } = base;
  const { because, mode, contributions, page, prior, returning } = trace;
  const took = contributions.filter(({ share }) => share);
  return [
    note(because?.text ?? (mode === 'implicit' && t.hidden)),
    <ul>
      {took.map((one) => part(base, one))}
      {returning && <li>{note(t.earlier)}</li>}
      {page > 0 && <li>{note(t.topical)}</li>}
      {prior > 0 && <li>{note(say(t.everyone, fordi.options.site.name))}</li>}
    </ul>,
    !took[0] && !returning && note(t.nothing),
    fordi.choice() === 'granted' && hand(base, item, trace, isBlock),
  ];
}

export interface Why extends HTMLElement {
  /** Answers, in a modal dialog, why this one of the variants is shown; focus goes back to `opener`, or to what took its place. */
  open(opener: HTMLElement, id: string, question: Inquiry): void;
}

/** `<fordi-why>`: the answer for a block of content. It lives outside of the block, which may go by what is said here. */
export function blockWhy(base: Base): Part {
  const { host, t, fordi } = base;
  let asked: readonly [id: string, question: Inquiry] | undefined;
  let dialog: HTMLDialogElement | null;
  let back = () => {};
  const isOpen = () => host.hasAttribute('open');
  const close = () => {
    host.removeAttribute('open');
    back();
  };
  const seat = (box: Element | null) => {
    dialog = box as HTMLDialogElement | null;
    dialog?.showModal?.();
  };
  (host as Why).open = (opener, ...question) => {
    asked = question;
    const place = opener.closest('[data-fordi-slot]');
    back = () => opener.isConnected || place?.querySelector<HTMLElement>('[data-fordi-why]')?.focus();
    opener.focus();
    host.setAttribute('open', '');
  };
  const view = (trace?: Trace) => {
    if (!isOpen()) return void dialog?.close?.();
    return (
      <dialog class="box" aria-labelledby="h" ref={seat} onClose={close}>
        {button(t.close, close)}
        <h2 id="h" tabIndex={-1} autofocus>
          {t.why}
        </h2>
        {base.status()}
        {trace?.item && why(base, trace.item, trace, true)}
      </dialog>
    );
  };
  return { load: async () => (isOpen() && asked ? fordi.explain(...asked) : undefined), view };
}
