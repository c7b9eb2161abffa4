import type { ComponentChild } from 'preact';
import type { Choices, Granted, Purpose, Receipt, Service, Standing } from '../types.js';
import { DAY } from '../verbs.js';
import type { Base } from './element.js';
import { button, createAnswers, createCare, fold, note, toggle } from './pieces.js';
import { fullText, isBarred, PERSONAL, sentOf, serviceTold, toldOf } from './purposes.js';
import type { Done } from './said.js';
import { called, say } from './words.js';

/** "3 Nov 2026 – 4 May 2027 · in the notice". A no has no hour, and its day is the same everywhere. */
export const when = ({ date, word }: Base, { at, until, via }: Standing | Receipt) => {
  const day = (when: number | string) =>
    date(typeof when === 'number' && when % DAY === 0 ? new Date(when).toISOString().slice(0, 10) : when);
  return [`${day(at)} – ${day(until)}`, word(`via-${via}`)].filter(Boolean).join(' · ');
};

/** What can be done about a choice here: said yes or no to, and taken back. */
function createActs({ t, fordi, run }: Base) {
  const told = (granted: Granted) =>
    granted.granted || granted.reason === 'refused'
      ? t.changed
      : granted.reason === 'elsewhere'
        ? say(t.elsewhere, called(fordi.get().elsewhere))
        : t.failed;
  /** At once, and gone; for a moment there is a way back, which is a new yes. */
  const takeBack = async (purposes?: readonly Purpose[]): Promise<Done> => {
    const { verified, undo } = await fordi.withdraw({ via: 'panel', ...(purposes && { purposes }) });
    const text = purposes && !purposes.includes(PERSONAL) ? t.changed : verified ? t.erased : t.erasing;
    const { seen, meant } = createCare();
    seen();
    return { text, ...(undo && { undo: async (event) => meant(event) && (await undo()).granted, ends: true }) };
  };
  const isAny = () => !!fordi.get().given[0];
  return {
    isAny,
    decide: (choices: Choices, text: string) => run(fordi.decide(choices, { via: 'panel', text }).then(told)),
    takeBack: (purpose: Purpose) => run(takeBack([purpose])),
    withdraw: () => void (isAny() && run(takeBack())),
  };
}

/** Every choice there is, as it stands, each with the means to change it: no as easily as yes. */
export function createChoices(base: Base) {
  const { t, fordi } = base;
  const { isAny, decide, takeBack, withdraw } = createActs(base);
  const { seen, meant } = createCare();
  const answers = createAnswers();
  const turn = (purpose: Purpose, on: boolean, text: string) => (event: MouseEvent) => {
    if (on) takeBack(purpose);
    else if (meant(event)) decide({ [purpose]: true }, text);
  };
  /** Where nothing was chosen there is nothing to switch: two buttons that differ in their words only. */
  const ask = (purpose: Purpose, text: string) =>
    answers([
      { text: t.no, act: () => decide({ [purpose]: false }, text) },
      { text: t.yes, act: () => decide({ [purpose]: true }, text), yes: () => true },
    ]);
  const service = (purpose: Purpose, name: string, one: Service) => {
    const on = fordi.choice(purpose, name) === 'granted';
    const press = (event: MouseEvent) =>
      (on || meant(event)) && decide({ [purpose]: { services: { [name]: !on } } }, fullText(base, purpose, name));
    return (
      <li key={name}>
        {toggle(one.title, on, press, { id: `may ${purpose} ${name}` })}
        <small>{serviceTold(base, one)}</small>
      </li>
    );
  };
  /** `kept`: of a yes to the purpose, or to a service of it, that is in force. */
  const stated = (purpose: Purpose, standing: Standing | undefined, kept: boolean) => {
    const { gpc, elsewhere, choices } = fordi.get();
    const state = choices[purpose] ?? 'unset';
    if (state === 'refused' && !standing && (gpc || elsewhere[0])) return; // the page says whose no it is
    const said = t[kept || (state === 'unset' && standing) ? 'granted' : state];
    return <small>{[said, standing && when(base, standing)].filter(Boolean).join(' ')}</small>;
  };
  const row = (purpose: Purpose) => {
    const { choices, standing, asking } = fordi.get();
    const { title, lines, services } = toldOf(base, purpose);
    const on = choices[purpose] === 'granted';
    const text = fullText(base, purpose);
    const told = lines.map((line) => note(line));
    const open = purpose === PERSONAL && !on && !!asking?.purposes.includes(purpose);
    const each = Object.entries(services);
    const may = each.filter(([name]) => fordi.choice(purpose, name) === 'granted');
    return (
      <li key={purpose}>
        {open ? <b>{title}</b> : toggle(title, on, turn(purpose, on, text), { id: `may ${purpose}` })}
        {stated(purpose, standing[purpose], on || !!may[0])}
        {open ? [told, ask(purpose, text)] : fold(t.terms, told, { open: !on || may.length < each.length })}
        {each[0] && <ul>{each.map(([name, one]) => service(purpose, name, one))}</ul>}
      </li>
    );
  };
  /** Its interface is not to open behind this one. */
  const manage = () => {
    base.host.removeAttribute('open');
    fordi.manage();
  };
  const view = (): ComponentChild => {
    const { choices, elsewhere, gpc } = fordi.get();
    const { child } = fordi.options;
    if (child) return note(t.child);
    return [
      gpc && Object.keys(choices).some((purpose) => isBarred(base, purpose)) && note(t.gpc),
      elsewhere[0] && (
        <p>
          {say(t.elsewhere, called(elsewhere))} {button(t.manage, manage)}
        </p>
      ),
      <ul class="may" ref={seen} aria-label={t.choices}>
        {Object.keys(choices).map(row)}
      </ul>,
      note(sentOf(base)),
      isAny() && button(t.withdraw, withdraw, { id: 'withdraw' }),
    ];
  };
  return { view, withdraw };
}
