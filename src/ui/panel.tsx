import { aboutItem } from '../about.js';
import type { Evidence, Export, Item, Receipt, Voice } from '../types.js';
import type { Base, Part } from './element.js';
import { createInterests } from './interests.js';
import { button, choose, note, row } from './pieces.js';
import { wishIn } from './wish.js';
import { say } from './words.js';

const VOICES: readonly Voice[] = ['explained', 'quiet', 'off'];
/** Lines of a group drawn before "Show all": what a page draws without a pause. */
const FIRST = 200;

/** Handed to the visitor without a request. The link never enters the page, where listeners wait for clicks. */
function save(data: Export): string {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(data)], { type: 'application/json' }));
  link.download = 'fordi.json';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 9999);
  return '';
}

export interface Panel extends HTMLElement {
  /** Shows the panel as a modal dialog, an inline one where it is; focus goes back to `opener`, or to what has it now. */
  open(opener?: HTMLElement): void;
}

type Answer = Pick<Export, 'evidence' | 'items' | 'receipts'>;

const NOTHING: Answer = { evidence: [], items: [], receipts: [] };

/** The visitor's own dial. */
const dial = (base: Base) => (
  <fieldset>
    <legend>{base.t.dial}</legend>
    {VOICES.map((voice) => (
      <label>
        <input type="radio" name="voice" checked={base.fordi.get().voice === voice} onChange={() => base.run(base.fordi.setVoice(voice))} />
        {base.t[voice]}
      </label>
    ))}
  </fieldset>
);

/** What the shop said of an item and is kept beside the evidence, in a line; all of it is in the download. */
const beside = ({ t }: Base, { title, topics, by, neighbours }: Item) => {
  const about = aboutItem({ topics: topics ?? [], ...(by && { by }) }); // as it lies on the disk: perhaps damaged
  return say(t.beside, [title, ...about, neighbours && say(t.alike, Object.keys(neighbours).length)].filter(Boolean).join(', '));
};

/** Lines have no keys: when one goes, focus stays in place for the next. */
const record = (base: Base, items: readonly Item[]) => (e: Evidence) => {
  const item = items.find(({ id }) => id === e.item);
  const detail = [base.date(e.at), wishIn(base, e), item && beside(base, item)].filter(Boolean).join(' · ');
  return row(base.line(e), detail, base.t.delete, () => base.run(base.fordi.forget(e.id)));
};

export function panel(base: Base): Part {
  const { host } = base;
  const { site, gpc: rule } = base.fordi.options;
  const buttons = choose(base, 'panel', base.draw);
  const interests = createInterests(base);
  let dialog: HTMLDialogElement | null;
  let most = FIRST;
  let sure = false;
  const is = (name: string) => host.hasAttribute(name);
  const close = () => host.removeAttribute('open');
  const seat = (box: Element | null) => {
    dialog = box as HTMLDialogElement | null;
    dialog?.showModal?.();
  };
  (host as Panel).open = (opener) => {
    if (is('inline')) return host.scrollIntoView();
    opener?.focus();
    host.setAttribute('open', '');
  };
  const all = () => {
    most = Number.POSITIVE_INFINITY;
    base.draw();
  };
  const clear = () => {
    if (sure) base.run(base.fordi.forget({ all: true }));
    sure = !sure;
    base.draw();
  };
  const withdraw = () =>
    base.run(base.fordi.withdraw({ via: 'panel' }).then(({ verified }) => (verified ? base.t.erased : base.t.erasing)));

  const group = (from: string, list: readonly Evidence[], items: readonly Item[]) => (
    <details key={from} open>
      <summary>
        {base.word(from)} ({list.length})
      </summary>
      <ul>{list.slice(0, most).map(record(base, items))}</ul>
      {list.length > most && button(base.t.all, all)}
    </details>
  );
  const receipt = ({ state, at, until }: Receipt) => row(base.t[state], `${base.date(at)} – ${base.date(until)}`);
  const view = ({ evidence: kept, items, receipts }: Answer = NOTHING) => {
    const inline = is('inline');
    if (!inline && !is('open')) return void dialog?.close?.();
    const { choice, gpc, memory, erasing, records } = base.fordi.get();
    const granted = choice === 'granted';
    const Box = inline ? 'section' : 'dialog';
    return (
      <Box class="box" aria-labelledby="h" ref={seat} onClose={close}>
        {inline || button(base.t.close, close)}
        <h2 id="h" tabIndex={-1} autofocus={!inline}>
          {say(base.t.panel, site.name)}
        </h2>
        {base.status()}
        {note(site.contact)}
        {receipts[0] ? <ul>{receipts.map(receipt)}</ul> : note(base.t[choice])}
        {memory === 'visit' && note(base.t.visit)}
        {gpc && rule === 'refuse' && choice === 'refused' && note(base.t.gpc)}
        {erasing && note(base.t.erasing)}
        {granted ? [dial(base), interests(kept)] : buttons()}
        {granted && [button(base.t.download, () => base.run(base.fordi.export().then(save))), button(base.t.withdraw, withdraw)]}
        {[...new Set(kept.map((e) => e.provenance))].map((from) =>
          group(
            from,
            kept.filter((e) => e.provenance === from),
            items,
          ),
        )}
        {kept[0] ? button(sure ? base.t.sure : base.t.clear, clear) : granted && !records && note(base.t.empty)}
      </Box>
    );
  };
  /** What nobody looks at is not read. What is not a record at all does not keep the others from being seen. */
  const load = async () => {
    if (!is('inline') && !is('open')) return;
    const { evidence, items, receipts } = await base.fordi.export();
    return { evidence: evidence.filter(Boolean), items, receipts: receipts.filter(Boolean) };
  };
  return { load, view };
}
