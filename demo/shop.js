// Brings the shop's pages to life. fordi itself comes by its own tag; what needs it waits in its queue.

import { acts, declare } from './acts.js';
import { find } from './find.js';
import { guide } from './guide.js';
import { near } from './near.js';
import { played } from './played.js';
import { player } from './player.js';

const lang = document.documentElement.lang;
const prefix = lang === 'en' ? '' : `/${lang}`;
const { page, record } = document.body.dataset;
const part = (name) => document.querySelector(`[data-${name}]`);
window.fordi ||= [];
const withFordi = (run) => window.fordi.push(run);
const withPart = (name, run) => part(name) && withFordi((fordi) => run(part(name), fordi, prefix));

/** fordi's reckoning for developers; fetched only when somebody asks for it. */
const decided = (button) => {
  let close;
  const slot = page === 'record' ? { slot: 'record', context: record } : { slot: 'home' };
  withFordi((fordi) =>
    button.addEventListener('click', async () => {
      const { inspect } = await import('/dist/debug.js');
      if (close) close();
      close = close ? undefined : inspect(fordi, { ...slot, open: true });
      button.setAttribute('aria-expanded', String(Boolean(close)));
    }),
  );
};

/** Ten seconds on the page without playing the record; what was played speaks for itself. A page made in advance is not looked at. */
const lookedAt = (fordi) => {
  if (document.prerendering) return document.addEventListener('prerenderingchange', () => lookedAt(fordi), { once: true });
  setTimeout(() => {
    if (!document.querySelector('audio').played.length) fordi.observe({ verb: 'view', item: record });
  }, 10_000);
};

if (part('player')) player(part('player'));
if (part('find')) find(part('find'), document.querySelector('.rows'), (event) => withFordi((fordi) => fordi.observe(event)));
decided(part('decided'));
withPart('acts', acts);
withPart('declare', declare);
withPart('guide', guide);
withPart('near', near);
withPart('played', played);
if (page === 'record') withFordi(lookedAt);
