// Like, save, buy: the clicks are recorded by the attributes in the page; here the buttons show what is kept and take it back.

export const acts = (root, fordi) => {
  const buttons = [...root.querySelectorAll('[data-act]')];
  const status = root.querySelector('[role=status]');
  let waiting;
  let unkept = false;
  let turn = 0;

  const show = async () => {
    const mine = ++turn;
    const evidence = await fordi.evidence();
    if (mine !== turn) return;
    if (unkept && fordi.choice() === 'granted') status.textContent = '';
    for (const button of buttons) {
      const { act, fordiItem } = button.dataset;
      const kept = evidence.some(({ verb, item }) => verb === act && item === fordiItem);
      if (waiting === act && kept !== (button.getAttribute('aria-pressed') === 'true')) {
        status.textContent = kept ? button.dataset.kept : button.dataset.gone;
        waiting = undefined;
      }
      button.setAttribute('aria-pressed', String(kept));
      // A pressed button takes back instead of recording a second time.
      if (kept) delete button.dataset.fordiVerb;
      else button.dataset.fordiVerb = act;
    }
  };

  const press = ({ currentTarget }) => {
    const { act, fordiItem, fordiVerb, not } = currentTarget.dataset;
    waiting = act;
    unkept = fordi.choice() !== 'granted';
    if (unkept) status.textContent = not;
    else if (!fordiVerb) fordi.forget({ item: fordiItem, verb: act });
  };

  for (const button of buttons) button.addEventListener('click', press);
  fordi.subscribe(show);
  fordi.ready.then(show);
};

/** "I like jazz" on a genre's page: said by the visitor, so it goes through declare(). */
export const declare = (root, fordi) => {
  const button = root.querySelector('button');
  const status = root.querySelector('[role=status]');
  const topic = root.dataset.declare;
  const pressed = () => button.getAttribute('aria-pressed') === 'true';

  const show = async () => {
    const evidence = await fordi.evidence();
    button.setAttribute('aria-pressed', String(evidence.some((entry) => entry.verb === 'declare' && entry.topic === topic)));
  };

  button.addEventListener('click', async () => {
    if (pressed()) {
      await fordi.forget({ topic, verb: 'declare' });
      status.textContent = root.dataset.gone;
    } else {
      const { kept } = await fordi.declare({ topic });
      status.textContent = kept ? root.dataset.kept : root.dataset.not;
    }
    show();
  });
  fordi.subscribe(show);
  fordi.ready.then(show);
};
