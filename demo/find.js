// Finding a record among all of them, in the page: what is typed goes nowhere, not even into the address.

const plain = (text) =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/** `searched(event)` hears of a search that led somewhere: a genre confirmed with Enter, or a record that was opened. */
export const find = (form, rows, searched) => {
  const input = form.querySelector('input');
  const status = form.querySelector('[role=status]');
  const entries = [...rows.children].map((row) => ({ row, words: plain(row.dataset.words) }));
  const topics = form.dataset.topics.split('|');

  const filter = () => {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { row, words } of entries) {
      row.hidden = !wanted.every((word) => words.includes(word));
      if (!row.hidden) found++;
    }
    status.textContent = found ? form.dataset.found.replace('{n}', found) : form.dataset.none;
  };

  form.hidden = false;
  input.addEventListener('input', filter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const topic = topics.find((name) => plain(name) === plain(input.value.trim()));
    if (topic) searched({ verb: 'search', topic });
  });
  rows.addEventListener('click', (event) => {
    const row = event.target.closest('a')?.closest('li');
    if (row && input.value.trim()) searched({ verb: 'search', item: row.dataset.id });
  });
};
