import type { VNode } from 'preact';
import type { Asking, Purpose, Service } from '../types.js';
import type { Draft } from './draft.js';
import type { Base } from './element.js';
import { note } from './pieces.js';
import { serviceTold, toldOf } from './purposes.js';
import { say } from './words.js';

/** What one purpose is about, with its switch, and its services with theirs. Nothing stands on yes but what was said yes to. */
export function createSwitches(base: Base, draft: Draft) {
  const { t, fordi } = base;
  const lever = (title: string, id: string, purpose: Purpose, service?: string) => {
    const turn = ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) => {
      draft.turn(purpose, currentTarget.checked, service);
      base.draw();
    };
    return (
      <label>
        <input type="checkbox" aria-describedby={id} checked={draft.on(purpose, service)} onChange={turn} />
        <b>{title}</b>
      </label>
    );
  };
  /** Said in words where the switch does not: to other terms than these; or that only the services are new. */
  const before = (asking: Asking, purpose: Purpose, service?: string) => {
    if (asking.why !== 'changed' || !fordi.get().standing[purpose]) return;
    return draft.isGrown(asking, purpose) ? service === undefined && t.newer : t[fordi.choice(purpose, service)];
  };
  const single = (id: string, asking: Asking, purpose: Purpose, name: string, service: Service) => (
    <div key={name}>
      {lever(service.title, id, purpose, name)}
      <small id={id}>{[serviceTold(base, service), before(asking, purpose, name)].filter(Boolean).join(' · ')}</small>
    </div>
  );
  return (asking: Asking, purpose: Purpose, at: number): VNode => {
    const { title, lines, services } = toldOf(base, purpose);
    const grown = draft.isGrown(asking, purpose);
    const asked = draft.services(asking, purpose);
    return (
      <div class="what" key={purpose}>
        {grown ? <b>{title}</b> : lever(title, `d${at}`, purpose)}
        <div id={`d${at}`}>{[...lines, before(asking, purpose)].map(note)}</div>
        {asked.length > 0 && (
          <details open={grown}>
            <summary>{say(t.single, asked.length)}</summary>
            {Object.entries(services).map(
              ([name, service], nr) => asked.includes(name) && single(`d${at}-${nr}`, asking, purpose, name, service),
            )}
          </details>
        )}
      </div>
    );
  };
}
