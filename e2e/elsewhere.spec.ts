import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { disk, EMPTY, inventory } from './support/inventory.js';
import { because, choice, notice, observe, open, ready, withdraw } from './support/shop.js';

// Beside the real vanilla-cookieconsent 3.1.0 and klaro 0.7.22 (standards §4.3): they ask, fordi does not.

interface Peer {
  readonly accept: (page: Page) => Promise<void>;
  readonly reject: (page: Page) => Promise<void>;
  /** Opens what it shows to whoever changes their mind, by fordi.manage(), and answers there. */
  readonly change: (page: Page, yes: boolean) => Promise<void>;
}

const manage = async (page: Page) => expect(await page.evaluate(async () => (await window.shop).manage())).toBe(true);

const PEERS: Readonly<Record<string, Peer>> = {
  vanilla: {
    accept: (page) => page.locator('#cc-main .cm [data-role=all]').click(),
    reject: (page) => page.locator('#cc-main .cm [data-role=necessary]').click(),
    async change(page, yes) {
      await manage(page);
      await page.locator(`#cc-main .pm [data-role=${yes ? 'all' : 'necessary'}]`).click();
    },
  },
  klaro: {
    accept: (page) => page.locator('#klaro .cookie-notice .cm-btn-success').click(),
    reject: (page) => page.locator('#klaro .cookie-notice .cn-decline').click(),
    async change(page, yes) {
      await manage(page);
      const before = await choice(page);
      const own = page.locator('#service-item-personalization');
      await own.dispatchEvent('click'); // its box lies under a switch that is drawn
      expect(await own.isChecked()).toBe(yes);
      expect(await choice(page)).toBe(before); // moved, and not saved yet
      await page.locator('#klaro .cookie-modal .cm-btn-accept:not(.cm-btn-accept-all)').click();
    },
  },
};

const beside = (page: Page, tools: string, late = '') => open(page, 'elsewhere', `?csp=off&tools=${tools}${late}`);
const becomes = (page: Page, state: string) => expect.poll(() => choice(page)).toBe(state);
const elsewhere = (page: Page) => page.evaluate(async () => (await window.shop).get().elsewhere);
/** What the other tools have stored: everything but what is fordi's. */
const theirs = async (page: Page) => {
  const { cookie, local } = await inventory(page);
  const { fordi: _, ...others } = local;
  return { cookie, local: others };
};

/** Nothing of fordi's is on the device and nothing of it on the screen. */
async function untouched(page: Page): Promise<void> {
  const found = await inventory(page);
  expect({ ...found, cookie: '', session: {} }).toEqual(EMPTY);
  await expect(notice(page)).toHaveCount(0);
  expect(await page.evaluate(async () => (await window.shop).get().asking)).toBeUndefined();
}

for (const [name, peer] of Object.entries(PEERS)) {
  test(`L1, L14 · ${name}: fresh, yes, withdrawn there, yes again; fordi asks nothing and writes nothing of theirs @not-webkit`, async ({
    page,
  }) => {
    await beside(page, name);
    await expect.poll(() => elsewhere(page)).toEqual([name]);
    await untouched(page);
    await page.waitForTimeout(3500); // it has been asking for longer than fordi waits for an answer
    expect(await choice(page)).toBe('unset');
    await untouched(page);
    await peer.accept(page);
    await becomes(page, 'granted');
    const stored = await theirs(page);
    await observe(page, 'listen', 'kind-of-blue');
    await expect(because(page, 'Kind of Blue').first()).toBeVisible();
    expect(await theirs(page)).toEqual(stored);
    await peer.change(page, false);
    await becomes(page, 'refused');
    await expect.poll(() => disk(page)).toBeNull();
    await expect(because(page, 'Kind of Blue')).toHaveCount(0);
    await peer.change(page, true);
    await becomes(page, 'granted');
    await expect(because(page, 'Kind of Blue')).toHaveCount(0);
    await expect(notice(page)).toHaveCount(0);
  });

  test(`L3 · ${name}: no leaves nothing of fordi’s at all @not-webkit`, async ({ page }) => {
    await beside(page, name);
    await peer.reject(page);
    await becomes(page, 'refused');
    const kept = await page.evaluate(async () => (await window.shop).observe({ verb: 'listen', item: 'horses' }));
    expect(kept).toMatchObject({ kept: false });
    expect(await disk(page)).toBeNull();
    expect((await inventory(page)).local.fordi).toBeUndefined();
    await expect(notice(page)).toHaveCount(0);
  });

  test(`L1 · ${name}: a returning visitor, the tool two seconds late: nothing read before its answer, all there after it @not-webkit @once`, async ({
    page,
  }) => {
    await beside(page, name);
    await peer.accept(page);
    await becomes(page, 'granted');
    await observe(page, 'listen', 'kind-of-blue');
    await page.reload();
    await ready(page);
    await becomes(page, 'granted');
    await beside(page, name, '&late=2000');
    expect(await choice(page)).toBe('unset');
    expect(await page.evaluate(async () => (await (await window.shop).evidence()).length)).toBe(0);
    await expect(notice(page)).toHaveCount(0);
    await becomes(page, 'granted');
    await expect(because(page, 'Kind of Blue').first()).toBeVisible();
    expect(await page.evaluate(async () => (await (await window.shop).receipts()).length)).toBe(1);
  });

  test(`L1 · ${name} two seconds late, fresh: nothing before it, its notice and not fordi’s @not-webkit @once`, async ({ page }) => {
    await beside(page, name, '&late=2000');
    await untouched(page);
    await page.waitForTimeout(2500);
    await untouched(page);
    await peer.accept(page);
    await becomes(page, 'granted');
  });

  test(`L14 · ${name}: withdrawing here while it says yes erases here, holds after a reload, and leaves what it stores alone @not-webkit @once`, async ({
    page,
  }) => {
    await beside(page, name);
    await peer.accept(page);
    await becomes(page, 'granted');
    await observe(page, 'listen', 'kind-of-blue');
    const stored = await theirs(page);
    expect(await withdraw(page)).toMatchObject({ verified: true });
    expect([await choice(page), await disk(page)]).toEqual(['withdrawn', null]);
    await page.reload();
    await ready(page);
    await expect.poll(() => elsewhere(page)).toEqual([name]);
    await page.waitForTimeout(500);
    expect([await choice(page), await disk(page)]).toEqual(['withdrawn', null]);
    expect(await theirs(page)).toEqual(stored);
    await page.evaluate(async () => (await window.shop).grant(undefined, { via: 'panel' }));
    expect(await choice(page)).toBe('granted');
    expect(await theirs(page)).toEqual(stored);
  });
}

test('both at once: the strictest wins, and the console says so once @not-webkit @once', async ({ page }) => {
  const said: string[] = [];
  page.on('console', (message) => message.text().startsWith('fordi:') && said.push(message.text()));
  await beside(page, 'vanilla,klaro');
  await expect.poll(async () => (await elsewhere(page)).length).toBe(2);
  await PEERS.klaro?.accept(page);
  expect(await choice(page)).toBe('unset');
  await PEERS.vanilla?.accept(page);
  await becomes(page, 'granted');
  await page.evaluate(() =>
    (window as unknown as { CookieConsent: { acceptCategory(of: string[]): void } }).CookieConsent.acceptCategory([]),
  ); // its own code, in its own time
  await becomes(page, 'refused');
  await expect.poll(() => disk(page)).toBeNull();
  expect(said).toEqual([expect.stringContaining('more than one tool asks for permission here')]);
});
