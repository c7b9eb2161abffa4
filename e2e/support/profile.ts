import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox, type Page } from '@playwright/test';
import { chromium as findChromium, firefox as findFirefox } from '../browsers.mjs';
import { launchWebKit } from '../fixtures.js';

export interface Visit {
  readonly page: Page;
  close(): Promise<void>;
  /** kill -9 of the whole browser. */
  kill(): Promise<void>;
}

const commandLine = (pid: string) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
};

/** The browser's own process, found by the profile that is ours alone; not one of its children. */
const processOf = (profile: string): number => {
  const pid = readdirSync('/proc').find((name) => {
    const words = /^\d+$/.test(name) ? commandLine(name) : [];
    return words.some((word) => word.endsWith(profile)) && !words.some((word) => word.startsWith('--type=') || word === '-contentproc');
  });
  if (!pid) throw new Error('The browser is not among the processes');
  return Number(pid);
};

/** A profile on disk that can be visited again and again. */
export function newProfile(browserName: string): { visit(url: string): Promise<Visit> } {
  const profile = mkdtempSync(join(tmpdir(), 'fordi-profile-'));
  const launch = async (): Promise<Visit> => {
    if (browserName === 'webkit') {
      const { browser, page, kill } = await launchWebKit({ dataDir: profile });
      const close = async () => {
        await browser.close().catch(() => {});
        kill();
      };
      return { page, close, kill: close };
    }
    const context =
      browserName === 'firefox'
        ? await firefox.launchPersistentContext(profile, { channel: 'moz-firefox', executablePath: findFirefox() as string })
        : await chromium.launchPersistentContext(profile, { executablePath: findChromium() as string });
    const kill = async () => {
      process.kill(-processOf(profile), 'SIGKILL'); // it leads its group
      await context.close().catch(() => {});
    };
    return { page: context.pages()[0] ?? (await context.newPage()), close: () => context.close(), kill };
  };
  return {
    async visit(url) {
      const visit = await launch();
      await visit.page.goto(url);
      await visit.page.evaluate(async () => (await window.shop).ready);
      return visit;
    },
  };
}
