import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { axe, tabTo } from './support/axe.js';
import { EMPTY, inventory } from './support/inventory.js';
import { open, problemsOf, READING, ready, say, t, trusted } from './support/shop.js';

// The rest of the page: what waits for a yes, what stands in for it, and what is deleted after a no. The page is under a
// strict policy with Trusted Types 'none'; scripts by nonce, because one of them is inline.

type Seen = Window & { ran?: string[]; polite?: boolean; broken?: string[]; shifts?: string[] };

const NONCE = '?csp=nonce';
const ran = (page: Page) => page.evaluate(() => (window as Seen).ran ?? []);
const decide = (page: Page, choices: Record<string, boolean>) =>
  page.evaluate(async (choices) => (await window.shop).decide(choices), choices);
const place = (page: Page, title = 'The concert') =>
  page.getByRole('region', { name: say(t.outside, 'FilmTube') }).filter({ hasText: title });
const frame = (page: Page, title = 'The concert') => page.locator(`iframe[title="${title}"]`);
const playing = (page: Page, title = 'The concert') => frame(page, title).contentFrame().getByText('Playing');
const yours = ({ local, session, databases, caches, cookie }: Awaited<ReturnType<typeof inventory>>) =>
  [...Object.keys(local), ...Object.keys(session), ...databases, ...caches, ...cookie.split('; ').map((pair) => pair.split('=')[0])]
    .filter((name) => name && name !== 'fordi')
    .sort();
const ALL = ['basket', 'm_cache', 'm_database', 'm_deep', 'm_here', 'm_local', 'm_root', 'm_session'];

/** Addresses asked for that somebody has to say yes to first. */
function requests(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => /\/embeds\//.test(request.url()) && asked.push(request.url().replace(/.*\/embeds\//, '')));
  return asked;
}
const watchPolicy = (page: Page) =>
  page.addInitScript(() => {
    const broken: string[] = [];
    Object.assign(window, { broken });
    addEventListener('securitypolicyviolation', (e) => broken.push(`${e.violatedDirective} ${e.blockedURI}`));
  });
const broken = (page: Page) => page.evaluate(() => (window as Seen).broken);
/** Presses as a person who has read what is there. */
async function press(page: Page, name: string, title?: string): Promise<void> {
  await expect(place(page, title)).toBeVisible();
  await page.waitForTimeout(READING);
  await place(page, title).getByRole('button', { name }).click();
}

test('L1 · before a choice nothing is asked for, run or stored; after a no neither, also when the page comes again', async ({ page }) => {
  const asked = requests(page);
  await open(page, 'embeds', NONCE);
  await page.waitForTimeout(1500);
  expect([asked, await ran(page)]).toEqual([[], []]);
  expect(await inventory(page)).toEqual(EMPTY);
  await page.evaluate(async () => (await window.shop).refuse());
  await page.reload();
  await ready(page);
  await page.waitForTimeout(1500);
  expect([asked, await ran(page)]).toEqual([[], []]);
  expect(await inventory(page)).toEqual({ ...EMPTY, local: { fordi: expect.any(String) } });
});

test('X1 · in order, each once, the next waiting for the one before, under a nonce and Trusted Types without a policy', async ({
  page,
}) => {
  const problems = problemsOf(page);
  const asked = requests(page);
  await watchPolicy(page);
  await open(page, 'embeds', '?csp=styles');
  await decide(page, { measurement: true });
  await expect.poll(() => ran(page)).toHaveLength(5);
  expect(await ran(page)).toEqual(['first', 'inline', 'second', 'store', 'async']);
  expect(asked.filter((one) => /^note|^store/.test(one))).toEqual([
    'note.js?first&wait=400',
    'note.js?second',
    'store.js',
    'note.js?async',
  ]);
  for (const choices of [{ measurement: false }, { measurement: true }, { media: true }]) await decide(page, choices);
  await expect.poll(() => ran(page)).toContain('reel');
  await page.waitForTimeout(300);
  expect(await ran(page)).toHaveLength(6);
  const look = () =>
    page.evaluate(() => {
      const { fontStyle, letterSpacing } = getComputedStyle(document.querySelector('h1') as Element);
      return [fontStyle, letterSpacing, document.querySelector('img')?.naturalWidth];
    });
  await expect.poll(look).toEqual(['italic', '7px', 20]);
  await decide(page, { measurement: false });
  await expect.poll(look).toEqual(['normal', 'normal', 0]);
  expect(await broken(page)).toEqual([]);
  expect(problems).toEqual([]);
});

test('what is added later is let in, in order; data-src runs where nothing forbids to assign it, and is named where it is', async ({
  page,
}) => {
  const add = (page: Page) =>
    page.evaluate(() => {
      const box = document.createElement('div');
      for (const name of ['later&wait=200', 'last']) {
        const script = document.createElement('script');
        script.type = 'text/plain';
        script.dataset.fordiPurpose = 'measurement';
        script.dataset.src = `embeds/note.js?${name}`;
        box.append(script);
      }
      document.body.append(box);
    });
  await open(page, 'embeds', '?csp=off');
  await decide(page, { measurement: true });
  await expect.poll(() => ran(page)).toContain('store');
  await add(page);
  await expect.poll(async () => (await ran(page)).slice(-2)).toEqual(['later', 'last']);
  const problems = problemsOf(page);
  await open(page, 'embeds', NONCE);
  await add(page);
  await expect.poll(() => problems.filter((one) => /Trusted Types forbid to assign data-src/.test(one)).length).toBe(2);
  await expect.poll(() => ran(page)).toContain('store'); // the others go on
  expect(await ran(page)).not.toContain('later');
});

test('what a string of HTML brings runs too, each once, and what never runs holds up nobody', async ({ page }) => {
  const problems = problemsOf(page);
  await open(page, 'embeds', '?csp=off');
  await page.evaluate(() => {
    const gated = (rest: string) => `<script type="text/plain" data-fordi-purpose="measurement" ${rest}</script>`;
    const note = (name: string, more = '') => gated(`${more} src="embeds/note.js?${name}">`);
    const text = `(window.ran ??= []).push('text'); document.currentScript.addEventListener('fordi:stop', (e) => e.preventDefault());`;
    const box = document.createElement('div');
    document.body.append(box);
    box.innerHTML = note('old', 'nomodule') + note('string') + gated(`>${text}`) + note('swift', 'async') + note('last');
  });
  await decide(page, { measurement: true });
  await expect.poll(() => ran(page)).toHaveLength(9);
  expect((await ran(page)).filter((one) => /string|text|last/.test(one))).toEqual(['string', 'text', 'last']);
  expect(await ran(page)).toContain('swift');
  await decide(page, { measurement: false });
  expect(problems).toEqual([]);
});

test('L14 · faults C05, C06: after a no everything declared is gone, wherever it was set, also what a running script writes again @not-webkit', async ({
  page,
  context,
}) => {
  // Not on plain http, where there are no caches: *.localhost is as good as https.
  const { port } = new URL(test.info().project.use.baseURL as string);
  await page.goto(`http://a.shop.localhost:${port}/pages/embeds.html${NONCE}`);
  await ready(page);
  await decide(page, { measurement: true });
  await expect.poll(async () => yours(await inventory(page))).toEqual([...ALL, 'm_parent'].sort());
  expect((await context.cookies()).map(({ name }) => name)).toContain('m_far');
  await page.evaluate(async () => (await window.shop).withdraw());
  await page.waitForTimeout(1500);
  expect(yours(await inventory(page))).toEqual(['basket']);
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['basket']);
});

test('A8 · what has run and goes on is said, with a button that loads the page again; then nothing of it runs', async ({ page }) => {
  await open(page, 'embeds', NONCE);
  await decide(page, { measurement: true });
  await expect.poll(() => ran(page)).toContain('store');
  const notice = page.getByRole('region', { name: t.reload });
  await expect(notice).toHaveCount(0);
  await decide(page, { measurement: false });
  await expect(notice.getByRole('status')).toHaveText(t.running);
  await decide(page, { measurement: true });
  await expect(notice).toHaveCount(0);
  await decide(page, { measurement: false });
  await Promise.all([page.waitForEvent('load'), notice.getByRole('button', { name: t.reload }).click()]);
  await ready(page);
  expect(await ran(page)).toEqual([]);
  await expect(notice).toHaveCount(0);
});

test('what goes on is said once: closed, it stays closed until there is another no', async ({ page }) => {
  await open(page, 'embeds', NONCE);
  await decide(page, { measurement: true });
  await expect.poll(() => ran(page)).toContain('store');
  await decide(page, { measurement: false });
  const notice = page.getByRole('region', { name: t.reload });
  await notice.getByRole('button', { name: t.close }).click();
  await expect(notice).toHaveCount(0);
  await decide(page, { media: true });
  await expect(playing(page)).toBeVisible();
  await expect(notice).toHaveCount(0);
  await decide(page, { measurement: true });
  await decide(page, { measurement: false });
  await expect(notice.getByRole('status')).toHaveText(t.running);
});

test('A1, A3, A8 · taken back by one press, the panel itself says what goes on, and ends it; the notice waits until the panel is closed @not-webkit', async ({
  page,
}) => {
  await open(page, 'embeds', NONCE);
  await decide(page, { measurement: true });
  await expect.poll(() => ran(page)).toContain('store');
  await page.locator('#take-back').click();
  const panel = page.getByRole('dialog');
  await expect(panel.getByRole('alert')).toHaveText(t.running);
  const notice = page.getByRole('region', { name: t.reload });
  await expect(notice).toHaveCount(0); // nothing stands over the panel that nobody can reach
  expect(await tabTo(page, panel.getByRole('button', { name: t.reload }))).toBeLessThan(30);
  await page.keyboard.press('Escape');
  await expect(notice.getByRole('status')).toHaveText(t.running);
  await page.locator('#data').click();
  await expect(notice).toHaveCount(0);
  await Promise.all([page.waitForEvent('load'), panel.getByRole('button', { name: t.reload }).click()]);
  await ready(page);
  expect(await ran(page)).toEqual([]);
});

test('a script that says it has stopped needs no reload @once', async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { polite: true });
    // The scripts that do not listen are left out.
    addEventListener('DOMContentLoaded', () => {
      for (const script of document.querySelectorAll('script[type="text/plain"]:not([src="embeds/store.js"])')) script.remove();
    });
  });
  await open(page, 'embeds', NONCE);
  await decide(page, { measurement: true });
  await expect.poll(() => ran(page)).toEqual(['store']);
  await decide(page, { measurement: false });
  await page.waitForTimeout(300);
  await expect(page.locator('fordi-reload')).toHaveCount(0);
});

test('L14 · withdrawn in another tab, the embed here is gone within a second, and this tab’s own storage is empty @not-webkit', async ({
  page,
  context,
}) => {
  test.skip(!trusted, 'one page only');
  await open(page, 'embeds', NONCE);
  await decide(page, { measurement: true, media: true });
  await expect(playing(page)).toBeVisible();
  const other = await context.newPage();
  await open(other, 'embeds', NONCE);
  await page.evaluate(() => sessionStorage.setItem('m_session', '1'));
  await expect(playing(other)).toBeVisible();
  await other.evaluate(async () => (await window.shop).withdraw());
  await page.waitForTimeout(1000);
  expect(await place(page).isVisible()).toBe(true);
  expect(page.frames().filter((one) => /film/.test(one.url()))).toEqual([]);
  expect(Object.keys((await inventory(page)).session)).toEqual([]);
});

test('the place has the size of its frame and moves nothing, before, between and after', async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: string[] = [];
    Object.assign(window, { shifts });
    const moved = (entry: unknown) => (entry as { sources: { node?: Node }[] }).sources.map(({ node }) => node);
    new PerformanceObserver((list) => {
      for (const node of list.getEntries().flatMap(moved))
        if (node instanceof Element && node.matches('#after, iframe, fordi-embed, div:has(> fordi-embed)')) shifts.push(node.outerHTML);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await open(page, 'embeds', NONCE);
  const box = async (one: ReturnType<typeof frame>) => one.boundingBox();
  const after = await box(page.locator('#after'));
  await expect(place(page)).toBeVisible();
  const stand = await box(page.locator('div:has(> fordi-embed)').first());
  await decide(page, { media: true });
  await expect(playing(page)).toBeVisible();
  expect(await box(frame(page))).toEqual(stand);
  expect(await box(page.locator('#after'))).toEqual(after);
  await decide(page, { media: false });
  await expect(place(page)).toBeVisible();
  expect(await box(page.locator('#after'))).toEqual(after);
  expect(await page.evaluate(() => (window as Seen).shifts)).toEqual([]); // what moves elsewhere is another test's
});

test('shown once: this frame, this page, nothing stored; always: this service, from now on', async ({ page }) => {
  test.skip(!trusted, 'a yes needs a person');
  await open(page, 'embeds', NONCE);
  await press(page, t.once);
  await expect(playing(page)).toBeVisible();
  await expect(frame(page)).toBeFocused();
  await expect(place(page, 'The interview')).toBeVisible();
  expect(await inventory(page)).toEqual(EMPTY);
  await page.reload();
  await ready(page);
  await expect(place(page)).toBeVisible();
  await press(page, say(t.always, 'FilmTube'), 'The interview');
  for (const title of ['The concert', 'The interview']) await expect(playing(page, title)).toBeVisible();
  await page.reload();
  await expect(playing(page)).toBeVisible();
  expect(await ran(page)).toEqual([]); // the purpose's other services have no yes
  await page.evaluate(async () => (await window.shop).refuse());
  await expect(place(page)).toBeVisible();
});

test('A3 · by keyboard alone', async ({ page }) => {
  test.skip(!trusted, 'no keyboard');
  await open(page, 'embeds', NONCE);
  await expect(place(page)).toBeVisible();
  await page.waitForTimeout(READING);
  expect(await tabTo(page, place(page).getByRole('button', { name: t.once }))).toBeLessThan(10);
  await page.keyboard.press('Enter');
  await expect(playing(page)).toBeVisible();
  await expect(frame(page)).toBeFocused();
});

for (const scheme of ['light', 'dark'] as const)
  test(`A5, A6 · the place and the reload notice are readable and found without fault by axe, ${scheme}, also at 320 @not-webkit @once`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 720 });
      await open(page, 'embeds', '?csp=off');
      await page.evaluate(() => {
        document.documentElement.style.colorScheme = 'light dark';
      });
      await page.evaluate(async () => (await window.shop).refuse());
      await decide(page, { measurement: true });
      await expect.poll(() => ran(page)).toContain('store');
      await decide(page, { measurement: false });
      await expect(page.getByRole('status').filter({ hasText: t.running })).toBeVisible();
      expect(await axe(page)).toEqual([]);
      const folder = process.env.FORDI_SHOTS;
      if (folder) await page.screenshot({ path: `${folder}/embeds-${scheme}-${width}.png`, fullPage: true });
    }
  });
