import { expect, test } from './fixtures.js';
import { disk, EMPTY, identifying, inventory, reads, watchReads, watchWrites, writes } from './support/inventory.js';
import {
  because,
  choice,
  grant,
  no,
  notice,
  observe,
  open,
  PAGES,
  panel,
  press,
  ready,
  recommend,
  shelf,
  withdraw,
  written,
} from './support/shop.js';

// Standards L1–L4, L14, N2 and N4, rule 1: no permission, no trace.

for (const name of PAGES) {
  test(`L1, L2 · ${name}: before a choice nothing is left anywhere${name === 'tag' ? '' : ' @once'}`, async ({ page }) => {
    await watchWrites(page);
    await open(page, name);
    await page.locator('#play-kind-of-blue').click();
    await page.locator('#play-cello-suites').click();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const kept = await page.evaluate(async () => (await window.shop).observe({ verb: 'listen', item: 'horses' }));
    expect(kept).toEqual({ kept: false, reason: 'no-permission' });
    await page.waitForTimeout(5000); // idle: whatever runs late has run
    expect(await choice(page)).toBe('unset');
    expect(await inventory(page)).toEqual(EMPTY);
    expect(await writes(page)).not.toContain('indexedDB.open');
    expect((await writes(page)).filter((call) => call !== 'getDirectory')).toEqual([]); // that one is the inventory's own
  });

  test(`L2, L3 · ${name}: a refusal leaves one small record that names nobody, also after a reload`, async ({ page }) => {
    await watchWrites(page);
    await open(page, name);
    await no(page).click();
    await expect.poll(() => choice(page)).toBe('refused');
    await page.locator('#play-kind-of-blue').click();
    for (const again of [false, true]) {
      if (again) {
        await page.reload();
        await ready(page);
        await page.locator('#play-kind-of-blue').click();
        expect(await choice(page)).toBe('refused');
        expect(await writes(page)).toEqual([]);
      }
      expect(await writes(page)).not.toContain('indexedDB.open');
      const found = await inventory(page);
      expect(found).toEqual({ ...EMPTY, local: { fordi: expect.any(String) } });
      const value = found.local.fordi as string;
      expect(value.length).toBeLessThan(200);
      expect(identifying(value)).toEqual([]);
      const { until, at } = JSON.parse(value);
      expect((until - at) / 86_400_000).toBeLessThanOrEqual(183); // six months at most
    }
  });

  test(`L14 · ${name}: after withdrawing everything is as before, but for the choice`, async ({ page }) => {
    await open(page, name);
    const before = { stored: await inventory(page), answer: await recommend(page), shelf: await written(page) };
    await grant(page);
    await observe(page, 'listen', 'kind-of-blue');
    await observe(page, 'listen', 'cello-suites');
    await observe(page, 'like', 'horses');
    await expect(because(page, 'Kind of Blue').first()).toBeVisible();
    expect(Object.keys((await disk(page)) ?? {})).toContain('gate');
    expect(await withdraw(page)).toEqual({ cleared: true, verified: true, deleted: true });
    await expect.poll(() => written(page)).toBe(before.shelf);
    await expect(shelf(page).getByText('Because you')).toHaveCount(0);
    const after = await inventory(page);
    expect({ ...after, local: {} }).toEqual(before.stored);
    expect(Object.keys(after.local)).toEqual(['fordi']);
    expect(identifying(after.local.fordi as string)).toEqual([]);
    expect(await disk(page)).toBeNull();
    // Nothing in memory either: the answer is a stranger's, byte for byte, and there is nothing to export.
    expect(await recommend(page)).toBe(before.answer);
    const left = await page.evaluate(async () => (await window.shop).export());
    expect(left).toMatchObject({ choice: 'withdrawn', evidence: [] });
    expect(JSON.stringify(left)).not.toMatch(/kind-of-blue|cello-suites|horses/);
  });
}

test('L1, L2 · before a choice nothing is read but whether there is one', async ({ page }) => {
  await watchReads(page);
  await open(page);
  await expect(notice(page)).toBeVisible();
  await page.locator('#play-kind-of-blue').click();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await press(page.locator('#data'));
  await expect(panel(page)).toBeVisible();
  const found = await reads(page);
  expect(found).toContain('getItem fordi');
  expect([...new Set(found)]).toEqual(['getItem fordi']);
});

test('L4 · storage comes when something is to be kept: none for another purpose, the proof with a yes, records with the first act', async ({
  page,
}) => {
  const purposes = { comfort: { title: 'Your volume', text: 'So that you need not set it again.', keeps: 'how loud', days: 90 } };
  await page.addInitScript((purposes) => Object.assign(window, { OPTIONS: { purposes } }), purposes);
  await open(page, 'module');
  expect(await inventory(page)).toEqual(EMPTY);
  await page.evaluate(async () => (await window.shop).grant(['comfort']));
  expect(await disk(page)).toBeNull();
  await grant(page);
  expect(Object.keys((await disk(page)) ?? {}).sort()).toEqual(['gate', 'receipts']);
  await page.reload();
  await ready(page);
  expect(Object.keys((await disk(page)) ?? {}).sort()).toEqual(['gate', 'receipts']);
  await observe(page, 'listen', 'kind-of-blue');
  expect(Object.keys((await disk(page)) ?? {}).sort()).toEqual(['gate', 'receipts', 'tail']);
});

test('N2 · a look at something special changes not a byte, and is nowhere to be seen', async ({ page }) => {
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.addInitScript(() => Object.assign(window, { dataLayer: [] }));
  await open(page);
  await grant(page);
  await observe(page, 'listen', 'kind-of-blue');
  await expect(because(page, 'Kind of Blue').first()).toBeVisible();
  const state = async () =>
    JSON.stringify([
      await disk(page),
      await inventory(page),
      await page.title(),
      page.url(),
      await page.evaluate(async () => {
        const { at: _, ...copy } = await (await window.shop).export();
        return [copy, (window as unknown as { dataLayer: unknown[] }).dataLayer];
      }),
    ]);
  const before = await state();
  for (const item of [
    { id: 'secret-1', title: 'Living with diabetes' },
    { id: 'secret-2', title: 'Songs', topics: ['religion'] },
    { id: 'secret-3', title: 'Songs', url: '/shop/pregnancy/12' },
  ])
    expect(await page.evaluate(async (item) => (await window.shop).observe({ verb: 'listen', item }), item)).toEqual({
      kept: false,
      reason: 'special',
    });
  expect(await state()).toBe(before);
  await press(page.locator('#data'));
  await expect(panel(page)).toContainText('Kind of Blue');
  const everything = [await written(page), await written(page, 'fordi-panel'), ...said].join();
  expect(everything).not.toMatch(/secret-|diabetes|pregnancy/);
});

test('N4 · nothing about the visitor leaks into title, address, referrer names or attributes of the page', async ({ page }) => {
  await open(page);
  const before = await page.evaluate(() => document.documentElement.outerHTML);
  await grant(page);
  await observe(page, 'listen', 'cello-suites');
  await expect(because(page, 'Cello Suites').first()).toBeVisible();
  expect(await page.title()).toBe('Grooves');
  expect(new URL(page.url()).search + new URL(page.url()).hash).toBe('');
  // The notice is gone and takes its room below the page with it; nothing else of the light DOM has changed.
  const after = await page.evaluate(() => document.documentElement.outerHTML);
  const bare = (html: string) => html.replace(/ style="[^"]*"/g, '');
  expect(bare(after)).toBe(bare(before));
});

test('R7b · the table of what is kept says what is on the device, before, during and after', async ({ page }) => {
  await open(page);
  const here = () =>
    page.evaluate(async () =>
      (await (await window.shop).inventory()).filter(({ present }) => present).map(({ place, name }) => `${place} ${name}`),
    );
  const found = async () => {
    const { local, databases } = await inventory(page);
    const lines = Object.keys((await disk(page)) ?? {}).map((key) =>
      /^(tail|\d+)$/.test(key) ? 'tail, 1, 2 …' : key.startsWith('item:') ? 'item:*' : key,
    );
    return [
      ...Object.keys(local).map((name) => `local ${name}`),
      ...databases.map((name) => `database ${name}`),
      ...[...new Set(lines)].map((line) => `database fordi/${line}`),
    ].sort();
  };
  expect(await here()).toEqual([]);
  await grant(page);
  expect((await here()).sort()).toEqual(await found());
  for (const item of ['kind-of-blue', 'cello-suites', 'horses']) for (let i = 0; i < 12; i++) await observe(page, 'listen', item);
  expect((await here()).sort()).toEqual(await found());
  expect(await here()).toContain('database fordi/signals');
  await withdraw(page);
  expect(await here()).toEqual(['local fordi']);
  expect(await here()).toEqual(await found());
});

test('A13 · a withdrawal can be taken back from memory, with nothing on the device meanwhile; the page’s end ends it', async ({ page }) => {
  await open(page);
  await grant(page);
  await observe(page, 'listen', 'kind-of-blue');
  const kept = () => page.evaluate(async () => (await window.shop).evidence());
  const before = await kept();
  const erased = () =>
    page.evaluate(async () => {
      const fordi = await window.shop;
      const { undo } = await fordi.withdraw();
      (window as { back?: unknown }).back = undo;
      return [await fordi.evidence(), (await fordi.export()).evidence, (await indexedDB.databases()).length];
    });
  const undo = () => page.evaluate(async () => (await (window as { back?: () => Promise<{ granted: boolean }> }).back?.())?.granted);
  expect(await erased()).toEqual([[], [], 0]);
  expect(await undo()).toBe(true);
  expect(await kept()).toEqual(before);
  await expect(because(page, 'Kind of Blue').first()).toBeVisible();
  await erased();
  await page.reload();
  await ready(page);
  expect(await choice(page)).toBe('withdrawn');
  expect([await kept(), await disk(page)]).toEqual([[], null]);
});
