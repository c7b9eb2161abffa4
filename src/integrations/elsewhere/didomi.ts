import { answer, global, isFunction, type Tool } from './tool.js';

interface Didomi {
  isConsentRequired(): boolean;
  /** Deprecated, and better: it tells a no from nobody having been asked. */
  getUserConsentStatusForPurpose(id: string): boolean | undefined;
  getCurrentUserStatus(): { readonly purposes?: Readonly<Record<string, { readonly enabled?: boolean }>> };
  shouldUserStatusBeCollected(): boolean;
  on(event: string, call: () => void): void;
  readonly preferences: { show(): void };
}

/** Where nobody has to be asked all is a yes; some blockers put an object in its place that says the same. */
export function didomi(): Tool {
  const api = () => global<Didomi>('Didomi');
  return {
    name: 'didomi',
    means: {
      personalization: 'cookies+create_content_profile+select_personalized_content',
      measurement: 'cookies+measure_content_performance',
    },
    events: [],
    detect: () => isFunction(api().getUserConsentStatusForPurpose) || isFunction(api().getCurrentUserStatus),
    onChange: (heard) => void api().on?.('consent.changed', heard),
    read(purpose) {
      if (api().isConsentRequired?.() !== true) return 'pending';
      if (!api().getUserConsentStatusForPurpose)
        return api().shouldUserStatusBeCollected?.() ? 'pending' : answer(api().getCurrentUserStatus?.().purposes?.[purpose]?.enabled);
      const said = api().getUserConsentStatusForPurpose?.(purpose);
      return said === undefined ? 'pending' : answer(said);
    },
    open: () => api().preferences?.show(),
  };
}
