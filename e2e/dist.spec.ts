import type { Page } from '@playwright/test';
import { ui as da } from '../src/locales/da.js';
import { ui as en } from '../src/locales/en.js';
import { ui as nl } from '../src/locales/nl.js';
import { expect, test } from './fixtures.js';
import { grant, observe, press, ready, say, written } from './support/shop.js';

// The complete files, one per language: each speaks its own, and only that.

const texts = { da, nl };

/** Words of English texts that the other language does not use too. */
const foreign = (own: typeof en) =>
  Object.entries(en)
    .filter(([name, text]) => /\s/.test(text) && own[name as keyof typeof own] !== text)
    .map(([, text]) => text.split('{x}')[0]?.trim() ?? '')
    .filter((start) => start.length > 8);

async function serve(page: Page, lang: string): Promise<void> {
  await page.route('**/dist/fordi.js', async (route) => {
    const response = await route.fetch({ url: route.request().url().replace('fordi.js', `fordi.${lang}.js`) });
    await route.fulfill({ response });
  });
  await page.goto('/pages/tag.html');
  await ready(page);
}

for (const lang of ['da', 'nl'] as const)
  test(`A11 · fordi.${lang}.js speaks its own language in notice, shelf and panel${lang === 'da' ? '' : ' @once'}`, async ({ page }) => {
    const own = texts[lang];
    await serve(page, lang);
    await expect(page.locator('fordi-notice')).toContainText(say(own.ask, 'Grooves'));
    const said = [await written(page, 'fordi-notice')];
    await grant(page);
    await observe(page, 'listen', 'cello-suites');
    await expect(page.locator('fordi-shelf')).toContainText('Cello Suites'); // no longer a stranger's
    await press(page.locator('fordi-shelf').getByRole('button', { name: own.why }).first());
    await expect(page.locator('fordi-shelf')).toContainText(own.engaged);
    await press(page.locator('#data'));
    await expect(page.locator('fordi-panel')).toContainText(own.withdraw);
    said.push(await written(page), await written(page, 'fordi-panel'));
    for (const text of foreign(own)) expect(said.join('\n')).not.toContain(text);
    for (const name of ['fordi-shelf', 'fordi-panel'])
      expect(await page.locator(name).evaluate((host) => host.shadowRoot?.querySelector('[lang]')?.getAttribute('lang'))).toBe(lang);
    expect(said.join('\n')).not.toMatch(/\{x\}|undefined|\[object/);
  });

test('a module page in Danish says its date the Danish way @once', async ({ page }) => {
  await page.goto('/pages/module.html?lang=da');
  await ready(page);
  await expect(page.locator('fordi-notice')).toContainText(say(da.ask, 'Grooves'));
  await grant(page);
  await observe(page, 'listen', 'cello-suites');
  await press(page.locator('#data'));
  const day = await page.evaluate(() => new Intl.DateTimeFormat('da', { dateStyle: 'medium' }).format());
  await expect(page.locator('fordi-panel')).toContainText(day);
});
