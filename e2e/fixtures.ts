import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { test as base } from '@playwright/test';
import { webkit } from 'playwright';
import { webkit as findWebKit } from './browsers.mjs';

const listen = (server: Server) =>
  new Promise<number>((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));

/** Debian's WebKitGTK through its remote inspector. With dataDir the profile persists; without, storage is in memory. */
export async function launchWebKit({ dataDir, args = [] }: { dataDir?: string; args?: string[] } = {}) {
  const host = `127.0.0.1:${20_000 + Math.floor(Math.random() * 10_000)}`; // below the ephemeral range
  const proc = spawn(findWebKit() ?? 'MiniBrowser', [...(dataDir ? [] : ['--private']), ...args, 'about:blank'], {
    stdio: 'ignore',
    detached: true,
    env: {
      ...process.env,
      WEBKIT_INSPECTOR_HTTP_SERVER: host,
      ...(dataDir && { XDG_DATA_HOME: dataDir, XDG_CACHE_HOME: dataDir }),
    },
  });
  const kill = () => {
    try {
      if (proc.pid) process.kill(-proc.pid, 'SIGKILL'); // the whole group, network process included
    } catch {}
  };
  const tabs = async () => [...(await (await fetch(`http://${host}/`)).text()).matchAll(/\/socket\/\d+\/\d+\/WebPage/g)];
  let found: string[] = []; // the tab's inspector socket
  const end = Date.now() + 20_000;
  for (; !found.length && proc.exitCode === null && Date.now() < end; await sleep(25))
    found = (await tabs().catch(() => [])).map(([path]) => `ws://${host}${path}`);
  // Playwright asks an address for the list of sockets; the inspector itself answers in another shape.
  const list = createServer((_, res) => res.end(JSON.stringify(found.map((webSocketDebuggerUrl) => ({ webSocketDebuggerUrl })))));
  const browser = await webkit.connectOverCDP(`http://127.0.0.1:${await listen(list)}`).catch((error) => {
    kill();
    throw error;
  });
  list.closeAllConnections();
  list.close();
  const page = browser.contexts()[0]?.pages()[0];
  if (!page) throw new Error('WebKit started without a page');
  return { browser, page, kill };
}

const onWebKit = base.extend({
  // A fresh browser per test: empty storage.
  page: async ({ baseURL }, use) => {
    const { browser, page, kill } = await launchWebKit();
    const goto = page.goto.bind(page); // this connection does not know baseURL
    page.goto = (url, options) => goto(new URL(url, baseURL).href, options);
    await use(page);
    await browser.close().catch(() => {});
    kill();
  },
});

export const test = process.env.ENGINE === 'webkit' ? onWebKit : base;
export { expect } from '@playwright/test';
