import type { Event, Item } from '../types.js';
import type { Base } from './element.js';
import { button } from './pieces.js';
import { say } from './words.js';

/** What an item is mostly about: its first topic, else its maker. */
const mainOf = ({ topics = [], by }: Item): string | undefined => (Array.isArray(topics) ? topics : Object.keys(topics))[0] ?? by;

/**
 * The visitor's objections, each with what comes of it and the way back. A visitor who can act where the reason is given
 * minds the reason less (Tucker 2014).
 */
export function hand({ t, fordi, run }: Base, item: Item, because: string | undefined) {
  const { id, title } = item;
  const topic = because ?? mainOf(item);
  const object = (name: string, event: Event, text: string) => {
    const done = async () => {
      const told = await fordi.observe(event);
      return told.kept ? { text, undo: () => fordi.forget(told.evidence.id), back: `?${id}` } : t.failed;
    };
    return button(name, ({ detail }) => detail > 1 || run(done()));
  };
  return (
    <div class="hand">
      {object(t.dislike, { verb: 'dismiss', item: id }, say(t.dismissed, title))}
      {topic && object(say(t.less, topic), { verb: 'dismiss', topic }, say(t.lessened, topic))}
      {object(t.personal, { verb: 'too-personal', item: id }, say(t.silenced, title))}
    </div>
  );
}
