import type { Receipt } from '../types.js';

/**
 * The server understood and will not have this receipt, now or later: it is not one, is too large or of the wrong kind. All
 * else passes: a login runs out, a firewall closes, an address is not there yet.
 */
const FINAL = [400, 413, 415, 422];

/** Browsers refuse to send more than 64 kB from a page that is being left, of all receipts together; a character may take three bytes. */
const MOST = 16_000;

/**
 * A sink for the option `onReceipt`: posts each receipt as JSON to an address of the site's own, without credentials and
 * without a referrer. What fails is tried again by fordi; what the server refuses for good is said on the console.
 */
export function postReceipts(url: string): (receipt: Receipt) => Promise<void> {
  return async (receipt) => {
    const body = JSON.stringify(receipt);
    const { ok, status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      keepalive: body.length < MOST, // a page that is being left still sends it
    });
    if (ok) return;
    if (!FINAL.includes(status)) throw new Error(`${url} answered ${status}`);
    console.error(`fordi: ${url} refused a receipt for good (${status}). Expected a server that takes receipts as README, Proof, says.`);
  };
}
