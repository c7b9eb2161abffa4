import type { ComponentChild } from 'preact';
import { findStored } from '../stored.js';
import type { Found } from '../types.js';
import type { Base } from './element.js';
import { fold, note } from './pieces.js';
import { toldOf } from './purposes.js';
import { termOf } from './words.js';

type Own = Awaited<ReturnType<Base['fordi']['inventory']>>;
type Line = Partial<Found> & Pick<Found, 'name' | 'place'>;

/** What this page has really stored in the browser: fordi's own, and all that any script of the site may see. Not looked for until it is asked for. */
export function createStored(base: Base) {
  const { t, fordi, word, draw } = base;
  let open = false;
  let own: Own | undefined;
  let found: readonly Found[] = [];
  const look = async () => {
    if (!open) return;
    own = await fordi.inventory();
    found = await findStored(fordi.options, fordi.choice);
  };
  const toggled = async ({ currentTarget }: { readonly currentTarget: EventTarget | null }) => {
    const is = (currentTarget as HTMLDetailsElement).open;
    if (is === open) return;
    open = is;
    await look();
    draw();
  };
  /** In words first; its name and place one step further. */
  const line = ({ name, place, purpose, service, what, days }: Line) => {
    const { title = '', services = {} } = purpose === undefined ? {} : toldOf(base, purpose);
    const about = [service === undefined ? title : services[service]?.title, days && termOf(t, days)].filter(Boolean).join(' · ');
    return (
      <li key={`${place} ${name}`}>
        {fold(what ?? (about || name), [
          <code dir="ltr">{name}</code>,
          <small>{[word(`in-${place}`), what && about].filter(Boolean).join(' · ')}</small>,
        ])}
      </li>
    );
  };
  const group = (title: string, lines: readonly Line[]) => lines[0] && [<h3>{title}</h3>, <ul class="found">{lines.map(line)}</ul>];
  const view = (): ComponentChild => {
    const of = (state: Found['state']) => found.filter((one) => one.state === state);
    const there = (own ?? []).filter(({ present }) => present);
    const inside = [
      group(t.over, of('expired')),
      group(t.unsaid, of('undeclared')),
      group(t.said, [...there, ...of('declared')]),
      own && !there[0] && !found[0] && note(t.empty),
    ];
    return fold(t.stored, open && inside, { onToggle: toggled });
  };
  return { view, look };
}
