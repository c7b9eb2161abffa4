// "What you have played": the shop's own feature, read from fordi's evidence. Without permission it has nothing to show.

const MOST = 8;

const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

/** The latest listening of each record, newest first. */
const latest = (evidence) => {
  const seen = new Map();
  for (const entry of evidence) if (entry.verb === 'listen' && entry.item && !seen.has(entry.item)) seen.set(entry.item, entry);
  return [...seen.values()].slice(0, MOST);
};

export const played = (root, fordi, prefix) => {
  const words = root.dataset;
  const list = root.querySelector('ol');
  const says = root.querySelector('[data-says]');
  const status = root.querySelector('[role=status]');
  const date = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
  let turn = 0;

  const forget = async (item, title) => {
    await fordi.forget({ item, verb: 'listen' });
    status.textContent = words.forgotten.replace('{x}', title);
    (list.querySelector('button') ?? document.getElementById('main')).focus();
  };

  const row = ({ item, title, at }) => {
    const known = fordi.item(item);
    const name = known?.title ?? title ?? item;
    const image = make('img', { src: `/cover/${item}.svg`, alt: '', width: 56, height: 56 });
    const link = make('a', { href: `${prefix}/record/${item}`, textContent: name });
    const when = make('time', { dateTime: new Date(at).toISOString(), textContent: date.format(at) });
    const button = make('button', { type: 'button', className: 'link', textContent: words.forget });
    button.setAttribute('aria-label', words.forgetLabel.replace('{x}', name));
    button.addEventListener('click', () => forget(item, name));
    return make('li', {}, image, make('div', {}, link, ` ${known?.by ?? ''}`, when), button);
  };

  const saying = (count) => {
    const choice = fordi.choice();
    if (choice === 'granted') return count ? words.note : words.empty;
    return words[choice] ?? words.none;
  };

  const show = async () => {
    const mine = ++turn;
    const entries = latest(await fordi.evidence());
    if (mine !== turn) return;
    list.replaceChildren(...entries.map(row));
    says.textContent = saying(entries.length);
  };

  fordi.subscribe(show);
  fordi.ready.then(show);
};
