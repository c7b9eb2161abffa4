import type { VNode } from 'preact';
import type { Evidence, Export, Receipt, Voice } from '../types.js';
import type { Base, Part } from './element.js';
import { button, choose, note, row } from './pieces.js';
import { say } from './words.js';

const VOICES: readonly Voice[] = ['explained', 'quiet', 'off'];
/** Lines of a group drawn before "Show all": what a page draws without a pause. */
const FIRST = 200;
/** Up to this many lines a group is open from the start. */
const FEW = 12;

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
  /** Shows the panel as a modal dialog; focus goes back to `opener`, or to what has it now. */
  open(opener?: HTMLElement): void;
}

type Answer = readonly [kept: readonly Evidence[], receipts: readonly Receipt[]];

export function panel(base: Base): Part<Answer> {
  const { host } = base;
  const buttons = choose(base, 'panel', base.draw);
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
    opener?.focus();
    host.setAttribute('open', '');
  };
  const all = () => {
    most = Number.POSITIVE_INFINITY;
    base.draw();
  };
  const clear = (kept: readonly Evidence[]) => {
    if (sure) base.run(Promise.all(kept.map(({ id }) => base.fordi.forget(id))));
    sure = !sure;
    base.draw();
  };
  const withdraw = () => base.run(base.fordi.withdraw({ via: 'panel' }).then(({ verified }) => (verified ? base.t.erased : base.t.erasing)));

  /** Lines have no keys: when one goes, focus stays in place for the next. */
  const group = <Entry,>(name: string, entries: readonly Entry[], line: (entry: Entry) => VNode) => (
    <details key={name} open={entries.length <= FEW}>
      <summary>
        {base.word(name) ?? name} ({entries.length})
      </summary>
      <ul>{entries.slice(0, most).map(line)}</ul>
      {entries.length > most && button(base.t.all, all)}
    </details>
  );
  const record = (e: Evidence) => row(base.line(e), base.date(e.at), base.t.delete, () => base.run(base.fordi.forget(e.id)));
  const span = ({ at, until }: Receipt) => `${base.date(at)} – ${base.date(until)}`;
  const dial = () => (
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
  const view = ([kept, receipts]: Answer = [[], []]) => {
    const inline = is('inline');
    if (!inline && !is('open')) return dialog?.close?.();
    const { choice, gpc, memory, erasing } = base.fordi.get();
    const granted = choice === 'granted';
    const Box = inline ? 'section' : 'dialog';
    return (
      <Box class="box" aria-labelledby="h" ref={seat} onClose={close}>
        {inline || button(base.t.close, close)}
        <h2 id="h" tabIndex={-1} autofocus={!inline}>
          {say(base.t.panel, base.fordi.options.site.name)}
        </h2>
        {base.status()}
        {note(`${base.t[choice]} ${receipts.filter(({ state }) => state === choice).map(span)[0] ?? ''}`)}
        {memory === 'visit' && note(base.t.visit)}
        {gpc && note(base.t.gpc)}
        {erasing && note(base.t.erasing)}
        {granted ? dial() : buttons()}
        {[...new Set(kept.map((e) => e.provenance))].map((from) => group(from, kept.filter((e) => e.provenance === from), record))}
        {kept[0] ? button(sure ? base.t.sure : base.t.clear, () => clear(kept)) : granted && note(base.t.empty)}
        {receipts[0] && group('choices', receipts, (receipt) => row(base.t[receipt.state], span(receipt)))}
        {granted && [button(base.t.download, () => base.run(base.fordi.export().then(save))), button(base.t.withdraw, withdraw)]}
      </Box>
    );
  };
  /** What nobody looks at is not read. */
  const load = () => (is('inline') || is('open') ? Promise.all([base.fordi.evidence(), base.fordi.receipts()]) : undefined);
  return { load, view };
}
