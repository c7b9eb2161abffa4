// "Evenings near you": shows what is on in the city that is chosen. The city is kept on this device only after its own yes,
// asked for by fordi where it is needed, and not a day longer than was said.

const KEY = 'grooves-city';
const DAY = 86_400_000;

export const near = (root, fordi) => {
  const words = root.dataset;
  const select = root.querySelector('select');
  const status = root.querySelector('[role=status]');
  const [ask, forget] = ['[data-fordi-ask]', '[data-forget]'].map((name) => root.querySelector(name));
  const lists = [...root.querySelectorAll('[data-city]')];
  let may;

  const recall = () => {
    try {
      const { city, until } = JSON.parse(localStorage.getItem(KEY));
      return Date.now() < until ? city : '';
    } catch {
      return ''; // nothing there, or not ours
    }
  };
  const keep = (city) => {
    try {
      if (city) localStorage.setItem(KEY, JSON.stringify({ city, until: Date.now() + words.days * DAY }));
      else localStorage.removeItem(KEY);
    } catch {} // a browser that keeps nothing
  };

  const draw = () => {
    for (const list of lists) list.hidden = list.dataset.city !== select.value;
    ask.hidden = may || !select.value;
    forget.hidden = !may;
  };

  const show = () => {
    const before = may;
    may = fordi.choice('city') === 'granted';
    if (may === before) return;
    if (may && before === undefined) select.value = recall() || select.value;
    keep(may ? select.value : '');
    if (before !== undefined) status.textContent = may ? words.kept : words.gone;
    draw();
  };

  select.addEventListener('change', () => {
    status.textContent = '';
    if (may) keep(select.value);
    draw();
  });
  forget.addEventListener('click', () => {
    fordi.withdraw({ purposes: ['city'] });
    select.focus();
  });
  root.hidden = false;
  fordi.ready.then(() => {
    show();
    fordi.subscribe(show);
  });
};
