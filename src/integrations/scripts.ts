const WAITING = 'script[type="text/plain"][data-fordi-purpose]';

/** Of some the browser never tells anything: what is no script but has an address, or is dead. Those after it do not wait longer. Milliseconds. */
const PATIENCE = 30_000;

/** On a script that was let in, whether it runs: a page that lets go and connects again, as components do, still knows it. */
const RUNS = Symbol.for('fordi.runs');
export const wasLetIn = (script: Element): boolean => RUNS in script;
const isRunning = (script: object): boolean => RUNS in script && script[RUNS] === true;

/**
 * Runs a script that the parser has read and left alone. It is the element itself that is put in again: so its address and
 * text are still the parser's own, which Trusted Types let pass without a policy, and its nonce is still there. An address in
 * `data-src` would have to be assigned, and that they forbid. Resolves once the next one may run.
 */
function start(script: HTMLScriptElement): Promise<unknown> | undefined {
  const { parentNode, nextSibling, dataset } = script;
  script.remove();
  try {
    if (dataset.src) script.src = dataset.src;
    script.type = dataset.type ?? '';
  } catch {
    console.error('fordi:', script, 'cannot run: Trusted Types forbid to assign data-src. Write src, which waits just as well.');
    script.dispatchEvent(new Event('error'));
  }
  const waits = script.src && !script.hasAttribute('async') && !script.noModule; // that one never runs, nor fails
  const done = new Promise((resolve) => {
    for (const name of ['load', 'error']) script.addEventListener(name, resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });
  parentNode?.insertBefore(script, nextSibling);
  return waits ? done : undefined;
}

/** What a string of HTML brings along (`innerHTML`) is dead to the browser: it never runs, nor fails. One made anew does. */
function renew(script: HTMLScriptElement): HTMLScriptElement {
  const made = document.createElement('script');
  try {
    for (const { name, value } of script.attributes) made.setAttribute(name, value);
    made.text = script.text;
    made.nonce = script.nonce;
  } catch {
    return script; // Trusted Types forbid it
  }
  for (const name of ['load', 'error']) made.addEventListener(name, () => script.dispatchEvent(new Event(name)));
  script.replaceWith(made);
  return made;
}

/** The page's scripts that wait for a yes: one after the other as they stand in the page, each once. */
export function createScripts(root: Document | Element, may: (script: HTMLElement) => boolean) {
  /** What has run, and whether it was asked to stop and did not say that it has. */
  const ran = new Map<HTMLScriptElement, 'runs' | 'goes on'>();
  for (const script of root.querySelectorAll('script')) if (isRunning(script)) ran.set(script, 'runs');
  const forget = (script: HTMLScriptElement) => ran.delete(Object.assign(script, { [RUNS]: false }));
  const tried = new WeakSet<HTMLElement>();
  const renewed = new WeakSet<Node>();
  let busy = false;
  let reload: HTMLElement | undefined;
  const next = () => [...root.querySelectorAll<HTMLScriptElement>(WAITING)].find((script) => !tried.has(script) && may(script));
  const run = async () => {
    if (busy) return;
    busy = true;
    for (let script = next(); script; script = next()) {
      tried.add(script);
      script.addEventListener('error', () => forget(script as HTMLScriptElement), { once: true });
      ran.set(Object.assign(script, { [RUNS]: true }), 'runs');
      await start(script);
    }
    busy = false;
  };
  /** Nobody can stop a script but itself. One that has prevents the default of `fordi:stop`. */
  const halt = () => {
    let isNews = false;
    for (const [script, state] of ran) {
      if (may(script)) ran.set(script, 'runs');
      else if (state === 'runs' && !script.dispatchEvent(new Event('fordi:stop', { cancelable: true }))) forget(script);
      else {
        isNews ||= state === 'runs';
        ran.set(script, 'goes on');
      }
    }
    const goesOn = [...ran.values()].includes('goes on');
    if (!goesOn) reload?.remove();
    else if (isNews && !reload?.isConnected) reload = document.body.appendChild(document.createElement('fordi-reload'));
  };
  return {
    /** What has come since the page was read. */
    renew(added: Iterable<Node>) {
      if (document.readyState === 'loading') return;
      const scripts = [...added].flatMap((node) =>
        node instanceof Element ? [...(node.matches(WAITING) ? [node] : []), ...node.querySelectorAll(WAITING)] : [],
      ) as HTMLScriptElement[];
      for (const script of scripts) if (!renewed.has(script)) renewed.add(renew(script));
    },
    follow() {
      halt();
      void run();
    },
    stop: () => reload?.remove(),
  };
}
