// A page with something on it, served without delay, and what its main thread is busy with.
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { chromium } from 'playwright';
import { chromium as findChromium } from '../../e2e/browsers.mjs';

const TYPES = { '.js': 'text/javascript', '.css': 'text/css' };

/** A few hundred nodes, so that style and layout have something to do. */
const BODY = `<main><h1>Grooves</h1>${Array.from(
  { length: 40 },
  (_, i) => `<article><h2>Record ${i}</h2><p>Played by <b>somebody</b>, and <a href="#${i}">liked</a> by others.</p></article>`,
).join('')}</main>`;

const pageOf = (head) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>bench</title><script defer src="/start.js"></script>${head}<body>${BODY}`;

/** `/<number>`: the page of one peer; `/`: an empty one. */
function serve(rows) {
  const files = Object.assign({ '/start.js': 'performance.mark("start")' }, ...rows.map(({ files }) => files));
  const server = createServer((req, res) => {
    const row = rows[req.url.slice(1)];
    res.setHeader('content-type', row ? 'text/html' : (TYPES[extname(req.url)] ?? 'text/html'));
    if (!row) res.setHeader('cache-control', 'max-age=3600');
    res.end(row ? pageOf(row.head) : (files[req.url] ?? '<!doctype html><title>empty</title>'));
  }).listen(0, '127.0.0.1');
  return new Promise((done) => server.once('listening', () => done(server)));
}

/** CPU milliseconds the main thread has worked for the page that is open, for counting begins anew with each: what other programs on the machine take is not in it. */
async function workedBy(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const of = (wanted) => 1000 * metrics.find(({ name }) => name === wanted).value;
  return { script: of('ScriptDuration'), task: of('TaskDuration') };
}

const TASKS = {
  categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8', 'disabled-by-default-v8.compile', '__metadata'],
};

/** What the browser does for any page. Within a script it is the script that asked for it. */
const PAGES_OWN =
  /^(UpdateLayoutTree|Layout|PrePaint|Paint|Layerize|Commit|UpdateLayer|HitTest|ParseHTML|ParseAuthorStyleSheet|HTMLDocumentParser.*|IntersectionObserver.*)$/;
/** A continuation after `scheduler.yield` or a promise names no script in the trace, but the engine compiles what it runs for the first time. */
const RUNS = /^V8\.(Compile|Parse)/;

/** CPU microseconds of script in a task: in files that are theirs, or, where it names none, all that is not plainly the browser's own work. */
function scriptOf({ tdur }, inside, isTheirs) {
  const named = inside.some(isTheirs);
  if (!named && !inside.some((e) => RUNS.test(e.name))) return 0;
  let end = 0;
  let script = named ? 0 : tdur;
  for (const event of inside.toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
    const { name, ts, dur = 0, tdur = 0 } = event;
    const counts = named ? isTheirs(event) || name === 'RunMicrotasks' : PAGES_OWN.test(name);
    if (ts < end || !dur || !counts) continue;
    end = ts + dur;
    script += named ? tdur : -tdur;
  }
  return script;
}

/** CPU milliseconds of the longest task on a page's main thread, and of the most script in one task from the first of these files on. */
function longestOf(trace, files) {
  const { traceEvents } = JSON.parse(trace);
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const threads = new Set(mains.map(({ pid, tid }) => `${pid} ${tid}`));
  const events = traceEvents.filter(({ pid, tid }) => threads.has(`${pid} ${tid}`));
  const tasks = events.filter(({ name }) => /RunTask$/.test(name));
  const isTheirs = ({ args }) => URL.canParse(args?.data?.url) && new URL(args.data.url).pathname in files;
  const from = Math.min(...events.filter(isTheirs).map(({ ts }) => ts));
  const within = ({ pid, tid, ts, dur = 0 }) =>
    events.filter((e) => !/RunTask$/.test(e.name) && e.pid === pid && e.tid === tid && e.ts >= ts && e.ts < ts + dur);
  const later = tasks.filter(({ ts, dur = 0, tdur = 0 }) => ts + dur > from && tdur > 2_000);
  return {
    longest: Math.max(0, ...tasks.map(({ tdur = 0 }) => tdur)) / 1000,
    own: Math.max(0, ...later.map((task) => scriptOf(task, within(task), isTheirs))) / 1000,
  };
}

export async function openBrowser(rows, rate) {
  const server = await serve(rows);
  const browser = await chromium.launch({ executablePath: findChromium() });
  const origin = `http://127.0.0.1:${server.address().port}/`;
  return {
    version: browser.version(),
    /** A tab of somebody who has never been here. */
    async fresh() {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      await page.goto(origin);
      const cdp = await context.newCDPSession(page);
      await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
      await cdp.send('Emulation.setCPUThrottlingRate', { rate });
      return {
        page,
        /** Opens the page of a peer and gives it time; resolves to what that cost. */
        async visit(row, pause) {
          await browser.startTracing(page, TASKS);
          await page.goto(`${origin}${rows.indexOf(row)}`);
          await pause(page);
          const worked = await workedBy(cdp);
          return { ...worked, ...longestOf(await browser.stopTracing(), row.files) };
        },
        close: () => context.close(),
      };
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
