import { answer, global, type Tool } from './tool.js';

interface Cookiebot {
  readonly hasResponse: boolean;
  readonly consent: Readonly<Record<string, unknown>>;
  show(): void;
}

/** Scrolling on may count as a yes there: only what was said in so many words does here. `renew()` deletes what is stored, `show()` does not. */
export function cookiebot(): Tool {
  const api = () => global<Cookiebot>('Cookiebot');
  return {
    name: 'cookiebot',
    means: { personalization: 'preferences', measurement: 'statistics', marketing: 'marketing' },
    events: ['CookiebotOnConsentReady', 'CookiebotOnAccept', 'CookiebotOnDecline'],
    detect: () => api().consent,
    read(category) {
      const { hasResponse, consent = {} } = api();
      if (!hasResponse) return hasResponse === false ? 'pending' : undefined;
      const said = answer(consent[category]);
      return said === 'granted' && consent.method !== 'explicit' ? 'denied' : said;
    },
    open: () => api().show?.(),
  };
}
