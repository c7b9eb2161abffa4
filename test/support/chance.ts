import fc from 'fast-check';
import {
  type Audience,
  type Evidence,
  type Item,
  type Provenance,
  type Sensitivity,
  type Signal,
  VERBS,
  type Verb,
  type Voice,
} from 'fordi';
import { DAY } from './world.js';

// Catalogs, histories and settings by chance, small enough that a decision often hangs by one record.

/** How often a property is tried: in full on the sources, a tenth of that on what is shipped, which differs in its bundling only. */
export const times = (count: number) => Math.ceil(count * Number(process.env.FORDI_TIMES ?? 1));

/** A fixed moment: what happens in a case does not depend on when it is run. */
export const NOW = Date.UTC(2026, 10, 20, 12);

const TOPICS = ['jazz', 'folk', 'soul', 'techno', 'divorce'];
const MAKERS = ['Ada', 'Ben', 'Cleo'];
const IDS = Array.from({ length: 12 }, (_, i) => `item-${i}`);
const verbs = Object.keys(VERBS) as Verb[];

const WAYS: readonly Provenance[] = ['declared', 'transactional', 'engaged', 'passive', 'inferred', 'acquired'];
const DEGREES: readonly Sensitivity[] = ['ordinary', 'guarded'];

const weight = fc.constantFrom(0.1, 0.3, 0.5, 0.8, 1);
const optional = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined });
const without = <T extends object>(x: T): T => Object.fromEntries(Object.entries(x).filter(([, value]) => value !== undefined)) as T;

const item = (id: string): fc.Arbitrary<Item> =>
  fc
    .record({
      topics: fc.oneof(fc.uniqueArray(fc.constantFrom(...TOPICS), { maxLength: 3 }), fc.dictionary(fc.constantFrom(...TOPICS), weight)),
      by: optional(fc.constantFrom(...MAKERS)),
      prior: optional(weight),
      neighbours: optional(fc.dictionary(fc.constantFrom(...IDS), weight, { maxKeys: 3 })),
      available: fc.constantFrom(undefined, undefined, undefined, undefined, false),
      sensitivity: fc.constantFrom(undefined, undefined, undefined, undefined, 'guarded' as const),
    })
    .map((rest) => without({ id, title: `The ${id}`, ...rest }) as Item);

export const catalogs: fc.Arbitrary<Item[]> = fc
  .integer({ min: 4, max: IDS.length })
  .chain((n) => fc.tuple(...IDS.slice(0, n).map(item)))
  .map((items) => [...items]);

const drafts = fc.record({
  verb: fc.constantFrom(...verbs, 'listen', 'listen', 'like', 'purchase', 'declare', 'view'),
  item: optional(fc.constantFrom(...IDS)),
  topic: fc.constantFrom(...TOPICS),
  further: fc.constantFrom(0, 0, 0, 0, 1, 2),
  sensitivity: fc.constantFrom('ordinary', 'ordinary', 'ordinary', 'guarded'),
  age: fc.constantFrom(0, 1, 5, 20, 60, 120, 160),
  notice: fc.constantFrom('1', '1', '1', '1', '0'),
  until: fc.constantFrom(undefined, undefined, undefined, undefined, NOW - DAY, NOW + DAY),
  value: optional(fc.constantFrom(-1, -0.5, 0.5, 1)),
});

/** A history as the disk holds it. */
export const histories = (maxLength = 10): fc.Arbitrary<Evidence[]> =>
  fc.array(drafts, { minLength: 1, maxLength }).map((list) =>
    list.map(({ verb, item: about, topic, further, age, until, value, notice, sensitivity }, i) => {
      const base = WAYS.indexOf(VERBS[verb].from);
      return without({
        id: `e${i}`,
        verb,
        ...(about === undefined ? { topic } : { item: about, title: `The ${about}` }),
        provenance: WAYS[Math.min(base + further, WAYS.length - 1)] as Provenance,
        sensitivity: DEGREES[Math.max(DEGREES.indexOf(sensitivity as Sensitivity), about === undefined && topic === 'divorce' ? 1 : 0)],
        at: NOW - age * DAY - i * 60_000,
        notice,
        until,
        value: verb === 'rate' || verb === 'declare' ? value : undefined,
      }) as Evidence;
    }),
  );

export interface Scene {
  readonly items: Item[];
  readonly records: Evidence[];
  readonly audience: Audience;
  readonly voice: Voice | undefined;
  readonly visibility: 'private' | 'public';
  readonly size: number;
  readonly context: string | undefined;
  readonly paused: string[];
  /** Days since permission was given. */
  readonly since: number;
  readonly namedDays: number;
}

export const scenes: fc.Arbitrary<Scene> = fc.record({
  items: catalogs,
  records: histories(),
  audience: fc.constantFrom('balanced', 'balanced', 'cautious', 'open'),
  voice: fc.constantFrom(undefined, undefined, 'explained', 'quiet', 'off'),
  visibility: fc.constantFrom('private', 'private', 'private', 'public'),
  size: fc.constantFrom(1, 2, 3, 6),
  context: fc.constantFrom(undefined, undefined, ...IDS.slice(0, 4)),
  paused: fc.constantFrom([], [], [], ['soul'], ['item-1']),
  since: fc.constantFrom(181, 181, 181, 10),
  namedDays: fc.constantFrom(90, 90, 30),
});

/** Whether this record is one of those a signal stands for. */
export const isOf = (e: Evidence, s: Signal): boolean =>
  (['verb', 'item', 'topic', 'provenance', 'sensitivity', 'notice', 'until'] as const).every((name) => e[name] === s[name]);

/** Whether a record goes with what is cited, as `forget({ verb, item })` takes it: all of that verb about it, and what was only watched of it. */
export const goesWith = (e: Evidence, { verb, item, topic, provenance }: Signal): boolean =>
  provenance !== 'contextual' && e.item === item && e.topic === topic && (e.verb === verb || e.provenance === 'passive');
