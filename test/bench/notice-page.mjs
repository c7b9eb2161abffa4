// What the notice bench does inside the browser, from before the page's first script on. Text of it goes to the page, so it
// stands alone.

/** Watches for the box at the end of `way` and for the first click; what it sees is in `globalThis.seen`. */
export function watch(way) {
  const seen = { shift: 0 };
  globalThis.seen = seen;
  const find = () => way.reduce((within, step) => (within?.shadowRoot ?? within)?.querySelector(step), document);
  const shows = () => {
    const box = find();
    if (!box?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const { top, bottom, width, height } = box.getBoundingClientRect();
    return width > 0 && height > 0 && top < innerHeight && bottom > 0;
  };
  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  port1.onmessage = () => waiting.shift()();
  /** Calls back after the frame in whose making this is called has been handed over. */
  const painted = (then) => {
    waiting.push(then);
    port2.postMessage(0);
  };
  /** The first frame in which it is so. */
  const when = (is, then) => requestAnimationFrame(() => (is() ? painted(then) : when(is, then)));
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) seen.shift += value;
  }).observe({ type: 'layout-shift', buffered: true });
  when(shows, () => {
    seen.visible = performance.now() - performance.getEntriesByName('start')[0].startTime;
    console.debug('visible'); // heard without a question that would put a script of the driver's, and a long task, on the page
  });
  const clicked = ({ timeStamp }) => {
    when(
      () => true,
      () => {
        seen.next = performance.now() - timeStamp;
      },
    );
    when(
      () => !shows(),
      () => {
        seen.gone = performance.now() - timeStamp;
      },
    );
  };
  addEventListener('click', clicked, { capture: true, once: true });
}
