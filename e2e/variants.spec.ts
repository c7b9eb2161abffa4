import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { axe } from './support/axe.js';
import { grant, observe, open, press, problemsOf, ready, say, t, withdraw } from './support/shop.js';

// One of several blocks of content, by markup alone, on a page with the strictest policy.

const hero = (page: Page) => page.locator('[data-fordi-slot=hero]');
const title = (page: Page) => hero(page).getByRole('heading');

test('a stranger sees what stands there; nothing moves, nothing is drawn anew', async ({ page, browserName }) => {
  const problems = problemsOf(page);
  await page.addInitScript(() => {
    const seen = { shift: 0, drawn: 0 };
    Object.assign(window, { seen });
    if (PerformanceObserver.supportedEntryTypes?.includes('layout-shift'))
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shift += (entry as PerformanceEntry & { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
    addEventListener('DOMContentLoaded', () => {
      const slot = document.querySelector('[data-fordi-slot]') as Element;
      new MutationObserver((changes) => {
        seen.drawn += changes
          .flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes])
          .filter((n) => n instanceof Element).length;
      }).observe(slot, { childList: true, subtree: true });
    });
  });
  await open(page, 'variants');
  await page.waitForTimeout(300);
  await expect(title(page)).toHaveText('For everybody');
  const { shift, drawn } = await page.evaluate(() => (window as unknown as { seen: { shift: number; drawn: number } }).seen);
  expect(drawn).toBe(0);
  if (browserName === 'chromium') expect(shift).toBe(0);
  expect(problems).toEqual([]);
});

test('after listening the block and its reason; after taking it back what everybody sees, at once', async ({ page }) => {
  const problems = problemsOf(page);
  await open(page, 'variants');
  await grant(page);
  await observe(page, 'listen', 'kind-of-blue');
  await expect(title(page)).toHaveText('Jazz tonight');
  await expect(hero(page).getByText('Because you listened to Kind of Blue')).toBeVisible();
  await page.reload();
  await ready(page);
  await expect(title(page)).toHaveText('Jazz tonight');
  await press(page.locator('#like-jazz')); // what stands in a block works like anything else
  const kept = () => page.evaluate(async () => (await (await window.shop).evidence()).map(({ verb, item }) => `${verb} ${item}`));
  await expect.poll(kept).toContain('like blue-train');
  const at = await page.evaluate(async () => {
    const fordi = await window.shop;
    const began = performance.now();
    const gone = new Promise<number>((done) => {
      new MutationObserver(() => done(performance.now() - began)).observe(document.querySelector('[data-fordi-slot]') as Element, {
        childList: true,
      });
    });
    void fordi.withdraw();
    return gone;
  });
  expect(at).toBeLessThan(1000);
  await expect(title(page)).toHaveText('For everybody');
  expect(await hero(page).innerHTML()).not.toContain('Kind of Blue');
  expect(problems).toEqual([]);
});

test('L14 · another tab’s withdrawal reaches it, and a refusal leaves nothing to go by @not-webkit', async ({ page }) => {
  await open(page, 'variants');
  await grant(page);
  await observe(page, 'listen', 'cello-suites');
  await expect(title(page)).toHaveText('Strings attached');
  const other = await page.context().newPage();
  await open(other, 'inner');
  await withdraw(other);
  await expect(title(page)).toHaveText('For everybody', { timeout: 1000 });
});

test('N4 · with the visitor’s voice on quiet the block stays and the reason goes @once', async ({ page }) => {
  await open(page, 'variants');
  await grant(page);
  await observe(page, 'listen', 'kind-of-blue');
  const reason = hero(page).locator('[data-fordi-because]');
  await expect(reason).toBeVisible();
  await page.evaluate(async () => (await window.shop).setVoice('quiet'));
  await expect(reason).toBeHidden();
  await expect(reason).toHaveText('');
  await expect(title(page)).toHaveText('Jazz tonight');
  await page.evaluate(async () => (await window.shop).setVoice('off'));
  await expect(title(page)).toHaveText('For everybody');
});

test('R8 · “Why this?” of a block: all that took part, and what is said there changes the block at once', async ({ page }) => {
  const problems = problemsOf(page);
  await open(page, 'variants');
  await grant(page);
  await observe(page, 'listen', 'kind-of-blue');
  await observe(page, 'view', 'cello-suites');
  const why = hero(page).getByRole('button', { name: t.why });
  const answer = page.locator('fordi-why').getByRole('dialog');
  await press(why);
  await expect(answer).toContainText('Because you listened to Kind of Blue');
  await expect(answer).toContainText('Listened to Kind of Blue');
  await expect(answer).toContainText(t.engaged);
  await press(answer.getByRole('button', { name: say(t.less, 'jazz') }));
  await expect(answer.getByRole('status')).toContainText(say(t.lessened, 'jazz'));
  await press(answer.getByRole('button', { name: t.undo }));
  await expect(answer.getByRole('status')).toHaveText(t.undone);
  await press(answer.getByRole('button', { name: /Listened to Kind of Blue$/ }));
  await expect(title(page)).toHaveText('Strings attached'); // what was only looked at is used, and not named
  await expect(hero(page).locator('[data-fordi-because]')).toBeHidden();
  await expect(answer).toContainText(t.nothing); // of the block that was asked about
  await press(answer.getByRole('button', { name: t.close }));
  await expect(answer).toHaveCount(0);
  await expect(why).toBeFocused(); // that of the block that took its place
  await press(why);
  await expect(answer).toContainText('Looked at Cello Suites');
  await expect(answer).toContainText(t.implicit);
  expect(problems).toEqual([]);
});

test('the answer about a block is accessible, and closes with Escape @not-webkit @once', async ({ page }) => {
  await open(page, 'variants', '?csp=off');
  await grant(page);
  await observe(page, 'listen', 'kind-of-blue');
  const why = hero(page).getByRole('button', { name: t.why });
  await why.focus();
  await page.keyboard.press('Enter');
  const answer = page.locator('fordi-why').getByRole('dialog', { name: t.why });
  await expect(answer).toContainText('Listened to Kind of Blue');
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(answer).toHaveCount(0);
  await expect(why).toBeFocused();
});

test('a block seen on four days makes way for the next, and is back once its topic is of interest again @once', async ({ page }) => {
  const DAY = 86_400_000;
  const start = Date.now();
  const seen = () =>
    page.evaluate(async () => (await (await window.shop).evidence()).filter(({ verb }) => verb === 'shown').map(({ item }) => item));
  await open(page, 'variants-seen');
  await grant(page);
  await page.evaluate(async () => (await window.shop).setVoice('quiet'));
  await expect.poll(seen).toEqual(['variant:plain']);
  await observe(page, 'listen', 'kind-of-blue');
  await expect(title(page)).toHaveText('Jazz tonight');
  await expect.poll(seen).toEqual(['variant:jazz', 'variant:plain']); // another block in the same place is seen anew, with no reason either
  for (let day = 1; day < 4; day++) {
    await page.clock.setSystemTime(start + day * DAY);
    await page.reload();
    await ready(page);
    await expect(title(page)).toHaveText('Jazz tonight');
    await expect.poll(async () => (await seen()).length).toBe(2 + day);
  }
  await page.clock.setSystemTime(start + 4 * DAY);
  await page.reload();
  await ready(page);
  await expect(title(page)).toHaveText('Start with your own shelf');
  await observe(page, 'like', 'kind-of-blue');
  await expect(title(page)).toHaveText('Jazz tonight');
});
