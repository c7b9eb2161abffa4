import { answer, type Tool } from './tool.js';

/** How often the page's list for Google's tags is looked at. Milliseconds. */
const LOOK = 500;

/** What Google's tags were last told about a key. A default is nobody's choice, and a plain array is not heeded there either. */
export function readUpdates(list: unknown, key: string): ReturnType<Tool['read']> {
  const said = (Array.isArray(list) ? list : [])
    .filter((entry) => !Array.isArray(entry) && Object(entry)[0] === 'consent' && entry[1] === 'update')
    .map((entry) => Object(entry[2])[key])
    .findLast((value) => value !== undefined);
  return said === undefined ? 'pending' : answer(said === 'granted' || (said === 'denied' ? false : undefined));
}

/** Google Consent Mode v2 as a source: a weak one, because it does not say who decided. Only where the owner names it. */
export function google(layer = 'dataLayer'): Tool {
  const list = () => (globalThis as Record<string, unknown>)[layer];
  return {
    name: 'google',
    means: { personalization: 'personalization_storage', measurement: 'analytics_storage', marketing: 'ad_storage' },
    events: [],
    detect: () => Array.isArray(list()),
    onChange(heard) {
      const timer = setInterval(heard, LOOK); // listening would mean to write into it
      return () => clearInterval(timer);
    },
    read: (key) => readUpdates(list(), key),
  };
}
