import type { Question } from '../types.js';
import { createBox, createQuestion, spoken, titled } from './box.js';
import type { Base, Part, Ui } from './element.js';

/** Where a question about this purpose is put: in the first place on the page that is made for it and can be seen. */
export const placeOf = ({ places }: Ui, { purpose }: Question): HTMLElement | undefined =>
  [...places].find((host) => host.getAttribute('purpose') === purpose && (host.checkVisibility?.() ?? true));

/** What those hear of it who do not see it come. */
export const heardOf = (base: Base, { reason, purpose }: Question): string => reason || titled(base, purpose);

/** Asks beside what needs the answer, when that needs it. Takes no focus: what was pressed keeps it. */
export function ask(base: Base): Part {
  const { host, fordi, places } = base;
  places.add(host);
  let asked: Question | undefined;
  let answered: Question | undefined;
  const box = createBox(base, { class: 'here' });
  const put = createQuestion(base, box, () => {
    answered = asked;
    base.draw();
  });
  const view = () => {
    const { questions, elsewhere } = fordi.get();
    asked = elsewhere.length ? undefined : questions.find((one) => placeOf(base, one) === host && one !== answered);
    return [asked && put(asked, 'ask'), spoken(base, asked && heardOf(base, asked))];
  };
  return { view, stop: () => places.delete(host) };
}
