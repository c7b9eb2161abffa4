import { answer, isFunction, type Tool } from './tool.js';

interface Page {
  wp_has_consent(category: string): boolean;
  wp_consent_type: string;
  wp_fallback_consent_type: string;
  consent_api: { cookie_prefix?: string };
  consent_api_get_cookie(name: string): string;
  cmplz_has_consent(category: string): boolean;
  complianz: { consenttype?: string };
  revisitCkyConsent(): void;
  getCkyConsent(): { isUserActionCompleted?: boolean; categories?: Readonly<Record<string, boolean>> };
}

const page = () => globalThis as unknown as Partial<Page>;

const EVENTS = [
  'wp_listen_for_consent_change',
  'wp_consent_type_defined',
  'cmplz_status_change',
  'cookieyes_consent_update',
  'borlabs-cookie-consent-saved',
];
const MEANS = { personalization: 'preferences', measurement: 'statistics', marketing: 'marketing' };

/** The WP Consent API, whichever plugin asks. Without a kind of permission, or with one to opt out of, it says yes before anybody was asked. */
export function wordpress(): Tool {
  return {
    name: 'wordpress',
    means: MEANS,
    events: EVENTS,
    detect: () => isFunction(page().wp_has_consent),
    read(category) {
      const { wp_consent_type, wp_fallback_consent_type, wp_has_consent, consent_api_get_cookie: stored, consent_api } = page();
      const said = answer(wp_has_consent?.(category));
      if (said !== 'granted') return said && stored?.(`${consent_api?.cookie_prefix}_${category}`) === '' ? 'pending' : said;
      return /optin/.test(wp_consent_type ?? wp_fallback_consent_type ?? '') ? said : 'pending';
    },
  };
}

/** Complianz without the WP Consent API. It does not say whether anybody has answered: what is not a yes is a no. */
export function complianz(): Tool {
  return {
    name: 'complianz',
    means: MEANS,
    events: EVENTS,
    detect: () => isFunction(page().cmplz_has_consent) && !page().wp_has_consent,
    read(category) {
      const said = answer(page().cmplz_has_consent?.(category));
      return said === 'granted' && page().complianz?.consenttype !== 'optin' ? 'pending' : said;
    },
  };
}

/** CookieYes without the WP Consent API. */
export function cookieyes(): Tool {
  return {
    name: 'cookieyes',
    means: { personalization: 'functional', measurement: 'analytics', marketing: 'advertisement' },
    events: [...EVENTS, 'cookieyes_banner_load'],
    detect: () => isFunction(page().getCkyConsent) && !page().wp_has_consent,
    read(category) {
      const { isUserActionCompleted, categories } = Object(page().getCkyConsent?.());
      return isUserActionCompleted === false ? 'pending' : isUserActionCompleted ? answer(categories?.[category]) : undefined;
    },
    open: () => page().revisitCkyConsent?.(),
  };
}
