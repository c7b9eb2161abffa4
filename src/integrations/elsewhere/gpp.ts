import { isFunction, type Tool } from './tool.js';

/** What the platform's callback brings, as far as it is read. */
export interface Ping {
  readonly signalStatus?: string;
  readonly applicableSections?: readonly number[];
  readonly parsedSections?: Readonly<Record<string, unknown>>;
}
interface Told {
  readonly listenerId?: number;
  readonly pingData?: Ping;
}
type Api = (command: string, call: (told: Told, ok: boolean) => void, parameter?: unknown) => void;

const OPT_OUTS = ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut'];

const isOut = (segment: unknown) => {
  const said = Object(segment);
  return said.Gpc === true || OPT_OUTS.some((name) => said[name] === 1);
};

/** Whether the visitor has opted out in a section that applies; nothing while that is not known. */
export function readPing({ signalStatus, applicableSections, parsedSections }: Ping): 'granted' | 'denied' | undefined {
  if (signalStatus !== 'ready') return undefined;
  const segments = Object.values(Object(parsedSections)).flat();
  const isNone = Array.isArray(applicableSections) && applicableSections.includes(-1);
  return !isNone && segments.some(isOut) ? 'denied' : 'granted';
}

/** IAB GPP, read only: an opt-out there counts like Global Privacy Control. That there is none is no yes to anything. */
export function gpp(): Tool {
  const api = () => (globalThis as { __gpp?: Api }).__gpp;
  let last: Told = {};
  return {
    name: 'gpp',
    signal: true,
    means: {},
    events: [],
    detect: () => isFunction(api()),
    onChange(heard) {
      api()?.('addEventListener', (told, ok) => {
        if (!ok || !told?.pingData) return;
        const isReopened = told.pingData.signalStatus !== 'ready' && readPing(last.pingData ?? {});
        if (isReopened) return; // what was said holds until there is something else
        last = told;
        heard();
      });
      return () => api()?.('removeEventListener', () => {}, last.listenerId);
    },
    read: () => readPing(last.pingData ?? {}),
  };
}
