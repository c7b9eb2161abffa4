import fc from 'fast-check';
import type { Mode, Provenance, Rule, Sensitivity, Setting, Signal, Visibility, Voice } from 'fordi';
import { describe, expect, test } from 'vitest';
import { agreement, createJudge, lower, sensitivityOf } from '../src/policy.js';
import { NOW } from './support/chance.js';
import { MODES, rankOf, TABLE } from './support/rights.js';

const DAY = 86_400_000;
const WAYS = Object.keys(TABLE) as Provenance[];
const DEGREES: readonly Sensitivity[] = ['ordinary', 'guarded', 'special'];

const signal = (more: Partial<Signal> = {}): Signal => ({
  key: 'k',
  verb: 'listen',
  item: 'blue',
  provenance: 'engaged',
  sensitivity: 'ordinary',
  notice: '1',
  count: 1,
  weight: 1,
  first: NOW - DAY,
  last: NOW - DAY,
  ...more,
});

const setting = (more: Partial<Setting> = {}): Setting => ({
  slot: 'home',
  visibility: 'private',
  audience: 'balanced',
  voice: 'explained',
  now: NOW,
  notice: '1',
  grantedAt: NOW - 10 * DAY,
  namedDays: 90,
  paused: [],
  muted: [],
  ...more,
});

const signals: fc.Arbitrary<Signal> = fc
  .record({
    provenance: fc.constantFrom(...WAYS),
    sensitivity: fc.constantFrom(...DEGREES),
    notice: fc.constantFrom('1', '1', '0'),
    until: fc.constantFrom(undefined, undefined, NOW - 1, NOW + 1),
    ages: fc.tuple(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 0, max: 180 })),
  })
  .map(({ ages: [a, b], until, ...rest }) =>
    signal({ ...rest, ...(until !== undefined && { until }), first: NOW - Math.max(a, b) * DAY, last: NOW - Math.min(a, b) * DAY }),
  );

const settings: fc.Arbitrary<Setting> = fc
  .record({
    visibility: fc.constantFrom<Visibility[]>('private', 'public'),
    audience: fc.constantFrom('cautious', 'balanced', 'open'),
    voice: fc.constantFrom(undefined, 'off', 'quiet', 'explained'),
    grantedAt: fc.integer({ min: 0, max: 182 }).map((days) => NOW - days * DAY),
    namedDays: fc.integer({ min: 0, max: 182 }),
    paused: fc.constantFrom([], [], ['folk'], ['blue']),
    muted: fc.constantFrom([], [], ['folk']),
  })
  .map((more) => setting(more));

const ABOUT = ['blue', 'folk'];

const judge = (e: Signal, s: Setting, about: readonly string[], rules: readonly Rule[] = []) => createJudge(s, rules)(e, about);

describe('the table of provenance and sensitivity', () => {
  const cells = WAYS.flatMap((provenance) =>
    DEGREES.map((sensitivity, i) => [provenance, sensitivity, TABLE[provenance][i] as Mode] as const),
  );

  test.each(cells)('%s, %s: %s', (provenance, sensitivity, mode) => {
    expect(judge(signal({ provenance, sensitivity }), setting(), ABOUT).mode).toBe(mode);
  });

  test('audience open names what was merely watched, if it is ordinary, and raises nothing else', () => {
    for (const [provenance, sensitivity, mode] of cells) {
      const raised = provenance === 'passive' && sensitivity === 'ordinary' ? 'explicit' : mode;
      expect(judge(signal({ provenance, sensitivity }), setting({ audience: 'open' }), ABOUT).mode).toBe(raised);
    }
  });
});

describe('each rule that lowers, by name', () => {
  const cases: [name: string, because: string, signal: Partial<Signal>, setting: Partial<Setting>, mode: Mode][] = [
    ['public', 'a purchase may be seen by others', { provenance: 'transactional' }, { visibility: 'public' }, 'implicit'],
    ['public', 'something personal may be seen by others', { sensitivity: 'guarded' }, { visibility: 'public' }, 'none'],
    ['audience', 'a cautious culture, and the visitor has not spoken', {}, { audience: 'cautious', voice: undefined }, 'implicit'],
    ['voice', 'the visitor wants quiet', {}, { voice: 'quiet' }, 'implicit'],
    ['voice', 'the visitor wants nothing used', {}, { voice: 'off' }, 'none'],
    ['notice', 'it was collected under an older notice', { notice: '0' }, {}, 'implicit'],
    ['before', 'it is older than the permission', { first: NOW - 11 * DAY }, {}, 'implicit'],
    ['until', 'the trip is over', { until: NOW - 1 }, {}, 'none'],
    ['paused', 'the news has made its topic painful', {}, { paused: ['folk'] }, 'none'],
    ['paused', 'the news has made the item painful', {}, { paused: ['blue'] }, 'none'],
    ['muted', 'the visitor called its topic too personal', {}, { muted: ['folk'] }, 'none'],
    ['old', 'people have forgotten it', { first: NOW - 9 * DAY, last: NOW - 9 * DAY }, { namedDays: 8 }, 'implicit'],
    ['provenance', 'it was only watched', { provenance: 'passive' }, {}, 'implicit'],
    ['sensitivity', 'it is personal', { sensitivity: 'guarded' }, {}, 'implicit'],
  ];

  test.each(cases)('%s: %s', (name, _, s, where, mode) => {
    expect(judge(signal(), setting(), ABOUT)).toEqual({ mode: 'explicit', reasons: [] });
    const verdict = judge(signal(s), setting(where), ABOUT);
    expect([verdict.mode, verdict.reasons.at(-1)]).toEqual([mode, name]);
  });

  test('a visitor who has asked for explanations gets them in a cautious culture too', () => {
    expect(judge(signal(), setting({ audience: 'cautious', voice: 'explained' }), ABOUT).mode).toBe('explicit');
  });

  test('what is due to end is used until that moment, and not after', () => {
    expect(judge(signal({ until: NOW }), setting(), ABOUT).mode).toBe('explicit');
    expect(judge(signal({ until: NOW }), setting({ now: NOW + 1 }), ABOUT).mode).toBe('none');
  });

  test('the page is not the visitor’s past: rules about the past pass it by', () => {
    const page = signal({ provenance: 'contextual', notice: '', first: 0, last: 0 });
    for (const voice of ['off', 'quiet', 'explained'] as const) expect(judge(page, setting({ voice }), ABOUT).mode).toBe('explicit');
    expect(judge(page, setting({ paused: ['folk'] }), ABOUT).mode).toBe('none');
  });
});

describe('a verdict stands where nothing that it hangs on has changed', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'));
  const subjects = fc.uniqueArray(fc.constantFrom('=a', '=b', '#folk'));
  const moments = fc.record({
    now: fc.constantFrom(-1, 0, 1, 2, DAY, 90 * DAY).map((ms) => NOW + ms),
    acted: fc.option(
      ids.map((some) => new Set(some)),
      { nil: undefined },
    ),
    told: fc.option(
      subjects.map((some) => new Set(some)),
      { nil: undefined },
    ),
  });
  const about = fc.oneof(
    fc.record({ item: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ item: fc.constant(undefined), topic: fc.constant('folk') }),
  );
  const others = fc.constantFrom<Partial<Setting>>(
    {},
    {},
    {},
    { page: 'a' },
    { delicate: true },
    { voice: 'quiet' },
    { muted: ['folk'] },
    { objected: ['passive'] },
  );
  const spoken = ({ muted, paused }: Setting) => (muted.length || paused.length ? ABOUT : []);

  test('the same as judged anew; another page, voice or muted topic has all judged anew', () => {
    let same = 0;
    fc.assert(
      fc.property(signals, about, settings, moments, moments, others, (s, of, before, first, second, other) => {
        const [e, was, is] = [{ ...s, ...of } as Signal, { ...before, ...first } as Setting, { ...before, ...second, ...other } as Setting];
        const agrees = agreement(was, is);
        if (!agrees?.(e)) return;
        expect(judge(e, is, spoken(is))).toEqual(judge(e, was, spoken(was)));
        same++;
      }),
      { numRuns: 5_000 },
    );
    expect(same).toBeGreaterThan(500);
    expect(agreement(setting(), setting({ voice: 'quiet' }))).toBeUndefined();
    expect(agreement(setting({ page: 'a' }), setting())).toBeUndefined();
    expect(agreement(setting(), setting({ now: NOW + 1 }))?.(signal())).toBe(true);
    const month = { namedDays: 30 };
    expect(agreement(setting(month), setting({ ...month, now: NOW + 29 * DAY }))?.(signal())).toBe(true);
    expect(agreement(setting(month), setting({ ...month, now: NOW + 29 * DAY + 1 }))?.(signal())).toBe(false);
  });
});

describe('rules only lower', () => {
  const runs = { numRuns: 2_000 };
  const nonsense = fc.oneof(fc.anything(), fc.constantFrom(...MODES));

  test("no owner's rule, whatever it does, raises a verdict", () => {
    fc.assert(
      fc.property(signals, settings, nonsense, fc.boolean(), (s, where, answer, throws) => {
        const rule = () => {
          if (throws) throw answer;
          return answer as never;
        };
        const before = judge(s, where, ABOUT);
        const after = judge(s, where, ABOUT, [rule]);
        expect(after.mode).toBe(throws ? 'none' : lower(before.mode, judge(s, where, ABOUT, [rule]).mode));
        expect(rankOf(after.mode)).toBeLessThanOrEqual(rankOf(before.mode));
        if (after.mode !== before.mode) expect(after.reasons).toEqual([...before.reasons, 'rule']);
      }),
      runs,
    );
  });

  test("an owner's rule that throws or answers nonsense takes everything away", () => {
    fc.assert(
      fc.property(signals, settings, nonsense, (s, where, answer) => {
        fc.pre(answer !== undefined && !MODES.includes(answer as Mode));
        expect(judge(s, where, ABOUT, [() => answer as never]).mode).toBe('none');
      }),
      runs,
    );
  });

  test('the verdict is the lowest that any rule allows, whatever their order', () => {
    const modes = fc.array(fc.constantFrom(undefined, ...MODES), { maxLength: 4 });
    fc.assert(
      fc.property(signals, settings, modes, (s, where, allowed) => {
        const alone = judge(s, where, ABOUT).mode;
        const lowest = allowed.reduce<Mode>((low, mode) => (mode ? lower(low, mode) : low), alone);
        const rules = allowed.map((mode) => () => mode);
        expect(judge(s, where, ABOUT, rules).mode).toBe(lowest);
        expect(judge(s, where, ABOUT, [...rules].reverse()).mode).toBe(lowest);
      }),
      runs,
    );
  });

  test('a verdict below explicit always says why', () => {
    fc.assert(
      fc.property(signals, settings, (s, where) => {
        const { mode, reasons } = judge(s, where, ABOUT);
        expect(reasons.length > 0).toBe(mode !== 'explicit');
      }),
      runs,
    );
  });

  const voices: readonly (Voice | undefined)[] = ['explained', undefined, 'quiet', 'off'];
  const audiences = ['open', 'balanced', 'cautious'] as const;

  /** Each step takes something away; none may make a verdict better. */
  const steps: [name: string, step: (s: Signal, where: Setting, n: number) => [Signal, Setting]][] = [
    [
      'more personal',
      (s, where) => [{ ...s, sensitivity: DEGREES[Math.min(2, DEGREES.indexOf(s.sensitivity) + 1)] as Sensitivity }, where],
    ],
    ['in public', (s, where) => [s, { ...where, visibility: 'public' }]],
    ['a quieter voice', (s, where, n) => [s, { ...where, voice: voices[Math.min(3, voices.indexOf(where.voice) + n)] }]],
    [
      'a more cautious culture',
      (s, where, n) => [s, { ...where, audience: audiences[Math.min(2, audiences.indexOf(where.audience) + n)] as 'cautious' }],
    ],
    ['later', (s, where, n) => [s, { ...where, now: where.now + n * 40 * DAY }]],
    ['a later permission', (s, where, n) => [s, { ...where, grantedAt: where.grantedAt + n * 40 * DAY }]],
    ['forgotten sooner', (s, where, n) => [s, { ...where, namedDays: where.namedDays / (n + 1) }]],
    ['another notice in force', (s, where) => [s, { ...where, notice: '2' }]],
    ['paused', (s, where) => [s, { ...where, paused: [...where.paused, 'folk'] }]],
    ['muted', (s, where) => [s, { ...where, muted: [...where.muted, 'folk'] }]],
    ['with an end', (s, where, n) => [{ ...s, until: Math.min(s.until ?? Number.MAX_VALUE, NOW - n) }, where]],
  ];

  test.each(steps)('taking away never raises: %s', (name, step) => {
    fc.assert(
      fc.property(signals, settings, fc.integer({ min: 1, max: 4 }), (s, where, n) => {
        // The page was read now, under no notice: the past's rules do not concern it.
        fc.pre(s.provenance !== 'contextual' || name !== 'another notice in force');
        const before = judge(s, where, ABOUT).mode;
        const after = judge(...step(s, where, n), ABOUT).mode;
        expect(rankOf(after)).toBeLessThanOrEqual(rankOf(before));
      }),
      { numRuns: 1_000 },
    );
  });

  test('in private, a worse way of knowing never has a better right', () => {
    const stored = WAYS.filter((way) => way !== 'contextual');
    fc.assert(
      fc.property(signals, settings, fc.nat(5), fc.nat(5), (s, where, a, b) => {
        fc.pre(where.audience !== 'cautious');
        const [best, worst] = [Math.min(a, b), Math.max(a, b)].map((i) => ({ ...s, provenance: stored[i] as Provenance }));
        const at = { ...where, visibility: 'private' as const };
        expect(rankOf(judge(worst as Signal, at, ABOUT).mode)).toBeLessThanOrEqual(rankOf(judge(best as Signal, at, ABOUT).mode));
      }),
      runs,
    );
  });
});

describe('how personal a topic is', () => {
  const none = { guarded: [], special: [] };

  test.each([
    'ethnic origin',
    'political opinions',
    'religious beliefs',
    'trade union membership',
    'genetic data',
    'biometric data',
    'health',
    'sex life',
    'sexual orientation',
  ])('N1 · %s, as in GDPR Art. 9, is never kept', (topic) => expect(sensitivityOf(topic, none)).toBe('special'));

  test.each(['pregnancy', 'Prenatal & Pregnancy', 'HIV tests', 'DEPRESSION', 'transgender', 'zwangerschap', 'gravid'])(
    '%s is never kept',
    (topic) => expect(sensitivityOf(topic, none)).toBe('special'),
  );

  test.each(['divorce', 'Divorcing well', 'lingerie', 'debt', 'unemployment', 'online dating', 'whisky & alcohol'])(
    '%s is never spoken of unprompted',
    (topic) => expect(sensitivityOf(topic, none)).toBe('guarded'),
  );

  test.each(['jazz', 'Kind of Blue', 'garden', 'trains', 'Sargasso', 'Miles Davis', 'update'])('%s is ordinary', (topic) =>
    expect(sensitivityOf(topic, none)).toBe('ordinary'),
  );

  test('the owner may add topics and can take none off', () => {
    expect(sensitivityOf('golf', { guarded: ['golf'], special: [] })).toBe('guarded');
    expect(sensitivityOf('golf', { guarded: ['golf'], special: ['golf'] })).toBe('special');
    expect(sensitivityOf('pregnancy', { guarded: ['pregnancy'], special: [] })).toBe('special');
  });
});

test('one judge says of many what one for each would have said', () => {
  fc.assert(
    fc.property(settings, fc.array(signals, { maxLength: 40 }), (where, many) => {
      const one = createJudge(where);
      expect(many.map((s) => one(s, ABOUT))).toEqual(many.map((s) => judge(s, where, ABOUT)));
    }),
    { numRuns: 1_000 },
  );
});
