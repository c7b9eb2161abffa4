import { vi } from 'vitest';

// The other tools for permission, as their documentation and their traps have them: what each puts on the page, fires and says.

/** `asked`: its notice is open; `assumed`: nobody was asked and it says yes all the same. */
export type Mood = 'asked' | 'assumed' | 'yes' | 'no';

export interface Stand {
  readonly name: string;
  /** What means personalization there, where it is not the default. */
  readonly category?: string;
  /** Comes onto the page in this mood. */
  load(mood: Mood): void;
  /** The visitor does something about it. */
  turn(mood: Mood): void;
  /** Comes and cannot be understood. */
  babble?(): void;
  /** Comes and never says anything. */
  hush?(): void;
  /** Known by its events only: fordi has to be there first. */
  readonly isHeard?: boolean;
  /** How its interface is opened: this was called. */
  readonly opened?: { count: number };
}

/** What fordi wrote into a tool, or called of what decides something there. */
export const trespasses: string[] = [];

const DECIDES = /^(accept(?!ed)|allow|reject|deny|decline|save|reset|renew|set|update|submit|apply|changeAll|Close|AllowAll|RejectAll)/;

/** A thing of a tool's: reading is free, everything else is noted. */
function guarded<T extends object>(thing: T): T {
  return new Proxy(thing, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return function (this: unknown, ...args: unknown[]) {
        if (typeof name === 'string' && DECIDES.test(name)) trespasses.push(`calls ${name}`);
        return value.apply(this && target, args); // a method called without its object has none
      };
    },
    set(_, name) {
      trespasses.push(`sets ${String(name)}`);
      return true;
    },
    defineProperty(_, name) {
      trespasses.push(`defines ${String(name)}`);
      return true;
    },
  });
}

const put = (globals: Record<string, unknown>) => {
  for (const [name, value] of Object.entries(globals))
    vi.stubGlobal(name, value && typeof value === 'object' && !Array.isArray(value) ? guarded(value) : value);
};
const say = (name: string, detail?: unknown, target: EventTarget = globalThis) => target.dispatchEvent(new CustomEvent(name, { detail }));

function onetrust(): Stand {
  const calls: (() => void)[] = [];
  const opened = { count: 0 };
  let mood: Mood = 'asked';
  const groups = () => (mood === 'yes' || mood === 'assumed' ? ',C0001,C0003,' : ',C0001,');
  const tell = () => {
    vi.stubGlobal('OnetrustActiveGroups', groups());
    say('OneTrustGroupsUpdated', groups().split(',').filter(Boolean));
  };
  return {
    name: 'onetrust',
    opened,
    load(now) {
      mood = now;
      put({
        OneTrust: {
          OnConsentChanged: (call: () => void) => calls.push(call),
          IsAlertBoxClosed: () => mood !== 'asked',
          GetDomainData: () => ({ ConsentModel: { Name: mood === 'assumed' ? 'opt-out' : 'opt-in' } }),
          ToggleInfoDisplay: () => opened.count++,
        },
      });
      tell(); // on each load, also before a choice
    },
    turn(now) {
      mood = now;
      tell();
      for (const call of calls) call();
    },
    babble() {
      put({ OneTrust: { OnConsentChanged: () => {}, IsAlertBoxClosed: () => true }, OnetrustActiveGroups: { C0003: true } });
    },
  };
}

function cookiebot(): Stand {
  const opened = { count: 0 };
  const api = { hasResponse: false, consent: {} as Record<string, unknown>, show: () => opened.count++, renew: () => {} };
  const set = (mood: Mood) => {
    api.hasResponse = mood !== 'asked';
    api.consent = { preferences: mood === 'yes' || mood === 'assumed', method: mood === 'assumed' ? 'implied' : 'explicit' };
  };
  return {
    name: 'cookiebot',
    opened,
    load(mood) {
      set(mood);
      put({ Cookiebot: api, CookieConsent: api }); // it goes by both names
      say('CookiebotOnConsentReady');
    },
    turn(mood) {
      set(mood);
      say(mood === 'yes' ? 'CookiebotOnAccept' : 'CookiebotOnDecline');
    },
    babble: () => put({ Cookiebot: { consent: { preferences: 'yes' }, hasResponse: true } }),
  };
}

/** A window that only its own object can open. */
function createWindow() {
  const opened = { count: 0 };
  return {
    opened,
    showSecondLayer(this: unknown) {
      if (Object(this).showSecondLayer) opened.count++;
    },
  };
}

function usercentrics3(): Stand {
  let mood: Mood = 'asked';
  const { opened, showSecondLayer } = createWindow();
  const yes = () => mood === 'yes' || mood === 'assumed';
  const type = () => (mood === 'asked' || mood === 'assumed' ? 'IMPLICIT' : 'EXPLICIT');
  const details = async () => ({
    consent: { type: type(), status: yes() ? 'SOME_DENIED' : 'SOME_ACCEPTED', serviceIds: ['H1Vl5NidjWX'] }, // means either
    services: { H1Vl5NidjWX: { name: 'Recommendations', consent: { given: yes(), type: type() } } },
    categories: { functional: { state: yes() ? 'ALL_ACCEPTED' : 'SOME_ACCEPTED' } },
  });
  return {
    name: 'usercentrics',
    opened,
    category: 'H1Vl5NidjWX',
    load(now) {
      mood = now;
      put({ __ucCmp: { getConsentDetails: details, showSecondLayer } });
      say('UC_UI_INITIALIZED');
    },
    turn(now) {
      mood = now;
      say('UC_CONSENT');
      say('UC_UI_CMP_EVENT', { type: 'SAVE' });
    },
    babble: () => put({ __ucCmp: { getConsentDetails: async () => 'all of it' } }),
    hush: () => put({ __ucCmp: { getConsentDetails: () => new Promise(() => {}) } }),
  };
}

function usercentrics2(sync: boolean): Stand {
  let mood: Mood = 'asked';
  const { opened, showSecondLayer } = createWindow();
  const list: unknown[] = [];
  const services = () => [
    { id: 'BJz7qNsdj-7', name: 'YouTube', categorySlug: 'personal', consent: { status: mood === 'yes' || mood === 'assumed' } },
  ];
  const tell = () => {
    const type = mood === 'asked' || mood === 'assumed' ? 'implicit' : 'explicit';
    const entry = { event: 'consent_status', type, action: 'onAcceptAllServices' };
    list.push(entry); // for Google's tags, and as an event of the page
    say('consent_status', entry);
  };
  return {
    name: 'usercentrics',
    opened,
    category: 'personal',
    load(now) {
      mood = now;
      put({ UC_UI: { getServicesBaseInfo: () => (sync ? services() : Promise.resolve(services())), showSecondLayer } });
      vi.stubGlobal('dataLayer', list);
      say('UC_UI_INITIALIZED');
      tell();
    },
    turn(now) {
      mood = now;
      tell();
    },
    babble: () => put({ UC_UI: { getServicesBaseInfo: () => 42 } }),
  };
}

function klaro(): Stand {
  const watchers = new Set<{ update(...args: unknown[]): void }>();
  const renders: ((config: unknown) => void)[] = [];
  const config = { storageName: 'klaro' };
  const opened = { count: 0 };
  let rendered = false;
  const manager = {
    confirmed: false,
    consents: { personal: true } as Record<string, boolean>,
    savedConsents: { personal: true } as Record<string, boolean>, // the default, ticked
    getConsent: (name: string) => manager.consents[name] ?? false,
    watch: (watcher: { update(): void }) => watchers.add(watcher),
    unwatch: (watcher: { update(): void }) => watchers.delete(watcher),
  };
  const set = (mood: Mood) => {
    manager.confirmed = mood === 'yes' || mood === 'no';
    manager.consents = { personal: mood !== 'no' };
    manager.savedConsents = { ...manager.consents };
  };
  const api = {
    getManager() {
      if (!rendered) trespasses.push('makes a manager');
      return guarded(manager);
    },
    addEventListener(_: string, call: (config: unknown) => void) {
      renders.push(call);
      if (rendered) call(config);
    },
    show: () => opened.count++,
  };
  return {
    name: 'klaro',
    category: 'personal',
    opened,
    load(mood) {
      set(mood);
      put({ klaro: api });
      for (const call of renders) call(config); // before its manager is made
      rendered = true;
    },
    turn(mood) {
      manager.consents = { personal: mood !== 'no' };
      for (const watcher of watchers) watcher.update(manager, 'consents', {}); // a switch was moved, nothing is saved yet
      set(mood);
      for (const watcher of watchers) watcher.update(manager, 'saveConsents', {});
    },
    babble() {
      put({ klaro: { ...api, getManager: () => ({ confirmed: true, savedConsents: null, watch: () => {} }) } });
      rendered = true;
    },
    hush: () => put({ klaro: api }),
  };
}

function vanilla(hasGlobal: boolean): Stand {
  const opened = { count: 0 };
  let mood: Mood = 'asked';
  const cookie = () => ({ categories: mood === 'yes' ? ['necessary', 'personal'] : ['necessary'] });
  return {
    name: 'vanilla',
    category: 'personal',
    ...(hasGlobal ? { opened } : { isHeard: true }),
    load(now) {
      mood = now;
      if (hasGlobal)
        put({
          CookieConsent: {
            acceptedCategory: (name: string) => (mood === 'asked' || mood === 'assumed' ? false : cookie().categories.includes(name)),
            validConsent: () => mood === 'yes' || mood === 'no',
            getConfig: () => ({ necessary: {}, personal: {} }),
            showPreferences: () => opened.count++,
          },
        });
      if (mood === 'yes' || mood === 'no') say('cc:onConsent', { cookie: cookie() }); // on every load with a choice
    },
    turn(now) {
      const first = mood === 'asked';
      mood = now;
      if (first) say('cc:onFirstConsent', { cookie: cookie() });
      say(first ? 'cc:onConsent' : 'cc:onChange', { cookie: cookie(), changedCategories: ['personal'] });
    },
    ...(hasGlobal && {
      babble: () =>
        put({ CookieConsent: { acceptedCategory: () => 'surely', validConsent: () => true, getConfig: () => ({ personal: {} }) } }),
    }),
  };
}

function cookieinformation(): Stand {
  let mood: Mood = 'asked';
  const given = (category: string) => mood !== 'asked' && mood !== 'assumed' && (category === 'cookie_cat_necessary' || mood === 'yes');
  return {
    name: 'cookieinformation',
    load(now) {
      mood = now;
      put({ CookieInformation: { getConsentGivenFor: given }, CookieConsent: { renew: () => {} } });
      if (mood === 'yes' || mood === 'no') say('CookieInformationConsentGiven');
    },
    turn(now) {
      mood = now;
      say('CookieInformationConsentGiven');
    },
    babble: () => put({ CookieInformation: { getConsentGivenFor: () => undefined } }),
  };
}

function wordpress(): Stand {
  let mood: Mood = 'asked';
  const stored = () => (mood === 'yes' ? 'allow' : mood === 'no' ? 'deny' : '');
  return {
    name: 'wordpress',
    load(now) {
      mood = now;
      put({
        wp_consent_type: mood === 'assumed' ? 'optout' : 'optin',
        consent_api: { cookie_prefix: 'wp_consent' },
        consent_api_get_cookie: (name: string) => (name === 'wp_consent_preferences' ? stored() : ''),
        wp_has_consent: () => stored() === 'allow' || mood === 'assumed',
      });
    },
    turn(now) {
      mood = now;
      say('wp_listen_for_consent_change', { preferences: stored() }, document); // does not bubble
    },
    babble: () => put({ wp_has_consent: () => 'allow' }),
  };
}

function complianz(): Stand {
  let mood: Mood = 'asked';
  return {
    name: 'complianz',
    load(now) {
      mood = now;
      put({
        complianz: { consenttype: mood === 'assumed' ? 'optout' : 'optin' },
        cmplz_has_consent: () => mood === 'yes' || mood === 'assumed',
      });
    },
    turn(now) {
      mood = now;
      say('cmplz_status_change', { category: 'preferences', value: 'x' }, document);
    },
    babble: () => put({ cmplz_has_consent: () => null }),
  };
}

function cookieyes(): Stand {
  let mood: Mood = 'asked';
  return {
    name: 'cookieyes',
    load(now) {
      mood = now;
      const categories = () => ({ necessary: true, functional: mood === 'yes' || mood === 'assumed' });
      put({ getCkyConsent: () => ({ isUserActionCompleted: mood === 'yes' || mood === 'no', categories: categories() }) });
      say('cookieyes_banner_load', {}, document);
    },
    turn(now) {
      mood = now;
      say('cookieyes_consent_update', { accepted: [] }, document);
    },
    babble: () => put({ getCkyConsent: () => ({ isUserActionCompleted: true, categories: { functional: 'on' } }) }),
  };
}

/** `now`: without the method that its manuals call deprecated. */
function didomi(now: boolean): Stand {
  let mood: Mood = 'asked';
  const calls: (() => void)[] = [];
  const opened = { count: 0 };
  const before = { getUserConsentStatusForPurpose: () => (mood === 'asked' ? undefined : mood !== 'no') };
  const since = {
    shouldUserStatusBeCollected: () => mood === 'asked',
    getCurrentUserStatus: () => ({
      purposes: Object.fromEntries(
        ['cookies', 'create_content_profile', 'select_personalized_content'].map((id) => [id, { id, enabled: !/asked|no/.test(mood) }]),
      ),
    }),
  };
  return {
    name: 'didomi',
    opened,
    load(is) {
      mood = is;
      put({
        Didomi: {
          isConsentRequired: () => mood !== 'assumed',
          ...(now ? since : before),
          on: (_: string, call: () => void) => calls.push(call),
          preferences: { show: () => opened.count++ },
        },
      });
    },
    turn(is) {
      mood = is;
      for (const call of calls) call();
    },
    babble() {
      const own = now
        ? { shouldUserStatusBeCollected: () => false, getCurrentUserStatus: () => ({ purposes: { cookies: 'enabled' } }) }
        : { getUserConsentStatusForPurpose: () => 'granted' };
      put({ Didomi: { isConsentRequired: () => true, ...own } });
    },
  };
}

function tcf(): Stand {
  const calls: ((data: unknown, ok: boolean) => void)[] = [];
  let mood: Mood = 'asked';
  const all = (yes: boolean) => Object.fromEntries([1, 5, 6, 11].map((n) => [n, yes]));
  const data = () => ({
    listenerId: 7,
    cmpStatus: 'loaded',
    gdprApplies: true,
    eventStatus: mood === 'asked' || mood === 'assumed' ? 'cmpuishown' : 'useractioncomplete',
    purpose: { consents: all(true), legitimateInterests: all(true) },
    publisher: { consents: all(mood === 'yes' || mood === 'assumed'), legitimateInterests: all(true) },
  });
  return {
    name: 'tcf',
    load(now) {
      mood = now;
      put({
        __tcfapi(command: string, _: number, call: (data: unknown, ok: boolean) => void) {
          if (command !== 'addEventListener') return;
          calls.push(call);
          call(data(), true); // at once
        },
      });
    },
    turn(now) {
      mood = now;
      for (const call of calls) call(data(), true);
    },
    babble: () => put({ __tcfapi: (_: string, __: number, call: (data: unknown, ok: boolean) => void) => call('IABTCF', true) }),
    hush: () => put({ __tcfapi: () => {} }),
  };
}

function google(): Stand {
  const list: unknown[] = [];
  const gtag = (...args: unknown[]) => list.push({ ...args, length: args.length });
  const tell = (mood: Mood) => {
    if (mood === 'asked') gtag('consent', 'default', { personalization_storage: 'denied' });
    else if (mood === 'assumed') gtag('consent', 'default', { personalization_storage: 'granted' });
    else gtag('consent', 'update', { personalization_storage: mood === 'yes' ? 'granted' : 'denied' });
  };
  return {
    name: 'google',
    load(mood) {
      tell(mood);
      vi.stubGlobal('dataLayer', list);
    },
    turn: tell,
    babble() {
      gtag('consent', 'update', { personalization_storage: 'si' });
      vi.stubGlobal('dataLayer', list);
    },
  };
}

export const STANDS: readonly [what: string, make: () => Stand][] = [
  ['OneTrust', onetrust],
  ['Cookiebot', cookiebot],
  ['Usercentrics 3', usercentrics3],
  ['Usercentrics 2, at once', () => usercentrics2(true)],
  ['Usercentrics 2, by promise', () => usercentrics2(false)],
  ['Klaro', klaro],
  ['vanilla-cookieconsent', () => vanilla(true)],
  ['vanilla-cookieconsent, as a module', () => vanilla(false)],
  ['Cookie Information', cookieinformation],
  ['WP Consent API', wordpress],
  ['Complianz', complianz],
  ['CookieYes', cookieyes],
  ['Didomi', () => didomi(false)],
  ['Didomi, newer', () => didomi(true)],
  ['TCF', tcf],
  ['Google Consent Mode', google],
];
