/** After so long the page is let have its turn: what is begun meanwhile, on a slow phone, is over within the frame. Milliseconds. */
const STRETCH = 5;

/** Lets the page have its turn; a timer, where there is nothing better, waits 4 ms each time. Called off where the page calls off its own task. */
export const pause = (): Promise<unknown> =>
  (globalThis as { scheduler?: { yield?(): Promise<void> } }).scheduler?.yield?.().catch(() => {}) ??
  new Promise((resolve) => setTimeout(resolve));

/** For long work: asked between two pieces of it, whether the page should have a turn now; taken, the stretch begins anew. `stretch` in milliseconds. */
export function createBreath(stretch = STRETCH): { isDue(): boolean; take(): Promise<void> } {
  let began = performance.now();
  return {
    isDue: () => performance.now() - began > stretch,
    async take() {
      await pause();
      began = performance.now();
    },
  };
}
