import { type ComponentChild, render } from 'preact';
import { pause } from '../breath.js';
import type { Fordi } from '../types.js';
import { saying } from './said.js';
import type { Words } from './words.js';

/** What all elements share. */
export interface Ui extends Words {
  readonly fordi: Fordi;
  readonly sheets: CSSStyleSheet[];
  /** Every `<fordi-ask>` on the page: what it asks, the notice does not ask too. */
  readonly places: Set<HTMLElement>;
}

/** What one mounted element's part works with. */
export interface Base extends Ui {
  readonly host: HTMLElement;
  draw(): void;
  /** Asks the part anew and draws the answer. */
  load(): unknown;
  /** Waits, then tells in the status line how it went: the text or the `Done` the work resolved to, or that all is up to date. */
  run(work: Promise<unknown>): unknown;
  status(): ComponentChild;
}

/** What one kind of element adds. */
export interface Part {
  /** What its view needs to know. */
  load?(): Promise<unknown> | undefined;
  /** `answer` is absent until the first has come. */
  view(answer?: never): ComponentChild;
  /** It has no place in the page that would have to be held. */
  readonly floats?: boolean;
  /** The element is going. */
  stop?(): void;
}

export type Make = (base: Base) => Part;

/** Draws anew; `over`, for the last time. */
type Live = (over?: boolean) => void;

interface Kind {
  serve?: ((host: HTMLElement) => Live) | undefined;
  /** Every connected element of this name. */
  readonly hosts: Map<HTMLElement, Live | undefined>;
}

function mount(ui: Ui, host: HTMLElement, make: Make): Live {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const { lang, dir } = ui.fordi.options.locale;
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let answer: undefined;
  /** Focus stays where it was; where that is gone, on what bears its id now, else on the status line: never on the page's top. */
  const draw = () => {
    const had = root.activeElement;
    try {
      render(
        turn >= 0 && (
          <div lang={lang} dir={dir}>
            {part.view(answer)}
          </div>
        ),
        root,
      );
    } catch {} // what goes wrong in here is not the page's concern
    if (had && !root.activeElement) (root.getElementById(had.id) ?? root.querySelector<HTMLElement>('[role=status]'))?.focus();
  };
  /** Only the newest question is answered on the screen, and once; what is asked now need not be asked again soon. */
  const load = async () => {
    clearTimeout(timer);
    timer = undefined;
    try {
      const mine = ++turn;
      draw();
      if (!part.load) return;
      const found = await part.load();
      if (mine !== turn) return;
      answer = found as undefined;
      draw();
    } catch {}
  };
  let calm = 0;
  /** Many changes in a row are drawn once, within a frame; the first, that all is known now, before the page's next one. */
  const soon = () => {
    timer ??= setTimeout(load, calm);
    calm = 16;
  };
  /** What holds no place can wait. On a slow phone, making it, drawing and what is drawn for the first time would be one long task. */
  const begin = async () => {
    await pause();
    if (!turn) render(<div lang={lang} dir={dir} />, root);
    await pause();
    if (!turn) load();
  };
  const { run, status, hush } = saying(ui.t, root, draw, load);
  const part = make({ ...ui, host, draw, load, run, status });
  const off = ui.fordi.subscribe(soon);
  root.adoptedStyleSheets = ui.sheets;
  if (part.floats) begin();
  else load();
  return (over) => {
    if (!over) return load();
    off();
    turn = Number.NEGATIVE_INFINITY;
    draw();
    hush();
    part.stop?.();
  };
}

/** A name can be defined once per page and for good; what serves its elements can come and go. */
function kind(name: string): Kind {
  const own: Kind = { hosts: new Map() };
  customElements.define(
    name,
    class extends HTMLElement {
      static readonly own = own;
      static readonly observedAttributes = ['slot-name', 'rows', 'size', 'context', 'open', 'purpose'];
      connectedCallback() {
        own.hosts.set(this, own.serve?.(this));
      }
      disconnectedCallback() {
        own.hosts.get(this)?.(true);
        own.hosts.delete(this);
      }
      attributeChangedCallback() {
        own.hosts.get(this)?.();
      }
    },
  );
  return own;
}

/** Lets `make` serve the elements of this name. The first to come serves until it stops; a second one finds the place taken. */
export function define(name: string, ui: Ui, make: Make): () => void {
  const { own = kind(name) } = (customElements.get(name) ?? {}) as { own?: Kind };
  if (own.serve) return () => {};
  const serve = (host: HTMLElement) => mount(ui, host, make);
  own.serve = serve;
  for (const host of own.hosts.keys()) own.hosts.set(host, serve(host));
  return () => {
    own.serve = undefined;
    for (const live of own.hosts.values()) live?.(true);
  };
}
