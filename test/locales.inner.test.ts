import { describe, expect, test } from 'vitest';
import * as da from '../src/locales/da.js';
import * as en from '../src/locales/en.js';
import * as nl from '../src/locales/nl.js';
import { VERBS } from '../src/verbs.js';

// A language is complete or it is not there: one missing text would put English into a Danish sentence.

const marks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort().join();
const shape = (value: unknown): unknown =>
  typeof value === 'string' ? marks(value) : Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, shape(inner)]));
const texts = (value: unknown): string[] => (typeof value === 'string' ? [value] : Object.values(value as object).flatMap(texts));
const rules = [
  'public', 'audience', 'voice', 'notice', 'before', 'paused', 'until', 'muted', 'old', 'sensitivity', 'rule', 'provenance',
] as const; // biome-ignore format: one line of names

describe.each([
  ['en', en],
  ['da', da],
  ['nl', nl],
])('%s', (lang, locale) => {
  test('says its own name and direction', () => {
    expect(locale.lang).toBe(lang);
    expect(locale.dir).toBe('ltr');
  });

  test('has every text of English, with the same places to fill', () => {
    expect(shape(locale.ui)).toEqual(shape(en.ui));
    expect(shape(locale.reasons)).toEqual(shape(en.reasons));
  });

  test('has a line for every verb, provenance and rule, and each names its subject', () => {
    for (const verb of Object.keys(VERBS) as (keyof typeof VERBS)[]) {
      expect(locale.ui[verb]).toContain('{x}');
      expect(locale.ui[VERBS[verb].from]).toMatch(/\w/);
    }
    for (const name of rules) expect(locale.ui[name]).toMatch(/\w/);
  });

  test('holds words, not markup, and no text is empty or padded', () => {
    for (const text of texts([locale.ui, locale.reasons])) {
      expect(text).toBe(text.trim());
      expect(text).toMatch(/\p{L}/u);
      expect(text).not.toMatch(/[<>&]|\s{2}/);
    }
  });

  test('asks neutrally: yes and no are of one length and neither promises nor blames', () => {
    const { yes, no } = locale.ui;
    expect(Math.abs(yes.length - no.length)).toBeLessThan(8);
    for (const text of [yes, no]) expect(text).not.toMatch(/best|better|optimal|miss|sorry|bedst|bedre|desværre|beste|beter|helaas|!/i);
  });
});

test('no Danish or Dutch text was left in English', () => {
  const same = (other: typeof en.ui) => Object.entries(other).filter(([key, text]) => en.ui[key as keyof typeof en.ui] === text);
  expect(same(da.ui)).toEqual([]);
  expect(same(nl.ui)).toEqual([]);
});
