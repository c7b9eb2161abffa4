import type { ComponentChild, VNode } from 'preact';
import { aboutItem } from '../about.js';
import type { Evidence, Item, Provenance } from '../types.js';
import { DAY, VERBS, WAYS } from '../verbs.js';
import type { Base } from './element.js';
import { button, fold, row, toggle } from './pieces.js';
import { wishIn } from './wish.js';
import { say } from './words.js';

/** Lines of a group drawn before "Show all": what a page draws without a pause. */
const FIRST = 200;
const MORE = 500;
/** A history of more lines than this is folded up at first, so that what comes after it is found. */
const FEW = 24;

/** What the shop said of an item and is kept beside the evidence, in a line; all of it is in the download. */
const beside = ({ t }: Base, { title, topics, by, neighbours }: Item) => {
  const about = aboutItem({ topics: topics ?? [], ...(by && { by }) }); // as it lies on the disk: perhaps damaged
  return say(t.beside, [title, ...about, neighbours && say(t.alike, Object.keys(neighbours).length)].filter(Boolean).join(', '));
};

/** Everything that is known, by how the site came to know it, and the means against each line and each way of knowing. */
export function createRecords(base: Base): (kept: readonly Evidence[], items: readonly Item[]) => ComponentChild {
  const { t, fordi, date, word, run, draw } = base;
  const { keeps } = fordi.options.notice;
  let most = FIRST;
  let sure = false;
  let isOpen: boolean | undefined;
  /** All of them, as many at a time as a page draws without a pause. */
  const all = (of: number) => {
    most += MORE;
    draw();
    if (most < of) setTimeout(all, 0, of);
  };
  const clear = () => {
    if (sure) run(fordi.forget({ all: true }));
    sure = !sure;
    draw();
  };
  /** Each made once: what is the same as before is passed over when it is drawn again. */
  const lines = new WeakMap<Evidence, VNode>();
  /** Lines have no keys: when one goes, focus stays in place for the next. */
  const record = (items: ReadonlyMap<string | undefined, Item>) => (e: Evidence) => {
    const made = lines.get(e);
    if (made) return made;
    const item = items.get(e.item);
    const detail = [date(e.at), wishIn(base, e), item && beside(base, item), say(t.ends, date(e.at + fordi.get().days * DAY))];
    const line = row(base.line(e), detail.filter(Boolean).join(' · '), t.delete, () => run(fordi.forget(e.id)));
    lines.set(e, line);
    return line;
  };
  const span = (list: readonly Evidence[]) => {
    const times = list.map(({ at }) => at);
    const [first, last] = [date(times.reduce((a, b) => Math.min(a, b))), date(times.reduce((a, b) => Math.max(a, b)))];
    return first === last ? first : `${first} – ${last}`;
  };
  const group = (way: Provenance, list: readonly Evidence[], items: ReadonlyMap<string | undefined, Item>, open: boolean) => {
    const without = fordi.get().objections.includes(way);
    const inside = [
      list[1] && <small>{span(list)}</small>,
      toggle(t.without, without, () => run(fordi.object(way, !without)), {
        id: `without ${way}`,
        'aria-label': `${t.without}: ${word(way)}`,
      }),
      list[0] && <ul>{list.slice(0, most).map(record(items))}</ul>,
      list.length > most && button(t.all, () => all(list.length)),
    ];
    return fold(`${word(way)} (${list.length})`, inside, { key: way, open: open && !!list[0] });
  };
  return (kept, beside) => {
    const { choice, objections } = fordi.get();
    const granted = choice === 'granted';
    if (kept[0]) isOpen ??= kept.length <= FEW;
    const items = new Map(beside.map((item) => [item.id as string | undefined, item]));
    const concerns = (way: Provenance) =>
      objections.includes(way) || kept.some((e) => e.provenance === way) || (granted && keeps.some((verb) => VERBS[verb].from === way));
    const ways = [...new Set([...WAYS.filter(concerns), ...kept.map((e) => e.provenance)])];
    if (!ways[0]) return;
    return [
      <h3>{say(t.known, kept.length)}</h3>,
      ways.map((way) =>
        group(
          way,
          kept.filter((e) => e.provenance === way),
          items,
          !!isOpen,
        ),
      ),
      kept[0] && button(sure ? t.sure : t.clear, clear, { id: 'clear' }),
    ];
  };
}
