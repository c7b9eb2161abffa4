import { pause } from './breath.js';
import { FordiError } from './error.js';
import { assemble } from './fordi.js';
import { connectElsewhere, connectGoogle, connectPage, type Elsewhere, postReceipts, type ToolName } from './integrations/index.js';
import { checkName, isNear, readOptions } from './options.js';
import type { Fordi, Locale, Options, Slot } from './types.js';
import { defineElements } from './ui/index.js';

type Call = (fordi: Fordi) => void;

const ONE = Symbol.for('fordi');
/** Calls made before this file arrived are kept up to here. */
const QUEUE = 100;

/** Names parted by spaces, or by commas where there is one: `jazz folk`, `jazz, hard bop`; `hard bop,` is one name. */
const words = (text = '') => text.split(/,/.test(text) ? /\s*,\s*/ : /\s+/).flatMap((word) => word.trim() || []);
const entry = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined || value === '' ? {} : { [name]: value }) as { [P in K]?: V };

const ATTRIBUTES = [
  'site',
  'policy',
  'contact',
  'address',
  'jurisdiction',
  'child',
  'notice',
  'changes',
  'keeps',
  'days',
  'catalog',
  'public',
  'culture',
  'gpc',
  'prior',
  'paused',
  'receipts',
  'heeds',
  'google',
];

/** `auto`, or tools by name, each with what means personalization there: `klaro:personal onetrust:C0003`. */
function heedsOf(heeds: string): Elsewhere {
  if (/^(auto)?$/.test(heeds.trim())) return {};
  const pairs = words(heeds).map((word) => /^([^:]*):?(.*)$/.exec(word)?.slice(1) as [ToolName, string]);
  return { tools: pairs.map(([name]) => name), map: { personalization: Object.fromEntries(pairs.filter(([, means]) => means)) } };
}

const BLOCK = 'script[type="application/json"][data-fordi-purposes]';

/** What is asked for beside personalization, in a block of JSON before the tag, or anywhere where the tag has `defer`. */
function purposesIn(block: Element | null): Options['purposes'] {
  if (!block) return;
  try {
    return JSON.parse(block.textContent ?? '');
  } catch (error) {
    const hint = 'Purposes by name: {"measurement": {"title": "…", "text": "…", "keeps": "…", "days": 30}}.';
    throw new FordiError('data-fordi-purposes', `no JSON (${(error as Error).message.slice(0, 60)})`, 'JSON', hint);
  }
}

/** Data attributes in, options out; what is missing is said by `createFordi`. A script tag may carry others' attributes too. */
function optionsOf({ dataset: d }: HTMLScriptElement, block: Element | null, locale: Locale): Options {
  for (const name of Object.keys(d)) if (ATTRIBUTES.some((known) => isNear(name, known, 1))) checkName(name, ATTRIBUTES, `data-${name}`);
  const slots: Record<string, Slot> = Object.fromEntries(words(d.public).map((name) => [name, { visibility: 'public' }]));
  return {
    site: {
      name: d.site as string,
      ...entry('privacyUrl', d.policy),
      ...entry('contact', d.contact),
      ...entry('address', d.address),
      ...entry('jurisdiction', d.jurisdiction),
    },
    notice: {
      version: d.notice as string,
      keeps: words(d.keeps) as never,
      ...entry('days', d.days ? Number(d.days) : undefined),
      ...entry('changes', d.changes),
    },
    locale,
    slots,
    ...entry('purposes', purposesIn(block)),
    ...entry('catalog', d.catalog),
    ...entry('audience', d.culture),
    ...entry('gpc', d.gpc),
    ...entry('prior', d.prior),
    ...entry('paused', d.paused ? words(d.paused) : undefined),
    ...entry('onReceipt', d.receipts ? postReceipts(d.receipts) : undefined),
    heeds: d.heeds !== undefined,
    child: d.child !== undefined,
  } as Options;
}

/** `currentScript` is gone in late callbacks and can be shadowed by an element of that name. */
function ownScript(): HTMLScriptElement | null {
  const { currentScript } = document;
  return currentScript instanceof HTMLScriptElement ? currentScript : document.querySelector('script[data-site][data-notice]');
}

/** The notice first in the body, where the keyboard meets it first; the panel last. Only where the page has none of its own. */
const PLACES = [
  ['fordi-notice', 'prepend'],
  ['fordi-panel', 'append'],
] as const;

async function place(): Promise<void> {
  for (const [name, how] of PLACES) {
    if (!document.querySelector(name)) document.body[how](document.createElement(name));
    await pause();
  }
}

/** A page may bring its way back a moment later. Milliseconds. */
const MOMENT = 1000;

/** Taking a yes back is to be as easy as giving it was, from any page; where nothing offers it, the console says so, once. */
function mindWayBack(fordi: Fordi): void {
  let waits = false;
  const isGiven = () => !!fordi.get().given[0];
  const look = () => {
    waits = false;
    if (!isGiven() || document.querySelector('[data-fordi-open],fordi-panel[inline]')) return;
    off();
    console.error(
      'fordi: there is a yes, and no way back on this page. Expected <button data-fordi-open="withdraw"> on every page; see README, One script tag.',
    );
  };
  const soon = () => {
    if (waits || !isGiven()) return;
    waits = true;
    setTimeout(look, MOMENT);
  };
  const off = fordi.subscribe(soon);
  soon();
}

/** `(window.fordi ||= []).push((fordi) => …)` works before and after this file has arrived. */
function takeCalls(fordi: Fordi): void {
  const page = globalThis as { fordi?: unknown };
  const run = (call: Call) => {
    Promise.resolve(fordi).then(call); // a call that fails is reported as the page's, and stops nobody else
  };
  const waiting = Array.isArray(page.fordi) ? page.fordi.slice(0, QUEUE) : [];
  page.fordi = { push: run };
  for (const call of waiting) if (typeof call === 'function') run(call);
}

/** What other tools are to find in place, further down the page, cannot wait. */
function connectEarly(fordi: Fordi, { heeds, google }: DOMStringMap): void {
  if (heeds !== undefined) connectElsewhere(fordi, heedsOf(heeds));
  if (google !== undefined) connectGoogle(fordi, entry('layer', google));
}

const parsed = () => document.readyState !== 'loading' || new Promise((done) => document.addEventListener('DOMContentLoaded', done));

/** The page is there: everything that shows. */
async function appear(fordi: Fordi, early: Element | null): Promise<void> {
  await parsed();
  const block = document.querySelector(BLOCK);
  if (block && !early) console.error('fordi:', block, 'came too late. Expected before the script tag, or defer on the tag.');
  await pause();
  defineElements(fordi);
  await pause();
  await place();
  connectPage(fordi);
  mindWayBack(fordi);
  takeCalls(fordi);
}

/** On a slow phone reading this file is a task by itself; what follows comes in tasks of its own, so that none is a long one. */
async function start(script: HTMLScriptElement, locale: Locale, made: (fordi: Fordi) => void): Promise<void> {
  const early = document.querySelector(BLOCK);
  const { heeds, google } = script.dataset;
  const waits = heeds === undefined && google === undefined;
  if (waits) await pause();
  const settings = readOptions(optionsOf(script, early, locale)); // what is wrong is said here
  if (waits) await pause();
  const fordi = assemble(settings);
  connectEarly(fordi, script.dataset);
  made(fordi);
  await appear(fordi, early);
}

/** The script tag: everything from data attributes, no code. The first of two tags wins. Rejects with what is wrong in the attributes. */
export async function boot(locale: Locale): Promise<void> {
  const page = globalThis as { [ONE]?: unknown };
  const script = ownScript();
  if (page[ONE] || !script) {
    console.warn(page[ONE] ? 'fordi: already on this page; the first one stays.' : 'fordi: no script tag with data-site and data-notice.');
    return;
  }
  page[ONE] = script;
  const made = (fordi: Fordi) => {
    page[ONE] = fordi;
  };
  await start(script, locale, made).catch((error) => {
    page[ONE] = undefined;
    throw error;
  });
}
