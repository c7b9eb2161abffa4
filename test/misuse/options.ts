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
