import { global, isFunction, type Tool } from './tool.js';

interface OneTrust {
  OnConsentChanged(call: () => void): void;
  IsAlertBoxClosed(): boolean;
  ToggleInfoDisplay(): void;
  GetDomainData(): { ConsentModel?: { Name?: string } };
}

/** `window.OneTrust` may be mere configuration; its groups are active, and told of, before anybody has chosen. */
export function onetrust(): Tool {
  const api = () => global<OneTrust>('OneTrust');
  /** Where all is on until somebody turns it off, closing the notice says nothing. */
  const isAsked = () => /^opt-?in/i.test(api().GetDomainData?.().ConsentModel?.Name ?? 'opt-in');
  return {
    name: 'onetrust',
    means: { personalization: 'C0003', measurement: 'C0002', marketing: 'C0004' },
    events: ['OneTrustGroupsUpdated', 'OTConsentApplied'],
    detect: () => isFunction(api().OnConsentChanged),
    onChange: (heard) => void api().OnConsentChanged?.(heard),
    read(group) {
      const groups: unknown = (globalThis as { OnetrustActiveGroups?: unknown }).OnetrustActiveGroups;
      if (!api().IsAlertBoxClosed?.()) return 'pending';
      if (typeof groups !== 'string') return undefined;
      return groups.split(',').includes(group) && isAsked() ? 'granted' : 'denied';
    },
    open: () => api().ToggleInfoDisplay?.(),
  };
}
