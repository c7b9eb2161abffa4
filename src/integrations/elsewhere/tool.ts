import type { Purpose, Told } from '../../types.js';

/** What a tool says; nothing where that cannot be understood. */
export type Answer = Told | undefined;

/** Another tool for permission, as it is read. It is never written to, and none of its methods that decide anything is called. */
export interface Tool {
  readonly name: string;
  /** What it calls a purpose unless the owner says otherwise; where this is silent too, what the purpose is called here. */
  readonly means: Readonly<Record<Purpose, string>>;
  /** Events of the page after which it may have come, or changed its mind. */
  readonly events: readonly string[];
  /** What such an event brings along, heard also before the tool is there. */
  hear?(event: Event & { readonly detail?: unknown }): void;
  /** Is there, under names that are its own. */
  detect(): unknown;
  /** Where events do not tell: called once, when it is there. */
  onChange?(heard: () => void): (() => unknown) | undefined;
  /** About one of its categories, services or purposes. */
  read(category: string): Answer | Promise<Answer>;
  /** Shows its interface. */
  open?(): void;
  /** Speaks for a tool that may also be known by a name of its own: that one then has the word. */
  readonly yields?: boolean;
  /** Never asks for anything: all it has is a no that counts like Global Privacy Control. */
  readonly signal?: boolean;
}

/** A global of the page. `Object` makes an absent one empty, so that every part of it may be asked for. */
export const global = <T>(name: string): Partial<T> => Object((globalThis as Record<string, unknown>)[name]);

export const isFunction = (x: unknown): boolean => typeof x === 'function';

/** A plain yes or no of theirs. Anything else is none. */
export const answer = (x: unknown): Answer => (x === true ? 'granted' : x === false ? 'denied' : undefined);

/** What a tool throws is its own affair: then it has not said anything. */
export function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
