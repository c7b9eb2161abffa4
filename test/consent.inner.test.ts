import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChoiceRecord, refusing, stateAt } from '../src/consent.js';
import { readOptions } from '../src/options.js';
import { decodeChoice } from '../src/record.js';
import type { ChoiceState, Via } from '../src/types.js';
import { VERSION } from '../src/version.js';
import { NOW } from './support/chance.js';

const DAY = 86_400_000;

const settings = readOptions({ site: { name: 'Grooves' }, notice: { version: '1', keeps: ['listen'] } });
const no = (state: ChoiceState, via: Via, now = NOW) => refusing(state, { settings, now, record: undefined }, via);

const records: fc.Arbitrary<ChoiceRecord> = fc
  .record({
    state: fc.constantFrom('granted' as const, 'refused' as const, 'withdrawn' as const, 'expired' as const),
    at: fc.integer({ min: NOW - 400 * DAY, max: NOW }),
    days: fc.integer({ min: 0, max: 182 }),
    gpc: fc.boolean(),
  })
  .map(({ days, ...r }) => ({ v: 1, via: 'notice', epoch: r.at, notice: '1', keeps: 'listen', ...r, until: r.at + days * DAY }));

describe('the choice in force', () => {
  const yes = { v: 1, state: 'granted', at: NOW, until: NOW + 182 * DAY, via: 'notice', epoch: NOW, notice: '1', keeps: 'listen' } as const;

  const table: [what: string, record: ChoiceRecord | undefined, days: number, gpc: boolean, state: string][] = [
    ['nothing chosen', undefined, 0, false, 'unset'],
    ['nothing chosen, Global Privacy Control on', undefined, 0, true, 'refused'],
    ['a yes', yes, 181.9, false, 'granted'],
    ['a yes, run out', yes, 182, false, 'expired'],
    ['an old yes, Global Privacy Control turned on since', yes, 1, true, 'refused'],
    ['a yes in spite of Global Privacy Control', { ...yes, gpc: true }, 1, true, 'granted'],
    ['a yes in spite of it, run out', { ...yes, gpc: true }, 183, true, 'expired'],
    ['a no', no('refused', 'notice'), 180, false, 'refused'],
    ['a no, run out', no('refused', 'notice'), 183, false, 'unset'],
    ['a withdrawal', no('withdrawn', 'panel'), 180, false, 'withdrawn'],
    ['a withdrawal, run out', no('withdrawn', 'panel'), 183, false, 'unset'],
    ['a withdrawal, Global Privacy Control on', no('withdrawn', 'panel'), 1, true, 'withdrawn'],
    ['an expiry, long ago', no('expired', 'expiry'), 400, false, 'expired'],
  ];

  test.each(table)('%s', (_, record, days, gpc, state) => {
    expect(stateAt(record, NOW + days * DAY, gpc)).toBe(state);
  });

  test('only a sound yes, in its time, is a yes', () => {
    fc.assert(
      fc.property(fc.option(records, { nil: undefined }), fc.integer({ min: 0, max: 400 }), fc.boolean(), (record, days, gpc) => {
        const now = NOW + days * DAY;
        const granted = record?.state === 'granted' && now < record.until && (!gpc || record.gpc === true);
        expect(stateAt(record, now, gpc) === 'granted').toBe(granted);
      }),
      { numRuns: 2_000 },
    );
  });

  test('G2 · Global Privacy Control never turns a no into a yes', () => {
    fc.assert(
      fc.property(records, fc.nat(400), (record, days) => {
        if (stateAt(record, NOW + days * DAY, true) === 'granted') expect(stateAt(record, NOW + days * DAY, false)).toBe('granted');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what the choice record may hold', () => {
  test('no doubt becomes a yes: whatever is not a sound record is a refusal that also erases', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (raw) => {
        const record = decodeChoice(raw);
        if (raw === undefined) expect(record).toBeUndefined();
        else expect([stateAt(record, NOW, false), record?.erase]).toEqual(['refused', true]);
      }),
      { numRuns: 5_000 },
    );
  });

  test('a record of which one field is wrong is a refusal', () => {
    const wrong = fc.constantFrom(undefined, null, '', 'yes', {}, [], true, Number.NaN);
    fc.assert(
      fc.property(records, fc.constantFrom('v', 'state', 'at', 'until', 'epoch', 'notice', 'keeps'), wrong, (record, field, value) => {
        fc.pre(record.state === 'granted' && !(typeof value === 'string' && ['notice', 'keeps'].includes(field)));
        expect(decodeChoice({ ...record, [field]: value })).toMatchObject({ state: 'refused', erase: true });
      }),
      { numRuns: 1_000 },
    );
  });

  test('L17 · no yes lasts longer than 182 days, whatever it says', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 1, max: 1e12 }), (record, longer) => {
        const state = stateAt(decodeChoice({ ...record, until: record.at + 182 * DAY + longer }), NOW, false);
        expect(state).not.toBe('granted');
      }),
      { numRuns: 1_000 },
    );
  });

  test('a sound record is taken as it is', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(decodeChoice(structuredClone(record))).toEqual(record);
      }),
      { numRuns: 1_000 },
    );
  });
});

test('L3, E1 · a refusal is dated to the day and holds nothing that tells one visitor from another', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: DAY - 1 }),
      fc.constantFrom('refused' as const, 'withdrawn' as const, 'expired' as const),
      (ms, to) => {
        const midnight = Math.floor(NOW / DAY) * DAY;
        const record = no(to, 'notice', midnight + ms);
        expect(record).toEqual({ v: 1, state: to, at: midnight, until: midnight + 182 * DAY, via: 'notice', notice: '1' });
      },
    ),
    { numRuns: 1_000 },
  );
});

test('the version in receipts is the package’s', () => {
  expect(VERSION).toBe(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
});
