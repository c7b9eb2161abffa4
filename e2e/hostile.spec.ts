import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.js';
import { disk, inventory } from './support/inventory.js';
import { journey } from './support/journey.js';
import {
  accept,
  because,
  choice,
  grant,
  home,
  items,
  no,
  notice,
  observe,
  open,
  panel,
  press,
  problemsOf,
  ready,
  shelf,
  t,
  trusted,
  written,
  yes,
} from './support/shop.js';

// Rule 10 and standard X6, fault D01: what surrounds fordi may be strange, old or hostile.

const SHEETS = [
  '* { display: none !important } html, body { display: block !important }',
  '* { all: unset !important }',
  'div, section, dialog, fordi-notice, fordi-shelf { display: none !important; visibility: hidden !important; opacity: 0 !important }',
  ':not(html, body) { position: absolute !important; left: -9999px !important; width: 0 !important; height: 0 !important; overflow: hidden !important; transform: scale(0) !important }',
];

for (const [i, css] of SHEETS.entries())
  test(`a page’s style sheet hides neither question nor answer (${i + 1}: ${css.slice(0, 34)}…)`, async ({ page }) => {
    await open(page, 'module');
    await page.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, css);
    for (const part of [notice(page), no(page), yes(page)]) {
      const seen = await part.evaluate((e) => {
        const { width, height, left, top } = e.getBoundingClientRect();
        const inside = left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= innerHeight;
        return e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && width > 100 && height > 24 && inside;
      });
      expect(seen).toBe(true);
    }
    await press(no(page));
    await expect.poll(() => choice(page)).toBe('refused');
  });

test('old libraries that bend the built-ins change nothing', async ({ page }) => {
  const problems = problemsOf(page);
  await page.addInitScript(() => {
    const bend = (owner: object, name: string, value: unknown) => Reflect.set(owner, name, value);
    bend(Array.prototype, 'toJSON', function (this: unknown[]) {
      return `[${this.join()}]`; // Prototype.js 1.6
    });
    bend(Object.prototype, 'each', () => {});
    bend(Array.prototype, 'contains', () => true);
    bend(String.prototype, 'toJSON', function (this: string) {
      return `"${this}"`;
    });
    const from = Array.from;
    bend(Array, 'from', (source: Iterable<unknown>) => (source ? from(source) : [])); // MooTools: no mapper
    bend(Element.prototype, 'remove', () => {});
    bend(Function.prototype, 'bind', Function.prototype.bind);
  });
  await journey(page, 'tag');
  expect(problems).toEqual([]);
});

test('of two script tags the first wins, and says so once', async ({ page }) => {
  const warned: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && message.text().includes('fordi') && warned.push(message.text()));
  const problems = problemsOf(page);
  await open(page, 'twice');
  await expect(notice(page)).toHaveCount(1);
  await expect(notice(page)).toContainText('Grooves');
  expect(await page.evaluate(async () => (await window.shop).options.notice.version)).toBe('2026-11');
  expect(warned).toHaveLength(1);
  expect(problems).toEqual([]);
});

test('calls made before the file arrives run, later ones too, and one that fails stops no other', async ({ page }) => {
  const broken: string[] = [];
  page.on('pageerror', (error) => broken.push(error.message));
  await page.addInitScript(() => {
    const ran: string[] = [];
    const bad = () => {
      throw new Error('the page’s own');
    };
    Object.assign(window, { ran, fordi: [() => ran.push('first'), bad, 'nonsense', null, () => ran.push('second')] });
  });
  await open(page);
  await page.evaluate(() => {
    const { fordi, ran } = window as unknown as { fordi: { push(call: () => unknown): void }; ran: string[] };
    fordi.push(() => ran.push('third'));
  });
  await expect.poll(() => page.evaluate(() => (window as unknown as { ran: string[] }).ran)).toEqual(['first', 'second', 'third']);
  expect(broken).toHaveLength(1);
  await expect(notice(page)).toBeVisible();
});

const blockStorage = (page: Page) =>
  page.addInitScript(() => {
    const blocked = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get: blocked });
    IDBFactory.prototype.open = blocked;
    IDBFactory.prototype.deleteDatabase = blocked;
    window.BroadcastChannel = blocked as never;
  });

test('where storage is blocked everything works for this visit, and the visitor is told', async ({ page }) => {
  const problems = problemsOf(page);
  await blockStorage(page);
  await open(page);
  await expect(notice(page)).toBeVisible();
  await accept(page);
  await observe(page, 'listen', 'cello-suites');
  await expect(because(page, 'Cello Suites').first()).toBeVisible();
  await press(page.locator('#data'));
  await expect(panel(page)).toContainText(t.visit);
  await press(panel(page).getByRole('button', { name: t.withdraw }));
  await expect(panel(page)).toContainText(t.erased);
  await expect(shelf(page).getByText('Because you')).toHaveCount(0);
  await page.reload();
  await ready(page);
  expect(await choice(page)).toBe('unset');
  expect(problems).toEqual([]);
});

test('the notice itself says that nothing outlives the visit where storage is blocked', async ({ page }) => {
  await blockStorage(page);
  await open(page);
  await expect(notice(page)).toContainText(t.visit);
});

const MARKUP = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{x} $&';

test('X6 · markup in a catalog is text, and no address runs a script', async ({ page }) => {
  const schemes = [
    'javascript:window.hit=1',
    'JaVaScRiPt:window.hit=1',
    ' \tjava\nscript:window.hit=1',
    'data:text/html,<script>1</script>',
    'blob:x',
    'vbscript:x',
  ];
  const evil = schemes.map((url, i) => ({
    id: `evil-${i}`,
    title: `Evil ${i}`,
    url,
    image: url,
    topics: ['classical', 'cello'],
    prior: 1,
  }));
  const bold = { id: 'bold', title: MARKUP, by: MARKUP, topics: ['classical', MARKUP, 'cello'], prior: 0.95 };
  const catalog = [...evil, bold, ...items];
  await page.addInitScript(
    (catalog) => Object.assign(window, { OPTIONS: { catalog, site: { name: '<b>Grooves</b>', privacyUrl: 'javascript:window.hit=1' } } }),
    catalog,
  );
  await open(page, 'module');
  await expect(notice(page)).toContainText('<b>Grooves</b>');
  await expect(notice(page).getByRole('link')).toHaveCount(0);
  await expect(shelf(page).getByText(MARKUP).first()).toBeVisible();
  await grant(page);
  await observe(page, 'listen', 'bold');
  await expect(shelf(page).getByText(`Because you listened to ${MARKUP}`).first()).toBeVisible();
  await press(page.locator('#data'));
  await expect(panel(page)).toContainText(`Listened to ${MARKUP}`);
  const links = await page.evaluate(() =>
    ['fordi-notice', 'fordi-shelf', 'fordi-panel'].flatMap((name) =>
      [...(document.querySelector(name)?.shadowRoot?.querySelectorAll('[href], [src], script') ?? [])].map(
        (e) => e.getAttribute('href') ?? e.getAttribute('src') ?? e.localName,
      ),
    ),
  );
  expect(links.filter((link) => !/^http:\/\/127\.0\.0\.1:\d+\//.test(link))).toEqual([]);
  expect(await page.evaluate(() => 'hit' in window)).toBe(false);
});

const gpcOn = (page: Page) =>
  page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true, configurable: true }));

test('G2, G4 · with Global Privacy Control nobody is asked, nothing is kept, and the panel still takes a yes', async ({ page }) => {
  await gpcOn(page);
  await open(page);
  await expect(shelf(page).getByRole('listitem').first()).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  expect(await choice(page)).toBe('refused');
  expect(await page.evaluate(async () => (await window.shop).observe({ verb: 'listen', item: 'horses' }))).toMatchObject({ kept: false });
  expect(await inventory(page)).toMatchObject({ databases: [], local: {} });
  await press(page.locator('#data'));
  await expect(panel(page)).toContainText(t.gpc);
  if (trusted) {
    await page.waitForTimeout(650);
    await press(panel(page).getByRole('switch', { name: t.mine }));
  } else await page.evaluate(async () => (await window.shop).grant(['personalization'], { via: 'panel' }));
  await expect.poll(() => choice(page)).toBe('granted');
  const [receipt] = await page.evaluate(async () => (await window.shop).receipts());
  expect(receipt).toMatchObject({ state: 'granted', gpc: true, via: 'panel' });
  await page.reload();
  await ready(page);
  expect(await choice(page)).toBe('granted');
});

for (const value of [true, false, undefined, '1', 1])
  test(`G1, G4 · Global Privacy Control that is ${JSON.stringify(value)} ${value === true ? 'counts, and the panel says so' : 'is none, and the panel says nothing of it @once'}`, async ({
    page,
  }) => {
    await page.addInitScript((value) => {
      Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => value, configurable: true });
      Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1', configurable: true });
    }, value);
    await open(page);
    expect(await choice(page)).toBe(value === true ? 'refused' : 'unset');
    await expect(notice(page)).toHaveCount(value === true ? 0 : 1);
    await press(page.locator('#data'));
    await expect(panel(page)).toBeVisible();
    expect((await written(page, 'fordi-panel')).includes(t.gpc)).toBe(value === true);
  });

test('G2 · Global Privacy Control switched on later ends an earlier yes', async ({ page }) => {
  await open(page);
  await grant(page);
  await observe(page, 'listen', 'cello-suites');
  await gpcOn(page);
  await page.goto(home('tag'));
  await ready(page);
  expect(await choice(page)).toBe('refused');
  expect(await disk(page)).toBeNull();
  expect(await written(page)).not.toContain('Because you');
});
