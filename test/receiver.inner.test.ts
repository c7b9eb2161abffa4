import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createReceiver, openReceipts, problemOf } from '../demo/receiver.mjs';
import type { Receipt } from '../src/types.js';
import { granted, page } from './support/world.js';

// The reference receiver: takes what fordi sends, once, and nothing else.

let file: string;
let server: Server;
let receiver: ReturnType<typeof createReceiver>;
let failed: string[] = [];

beforeEach(async () => {
  failed = [];
  file = join(mkdtempSync(join(tmpdir(), 'fordi-receipts-')), 'receipts.db');
  receiver = createReceiver(file, () => true);
  server = createServer((req, res) => void receiver.handle(req, res).catch((error: Error) => failed.push(error.message)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});

afterEach(async () => {
  await new Promise((done) => server.close(done));
  receiver.close();
  expect(failed).toEqual([]); // a promise that nobody catches ends a server
});

const ask = (method: string, path: string, body?: string) =>
  new Promise<{ status: number; body: { done?: string; problem?: string; receipts?: Receipt[]; refusals?: object[] } }>(
    (resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const call = request({ port, method, path, host: '127.0.0.1' }, async (answer) => {
        const parts: Buffer[] = [];
        for await (const part of answer) parts.push(part);
        const text = Buffer.concat(parts).toString();
        resolve({ status: answer.statusCode ?? 0, body: text ? JSON.parse(text) : {} });
      });
      call.on('error', reject);
      call.end(body);
    },
  );
const post = (receipt: unknown) => ask('POST', '/', JSON.stringify(receipt));

/** Receipts as fordi makes them: of a yes, of its end, and of a no. */
async function real(): Promise<Receipt[]> {
  const told: Receipt[] = [];
  const fordi = await granted({
    onReceipt: (receipt) => told.push(receipt),
    purposes: { counting: { title: 'Counting', text: 'x', keeps: 'y', days: 30, services: { own: { title: 'Own' } } } },
  });
  await fordi.withdraw();
  const other = page({ onReceipt: (receipt) => told.push(receipt) });
  await other.ready;
  await other.refuse({ via: 'notice' });
  fordi.stop();
  other.stop();
  expect(told).toHaveLength(3);
  return told;
}

describe('the receiver', () => {
  test('L12 · keeps what fordi sends, each once, and lists it by day', async () => {
    const [yes, end] = (await real()) as [Receipt, Receipt];
    expect((await post(yes)).status).toBe(201);
    expect(await post(yes)).toEqual({ status: 200, body: { done: 'known' } });
    expect((await post(end)).status).toBe(201);
    const day = yes.at.slice(0, 10);
    const { body } = await ask('GET', `/?from=${day}&to=${day}`);
    expect(new Set(body.receipts)).toEqual(new Set([yes, end]));
    expect(end.previous).toBe(yes.id);
    expect((await ask('GET', '/?from=2001-01-01&to=2001-12-31')).body).toEqual({ receipts: [], refusals: [] });
  });

  test('L12 · of a site with many purposes, long texts and hundreds of partners, too: what it refused for good would be lost', async () => {
    const told: Receipt[] = [];
    const many = (count: number, what: string) => Array.from({ length: count }, (_, i) => `${what} number ${i}, Copenhagen`);
    const one = { title: 'Advertising', text: 'x', keeps: 'y', days: 30 };
    const purposes = Object.fromEntries(many(60, 'purpose').map((name) => [name, one]));
    const fordi = await granted({
      onReceipt: (receipt) => told.push(receipt),
      purposes: { ...purposes, marketing: { ...one, keeps: many(100, 'What is looked at').join(), recipients: many(800, 'Partner') } },
    });
    fordi.stop();
    expect((await post(told[0])).status).toBe(201);
  });

  test('E1 · counts refusals by day and keeps none of them', async () => {
    const no = (await real())[2] as Receipt;
    expect(no.id).toBeUndefined();
    for (let i = 0; i < 3; i++) expect(await post(no)).toEqual({ status: 200, body: { done: 'counted' } });
    expect((await ask('GET', '/')).body).toEqual({ receipts: [], refusals: [{ day: no.at, version: no.notice.version, count: 3 }] });
  });

  test('is the same after a restart, and holds nothing of the sender', async () => {
    const [yes] = (await real()) as [Receipt];
    await post(yes);
    receiver.close();
    receiver = createReceiver(file, () => true);
    expect((await ask('GET', '/')).body.receipts).toEqual([yes]);
    expect(readFileSync(file).includes('127.0.0.1')).toBe(false);
  });

  test('E3 · refuses what is malformed or more than a receipt, and names it', async () => {
    const [yes] = (await real()) as [Receipt];
    const cases: [unknown, RegExp][] = [
      [undefined, /is an object/],
      [[], /is an object/],
      [{ ...yes, userAgent: 'Mozilla' }, /^userAgent is no field/],
      [{ ...yes, schema: 'fordi.receipt/9' }, /^schema/],
      [{ ...yes, id: '' }, /^id/],
      [{ ...yes, id: undefined }, /^id/],
      [{ ...yes, id: undefined, state: 'withdrawn' }, /^id/],
      [{ ...yes, at: '2026-13-41' }, /^at/],
      [{ ...yes, state: 'maybe' }, /^state/],
      [{ ...yes, purposes: [] }, /^purposes/],
      [{ ...yes, purposes: [{ ...yes.purposes[0], basis: 'legitimate interest' }] }, /^purposes/],
      [{ ...yes, notice: { ...yes.notice, url: 7 } }, /^notice/],
      [{ ...yes, controller: { ...yes.controller, visitor: 'Svetlana' } }, /^controller/],
    ];
    for (const [receipt, problem] of cases) {
      const { status, body } = await post(receipt);
      expect([status, body.problem]).toEqual([400, expect.stringMatching(problem)]);
    }
    expect((await ask('POST', '/', '{')).status).toBe(400);
    expect((await ask('POST', '/', `"${'x'.repeat(70_000)}"`)).status).toBe(413);
    expect((await ask('DELETE', '/')).status).toBe(405);
    expect((await ask('GET', '/?from=yesterday')).status).toBe(400);
    expect((await ask('GET', '/')).body).toEqual({ receipts: [], refusals: [] });
  });

  test('lists to nobody whom the owner has not let in', async () => {
    receiver.close();
    receiver = createReceiver(file);
    const [yes] = (await real()) as [Receipt];
    expect((await post(yes)).status).toBe(201);
    expect(await ask('GET', '/')).toEqual({ status: 403, body: { problem: expect.stringContaining('mayList') } });
  });

  test('a sender who leaves midway, and a file that cannot be written, break nothing', async () => {
    const { port } = server.address() as AddressInfo;
    const call = request({ port, method: 'POST', host: '127.0.0.1', headers: { 'content-length': 500 } });
    call.on('error', () => {});
    call.write('{"schema"');
    await new Promise((done) => setTimeout(done, 100));
    call.destroy();
    await new Promise((done) => setTimeout(done, 100));
    const said = vi.spyOn(console, 'error').mockReturnValue();
    const [yes] = (await real()) as [Receipt];
    receiver.close();
    expect((await post(yes)).status).toBe(500); // so that it is sent again
    expect(said).toHaveBeenCalled();
    receiver = createReceiver(file, () => true);
    expect((await post(yes)).status).toBe(201);
  });

  test('nothing that is thrown at it breaks it', () => {
    const receipts = openReceipts(':memory:');
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        expect(problemOf(raw)).toBeTypeOf('string');
      }),
      { numRuns: 2_000 },
    );
    receipts.close();
  });
});
