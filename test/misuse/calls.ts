// Each marked line must fail to compile: `npm run typecheck` breaks when one starts to pass. Nothing here is run.
import { createFordi, type FordiError, VERBS } from 'fordi';

const fordi = createFordi({ site: { name: 'Grooves' }, notice: { version: '1', keeps: ['listen'] } });

void fordi.observe({ verb: 'listen', item: 'blue' });
void fordi.observe({ verb: 'listen', item: { id: 'blue', title: 'Blue' }, until: new Date() });
void fordi.grant(['personalization'], { via: 'notice' });

// @ts-expect-error: no such verb
void fordi.observe({ verb: 'lisen', item: 'blue' });
// @ts-expect-error: an event has a verb
void fordi.observe({ item: 'blue' });
// @ts-expect-error: ids are texts, 1 and "1" are not the same
void fordi.observe({ verb: 'listen', item: 1 });
// @ts-expect-error: an item that travels with its call has a title
void fordi.observe({ verb: 'listen', item: { id: 'blue' } });
// @ts-expect-error: the page's own provenance is no one's to give, nor is one that does not exist
void fordi.observe({ verb: 'listen', item: 'blue', provenance: 'guessed' });
// @ts-expect-error: an interest has a topic
void fordi.declare({ value: 1 });
// @ts-expect-error: purposes come in a list
void fordi.grant('personalization');
// @ts-expect-error: yes or no, or services by name
void fordi.decide({ marketing: 'yes' });
// @ts-expect-error: a question has a reason
void fordi.ask('location');
// @ts-expect-error: no such voice
void fordi.setVoice('loud');
// @ts-expect-error: no such request
void fordi.recommend({ slots: 'home' });
// @ts-expect-error: a limit is a number
void fordi.recommend({ limit: '6' });
// @ts-expect-error: no such verb to forget
void fordi.forget({ verb: 'lisen', item: 'blue' });

const kept = await fordi.observe({ verb: 'listen', item: 'blue' });
// @ts-expect-error: there is evidence only where it was kept
void kept.evidence;
if (kept.kept) void kept.evidence.id;
else void kept.reason;

const picks = await fordi.recommend();
// @ts-expect-error: results are read-only
picks.push(picks[0]);
for (const pick of picks) {
  // @ts-expect-error: so is every pick
  pick.score = 1;
  // @ts-expect-error: and every item
  pick.item.title = 'Mine';
  // @ts-expect-error: a reason may be absent
  void pick.because.text;
}
void fordi.shown(picks);
void fordi.add([{ id: 'blue', title: 'Blue', neighbours: [{ id: 'red', title: 'Red', weight: 0.5 }] }]);
// @ts-expect-error: what is shown is what was recommended, not its ids
void fordi.shown(['blue']);
// @ts-expect-error: items come in a list
void fordi.add({ id: 'blue', title: 'Blue' });
// @ts-expect-error: and have a title
void fordi.add([{ id: 'blue' }]);

const { variant } = await fordi.choose('hero', [{ id: 'plain' }, { id: 'jazz', topics: ['jazz'], audience: 'returning', html: '<b>' }]);
void variant?.id;
// @ts-expect-error: none may be chosen
void variant.id;
// @ts-expect-error: there is no such place without a name
void fordi.choose([{ id: 'plain' }]);
// @ts-expect-error: variants come in a list
void fordi.choose('hero', { id: 'plain' });
// @ts-expect-error: a variant has an id
void fordi.choose('hero', [{ title: 'Plain' }]);
// @ts-expect-error: visitors are new or returning
void fordi.choose('hero', [{ id: 'plain', audience: 'loyal' }]);
// @ts-expect-error: contexts come in a list
void fordi.choose('hero', [{ id: 'plain', context: 'jazz' }]);

const [record] = await fordi.evidence();
// @ts-expect-error: the past is read-only
if (record) record.at = 0;
// @ts-expect-error: so are the options once given
fordi.options.audience = 'open';
// @ts-expect-error: and the state
fordi.get().choice = 'granted';
// @ts-expect-error: and the verbs
VERBS.listen.weight = 2;
// @ts-expect-error: and what an error says
(({}) as FordiError).path = 'x';
