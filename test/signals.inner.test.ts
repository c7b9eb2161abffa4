import fc from 'fast-check';
import { type Evidence, type Signal, VERBS, type Verb } from 'fordi';
import { describe, expect, test } from 'vitest';
import { foldAll, isEvidence, isSignal, keyOf, strength } from '../src/signals.js';
import { histories, NOW } from './support/chance.js';

const DAY = 86_400_000;
const runs = { numRuns: 1_000 };
const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/** Any clock: backwards, far ahead, before 1970. */
const clocks = fc.oneof(
  fc.integer({ min: NOW - 200 * DAY, max: NOW + 200 * DAY }),
  fc.constantFrom(0, -1, NOW, 8.64e15, -8.64e15, Number.MAX_SAFE_INTEGER),
);
const wild = fc
  .tuple(histories(12), fc.array(clocks, { minLength: 12, maxLength: 12 }))
  .map(([records, times]) => records.map((e, i) => ({ ...e, at: times[i] as number })));

/** The definition: what one signal weighs is the sum of its records, each decayed to the last of them. */
const summed = (records: readonly Evidence[], s: Signal) => {
  const own = records.filter((e) => keyOf(e) === s.key);
  const last = Math.max(...own.map(({ at }) => at));
  const { halfLife } = VERBS[s.verb];
  return own.reduce((sum, e) => sum + (e.value ?? 1) * (halfLife ? 2 ** (-(last - e.at) / (halfLife * DAY)) : 1), 0);
};

describe('folding', () => {
  test('a signal is what its definition says, whatever the clock did', () => {
    fc.assert(
      fc.property(wild, (records) => {
        const signals = [...foldAll(records, VERBS).values()];
        expect(signals.reduce((n, { count }) => n + count, 0)).toBe(records.length);
        for (const s of signals) {
          const own = records.filter((e) => keyOf(e) === s.key).map(({ at }) => at);
          expect([s.count, s.first, s.last]).toEqual([own.length, Math.min(...own), Math.max(...own)]);
          expect(close(s.weight, summed(records, s))).toBe(true);
        }
      }),
      runs,
    );
  });

  test('the order of records makes no difference', () => {
    const pairs = wild.chain((records) => fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })));
    fc.assert(
      fc.property(pairs, ([records, shuffled]) => {
        const other = foldAll(shuffled, VERBS);
        const one = foldAll(records, VERBS);
        expect(other.size).toBe(one.size);
        for (const [key, s] of one) {
          const { weight, title: _, ...rest } = other.get(key) as Signal;
          const { weight: expected, title: __, ...same } = s;
          expect(rest).toEqual(same);
          expect(close(weight, expected)).toBe(true);
        }
      }),
      runs,
    );
  });

  test('folding on from a snapshot equals folding from the beginning', () => {
    fc.assert(
      fc.property(histories(20), fc.nat(20), (records, cut) => {
        const snapshot = new Map(structuredClone([...foldAll(records.slice(0, cut), VERBS)]));
        expect(foldAll(records.slice(cut), VERBS, snapshot)).toEqual(foldAll(records, VERBS));
      }),
      runs,
    );
  });

  test('two records are one signal only where every right and subject agrees', () => {
    const e: Evidence = {
      id: '1',
      verb: 'listen',
      item: 'jazz',
      provenance: 'engaged',
      sensitivity: 'ordinary',
      at: NOW,
      notice: '1',
    };
    const { item: _, ...rest } = e;
    const others: Evidence[] = [
      { ...e, verb: 'play' },
      { ...e, item: 'folk' },
      { ...rest, topic: 'jazz' },
      { ...e, provenance: 'inferred' },
      { ...e, sensitivity: 'guarded' },
      { ...e, notice: '2' },
      { ...e, until: NOW },
    ];
    expect(new Set([e, ...others].map(keyOf)).size).toBe(8);
    expect(keyOf({ ...e, id: '2', at: 0, title: 'Jazz', value: 1 })).toBe(keyOf(e));
  });
});

describe('strength', () => {
  test('is a finite number whatever the records and the clock', () => {
    fc.assert(
      fc.property(wild, clocks, (records, now) => {
        for (const s of foldAll(records, VERBS).values()) expect(Number.isFinite(strength(s, now, VERBS))).toBe(true);
      }),
      runs,
    );
  });

  test('only fades: later is never stronger, and a clock set back adds nothing', () => {
    fc.assert(
      fc.property(histories(), fc.nat(400), fc.nat(400), (records, a, b) => {
        for (const s of foldAll(records, VERBS).values()) {
          const [sooner, later] = [Math.min(a, b), Math.max(a, b)].map((days) => Math.abs(strength(s, s.last + days * DAY, VERBS)));
          expect(later).toBeLessThanOrEqual(sooner as number);
          expect(strength(s, s.last - a * DAY, VERBS)).toBe(strength(s, s.last, VERBS));
        }
      }),
      runs,
    );
  });

  test('halves its weight in its half-life, and never for what a visitor said', () => {
    const of = (verb: Verb, days: number) => {
      const signals = foldAll([{ id: '1', verb, item: 'x', provenance: 'engaged', sensitivity: 'ordinary', at: NOW, notice: '1' }], VERBS);
      return strength([...signals.values()][0] as Signal, NOW + days * DAY, VERBS);
    };
    expect(of('listen', 0)).toBeCloseTo(1);
    expect(2 ** of('listen', 30) - 1).toBeCloseTo(0.5);
    expect(of('declare', 3650)).toBe(of('declare', 0));
    expect(of('dismiss', 0)).toBeLessThan(0);
  });

  test('fifty plays are more than one, and far less than fifty', () => {
    const fifty = Array.from({ length: 50 }, (_, i) => ({
      id: `${i}`,
      verb: 'play' as const,
      item: 'x',
      provenance: 'engaged' as const,
      sensitivity: 'ordinary' as const,
      at: NOW,
      notice: '1',
    }));
    const [many, one] = [fifty, fifty.slice(0, 1)].map((records) =>
      strength([...foldAll(records, VERBS).values()][0] as Signal, NOW, VERBS),
    );
    expect(many).toBeGreaterThan(one as number);
    expect(many).toBeLessThan(10 * (one as number));
  });
});

describe('what the disk may hold', () => {
  test('every record fordi makes is read back as one', () => {
    fc.assert(
      fc.property(histories(), (records) => {
        expect(structuredClone(records).filter((e) => !isEvidence(e))).toEqual([]);
        expect(structuredClone([...foldAll(records, VERBS).values()]).filter((s) => !isSignal(s))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('anything else is seen for what it is, without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (x) => {
        expect(isEvidence(x)).toBe(false);
        expect(isSignal(x)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test('one wrong field makes a record unsound', () => {
    const fields = fc.constantFrom('id', 'verb', 'item', 'provenance', 'sensitivity', 'at', 'notice', 'until', 'value', 'title');
    const wrong = fc.oneof(fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, {}, [], true, 'x'.repeat(600), 'special', 7e300));
    fc.assert(
      fc.property(histories(1), fields, wrong, ([e], field, value) => {
        fc.pre(e?.item !== undefined && !(typeof value === 'string' && ['title', 'notice'].includes(field)));
        fc.pre(!(value === 'special' && ['id', 'item'].includes(field)) && !(value === 7e300 && ['at', 'until'].includes(field)));
        expect(isEvidence({ ...e, [field]: value })).toBe(false);
      }),
      runs,
    );
  });
});
