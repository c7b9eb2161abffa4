import { answer, isFunction, type Tool } from './tool.js';

type Yes = Readonly<Record<string, boolean | undefined>>;

/** What a framework's callback brings, as far as it is read. Legitimate interests, and whose purpose one is, are not. */
export interface TCData {
  readonly listenerId?: number;
  readonly cmpStatus?: string;
  readonly eventStatus?: string;
  readonly gdprApplies?: boolean;
  readonly purpose?: { readonly consents?: Yes };
  readonly publisher?: { readonly consents?: Yes; readonly customPurpose?: { readonly consents?: Yes } };
}

type Api = (command: string, version: number, call: (data: TCData, ok: boolean) => void, listener?: number) => void;

/** What the page's own purposes say. Those of the framework's list describe other companies: only where the owner names them. */
const consentsOf = ({ publisher, purpose }: TCData, whose = ''): Yes =>
  (whose === 'purpose' ? purpose?.consents : whose === 'custom' ? publisher?.customPurpose?.consents : publisher?.consents) ?? {};

/** `5`: the publisher's purpose 5; `custom.5`: the publisher's own, outside the list; `purpose.5`: other companies'. */
export function readTCData(
  data: TCData | undefined,
  ok: boolean,
  category: string,
  outside: 'granted' | 'denied',
): ReturnType<Tool['read']> {
  const [, whose, number] = /^(?:(custom|purpose)\.)?(\d+)$/.exec(category) ?? [];
  if (data?.cmpStatus === 'error') return 'silent';
  if (!data || !number || !ok) return undefined;
  if (data.gdprApplies === false) return outside;
  if (data.gdprApplies !== true) return undefined;
  if (data.eventStatus === 'cmpuishown') return 'pending';
  if (!/^(tcloaded|useractioncomplete)$/.test(`${data.eventStatus}`)) return undefined;
  return answer(consentsOf(data, whose)[number] === true);
}

/** IAB TCF 2.2 and 2.3, read only. It speaks for a tool that may have an adapter of its own, which then has the word. */
export function tcf(outside: 'granted' | 'denied' = 'denied'): Tool {
  const api = () => (globalThis as { __tcfapi?: Api }).__tcfapi;
  let last: TCData | undefined;
  let fine = false;
  const says = (data: TCData | undefined, ok: boolean) => readTCData(data, ok, '1', outside);
  /** Opened again over a choice, which holds until there is another. */
  const isReopened = (data: TCData, ok: boolean) => says(data, ok) === 'pending' && /^(granted|denied)$/.test(`${says(last, fine)}`);
  return {
    name: 'tcf',
    yields: true,
    means: { personalization: '1+5+6', measurement: '1+8' },
    events: [],
    detect: () => isFunction(api()),
    onChange(heard) {
      const call = (data: TCData, ok: boolean) => {
        if (isReopened(data, ok)) return;
        last = data;
        fine = ok;
        heard();
      };
      api()?.('addEventListener', 2, call);
      return () => api()?.('removeEventListener', 2, () => {}, last?.listenerId);
    },
    read: (category) => readTCData(last, fine, category, outside),
  };
}
