// Finds the three engines; run as a command it also installs the missing ones where it may (Debian, root).
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { chromium as bundled } from 'playwright';

const runnable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
};
const onPath = (...names) =>
  names.flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, name))).find((path) => runnable(path));
const named = (variable) => {
  const path = process.env[variable];
  if (path && !runnable(path)) throw new Error(`${variable}=${path} cannot be run`);
  return path;
};

/** FORDI_ENGINES=chromium leaves the other engines alone: neither installed nor run. */
export const wanted = (engine) => (process.env.FORDI_ENGINES ?? 'chromium firefox webkit').includes(engine);

export const chromium = () =>
  named('CHROMIUM_PATH') ||
  runnable(bundled.executablePath()) ||
  onPath('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome') ||
  [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ].find((path) => runnable(path));

export const firefox = () => (wanted('firefox') ? named('FIREFOX_PATH') || onPath('firefox-esr', 'firefox') : undefined);

/** WebKitGTK's MiniBrowser needs a display, so it counts only together with Xvfb. */
export const webkit = () =>
  wanted('webkit') && onPath('xvfb-run')
    ? named('WEBKIT_PATH') ||
      ['x86_64', 'aarch64'].map((arch) => `/usr/lib/${arch}-linux-gnu/webkit2gtk-4.1/MiniBrowser`).find((path) => runnable(path))
    : undefined;

const run = (command, ...args) =>
  spawnSync(command, args, {
    stdio: 'inherit',
    timeout: 100_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

const install = () => {
  const debian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  const packages = [
    ...(chromium() ? [] : ['chromium-headless-shell']),
    ...(wanted('firefox') && !firefox() ? ['firefox-esr'] : []),
    ...(wanted('webkit') && !webkit() ? ['webkit2gtk-driver', 'xvfb', 'xauth', 'iproute2'] : []),
  ];
  const apt = (...names) => run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names);
  if (packages.length && debian && run('apt-get', 'update', '-qq') && !apt(...packages)) {
    console.log(`browsers: could not install ${packages.join(' ')}`);
    if (!chromium()) apt('chromium-headless-shell');
  }
  if (!chromium()) run('npx', 'playwright', 'install', '--with-deps', 'chromium');
  for (const [name, find] of Object.entries({ chromium, firefox, webkit }))
    console.log(name.padEnd(9), find() ?? (wanted(name) ? 'not found' : 'left out by FORDI_ENGINES'));
  if (!chromium()) throw new Error('No Chromium: install Chrome, Chromium or Edge, or set CHROMIUM_PATH');
};

if (basename(process.argv[1] ?? '') === 'browsers.mjs') install();
