import type { Pick, Request, Shelf, Trace } from '../types.js';
import type { Base, Part } from './element.js';
import { why } from './why.js';
import { safe } from './words.js';

/** The attributes, as the request they stand for. What is not there is left to the slot. */
function request(host: HTMLElement): Request {
  const text = (name: string) => host.getAttribute(name) ?? undefined;
  const count = (name: string) => +(text(name) ?? 0) || undefined;
  return { slot: text('slot-name'), limit: count('rows'), size: count('size'), context: text('context') } as Request;
}

type Answer = readonly [shelves: readonly Shelf[], trace: Trace | undefined];

export function shelf(base: Base): Part<Answer> {
  const { fordi, t, host } = base;
  let open: string | undefined;

  const toggle = (id?: string) => {
    open = open === id ? undefined : id;
    base.load();
  };
  const escape = ({ key, currentTarget }: KeyboardEvent) => {
    if (key !== 'Escape' || !open) return;
    (currentTarget as Element).querySelector<HTMLElement>('.on button')?.focus();
    toggle(open);
  };
  const card = ({ item, because }: Pick, shared: unknown, trace?: Trace) => {
    const { id, title, by } = item;
    const image = safe(item.image);
    const link = safe(item.url);
    const Name = link ? 'a' : 'span';
    const on = open === id;
    return (
      <li key={id} class={on ? 'on' : ''}>
        <div>
          <Name href={link} id={id}>
            {image && <img alt="" loading="lazy" referrerpolicy="no-referrer" src={image} />}
            <b dir="auto">{title}</b>
          </Name>
          <small dir="auto">{by}</small>
          <small>{!shared && because?.text}</small>
          <button id={`?${id}`} aria-expanded={on} aria-label={`${t.why} ${title}`} onClick={() => toggle(id)}>
            {t.why}
          </button>
        </div>
        {on && trace?.item?.id === id && why(base, item, trace)}
      </li>
    );
  };
  const load = async () => {
    await fordi.ready;
    const ask = request(host);
    return [await fordi.shelves(ask), open === undefined ? open : await fordi.explain(open, ask)] as const;
  };
  const view = (answer?: Answer) => (
    <div onKeyDown={escape}>
      {answer?.[0].map(({ because, picks }, index) => (
        <section aria-labelledby={`h${index}`}>
          <h2 id={`h${index}`}>{because?.text ?? t.shelf}</h2>
          <ul>{picks.map((pick) => card(pick, because, answer[1]))}</ul>
        </section>
      )) ?? [...Array(request(host).limit ?? 3)].map(() => <section />)}
      {base.status()}
    </div>
  );
  return { load, view };
}
