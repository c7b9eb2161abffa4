import type { Base, Part } from './element.js';
import { button, isMeant, note } from './pieces.js';
import { keptOf, sentOf } from './purposes.js';
import { say } from './words.js';

/** What stands in for a frame; `connectEmbeds` puts it there. */
export interface Embed extends HTMLElement {
  readonly purpose: string;
  readonly service: string;
  /** The frame's title. */
  readonly label: string;
  /** Shows this frame, on this page only; nothing is kept. */
  once(): void;
}

/** What a frame would be, whom it tells what, and two ways to a yes: for now, and from now on. */
export function embed(base: Base): Part {
  const { t, fordi, run } = base;
  const { purpose, service, label, once } = base.host as Embed;
  const { purposes, child } = fordi.options;
  const terms = Object.hasOwn(purposes, purpose) ? purposes[purpose] : undefined;
  const about = service ? terms?.services?.[service] : terms;
  let since = 0;
  const seen = () => {
    since = performance.now();
  };
  const view = () => {
    if (!terms || !about) return; // nobody declared it: the console says so
    const { title, text, recipients = [] } = about;
    const asked = child ? [] : [keptOf(base, terms), say(t.asker, fordi.options.site.name), sentOf(base), t.back];
    const texts = [say(t.outside, title), label, text, say(t.learns, recipients.join(', ') || title), ...asked];
    const yes = (name: string, act: () => unknown) => button(name, (event) => isMeant(event, since) && act());
    const always = () => {
      if (fordi.manage()) return; // another tool asks on this page
      const choice = service ? { services: { [service]: true } } : true;
      run(fordi.decide({ [purpose]: choice }, { via: 'ask', text: texts.filter(Boolean).join('\n') }).then(({ granted }) => granted));
    };
    return (
      <section class="box place" aria-labelledby="h of" ref={seen}>
        <h2 id="h">{texts[0]}</h2>
        {label && <p id="of">{label}</p>}
        {texts.slice(2).map(note)}
        {child || (
          <div class="hand">
            {yes(t.once, () => once())}
            {yes(say(t.always, title), always)}
          </div>
        )}
        {base.status()}
      </section>
    );
  };
  return { view };
}

/** A dialog lets nobody reach what stands outside of it, not even what is drawn over it. */
const isBehind = () => document.querySelector('fordi-panel[open]:not([inline])');

/** What is said is heard where its line stood there before, empty. Milliseconds. */
const MOMENT = 100;

/** After a no, what has run already: it cannot be stopped, so the page says what ends it; while the panel is open, that does. */
export function reload({ t, host, run, draw, status }: Base): Part {
  let timer: ReturnType<typeof setTimeout>;
  const later = (text: string) => new Promise((said) => (timer = setTimeout(said, MOMENT, text)));
  const seat = (box: HTMLElement | null) => {
    clearTimeout(timer);
    box?.showPopover?.();
    run(box ? later(t.running) : Promise.resolve('')); // when it is drawn again, it is said again
  };
  const eyes = new MutationObserver(draw);
  eyes.observe(document, { subtree: true, childList: true, attributeFilter: ['open'] });
  return {
    view: () =>
      isBehind() ? null : (
        <section class="box" aria-label={t.reload} popover="manual" ref={seat}>
          {status()}
          <div class="hand">
            {button(t.reload, () => location.reload())}
            {button(t.close, () => host.remove())}
          </div>
        </section>
      ),
    stop: () => eyes.disconnect(),
  };
}
