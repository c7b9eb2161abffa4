import type { Fordi } from '../types.js';

/** The choice about everything that is declared, in order, what of it is a tool's silence, and what was said no to again. */
function all({ options, choice, get }: Fordi): readonly string[] {
  const { silent, noes } = get();
  const purposes = Object.entries(options.purposes);
  return [
    choice(),
    ...purposes.flatMap(([purpose, { services = {} }]) => [
      choice(purpose),
      ...Object.keys(services).map((service) => choice(purpose, service)),
    ]),
    ...silent,
    JSON.stringify(noes),
  ];
}

/** Calls `act` once it is known what was chosen, and whenever any of it has changed, here or in another tab. Returns its detach. */
export function onChosen(fordi: Fordi, act: () => void): () => void {
  let known = '';
  const look = () => {
    if (!fordi.get().ready) return;
    const now = all(fordi).join();
    if (now === known) return;
    known = now;
    act();
  };
  const off = fordi.subscribe(look);
  look();
  return off;
}
