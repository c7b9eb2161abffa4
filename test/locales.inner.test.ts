import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFordi } from '../src/index.js';
import * as en from '../src/locales/en.js';
import type { Fordi, Reasons, Texts } from '../src/types.js';
import { describeParameters } from '../src/ui/criteria.js';
import type { Base } from '../src/ui/element.js';
import { PERSONAL, toldOf } from '../src/ui/purposes.js';
import { words } from '../src/ui/words.js';
import { VERBS } from '../src/verbs.js';

// A language is complete or it is not there: one missing text would put English into a Danish sentence.

interface Language {
  readonly lang: string;
  readonly dir: string;
  readonly reasons: Reasons;
  readonly ui: Texts;
}

/** Words that are the same in English. */
const shared: Record<string, string[]> = { es: ['noThis'], it: ['noThis'] };

/** What a language is written with, words that tell it from all the others, and words that would praise a yes or blame a no. */
const LANGUAGES: Record<string, { letters: RegExp; own: string[]; loaded: RegExp; caught: string }> = {
  en: {
    letters: /[a-z]/i,
    own: ['the', 'you', 'your', 'and', 'are', 'this', 'what', 'not', 'here', 'because', 'said', 'nothing', 'used', 'kept', 'delete'],
    loaded: /best|better|optimal|miss|sorry|lose|without|improve|enjoy/i,
    caught: 'No, I will miss out',
  },
  da: {
    letters: /[a-zæøåé]/i,
    own: ['af', 'intet', 'meget', 'gemmes'],
    loaded: /bedst|bedre|optimal|desværre|glip|undvære|uden|nyd/i,
    caught: 'Nej, jeg går glip af det',
  },
  nl: {
    letters: /[a-zéëïóö]/i,
    own: ['niet', 'het', 'wordt', 'deze', 'jou'],
    loaded: /beste|beter|optima|helaas|mis\b|zonder|geniet|jammer/i,
    caught: 'Nee, helaas niet',
  },
  de: {
    letters: /[a-zäöüß]/i,
    own: ['und', 'nicht', 'wird', 'diese', 'du hast'],
    loaded: /best|besser|optimal|leider|verzicht|verpass|schade|ohne|genieß/i,
    caught: 'Nein, ich verzichte',
  },
  sv: {
    letters: /[a-zåäöé]/i,
    own: ['och', 'inget', 'är', 'sparas', 'inte'],
    loaded: /bäst|bättre|optimal|tyvärr|miss|avstå|synd|utan\b|njut/i,
    caught: 'Nej, jag avstår',
  },
  nb: {
    letters: /[a-zæøåé]/i,
    own: ['ingenting', 'noe', 'mye', 'etter', 'lagres'],
    loaded: /best|bedre|optimal|dessverre|glipp|avstå|uten|nyt\b|synd/i,
    caught: 'Nei, dessverre',
  },
  fr: {
    letters: /[a-zàâçéèêëîïôùûœ]/i,
    own: ['vous', 'rien', 'est', 'avez', 'votre'],
    loaded: /meilleur|mieux|optima|hélas|dommage|manqu|priver|renonc|sans\b|profit/i,
    caught: 'Non, tant pis, je m’en prive : dommage',
  },
  es: {
    letters: /[a-zñáéíóúü]/i,
    own: ['nada', 'esto', 'sueles', 'dijiste', 'aquí'],
    loaded: /mejor|óptim|lástima|perder|pierd|renunci|\bsin\b|lament|disfrut/i,
    caught: 'No, prefiero perder las ventajas',
  },
  it: {
    letters: /[a-zàèéìòù]/i,
    own: ['niente', 'questo', 'spesso', 'tuo', 'hai'],
    loaded: /miglior|meglio|ottim|peccato|perder|perdi|rinunc|purtroppo|senza/i,
    caught: 'No, rinuncio',
  },
  pl: {
    letters: /[a-pr-uwyząćęłńóśźż]/i, // no q, v, x
    own: ['nie', 'jest', 'nic', 'masz', 'często'],
    loaded: /lepsz|najlep|szkod|niestety|trac|rezygn|\bbez\b|korzyst/i,
    caught: 'Nie, rezygnuję',
  },
  fi: {
    letters: /[a-zäö]/i,
    own: ['ei', 'mitä', 'usein', 'meille', 'tämän'],
    loaded: /paras|parem|optim|valitettav|menet|luovu|ilman|harmi|nauti/i,
    caught: 'Ei, luovun eduista',
  },
  ar: {
    letters: /[\p{Script_Extensions=Arabic}\p{Mark}]/u,
    own: ['إلى', 'من', 'هنا', 'لا'],
    loaded: /أفضل|أحسن|أمثل|للأسف|تفوت|يفوت|خسار|بدون|حرمان|استمتع/,
    caught: 'لا، سيفوتني الأفضل',
  },
};

const load = async (lang: string): Promise<[string, Language]> => [lang, await import(`../src/locales/${lang}.ts`)];
const languages = await Promise.all(Object.keys(LANGUAGES).map(load));

const marks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
const shape = (value: unknown): unknown =>
  typeof value === 'string' ? marks(value) : Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, shape(inner)]));
const texts = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values(value as object).flatMap(texts));
/** The texts without what is the same everywhere: places to fill, and the name of a standard. */
const wordsIn = ({ ui, reasons }: Language) => texts([ui, reasons]).map((text) => text.replaceAll(/\{x\}|Global Privacy Control/g, ''));
const holds = (text: string, word: string) => new RegExp(`(?<!\\p{L})${word}(?!\\p{L})`, 'iu').test(text);
const rules = [
  'public', 'audience', 'voice', 'notice', 'before', 'paused', 'until', 'muted', 'old', 'sensitivity', 'rule', 'provenance',
] as const; // biome-ignore format: one line of names

test('the folder holds these languages, and each is an entry of the package', () => {
  const files = readdirSync(join(import.meta.dirname, '../src/locales')).filter((file) => file !== 'locale.ts');
  expect(files.sort()).toEqual(
    Object.keys(LANGUAGES)
      .map((lang) => `${lang}.ts`)
      .sort(),
  );
  const { resolve } = createRequire(import.meta.url);
  for (const lang of Object.keys(LANGUAGES)) expect(resolve(`fordi/locales/${lang}`)).toMatch(`dist/locales/${lang}.js`);
  expect(() => resolve('fordi/locales/locale')).toThrow(/not defined|not exported/);
});

describe.each(languages)('%s', (lang, locale) => {
  const { letters, own, loaded, caught } = LANGUAGES[lang] as (typeof LANGUAGES)[string];

  test('says its own name and direction', () => {
    expect(locale.lang).toBe(lang);
    expect(locale.dir).toBe(lang === 'ar' ? 'rtl' : 'ltr');
    expect(Intl.ListFormat.supportedLocalesOf(lang)).toEqual([lang]);
  });

  test('has every text of English in its order, with the same places to fill', () => {
    expect(shape(locale.ui)).toEqual(shape(en.ui));
    expect(shape(locale.reasons)).toEqual(shape(en.reasons));
    expect(Object.keys(locale.ui)).toEqual(Object.keys(en.ui));
    expect(Object.keys(locale.reasons.verbs)).toEqual(Object.keys(en.reasons.verbs));
  });

  test('has a line for every verb, provenance and rule, and each names its subject', () => {
    for (const verb of Object.keys(VERBS) as (keyof typeof VERBS)[]) {
      expect(locale.ui[verb]).toContain('{x}');
      expect(locale.ui[VERBS[verb].from]).toMatch(/\p{L}/u);
    }
    for (const name of rules) expect(locale.ui[name]).toMatch(/\p{L}/u);
  });

  test('X1 · holds words, not markup, and no text is empty or padded', () => {
    for (const text of texts([locale.ui, locale.reasons])) {
      expect(text).toBe(text.trim());
      expect(text).toMatch(/\p{L}/u);
      expect(text).not.toMatch(/[<>&]|\s{2}/);
    }
  });

  test('is written in its own letters and words, and no other language’s', () => {
    const all = wordsIn(locale);
    for (const text of all) expect(text.replaceAll(new RegExp(letters, `g${letters.flags}`), '')).not.toMatch(/\p{L}/u);
    for (const word of own)
      expect(
        all.some((text) => holds(text, word)),
        word,
      ).toBe(true);
    for (const [other, theirs] of languages)
      if (other !== lang)
        for (const word of own)
          expect(
            wordsIn(theirs).filter((text) => holds(text, word)),
            `${word} in ${other}`,
          ).toEqual([]);
  });

  test('has no text left in English', () => {
    if (lang === 'en') return;
    const same = Object.entries(locale.ui).filter(([key, text]) => en.ui[key as keyof Texts] === text && !shared[lang]?.includes(key));
    expect(same).toEqual([]);
    expect(texts(locale.reasons).filter((text) => texts(en.reasons).includes(text))).toEqual([]);
  });

  test('L10 · asks neutrally: yes and no are of one length and neither promises nor blames', () => {
    const { yes, no, yesAll, noAll, yesThis, noThis, ask, askAll, purpose, back, once, always, refused, withdraw, withdrawn } = locale.ui;
    const answers = [
      [yes, no],
      [yesAll, noAll],
      [yesThis, noThis],
    ] as const;
    for (const [yes, no] of answers) expect(Math.abs(yes.length - no.length)).toBeLessThan(8);
    expect(caught).toMatch(loaded);
    for (const text of [...answers.flat(), ask, askAll, purpose, back, once, always, refused, withdraw, withdrawn]) {
      expect(text).not.toMatch(loaded);
      expect(text).not.toMatch(/!/);
    }
  });

  test('the notice says the days of the choice, who asks, and where the data is', () => {
    expect(locale.ui.days).toContain('182');
    expect(locale.ui.ask).toMatch(lang === 'ar' ? /؟$/ : /\?$/);
    // The place it points to is the panel, by the words of its heading.
    const [, place = ''] = locale.ui.back.match(/[“„”«]\s?(.+?)\s?[”“»]/) ?? [];
    expect(place).not.toBe('');
    expect(locale.ui.panel.startsWith(place), `${place} in ${locale.ui.panel}`).toBe(true);
  });
});

/** What is counted, one of it and more. Arabic names what is counted first, and the number after it. */
const COUNTED: Record<string, (readonly [one: string, more: string])[]> = {
  en: [['1 day', '5 days'], ['1 time', '5 times'], ['1 visit', '5 visits']],
  da: [['1 dag', '5 dage'], ['1 gang', '5 gange']],
  nl: [['1 dag', '5 dagen'], ['1 bezoek', '5 bezoeken']],
  de: [['1 Tag', '5 Tage'], ['Nach 1 Tag', 'Nach 5 Tagen'], ['1 Besuch', '5 Besuchen']],
  sv: [['1 dag', '5 dagar'], ['1 gång', '5 gånger']],
  nb: [['1 dag', '5 dager'], ['1 gang', '5 ganger']],
  fr: [['1 jour', '5 jours'], ['1 visite', '5 visites']],
  es: [['1 día', '5 días'], ['1 vez', '5 veces'], ['1 visita', '5 visitas']],
  it: [['1 giorno', '5 giorni'], ['1 volta', '5 volte'], ['1 visita', '5 visite']],
  pl: [['1 dzień', '5 dni'], ['Po 1 dniu', 'Po 5 dniach'], ['1 raz', '5 razy'], ['1 wizyty', '5 wizyt']],
  fi: [['1 päivän', '5 päivää'], ['1 kerran', '5 kertaa']],
}; // biome-ignore format: one line per language

test.each(languages)('%s: one is counted as one', (lang, { reasons, ui }) => {
  const told = (n: number, often = n) => {
    const { options } = createFordi({
      site: { name: 'Grooves' },
      notice: { version: '1', keeps: ['listen', 'shown', 'told'], days: n },
      locale: { lang, dir: 'ltr', reasons, ui },
      verbs: { listen: { halfLife: n } },
      fatigue: { shows: often, told: often, days: n },
      namedDays: n,
    });
    const { lines } = toldOf({ ...words({ locale: options.locale } as Fordi['options']), fordi: { options } } as unknown as Base, PERSONAL);
    return [...lines, ...describeParameters({ options }).map(({ text }) => text)].join('\n');
  };
  const [one, more] = [told(1), told(5)];
  expect(one + more).not.toMatch(/[[\]|]/);
  const [[day] = ['']] = COUNTED[lang] ?? [];
  expect(told(1, 5).split(day).length).toBe(one.split(day).length); // each number is that of what stands behind it
  for (const [singular, plural] of COUNTED[lang] ?? []) {
    expect(holds(one, singular), singular).toBe(true);
    expect(holds(more, plural), plural).toBe(true);
    expect(holds(one, plural.replace('5', '1')) && plural.replace('5', '1') !== singular, plural).toBe(false);
  }
});

/** Texts in which what is filled in is the subject or a number, or follows a noun that is inflected in its stead. */
const upright: Record<string, string[]> = {
  fi: [
    ...['ask', 'askAll', 'asker', 'days', 'elsewhere', 'ends', 'everyone', 'halves', 'holds', 'learns', 'panel'],
    ...['silent', 'single', 'term', 'tires'],
  ],
  pl: [
    ...['ask', 'askAll', 'asker', 'days', 'elsewhere', 'everyone', 'halves', 'learns', 'panel'],
    ...['silent', 'single', 'term', 'tires'],
  ],
};

test.each(Object.keys(upright))('%s: titles and topics stand where they keep their form', async (lang) => {
  const [, { ui, reasons }] = await load(lang);
  const filled = Object.entries(ui).filter(([name, text]) => text.includes('{x}') && !upright[lang]?.includes(name));
  for (const [name, text] of filled) expect(text, name).toContain(': {x}');
  for (const text of texts([reasons.verbs, reasons.looking])) expect(text).toContain(': {x}');
});

test('ar: what is filled in is isolated, but for numbers and lists', async () => {
  const [, { ui, reasons }] = await load('ar');
  const plain = ['days', 'beside', 'alike', 'term', 'single', 'known', 'imported', 'left', 'halves', 'tires', 'silent', 'named', 'rules'];
  const filled = Object.entries(ui).filter(([name, text]) => text.includes('{x}') && !plain.includes(name));
  for (const text of [...filled.map(([, text]) => text), reasons.page, reasons.shop.picked]) expect(text).toContain('\u2068{x}\u2069');
});
