import { ui as en } from '../locales/en.js';
import type { Purpose, Service, Terms, Texts } from '../types.js';
import type { Base, Ui } from './element.js';
import { say } from './words.js';

/** The purpose that is always there; its words are the locale's. */
export const PERSONAL = 'personalization';

/** What the visitor is told of one purpose. */
export interface Told {
  readonly title: string;
  readonly lines: readonly string[];
  /** By name. */
  readonly services: Readonly<Record<string, Service>>;
}

/** Texts that no question can do without: they hold the name, what it is for, the days, the way back. */
const NEEDED = [
  'ask',
  'purpose',
  'days',
  'back',
  'yes',
  'no',
  'askAll',
  'mine',
  'yesAll',
  'noAll',
  'chosen',
  'yesThis',
  'noThis',
  'keptOf',
  'term',
  'nobody',
  'shared',
  'asker',
  'delicate',
] as const satisfies readonly (keyof Texts)[];

const others = ({ t }: Ui, recipients: readonly string[] = []) => (recipients.length ? say(t.shared, recipients.join(', ')) : t.nobody);

/** Who gets something through the purpose or any service under it. */
const reach = ({ recipients = [], services = {} }: Terms) => [
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
  const { title, text, keeps, days, special = [], services = {} } = terms;
  const kept = [say(t.keptOf, keeps), say(t.term, days), others(base, reach(terms))].join(' · ');
  return { title, lines: [text, ...(special.length ? [say(t.delicate, special.join(', '))] : []), kept], services };
}

/** What the visitor is told of a service: what it does, and who gets something through it. */
export const serviceTold = (ui: Ui, { text, recipients }: Service): string => [text, others(ui, recipients)].filter(Boolean).join(' · ');

/** What is missing for a question about these purposes to be an informed one (GDPR 4(11), 13): nothing is asked then. */
export function lacking({ t, fordi }: Ui, asked: readonly Purpose[]): readonly string[] {
  const { site, purposes } = fordi.options;
  const isBlank = (text: unknown) => !`${text ?? ''}`.trim();
  const texts = NEEDED.flatMap((name) => {
    if (isBlank(t[name])) return `locale.ui.${name}`;
    return en[name].includes('{x}') && !t[name].includes('{x}') ? `locale.ui.${name} with its {x}` : [];
  });
  const words = asked.flatMap((purpose) => {
    const terms = purposes[purpose];
    const names = (['title', 'text', 'keeps', 'days'] as const).filter((name) => terms && isBlank(terms[name]));
    return names.map((name) => `purposes.${purpose}.${name}`);
  });
  return [...(isBlank(site.name) ? ['site.name'] : []), ...texts, ...words];
}

/** Whether these purposes can be asked about; if not, the developer hears what is missing. */
export function canAsk(ui: Ui, asked: readonly Purpose[]): boolean {
  const missing = lacking(ui, asked);
  if (missing.length)
    ui.complain(`nothing is asked, for nobody could know what they say yes to. Missing: ${missing.join(', ')}. Fill that in.`);
  return !missing.length;
}
