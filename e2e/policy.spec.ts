import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import ts from 'typescript';
import { expect, test } from './fixtures.js';
import { journey } from './support/journey.js';
import { notice, open, PAGES, problemsOf, shelf } from './support/shop.js';

// Standards X1–X4: script-src 'self', style-src 'none', trusted-types 'none'.

const watchPolicy = (page: Page) =>
  page.addInitScript(() => {
    const violations: string[] = [];
    Object.assign(window, { violations });
    addEventListener('securitypolicyviolation', (e) =>
      violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`),
    );
  });
const violations = (page: Page) => page.evaluate(() => (window as unknown as { violations: string[] }).violations);

for (const [name, query, scripts] of [
  ...PAGES.map((one) => [one, '', "script-src 'self'"] as const),
  ['tag', '?csp=nonce', "'strict-dynamic'"] as const,
])
  test(`X1, X2 · ${name}${query}: the whole journey violates nothing in a strict policy with trusted types${name === 'tag' ? '' : ' @once'}`, async ({
    page,
  }) => {
    const problems = problemsOf(page);
    await watchPolicy(page);
    const [response] = await Promise.all([
      page.waitForResponse((r) => r.url().includes(`/pages/${name}.html`)),
      journey(page, name, query),
    ]);
    const policy = response.headers()['content-security-policy'];
    for (const part of ["style-src 'none'", scripts, "trusted-types 'none'", "require-trusted-types-for 'script'"])
      expect(policy).toContain(part);
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    // Styled all the same: through a constructed sheet, with no element or attribute of style in the page.
    expect(await page.evaluate(() => document.querySelectorAll('style, link').length)).toBe(0);
    const styled = await shelf(page).evaluate((host) => host.shadowRoot?.adoptedStyleSheets.length);
    expect(styled).toBe(1);
  });

test('X3 · the complete file loads with its integrity', async ({ page }) => {
  const problems = problemsOf(page);
  await open(page, 'sri');
  await expect(notice(page)).toBeVisible();
  expect(problems).toEqual([]);
});

test('X4 · where no script may come without its hash the whole journey goes as ever: nothing is loaded later @not-webkit', async ({
  page,
}) => {
  const problems = problemsOf(page);
  const scripts: string[] = [];
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(new URL(request.url()).pathname));
  await journey(page, 'sri', '?integrity=required');
  expect(problems).toEqual([]);
  expect(scripts.sort()).toEqual(['/dist/fordi.js', '/pages/shop.js']);
  // The browser does as the header says: the same page without hashes stays without fordi.
  await page.goto('/pages/tag.html?integrity=required');
  await expect(page.getByRole('heading', { name: 'Grooves' })).toBeVisible();
  expect(await page.evaluate(() => ['fordi' in window, customElements.get('fordi-notice') === undefined])).toEqual([false, true]);
});

test('X4, X5 · in the complete file stands no import and no worker', () => {
  const text = readFileSync(join(import.meta.dirname, '../dist/fordi.js'), 'utf8');
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const loads = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const works = ts.isIdentifier(node) && /^(Worker|SharedWorker|Worklet|importScripts)$/.test(node.text);
    if (loads || works || ts.isMetaProperty(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
      found.push(node.getText().slice(0, 80));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('fordi.js', text, ts.ScriptTarget.Latest, true));
  expect(text.length).toBeGreaterThan(50_000);
  expect(found).toEqual([]);
});

test('X3 · with another integrity the file is not run, and the page lives on', async ({ page }) => {
  const broken: string[] = [];
  page.on('pageerror', ({ message }) => /integrity/.test(message) || broken.push(message)); // Firefox says that here
  await page.goto('/pages/wrong.html');
  await expect(page.getByRole('heading', { name: 'Grooves' })).toBeVisible();
  await page.locator('#play-kind-of-blue').click();
  await page.locator('#data').click();
  expect(
    await page.evaluate(() => customElements.get('fordi-notice') === undefined && Array.isArray((window as { fordi?: unknown }).fordi)),
  ).toBe(true);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  expect(broken).toEqual([]);
});
