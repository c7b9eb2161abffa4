import { answer, global, isFunction, type Tool } from './tool.js';

interface CookieInformation {
  getConsentGivenFor(category: string): boolean;
}

/** Before any answer every category is a no, the necessary one too. Its window goes by a name that two other products use as well. */
export function cookieinformation(): Tool {
  const given = (category: string) => global<CookieInformation>('CookieInformation').getConsentGivenFor?.(category);
  return {
    name: 'cookieinformation',
    means: { personalization: 'cookie_cat_functional', measurement: 'cookie_cat_statistic', marketing: 'cookie_cat_marketing' },
    events: ['CookieInformationConsentGiven'],
    detect: () => isFunction(global<CookieInformation>('CookieInformation').getConsentGivenFor),
    read: (category) => (given('cookie_cat_necessary') === false ? 'pending' : answer(given(category))),
    open: () => global<{ renew(): void }>('CookieConsent').renew?.(),
  };
}
