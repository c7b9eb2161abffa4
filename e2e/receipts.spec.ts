import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { Receipt } from '../src/types.js';
import { expect, test } from './fixtures.js';
import { accept, no, notice, open, press } from './support/shop.js';

// What the owner's server gets, from a real page, over a real network that fails.

const list = (page: Page) =>
  page.evaluate(async () => (await (await fetch('/receipts')).json()) as { receipts: Receipt[]; refusals: { count: number }[] });
const own = (page: Page) =>
  page.evaluate(() => {
    const { due = [] } = JSON.parse(localStorage.getItem('fordi') ?? '{}');
    return due as Receipt[];
  });

/** What the page sends. It is seen on the page: Firefox tells Playwright no request's body. */
const watch = (page: Page) =>
  page.addInitScript(() => {
    const { fetch } = window;
    const sent: unknown[] = [];
    Object.assign(window, { SENT: sent });
    window.fetch = (where, how) => {
      if (how?.method === 'POST') sent.push(JSON.parse(String(how.body)));
      return fetch(where, how);
    };
  });
const firstSent = async (page: Page) => {
  const sent = await page.waitForFunction(() => (window as unknown as { SENT: Receipt[] }).SENT[0]);
  return (await sent.jsonValue()) as Receipt;
};

test('L12 · a yes arrives with the hash of the text that stood on the screen, and leaves nothing waiting @not-webkit', async ({ page }) => {
  await watch(page);
  await open(page, 'receipts');
  await expect(notice(page)).toBeVisible();
  await accept(page);
  const receipt = await firstSent(page);
  expect(receipt).toMatchObject({ schema: 'fordi.receipt/2', state: 'granted', via: 'notice', controller: { name: 'Grooves' } });
  expect(receipt.notice.sha256).toMatch(/^[\da-f]{64}$/);
  await expect.poll(async () => (await list(page)).receipts.map(({ id }) => id)).toContain(receipt.id);
  expect(await own(page)).toEqual([]);
});

test('L12 · what the network loses arrives from the next page, once @not-webkit', async ({ page }) => {
  await page.route('**/receipts', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await open(page, 'receipts');
  await expect(notice(page)).toBeVisible();
  await accept(page);
  await expect.poll(async () => (await own(page)).length).toBe(1);
  const [waiting] = await own(page);
  await page.unroute('**/receipts');
  await page.reload();
  await expect.poll(async () => (await list(page)).receipts.filter(({ id }) => id === waiting?.id)).toHaveLength(1);
  await expect.poll(async () => (await own(page)).length).toBe(0);
});

test('E1, L3 · a no is counted, and carries no id on the way or on the device', async ({ page }) => {
  await watch(page);
  await open(page, 'receipts');
  await expect(notice(page)).toBeVisible();
  await press(no(page));
  const receipt = await firstSent(page);
  expect([receipt.state, receipt.id, receipt.at.length]).toEqual(['refused', undefined, 10]);
  await expect.poll(async () => (await list(page)).refusals.length).toBeGreaterThan(0);
  expect(await page.evaluate(() => localStorage.getItem('fordi'))).not.toMatch(/"id"|epoch/);
});

// @not-webkit: WebKit writes the server’s refusal to the console as an error of the page, and the fixture lets none pass.
test('L12 · a server of another origin that lets no page speak to it gets nothing, and everything once it does @not-webkit', async ({
  page,
}) => {
  const got: Receipt[] = [];
  let isOpen = false;
  const server = createServer(async (req, res) => {
    if (isOpen) {
      res.setHeader('access-control-allow-origin', '*');
      res.setHeader('access-control-allow-headers', 'content-type');
    }
    let body = '';
    for await (const part of req) body += part;
    if (req.method === 'POST') got.push(JSON.parse(body));
    res.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await page.addInitScript((to) => {
    const { fetch } = window;
    window.fetch = (where, how) => fetch(how?.method === 'POST' ? to : where, how);
  }, to);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const decide = (to: boolean) => page.evaluate(async (to) => (await window.shop)[to ? 'grant' : 'withdraw']().then(() => {}), to);
  await open(page, 'receipts', '?csp=off');
  await decide(true);
  await expect.poll(async () => (await own(page)).length).toBe(1);
  await page.waitForTimeout(1500); // and it has been tried again
  await decide(false);
  const waiting = (await own(page)).map(({ state, id }) => [state, id]);
  expect(waiting.map(([state]) => state)).toEqual(['granted', 'withdrawn']);
  expect(got).toEqual([]);
  isOpen = true;
  await page.reload();
  await expect.poll(() => got.map(({ state, id }) => [state, id])).toEqual(waiting);
  await expect.poll(async () => (await own(page)).length).toBe(0);
  expect(problems).toEqual([]);
  server.closeAllConnections();
  server.close();
});
