import { expect, test } from './fixtures.js';

test('the shipped modules load under a strict content security policy', async ({ page }) => {
  const response = await page.goto('/pages/smoke.html');
  expect(response?.headers()['content-security-policy']).toContain("script-src 'self'");
  await expect(page.locator('output')).toHaveText('function');
});

test('the complete file loads under the same policy', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto('/pages/complete.html');
  await expect(page.locator('output')).toHaveText('loaded');
  expect(problems).toEqual([]);
});
