import { pause } from '../breath.js';
import type { Asking, Question } from '../types.js';
import { heardOf, placeOf } from './ask.js';
import { type Box, createBox, createQuestion, spoken, titled } from './box.js';
import { createDraft } from './draft.js';
import type { Base, Part } from './element.js';
import { createAnswers, note } from './pieces.js';
import { createSwitches } from './switches.js';
import { say } from './words.js';

/**
 * In the top layer, where no z-index, transform or clipping of the page reaches; without popovers the style sheet does its
 * best. The page gets room below, so that whatever has focus can be scrolled out from behind the notice; afterwards it has
 * its own again.
 */
function seating() {
  const { style } = document.documentElement;
  let leave: (() => void) | undefined;
  return (box: HTMLElement | null) => {
    leave?.();
    leave = undefined;
    if (!box) return;
    const { paddingBottom, scrollPaddingBottom } = style;
    const sit = () => {
      style.scrollPaddingBottom = style.paddingBottom = `${box.offsetHeight + 32}px`;
    };
    const grown = () => requestAnimationFrame(() => box.isConnected && sit()); // in the same frame it could call itself again
    const eyes = globalThis.ResizeObserver && new ResizeObserver(grown);
    leave = () => {
      eyes?.disconnect();
      removeEventListener('resize', sit);
      Object.assign(style, { paddingBottom, scrollPaddingBottom });
    };
    const rise = () => {
      if (!box.isConnected) return;
      box.showPopover?.();
      if (eyes)
        eyes.observe(box); // hears of it once it has been laid out anyway: measuring at once would hold up the page's first frame
      else sit();
    };
    pause()
      .then(rise)
      .catch(() => {}); // the styles are a task of their own, on a slow phone
    addEventListener('resize', sit);
  };
}

/** Several purposes on one layer: yes and no to all, and each by itself, in buttons of one kind that come first and stay in sight. */
function createSeveral(base: Base, box: Box, draft: ReturnType<typeof createDraft>, gone: () => void) {
  const { t, fordi } = base;
  const answers = createAnswers();
  const switches = createSwitches(base, draft);
  return (asking: Asking, first: readonly (string | undefined)[]) => {
    const all = (to: boolean) => () => box.answer(draft.all(asking, to), 'notice', gone);
    return box.draw('several', say(t.askAll, fordi.options.site.name), [
      first.map((text) => note(text)),
      answers(
        [
          { text: t.noAll, act: all(false) },
          { text: t.yesAll, act: all(true), yes: () => true },
          { text: t.chosen, act: () => box.answer(draft.now(asking), 'notice', gone), yes: () => draft.some(asking) },
        ],
        'top',
      ),
      asking.purposes.map((purpose, at) => switches(asking, purpose, at)),
      box.below(),
    ]);
  };
}

/** Why it asks, where it has asked before. */
function reasons({ t, fordi }: Base, { why }: Asking): readonly (string | undefined)[] {
  if (why === 'changed') return [t.altered, fordi.options.notice.changes];
  return why === 'first' ? [] : [why === 'again' ? t.again : t.newer];
}

/**
 * Asks once, quietly, at the lower edge; everything but its buttons leaves the question open. It also puts the questions
 * that have no place of their own on the page, after its own.
 */
export function notice(base: Base): Part {
  const { t, fordi } = base;
  let asked: 'notice' | Question | undefined;
  let answered: typeof asked;
  const gone = () => {
    answered = asked;
    base.draw();
  };
  const draft = createDraft(fordi);
  const box = createBox(base, { popover: 'manual', ref: seating() });
  const single = createQuestion(base, box, gone);
  const several = createSeveral(base, box, draft, gone);
  const isOne = (asking: Asking) => asking.purposes.length === 1 && !draft.services(asking, asking.purposes[0] as string).length;
  const put = (asking: Asking) => {
    const [purpose = ''] = asking.purposes;
    const why = reasons(base, asking);
    if (!isOne(asking)) return several(asking, why);
    return single({ purpose, reason: '' }, 'notice', [...why, asking.why === 'changed' ? t[fordi.choice(purpose)] : '']);
  };
  const heard = (asking: Asking) => (isOne(asking) ? titled(base, asking.purposes[0] as string) : say(t.askAll, fordi.options.site.name));
  const view = () => {
    const { ready, asking, questions, elsewhere } = fordi.get();
    const question = questions.find((one) => !placeOf(base, one));
    if (!asking) draft.clear();
    asked = ready && !elsewhere.length ? (asking ? 'notice' : question) : undefined;
    if (asked !== answered) answered = undefined;
    if (!asked || answered) return spoken(base);
    if (asking) return [put(asking), spoken(base, heard(asking))];
    return question && [single(question, 'ask'), spoken(base, heardOf(base, question))];
  };
  return { view, floats: true };
}
