import type { Page } from '@playwright/test';
import { expect } from '../fixtures.js';
import { disk, EMPTY, identifying, inventory } from './inventory.js';
import { accept, because, choice, notice, open, panel, press, say, shelf, t } from './shop.js';

const day = (page: Page) => page.evaluate(() => new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format());
export const heard = (title: string) => say(t.listen, title);

/** From the first visit to the last trace, as a visitor goes it. */
export async function journey(page: Page, name: string, query = ''): Promise<void> {
  await open(page, name, query);
  await meet(page);
  await listen(page);
  await askWhy(page);
  await remove(page);
  await lookAtPanel(page);
  await leave(page);
}

async function meet(page: Page): Promise<void> {
  await expect(notice(page)).toBeVisible();
  await expect(notice(page)).toContainText('Grooves');
  await expect(shelf(page).getByText('Because you')).toHaveCount(0);
  await accept(page);
  await expect(notice(page)).toBeHidden();
}

async function listen(page: Page): Promise<void> {
  await press(page.locator('#play-kind-of-blue'));
  await press(page.locator('#play-cello-suites'));
  await expect(because(page, 'Kind of Blue').first()).toBeVisible();
  await expect(because(page, 'Cello Suites').first()).toBeVisible();
}

const firstWhy = (page: Page, title: string) =>
  shelf(page)
    .getByRole('region', { name: say('Because you listened to {x}', title), exact: true })
    .getByRole('button', { name: t.why })
    .first();

/** The answer names the evidence, the date and how the site came to know. */
async function askWhy(page: Page): Promise<void> {
  const why = firstWhy(page, 'Cello Suites');
  await expect(why).toHaveAttribute('aria-expanded', 'false');
  await press(why);
  await expect(why).toHaveAttribute('aria-expanded', 'true');
  const line = shelf(page)
    .getByRole('listitem')
    .filter({ hasText: heard('Cello Suites') })
    .last();
  await expect(line).toContainText(await day(page));
  await expect(line).toContainText(t.engaged);
  await expect(line).toContainText(t.explicit);
}

async function remove(page: Page): Promise<void> {
  await press(shelf(page).getByRole('button', { name: new RegExp(`${heard('Cello Suites')}$`) }));
  await expect(because(page, 'Cello Suites')).toHaveCount(0);
  await expect(because(page, 'Kind of Blue').first()).toBeVisible();
  expect(JSON.stringify(await disk(page))).not.toContain('cello-suites');
}

/** The panel is the disk: what is kept, and nothing else. */
async function lookAtPanel(page: Page): Promise<void> {
  await press(page.locator('#data'));
  await expect(panel(page)).toBeVisible();
  await expect(panel(page).getByText(heard('Kind of Blue'), { exact: true })).toHaveCount(1);
  await expect(panel(page).getByText(heard('Cello Suites'))).toHaveCount(0);
  await expect(panel(page)).toContainText(t.engaged);
  const kept = await page.evaluate(async () => (await window.shop).evidence());
  expect(kept.map(({ verb, item }) => `${verb} ${item}`)).toEqual(['listen kind-of-blue']);
}

async function leave(page: Page): Promise<void> {
  await press(panel(page).getByRole('button', { name: t.withdraw }));
  await expect(panel(page)).toContainText(t.erased);
  await expect(panel(page).getByText(heard('Kind of Blue'))).toHaveCount(0);
  await press(panel(page).getByRole('button', { name: t.close }));
  await expect(panel(page)).toBeHidden();
  await expect(shelf(page).getByText('Because you')).toHaveCount(0);
  expect(await choice(page)).toBe('withdrawn');
  const left = await inventory(page);
  expect(left).toEqual({ ...EMPTY, local: { fordi: expect.any(String) } });
  expect(identifying(left.local.fordi as string)).toEqual([]);
}
