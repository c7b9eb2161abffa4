import type { Chosen, Fordi, Pick } from './types.js';

/** What may be in sight: an item of a list, or a block of content. */
type Shown = Pick | Chosen<unknown>;

const blockOf = (shown: Shown) => ('variant' in shown ? shown.variant : undefined);

/** Half of a card in sight for a second has been seen. */
const HALF = 0.5;
const LOOK = 1000;

type Entry = globalThis.Pick<IntersectionObserverEntry, 'target' | 'intersectionRatio'>;

/**
 * Tells fordi which cards, or blocks of content, the visitor has really seen, all that came into sight together in one call. Where the notice names
 * neither, nothing is watched; where the browser cannot tell, a card counts as seen once it has stood there for as long.
 */
export function createSight(fordi: Fordi) {
  const wanted = fordi.options.notice.keeps.some((verb) => verb === 'shown' || verb === 'told');
  const picks = new WeakMap<Element, Shown>();
  /** Cards in sight, each with the group it came in with. */
  const inSight = new Map<Element, Element[]>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const look = (group: readonly Element[]) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (document.hidden) return look(group); // nobody looks at a page in the background
      const seen = group.filter((card) => card.isConnected && inSight.get(card) === group).map((card) => picks.get(card) as Shown);
      if (seen[0]) fordi.shown(seen);
    }, LOOK);
    timers.add(timer);
  };
  const noticed = (entries: readonly Entry[]) => {
    const group: Element[] = [];
    for (const { target, intersectionRatio } of entries)
      if (intersectionRatio < HALF) inSight.delete(target);
      else if (!inSight.has(target)) {
        inSight.set(target, group);
        group.push(target);
      }
    if (group[0]) look(group);
  };
  const eyes = wanted && globalThis.IntersectionObserver ? new IntersectionObserver(noticed, { threshold: HALF }) : undefined;
  return {
    /** Called at each drawing; a card with another reason, or another block, is seen anew. */
    watch(card: Element | null, pick: Shown) {
      if (!card || !wanted) return;
      const known = picks.get(card);
      picks.set(card, pick);
      if (known && known.because?.text === pick.because?.text && blockOf(known) === blockOf(pick)) return;
      inSight.delete(card);
      if (!eyes) return noticed([{ target: card, intersectionRatio: 1 }]);
      eyes.unobserve(card);
      eyes.observe(card);
    },
    stop() {
      eyes?.disconnect();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
