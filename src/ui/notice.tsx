import type { Base, Part } from './element.js';
import { choose, note } from './pieces.js';
import { safe, say } from './words.js';

/**
 * In the top layer, where no z-index, transform or clipping of the page reaches; without popovers the style sheet does its
 * best. The page gets room below, so that whatever has focus can be scrolled out from behind the notice.
 */
function seat(box: HTMLElement | null): void {
  const { style } = document.documentElement;
  box?.showPopover?.();
  style.scrollPaddingBottom = style.paddingBottom = box ? `${box.offsetHeight + 32}px` : '';
}

/** Asks once, quietly, at the lower edge; everything but its two buttons leaves the question open. */
export function notice(base: Base): Part {
  const { site, notice, gpc } = base.fordi.options;
  const link = safe(site.privacyUrl);
  let answered = false;
  const buttons = choose(base, 'notice', () => {
    answered = true;
    base.draw();
  });
  const view = () => {
    const state = base.fordi.get();
    const open = /unset|expired/.test(state.choice);
    answered &&= open;
    if (!state.ready || !open || answered || (state.gpc && gpc === 'refuse')) return;
    return (
      <section class="box" aria-labelledby="h" popover="manual" ref={seat}>
        <h2 id="h">{say(base.t.ask, site.name)}</h2>
        {note(base.t.purpose)}
        {note(notice.keeps.map((verb) => base.line({ verb, title: '…' })).join(' · '))}
        {note(say(base.t.days, notice.days))}
        {state.memory === 'visit' && note(base.t.visit)}
        {buttons()}
        {link && <a href={link}>{base.t.more}</a>}
      </section>
    );
  };
  return { view };
}
