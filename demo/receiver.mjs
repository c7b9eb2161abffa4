// The other end of `onReceipt`: keeps receipts in SQLite, each once, and nothing that is not one.
//   const receiver = createReceiver('receipts.db', (request) => isLoggedIn(request));   await receiver.handle(request, response)
import sqlite from 'node-sqlite3-wasm';

/** Larger than any receipt, and all that a page being left may send. Bytes. */
const MOST = 65_536;
const STATES = ['granted', 'refused', 'withdrawn', 'expired', 'unset'];
const VIAS = ['notice', 'panel', 'page', 'ask', 'undo', 'gpc', 'expiry', 'elsewhere'];
const ID = /^[\w-]{8,64}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

const isText = (x) => typeof x === 'string' && x.length <= 20_000; // a site's own words may be long
const isTexts = (x) => Array.isArray(x) && x.length <= 1_000 && x.every(isText);
const isState = (x) => STATES.includes(x);
const isObject = (x) => typeof x === 'object' && x !== null && !Array.isArray(x);
const isTime = (format) => (x) => isText(x) && format.test(x) && Number.isFinite(Date.parse(x));
const maybe = (is) => (x) => x === undefined || is(x);
/** An object of these fields and no others: whatever else somebody adds, of the visitor or of the page, is not kept. */
const shape = (fields) => (x) =>
  isObject(x) && Object.keys(x).every((name) => Object.hasOwn(fields, name)) && Object.entries(fields).every(([name, is]) => is(x[name]));

const CONCERN = shape({
  id: isText,
  state: isState,
  services: maybe((x) => isObject(x) && Object.values(x).every(isState)),
  basis: (x) => x === 'eu-gdpr:A6-1-a',
  dpv: isTexts,
  keeps: maybe((x) => isText(x) || isTexts(x)),
  data: maybe(isTexts),
  provenance: maybe(isTexts),
  retention: maybe((x) => isText(x) && /^P\d{1,4}D$/.test(x)),
  storage: isText,
  recipients: maybe(isTexts),
});

/** Each field of a receipt; the first that is wrong is named. */
const FIELDS = {
  schema: (x) => x === 'fordi.receipt/2',
  conformsTo: isText,
  id: maybe((x) => isText(x) && ID.test(x)),
  previous: maybe((x) => isText(x) && ID.test(x)),
  principal: (x) => x === 'this-browser',
  state: isState,
  at: (x) => isTime(DAY)(x) || isTime(MOMENT)(x),
  until: isTime(DAY),
  via: (x) => VIAS.includes(x),
  gpc: (x) => typeof x === 'boolean',
  elsewhere: maybe(isTexts),
  language: isText,
  controller: shape({
    name: isText,
    privacyUrl: maybe(isText),
    contact: maybe(isText),
    address: maybe(isText),
    jurisdiction: maybe(isText),
  }),
  notice: shape({
    version: isText,
    keeps: isTexts,
    days: Number.isInteger,
    url: maybe(isText),
    sha256: maybe((x) => isText(x) && /^[\da-f]{64}$/.test(x)),
  }),
  purposes: (x) => Array.isArray(x) && x.length > 0 && x.length <= 200 && x.every(CONCERN),
  withdrawal: shape({ how: isText, selector: isText }),
  rights: isTexts,
  sdk: isText,
};

/** What is wrong with a receipt, in a line; nothing where it is sound. */
export function problemOf(receipt) {
  if (!isObject(receipt)) return 'a receipt is an object';
  const strange = Object.keys(receipt).find((name) => !Object.hasOwn(FIELDS, name));
  if (strange) return `${strange.slice(0, 40)} is no field of a receipt`;
  const wrong =
    Object.keys(FIELDS).find((name) => !FIELDS[name](receipt[name])) ?? (receipt.state !== 'refused' && !receipt.id ? 'id' : undefined);
  return wrong && `${wrong} is missing or not what it should be`;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS receipts (id TEXT PRIMARY KEY, day TEXT NOT NULL, state TEXT NOT NULL, receipt TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS receipts_day ON receipts (day);
  CREATE TABLE IF NOT EXISTS refusals (day TEXT NOT NULL, version TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, version)) WITHOUT ROWID;`;

/** Receipts in a file. A refusal that ends no yes has no id by which anybody could be told apart: of those only the number per day is kept. */
export function openReceipts(file) {
  const db = new sqlite.Database(file);
  db.exec(SCHEMA);
  const write = (receipt) => {
    const day = receipt.at.slice(0, 10);
    if (!receipt.id) {
      const count = 'INSERT INTO refusals VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1';
      db.run(count, [day, receipt.notice.version]);
      return 'counted';
    }
    const { changes } = db.run('INSERT INTO receipts VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [
      receipt.id,
      day,
      receipt.state,
      JSON.stringify(receipt),
    ]);
    return changes ? 'kept' : 'known';
  };
  return {
    write,
    /** From one day to another, both included, oldest first. */
    list: (from = '0000-00-00', to = '9999-99-99') => ({
      receipts: db
        .all('SELECT receipt FROM receipts WHERE day BETWEEN ? AND ? ORDER BY day, id', [from, to])
        .map(({ receipt }) => JSON.parse(receipt)),
      refusals: db.all('SELECT day, version, count FROM refusals WHERE day BETWEEN ? AND ? ORDER BY day, version', [from, to]),
    }),
    close: () => db.close(),
  };
}

async function bodyOf(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > MOST) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const read = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const say = (response, status, body) => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
};

/**
 * POST takes a receipt: 201 kept, 200 known already or counted, 400 with the reason, 413 too large, 500 where it could not be
 * written and is to be sent again. GET ?from=…&to=… lists by day, to whom `mayList` lets in: without it, to nobody. No address
 * and no header of the sender is written down.
 */
export function createReceiver(file, mayList = () => false) {
  const receipts = openReceipts(file);
  const take = async (request, response) => {
    const text = await bodyOf(request);
    if (text === undefined) return say(response, 413, { problem: `more than ${MOST} bytes` });
    const receipt = read(text);
    const problem = problemOf(receipt);
    if (problem) return say(response, 400, { problem });
    const done = receipts.write(receipt);
    return say(response, done === 'kept' ? 201 : 200, { done });
  };
  const list = async (request, response) => {
    if (!(await mayList(request))) return say(response, 403, { problem: 'createReceiver(file, mayList) says who may list' });
    const { searchParams } = new URL(request.url, 'http://receiver');
    const days = ['from', 'to'].map((name) => searchParams.get(name) ?? undefined);
    if (!days.every(maybe(isTime(DAY)))) return say(response, 400, { problem: 'from and to are days: 2026-11-30' });
    return say(response, 200, receipts.list(...days));
  };
  const answer = async (request, response) => {
    if (request.method === 'POST') return take(request, response);
    if (request.method === 'GET') return list(request, response);
    response.writeHead(405, { allow: 'GET, POST' }).end();
  };
  return {
    /** Never rejects: nobody who sends something, or leaves midway, ends the server. */
    async handle(request, response) {
      try {
        await answer(request, response);
      } catch (error) {
        if (request.destroyed && !request.complete) return;
        console.error(error);
        if (!response.headersSent) say(response, 500, { problem: 'not written' });
      }
    },
    close: receipts.close,
  };
}
