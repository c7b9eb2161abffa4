import { createHash } from 'node:crypto';
import type { Choices, Fordi, Receipt, Terms } from 'fordi';
import { postReceipts } from 'fordi/integrations';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW } from './support/chance.js';
import { choiceOnDisk, closeAll, DAY, define, disk, eventually, page, type Shelf, settled } from './support/world.js';

// The proof of a choice: what it says, and that the owner gets it.

const COUNTING: Terms = {
  title: 'Counting',
  text: 'How often.',
  keeps: 'Page and day',
  days: 30,
  recipients: ['Acme'],
  services: { own: { title: 'Own' } },
};
const COUNTING_TOO: Terms = { ...COUNTING, services: {} };
const shop = (options = {}) => page({ purposes: { counting: COUNTING }, ...options });
const choose = (fordi: Fordi) =>
  fordi.decide({ personalization: true, counting: { granted: true, services: { own: false } } }, { via: 'notice', text: 'May we?' });
const travel = (days: number) => vi.setSystemTime(Date.now() + days * DAY);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

describe('what a receipt says', () => {
  test('L12 · who, what, until when, on what basis, and the hash of the exact text shown', async () => {
    const answer = await choose(
      shop({ site: { name: 'Grooves', privacyUrl: '/p', contact: 'm@g.example', address: 'Strøget 1', jurisdiction: 'DK' } }),
    );
    const receipt = answer.granted && answer.receipt;
    expect(receipt).toMatchObject({
      controller: { name: 'Grooves', contact: 'm@g.example', address: 'Strøget 1', jurisdiction: 'DK' },
      notice: { url: '/p', sha256: createHash('sha256').update('May we?').digest('hex') },
      purposes: [
        { id: 'personalization', state: 'granted', basis: 'eu-gdpr:A6-1-a', recipients: [], retention: 'P180D' },
        { id: 'counting', state: 'granted', services: { own: 'refused' }, recipients: ['Acme'], keeps: 'Page and day', retention: 'P30D' },
      ],
    });
  });

  test('E2 · another text has another hash, times are UTC, and the history only grows', async () => {
    const fordi = shop();
    await fordi.grant(undefined, { text: 'May we?' });
    travel(1);
    await fordi.grant(['counting'], { text: 'May we count?' });
    travel(1);
    await fordi.refuse({ purposes: ['counting'] });
    const told = await fordi.receipts();
    expect(told.map(({ state }) => state)).toEqual(['granted', 'granted', 'refused']);
    expect(told.map(({ purposes }) => purposes.map(({ state }) => state))).toEqual([
      ['granted', 'unset'],
      ['granted', 'granted'],
      ['granted', 'refused'],
    ]);
    expect(new Set(told.map(({ notice }) => notice.sha256)).size).toBe(3);
    for (const { at } of told) expect(at).toMatch(/^2026-11-2\dT.*Z$/);
    expect(told.map(({ previous }) => previous)).toEqual([undefined, told[0]?.id, told[1]?.id]);
    expect((await fordi.export()).receipts).toEqual(told);
  });

  test('E1 · a no has a day and no id; nothing has one before a choice; no two are the same', async () => {
    const fordi = shop();
    expect(await fordi.receipts()).toEqual([]);
    const no = await fordi.refuse();
    expect([no.id, no.previous, no.at]).toEqual([undefined, undefined, '2026-11-20']);
    const ids = [await choose(fordi), await choose(fordi)].map((a) => a.granted && a.receipt.id);
    expect(new Set(ids).size).toBe(2);
  });

  test('E1, E2, L12 · a yes to another purpose alone is proven here too, also after a reload, until it is taken back', async () => {
    const fordi = shop({ onReceipt: (receipt: Receipt) => told.push(receipt) });
    const told: Receipt[] = [];
    await fordi.decide({ personalization: false, counting: true }, { via: 'notice', text: 'May we count?' });
    const hash = createHash('sha256').update('May we count?').digest('hex');
    expect(await fordi.receipts()).toEqual(told);
    expect(told).toMatchObject([
      { id: expect.any(String), state: 'granted', via: 'notice', at: expect.stringContaining('T'), notice: { sha256: hash } },
    ]);
    expect(told[0]?.purposes.map(({ state }) => state)).toEqual(['refused', 'granted']);
    closeAll();
    const again = shop({ onReceipt: (receipt: Receipt) => told.push(receipt) });
    expect(await again.receipts()).toEqual(told.slice(0, 1));
    await again.withdraw({ purposes: ['counting'] });
    expect(told[1]).toMatchObject({ id: expect.any(String), previous: told[0]?.id, state: 'withdrawn' });
    expect(JSON.stringify(choiceOnDisk())).not.toMatch(/"id"|sha256/);
  });

  test('E2 · a yes to recommendations taken back takes no proof of another yes along; nothing that was not chosen has one', async () => {
    const fordi = shop();
    await fordi.grant(['counting']);
    expect((await fordi.receipts()).map(({ state }) => state)).toEqual(['granted']);
    await fordi.grant();
    const before = await fordi.receipts();
    expect(before).toHaveLength(2);
    await fordi.withdraw({ purposes: ['personalization'] });
    closeAll();
    const again = shop();
    const after = await again.receipts();
    expect(after.slice(0, 2)).toEqual(before);
    expect(after[2]).toMatchObject({ state: 'withdrawn', previous: before[1]?.id });
    expect((await again.export()).receipts).toEqual(after);
    await again.withdraw();
    expect(await again.receipts()).toMatchObject([{ state: 'withdrawn', at: '2026-11-20' }]);
    localStorage.clear();
    const other = shop();
    await other.object('passive', true); // a record that says nothing of any purpose
    expect(await other.receipts()).toEqual([]);
  });

  test('E2, A13 · a withdrawal that is undone is a part of the history, and so is what came before it', async () => {
    const fordi = shop();
    await fordi.grant(['counting'], { text: 'May we count?' });
    await fordi.grant(undefined, { text: 'May we?' });
    const before = await fordi.receipts();
    expect(before).toHaveLength(2);
    const { undo } = await fordi.withdraw();
    expect(JSON.stringify(choiceOnDisk())).not.toMatch(/"id"|sha256/);
    expect(await undo?.()).toMatchObject({ granted: true });
    closeAll();
    const after = await shop().receipts();
    expect(after.slice(0, 2)).toEqual(before);
    expect(after.slice(2)).toMatchObject([
      { state: 'withdrawn', previous: before[1]?.id },
      { state: 'granted', via: 'undo', previous: after[2]?.id },
    ]);
    expect(new Set(after.map(({ id }) => id)).size).toBe(4);
    closeAll();
    expect(await shop().export()).toMatchObject({ choice: 'granted', voice: 'explained', receipts: after });
    closeAll();
    expect((await shop().inventory()).filter(({ present }) => present).map(({ name }) => name)).toContain('fordi/receipts');
    closeAll();
    expect(await shop().setVoice('quiet')).toBe(true);
  });

  test.each([true, false])('E2 · what is said before the device has been read takes its place in the history, too (%s)', async (may) => {
    const told: Receipt[] = [];
    await shop().grant();
    closeAll();
    const again = shop({ onReceipt: (receipt: Receipt) => told.push(receipt) });
    await again.decide({ counting: may });
    expect(again.choice('counting')).toBe(may ? 'granted' : 'refused');
    const all = await again.receipts();
    expect(all.map(({ previous }) => previous)).toEqual([undefined, all[0]?.id]);
    expect(all.slice(1)).toEqual(told);
  });

  test('L12 · a no to an earlier notice is proven as that, and once it has run out nothing is', async () => {
    const no = await shop().refuse();
    closeAll();
    travel(3);
    const later = { notice: { version: '2', keeps: ['listen'] } } as const;
    const [told, ...others] = await shop(later).receipts();
    expect(others).toEqual([]);
    expect(told).toMatchObject({ at: no.at, until: no.until, notice: { version: '1' } });
    expect(JSON.stringify(told)).not.toContain('listen');
    closeAll();
    travel(180);
    const last = shop(later);
    expect([await last.receipts(), (await last.export()).receipts, choiceOnDisk()]).toEqual([[], [], undefined]);
  });

  test('L12, A13 · a withdrawal that is undone under a later notice takes up what was agreed to, and says so', async () => {
    await shop().grant();
    closeAll();
    const later = shop({ notice: { version: '2', keeps: ['listen', 'view', 'search'] } });
    const { undo } = await later.withdraw();
    const back = await undo?.();
    expect(back).toMatchObject({
      receipt: { via: 'undo', notice: { version: '1', keeps: (await later.receipts())[0]?.notice.keeps, days: 180 } },
    });
  });

  test('L12 · what only another page of the site declares is named in what this page proves, with what is known of it here', async () => {
    await shop().decide({ counting: { services: { own: true } }, personalization: true });
    closeAll();
    const plain = page();
    await plain.ready;
    const { purposes } = await plain.refuse();
    expect(purposes.slice(1)).toEqual([
      {
        id: 'counting',
        state: 'unset',
        services: { own: 'granted' },
        basis: 'eu-gdpr:A6-1-a',
        dpv: ['dpv:Purpose'],
        storage: 'tech:Device',
      },
    ]);
  });

  test('however often a page says yes, the device holds twenty of them', async () => {
    const fordi = shop();
    for (let i = 0; i < 25; i++) await fordi.grant(['counting'], { text: `${i}` });
    const kept = await fordi.receipts();
    expect(kept).toHaveLength(20);
    expect(kept.at(-1)?.notice.sha256).toBe(createHash('sha256').update('24').digest('hex'));
  });

  test('G2 · a yes to another purpose in spite of Global Privacy Control says so', async () => {
    define('navigator', { value: { globalPrivacyControl: true } });
    const answer = await shop().grant(['counting'], { via: 'panel' });
    define('navigator', { value: {} });
    expect(answer).toMatchObject({ receipt: { gpc: true, state: 'granted' } });
  });

  test('E3 · no address with a query, no browser, no record is in it', async () => {
    const fordi = shop({ site: { name: 'Grooves', privacyUrl: '/p?visitor=7&utm_source=mail#x' } });
    await fordi.grant();
    await fordi.observe({ verb: 'listen', item: 'kind-of-blue' });
    await fordi.grant(['counting']);
    const all = await fordi.receipts();
    expect(JSON.stringify(all)).not.toMatch(/kind-of-blue|Mozilla|Node|visitor=|utm_|https?:\/\/(?!w3id\.org)/);
    expect(all[0]).toMatchObject({ controller: { name: 'Grooves', privacyUrl: '/p' }, notice: { url: '/p' } });
  });
});

describe('an end that nobody on the page has brought about is told too', () => {
  const sent = async (end: (told: Receipt[]) => Promise<Fordi> | Fordi): Promise<Receipt[]> => {
    const told: Receipt[] = [];
    await choose(shop({ onReceipt: (receipt: Receipt) => told.push(receipt) }));
    closeAll();
    const fordi = await end(told);
    await eventually(() => expect(told).toHaveLength(2));
    await eventually(async () => expect((await disk()).size).toBe(0));
    expect(told[1]).toMatchObject({ id: expect.any(String), previous: told[0]?.id });
    fordi.stop();
    return told;
  };

  test('L12 · the time that has run out', async () => {
    const [, end] = await sent((told) => {
      travel(183);
      return shop({ onReceipt: (receipt: Receipt) => told.push(receipt) });
    });
    expect(end).toMatchObject({ state: 'expired', via: 'expiry' });
  });

  test('L12, G2 · Global Privacy Control, on since', async () => {
    const [, end] = await sent((told) => {
      define('navigator', { value: { globalPrivacyControl: true } });
      return shop({ onReceipt: (receipt: Receipt) => told.push(receipt) });
    });
    define('navigator', { value: {} });
    expect(end).toMatchObject({ state: 'refused', via: 'gpc', gpc: true });
  });

  test('L12 · another tool’s no, on a page where nothing has been read yet', async () => {
    const [, end] = await sent((told) => {
      const fordi = shop({ heeds: true, onReceipt: (receipt: Receipt) => told.push(receipt) });
      fordi.heed('tool', { personalization: 'denied' });
      return fordi;
    });
    expect(end).toMatchObject({ state: 'withdrawn', via: 'elsewhere' });
  });

  describe('the time of a purpose beside personalization', () => {
    const more = { purposes: { counting: COUNTING, other: { ...COUNTING, services: {} } } };
    const hearing = (told: Receipt[]) => shop({ ...more, onReceipt: (receipt: Receipt) => told.push(receipt) });
    const ended = (told: readonly Receipt[]) => told.filter(({ via }) => via === 'expiry');
    const say = async (choices: Choices) => {
      const told: Receipt[] = [];
      await hearing(told).decide(choices, { via: 'notice' });
      return told;
    };
    const isEnd = async (told: readonly Receipt[]) => {
      await eventually(() => expect(ended(told)).toHaveLength(1));
      await settled();
      expect(ended(told)).toMatchObject([
        {
          ...{ id: expect.any(String), state: 'expired', previous: told[0]?.id, at: expect.stringContaining('T') },
          purposes: [{ state: 'unset' }, { state: 'expired' }, { state: 'unset' }],
        },
      ]);
    };

    test('L12, L17 · is told at the next start, once, and not at the one after', async () => {
      const told = await say({ counting: true });
      closeAll();
      travel(181);
      await hearing(told).ready;
      await settled();
      expect(ended(told)).toEqual([]);
      closeAll();
      travel(1);
      await hearing(told).ready;
      await isEnd(told);
      closeAll();
      await hearing(told).ready;
      await settled();
      expect(ended(told)).toHaveLength(1);
      expect(JSON.stringify(choiceOnDisk())).not.toMatch(/"id"/); // no proof outlives the last yes
    });

    test('L12 · is told under open pages, once, whichever looks first', async () => {
      const told = await say({ counting: true });
      const both = [hearing(told), hearing(told)];
      await Promise.all(both.map(({ ready }) => ready));
      travel(183);
      await Promise.all(both.flatMap((fordi) => [fordi.evidence(), fordi.evidence()]));
      await isEnd(told);
    });

    test('is told before whatever is said next', async () => {
      const told = await say({ counting: true });
      const fordi = hearing(told);
      await fordi.ready;
      travel(183);
      await fordi.decide({ other: true });
      await eventually(() => expect(told.map(({ state }) => state)).toEqual(['granted', 'expired', 'granted']));
      expect(told[1]).toMatchObject({ via: 'expiry', previous: told[0]?.id });
    });

    test.each([true, false])('and is what that names as the one before it (%s)', async (yes) => {
      const told = await say({ counting: true });
      closeAll(); // two pages may both send what waits
      travel(100);
      const fordi = hearing(told);
      await fordi.decide({ other: true });
      travel(83);
      await fordi.decide({ [yes ? 'personalization' : 'other']: yes });
      await eventually(() => expect(told).toHaveLength(4));
      const ids = told.map(({ id }) => id);
      expect(told.map(({ previous }) => ids.indexOf(previous))).toEqual([-1, 0, 1, 2]);
    });

    test('is told of a service alone', async () => {
      const told = await say({ counting: { services: { own: true } } });
      closeAll();
      travel(183);
      await hearing(told).ready;
      await eventually(() => expect(ended(told)).toMatchObject([{ state: 'expired', previous: told[0]?.id }]));
    });

    test('beside a yes to personalization that goes on: in the history with the rest', async () => {
      const told = await say({ counting: true });
      travel(10);
      await hearing(told).grant();
      closeAll();
      travel(173);
      const fordi = hearing(told);
      await fordi.ready;
      await eventually(() => expect(ended(told)).toHaveLength(1));
      await eventually(async () => expect((await fordi.receipts()).at(-1)).toEqual(ended(told)[0]));
      expect(ended(told)[0]).toMatchObject({ purposes: [{ state: 'granted' }, { state: 'expired' }, { state: 'unset' }] });
    });

    test('with personalization: one end of both', async () => {
      const told = await say({ personalization: true, counting: true });
      closeAll();
      travel(183);
      await hearing(told).ready;
      await eventually(() => expect(ended(told)).toHaveLength(1));
      await settled(50);
      expect(ended(told)).toMatchObject([{ previous: told[0]?.id, purposes: [{ state: 'expired' }, { state: 'expired' }, {}] }]);
    });

    test('a page for children tells of none', async () => {
      const told = await say({ counting: true });
      closeAll();
      travel(183);
      await shop({ ...more, child: true, onReceipt: (receipt: Receipt) => told.push(receipt) }).ready;
      await settled();
      expect(ended(told)).toEqual([]);
    });
  });

  test('a withdrawal where there was no yes is a no: a day, no id', async () => {
    const told: Receipt[] = [];
    const fordi = shop({ onReceipt: (receipt: Receipt) => told.push(receipt) });
    await fordi.withdraw();
    await fordi.withdraw();
    expect(told).toMatchObject([{ state: 'refused', at: '2026-11-20' }, { state: 'refused' }]);
    expect(told.some(({ id }) => id)).toBe(false);
  });
});

describe('under Global Privacy Control', () => {
  beforeEach(() => define('navigator', { value: { globalPrivacyControl: true } }));
  afterEach(() => define('navigator', { value: {} }));
  const kinds = async (gpc: 'refuse' | 'noshare' | 'ignore') => {
    const told: Receipt[] = [];
    const fordi = shop({ gpc, purposes: { own: { ...COUNTING, recipients: [] } }, onReceipt: (receipt: Receipt) => told.push(receipt) });
    await fordi.refuse({ via: 'notice' });
    await fordi.grant(['own'], { via: 'panel' });
    await fordi.withdraw({ purposes: ['own'] });
    await settled();
    expect(choiceOnDisk()).not.toHaveProperty('due');
    return told.map(({ state }) => state);
  };

  test('G3 · refuse: out goes a yes in spite of it, and its end; a no is nothing new', async () => {
    expect(await kinds('refuse')).toEqual(['granted', 'withdrawn']);
  });

  test('G3 · noshare: out goes only what ends a yes; the proof of the yes stays here', async () => {
    expect(await kinds('noshare')).toEqual(['withdrawn']);
    const fordi = shop({ gpc: 'noshare', onReceipt: () => expect.unreachable() });
    await fordi.grant();
    expect(await fordi.receipts()).toMatchObject([{ state: 'granted', gpc: true }]);
  });

  test('G3 · ignore: everything, as ever', async () => {
    expect(await kinds('ignore')).toEqual(['refused', 'granted', 'withdrawn']);
  });

  test('G3 · what has waited since before it was on does not go either', async () => {
    define('navigator', { value: {} });
    const server = createServer();
    server.turn('down');
    await shop({ onReceipt: server.sink }).refuse();
    closeAll();
    server.turn('up');
    define('navigator', { value: { globalPrivacyControl: true } });
    await shop({ onReceipt: server.sink }).ready;
    await settled();
    expect(server.taken).toEqual([]);
  });
});

/** A server that can be out of order. */
function createServer() {
  const taken: Receipt[] = [];
  let order: 'up' | 'down' | 'silent' = 'up';
  return {
    taken,
    turn: (to: typeof order) => {
      order = to;
    },
    sink: vi.fn(async (receipt: Receipt) => {
      if (order === 'down') throw new Error('503');
      if (order === 'silent') await new Promise(() => {});
      taken.push(receipt);
    }),
  };
}

const waiting = () => ((choiceOnDisk()?.due ?? []) as Receipt[]).length;

describe('the way to the owner', () => {
  test('is short where the server answers, and leaves nothing behind', async () => {
    const { sink, taken } = createServer();
    const fordi = shop({ onReceipt: sink });
    await choose(fordi);
    await fordi.withdraw();
    await eventually(() => expect(taken.map(({ state }) => state)).toEqual(['granted', 'withdrawn']));
    await eventually(() => expect(waiting()).toBe(0));
    expect(taken[1]?.previous).toBe(taken[0]?.id);
    expect(JSON.stringify(choiceOnDisk())).not.toMatch(/"id"/);
  });

  test('survives a page closed midway: the next one sends it, in order, once each', async () => {
    const server = createServer();
    server.turn('silent');
    const fordi = shop({ onReceipt: server.sink });
    await choose(fordi);
    await fordi.withdraw({ purposes: ['counting'] });
    expect(waiting()).toBe(2);
    closeAll();
    server.turn('up');
    shop({ onReceipt: server.sink });
    await eventually(() => expect(server.taken.map(({ state }) => state)).toEqual(['granted', 'withdrawn']));
    await eventually(() => expect(waiting()).toBe(0));
    await settled();
    expect(server.taken).toHaveLength(2);
  });

  test('is tried again while the page is open, and at once when it is online again', async () => {
    const server = createServer();
    server.turn('down');
    const heard = new Map<string, () => void>();
    define('addEventListener', { value: (name: string, listener: () => void) => heard.set(name, listener) });
    const fordi = shop({ onReceipt: server.sink });
    await choose(fordi);
    await settled();
    expect([server.taken.length, waiting()]).toEqual([0, 1]);
    server.turn('up');
    heard.get('online')?.();
    await eventually(() => expect(server.taken).toHaveLength(1));
    server.turn('down');
    await fordi.grant(['counting']);
    await settled();
    server.turn('up');
    await eventually(() => expect(server.taken).toHaveLength(2)); // a second later, by itself
    define('addEventListener', { value: undefined });
  });

  test('outlives refusal, withdrawal and expiry, and holds nothing else up', async () => {
    const server = createServer();
    server.turn('down');
    const fordi = shop({ onReceipt: server.sink });
    await fordi.refuse();
    await choose(fordi);
    expect(await fordi.withdraw()).toMatchObject({ cleared: true, verified: true });
    expect(fordi.get()).toMatchObject({ choice: 'withdrawn', erasing: false });
    expect(waiting()).toBe(3);
    closeAll();
    travel(200);
    server.turn('up');
    const later = shop({ onReceipt: server.sink });
    await eventually(() => expect(server.taken.map(({ state }) => state)).toEqual(['refused', 'granted', 'withdrawn']));
    expect(later.choice()).toBe('unset');
    expect((await disk()).size).toBe(0);
  });

  test('of an act on purposes that nobody declared, or that stood on no, there is nothing to tell', async () => {
    const { sink, taken } = createServer();
    const fordi = shop({ onReceipt: sink });
    await choose(fordi);
    await eventually(() => expect([taken.length, waiting()]).toEqual([1, 0]));
    const before = await fordi.receipts();
    await fordi.refuse({ purposes: ['nobody'] });
    await fordi.withdraw({ purposes: ['nobody'] });
    await settled();
    expect([taken.length, waiting(), fordi.choice()]).toEqual([1, 0, 'granted']);
    expect(await fordi.receipts()).toEqual(before);
  });

  test('two refusals of one day are two, however alike, and none is lost', async () => {
    const server = createServer();
    server.turn('down');
    const fordi = shop({ purposes: { counting: COUNTING, letters: COUNTING_TOO }, onReceipt: server.sink });
    await fordi.refuse({ purposes: ['counting'] });
    await fordi.refuse({ purposes: ['letters'] });
    await fordi.refuse({ purposes: ['letters'] });
    await settled();
    expect(waiting()).toBe(3);
    closeAll();
    server.turn('up');
    shop({ purposes: { counting: COUNTING, letters: COUNTING_TOO }, onReceipt: server.sink });
    await eventually(() => expect(waiting()).toBe(0));
    const refused = server.taken.map(({ purposes }) =>
      purposes
        .filter(({ state }) => state === 'refused')
        .map(({ id }) => id)
        .join(),
    );
    expect(refused).toEqual(['counting', 'counting,letters', 'counting,letters']);
    expect(server.taken.some(({ id }) => id)).toBe(false);
  });

  test('holds at most fifty, the newest', async () => {
    const server = createServer();
    server.turn('down');
    const fordi = shop({ onReceipt: server.sink });
    for (let i = 0; i < 55; i++) await fordi.grant(['counting'], { text: `${i}` });
    expect(waiting()).toBe(50);
    const [first] = (choiceOnDisk()?.due ?? []) as Receipt[];
    expect(first?.notice.sha256).toBe(createHash('sha256').update('5').digest('hex'));
  });

  test('a device that takes no change any more does not make it sent again and again', async () => {
    const server = createServer();
    server.turn('down');
    await choose(shop({ onReceipt: server.sink }));
    closeAll();
    (localStorage as unknown as Shelf).full = true;
    server.turn('up');
    const fordi = shop({ onReceipt: server.sink });
    await fordi.ready;
    await settled(50);
    expect(server.taken).toHaveLength(1);
    expect(fordi.choice('counting')).toBe('granted');
  });

  test('a page for children sends and changes nothing', async () => {
    const server = createServer();
    server.turn('down');
    await choose(shop({ onReceipt: server.sink }));
    closeAll();
    const before = localStorage.getItem('fordi');
    server.turn('up');
    await shop({ child: true, onReceipt: server.sink }).ready;
    await settled();
    expect([server.taken, localStorage.getItem('fordi')]).toEqual([[], before]);
  });

  test('wakes nobody: what waits and what is taken changes no answer and no screen', async () => {
    const server = createServer();
    server.turn('down');
    const fordi = shop({ onReceipt: server.sink });
    await choose(fordi);
    await settled();
    let heard = 0;
    fordi.subscribe(() => heard++);
    server.turn('up');
    await eventually(() => expect([server.taken.length, waiting()]).toEqual([1, 0]));
    expect(heard).toBe(0);
  });

  test('of an owner who wants none, keeps none', async () => {
    const fordi = shop();
    await choose(fordi);
    await fordi.withdraw();
    expect(choiceOnDisk()).not.toHaveProperty('due');
  });

  test('where the device keeps nothing, still goes while the page lasts', async () => {
    const server = createServer();
    (localStorage as unknown as Shelf).full = true;
    define('indexedDB', { value: undefined });
    await choose(shop({ onReceipt: server.sink }));
    await eventually(() => expect(server.taken).toHaveLength(1));
    await settled();
    expect(server.taken).toHaveLength(1);
  });

  test('a page that has stopped fordi sends nothing more; the next one does, each once', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const down = page({ onReceipt: () => Promise.reject(new Error('down')) });
    await down.grant();
    await down.withdraw();
    await settled();
    closeAll();
    const told: (string | undefined)[] = [];
    let take = () => {};
    const slow = page({
      onReceipt: ({ id }) => {
        told.push(id);
        return new Promise<void>((done) => {
          take = done;
        });
      },
    });
    await slow.ready;
    await eventually(() => expect(told).toHaveLength(1));
    slow.stop();
    take();
    await settled();
    expect(told).toHaveLength(1);
    await page({ onReceipt: ({ id }) => void told.push(id) }).ready;
    await eventually(() => expect(told).toHaveLength(2));
    expect(new Set(told).size).toBe(2);
  });

  test('what was edited by hand on the way is not sent', async () => {
    const server = createServer();
    server.turn('down');
    await choose(shop({ onReceipt: server.sink }));
    closeAll();
    localStorage.setItem('fordi', JSON.stringify({ ...choiceOnDisk(), due: [7, null, { schema: 'x' }] }));
    server.turn('up');
    const fordi = shop({ onReceipt: server.sink });
    await fordi.ready;
    await settled();
    expect([server.taken, fordi.choice()]).toEqual([[], 'granted']);
  });
});

describe('postReceipts', () => {
  const answers = (...statuses: (number | Error)[]) => {
    const calls: [string, RequestInit][] = [];
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      calls.push([url, init]);
      const status = statuses.shift() ?? 201;
      if (status instanceof Error) throw status; // offline, or refused by CORS: the page cannot tell
      return { ok: status < 300, status };
    });
    return calls;
  };

  test('posts the receipt and nothing of the visitor or the page', async () => {
    const calls = answers();
    const fordi = shop({ onReceipt: postReceipts('/receipts') });
    const answer = await choose(fordi);
    await eventually(() => expect(calls).toHaveLength(1));
    const [url, { body, credentials, referrerPolicy }] = calls[0] as [string, RequestInit];
    expect([url, credentials, referrerPolicy]).toEqual(['/receipts', 'omit', 'no-referrer']);
    expect(JSON.parse(`${body}`)).toEqual(answer.granted && answer.receipt);
  });

  test('what is too large to be sent from a page that is being left is sent from the page', async () => {
    const calls = answers();
    const post = postReceipts('/receipts');
    const answer = await choose(shop());
    const receipt = (answer as { receipt: Receipt }).receipt;
    await post(receipt);
    await post({ ...receipt, purposes: Array.from({ length: 300 }, () => ({ ...receipt.purposes[1], keeps: 'だれが' })) as never });
    expect(calls.map(([, { keepalive }]) => keepalive)).toEqual([true, false]);
  });

  test.each([
    ['down', new TypeError('Failed to fetch')],
    ['in trouble', 500],
    ['busy', 429],
    ['behind a login that has run out', 401],
    ['closed by a firewall for now', 403],
    ['not there yet', 404],
    ['not yet taking any', 405],
  ])('a server that is %s is asked again', async (_, first) => {
    const calls = answers(first);
    await choose(shop({ onReceipt: postReceipts('/receipts') }));
    await eventually(() => expect(calls).toHaveLength(2));
    await eventually(() => expect(waiting()).toBe(0));
  });

  test.each([400, 413, 415, 422])('a server that refuses for good (%s) is not, and it is said', async (status) => {
    const calls = answers(status);
    await choose(shop({ onReceipt: postReceipts('/receipts') }));
    await eventually(() => expect(waiting()).toBe(0));
    expect(calls).toHaveLength(1);
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining(`/receipts refused a receipt for good (${status})`));
  });
});
