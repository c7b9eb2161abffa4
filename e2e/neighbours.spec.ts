import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { disk, EMPTY, inventory } from './support/inventory.js';
import { because, grant, open, press, problemsOf, ready, shelf, withdraw } from './support/shop.js';

// Neighbours that travel with the page: no catalog anywhere, and no request that could tell what a visitor likes.

const listen = async (page: Page, name: string, count: number) => {
  await open(page, name);
  await press(page.locator('#play'));
  await expect.poll(() => page.evaluate(async () => (await window.shop).get().records)).toBe(count);
};
const cards = (page: Page) => shelf(page).locator('li b').allTextContents();

test('what was brought along is recommended elsewhere, with its reason, from the device alone', async ({ page }) => {
  const problems = problemsOf(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open(page, 'carried');
  await expect(shelf(page).locator('li')).toHaveCount(0);
  await grant(page);
  await listen(page, 'carried-a', 1);
  await expect(because(page, 'Record A')).toHaveCount(0); // on its own page it speaks for itself
  await open(page, 'carried-b');
  await expect(shelf(page).getByText('Record X')).toBeVisible();
  await open(page, 'carried');
  await expect(because(page, 'Record A').first()).toBeVisible();
  expect(await cards(page)).toEqual(['Record X', 'Record Y']);
  await page.reload();
  await ready(page);
  await expect(because(page, 'Record A').first()).toBeVisible();
  expect(await cards(page)).toEqual(['Record X', 'Record Y']);
  await listen(page, 'carried-b', 2);
  await open(page, 'carried');
  await expect(shelf(page).getByText('Record Z')).toBeVisible();
  const own = ['/pages/carried.html', '/pages/carried-a.html', '/pages/carried-b.html', '/pages/shop.js', '/dist/fordi.js', '/favicon.ico'];
  expect(asked.filter((path) => !own.includes(path))).toEqual([]);
  expect(problems).toEqual([]);
});

test('what lies beside the evidence goes with it @once', async ({ page }) => {
  await open(page, 'carried');
  await grant(page);
  await listen(page, 'carried-a', 1);
  expect(JSON.stringify(await disk(page))).toContain('Record X');
  await open(page, 'carried');
  await expect(shelf(page).getByText('Record X')).toBeVisible();
  await withdraw(page);
  await expect(shelf(page).locator('li')).toHaveCount(0);
  expect(await disk(page)).toBeNull();
  expect(await inventory(page)).toEqual({ ...EMPTY, local: { fordi: expect.any(String) } });
});

test('L1 · without a yes a page’s neighbours serve that page only, and leave nothing', async ({ page }) => {
  await open(page, 'carried-a');
  await expect(shelf(page).getByText('Similar to Record A').first()).toBeVisible();
  await press(page.locator('#play'));
  await open(page, 'carried');
  await expect(shelf(page).locator('li')).toHaveCount(0);
  expect(await inventory(page)).toEqual(EMPTY);
});
