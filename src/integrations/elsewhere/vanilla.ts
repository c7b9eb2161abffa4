import { answer, global, isFunction, type Tool } from './tool.js';

interface Vanilla {
  acceptedCategory(name: string): boolean;
  validConsent(): boolean;
  getConfig(field: 'categories'): Readonly<Record<string, unknown>> | undefined;
  showPreferences(): void;
}

/** vanilla-cookieconsent 3. Its global name is shared by three products; loaded as a module it has none, and is known by its events. */
export function vanilla(): Tool {
  const api = () => global<Vanilla>('CookieConsent');
  let accepted: readonly string[] | undefined;
  return {
    name: 'vanilla',
    means: {},
    events: ['cc:onFirstConsent', 'cc:onConsent', 'cc:onChange'],
    hear({ detail }) {
      const { categories } = Object(Object(detail).cookie);
      if (Array.isArray(categories)) accepted = categories;
    },
    detect: () => accepted || isFunction(api().acceptedCategory),
    read(category) {
      const { acceptedCategory, validConsent, getConfig } = api();
      if (!acceptedCategory || !validConsent) return answer(accepted?.includes(category));
      if (!validConsent()) return 'pending';
      const known = getConfig?.('categories');
      return known && !Object.hasOwn(known, category) ? undefined : answer(acceptedCategory(category));
    },
    open: () => api().showPreferences?.(),
  };
}
