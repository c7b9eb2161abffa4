import type { Fordi, Receipt } from 'fordi';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import {
  ALL_VERBS,
  choiceOnDisk,
  closeAll,
  DAY,
  deaf,
  disk,
  eventually,
  freshDevice,
  granted,
  lived,
  page,
  recordsOnDisk,
  settled,
  stranger,
  tamper,
} from './support/world.js';

// Yes, no, and no longer; and what a browser may do to them in between.

const databases = async () => (await indexedDB.databases()).map(({ name }) => name);
const listen = (fordi: Fordi, item = 'kind-of-blue') => fordi.observe({ verb: 'listen', item });
const travel = (days: number) => vi.setSystemTime(Date.now() + days * DAY);

/** Nothing but the choice: no database that holds anything, no id, no verb of the visitor's. */
async function nothingLeft(): Promise<void> {
  expect(await recordsOnDisk()).toEqual([]);
  const { gate, ...rest } = Object.fromEntries(await disk());
  expect(rest).toEqual({});
  if (gate) expect(gate).toMatchObject({ granted: false });
}

const ask = async (f: Fordi) => [await f.evidence(), await f.recommend(), await f.recommend({ context: 'moanin' }), await f.shelves()];

/** `theirs` = asked before, where the device is at work meanwhile: a stranger has another one. */
async function isStranger(fordi: Fordi, theirs?: unknown): Promise<void> {
  expect(await ask(fordi)).toEqual(theirs ?? (await stranger(ask)));
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});

describe('a yes', () => {
  test('L12 · is written in both places under one number, and its receipt says what was agreed to', async () => {
    const told: Receipt[] = [];
    const fordi = page({ onReceipt: (receipt) => told.push(receipt), notice: { version: '7', keeps: ['listen'], days: 30 } });
    expect(fordi.choice()).toBe('unset');
    const answer = await fordi.grant(['personalization'], { via: 'notice' });
    expect(answer).toEqual({
      granted: true,
      receipt: {
        schema: 'fordi.receipt/2',
        conformsTo: 'https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr',
        id: expect.stringMatching(/^[\w-]{12}$/),
        principal: 'this-browser',
        state: 'granted',
        at: '2026-11-20T12:00:00.000Z',
        until: '2027-05-21',
        via: 'notice',
        gpc: false,
        language: 'en',
        controller: { name: 'Grooves' },
        notice: { version: '7', keeps: ['listen', 'dismiss', 'too-personal'], days: 30 },
        purposes: [
          {
            id: 'personalization',
            state: 'granted',
            basis: 'eu-gdpr:A6-1-a',
            dpv: ['dpv:ProvidePersonalisedRecommendations', 'dpv:ServicePersonalisation'],
            keeps: ['listen', 'dismiss', 'too-personal'],
            data: ['pd:ServiceConsumptionBehaviour', 'pd:Interest'],
            provenance: ['declared', 'transactional', 'engaged', 'passive', 'inferred'],
            retention: 'P30D',
            storage: 'tech:Device',
            recipients: [],
          },
        ],
        withdrawal: { how: 'panel', selector: '[data-fordi-open]' },
        rights: ['A7-3', 'A15', 'A16', 'A17', 'A18', 'A20', 'A21'].map((article) => `eu-gdpr:${article}`),
        sdk: 'fordi 0.1.0',
      },
    });
    expect(told).toEqual([answer.granted && answer.receipt]);
    expect(await fordi.receipts()).toEqual(told);
    expect(fordi.choice()).toBe('granted');
    expect((await disk()).get('gate')).toMatchObject({ granted: true, epoch: choiceOnDisk()?.epoch });
  });

  test('lasts over visits', async () => {
    await listen(await granted());
    closeAll();
    const again = page();
    await again.ready;
    expect([again.choice(), again.get().records]).toEqual(['granted', 1]);
  });

  test('given again keeps the evidence and adds a receipt', async () => {
    const fordi = await granted();
    await listen(fordi);
    travel(100);
    await fordi.grant(['personalization'], { via: 'panel' });
    expect((await fordi.evidence()).map(({ item }) => item)).toEqual(['kind-of-blue']);
    expect((await fordi.receipts()).map(({ via, until }) => [via, until])).toEqual([
      ['notice', '2027-05-21'],
      ['panel', '2027-08-29'],
    ]);
    travel(70);
    closeAll();
    expect((await page().evidence()).length).toBe(1);
  });

  test('to another purpose, to none, or to a list that is not one, is no yes', async () => {
    const fordi = page();
    for (const purposes of [['marketing'], [], ['personalization', 'marketing'], 'personalization', 'p'])
      expect(await fordi.grant(purposes as never)).toEqual({ granted: false, reason: 'unknown-purpose' });
    expect(fordi.choice('marketing' as never)).toBe('refused');
    expect(await databases()).toEqual([]);
    expect(choiceOnDisk()).toBeUndefined();
  });

  test('L17 · after 182 days has run out: expired, erased, and the visitor is a stranger', async () => {
    const fordi = await granted();
    await listen(fordi);
    travel(181.99);
    expect(fordi.choice()).toBe('granted');
    travel(0.01);
    expect(fordi.choice()).toBe('expired');
    expect(await listen(fordi)).toEqual({ kept: false, reason: 'no-permission' });
    await isStranger(fordi);
    closeAll();
    const next = page();
    await next.ready;
    expect(next.choice()).toBe('expired');
    expect(choiceOnDisk()).toMatchObject({ state: 'expired', via: 'expiry' });
    await nothingLeft();
    travel(1000);
    closeAll();
    expect(page().choice()).not.toBe('granted');
  });

  test('L17 · under a page that is left open: expired, erased, and told so as soon as anybody looks', async () => {
    const fordi = await granted();
    await listen(fordi);
    travel(183);
    expect(await fordi.evidence()).toEqual([]);
    expect(fordi.get()).toMatchObject({ choice: 'expired', records: 0 });
    expect(choiceOnDisk()).toMatchObject({ state: 'expired', via: 'expiry' });
    await nothingLeft();
  });

  test('L17 · which another tab has renewed does not end here', async () => {
    const there = await granted();
    const here = deaf();
    await here.ready;
    await listen(there);
    travel(100);
    await there.grant();
    travel(100);
    expect(await here.evidence()).toHaveLength(1);
    expect([here.choice(), there.choice()]).toEqual(['granted', 'granted']);
  });

  test.each([
    ['the same tab', (one: Fordi) => [one, one]],
    ['another tab', (one: Fordi) => [one, page()]],
    ['another tab, which hears nothing', (one: Fordi) => [one, deaf()]],
    ['a tab that is heard of', () => [page(), page()]],
  ] as const)('L17 · ended by time in %s while the next is under way: nobody has said no, and that one holds', async (_, open) => {
    for (let turns = 0; turns < 40; turns++) {
      vi.setSystemTime(NOW);
      freshDevice();
      const first = await granted();
      await listen(first);
      const [here, there] = open(first) as [Fordi, Fordi];
      await Promise.all([here.ready, there.ready]);
      travel(183);
      const yes = here.grant(['personalization'], { text: 'May we?' });
      await settled(turns);
      const looked = there.evidence();
      expect([turns, await yes]).toMatchObject([turns, { granted: true }]);
      await looked;
      await settled();
      const { memory } = here.get(); // where the other tab's deletion is in the way, it holds for this visit
      expect([turns, here.choice(), choiceOnDisk()?.state]).toEqual([turns, 'granted', memory === 'device' ? 'granted' : undefined]);
      expect(await recordsOnDisk()).toEqual([]);
      expect(await listen(here)).toMatchObject({ kept: true });
      expect(await here.receipts()).toHaveLength(1);
    }
  });

  test('L17 · from tomorrow, because the clock was set back, is none: asked again, and nothing is erased', async () => {
    await listen(await granted());
    closeAll();
    travel(-3);
    const early = page();
    await early.ready;
    expect([early.choice(), early.get().asking?.why, await early.evidence()]).toEqual(['unset', 'again', []]);
    expect(await recordsOnDisk()).toHaveLength(1);
    closeAll();
    travel(3);
    const again = page();
    await again.ready;
    expect([again.choice(), again.get().records]).toEqual(['granted', 1]);
  });

  test('over one from tomorrow, the clock being right again, begins today: what is done since may be named', async () => {
    travel(365);
    await granted();
    closeAll();
    travel(-365);
    const fordi = await granted();
    expect(await listen(fordi)).toMatchObject({ kept: true });
    expect((await fordi.recommend()).map(({ because }) => because?.text)).toContain('Because you listened to Kind of Blue');
  });

  test('after expiry, a new yes begins with nothing', async () => {
    await listen(await granted());
    travel(200);
    closeAll();
    expect(await (await granted()).evidence()).toEqual([]);
  });
});

describe('a no', () => {
  test('L3, E1 · leaves its state and its day, and no id', async () => {
    const fordi = page();
    const receipt = await fordi.refuse({ via: 'notice' });
    expect(receipt).toMatchObject({ state: 'refused', purposes: [{ state: 'refused' }], at: '2026-11-20', via: 'notice' });
    expect(receipt.id).toBeUndefined();
    const day = Date.UTC(2026, 10, 20);
    expect(choiceOnDisk()).toEqual({ v: 1, state: 'refused', at: day, until: day + 182 * DAY, via: 'notice', notice: '1' });
    expect(await databases()).toEqual([]);
    expect(await fordi.receipts()).toEqual([receipt]);
  });

  test('L16 · is remembered for 182 days; then nothing is decided and the visitor may be asked again', async () => {
    await page().refuse();
    closeAll();
    travel(181);
    expect(page().choice()).toBe('refused');
    travel(1);
    const asked = page();
    expect([asked.choice(), asked.get().asking?.why]).toEqual(['unset', 'again']);
    await asked.ready;
    expect([choiceOnDisk(), localStorage.length, asked.get().asking?.why]).toEqual([undefined, 0, 'again']);
    await asked.object('passive', true);
    closeAll();
    travel(183);
    await page().ready;
    expect(choiceOnDisk()).toMatchObject({ state: 'unset', without: ['passive'] }); // what the visitor objects to stays
  });

  test('after a yes erases like a withdrawal', async () => {
    const fordi = await granted();
    await listen(fordi);
    await fordi.refuse();
    await eventually(async () => {
      expect(choiceOnDisk()?.erase).not.toBe(true);
      await nothingLeft();
    });
    expect(fordi.choice()).toBe('refused');
    await isStranger(fordi);
  });
});

describe('a withdrawal', () => {
  test('L14 · stops at once, erases, and says so only when proven', async () => {
    const theirs = await stranger(ask);
    const fordi = await granted();
    await listen(fordi);
    const erased = fordi.withdraw({ via: 'panel' });
    expect(fordi.choice()).toBe('withdrawn');
    expect(fordi.get()).toMatchObject({ records: 0, erasing: true });
    expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn', erase: true });
    await isStranger(fordi, theirs);
    expect(await erased).toEqual({ undo: expect.any(Function), cleared: true, verified: true, deleted: true });
    expect(fordi.get().erasing).toBe(false);
    expect(choiceOnDisk()).toEqual({
      v: 1,
      state: 'withdrawn',
      at: expect.any(Number),
      until: expect.any(Number),
      via: 'panel',
      notice: '1',
    });
    expect(await databases()).toEqual([]);
    await isStranger(fordi);
  });

  test('a hundred times over is the same withdrawal', async () => {
    const fordi = await granted();
    await listen(fordi);
    const all = await Promise.all(Array.from({ length: 100 }, () => fordi.withdraw()));
    for (const { cleared, verified } of all) expect([cleared, verified]).toEqual([true, true]);
    expect(fordi.choice()).toBe('withdrawn');
    await nothingLeft();
  });

  test('before anything was ever allowed is a no, and opens no database', async () => {
    const fordi = page();
    expect(await fordi.withdraw()).toMatchObject({ cleared: true, verified: true });
    expect(await databases()).toEqual([]);
  });

  test('while a yes is on its way wins, and nothing is on the disk', async () => {
    for (let turns = 0; turns < 25; turns++) {
      const fordi = page();
      const yes = fordi.grant();
      await settled(turns);
      await fordi.withdraw();
      const answer = await yes;
      if (!answer.granted) expect(answer.reason).toBe('superseded');
      expect(fordi.choice()).toBe('withdrawn');
      await nothingLeft();
      expect(choiceOnDisk()).toMatchObject({ state: 'withdrawn' });
      fordi.stop();
    }
  });

  test('L14 · while a record is being written wins, whatever the moment', async () => {
    for (let turns = 0; turns < 25; turns++) {
      const fordi = await granted();
      const writes = Array.from({ length: 5 }, () => listen(fordi));
      await settled(turns);
      await fordi.withdraw();
      await Promise.all(writes);
      await settled();
      await nothingLeft();
      await isStranger(fordi);
      fordi.stop();
    }
  });

  test('during start wins', async () => {
    for (let turns = 0; turns < 15; turns++) {
      await lived([]);
      const fordi = page();
      await settled(turns);
      await fordi.withdraw();
      await fordi.ready;
      expect(fordi.choice()).toBe('withdrawn');
      await nothingLeft();
      fordi.stop();
    }
  });

  test('then a new yes begins with zero records, another number, and its own receipt only', async () => {
    const fordi = await granted();
    await listen(fordi);
    const before = choiceOnDisk()?.epoch;
    await fordi.withdraw();
    travel(1);
    await fordi.grant();
    expect(await fordi.evidence()).toEqual([]);
    expect((await fordi.receipts()).length).toBe(1);
    expect(choiceOnDisk()?.epoch).not.toBe(before);
    expect(fordi.get()).toMatchObject({ choice: 'granted', records: 0, voice: 'explained' });
  });

  test('and a new yes in the same instant: the last word holds', async () => {
    const fordi = await granted();
    await listen(fordi);
    const [erased, answer] = await Promise.all([fordi.withdraw(), fordi.grant()]);
    expect(erased.verified).toBe(true);
    expect(answer.granted).toBe(true);
    expect(fordi.choice()).toBe('granted');
    expect(await recordsOnDisk()).toEqual([]);
    expect(await listen(fordi)).toMatchObject({ kept: true });
  });
});

describe('killed in the middle', () => {
  const record = { id: 'x', verb: 'listen', item: 'blue', provenance: 'engaged', sensitivity: 'ordinary', at: NOW, notice: '1' } as const;
  const no = (state: string, erase?: true) =>
    localStorage.setItem(
      'fordi',
      JSON.stringify({ v: 1, state, at: NOW - DAY, until: NOW + 100 * DAY, via: 'panel', ...(erase && { erase }) }),
    );

  test('of a yes, with only the gate written: nothing was decided, and nothing is read', async () => {
    await tamper([['gate', { v: 1, granted: true, epoch: NOW }]]);
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('unset');
    await isStranger(fordi);
  });

  test('of a yes after a no, with only the gate written: the no stands', async () => {
    await lived([record]);
    no('refused');
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('refused');
    await isStranger(fordi);
  });

  test('of a yes, with only the choice written: nothing was decided, and the choice is gone', async () => {
    await lived([]);
    await tamper([['gate', undefined]]);
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('unset');
    expect(choiceOnDisk()).toBeUndefined();
  });

  test.each(['withdrawn', 'refused'])('L14 · of erasing after %s: the next start finishes it before it reads anything', async (state) => {
    await lived([record]);
    no(state, true);
    const fordi = page();
    expect(fordi.choice()).toBe(state === 'withdrawn' ? 'withdrawn' : 'refused');
    expect(await fordi.evidence()).toEqual([]);
    await fordi.ready;
    await nothingLeft();
    expect(choiceOnDisk()).toMatchObject({ state });
    expect(choiceOnDisk()?.erase).not.toBe(true);
    await isStranger(fordi);
  });

  test('of a withdrawal, with only the gate closed: the stricter wins and the rest is erased', async () => {
    await lived([record]);
    await tamper([['gate', { v: 1, granted: false }]]);
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('refused');
    await nothingLeft();
    expect(choiceOnDisk()).toMatchObject({ state: 'refused' });
  });

  test('the next yes, given in another tab while a page begins, is not taken for a leftover', async () => {
    await granted();
    closeAll();
    const next = { ...choiceOnDisk(), epoch: Date.now() + 5 };
    await tamper([['gate', { v: 1, granted: true, epoch: next.epoch }]]);
    const fordi = page();
    localStorage.setItem('fordi', JSON.stringify(next));
    await fordi.ready;
    expect([fordi.choice(), choiceOnDisk()]).toEqual(['granted', next]);
    expect(await listen(fordi)).toMatchObject({ kept: true });
  });

  test('in two places two different yeses: neither counts', async () => {
    await lived([record]);
    await tamper([['gate', { v: 1, granted: true, epoch: 12 }]]);
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('unset');
    await nothingLeft();
    await isStranger(fordi);
  });
});

describe('a gate that is not what it was', () => {
  const corrupt: [string, unknown][] = [
    ['null', null],
    ['a number', 1],
    ['a text', 'granted'],
    ['a list', [true]],
    ['of another version', { v: 2, granted: true, epoch: NOW }],
    ['with a truthy yes', { v: 1, granted: 'yes', epoch: NOW }],
    ['with 1 for true', { v: 1, granted: 1, epoch: NOW }],
    ['empty', {}],
  ];

  test.each(corrupt)('corrupt (%s): a refusal, and everything is erased', async (_, gate) => {
    await lived([{ id: 'x', verb: 'listen', item: 'blue', provenance: 'engaged', sensitivity: 'ordinary', at: NOW, notice: '1' }]);
    await tamper([['gate', gate]]);
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('refused');
    await nothingLeft();
    await isStranger(fordi);
  });

  test('evicted under an open page: the next write finds it, nothing is written back, and memory is empty', async () => {
    const fordi = await granted();
    await listen(fordi);
    await tamper([
      ['gate', undefined],
      ['tail', undefined],
    ]);
    expect(await listen(fordi, 'blue')).toEqual({ kept: false, reason: 'no-permission' });
    expect(fordi.choice()).toBe('unset');
    await nothingLeft();
    await isStranger(fordi);
  });

  test('a database that vanished under an open page: nothing is decided any more, and memory is empty', async () => {
    const fordi = await granted();
    await listen(fordi);
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('fordi').onsuccess = resolve;
    });
    expect(await listen(fordi, 'blue')).toEqual({ kept: false, reason: 'no-permission' });
    expect(fordi.choice()).toBe('unset');
    expect(await databases()).toEqual([]);
    await isStranger(fordi);
  });

  test('evicted between visits: nothing was decided, and the visitor is a stranger', async () => {
    await listen(await granted());
    closeAll();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('fordi').onsuccess = resolve;
    });
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('unset');
    expect(await databases()).toEqual([]);
    await isStranger(fordi);
  });

  test('renewed after the database vanished: the yes still gets an answer and holds', async () => {
    const fordi = await granted();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase('fordi').onsuccess = resolve;
    });
    expect(await fordi.grant()).toMatchObject({ granted: true });
    expect(await listen(fordi)).toMatchObject({ kept: true });
  });

  test('a choice that was cleared with the browser’s own means: nothing is decided, and the next yes begins with nothing', async () => {
    await listen(await granted());
    closeAll();
    localStorage.clear();
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('unset');
    await isStranger(fordi);
    await fordi.grant();
    expect(await fordi.evidence()).toEqual([]);
    expect(await recordsOnDisk()).toEqual([]);
  });
});

describe('a choice record that cannot be understood', () => {
  const far = 9e15;
  const corrupt = [
    'granted',
    'null',
    '{',
    '0',
    '[]',
    '{"v":1,"state":"granted"}',
    '{"v":2,"state":"granted","at":1,"until":2}',
    `{"v":1,"state":"granted","at":${NOW},"until":${NOW * 2},"via":"notice","epoch":${NOW},"notice":"1","keeps":"listen"}`,
    `{"v":1,"state":"granted","at":${NOW},"until":${NOW + DAY},"via":"notice","epoch":"${NOW}","notice":"1","keeps":"listen"}`,
  ];

  test.each(corrupt)('%s: a refusal that asks nothing, and what it guarded is erased', async (text) => {
    await lived([{ id: 'x', verb: 'listen', item: 'blue', provenance: 'engaged', sensitivity: 'ordinary', at: NOW, notice: '1' }]);
    localStorage.setItem('fordi', text);
    const fordi = page();
    expect(fordi.choice()).toBe('refused');
    await fordi.ready;
    expect(fordi.choice()).toBe('refused');
    await nothingLeft();
    expect(choiceOnDisk()).toMatchObject({ v: 1, state: 'refused' });
    await isStranger(fordi);
  });

  test('dates beyond what a calendar can say break nothing', async () => {
    localStorage.setItem('fordi', JSON.stringify({ v: 1, state: 'refused', at: far, until: far, via: 'page', notice: '1' }));
    const fordi = page();
    await expect(fordi.receipts()).resolves.toEqual([expect.objectContaining({ state: 'refused' })]);
    await expect(fordi.export()).resolves.toMatchObject({ choice: 'refused' });
  });

  test('nor do dates before what it can say', async () => {
    localStorage.setItem('fordi', JSON.stringify({ v: 1, state: 'refused', at: -1e300, until: -1e300, via: 'page', notice: '1' }));
    const fordi = page();
    await expect(fordi.receipts()).resolves.toEqual([]);
    await expect(fordi.export()).resolves.toMatchObject({ choice: 'unset' });
  });
});

describe('Global Privacy Control', () => {
  const signal = (value: unknown) => vi.stubGlobal('navigator', { globalPrivacyControl: value });

  test.each([
    [true, 'refused'],
    ['1', 'unset'],
    ['true', 'unset'],
    [1, 'unset'],
    [undefined, 'unset'],
    [false, 'unset'],
    [null, 'unset'],
  ])('G1 · globalPrivacyControl %j: %s', async (value, state) => {
    signal(value);
    const fordi = page();
    expect([fordi.choice(), fordi.get().gpc]).toEqual([state, state === 'refused']);
    expect(localStorage.length).toBe(0);
  });

  test('a navigator that throws is no signal, and no reason to break', () => {
    vi.stubGlobal('navigator', {
      get globalPrivacyControl() {
        throw new Error('no');
      },
    });
    expect(page().choice()).toBe('unset');
  });

  test('G2 · a specific yes overrides it, and the receipt says that it was on', async () => {
    signal(true);
    const fordi = page();
    const answer = await fordi.grant(['personalization'], { via: 'panel' });
    expect(answer).toMatchObject({ granted: true, receipt: { gpc: true } });
    expect(fordi.choice()).toBe('granted');
    expect(await listen(fordi)).toMatchObject({ kept: true });
    closeAll();
    const again = page();
    await again.ready;
    expect([again.choice(), again.get().records]).toEqual(['granted', 1]);
  });

  test('G2 · turned on after a yes: refused, and everything is erased', async () => {
    await listen(await granted());
    closeAll();
    signal(true);
    const fordi = page();
    await fordi.ready;
    expect(fordi.choice()).toBe('refused');
    expect(choiceOnDisk()).toMatchObject({ state: 'refused', via: 'gpc' });
    await nothingLeft();
    await isStranger(fordi);
    vi.unstubAllGlobals();
    closeAll();
    expect(page().choice()).toBe('refused');
  });

  test('ignored where the owner’s law does not know it, and still told', async () => {
    signal(true);
    const fordi = page({ gpc: 'ignore' });
    expect([fordi.choice(), fordi.get().gpc]).toEqual(['unset', true]);
  });
});

describe('the voice', () => {
  test('is kept over visits and shown at once', async () => {
    const fordi = await granted();
    expect(fordi.get().voice).toBe('explained');
    const heard = vi.fn();
    fordi.subscribe(heard);
    expect(await fordi.setVoice('quiet')).toBe(true);
    expect(fordi.get().voice).toBe('quiet');
    expect(heard).toHaveBeenCalled();
    closeAll();
    const again = page();
    await again.ready;
    expect(again.get().voice).toBe('quiet');
    expect((await again.export()).voice).toBe('quiet');
  });

  test('turned down in one tab is turned down in the other', { timeout: 30_000 }, async () => {
    const [one, two] = [await granted(), page()];
    await two.ready;
    await listen(one, 'kind-of-blue');
    await eventually(() => expect(two.get().records).toBe(1));
    expect(await one.setVoice('off')).toBe(true);
    await eventually(() => expect(two.get().voice).toBe('off'));
    await eventually(async () => expect(await two.recommend()).toEqual(await one.recommend()));
  });

  test('survives a renewed yes and goes with a withdrawal', async () => {
    const fordi = await granted();
    await fordi.setVoice('off');
    await fordi.grant();
    closeAll();
    const again = page();
    await again.ready;
    expect(again.get().voice).toBe('off');
    await again.withdraw();
    await again.grant();
    expect(again.get().voice).toBe('explained');
  });

  test('cannot be set without permission, nor to a word it does not know', async () => {
    const fordi = page();
    expect(await fordi.setVoice('quiet')).toBe(false);
    await fordi.grant();
    expect(await fordi.setVoice('loud' as never)).toBe(false);
    expect(fordi.get().voice).toBe('explained');
    expect(await disk()).not.toContainEqual(expect.objectContaining({ voice: 'loud' }));
  });
});

describe('what the notice named', () => {
  test('L18 · a kind of evidence that it does not name is not kept', async () => {
    const fordi = await granted({ notice: { version: '1', keeps: ['like'] } });
    expect(await listen(fordi)).toEqual({ kept: false, reason: 'not-in-notice' });
    expect(await fordi.declare({ topic: 'jazz' })).toEqual({ kept: false, reason: 'not-in-notice' });
    expect(await fordi.observe({ verb: 'like', item: 'blue' })).toMatchObject({ kept: true });
    expect((await recordsOnDisk()).map(({ verb }) => verb)).toEqual(['like']);
  });

  test('a visitor can always say no: dismiss and too-personal are kept with any notice', async () => {
    const fordi = await granted({ notice: { version: '1', keeps: ['like'] } });
    expect(await fordi.observe({ verb: 'dismiss', item: 'blue' })).toMatchObject({ kept: true });
    expect(await fordi.observe({ verb: 'too-personal', topic: 'folk' })).toMatchObject({ kept: true });
  });

  test('a later notice that names more does not widen an earlier yes; a yes to it does', async () => {
    await granted({ notice: { version: '1', keeps: ['like'] } });
    closeAll();
    const fordi = page({ notice: { version: '2', keeps: ALL_VERBS } });
    expect(await listen(fordi)).toEqual({ kept: false, reason: 'not-in-notice' });
    expect(await fordi.observe({ verb: 'like', item: 'blue' })).toMatchObject({ kept: true });
    await fordi.grant();
    expect(await listen(fordi)).toMatchObject({ kept: true });
  });

  test('a later notice that names less keeps less from then on', async () => {
    await granted();
    closeAll();
    const fordi = page({ notice: { version: '2', keeps: ['like'] } });
    expect(await listen(fordi)).toEqual({ kept: false, reason: 'not-in-notice' });
  });
});

test('after stop() nothing is kept or granted, and a page that stopped still can say no', async () => {
  const fordi = await granted();
  await listen(fordi);
  fordi.stop();
  expect(await listen(fordi)).toEqual({ kept: false, reason: 'stopped' });
  expect(await fordi.grant()).toEqual({ granted: false, reason: 'stopped' });
  await fordi.withdraw();
  await nothingLeft();
});

test('a page that has stopped holds nothing of the visitor in memory', async () => {
  const [one, two] = [await granted(), deaf()];
  await two.ready;
  await listen(one);
  one.stop();
  await two.withdraw();
  await isStranger(one);
});
