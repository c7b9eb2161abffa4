import type { VNode } from 'preact';
import type { Asking, Purpose, Service } from '../types.js';
import type { Draft } from './draft.js';
import type { Base } from './element.js';
import { note } from './pieces.js';
import { serviceTold, toldOf } from './purposes.js';
import { say } from './words.js';

/** What one purpose is about, with its switch, and its services with theirs. Nothing stands on yes but what was said yes to. */
export function createSwitches(base: Base, draft: Draft) {
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
  const single = (id: string, purpose: Purpose, name: string, service: Service) => (
    <div key={name}>
      {lever(service.title, id, purpose, name)}
      <small id={id}>{serviceTold(base, service)}</small>
    </div>
  );
  return (asking: Asking, purpose: Purpose, at: number): VNode => {
    const { title, lines, services } = toldOf(base, purpose);
    const grown = draft.isGrown(asking, purpose);
    const asked = draft.services(asking, purpose);
    return (
      <div class="what" key={purpose}>
        {grown ? <b>{title}</b> : lever(title, `d${at}`, purpose)}
        <div id={`d${at}`}>{lines.map((line) => note(line))}</div>
        {asked.length > 0 && (
          <details open={grown}>
            <summary>{say(base.t.single, asked.length)}</summary>
            {Object.entries(services).map(([name, service], nr) => asked.includes(name) && single(`d${at}-${nr}`, purpose, name, service))}
          </details>
        )}
      </div>
    );
  };
}
