import { checkTexts } from '../error.js';
import { ui as en } from '../locales/en.js';
import type { Evidence, Fordi, Texts } from '../types.js';

/** What a record's or signal's line is made of. */
export type Line = Pick<Evidence, 'verb' | 'item' | 'topic' | 'title'>;

export interface Words {
  readonly t: Texts;
  /** The text for a name that only the data knows: a provenance, a rule. */
  word(name: string): string | undefined;
  /** "Listened to Kind of Blue". */
  line(record: Line): string;
  date(at: number | string): string;
}

/** The number, then what is counted: `{x} [day|days]`. */
const PLACE = /\{x\}( ?)(?:\[(.*?)\|(.*?)\])?/;

/** A function replaces, so that a title holding `$&` or `{x}` stays what it is. */
export const say = (text: string, x: unknown, shown = x): string =>
  text.replace(PLACE, (_, gap, one = '', more = '') => `${shown}${gap}${x === 1 ? one : more}`);

/** How long something is kept. One day is the one number that every language words on its own. */
export const termOf = (t: Texts, days: number): string => (days === 1 ? t.day : say(t.term, days));

/** An address that is safe to click or load: what resolves to http(s). The browser's own parser decides, not a pattern. */
export function safe(url: string | undefined): string | undefined {
  try {
    const { href } = new URL(url as string, document.baseURI);
    return url && /^https?:/.test(href) ? href : undefined;
  } catch {
    return;
  }
}

/** Throws a FordiError where a language lacks a text; only English comes along. */
export function words({ locale: { lang, ui } }: Fordi['options']): Words {
  const t = ui ?? (/^en\b/i.test(lang) ? en : ({} as Texts));
  checkTexts(t, en, 'locale.ui');
  let days: Intl.DateTimeFormat | undefined; // made once, because making one is slow, and not before there is a day to say
  const word = (name: string) => t[name as keyof Texts];
  return {
    t,
    word,
    line: ({ verb, title, topic, item }) => say(t[verb] ?? '{x}', title ?? topic ?? item),
    // A day without an hour has no zone: noon keeps it the same day everywhere. Digits as in the texts' own numbers.
    date: (at) => {
      const day = new Date((at as string)?.length === 10 ? `${at}T12:00` : at);
      if (Number.isNaN(+day)) return `${at}`; // as it lies on the disk: perhaps damaged
      days ??= new Intl.DateTimeFormat(lang, { dateStyle: 'medium', numberingSystem: 'latn' });
      return days.format(day);
    },
  };
}

/** What other tools for permission are called by those who make them. One that nobody here knows goes by its own name. */
const TOOLS: Readonly<Record<string, string>> = {
  onetrust: 'OneTrust',
  cookiebot: 'Cookiebot',
  usercentrics: 'Usercentrics',
  klaro: 'Klaro',
  vanilla: 'CookieConsent',
  cookieinformation: 'Cookie Information',
  wordpress: 'WordPress',
  complianz: 'Complianz',
  cookieyes: 'CookieYes',
  didomi: 'Didomi',
  tcf: 'IAB TCF',
  gpp: 'IAB GPP',
  google: 'Google Consent Mode',
};

export const called = (tools: readonly string[]): string =>
  tools.map((name) => (Object.hasOwn(TOOLS, name) ? TOOLS[name] : name)).join(', ');
