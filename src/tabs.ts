/** Storms of messages from many tabs become one look. Milliseconds. */
const CALM = 40;
const NAME = 'fordi';

/**
 * Tells this site's other tabs that something changed, and hears them; also the page's own return from the back/forward
 * cache or the background. Messages carry no data and no authority: all they ever cause is another look at the gate, and
 * nothing depends on their arrival (frozen tabs).
 */
export function createTabs(look: () => void, leave: () => void): { announce(): void; stop(): void } {
  let channel: BroadcastChannel | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const gone = new AbortController();
  /** Not at a page's first showing, nor for another script's key. */
  const heard = ({ persisted, key }: { persisted?: boolean; key?: string | null }) => {
    const hidden = globalThis.document?.visibilityState === 'hidden'; // a read begun now would freeze with the page, and hold up others
    if (!hidden && persisted !== false && (key ?? NAME) === NAME) look();
  };
  try {
    channel = new BroadcastChannel(NAME);
    channel.onmessage = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        look();
      }, CALM);
    };
    (channel as { unref?(): void }).unref?.(); // in Node, a channel would keep the process alive
  } catch {
    // Firefox with storage blocked throws here; the storage event and the next look remain.
  }
  for (const name of ['pageshow', 'storage', 'visibilitychange'])
    globalThis.addEventListener?.(name, heard as EventListener, { signal: gone.signal });
  globalThis.addEventListener?.('pagehide', leave, { signal: gone.signal });
  return {
    announce() {
      try {
        channel?.postMessage(0);
      } catch {
        // closed under us: the others look for themselves
      }
    },
    stop() {
      clearTimeout(timer);
      channel?.close();
      gone.abort();
    },
  };
}

/** A page rendered ahead of time has no visitor yet: nothing is read or kept until somebody looks at it. */
export function activated(): Promise<unknown> | undefined {
  const page = globalThis.document as (Document & { prerendering?: boolean }) | undefined;
  return page?.prerendering ? new Promise((resolve) => page.addEventListener('prerenderingchange', resolve, { once: true })) : undefined;
}
