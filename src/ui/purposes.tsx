import type { Concern, Purpose, Service, Terms } from '../types.js';
import type { Base, Ui } from './element.js';
import { say, termOf } from './words.js';

/** The purpose that is always there; its words are the locale's. */
export const PERSONAL = 'personalization';

/** What the visitor is told of one purpose. */
export interface Told {
  readonly title: string;
  readonly lines: readonly string[];
  /** By name. */
  readonly services: Readonly<Record<string, Service>>;
}

const others = ({ t }: Ui, recipients: readonly string[] = []) => (recipients.length ? say(t.shared, recipients.join(', ')) : t.nobody);

/** What is kept, and for how long. */
export const keptOf = ({ t }: Ui, { keeps, days }: Terms): string => [say(t.keptOf, keeps), termOf(t, days)].join(' · ');

/** Who gets something through the purpose or any service under it. */
const reach = ({ recipients = [], services = {} }: Partial<Terms>) => [
  ...new Set([recipients, ...Object.values(services).map((service) => service.recipients ?? [])].flat()),
];

export function toldOf(base: Base, purpose: Purpose): Told {
  const { t, fordi, line } = base;
  const { notice, purposes } = fordi.options;
  const terms = purposes[purpose];
  if (!terms) {
    const kinds = notice.keeps.map((verb) => line({ verb, title: '…' })).join(' · ');
    return { title: t.mine, lines: [t.purpose, kinds, say(t.days, notice.days)], services: {} };
  }
  const { title, text, special = [], services = {} } = terms;
  const kept = [keptOf(base, terms), others(base, reach(terms))].join(' · ');
  return { title, lines: [text, ...(special.length ? [say(t.delicate, special.join(', '))] : []), kept], services };
}

/** What the visitor knows a purpose by; where it is declared no more, its id. */
const titleOf = ({ t, fordi }: Ui, purpose: Purpose): string =>
  purpose === PERSONAL ? t.mine : (fordi.options.purposes[purpose]?.title ?? purpose);

/** What a proof says yes to: the purpose, or services of it alone. */
export function agreedTo(ui: Ui, { id, state, services }: Concern): readonly string[] {
  if (state === 'granted') return [titleOf(ui, id)];
  const known = ui.fordi.options.purposes[id]?.services;
  const yes = Object.entries({ ...services }).filter(([, state]) => state === 'granted');
  return yes.map(([name]) => known?.[name]?.title ?? name);
}

/** Whether Global Privacy Control, where it is on, stands against this purpose. */
export function isBarred({ fordi }: Ui, purpose: Purpose): boolean {
  const { gpc, purposes } = fordi.options;
  const isRefused = fordi.get().choices[purpose] === 'refused';
  return isRefused && (gpc === 'refuse' || (gpc === 'noshare' && reach(purposes[purpose] ?? {}).length > 0));
}

/** Where each choice goes to the owner's server, that is said as well. */
export const sentOf = ({ t, fordi }: Ui): string | false => !!fordi.options.onReceipt && say(t.sent, fordi.options.site.name);

/** What the visitor is told of a service: what it does, and who gets something through it. */
export const serviceTold = (ui: Ui, { text, recipients }: Service): string => [text, others(ui, recipients)].filter(Boolean).join(' · ');

/** All that stands on the screen where the panel takes a yes to a purpose, or to one service of it: its proof is of that. */
export function fullText(base: Base, purpose: Purpose, only?: string): string {
  const { title, lines, services } = toldOf(base, purpose);
  const meant = Object.entries(services).filter(([name]) => only === undefined || name === only);
  const each = meant.map(([, service]) => `${service.title}: ${serviceTold(base, service)}`);
  return [title, ...lines, ...each, sentOf(base)].filter(Boolean).join('\n');
}
