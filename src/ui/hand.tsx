import { mainTopic } from '../about.js';
import type { Event, Item, Trace } from '../types.js';
import type { Base } from './element.js';
import { button, note } from './pieces.js';
import type { Done } from './said.js';
import { declare, lasting, WISHES } from './wish.js';
import { say } from './words.js';

/**
 * The visitor's objections, each with what comes of it and the way back. A visitor who can act where the reason is given
 * minds the reason less (Tucker 2014). Offered is what can be kept: of what is special nothing, of a block of content, which
 * is no item, what is said of its topic.
 */
export function hand(base: Base, item: Item, { because, special }: Trace, isBlock?: boolean) {
  const { t, fordi, run } = base;
  if (special) return note(t.special);
  const { id, title } = item;
  const back = `?${id}`;
  const topic = because?.topic ?? mainTopic(item);
  const object = async (event: Event, text: string): Promise<Done | string> => {
    const told = await fordi.observe(event);
    return told.kept ? { text: lasting(base, text), undo: () => fordi.forget(told.evidence.id), back } : t.failed;
  };
  /** The same word as in the panel, where it is seen and changed; where the notice does not name that, a no like the others. */
  const lessen = (topic: string) =>
    fordi.options.notice.keeps.includes('declare')
      ? declare(base, topic, WISHES[1], back)
      : object({ verb: 'dismiss', topic }, say(t.lessened, topic));
  /** The topic is said as well: what it is about must not come back when the shop no longer has the item. */
  const silence = async () => {
    const done = await object({ verb: 'too-personal', item: id }, say(t.silenced, title));
    const main = mainTopic(item);
    const told = typeof done !== 'string' && main !== undefined && (await fordi.observe({ verb: 'too-personal', topic: main }));
    if (typeof done === 'string' || !told || !told.kept) return done;
    return { ...done, undo: async (event: MouseEvent) => (await fordi.forget(told.evidence.id)) && done.undo?.(event) };
  };
  const press = (name: string, done: () => Promise<Done | string>) => button(name, ({ detail }) => detail > 1 || run(done()));
  return (
    <div class="hand">
      {isBlock || press(t.dislike, () => object({ verb: 'dismiss', item: id }, say(t.dismissed, title)))}
      {topic && press(say(t.less, topic), () => lessen(topic))}
      {isBlock
        ? topic && press(t.personal, () => object({ verb: 'too-personal', topic }, say(t.stopped, topic)))
        : press(t.personal, silence)}
    </div>
  );
}
