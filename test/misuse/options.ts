// Each marked line must fail to compile: `npm run typecheck` breaks when one starts to pass. Nothing here is run.
import { createFordi } from 'fordi';
import { reasons } from 'fordi/locales/en';

const site = { name: 'Grooves' };
const notice = { version: '1', keeps: ['listen'] } as const;

createFordi({ site, notice });
createFordi({
  site,
  notice,
  catalog: '/c.json',
  slots: { home: { visibility: 'public', size: 3 } },
  locale: { lang: 'en', dir: 'ltr', reasons },
});

// @ts-expect-error: a site has a name
createFordi({ site: {}, notice });
// @ts-expect-error: misspelt, did you mean catalog?
createFordi({ site, notice, catalogue: '/c.json' });
// @ts-expect-error: misspelt inside the notice, did you mean keeps?
createFordi({ site, notice: { version: '1', keep: ['listen'] } });
// @ts-expect-error: no such verb
createFordi({ site, notice: { version: '1', keeps: ['lisen'] } });
// @ts-expect-error: verbs come in a list
createFordi({ site, notice: { version: '1', keeps: 'listen' } });
// @ts-expect-error: a language is imported, not named; only English comes along
createFordi({ site, notice, locale: 'da' });
// @ts-expect-error: a language has all its texts
createFordi({ site, notice, locale: { lang: 'da', dir: 'ltr', reasons: { because: 'Fordi {x}' } } });
// @ts-expect-error: visibility is private or public
createFordi({ site, notice, slots: { home: { visibility: 'secret' } } });
// @ts-expect-error: misspelt inside a slot
createFordi({ site, notice, slots: { home: { visiblity: 'public' } } });
// @ts-expect-error: audience is cautious, balanced or open
createFordi({ site, notice, audience: 'bold' });
// @ts-expect-error: the signal is refused or ignored, not switched
createFordi({ site, notice, gpc: true });
// @ts-expect-error: a rule answers with a mode
createFordi({ site, notice, rules: [() => 'loud'] });
// @ts-expect-error: an item has an id and a title
createFordi({ site, notice, catalog: [{ id: 'a' }] });
// @ts-expect-error: a catalog of the page's own is a promise of items
createFordi({ site, notice, catalog: () => [{ id: 'a', title: 'A' }] });

createFordi({
  site,
  notice,
  paused: ['flights', { what: 'ferries', from: '2026-11-20', until: 1_800_000_000_000 }],
  ranking: { prior: 0.2, explore: 0 },
  fatigue: { shows: 3 },
  verbs: { listen: { weight: 2 }, like: { halfLife: 0 } },
});
// @ts-expect-error: a pause says what
createFordi({ site, notice, paused: [{ from: '2026-11-20' }] });
// @ts-expect-error: a moment is a text or milliseconds
createFordi({ site, notice, paused: [{ what: 'flights', until: new Date() }] });
// @ts-expect-error: no such dial, did you mean neighbours?
createFordi({ site, notice, ranking: { neighbors: 1 } });
// @ts-expect-error: a dial is a number
createFordi({ site, notice, ranking: { prior: 'high' } });
// @ts-expect-error: all dials at once are none
createFordi({ site, notice, ranking: 0.5 });
// @ts-expect-error: misspelt, did you mean shows?
createFordi({ site, notice, fatigue: { show: 3 } });
// @ts-expect-error: fatigue is tuned, not switched
createFordi({ site, notice, fatigue: false });
// @ts-expect-error: no such verb to tune
createFordi({ site, notice, verbs: { lisen: { weight: 1 } } });
// @ts-expect-error: a verb has a weight and a half-life
createFordi({ site, notice, verbs: { listen: 2 } });
// @ts-expect-error: how the site comes to know is not the owner's to say
createFordi({ site, notice, verbs: { view: { from: 'engaged' } } });
// @ts-expect-error: a neighbour's weight is a number
createFordi({ site, notice, catalog: [{ id: 'a', title: 'A', neighbours: { b: 'much' } }] });
// @ts-expect-error: a neighbour that travels as an item has a weight
createFordi({ site, notice, catalog: [{ id: 'a', title: 'A', neighbours: [{ id: 'b', title: 'B' }] }] });
// @ts-expect-error: a moment is a text or milliseconds
createFordi({ site, notice, catalog: [{ id: 'a', title: 'A', until: new Date() }] });
