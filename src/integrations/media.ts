import type { Fordi, Verb } from '../types.js';

/** Hearing thirty seconds, or half of something short, is listening; less is trying. Seconds. */
const ENOUGH = 30;
/** Larger steps between two time updates are jumps, not playing. Seconds. */
const JUMP = 2;

interface Played {
  at: number;
  seconds: number;
  told: boolean;
}

/** Records `listen` or `watch` for `<audio>` and `<video>` that carry `data-fordi-item`, once enough of it has really been played. */
export function connectMedia(fordi: Fordi, root: Document | Element = document): () => void {
  const heard = new WeakMap<HTMLMediaElement, Played>();
  const fresh = (at: number): Played => ({ at, seconds: 0, told: false });
  const played = ({ target }: Event) => {
    if (!(target instanceof HTMLMediaElement) || !target.dataset.fordiItem) return;
    const { currentTime, duration, dataset } = target;
    const state = heard.get(target) ?? fresh(0);
    heard.set(target, state);
    const step = currentTime - state.at;
    state.at = currentTime;
    if (step > 0 && step < JUMP && !target.seeking) state.seconds += step;
    if (state.told || !(state.seconds >= Math.min(ENOUGH, duration / 2))) return;
    state.told = true;
    const verb = dataset.fordiVerb ?? (target instanceof HTMLVideoElement ? 'watch' : 'listen');
    void fordi.observe({ verb: verb as Verb, item: dataset.fordiItem as string });
  };
  /** Another source, or the same once more, is another listening. */
  const restart = ({ target }: Event) => {
    if (target instanceof HTMLMediaElement) heard.set(target, fresh(0));
  };
  // Media events do not bubble, but they can be captured.
  const events = { timeupdate: played, ended: restart, emptied: restart };
  for (const [name, listener] of Object.entries(events)) root.addEventListener(name, listener, true);
  return () => {
    for (const [name, listener] of Object.entries(events)) root.removeEventListener(name, listener, true);
  };
}
