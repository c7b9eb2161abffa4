import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { disk, EMPTY, inventory } from './support/inventory.js';
import { accept, panel, press, READING, shelf, t } from './support/shop.js';

// Grooves, the demo, as a newcomer walks through it: the promise within a minute.

/** Plays a record at its page until half of its tune has been heard. */
async function play(page: Page, id: string): Promise<void> {
  await page.goto(`/record/${id}`);
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await page.evaluate(() => {
    document.querySelector('audio')?.setAttribute('muted', '');
  });
  await press(page.getByRole('button', { name: 'Play' }));
  const records = () => page.evaluate(async () => (await window.shop).get().records);
  await expect.poll(records, { timeout: 20_000 }).toBeGreaterThan(id === 'kind-of-blue' ? 0 : 1);
}

const said = (page: Page) => shelf(page).getByText(/^Because you listened to .*Kind of Blue/);

// @not-webkit: it needs a press that the browser trusts.
test('stranger, yes, two records, the reason, one removed, all taken back @not-webkit', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));

  await page.addInitScript(() => {
    // The shop's instance, by the queue that any page may use.
    const queue: ((fordi: never) => void)[] = [];
    Object.assign(window, { fordi: queue, shop: new Promise((done) => queue.push(done)) });
  });
  await page.goto('/record/kind-of-blue');
  await expect(shelf(page).getByText('Similar to Kind of Blue').first()).toBeVisible();
  expect(await inventory(page)).toEqual(EMPTY);

  await accept(page);
  await play(page, 'kind-of-blue');
  await play(page, 'nevermind');
  await page.goto('/');
  await expect(said(page).first()).toBeVisible();

  await press(page.locator('[data-fordi-slot=hero]').getByRole('button', { name: t.why }));
  const answer = page.locator('fordi-why').getByRole('dialog');
  await expect(answer).toContainText('Listened to Kind of Blue');
  await press(answer.getByRole('button', { name: t.close }));

  await press(shelf(page).getByRole('button', { name: t.why }).first());
  await press(
    shelf(page)
      .getByRole('button', { name: /Listened to Kind of Blue$/ })
      .first(),
  );
  await expect(said(page)).toHaveCount(0);
  await expect(shelf(page).getByText('Because you listened to Nevermind').first()).toBeVisible();

  await press(page.locator('[data-fordi-open="panel"]').first());
  await expect(panel(page)).toContainText('Listened to Nevermind');
  await press(panel(page).getByRole('button', { name: t.withdraw }));
  await expect(panel(page)).toContainText(t.erased);
  await expect(shelf(page).getByText(/Because you/)).toHaveCount(0);
  await expect.poll(() => disk(page)).toBeNull();
  expect(problems).toEqual([]);
});

for (const [path, words] of [
  ['/', 'A record'],
  ['/da/', 'Må Grooves'],
  ['/nl/', 'Mag Grooves'],
] as const)
  test(`${path} speaks one language and breaks nothing${path === '/' ? '' : ' @once'}`, async ({ page }) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(path);
    await expect(page.getByText(words).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(problems).toEqual([]);
  });

// @not-webkit: it needs a press that the browser trusts.
test('the city is asked for where it is needed, kept after a yes of its own, and gone with one press @not-webkit @once', async ({
  page,
}) => {
  await page.goto('/');
  await press(page.locator('fordi-notice').getByRole('button', { name: t.no }));
  const kept = () => page.evaluate(() => localStorage.getItem('grooves-city'));
  const near = page.getByRole('region', { name: 'Listening evenings near you' });
  await near.getByLabel('Your city').selectOption('Utrecht');
  await expect(near.getByRole('listitem').first()).toBeVisible();
  expect(await kept()).toBeNull();
  await press(near.getByRole('button', { name: 'Remember my city' }));
  const question = page.locator('fordi-ask').getByRole('region');
  await expect(question).toContainText('nobody else gets it');
  await page.waitForTimeout(READING);
  await press(question.getByRole('button', { name: t.yesThis, exact: true }));
  await expect.poll(kept).toContain('Utrecht');
  await page.reload();
  await expect(near.getByLabel('Your city')).toHaveValue('Utrecht');
  await press(near.getByRole('button', { name: 'Forget my city' }));
  await expect.poll(kept).toBeNull();
  await expect(near.getByRole('button', { name: 'Remember my city' })).toBeVisible();
});
