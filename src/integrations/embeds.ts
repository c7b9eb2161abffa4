import type { Fordi } from '../types.js';
import { onChosen } from './chosen.js';
import { createScripts, wasLetIn } from './scripts.js';
import { standIn } from './standin.js';

const GATED = '[data-fordi-purpose]';

/** What the page may change of an element that waits, or has been let in. */
const FOLLOWED = ['data-fordi-purpose', 'data-fordi-service', 'data-src', 'data-srcset', 'data-href'];

/** Attributes that load something, and where they wait until they may. */
const LOADS = ['src', 'srcset', 'href'] as const;

/** What makes an element load or run at once, so that nobody could be asked first; nothing where it waits as it should. */
function loose(element: HTMLElement): string | undefined {
  const { localName, dataset } = element;
  if (!/^(script|style|link|img|iframe)$/.test(localName)) return 'cannot be held back. Expected script, style, link, img or iframe';
  if (/^s/.test(localName))
    return element.matches('[type="text/plain"]') || wasLetIn(element) ? undefined : 'has run already. Expected type="text/plain"';
  const early = [...LOADS, 'srcdoc'].find((name) => element.hasAttribute(name) && !dataset[name]);
  return early && `has loaded its ${early} already. Expected data-${early}`;
}

/** A frame's address may be a script, and would run as the page's own. */
function isHttp(url: string): boolean {
  try {
    return /^http/.test(new URL(url, document.baseURI).protocol);
  } catch {
    return false;
  }
}

/** Where an element's own sources go, and go away again. */
function load(element: HTMLElement, on: boolean): void {
  for (const name of LOADS) {
    const url = element.dataset[name];
    if (!on)
      element.removeAttribute(name); // also where the page has taken away what it came from
    else if (url && (element.localName !== 'iframe' || isHttp(url)) && element.getAttribute(name) !== url) element.setAttribute(name, url); // a frame would load it anew
  }
}

/** A frame goes on with what it has loaded until it leaves the page. */
function empty(frame: HTMLElement): void {
  const { parentNode, nextSibling } = frame;
  frame.remove();
  parentNode?.insertBefore(frame, nextSibling);
}

/** Everything on the page that waits for a yes, each with what may be done about it. */
function createGate(fordi: Fordi, root: Document | Element) {
  /** Elements that were looked at, and whether they are let in; of what does not wait, nothing can be held back. */
  const known = new WeakMap<HTMLElement, boolean | 'loose' | undefined>();
  /** The page says something else of these now. */
  const changed = new WeakSet<Node>();
  /** Shown once: until something else is chosen, the same is said no to again, or all is taken back. */
  let once = new WeakMap<HTMLElement, string>();
  let isGiven = false;
  const places = new Map<HTMLElement, () => void>();
  const choice = ({ dataset }: HTMLElement) => fordi.choice(dataset.fordiPurpose, dataset.fordiService);
  const stand = (element: HTMLElement) => {
    const { noes } = fordi.get();
    const { fordiPurpose: purpose = '', fordiService: service } = element.dataset;
    return [purpose, choice(element), noes[purpose], service && noes[`${purpose}/${service}`]].join();
  };
  const may = (element: HTMLElement) => {
    if (once.get(element) !== stand(element)) once.delete(element); // for good: a yes that comes and goes does not bring it back
    return choice(element) === 'granted' || once.has(element);
  };
  const scripts = createScripts(root, may);
  const leave = (frame: HTMLElement) => {
    places.get(frame)?.();
    places.delete(frame);
  };
  const frame = (element: HTMLElement, on: boolean) => {
    leave(element);
    load(element, on);
    if (on) return;
    if (known.get(element)) empty(element);
    const undo = standIn(element as HTMLIFrameElement, () => {
      once.set(element, stand(element));
      look();
    });
    if (undo) places.set(element, undo);
  };
  const was = (element: HTMLElement) => {
    if (known.has(element)) return known.get(element);
    const wrong = loose(element);
    if (wrong) console.error('fordi:', element, `${wrong}. It is left alone; see README, The rest of the page.`);
    known.set(element, wrong ? 'loose' : undefined);
    return known.get(element);
  };
  const look = () => {
    const wasGiven = isGiven;
    isGiven = !!fordi.get().given[0];
    if (wasGiven && !isGiven) once = new WeakMap();
    for (const gone of places.keys()) if (!gone.isConnected) leave(gone);
    for (const element of root.querySelectorAll<HTMLElement>(GATED)) {
      const before = was(element);
      const on = may(element);
      if (before === 'loose' || (before === on && !changed.has(element))) continue;
      changed.delete(element);
      if (element.localName === 'iframe') frame(element, on);
      else if (element instanceof HTMLStyleElement) element.type = on ? '' : 'text/plain';
      else if (element.localName !== 'script') load(element, on);
      known.set(element, on);
    }
    scripts.follow();
  };
  return {
    look,
    changed,
    renew: scripts.renew,
    /** Whether a frame went and left its place behind. */
    isBehind: () => [...places.keys()].some((element) => !element.isConnected),
    stop() {
      for (const element of places.keys()) leave(element);
      scripts.stop();
    },
  };
}

const holds = (node: Node) => node instanceof Element && (node.matches(GATED) || node.querySelector(GATED) !== null);

/**
 * Lets scripts, styles, frames and images in when there is a yes to their purpose, or to one service of it:
 * `<script type="text/plain" data-fordi-purpose="measurement" data-fordi-service="plausible" src="…">`, `<iframe data-src="…">`,
 * `<img data-src="…">`, `<link rel="stylesheet" data-href="…">`, `<style type="text/plain">`. Also what is added or changed later. Until
 * then, and after a no, nothing of it is asked for, and where a frame stands `<fordi-embed>` says what it would be.
 */
export function connectEmbeds(fordi: Fordi, root: Document | Element = document): () => void {
  const gate = createGate(fordi, root);
  const look = (records: readonly MutationRecord[] = []) => {
    for (const { type, target, addedNodes } of [...records, ...eyes.takeRecords()])
      type === 'attributes' ? gate.changed.add(target) : gate.renew(addedNodes);
    if (fordi.get().ready) gate.look();
  };
  const added = (records: readonly MutationRecord[]) => {
    if (gate.isBehind() || records.some(({ type, addedNodes }) => type === 'attributes' || [...addedNodes].some(holds))) look(records);
  };
  const eyes = new MutationObserver(added);
  eyes.observe(root, { childList: true, subtree: true, attributeFilter: FOLLOWED });
  const off = onChosen(fordi, look);
  return () => {
    eyes.disconnect();
    off();
    gate.stop();
  };
}
