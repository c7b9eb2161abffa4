import { pause } from './breath.js';

/** SHA-256 of a text in hexadecimal; nothing where the page has no secure context, and the browser therefore no means. */
export async function digest(text: string | undefined): Promise<string | undefined> {
  if (text === undefined) return undefined;
  await pause(); // an answer is to be seen first: proving it is no part of the click
  try {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  } catch {
    return undefined;
  }
}
