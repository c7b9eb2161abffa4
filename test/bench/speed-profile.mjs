// Where a warm answer spends its time: the functions that take most of it themselves.
import { machine } from './speed-browser.mjs';

const TOP = 20;
const SECONDS = 4;

/** A function by its name and place; one without a name also by the nearest caller that has one. */
function nameOf(node, callers) {
  const { functionName, url, lineNumber } = node.callFrame;
  let caller = node;
  while (caller && !caller.callFrame.functionName) caller = callers.get(caller.id);
  const name = functionName || `(anonymous, from ${caller?.callFrame.functionName ?? 'nobody'})`;
  return url ? `${name} ${url.split('/').pop()}:${lineNumber + 1}` : name;
}

/** Self time per function in ms, the longest first. */
function selfTimes({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node])));
  const times = new Map();
  samples.forEach((id, i) => {
    const name = nameOf(byId.get(id), callers);
    times.set(name, (times.get(name) ?? 0) + timeDeltas[i] / 1000);
  });
  return [...times].sort((a, b) => b[1] - a[1]);
}

/** Many warm answers in a row; resolves to how many. */
const answers = (page, seconds) =>
  page.evaluate(async (most) => {
    const until = performance.now() + most * 1000;
    let calls = 0;
    const { later } = await import('/speed-page.mjs');
    const ours = later(() => globalThis.fordi.recommend({ limit: 12 }));
    for (; performance.now() < until; calls++) await ours();
    return calls;
  }, seconds);

export async function profile(browser, { items, acts }) {
  const { page, cdp } = await browser.fresh();
  await page.evaluate(
    async ([count, history]) => {
      const { createFordi } = await import('/fordi.js');
      const { makeHistory, makeItems } = await import('/speed-data.mjs');
      const { live } = await import('/speed-page.mjs');
      const catalog = makeItems(count);
      globalThis.fordi = await live(createFordi, catalog, makeHistory(catalog, history));
    },
    [items, acts],
  );
  await answers(page, 1);
  await cdp.send('Profiler.enable');
  await cdp.send('Profiler.setSamplingInterval', { interval: 100 });
  await cdp.send('Profiler.start');
  const calls = await answers(page, SECONDS);
  const { profile: taken } = await cdp.send('Profiler.stop');
  console.log(`${machine(browser)}\n`);
  print(`warm recommend({ limit: 12 }) of ${items} items after ${acts} acts`, calls, selfTimes(taken));
}

function print(what, calls, times) {
  const all = times.reduce((sum, [, ms]) => sum + ms, 0);
  console.log(`${what}: ${(all / calls).toFixed(3)} ms a call`);
  console.log(`\n${'ms a call'.padStart(9)} ${'share'.padStart(6)}  function, line of the bundle`);
  for (const [name, ms] of times.slice(0, TOP))
    console.log(`${(ms / calls).toFixed(3).padStart(9)} ${`${((100 * ms) / all).toFixed(1)}%`.padStart(6)}  ${name}`);
}
