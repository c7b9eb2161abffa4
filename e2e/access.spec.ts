import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { axe, tabTo } from './support/axe.js';
import { because, choice, grant, no, notice, observe, open, panel, press, READING, ready, shelf, t, yes } from './support/shop.js';

// Standards A1–A16, L5 and L8. @not-webkit where a window size, a keyboard or focus is needed: WebKitGTK's inspector has none.

const SIZES = [
  { width: 1280, height: 800 },
  { width: 320, height: 568 },
];

/** Drawn by the engine. */
const DRAWN = ['#play-kind-of-blue', '#play-cello-suites', '#data', '#take-back'];

const dress = (page: Page, scheme: string, dir: string) =>
  page.evaluate(
    ([scheme, dir]) => {
      const root = document.documentElement;
      root.style.colorScheme = scheme as string; // what fordi follows, in every engine
      Object.assign(root.style, { backgroundColor: 'Canvas', color: 'CanvasText' }); // axe takes a bare page for white
      root.dir = dir as string;
    },
    [scheme, dir],
  );

async function openWhy(page: Page): Promise<void> {
  await grant(page);
  await observe(page, 'listen', 'cello-suites');
  await expect(because(page, 'Cello Suites').first()).toBeVisible();
  await press(shelf(page).getByRole('button', { name: t.why }).first());
  await expect(shelf(page).getByText(t.explicit)).toHaveCount(1);
}

for (const { scheme, dir } of [
  { scheme: 'light', dir: 'ltr' },
  { scheme: 'dark', dir: 'ltr' },
  { scheme: 'light', dir: 'rtl' },
])
  test(`A5, A7 · axe finds nothing, ${scheme} ${dir}`, async ({ page }) => {
    await open(page, 'module', `?csp=off&dir=${dir}`);
    await dress(page, scheme, dir);
    const sizes = process.env.ENGINE === 'webkit' ? [undefined] : SIZES;
    const look = async () => {
      for (const size of sizes) {
        if (size) await page.setViewportSize(size);
        expect(await axe(page, DRAWN)).toEqual([]);
        // Nothing is wider than the window (1.4.10).
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      }
    };
    await expect(notice(page)).toBeVisible();
    await look();
    await openWhy(page);
    await look();
    await press(page.locator('#data'));
    await expect(panel(page)).toBeVisible();
    await look();
  });

/** What the eye compares in two buttons. */
const look = (button: Locator) =>
  button.evaluate((element) => {
    const s = getComputedStyle(element);
    const { width, height, top } = element.getBoundingClientRect();
    const style = [
      s.fontSize,
      s.fontWeight,
      s.fontFamily,
      s.color,
      s.backgroundColor,
      s.border,
      s.borderRadius,
      s.opacity,
      s.textDecoration,
    ];
    return { style: style.join(' '), width, height, top, tag: element.tagName };
  });

test('L6, L8 · no is as easy as yes: same look, same size, same line', async ({ page }) => {
  await open(page);
  const a = await look(no(page));
  const b = await look(yes(page));
  expect(a.style).toBe(b.style);
  expect(a.tag).toBe(b.tag);
  expect(Math.abs(a.width / b.width - 1)).toBeLessThan(0.1);
  expect(Math.abs(a.height / b.height - 1)).toBeLessThan(0.1);
  expect(a.top).toBe(b.top);
  expect(a.height).toBeGreaterThanOrEqual(44);
  await expect(page.locator('fordi-notice [type=checkbox], fordi-notice [role=switch], fordi-panel input')).toHaveCount(0); // L6
});

test('L8, A6 · both buttons are in sight on a small phone, and within reach at 400 % @not-webkit', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 568 });
  await open(page);
  for (const button of [no(page), yes(page)]) await expect(button).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 320, height: 256 });
  const box = await notice(page).boundingBox();
  expect(box?.height).toBeLessThanOrEqual(256);
  for (const button of [no(page), yes(page)]) {
    await button.scrollIntoViewIfNeeded();
    await expect(button).toBeInViewport({ ratio: 1 });
  }
  const wide = await notice(page).evaluate((element) => element.scrollWidth - element.clientWidth);
  expect(wide).toBeLessThanOrEqual(0);
});

test('A2 · everything one can press is large enough', async ({ page }) => {
  await open(page, 'module');
  const small = (name: string) =>
    page.locator(name).evaluate((host) =>
      [...(host.shadowRoot?.querySelectorAll('button, a[href], summary, label, input') ?? [])]
        .filter((e) => e.checkVisibility() && !(e instanceof HTMLInputElement && e.closest('label')))
        .map((e) => ({ text: e.textContent, ...e.getBoundingClientRect().toJSON() }))

        .filter(({ width, height }) => width < 24 || height < 24)
        .map(({ text, width, height }) => `${text} ${width}×${height}`),
    );
  await expect(yes(page)).toBeVisible();
  expect(await small('fordi-notice')).toEqual([]);
  await openWhy(page);
  expect(await small('fordi-shelf')).toEqual([]);
  await press(page.locator('#data'));
  await expect(panel(page)).toBeVisible();
  expect(await small('fordi-panel')).toEqual([]);
});

test('A3 · by keyboard alone: yes, the answer to why, the panel, no @not-webkit', async ({ page }) => {
  await page.addInitScript(() => Object.assign(window, { OPTIONS: { slots: { home: { size: 2 } } } })); // fewer stops on the way
  await open(page, 'module');
  await expect(yes(page)).toBeVisible();
  await page.waitForTimeout(READING);
  expect(await tabTo(page, yes(page))).toBeLessThanOrEqual(3);
  await page.keyboard.press('Enter');
  await expect.poll(() => choice(page)).toBe('granted');
  await observe(page, 'listen', 'cello-suites');
  await expect(because(page, 'Cello Suites').first()).toBeVisible();
  const why = shelf(page).getByRole('button', { name: t.why }).first();
  await tabTo(page, why);
  await page.keyboard.press('Enter');
  await expect(why).toHaveAttribute('aria-expanded', 'true');
  const opener = page.locator('#data');
  await tabTo(page, opener);
  await page.keyboard.press('Enter');
  await expect(panel(page)).toBeVisible();
  const inside = () =>
    page.evaluate(() => document.activeElement?.localName === 'fordi-panel' && !!document.activeElement.shadowRoot?.activeElement);
  expect(await inside()).toBe(true);
  for (let i = 0; i < 8; i++) await page.keyboard.press('Tab'); // round and round, or out to the browser; never behind it
  expect(await page.evaluate(() => /^(fordi-panel|body)$/.test(document.activeElement?.localName ?? ''))).toBe(true);
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(opener).toBeFocused();
});

test('L8, A3 · no by keyboard, in as many strokes as yes @not-webkit', async ({ page }) => {
  await open(page);
  await expect(no(page)).toBeVisible();
  expect(await tabTo(page, no(page))).toBeLessThanOrEqual(3);
  await page.keyboard.press('Enter');
  await expect.poll(() => choice(page)).toBe('refused');
});

test('A1 · what has the focus is never behind the notice @not-webkit', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 568 });
  await page.addInitScript(() => Object.assign(window, { OPTIONS: { slots: { home: { size: 1 } } } }));
  await open(page, 'module');
  await expect(notice(page)).toBeVisible();
  const hidden: string[] = [];
  for (let i = 0; i < 16; i++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      if (!at || at === document.body || (at.getRootNode() as ShadowRoot).host?.localName === 'fordi-notice') return '';
      const box = document.querySelector('fordi-notice')?.shadowRoot?.querySelector('.box')?.getBoundingClientRect();
      const own = at.getBoundingClientRect();
      return box && own.top >= box.top && own.bottom <= box.bottom
        ? `${at.outerHTML.slice(0, 80)} ${own.top}–${own.bottom} behind ${box.top}–${box.bottom}`
        : '';
    });
    if (found) hidden.push(found);
  }
  expect(hidden).toEqual([]);
});

test('A9, A15 · nothing moves by itself', async ({ page, browserName }) => {
  const moving = () =>
    page.evaluate(() => {
      const parts = ['fordi-notice', 'fordi-shelf', 'fordi-panel'].flatMap((name) => [
        ...(document.querySelector(name)?.shadowRoot?.querySelectorAll('*') ?? []),
      ]);
      const moved = parts.filter((e) =>
        [null, '::before', '::after'].some((part) => {
          const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(e, part);
          return transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior !== 'auto';
        }),
      );
      return { of: parts.length, moved: moved.map((e) => e.outerHTML.slice(0, 80)) };
    });
  await open(page, 'module');
  await openWhy(page);
  await press(page.locator('#data'));
  await expect(panel(page)).toBeVisible();
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    if (browserName === 'chromium') await page.emulateMedia({ reducedMotion }); // the others cannot be told
    const { of, moved } = await moving();
    expect(of).toBeGreaterThan(50);
    expect(moved).toEqual([]);
  }
});

// @not-firefox, @not-webkit: neither can be told to force its colours.
test('A4, A16 · with forced colours the edges still show @not-firefox @not-webkit', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page);
  const ground = await notice(page).evaluate((e) => getComputedStyle(e).backgroundColor);
  for (const part of [notice(page), no(page), yes(page)]) {
    const edge = await part.evaluate((e, ground) => {
      const s = getComputedStyle(e);
      return { width: s.borderTopWidth, style: s.borderTopStyle, seen: s.borderTopColor !== ground, adjust: s.forcedColorAdjust };
    }, ground);
    expect(edge).toEqual({ width: '1px', style: 'solid', seen: true, adjust: 'auto' });
  }
});

test('L5 · scrolling, Escape, pressing elsewhere, leaving and coming back are not consent', async ({ page }) => {
  await open(page);
  await expect(notice(page)).toBeVisible();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  if (process.env.ENGINE !== 'webkit') await page.keyboard.press('Escape');
  await press(page.locator('h1'));
  await page.goto('/pages/record.html');
  await open(page);
  await page.reload();
  await ready(page);
  expect(await choice(page)).toBe('unset');
  await expect(notice(page)).toBeVisible();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
