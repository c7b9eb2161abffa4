import { answer, global, isFunction, type Tool } from './tool.js';

interface Details {
  readonly consent?: { readonly type?: string };
  readonly services?: Readonly<
    Record<string, { readonly name?: string; readonly consent?: { readonly given?: boolean; readonly type?: string } }>
  >;
  readonly categories?: Readonly<Record<string, { readonly state?: string }>>;
}
interface Third {
  getConsentDetails(): Promise<Details>;
  showSecondLayer(): void;
}
interface Service {
  readonly id?: string;
  readonly name?: string;
  readonly categorySlug?: string;
  readonly consent?: { readonly status?: boolean };
}
interface Second {
  getServicesBaseInfo(): readonly Service[] | Promise<readonly Service[]>;
  showSecondLayer(): void;
}

/** Yes before anybody was asked is written IMPLICIT. `consent.serviceIds` is left alone: what it lists changes with the status. */
function third({ services = {}, categories = {}, consent }: Details, name: string) {
  const own = Object.hasOwn(services, name) ? services[name] : Object.values(services).find((service) => service.name === name);
  const { given, type } = own?.consent ?? {};
  if (own) return type === 'EXPLICIT' ? answer(given) : type ? 'pending' : undefined;
  const state = Object.hasOwn(categories, name) && categories[name]?.state;
  if (!state || !consent?.type) return undefined;
  return consent.type === 'EXPLICIT' ? answer(state === 'ALL_ACCEPTED') : 'pending';
}

function second(services: readonly Service[], name: string) {
  const meant = services.filter(({ id, name: title, categorySlug }) => [id, title, categorySlug].includes(name));
  return meant.length ? answer(meant.every(({ consent }) => consent?.status === true)) : undefined;
}

/** Version 3, and version 2, whose services do not say who decided: that stands in its event `consent_status` only. */
export function usercentrics(): Tool {
  const v3 = () => global<Third>('__ucCmp');
  const v2 = () => global<Second>('UC_UI');
  let heardType: unknown;
  const typeOf = (entry: unknown): unknown => {
    const { event, type } = Object(entry);
    return event === 'consent_status' ? type : undefined;
  };
  /** The event as the page heard it, or as it was put into the list for Google's tags. */
  const decidedBy = () => {
    const list: unknown = (globalThis as { dataLayer?: unknown }).dataLayer;
    return heardType ?? (Array.isArray(list) ? list : []).map(typeOf).findLast((type) => type);
  };
  return {
    name: 'usercentrics',
    means: { measurement: 'functional' },
    events: ['UC_UI_INITIALIZED', 'UC_CONSENT', 'UC_UI_CMP_EVENT', 'consent_status'],
    detect: () => isFunction(v3().getConsentDetails) || isFunction(v2().getServicesBaseInfo),
    hear({ detail }) {
      heardType = typeOf(detail) ?? heardType;
    },
    async read(name) {
      const details = await v3().getConsentDetails?.();
      if (details) return third(details, name);
      const said = second((await v2().getServicesBaseInfo?.()) ?? [], name);
      return said && decidedBy() !== 'explicit' ? 'pending' : said;
    },
    open: () => void (v3().showSecondLayer ? v3() : v2()).showSecondLayer?.(), // version 3 puts a stand-in for 2 beside it
  };
}
