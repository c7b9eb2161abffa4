import { defineConfig } from '@playwright/test';
import { chromium, firefox } from './browsers.mjs';

const webkit = process.env.ENGINE === 'webkit';
const cr = chromium();
const fx = firefox();
// Workers read this file again and inherit the environment, so all agree on the port.
process.env.FORDI_PORT ??= String(4200 + Math.floor(Math.random() * 1000));
const baseURL = `http://127.0.0.1:${process.env.FORDI_PORT}`;
const report = process.env.FORDI_REPORT;

// @once: what comes out the same in every engine (words, counts of clicks, what rules of ours say of colours) is looked at in
// Chromium only; `npm test` says how many those are.
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: report ? [['line'], ['json', { outputFile: report }]] : 'line',
  use: { baseURL, trace: !webkit && process.env.FORDI_TRACE ? 'retain-on-failure' : 'off' }, // a trace of every test takes a third of the processor
  webServer: { command: `node server.mjs ${process.env.FORDI_PORT}`, url: `${baseURL}/pages/smoke.html` },
  projects: webkit
    ? [{ name: 'webkit', grepInvert: /@not-webkit|@once/, use: { browserName: 'webkit' } }]
    : [
        ...(cr
          ? [
              {
                name: 'chromium',
                grepInvert: /@not-chromium/,
                use: { browserName: 'chromium' as const, launchOptions: { executablePath: cr } },
              },
            ]
          : []),
        ...(fx
          ? [
              {
                name: 'firefox',
                grepInvert: /@not-firefox|@once/,
                use: { browserName: 'firefox' as const, channel: 'moz-firefox', launchOptions: { executablePath: fx } },
              },
            ]
          : []),
      ],
});
