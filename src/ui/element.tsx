import { type ComponentChild, render } from 'preact';
import type { Fordi } from '../types.js';
import type { Words } from './words.js';

/** What all elements share. */
export interface Ui extends Words {
  readonly fordi: Fordi;
  readonly sheets: CSSStyleSheet[];
}

/** What one mounted element's part works with. */
export interface Base extends Ui {
  readonly host: HTMLElement;
  draw(): void;
  /** Asks the part anew and draws the answer. */
  load(): unknown;
  /** Waits, then tells in the status line how it went: the text the work resolved to, or that all is up to date. */
  run(work: Promise<unknown>): unknown;
  status(): ComponentChild;
}

/** What one kind of element adds. */
export interface Part<Answer> {
  /** What its view needs to know. */
  load?(): Promise<Answer> | undefined;
  /** `answer` is absent until the first has come. */
  view(answer?: Answer): ComponentChild;
}

export type Make = (base: Base) => Part<never>;

interface Live {
  load(): unknown;
  stop(): void;
}

interface Host extends HTMLElement {
  live?: Live | undefined;
}

interface Kind {
  serve?: ((host: Host) => Live) | undefined;
  /** Every connected element of this name. */
  hosts: Set<Host>;
}

function mount(ui: Ui, host: HTMLElement, make: Make): Live {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  const { lang, dir } = ui.fordi.options.locale;
  let turn = 0;
  let answer: undefined;
  let said = '';
  /** Focus stays where it was; where that is gone, on what bears its id now, else on the status line: never on the page's top. */
  const draw = () => {
    const had = root.activeElement;
    render(
      turn >= 0 && (
        <div lang={lang} dir={dir}>
          {part.view(answer)}
        </div>
      ),
      root,
    );
    if (had && !root.activeElement) (root.getElementById(had.id) ?? root.querySelector<HTMLElement>('[role=status]'))?.focus();
  };
  /** Only the newest question is answered on the screen, and once. What goes wrong in here is not the page's concern. */
  const load = async () => {
    try {
      const mine = ++turn;
      draw();
      const found = await part.load?.();
      if (mine !== turn) return;
      answer = found;
      draw();
    } catch {}
  };
  const run = async (work: Promise<unknown>) => {
    said = await work.then(
      (told) => (told === `${told}` ? told : ui.t.changed),
      () => ui.t.failed,
    );
    draw();
  };
  const status = () => (
    <p role="status" tabIndex={-1}>
      {said}
    </p>
  );
  const part = make({ ...ui, host, draw, load, run, status });
  const off = ui.fordi.subscribe(load);
  root.adoptedStyleSheets = ui.sheets;
  load();
  return {
    load,
    stop() {
      off();
      turn = Number.NEGATIVE_INFINITY;
      draw();
    },
  };
}

/** A name can be defined once per page and for good; what serves its elements can come and go. */
function kind(name: string): Kind {
  class Element extends HTMLElement {
    static readonly hosts = new Set<Host>();
    static serve: Kind['serve'];
    static readonly observedAttributes = ['slot-name', 'context', 'open'];
    live: Live | undefined;
    connectedCallback() {
      Element.hosts.add(this);
      this.live = Element.serve?.(this);
    }
    disconnectedCallback() {
      Element.hosts.delete(this);
      this.live?.stop();
      this.live = undefined;
    }
    attributeChangedCallback() {
      this.live?.load();
    }
  }
  customElements.define(name, Element);
  return Element;
}

/** Lets `make` serve the elements of this name. The first to come serves until it stops; a second one finds the place taken. */
export function define(name: string, ui: Ui, make: Make): () => void {
  const own = (customElements.get(name) as Kind | undefined) ?? kind(name);
  if (own.serve) return () => {};
  own.serve = (host) => mount(ui, host, make);
  for (const host of own.hosts) host.live = own.serve(host);
  return () => {
    own.serve = undefined;
    for (const host of own.hosts) host.live?.stop();
  };
}
