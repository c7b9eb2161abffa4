import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { disk, inventory } from './support/inventory.js';
import { accept, because, choice, grant, home, no, notice, observe, open, ready, withdraw, written } from './support/shop.js';
import { freezing, rounds, secondTab, writeForEver, yesAgain } from './support/tabs.js';

// Faults B02 and rule 7: what one tab erases no other tab brings back, and its screen empties too.

test('L14, L15 · up to a hundred times: one tab withdraws while another writes, and nothing is left or comes back', async ({ page }) => {
  test.setTimeout(120_000);
  await open(page, 'module');
  const other = await secondTab(page);
  await writeForEver(other);
  const { wrong, written, round } = await rounds(page, 100);
  expect(wrong).toEqual([]);
  expect(round).toBeGreaterThan(5);
  expect(written).toBeGreaterThanOrEqual(2 * (round - 1)); // it did write
  expect(Object.keys((await inventory(page)).local)).toEqual(['fordi']);
});

test('L14 · thirty times: one tab withdraws in the moment another says yes again, and one of them holds in both and on the disk', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await open(page, 'module');
  const other = await secondTab(page);
  await yesAgain(other);
  const ends = await page.evaluate(async () => {
    const fordi = await window.shop;
    const channel = new BroadcastChannel('again');
    const ends: string[] = [];
    for (let round = 0; round < 30; round++) {
      await fordi.grant();
      await fordi.observe({ verb: 'listen', item: 'cello-suites' });
      const theirs = new Promise<string>((done) => {
        channel.onmessage = ({ data }) => done(data);
      });
      channel.postMessage(0);
      await new Promise((done) => setTimeout(done, (round * 7) % 23));
      await fordi.withdraw();
      await theirs;
      await new Promise((done) => setTimeout(done, 300));
      const heard = new Promise<string>((done) => {
        channel.onmessage = ({ data }) => done(data);
      });
      channel.postMessage(1);
      const state = JSON.parse(localStorage.getItem('fordi') ?? '{}').state;
      const { kept } = await fordi.observe({ verb: 'listen', item: 'horses' });
      ends.push([state, fordi.choice(), await heard, kept].join());
    }
    return ends;
  });
  for (const end of ends) expect(['withdrawn,withdrawn,withdrawn,false', 'granted,granted,granted,true']).toContain(end);
});

test('L14, L15 · the other tab’s screen empties within a second of a withdrawal', async ({ page }) => {
  await open(page, 'module');
  await expect.poll(() => written(page)).not.toBe('');
  const stranger = await written(page);
  await grant(page);
  await observe(page, 'listen', 'cello-suites');
  const other = await secondTab(page);
  const shelf = other.locator('fordi-shelf');
  await expect(shelf.getByText('Because you listened to Cello Suites').first()).toBeVisible();
  const emptied = other.evaluate(
    () =>
      new Promise<number>((done) => {
        const root = document.querySelector('fordi-shelf')?.shadowRoot as ShadowRoot;
        const look = () => !/Because you/.test(root.textContent ?? '') && done(Date.now());
        new MutationObserver(look).observe(root, { childList: true, subtree: true, characterData: true });
      }),
  );
  const began = await page.evaluate(async () => {
    const began = Date.now();
    const { verified, deleted } = await (await window.shop).withdraw();
    if (!verified || !deleted) throw new Error('not erased'); // L15: another tab must not hold it up
    return began;
  });
  expect((await emptied) - began).toBeLessThan(1000);
  expect(await disk(page)).toBeNull();
  await expect.poll(() => other.evaluate(async () => (await window.shop).choice())).toBe('withdrawn');
  await expect.poll(() => written(page)).toBe(stranger);
});

/** Two tabs, one of which can be frozen, with something kept. */
async function freezingShop(baseURL: string | undefined) {
  const tabs = await freezing(new URL(home('module'), baseURL).href);
  await grant(tabs.page);
  await observe(tabs.page, 'listen', 'cello-suites');
  return tabs;
}

/** The databases there are, and whether any is yet to be erased. */
const left = (page: Page) =>
  page.evaluate(async () => [await indexedDB.databases(), JSON.parse(localStorage.getItem('fordi') ?? '{}').erase]);

// @not-firefox, @not-webkit: only Chromium can be told to freeze a tab.
test('L14, L15 · a frozen tab does not hold erasing up, and wakes empty and barred within a second @not-firefox @not-webkit', async ({
  baseURL,
}) => {
  const { page, other, freeze, wake, close } = await freezingShop(baseURL);
  const named = other.locator('fordi-shelf').getByText('Because you listened to Cello Suites');
  await expect(named.first()).toBeVisible();
  await freeze();
  const began = Date.now();
  // What was kept is gone, and looked for; the empty database goes when the frozen tab can let go of it.
  expect(await withdraw(page)).toMatchObject({ cleared: true, verified: true, deleted: false });
  expect(Date.now() - began).toBeLessThan(5000); // a second of waiting for the frozen tab among it
  await expect(named.first()).toBeAttached(); // it has not heard of it yet: it is frozen
  await wake();
  await expect(named).toHaveCount(0, { timeout: 1000 });
  expect(await choice(other)).toBe('withdrawn');
  const kept = await other.evaluate(async () => (await window.shop).observe({ verb: 'listen', item: 'horses' }));
  expect(kept).toEqual({ kept: false, reason: 'no-permission' });
  await expect.poll(() => disk(page)).toBeNull();
  await close();
});

test('L14, L15 · a frozen tab that wakes after the one that withdrew was closed leaves not even the name of a database @not-firefox @not-webkit', async ({
  baseURL,
}) => {
  const { page, other, freeze, wake, close } = await freezingShop(baseURL);
  await expect(other.locator('fordi-shelf').getByText('Because you listened to Cello Suites').first()).toBeVisible();
  await freeze();
  expect(await withdraw(page)).toMatchObject({ verified: true, deleted: false });
  await page.close();
  await wake();
  await expect.poll(() => choice(other)).toBe('withdrawn');
  await expect.poll(() => left(other)).toEqual([[], undefined]);
  await close();
});

test('L14, L15 · a tab frozen in the middle of a transaction holds no choice up, and erasing is finished once it wakes @not-firefox @not-webkit', async ({
  baseURL,
}) => {
  const { page, other, freeze, wake, close } = await freezingShop(baseURL);
  await other.evaluate(
    () =>
      new Promise<void>((done) => {
        indexedDB.open('fordi').onsuccess = ({ target }) => {
          const db = (target as IDBOpenDBRequest).result;
          const store = db.transaction('memory', 'readwrite').objectStore('memory');
          const hold = () => {
            if ('over' in window) return db.close();
            store.get('gate').onsuccess = hold;
          };
          hold();
          done();
        };
      }),
  );
  await freeze();
  const began = Date.now();
  expect(await withdraw(page)).toEqual({ cleared: false, verified: false, deleted: false });
  expect(Date.now() - began).toBeLessThan(6000);
  expect(await choice(page)).toBe('withdrawn');
  await wake();
  await other.evaluate(() => void Object.assign(window, { over: true }));
  await expect.poll(() => choice(other)).toBe('withdrawn');
  await expect.poll(() => left(page), { timeout: 10_000 }).toEqual([[], undefined]);
  await close();
});

test('L14 · a choice made in one tab holds in the other', async ({ page }) => {
  await open(page, 'module');
  const other = await secondTab(page);
  const theirs = () => other.evaluate(async () => (await window.shop).choice());
  await accept(page);
  await expect.poll(theirs).toBe('granted');
  await observe(page, 'listen', 'cello-suites');
  await expect(other.locator('fordi-shelf').getByText('Because you listened to Cello Suites').first()).toBeVisible();
  await other.evaluate(async () => (await window.shop).refuse());
  await expect.poll(() => choice(page)).toBe('refused');
  await expect(because(page, 'Cello Suites')).toHaveCount(0);
  await expect(notice(page)).toBeHidden();
});

// Chromium's headless shell keeps no page for going back (BackForwardCacheDisabledForDelegate), so these run elsewhere.

/**
 * From the module page to another of the site, where `act` happens, and back. The page itself says, to a server of the test's,
 * how it finds itself there: the inspectors lose touch with a page that comes from the cache.
 */
async function awayAndBack(page: Page, to: string, act: () => Promise<unknown>) {
  let heard = '';
  const server = createServer((request, response) => {
    request.on('data', (part) => {
      heard += part;
    });
    request.on('end', () => response.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const report = (port: number) =>
    addEventListener('pageshow', async ({ persisted: back }) => {
      if (!document.querySelector('fordi-notice')) return;
      const fordi = await window.shop;
      await new Promise((done) => setTimeout(done, 900)); // within a second
      const text = (name: string) => document.querySelector(name)?.shadowRoot?.querySelector('[lang]')?.textContent ?? '';
      const disk = (await indexedDB.databases()).length;
      const body = JSON.stringify({ back, choice: fordi.choice(), notice: !!text('fordi-notice'), shelf: text('fordi-shelf'), disk });
      await fetch(`http://127.0.0.1:${port}`, { method: 'POST', mode: 'no-cors', body });
    });
  await page.evaluate(report, port);
  await page.addInitScript(report, port); // where the browser has let go of the page, a new one answers
  await page.goto(home(to));
  await act();
  await page.evaluate(() => void setTimeout(() => history.back()));
  await expect.poll(() => heard).toContain('}');
  server.close();
  return JSON.parse(heard);
}

test('a page from the back/forward cache asks again what was chosen meanwhile @not-chromium', async ({ page }) => {
  await open(page, 'module', '?csp=off');
  await expect(no(page)).toBeVisible();
  // As another tab would have left it, and without a message: Firefox lets go of a kept page that is sent one.
  const at = Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const refusal = JSON.stringify({ v: 1, state: 'refused', at, until: at + 182 * 86_400_000, via: 'notice' });
  const found = await awayAndBack(page, 'record', () => page.evaluate((refusal) => localStorage.setItem('fordi', refusal), refusal));
  expect(found).toMatchObject({ back: true, choice: 'refused', notice: false });
});

/** As a withdrawal in another tab leaves the device, without a message: Firefox lets go of a kept page that is sent one. */
const takenBack = (page: Page) =>
  page.evaluate(async () => {
    const at = Math.floor(Date.now() / 86_400_000) * 86_400_000;
    localStorage.setItem('fordi', JSON.stringify({ v: 1, state: 'withdrawn', at, until: at + 182 * 86_400_000, via: 'panel' }));
    const gone = indexedDB.deleteDatabase('fordi');
    await new Promise((done) => {
      gone.onsuccess = gone.onblocked = done;
    });
  });

for (const [how, to, act, kept] of [
  ['in another tab', 'record', takenBack, { back: true }],
  // Whether the page is kept is the browser's business here: fordi tells every page, and Firefox lets go of one that is told.
  ['on the page after it', 'inner', (page: Page) => ready(page).then(() => withdraw(page)), {}],
] as const)
  test(`L14 · a page from the back/forward cache shows nothing that was withdrawn meanwhile ${how} @not-chromium`, async ({ page }) => {
    await open(page, 'module', '?csp=off');
    await grant(page);
    await observe(page, 'listen', 'cello-suites');
    await expect(because(page, 'Cello Suites').first()).toBeVisible();
    const found = await awayAndBack(page, to, () => act(page));
    expect(found).toMatchObject({ ...kept, choice: 'withdrawn', notice: false, disk: 0 });
    expect(found.shelf).not.toContain('Because you');
  });
