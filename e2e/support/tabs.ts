import { chromium, type Frame, type Page } from '@playwright/test';
import { chromium as find } from '../browsers.mjs';
import { home, open, ready, trusted } from './shop.js';

/** A second tab of the same site. WebKitGTK has one page only: there it is a frame of the same origin in the first. */
export async function secondTab(page: Page): Promise<Page | Frame> {
  if (trusted) {
    const other = await page.context().newPage();
    await open(other, 'inner');
    return other;
  }
  await page.evaluate((src) => {
    const frame = document.createElement('iframe');
    frame.src = src;
    document.body.append(frame);
  }, home('inner'));
  await page.waitForFunction(() => frames[0]?.shop);
  const frame = page.frames()[1] as Frame;
  await frame.evaluate(async () => (await window.shop).ready);
  return frame;
}

/**
 * Two tabs of a page, of which the other can be frozen. Playwright makes every page of its own believe it has the focus, and
 * such a page never freezes: so it is asked to leave a browser's own context as it is.
 */
export async function freezing(url: string) {
  const port = 20_000 + Math.floor(Math.random() * 10_000); // below the ephemeral range
  const host = await chromium.launch({ executablePath: find() as string, args: [`--remote-debugging-port=${port}`] });
  const [context] = (await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true })).contexts();
  if (!context) throw new Error('Chromium started without a context');
  const tab = async () => {
    const page = await context.newPage();
    await page.goto(url);
    await ready(page);
    return page;
  };
  const [page, other] = [await tab(), await tab()];
  const client = await context.newCDPSession(other);
  /** A pulse, to see that it has none. */
  const beats = () =>
    other.evaluate(() => {
      const at = window as unknown as { beats?: number };
      if (at.beats === undefined) setInterval(() => at.beats && at.beats++, 5);
      at.beats ??= 1;
      return at.beats;
    });
  await beats();
  return {
    page,
    other,
    async freeze() {
      // Chromium itself freezes no tab in the middle of a transaction that others wait for; told to, it would.
      await other.evaluate(async () => (await window.shop).evidence());
      await page.waitForTimeout(500);
      await client.send('Page.setWebLifecycleState', { state: 'frozen' });
      const still = await beats();
      await page.waitForTimeout(200);
      if ((await beats()) !== still || still < 2) throw new Error('The tab is not frozen');
    },
    async wake() {
      await client.send('Page.setWebLifecycleState', { state: 'active' });
      await other.bringToFront();
    },
    close: () => host.close(),
  };
}

/**
 * Writes without a pause, and tells the other tab what became of it; where nothing was kept, it goes on once that has heard of it, for
 * thousands of messages a second would wait in line. Turns go round by message: timers slow down in the background.
 */
export const writeForEver = (tab: Page | Frame): Promise<void> =>
  tab.evaluate(async () => {
    const fordi = await window.shop;
    const report = new BroadcastChannel('e2e');
    const { port1, port2 } = new MessageChannel();
    let waits = false;
    port1.onmessage = async () => {
      const { kept } = await fordi.observe({ verb: 'listen', item: 'cello-suites' });
      waits = !kept;
      report.postMessage(kept);
      if (kept) port2.postMessage(0);
    };
    report.onmessage = () => {
      if (waits) port2.postMessage(0);
      waits = false;
    };
    port2.postMessage(0);
  });

/**
 * Grants, waits until the other tab writes too, withdraws in the middle of it and looks; so many times, or as many as
 * a quarter of a minute takes, but a fifth of them at least if that takes no minute. Returns what went wrong, also where it is stuck.
 */
export const rounds = (page: Page, times: number): Promise<{ wrong: string[]; written: number; round: number }> =>
  page.evaluate(async (times) => {
    const fordi = await window.shop;
    const wrong: string[] = [];
    const report = new BroadcastChannel('e2e');
    report.postMessage(0); // what it told before anybody listened
    let written = 0;
    const other = (kept: boolean, count: number) =>
      new Promise<void>((done) => {
        let left = count;
        report.onmessage = ({ data }) => {
          report.postMessage(0); // heard
          if (data) written++;
          if (data === kept && --left <= 0) done();
        };
      });
    const left = async () => {
      const found = (await indexedDB.databases()).filter(({ name }) => name === 'fordi');
      if (!found.length) return '';
      const db = await new Promise<IDBDatabase | undefined>((done) => {
        const request = indexedDB.open('fordi');
        request.onupgradeneeded = () => request.transaction?.abort(); // deleted since it was listed: an oracle makes none anew
        request.onerror = (event) => done(event.preventDefault() as undefined);
        request.onsuccess = () => done(request.result);
      });
      if (!db) return '';
      const values = await new Promise<unknown>((done) => {
        const request = db.objectStoreNames.length
          ? db
              .transaction(db.objectStoreNames[0] as string)
              .objectStore(db.objectStoreNames[0] as string)
              .getAll()
          : null;
        if (request) request.onsuccess = () => done(request.result);
        else done([]);
      });
      db.close();
      return JSON.stringify(values).replace(/^\[(\{"v":1,"granted":false\})?\]$/, '');
    };
    const began = performance.now();
    const past = (ms: number) => performance.now() - began > ms;
    let round = 1;
    let doing = '';
    const all = async () => {
      for (; round <= times && !past(round <= times / 5 ? 60_000 : 15_000); round++) {
        const check = async (when: string) => {
          doing = when;
          const found = await left();
          if (found) wrong.push(`${round} ${when}: ${found.slice(0, 300)}`);
        };
        doing = 'grants';
        const busy = other(true, 2);
        const granted = await fordi.grant();
        if (!granted.granted) wrong.push(`${round}: not granted, ${granted.reason}`);
        doing = 'waits until the other tab writes';
        await busy;
        doing = 'withdraws';
        const erased = await fordi.withdraw();
        if (!erased.verified) wrong.push(`${round}: ${JSON.stringify(erased)}`);
        await check('looks at once');
        doing = 'waits until the other tab is barred';
        await other(false, 5);
        await check('looks later');
        if (fordi.choice() !== 'withdrawn' || (await fordi.evidence()).length) wrong.push(`${round}: ${fordi.choice()}`);
      }
    };
    const stuck = () => wrong.push(`${round}, stuck where it ${doing}: ${localStorage.getItem('fordi')}`);
    await Promise.race([all(), new Promise((done) => setTimeout(done, 90_000)).then(stuck)]);
    report.close();
    return { wrong, written, round };
  }, times);

/** On a word from the other tab says yes again, on another tells what is chosen here. */
export const yesAgain = (tab: Page | Frame): Promise<void> =>
  tab.evaluate(async () => {
    const fordi = await window.shop;
    const channel = new BroadcastChannel('again');
    channel.onmessage = async ({ data }) => {
      if (!data) await fordi.grant();
      channel.postMessage(fordi.choice());
    };
  });
