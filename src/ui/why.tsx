import type { VNode } from 'preact';
import type { Forget, Item, Trace } from '../types.js';
import type { Base } from './element.js';
import { button, note, row } from './pieces.js';

/** The answer to "Why this?": all of it, and the means to object right beside it (Tucker 2014). */
export function why({ fordi, t, run, line, word, date }: Base, { id }: Item, trace: Trace): VNode {
  const { because, mode, contributions } = trace;
  const object = (verb: 'dismiss' | 'too-personal', text: string) =>
    button(text, () => run(fordi.observe({ verb, item: id }).then(({ kept }) => kept || t.failed)));
  return (
    <div class="why">
      {note(because?.text ?? (mode === 'implicit' && t.hidden))}
      <ul>
        {contributions.map(({ signal, verdict }) => {
          const { verb, item, topic, last, provenance } = signal;
          const told = [date(last), word(provenance), t[verdict.mode], ...verdict.reasons.map((name) => word(name) ?? t.rule)];
          return row(line(signal), told.join(' · '), t.remove, () => run(fordi.forget({ verb, item, topic } as Forget)));
        })}
      </ul>
      {contributions[0] || note(t.nothing)}
      {fordi.choice() === 'granted' && [object('dismiss', t.dislike), object('too-personal', t.personal)]}
    </div>
  );
}
