/** Storms of messages from many tabs become one look. Milliseconds. */
const CALM = 40;

/**
 * Tells this site's other tabs that something changed, and hears them. Messages carry no data and no authority: all they
 * ever cause is another look at the gate, and nothing depends on their arrival (frozen tabs, bfcache).
 */
export function createTabs(changed: () => void): { announce(): void; stop(): void } {
  let channel: BroadcastChannel | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      changed();
    }, CALM);
  };
  const shown = () => document.visibilityState === 'visible' && look();
  const restored = (e: PageTransitionEvent) => e.persisted && changed();
  try {
    channel = new BroadcastChannel('fordi');
    channel.onmessage = look;
    (channel as { unref?(): void }).unref?.(); // in Node, a channel would keep the process alive
  } catch {
    // Firefox with storage blocked throws here; the storage event and the next look remain.
  }
  globalThis.addEventListener?.('pageshow', restored);
  globalThis.document?.addEventListener('visibilitychange', shown);
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
      globalThis.removeEventListener?.('pageshow', restored);
      globalThis.document?.removeEventListener('visibilitychange', shown);
    },
  };
}
