import type { Sensitivity } from 'fordi';
import { beforeAll, describe, expect, test } from 'vitest';
import { TITLES } from './support/titles.js';
import { granted } from './support/world.js';

// How much of what is sensitive is seen for what it is, by title or path alone: a catalog may have no topics.

const found = new Map<string, Sensitivity>();

beforeAll(async () => {
  const fordi = await granted({ catalog: [] });
  for (const [i, { text }] of TITLES.entries()) {
    const about = text.startsWith('/') ? { title: 'Page', url: text } : { title: text };
    const kept = await fordi.observe({ verb: 'view', item: { id: `t${i}`, ...about } });
    found.set(text, kept.kept ? kept.evidence.sensitivity : 'special');
  }
});

const of = (is: Sensitivity, lang?: string) => TITLES.filter((one) => one.is === is && (!lang || one.lang === lang));
const missed = (is: Sensitivity, lang?: string) => of(is, lang).filter(({ text }) => found.get(text) !== is);

describe('titles and paths in four languages', () => {
  test('N1 · there are enough of them, each once', () => {
    expect(new Set(TITLES.map(({ text }) => text)).size).toBe(TITLES.length);
    expect(TITLES.length).toBeGreaterThanOrEqual(200);
    for (const lang of ['en', 'da', 'nl', 'de']) expect(of('special', lang).length).toBeGreaterThanOrEqual(30);
  });

  test.each(['en', 'da', 'nl', 'de'])('N1 · %s: of what GDPR Art. 9 protects at least 95 in 100 are not kept', (lang) => {
    const all = of('special', lang);
    expect(
      1 - missed('special', lang).length / all.length,
      missed('special', lang)
        .map(({ text }) => text)
        .join('; '),
    ).toBeGreaterThanOrEqual(0.95);
  });

  test('N1 · what is too personal to be said is mostly seen, and never taken for ordinary in more than one of ten', () => {
    const ordinary = of('guarded').filter(({ text }) => found.get(text) === 'ordinary');
    expect(ordinary.length / of('guarded').length, ordinary.map(({ text }) => text).join('; ')).toBeLessThanOrEqual(0.1);
  });

  test('N1 · false alarms are known by name, and at most one in ten', () => {
    const wrong = missed('ordinary').map(({ text }) => text);
    console.info(
      `N1: ${of('special').length - missed('special').length} of ${of('special').length} seen, ${wrong.length} of ${of('ordinary').length} false alarms: ${wrong.join('; ')}`,
    );
    expect(wrong.length / of('ordinary').length, wrong.join('; ')).toBeLessThanOrEqual(0.1);
  });
});
