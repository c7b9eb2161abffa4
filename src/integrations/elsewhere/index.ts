import type { Fordi } from '../../types.js';
import { connectTools, type Reading } from './connect.js';
import { cookiebot } from './cookiebot.js';
import { cookieinformation } from './cookieinformation.js';
import { didomi } from './didomi.js';
import { google } from './google.js';
import { gpp } from './gpp.js';
import { klaro } from './klaro.js';
import { onetrust } from './onetrust.js';
import { tcf } from './tcf.js';
import { usercentrics } from './usercentrics.js';
import { vanilla } from './vanilla.js';
import { complianz, cookieyes, wordpress } from './wordpress.js';

export {
  complianz,
  connectTools,
  cookiebot,
  cookieinformation,
  cookieyes,
  didomi,
  google,
  gpp,
  klaro,
  onetrust,
  tcf,
  usercentrics,
  vanilla,
  wordpress,
};

/** Looked for unless the owner names some. */
const KNOWN = { onetrust, cookiebot, usercentrics, klaro, vanilla, cookieinformation, wordpress, complianz, cookieyes, didomi, tcf, gpp };
const ALL = { ...KNOWN, google };

export type ToolName = keyof typeof ALL;

export interface Elsewhere extends Reading {
  /** The tools there may be. Default all that are known but `google`, which is a weak signal and has to be named. */
  readonly tools?: readonly ToolName[];
}

function check(names: readonly string[], place: string): void {
  const wrong = names.find((name) => !Object.hasOwn(ALL, name));
  if (wrong !== undefined)
    throw new Error(`fordi: connectElsewhere: ${place} names "${wrong}", expected a tool it knows: ${Object.keys(ALL).join(' ')}.`);
}

/**
 * Finds the page's other tool for permission and heeds it: it asks, fordi does not. `map` says what its categories mean here:
 * `{ personalization: { klaro: 'personal', onetrust: 'C0003' } }`.
 */
export function connectElsewhere(fordi: Fordi, { tools, map = {} }: Elsewhere = {}): () => void {
  check(tools ?? [], 'tools');
  const purposes = Object.keys(fordi.get().choices);
  for (const [purpose, names] of Object.entries(map)) {
    check(Object.keys(names), `map.${purpose}`);
    if (!purposes.includes(purpose))
      throw new Error(`fordi: connectElsewhere: map names the purpose "${purpose}", expected a declared one: ${purposes.join(' ')}.`);
  }
  const isNamed = (name: ToolName) => tools?.includes(name) || Object.values(map).some((one) => Object.hasOwn(one, name));
  const names = tools ?? (Object.keys(KNOWN) as ToolName[]);
  return connectTools(
    fordi,
    [...new Set(names)].map((name) => (isNamed(name) ? { ...ALL[name](), yields: false } : ALL[name]())),
    { map },
  );
}
