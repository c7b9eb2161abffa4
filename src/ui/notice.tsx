import type { Base, Part } from './element.js';
import { choose, note } from './pieces.js';
import { safe, say } from './words.js';

/**
 * In the top layer, where no z-index, transform or clipping of the page reaches; without popovers the style sheet does its
 * best. The page gets room below, so that whatever has focus can be scrolled out from behind the notice; afterwards it has
 * its own again.
 */
function seating() {
  const { style } = document.documentElement;
  let leave: (() => void) | undefined;
  return (box: HTMLElement | null) => {
    leave?.();
    leave = undefined;
    if (!box) return;
    const { paddingBottom, scrollPaddingBottom } = style;
    const sit = () => {
      style.scrollPaddingBottom = style.paddingBottom = `${box.offsetHeight + 32}px`;
    };
    leave = () => {
      removeEventListener('resize', sit);
      Object.assign(style, { paddingBottom, scrollPaddingBottom });
    };
    box.showPopover?.();
    sit();
    addEventListener('resize', sit);
  };
}

/** Asks once, quietly, at the lower edge; everything but its two buttons leaves the question open. */
export function notice(base: Base): Part {
  const { site, notice, gpc, heeds } = base.fordi.options;
  const link = safe(site.privacyUrl);
  const seat = seating();
  let answered = false;
  const buttons = choose(base, 'notice', () => {
    answered = true;
    base.draw();
  });
  const view = () => {
    const state = base.fordi.get();
    const open = /unset|expired/.test(state.choice) && !heeds && !state.elsewhere?.length; // there, another tool asks
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
