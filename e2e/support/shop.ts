import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { ui } from '../../src/locales/en.js';
import type { Fordi, Item } from '../../src/types.js';
import { expect } from '../fixtures.js';

declare global {
  interface Window {
    /** The instance, once it is there; set by pages/shop.js and pages/module.js. */
    shop: Promise<Fordi>;
  }
}

export const t: typeof ui = ui;
export const say = (text: string, x: unknown): string => text.replace('{x}', () => `${x}`);

/** WebKitGTK is driven through its inspector: its clicks are untrusted, and there is no keyboard and no window size. */
export const trusted: boolean = process.env.ENGINE !== 'webkit';

export const PAGES = ['tag', 'module'] as const;
export const items: readonly Item[] = JSON.parse(readFileSync(join(import.meta.dirname, '../pages/catalog.json'), 'utf8'));

export const home = (name: string, query = ''): string => `/pages/${name}.html${query}`;

/** Opens a page and waits until fordi has read the choice and the catalog. */
export async function open(page: Page, name = 'tag', query = ''): Promise<void> {
  await page.goto(home(name, query));
  await ready(page);
}

export async function ready(page: Page): Promise<void> {
  await page.evaluate(async () => (await window.shop).ready);
}

export const notice = (page: Page) => page.locator('fordi-notice').getByRole('region');
export const panel = (page: Page) => page.locator('fordi-panel').getByRole('dialog');
export const shelf = (page: Page) => page.locator('fordi-shelf');
export const because = (page: Page, title: string) => shelf(page).getByText(say('Because you listened to {x}', title), { exact: true });
export const yes = (page: Page) => page.getByRole('button', { name: t.yes });
export const no = (page: Page) => page.getByRole('button', { name: t.no });

export const choice = (page: Page) => page.evaluate(async () => (await window.shop).choice());

/** A press. WebKitGTK's are a script's anyway, and its hit test takes what lies in a scrolled row for the row. */
export const press = (target: Locator): Promise<void> => (trusted ? target.click() : target.dispatchEvent('click'));

/** Long enough to have read the question; a faster yes is not taken for one. Milliseconds. */
export const READING = 650;

/** Says yes as a person would; in WebKit the page says it, for nobody can press a button there. */
export async function accept(page: Page): Promise<void> {
  await expect(yes(page)).toBeVisible();
  if (trusted) {
    await page.waitForTimeout(READING);
    await yes(page).click();
  } else await grant(page);
  await expect.poll(() => choice(page)).toBe('granted');
}

export async function grant(page: Page): Promise<void> {
  const { granted } = await page.evaluate(async () => (await window.shop).grant());
  expect(granted).toBe(true);
}

/** A way back is a function, and stays in the page. */
export const withdraw = (page: Page) =>
  page.evaluate(async () => {
    const { cleared, verified, deleted } = await (await window.shop).withdraw();
    return { cleared, verified, deleted };
  });

export async function observe(page: Page, verb: string, item: string): Promise<void> {
  const kept = await page.evaluate(
    async ([verb, item]) => (await window.shop).observe({ verb: verb as never, item: item as string }),
    [verb, item],
  );
  expect(kept).toMatchObject({ kept: true });
}

export const recommend = (page: Page) => page.evaluate(async () => JSON.stringify(await (await window.shop).recommend({ slot: 'home' })));

/** Everything written in one kind of element on the page, as a visitor reads it. */
export const written = (page: Page, name = 'fordi-shelf') =>
  page.evaluate(
    (name) => [...document.querySelectorAll(name)].map((host) => host.shadowRoot?.querySelector('[lang]')?.textContent ?? '').join('\n'),
    name,
  );

/** Errors of the page, of its policy and in its console, as they come. */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  return problems;
}
