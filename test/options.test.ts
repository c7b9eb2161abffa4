import fc from 'fast-check';
import { createFordi, FordiError, type Options, VERBS } from 'fordi';
import * as en from 'fordi/locales/en';
import * as nl from 'fordi/locales/nl';
import { defineElements } from 'fordi/ui';
import { describe, expect, test, vi } from 'vitest';
import { granted, OPTIONS, page } from './support/world.js';

// Bad options throw once, at setup: which value, what was expected, and the fix.

const error = (options: unknown): FordiError => {
  try {
    createFordi(options as Options).stop();
  } catch (thrown) {
    return thrown as FordiError;
  }
  throw new Error('nothing was thrown');
};

/** English with some of the reasons worded otherwise. */
const reworded = (some: object) => ({ ...en, reasons: { ...en.reasons, ...some } });

const given = (more: object) => ({ ...OPTIONS, ...more });

describe('a wrong option is one line of at most 240 characters that names it, what was expected, and the fix', () => {
  const wrong: [path: string, options: unknown, says: RegExp][] = [
    ['options', undefined, /options/],
    ['options', null, /null/],
    ['options', 'Grooves', /Grooves/],
    ['options', [], /options/],
    ['site', { notice: OPTIONS.notice }, /site/],
    ['site', given({ site: 'Grooves' }), /"Grooves"/],
    ['site.name', given({ site: {} }), /site\.name/],
    ['site.name', given({ site: { name: '' } }), /""/],
    ['site.name', given({ site: { name: 7 } }), /7/],
    ['site.privacyUrl', given({ site: { name: 'G', privacyUrl: true } }), /true/],
    ['notice', given({ notice: undefined }), /notice/],
    ['notice.version', given({ notice: { keeps: ['listen'] } }), /notice\.version/],
    ['notice.keeps', given({ notice: { version: '1' } }), /keeps/],
    ['notice.keeps', given({ notice: { version: '1', keeps: 'listen' } }), /listen/],
    ['notice.keeps', given({ notice: { version: '1', keeps: [7] } }), /7/],
    ['notice.days', given({ notice: { version: '1', keeps: ['listen'], days: 183 } }), /182/],
    ['notice.days', given({ notice: { version: '1', keeps: ['listen'], days: 0 } }), /1 to 182/],
    ['notice.days', given({ notice: { version: '1', keeps: ['listen'], days: Number.NaN } }), /182/],
    ['notice.days', given({ notice: { version: '1', keeps: ['listen'], days: '30' } }), /"30"/],
    ['catalog', given({ catalog: 7 }), /7/],
    ['catalog', given({ catalog: '' }), /""/],
    ['catalog', given({ catalog: null }), /null/],
    ['catalog', given({ catalog: {} }), /catalog/],
    ['slots', given({ slots: [] }), /slots/],
    ['slots.home', given({ slots: { home: 6 } }), /6/],
    ['slots.home.visibility', given({ slots: { home: { visibility: 'secret' } } }), /private or public|private public/],
    ['slots.home.size', given({ slots: { home: { size: 0 } } }), /100/],
    ['slots.home.size', given({ slots: { home: { size: 101 } } }), /100/],
    ['slots.home.size', given({ slots: { home: { size: 2.5 } } }), /2\.5/],
    ['locale', given({ locale: 'da' }), /fordi\/locales\/da/],
    ['locale', given({ locale: null }), /null/],
    ['locale', given({ locale: [en] }), /fordi\/locales\/da/],
    ['locale.lang', given({ locale: {} }), /<html lang>/],
    ['locale.lang', given({ locale: { ...en, lang: 'en_GB' } }), /"en_GB"/],
    ['locale.lang', given({ locale: { ...en, lang: ['en'] } }), /\["en"\]/],
    ['locale.dir', given({ locale: { ...en, dir: 'auto' } }), /ltr or rtl/],
    ['locale.dir', given({ locale: { ...en, dir: undefined } }), /null/],
    ['locale.reasons.because', given({ locale: { ...en, reasons: undefined } }), /undefined.*“Because \{x\}”/],
    ['locale.reasons.because', given({ locale: reworded({ because: 'Fordi' }) }), /"Fordi".*one \{x\}/],
    ['locale.reasons.page', given({ locale: reworded({ page: '' }) }), /"".*“Similar to \{x\}”/],
    ['locale.reasons.looking', given({ locale: reworded({ looking: 7 }) }), /7/],
    ['locale.reasons.shop.new', given({ locale: reworded({ shop: { popular: 'Her', picked: '{x}' } }) }), /undefined.*“New here”/],
    [
      'locale.reasons.shop.new',
      given({ locale: reworded({ shop: { popular: 'Her', new: 'Nyt hos {x}', picked: '{x}' } }) }),
      /without \{x\}/,
    ],
    [
      'locale.reasons.verbs.listen.0',
      given({ locale: reworded({ verbs: { ...en.reasons.verbs, listen: 'du hørte {x}' } }) }),
      /“you listened to/,
    ],
    ['locale.reasons.verbs.listen.2', given({ locale: reworded({ verbs: { ...en.reasons.verbs, listen: ['{x}', '{x}'] } }) }), /undefined/],
    [
      'locale.reasons.verbs.like.1',
      given({ locale: reworded({ verbs: { ...en.reasons.verbs, like: ['{x}', '{x} {x}', '{x}'] } }) }),
      /one \{x\}/,
    ],
    ['audience', given({ audience: 'bold' }), /cautious/],
    ['gpc', given({ gpc: true }), /refuse/],
    ['records', given({ records: 99 }), /100/],
    ['records', given({ records: Number.POSITIVE_INFINITY }), /100000/],
    ['namedDays', given({ namedDays: -1 }), /182/],
    ['sensitive', given({ sensitive: ['grief'] }), /sensitive/],
    ['sensitive.guarded', given({ sensitive: { guarded: 'grief' } }), /grief/],
    ['paused', given({ paused: 'flights' }), /flights/],
    ['paused', given({ paused: [{}] }), /what, from, until/],
    ['paused', given({ paused: [{ what: '' }] }), /what/],
    ['paused', given({ paused: [{ what: 'flights', from: 'soon' }] }), /soon/],
    ['paused', given({ paused: [{ what: 'flights', until: new Date() }] }), /flights/],
    ['paused', given({ paused: [{ what: 'flights', until: null }] }), /null/],
    ['paused', given({ paused: [{ what: 'flights', from: '2026-12-01', until: '2026-11-01' }] }), /flights/],
    ['ranking', given({ ranking: 1 }), /1/],
    ['ranking', given({ ranking: [] }), /ranking/],
    ['ranking.prior', given({ ranking: { prior: -0.1 } }), /0 to 10/],
    ['ranking.prior', given({ ranking: { prior: 10.1 } }), /10\.1/],
    ['ranking.topics', given({ ranking: { topics: Number.NaN } }), /0 to 10/],
    ['ranking.explore', given({ ranking: { explore: '0.1' } }), /"0\.1"/],
    ['ranking.diversity', given({ ranking: { diversity: Number.POSITIVE_INFINITY } }), /0 to 10/],
    ['fatigue', given({ fatigue: false }), /false/],
    ['fatigue.shows', given({ fatigue: { shows: 0 } }), /1 to 1000/],
    ['fatigue.told', given({ fatigue: { told: 1.5 } }), /1\.5/],
    ['fatigue.days', given({ fatigue: { days: 183 } }), /182/],
    ['verbs', given({ verbs: [] }), /verbs/],
    ['verbs.listen', given({ verbs: { listen: 2 } }), /2/],
    ['verbs.listen.weight', given({ verbs: { listen: { weight: 11 } } }), /-10 to 10/],
    ['verbs.listen.weight', given({ verbs: { listen: { weight: Number.NaN } } }), /-10 to 10/],
    ['verbs.listen.halfLife', given({ verbs: { listen: { halfLife: -1 } } }), /3650/],
    ['rules', given({ rules: () => 'none' }), /rules/],
    ['rules', given({ rules: ['none'] }), /rules/],
    ['prior', given({ prior: 'hot' }), /popular/],
    ['onReceipt', given({ onReceipt: '/receipts' }), /receipts/],
  ];

  test.each(wrong)('%s %#', (path, options, says) => {
    const thrown = error(options);
    expect(thrown).toBeInstanceOf(FordiError);
    expect(thrown.name).toBe('FordiError');
    expect(thrown.path || 'options').toBe(path);
    expect(thrown.message).toMatch(says);
    for (const part of ['got', 'expected', 'hint'] as const) expect(thrown[part]).toMatch(/\S/);
    expect(thrown.message).toContain(thrown.got);
    expect(thrown.message).toContain(thrown.expected);
    expect(thrown.message).not.toContain('\n');
    expect(thrown.message.length).toBeLessThanOrEqual(240);
  });

  const misspelt: [word: string, meant: string, options: unknown][] = [
    ['catalogue', 'catalog', given({ catalogue: '/c.json' })],
    ['sites', 'site', given({ sites: {} })],
    ['audiance', 'audience', given({ audiance: 'open' })],
    ['Slots', 'slots', given({ Slots: {} })],
    ['rule', 'rules', given({ rule: [] })],
    ['site.nam', 'name', given({ site: { nam: 'G' } })],
    ['site.privacyURL', 'privacyUrl', given({ site: { name: 'G', privacyURL: '/p' } })],
    ['notice.keep', 'keeps', given({ notice: { version: '1', keep: [] } })],
    ['notice.verison', 'version', given({ notice: { verison: '1', keeps: ['listen'] } })],
    ['slots.home.visiblity', 'visibility', given({ slots: { home: { visiblity: 'public' } } })],
    ['ranking.neighbors', 'neighbours', given({ ranking: { neighbors: 1 } })],
    ['ranking.piror', 'prior', given({ ranking: { piror: 1 } })],
    ['fatigue.show', 'shows', given({ fatigue: { show: 3 } })],
    ['fatigue.day', 'days', given({ fatigue: { day: 3 } })],
    ['verbs.listen.halflife', 'halfLife', given({ verbs: { listen: { halflife: 3 } } })],
    ['verbs.listen.wieght', 'weight', given({ verbs: { listen: { wieght: 3 } } })],
    ['sensitive.garded', 'guarded', given({ sensitive: { garded: [] } })],
  ];

  test.each(misspelt)('%s: did you mean %s?', (path, meant, options) => {
    const thrown = error(options);
    expect(thrown.path).toBe(path);
    expect(thrown.message).toContain(`Did you mean "${meant}"?`);
  });

  test('a verb that is none: did you mean the nearest?', () => {
    const thrown = error(given({ notice: { version: '1', keeps: ['like', 'lisen'] } }));
    expect(thrown.path).toMatch(/^notice\.keeps/);
    expect(thrown.message).toContain('"lisen"');
    expect(thrown.message).toContain('Did you mean "listen"?');
  });

  test('a verb that is tuned and is none: did you mean the nearest?', () => {
    const thrown = error(given({ verbs: { lisen: { weight: 1 } } }));
    expect(thrown.path).toMatch(/^verbs/);
    expect(thrown.message).toContain('Did you mean "listen"?');
  });

  test('a name that resembles none lists those there are', () => {
    expect(error(given({ theme: 'dark' })).message).toMatch(/Known: .*site.*notice/);
  });

  test('however long the word, the line still says what is known', () => {
    for (const word of ['q', 'xyzwvuts', 'z'.repeat(100), 'z'.repeat(100_000)])
      expect(error(given({ [word]: 1 })).message).toContain('Known: site');
  });

  test('names every object has are no options', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const options = JSON.parse(`{"site":{"name":"G"},"notice":{"version":"1","keeps":[]},"${name}":{}}`);
      expect(error(options)).toBeInstanceOf(FordiError);
    }
    expect(error(given({ notice: { version: '1', keeps: ['constructor'] } }))).toBeInstanceOf(FordiError);
  });
});

test('whatever is given, either it works or a FordiError of one line says why', () => {
  const value = fc.oneof(fc.anything(), fc.bigInt(), fc.constant(Symbol('s')), fc.constant(Object.create(null)));
  const name = fc.constantFrom(
    'site',
    'notice',
    'slots',
    'locale',
    'audience',
    'gpc',
    'records',
    'namedDays',
    'sensitive',
    'paused',
    'ranking',
    'fatigue',
    'verbs',
    'rules',
    'prior',
    'onReceipt',
  );
  const junk = fc.oneof(
    value,
    fc.tuple(name, value).map(([key, x]) => given({ [key]: x })),
  );
  fc.assert(
    fc.property(junk, (options) => {
      try {
        createFordi(options as Options).stop();
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(FordiError);
        expect((thrown as Error).message.length).toBeLessThanOrEqual(240);
        expect((thrown as Error).message).not.toContain('\n');
      }
    }),
    { numRuns: 3_000 },
  );
});

test('an option that contains itself is a wrong option like any other', () => {
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  for (const name of ['site', 'audience', 'catalog', 'paused', 'locale'])
    expect(error(given({ [name]: name === 'paused' ? [loop] : loop }))).toBeInstanceOf(FordiError);
});

describe('a language of the site’s own, as data', () => {
  /** As it arrives from the server. */
  const fetched = (more: object = {}) => JSON.parse(JSON.stringify({ ...nl, lang: 'af', ...more }));
  /** Setup of the elements, on a page that has none of them yet. */
  const dress = (locale: object) => {
    vi.stubGlobal('customElements', { get: () => undefined, define: () => {} });
    vi.stubGlobal('HTMLElement', class {});
    return defineElements(page({ locale: locale as never }));
  };
  const refused = (locale: object) => {
    try {
      dress(locale)();
    } catch (thrown) {
      return thrown as FordiError;
    }
    throw new Error('nothing was thrown');
  };

  test('is what reasons are worded in', async () => {
    const fordi = await granted({ locale: fetched() });
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    const [first] = await fordi.recommend({ slot: 'home' });
    expect(first?.because?.text).toBe('Omdat je luisterde naar Kind of Blue');
    expect(fordi.options.locale.lang).toBe('af');
  });

  test('without an interface its texts are not needed, with one all of them are', () => {
    expect(page({ locale: fetched({ ui: undefined }) }).options.locale.lang).toBe('af');
    expect(() => dress(fetched())()).not.toThrow();
    expect(refused(fetched({ ui: undefined })).path).toBe('locale.ui.ask');
  });

  test('English without them has its own', () => {
    for (const lang of ['en', 'en-GB']) expect(() => dress(fetched({ lang, ui: undefined }))()).not.toThrow();
    expect(refused(fetched({ lang: 'enm', ui: undefined })).path).toBe('locale.ui.ask');
  });

  test('a text that is missing, empty, or names nothing is named, with the English', () => {
    for (const [name, text, says] of [
      ['ask', undefined, /undefined, expected a text with one \{x\}. In English: “May \{x\} remember/],
      ['days', 'Een tijdje.', /"Een tijdje.*one \{x\}/],
      ['no', '', /"".*“No, do not”/],
      ['too-personal', null, /null/],
      ['yes', '{x}!', /without \{x\}/],
    ] as const) {
      const thrown = refused(fetched({ ui: { ...nl.ui, [name]: text } }));
      expect(thrown).toBeInstanceOf(FordiError);
      expect(thrown.path).toBe(`locale.ui.${name}`);
      expect(thrown.message).toMatch(says);
      expect(thrown.message.length).toBeLessThanOrEqual(240);
    }
  });

  test('texts of another version are no fault', () => {
    const more = { made: '2026-11-29', ui: { ...nl.ui, later: 'Later' }, reasons: { ...nl.reasons, later: 'Later' } };
    expect(() => dress(fetched(more))()).not.toThrow();
  });

  test('from right to left each title is isolated, so that it keeps its own brackets', async () => {
    const fordi = await granted({
      locale: { ...nl, dir: 'rtl' },
      catalog: [...(OPTIONS.catalog as []), { id: 'a', title: 'A (1959)', topics: ['jazz'] }],
    });
    await fordi.observe({ verb: 'listen', item: 'a' });
    const [first] = await fordi.recommend({ slot: 'home' });
    expect(first?.because?.text).toContain('\u2068A (1959)\u2069');
  });
});

describe('defaults', () => {
  test('are filled in, and what is undefined counts as absent', () => {
    const { site, notice } = OPTIONS;
    const none = Object.fromEntries(
      [
        'catalog',
        'slots',
        'locale',
        'audience',
        'gpc',
        'records',
        'namedDays',
        'sensitive',
        'paused',
        'ranking',
        'fatigue',
        'verbs',
        'rules',
        'prior',
        'onReceipt',
      ].map((n) => [n, undefined]),
    );
    for (const options of [
      { site, notice },
      { site, notice: { ...notice, days: undefined }, ...none, sensitive: { guarded: undefined } },
    ]) {
      const fordi = createFordi(options as Options);
      expect(fordi.options).toMatchObject({
        site,
        notice: { version: '1', days: 180, keeps: [...notice.keeps, 'dismiss', 'too-personal'] },
        slots: {},
        locale: { lang: 'en' },
        audience: 'balanced',
        gpc: 'refuse',
        records: 10_000,
        namedDays: 90,
        sensitive: { guarded: [], special: [] },
        paused: [],
        ranking: { neighbours: 1, topics: 1, prior: 0.1, fresh: 0.05, explore: 0.05, diversity: 0.2 },
        fatigue: { shows: 4, told: 3, days: 14 },
        rules: [],
        prior: 'picked',
      });
      expect(fordi.options.verbs).toMatchObject({ listen: VERBS.listen, purchase: VERBS.purchase, dismiss: VERBS.dismiss });
      fordi.stop();
    }
  });

  test('what is given in part is filled up, and undefined hides no default', () => {
    const fordi = page({
      ranking: { prior: 0, explore: undefined as never },
      fatigue: { days: 7 },
      verbs: { listen: { weight: 2 }, like: { halfLife: 0, weight: undefined as never } },
    });
    expect(fordi.options).toMatchObject({
      ranking: { prior: 0, explore: 0.05, topics: 1 },
      fatigue: { shows: 4, told: 3, days: 7 },
      verbs: { listen: { ...VERBS.listen, weight: 2 }, like: { ...VERBS.like, halfLife: 0 }, view: VERBS.view },
    });
    expect(VERBS.listen.weight).toBe(1);
  });

  test('the owner’s own objects are neither changed nor needed again', () => {
    const frozen = Object.freeze({
      site: Object.freeze({ name: 'G' }),
      notice: Object.freeze({ version: '1', keeps: Object.freeze(['listen'] as const) }),
      slots: Object.freeze({ home: Object.freeze({ size: 3 }) }),
    });
    const before = JSON.stringify(frozen);
    page(frozen);
    expect(JSON.stringify(frozen)).toBe(before);
  });
});

describe('no use for what decides about somebody', () => {
  const DECIDING = [
    ...['loan-approval', 'creditScore', 'CREDITScore', 'price.tier', 'insurance quote', 'job_eligibility', 'tenantDecision'],
    ...['loan-approvals', 'credit-scores', 'creditLimits', 'mortgage-rates', 'insurance-quotes', 'prices-tier'],
    ...['housing-eligible', 'mortgage-offer-amount', 'hiring-scoring', 'rent-limit', 'my-pricing-decision-2'],
    ...['credit-limit', 'creditCardLimit', 'loan-interest-rate', 'insurance-premium', 'home-insurance-premiums', 'job-screening'],
    ...['price-personalization', 'pricePersonalised', 'personal-price', 'personalized-prices', 'personalisedPricing', 'tenant_screening'],
    ...['decision-on-a-loan', 'score-for-credit', 'eligible-for-housing', 'approvalOfMortgage'],
  ];
  const SHOWING = [
    ...['home', 'price', 'pricing-table', 'jobs', 'job-list', 'insurance', 'score', 'top-rated', 'credits', 'current-rate', 'offer-amount'],
    ...['decision', 'tier-1', 'premium', 'premium-tier', 'rental-moderate', 'loaned-limited', '', '__proto__', 'constructor'],
    ...['flat-rate-rent', 'limit-price-drops', 'price-drops', 'rent', 'rate', 'limit', 'best-rate-jobs', 'limited-price', 'rate-this-job'],
    ...[
      'tier-list-prices',
      'film-screening-credits',
      'screenings',
      'premium-jobs',
      'job-premium',
      'personal',
      'personal-picks',
      'price-picks',
    ],
    ...['personal-loans', 'offer-amounts-rent', 'cheap-rent', 'insurance-news', 'heart-rate-insurance'],
  ];

  test.each(DECIDING)('R7 · a slot called %j is refused at setup, with the way out', (name) => {
    const setup = () => createFordi({ ...OPTIONS, slots: { [name]: { size: 3 } } });
    expect(setup).toThrow(/^fordi: option slots\.\S.* is ".*", expected a place that only shows things\..*rename.*do not use fordi/s);
  });

  test.each(SHOWING)('%j is a slot like any other', async (name) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const fordi = page({ slots: { [name]: { size: 3 } } });
    await fordi.ready;
    expect((await fordi.recommend({ slot: name })).length).toBeGreaterThan(0);
    expect(console.error).not.toHaveBeenCalled();
  });

  test('R7 · one that was not declared gets no answer, and the console says so once', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const fordi = page();
    await fordi.ready;
    const slot = 'loan-approval';
    const variants = [{ id: 'yes' }, { id: 'no', topics: ['jazz'] }];
    expect(await fordi.recommend({ slot })).toEqual([]);
    expect(await fordi.shelves({ slot })).toEqual([]);
    expect(await fordi.choose(slot, variants)).toEqual({ mode: 'none' });
    expect(await fordi.explain('blue', { slot })).toMatchObject({ mode: 'none', contributions: [] });
    expect(error.mock.calls).toEqual([[expect.stringMatching(/slot "loan-approval".*no answer.*rename.*do not use fordi/)]]);
    expect((await fordi.recommend({ slot: 'home' })).length).toBeGreaterThan(0);
    for (const odd of [Symbol('loan-approval'), 7, null, { toString: () => 'loan-approval' }])
      await expect(fordi.recommend({ slot: odd as never })).resolves.toBeInstanceOf(Array);
  });
});
