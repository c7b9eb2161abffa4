import { attempt, global, isFunction, type Tool } from './tool.js';

interface Manager {
  readonly confirmed: boolean;
  /** What was saved; `getConsent` also gives defaults, and switches that were moved and not saved. */
  readonly savedConsents: Readonly<Record<string, boolean>>;
  watch(watcher: { update(): void }): void;
  unwatch(watcher: { update(): void }): void;
}
interface Klaro {
  getManager(config: unknown): Manager;
  addEventListener(type: 'render', call: (config: unknown) => void): void;
  show(config: unknown, modal: boolean): void;
}

/**
 * `getManager` makes a manager, which acts on the page at once, where there is none. Klaro itself makes one right after its
 * event `render`, which is told again to whoever comes late: then, and with the same configuration, it is safe to ask.
 */
export function klaro(): Tool {
  const api = () => global<Klaro>('klaro');
  let config: unknown;
  let manager: Manager | undefined;
  return {
    name: 'klaro',
    means: {},
    events: [],
    detect: () => isFunction(api().getManager) && isFunction(api().addEventListener),
    onChange(heard) {
      const watcher = { update: () => heard() };
      let stopped = false;
      api().addEventListener?.('render', (rendered) => {
        config ??= rendered;
        queueMicrotask(() => {
          if (stopped) return;
          attempt(() => {
            manager ??= api().getManager?.(config);
            manager?.watch(watcher); // a set of theirs: twice is once
          });
          heard();
        });
      });
      return () => {
        stopped = true;
        manager?.unwatch(watcher);
      };
    },
    read(service) {
      if (!manager) return undefined;
      if (!manager.confirmed) return 'pending';
      const said = Object.hasOwn(manager.savedConsents, service) ? manager.savedConsents[service] : undefined;
      return said === undefined ? undefined : said === true ? 'granted' : 'denied';
    },
    open: () => api().show?.(config, true),
  };
}
