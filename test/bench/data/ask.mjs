// Asks fordi for a list per case. One page serves all visitors, each of whom begins with nothing (`forget` all), because
// reading the catalog anew for each would take most of the time; `pages` does it the long way, to check that it is the same.
import { DAY, freshDevice, live, pageAt, setClock } from './device.mjs';

/** Nothing is kept longer than 180 days; what is older is told as this old where all of it is to count. */
const OLDEST = 175 * DAY;
const KEPT = 180 * DAY;
/** A yes holds this long; then the visitor is asked again, and begins anew. */
const CHOICE = 182 * DAY;
const LONG_AGO = Date.UTC(2009, 0, 1);

const sorted = (past) => [...past].sort((a, b) => a.at - b.at);
const timesOf = (past) => [...new Set(past.map(({ at }) => at))].sort((a, b) => a - b);

/** Everything, with what is older than fordi keeps taken to be as old as it keeps. */
export const whole = ({ past, now }) => sorted(past.map((e) => ({ ...e, at: Math.max(e.at, now - OLDEST) })));
/** As if all had just happened. */
export const timeless = ({ past, now }) => sorted(past).map((e) => ({ ...e, at: now }));
/** What life leaves on a device: what is not older than 180 days and came after the last yes. */
export function kept({ past, now }) {
  let yes = Number.NEGATIVE_INFINITY;
  for (const at of [...timesOf(past), now]) if (at >= yes + CHOICE) yes = at;
  return sorted(past.filter(({ at }) => at >= yes && at >= now - KEPT));
}

/**
 * A page that can be handed from visitor to visitor, in the order in which their histories begin: the yes stays as old as
 * the first, and what is older than the yes may not be named.
 */
export async function sharedPage(catalog, options) {
  freshDevice({ disk: false });
  const fordi = await pageAt(LONG_AGO, { ...options, catalog });
  return {
    fordi,
    async become(events, now, eventOf) {
      await fordi.forget({ all: true });
      setClock(Math.min(now, ...events.map(({ at }) => at)));
      await fordi.grant();
      await live(fordi, events, eventOf);
      setClock(now);
    },
  };
}

const LIST = { slot: 'bench', limit: 10 };

/** Lists of picks, case after case. `before`: what else happens on the page before the list is asked for. */
export const askPicks = (catalog, eventOf, { past = whole, options = {}, before } = {}) =>
  async function lists(cases) {
    const { fordi, become } = await sharedPage(catalog, options);
    const found = new Map();
    const ready = cases.map((one) => [one, past(one)]).sort(([a, mine], [b, theirs]) => (mine[0]?.at ?? a.now) - (theirs[0]?.at ?? b.now));
    for (const [one, events] of ready) {
      await become(events, one.now, eventOf);
      await before?.(fordi, one);
      found.set(one, await fordi.recommend(LIST));
    }
    fordi.stop();
    return cases.map((one) => found.get(one));
  };

export const idsOf = (picks) => picks.map(({ item }) => item.id);

/** The same as lists of ids. */
export const ask = (catalog, eventOf, how) => async (cases) => (await askPicks(catalog, eventOf, how)(cases)).map(idsOf);

/** The long way: a device per visitor, a page per visit, everything on disk. */
export const pages = (catalog, eventOf, { options = {} } = {}) =>
  async function lists(cases) {
    const found = [];
    for (const { past, now } of cases) {
      freshDevice();
      for (const at of timesOf(past)) {
        const fordi = await pageAt(at, { ...options, catalog });
        await live(
          fordi,
          past.filter((e) => e.at === at),
          eventOf,
        );
        fordi.stop();
      }
      const fordi = await pageAt(now, { ...options, catalog });
      found.push(idsOf(await fordi.recommend(LIST)));
      fordi.stop();
    }
    return found;
  };
