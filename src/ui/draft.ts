import type { Asking, Choices, Fordi, Purpose } from '../types.js';

/**
 * What the visitor has set in a notice with several purposes and not yet saved. Until they touch it, what they chose before;
 * where the terms have changed, nothing: a yes to other terms is none to these.
 */
export function createDraft(fordi: Fordi) {
  const set = new Map<string, boolean>();
  const key = (purpose: Purpose, service?: string) => JSON.stringify([purpose, service]);
  const names = (purpose: Purpose) => Object.keys(fordi.options.purposes[purpose]?.services ?? {});
  const on = (purpose: Purpose, service?: string): boolean =>
    set.get(key(purpose, service)) ?? (fordi.get().asking?.why !== 'changed' && fordi.choice(purpose, service) === 'granted');
  /** Said yes to, and asked about only because services came later. */
  const isGrown = ({ grown }: Asking, purpose: Purpose) => !!grown?.includes(purpose);
  const services = (asking: Asking, purpose: Purpose): readonly string[] =>
    names(purpose).filter((one) => !isGrown(asking, purpose) || fordi.choice(purpose, one) === 'unset');
  const choices = (asking: Asking, may: (purpose: Purpose, service?: string) => boolean): Choices =>
    Object.fromEntries(
      asking.purposes.map((purpose) => [
        purpose,
        {
          ...(!isGrown(asking, purpose) && { granted: may(purpose) }),
          services: Object.fromEntries(services(asking, purpose).map((one) => [one, may(purpose, one)])),
        },
      ]),
    );
  return {
    on,
    isGrown,
    services,
    /** A purpose takes its services along. */
    turn(purpose: Purpose, to: boolean, service?: string) {
      for (const one of service === undefined ? [undefined, ...names(purpose)] : [service]) set.set(key(purpose, one), to);
    },
    /** The same to everything that is asked. */
    all: (asking: Asking, to: boolean) => choices(asking, () => to),
    /** As it stands. */
    now: (asking: Asking) => choices(asking, on),
    /** Whether anything stands on yes. */
    some: (asking: Asking) => asking.purposes.some((purpose) => [undefined, ...services(asking, purpose)].some((one) => on(purpose, one))),
    clear: () => set.clear(),
  };
}

export type Draft = ReturnType<typeof createDraft>;
