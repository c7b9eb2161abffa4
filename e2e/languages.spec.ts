import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Locale, Texts } from '../src/types.js';
import { expect, test } from './fixtures.js';
import { axe } from './support/axe.js';
import { grant, notice, observe, open, panel, press, say, shelf, written } from './support/shop.js';

// Notice, shelf and panel in every language there is, on a small phone: standards A1, A10 and A16, 1.4.10 and 3.1.2.

const LANGUAGES = readdirSync(join(import.meta.dirname, '../src/locales')).flatMap((file) => file.match(/^(\w\w)\.ts$/)?.[1] ?? []);
const VERBS =
  'view dwell search play listen watch read save cart remove purchase book subscribe like rate declare dismiss too-personal shown told';
/** Drawn by the engine. */
const DRAWN = ['#play-kind-of-blue', '#play-cello-suites', '#data'];

/** Every engine lays out one of each kind: short words, long ones, from right to left. */
const EVERYWHERE = /en|de|ar/;

/** A page of that language, whose notice names every kind there is. */
async function visit(page: Page, lang: string, dir: string): Promise<void> {
  await page.addInitScript((keeps) => Object.assign(window, { OPTIONS: { notice: { version: '1', keeps } } }), VERBS.split(' '));
  await open(page, 'module', `?csp=off&lang=${lang}`);
  await page.evaluate(([lang, dir]) => Object.assign(document.documentElement, { lang, dir }), [lang, dir] as const);
}

/** What is wider than its place, in the page and inside fordi's elements. */
const tooWide = (page: Page) =>
  page.evaluate(() => {
    const inside = [...document.querySelectorAll('fordi-notice, fordi-shelf, fordi-panel')].flatMap((host) => [
      ...(host.shadowRoot?.querySelectorAll('.box, h2, p, small, button, label, legend, summary') ?? []),
    ]);
    return (
      [document.documentElement, ...inside]
        .filter((e) => e.checkVisibility() && getComputedStyle(e).display !== 'inline' && !e.closest('.unseen'))
        // Firefox counts a space that hangs at the end of a line of Arabic; the box around it does not grow by it.
        .filter((e) => e.scrollWidth > e.clientWidth + (e.localName === 'p' ? 6 : 1))
        .map((e) => `${e.localName} ${e.textContent?.slice(0, 60)}: ${e.scrollWidth} in ${e.clientWidth}`)
    );
  });

const root = (page: Page, name: string) =>
  page.locator(name).evaluate((host) => {
    const e = host.shadowRoot?.querySelector('[lang]') as HTMLElement;
    return { lang: e.lang, dir: e.dir, drawn: getComputedStyle(e).direction };
  });

const middle = async (target: Locator) => {
  const { x, width } = (await target.boundingBox()) ?? { x: Number.NaN, width: 0 };
  return x + width / 2;
};

for (const lang of LANGUAGES)
  test(`A5, A7, A11, A17 · ${lang}: notice, shelf and panel are sound on a small phone${EVERYWHERE.test(lang) ? '' : ' @once'}`, async ({
    page,
  }) => {
    test.slow(); // axe looks three times
    const { ui, dir, reasons }: Locale & { ui: Texts } = await import(`../src/locales/${lang}.ts`);
    if (process.env.ENGINE !== 'webkit') await page.setViewportSize({ width: 320, height: 568 });
    await visit(page, lang, dir);
    const look = async (name: string) => {
      expect(await root(page, name)).toEqual({ lang, dir, drawn: dir });
      expect(await axe(page, DRAWN)).toEqual([]);
      expect(await tooWide(page)).toEqual([]);
    };
    /** What comes first lies nearer to the edge where lines begin. */
    const inOrder = async (first: Locator, second: Locator) => {
      const [a, b] = [await middle(first), await middle(second)];
      expect(dir === 'rtl' ? a > b : a < b, `${a}, then ${b}`).toBe(true);
    };

    await expect(notice(page)).toContainText(say(ui.ask, 'Grooves'));
    await look('fordi-notice');
    const [no, yes] = [ui.no, ui.yes].map((name) => notice(page).getByRole('button', { name, exact: true })) as [Locator, Locator];
    await inOrder(no, yes);
    expect((await no.boundingBox())?.height).toBe((await yes.boundingBox())?.height);

    await grant(page);
    await observe(page, 'listen', 'cello-suites');
    const said = say(reasons.because, say(reasons.verbs.listen[0], 'Cello Suites'));
    await expect.poll(async () => (await written(page)).replaceAll(/[\u2068\u2069]/g, '')).toContain(said);
    const why = shelf(page).getByRole('button', { name: ui.why });
    await inOrder(why.nth(0), why.nth(1));
    await press(why.first());
    await expect(shelf(page)).toContainText(ui.engaged);
    await look('fordi-shelf');

    await page.evaluate(async () => (await window.shop).declare({ topic: 'jazz', value: -0.5 }));
    await press(page.locator('#data'));
    await expect(panel(page)).toContainText(say(ui.panel, 'Grooves'));
    await expect(panel(page)).toContainText(ui.declared);
    await look('fordi-panel');
    await inOrder(panel(page).getByRole('heading', { level: 2 }), panel(page).getByRole('button', { name: ui.close, exact: true }));
  });
