import type { Export, Voice } from '../types.js';
import { createChoices } from './choices.js';
import { createCopy } from './copy.js';
import { criteria } from './criteria.js';
import type { Base, Part } from './element.js';
import { createInterests } from './interests.js';
import { button, note, toggle } from './pieces.js';
import { receiptsOf } from './receipts.js';
import { createRecords } from './records.js';
import { createStored } from './stored.js';
import { safe, say } from './words.js';

const VOICES: readonly Voice[] = ['explained', 'quiet', 'off'];

export interface Panel extends HTMLElement {
  /** Shows the panel as a modal dialog, an inline one where it is; focus goes back to `opener`, or to what has it now. */
  open(opener?: HTMLElement): void;
  /** Takes back every yes there is, as its button does. */
  withdraw(): void;
}

type Answer = Pick<Export, 'evidence' | 'items' | 'receipts'>;

const NOTHING: Answer = { evidence: [], items: [], receipts: [] };

/** The visitor's own dial. */
const dial = ({ t, fordi, run }: Base) => {
  const { voice: now, paused } = fordi.get();
  return (
    <fieldset>
      <legend>{t.dial}</legend>
      {VOICES.map((voice) => (
        <label>
          <input type="radio" name="voice" checked={now === voice} onChange={() => run(fordi.setVoice(voice))} />
          {t[voice]}
        </label>
      ))}
      {toggle(t.pause, paused, () => run(fordi.pause(!paused)), { id: 'pause' })}
      <small>{t.pausing}</small>
    </fieldset>
  );
};

/** Whom to ask, and where more is said. */
const about = ({ t, fordi }: Base) => {
  const { contact, privacyUrl } = fordi.options.site;
  const link = safe(privacyUrl);
  return [note(contact), link && <a href={link}>{t.more}</a>];
};

/** What a no cannot stop is said by `<fordi-reload>`, which nobody can reach behind a dialog. The dialog then says it itself. */
const goesOn = ({ t }: Base) =>
  document.querySelector('fordi-reload') && (
    <div>
      <p role="alert">{t.running}</p>
      {button(t.reload, () => location.reload())}
    </div>
  );

/** What is known, and the way to take it all back, come first; the rest is folded up below. */
export function panel(base: Base): Part {
  const { host, t, fordi } = base;
  const { site } = fordi.options;
  const choices = createChoices(base);
  const records = createRecords(base);
  const interests = createInterests(base);
  const copy = createCopy(base);
  const stored = createStored(base);
  let dialog: HTMLDialogElement | null;
  const is = (name: string) => host.hasAttribute(name);
  const close = () => host.removeAttribute('open');
  const seat = (box: Element | null) => {
    dialog = box as HTMLDialogElement | null;
    dialog?.showModal?.();
  };
  Object.assign(host as Panel, {
    open(opener?: HTMLElement) {
      if (is('inline')) return host.shadowRoot?.getElementById('h')?.focus(); // which also brings it into sight
      opener?.focus();
      host.setAttribute('open', '');
    },
    withdraw: choices.withdraw,
  });
  const view = ({ evidence: kept, items, receipts }: Answer = NOTHING) => {
    const inline = is('inline');
    if (!inline && !is('open')) return void dialog?.close?.();
    const { ready, choice, memory, erasing, records: count } = fordi.get();
    const granted = choice === 'granted';
    const Box = inline ? 'section' : 'dialog';
    return (
      <Box class="box" aria-labelledby="h" ref={seat} onClose={close}>
        {inline || button(t.close, close)}
        <h2 id="h" tabIndex={-1} autofocus={!inline}>
          {say(t.panel, site.name)}
        </h2>
        {base.status()}
        {inline || goesOn(base)}
        {memory === 'visit' && note(t.visit)}
        {erasing && note(t.erasing)}
        {choices.view()}
        {ready && granted && !count && note(t.empty)}
        {records(kept, items)}
        {granted && [copy(), dial(base), interests(kept)]}
        {criteria(base)}
        {stored.view()}
        {receiptsOf(base, receipts)}
        {about(base)}
      </Box>
    );
  };
  /** What nobody looks at is not read. What is not a record at all does not keep the others from being seen. */
  const load = async () => {
    if (!is('inline') && !is('open')) return;
    const [{ evidence, inferred, items, receipts }] = await Promise.all([fordi.export(), stored.look()]);
    return { evidence: [...evidence, ...inferred].filter(Boolean), items, receipts: receipts.filter(Boolean) };
  };
  return { load, view };
}
