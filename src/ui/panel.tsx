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
  const { fordi, t, host, draw, run, date } = base;
  const buttons = choose(base, 'panel', draw);
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
    draw();
  };
  const clear = (kept: readonly Evidence[]) => {
    if (sure) run(Promise.all(kept.map(({ id }) => fordi.forget(id))));
    sure = !sure;
    draw();
  };
  const withdraw = () => run(fordi.withdraw({ via: 'panel' }).then(({ verified }) => (verified ? t.erased : t.erasing)));

  /** Lines have no keys: when one goes, focus stays in place for the next. */
  const group = (name: string, list: readonly VNodeLine[], text = base.word(name) ?? name) => (
    <details key={name} open={list.length <= FEW}>
      <summary>
        {text} ({list.length})
      </summary>
      <ul>{list.slice(0, most).map((line) => row(...line))}</ul>
      {list.length > most && button(t.all, all)}
    </details>
  );
  return { view: () => null };
}
