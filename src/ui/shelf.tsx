import { openPanel } from '../open-panel.js';
import { createSight } from '../seen.js';
import type { Pick, Request, Shelf, Trace } from '../types.js';
import type { Base, Part } from './element.js';
import { button } from './pieces.js';
import { why } from './why.js';
import { safe, say } from './words.js';

/** The attributes, as the request they stand for. The size is always said: it tells `explain` that shelves are meant. */
function request({ host, fordi }: Base): Request {
  const of = (name: string) => host.getAttribute(name) ?? undefined;
  const count = (name: string, most: number) => Math.min(most, Math.max(1, Number.parseInt(of(name) as string, 10)));
  const slot = of('slot-name');
  return {
    slot,
    limit: count('rows', 20) || 3,
    size: count('size', 100) || fordi.options.slots[slot as string]?.size || 6,
    context: of('context'),
  } as Request;
}

type Answer = readonly [shelves: readonly Shelf[], trace: Trace | undefined];

export function shelf(base: Base): Part {
  let open: string | undefined;
  const sight = createSight(base.fordi);
  const toggle = (id?: string) => {
    open = open === id ? undefined : id;
    base.load();
  };
  /** The yes can be taken back right here, whatever else the page offers (DSA 27). */
  const data = ({ currentTarget }: { currentTarget: unknown }) => openPanel(currentTarget as Element);
  const card = (pick: Pick, shared: unknown, trace?: Trace) => {
    const { item, because } = pick;
    const { id, title } = item;
    const image = safe(item.image);
    const on = open === id;
    return (
      <li key={id} class={on ? 'on' : undefined} ref={(box: Element | null) => sight.watch(box, pick)}>
        <div>
          <a href={safe(item.url)} id={`=${id}`}>
            {image && <img alt="" loading="lazy" referrerpolicy="no-referrer" src={image} />}
            <b dir="auto">{title}</b>
          </a>
          <small>{item.by}</small>
          <small>{!shared && because?.text}</small>
          {button(base.t.why, () => toggle(id), { id: `?${id}`, 'aria-label': `${base.t.why} ${title}`, 'aria-expanded': on })}
        </div>
        {on && trace?.item?.id === id && <div class="why">{why(base, item, trace)}</div>}
      </li>
    );
  };
  const load = async () => {
    await base.fordi.ready;
    const ask = request(base);
    return [await base.fordi.shelves(ask), open === undefined ? open : await base.fordi.explain(open, ask)] as const;
  };
  const view = (answer?: Answer) => [
    answer?.[0].map(({ because, picks }, index) => (
      <section aria-labelledby={`h${index}`}>
        <h2 id={`h${index}`}>{because?.text ?? base.t.shelf}</h2>
        <ul>{picks.map((pick) => card(pick, because, answer[1]))}</ul>
      </section>
    )) ?? [...Array(request(base).limit)].map(() => <section />),
    base.fordi.choice() === 'granted' && button(say(base.t.panel, base.fordi.options.site.name), data),
    base.status(),
  ];
  return { load, view, stop: sight.stop };
}
