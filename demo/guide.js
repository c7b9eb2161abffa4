// The strip "Try it": ticks what has happened. All of it is read from fordi; nothing is noted down for the guide itself.

export const guide = (root, fordi) => {
  const atHome = document.body.dataset.page === 'home';
  let asked = false;
  let turn = 0;

  const tick = (name, done) => {
    const step = root.querySelector(`[data-step=${name}]`);
    step.classList.toggle('done', done);
    step.querySelector('.state').textContent = done ? ` (${root.dataset.done})` : '';
  };

  const show = async () => {
    const mine = ++turn;
    const heard = new Set((await fordi.evidence()).filter(({ verb }) => verb === 'listen').map(({ item }) => item));
    if (mine !== turn) return;
    tick('play', heard.size >= 2);
    tick('back', heard.size >= 2 && atHome);
    tick('why', asked);
    tick('end', fordi.choice() === 'withdrawn');
    root.querySelector('[data-says]').textContent = root.dataset[fordi.choice()];
  };

  // Asking leaves no trace in fordi either, so this tick lasts as long as the page.
  document.querySelector('fordi-shelf')?.addEventListener('click', (event) => {
    if (!event.composedPath()[0]?.closest?.('[aria-expanded]')) return;
    asked = true;
    show();
  });

  fordi.subscribe(show);
  fordi.ready.then(show);
};
