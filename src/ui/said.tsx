import type { ComponentChild } from 'preact';
import type { Texts } from '../types.js';
import { button } from './pieces.js';

/** The offer to take something back stays this long, and for as long as it has the focus. Milliseconds. */
const OFFER = 20_000;

/** What was done, in words, and what takes it back. */
export interface Done {
  readonly text: string;
  /** Resolves to something false where it could not be taken back. */
  undo?(event: MouseEvent): Promise<unknown>;
  /** The offer ends in time, also while it has the focus. */
  readonly ends?: boolean;
  /** Id of what has the focus once it is taken back. */
  readonly back?: string;
}

const isDone = (told: unknown): told is Done => !!(told as Done | undefined)?.text;

/** The status line: what became of the last thing that was done, and the way back. */
export function saying(t: Texts, root: ShadowRoot, draw: () => void, load: () => Promise<unknown>) {
  let said: Done = { text: '' };
  let timer: ReturnType<typeof setTimeout>;
  const at = (id = '') => root.getElementById(id);
  const fade = () => {
    if (root.activeElement?.id === 'undo' && !said.ends) timer = setTimeout(fade, OFFER);
    else say({ text: '' });
  };
  const say = (next: Done) => {
    clearTimeout(timer);
    said = next;
    draw();
    if (!next.undo) return;
    timer = setTimeout(fade, OFFER);
    at('undo')?.focus({ preventScroll: true }); // what was pressed is about to go; the line itself is always in sight
  };
  const run = async (work: Promise<unknown>) => {
    try {
      const told = await work;
      say(isDone(told) ? told : { text: told === `${told}` ? told : told ? t.changed : t.failed });
    } catch {
      say({ text: t.failed });
    }
  };
  const back = async (done: Done, event: MouseEvent) => {
    if (!(await done.undo?.(event).catch(() => {}))) return { ...done, text: t.failed };
    await load();
    at(done.back)?.focus();
    return t.undone;
  };
  const status = (): ComponentChild => (
    <div class={said.text && 'said'}>
      <p role="status" tabIndex={-1}>
        {said.text}
      </p>
      {said.undo && button(t.undo, (event) => run(back(said, event)), { id: 'undo' })}
    </div>
  );
  return { run, status, hush: () => clearTimeout(timer) };
}
