import type { ComponentChild, RefCallback, VNode } from 'preact';
import type { Choices, Purpose, Question } from '../types.js';
import type { Base } from './element.js';
import { createAnswers, note } from './pieces.js';
import { PERSONAL, sentOf, serviceTold, toldOf } from './purposes.js';
import { safe, say } from './words.js';

export interface Seat {
  readonly popover?: 'manual';
  readonly ref?: RefCallback<HTMLElement>;
  readonly class?: string;
}

/** The box in which something is asked: who asks and what for above, the way back and more about it below. */
export function createBox(base: Base, seat: Seat) {
  const { t, fordi, host } = base;
  const { site } = fordi.options;
  const link = safe(site.privacyUrl);
  const inside = () => host.shadowRoot as ShadowRoot;
  let came: HTMLElement | null = null;
  const entered = ({ relatedTarget, currentTarget }: FocusEvent) => {
    if (!(currentTarget as Node).contains(relatedTarget as Node | null)) came = relatedTarget as HTMLElement | null;
  };
  return {
    draw: (key: string, title: string, content: ComponentChild): VNode => (
      <section key={key} aria-labelledby="h" onFocusIn={entered} {...seat} class={`box ${seat.class ?? ''}`}>
        <h2 id="h">{title}</h2>
        {content}
        {link && <a href={link}>{t.more}</a>}
      </section>
    ),
    /** The way back, and where the answer goes, are told with every question. */
    below: () => [note(sentOf(base)), note(t.back), fordi.get().memory === 'visit' && note(t.visit)],
    /** Gone from the screen first, stored next; focus goes back to where it was before it came in here. */
    answer(choices: Choices, via: 'notice' | 'ask', gone: () => void) {
      const text = inside().querySelector('section')?.textContent ?? '';
      if (inside().activeElement && came?.isConnected) came.focus({ preventScroll: true });
      gone();
      base.run(fordi.decide(choices, { via, text }).then((said) => said.granted || said.reason === 'refused'));
    },
  };
}

export type Box = ReturnType<typeof createBox>;

/** What is asked about one purpose, in a line. */
export const titled = (base: Base, purpose: Purpose): string =>
  purpose === PERSONAL ? say(base.t.ask, base.fordi.options.site.name) : toldOf(base, purpose).title;

/** One purpose, with two buttons that differ in their words only. */
export function createQuestion(base: Base, box: Box, gone: () => void) {
  const { t, fordi } = base;
  const answers = createAnswers();
  return ({ purpose, reason, changed }: Question, via: 'notice' | 'ask', why: readonly (string | undefined)[] = []) => {
    const { lines, services } = toldOf(base, purpose);
    const first = changed ? [t.altered, fordi.options.notice.changes, t[fordi.choice(purpose)]] : why;
    const own = purpose === PERSONAL;
    const { name } = fordi.options.site;
    const act = (to: boolean) => () => box.answer({ [purpose]: to }, via, gone);
    const each = Object.values(services).map((service) => `${service.title}: ${serviceTold(base, service)}`);
    return box.draw(`${via} ${purpose}`, titled(base, purpose), [
      ...[...first, reason, ...lines, ...each, !own && say(t.asker, name)].map((text) => note(text)),
      box.below(),
      answers([
        { text: own ? t.no : t.noThis, act: act(false) },
        { text: own ? t.yes : t.yesThis, act: act(true), yes: () => true },
      ]),
    ]);
  };
}

/** For those who hear the page: what became of an answer, and once, that something is asked. Nothing to look at. */
export const spoken = (base: Base, text?: string): VNode => (
  <div class="unseen">
    {base.status()}
    <p role="status">{text}</p>
  </div>
);
