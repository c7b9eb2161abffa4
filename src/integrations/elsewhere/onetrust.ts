import { answer, global, isFunction, type Tool } from './tool.js';

interface OneTrust {
  OnConsentChanged(call: () => void): void;
  IsAlertBoxClosed(): boolean;
  ToggleInfoDisplay(): void;
  GetDomainData(): { ConsentModel?: { Name?: string } };
}

/** `window.OneTrust` may be mere configuration; its groups are active, and told of, before anybody has chosen. */
export function onetrust(): Tool {
  const api = () => global<OneTrust>('OneTrust');
  /** Where all is on until somebody turns it off, closing the notice says nothing; where nobody can tell, nothing is known. */
  const isAsked = () => {
    const model: unknown = api().GetDomainData?.().ConsentModel?.Name;
    return typeof model === 'string' ? /^opt-?in/i.test(model) : undefined;
  };
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
      return answer(groups.split(',').includes(group) && isAsked());
    },
    open: () => api().ToggleInfoDisplay?.(),
  };
}
