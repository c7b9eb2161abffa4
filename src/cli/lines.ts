import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Failed } from './fail.js';

/** A record over this is not an order. Bytes; a line of any length passes without being held. */
export const LONGEST = 1 << 20;
/** A quoted value over so many lines was never closed. */
const MOST_LINES = 200;
/** Read at a time. Bytes. */
const CHUNK = 1 << 20;
const [NEWLINE, RETURN, QUOTE] = [10, 13, 34];

export interface Grammar {
  /** The byte between fields; undefined: lines are not divided, and quotes mean nothing. */
  readonly delimiter: number | undefined;
}

/** Lines that no reader can be trusted with. */
export type Fault = 'quote never closed' | 'line longer than 1 MB';

export interface Found {
  /** A record, its line break left out; `offset` is where it begins in the (unpacked) file. */
  record(bytes: Buffer, start: number, end: number, line: number, offset: number): void;
  fault(fault: Fault, line: number): void;
  /** Nothing more is wanted: the rest of the file is not read. */
  done?(): boolean;
}

export interface Audit {
  /** Records without blank lines, the header among them. */
  records: number;
  lines: number;
  /** How many records end in CR LF. */
  returns: number;
  quotes: boolean;
}

async function* unpacked(path: string, watch: (bytes: number) => void): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK });
  const bytes = file.pipe(createGunzip({ chunkSize: CHUNK / 4 }));
  file.on('error', (error) => bytes.destroy(error));
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      watch(file.bytesRead);
      yield chunk;
    }
  } finally {
    file.destroy();
  }
}

/** Two buffers in turn: a stream makes a new one for every piece, which takes twenty times the processor that reading does. */
async function* plain(path: string, watch: (bytes: number) => void): AsyncGenerator<Buffer> {
  const file = await open(path);
  const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const;
  let read = 0;
  try {
    for (let turn: 0 | 1 = 0; ; turn = turn ? 0 : 1) {
      const { bytesRead } = await file.read(buffers[turn], 0, CHUNK);
      if (!bytesRead) return;
      read += bytesRead;
      watch(read);
      yield buffers[turn].subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The bytes of a file, unpacked. A piece holds until the one after the next is asked for. */
const pieces = (path: string, watch: (bytes: number) => void) => (/\.gz$/i.test(path) ? unpacked : plain)(path, watch);

/**
 * Reads lines as a CSV reader must, at the speed of the disk, and holds no more than one record. DuckDB drops what follows a
 * quote that never closes, and a line over its limit, without a word: this finds both first.
 */
class Scanner {
  readonly audit: Audit = { records: 0, lines: 0, returns: 0, quotes: false };
  #rest: Buffer = Buffer.alloc(0);
  #base = 0;
  #at = 0;
  #line = 1;
  #inner = 0;
  #quoted = false;
  #skipping = false;
  readonly #newline: number;

  constructor(
    readonly grammar: Grammar,
    readonly found: Found,
    first: Buffer,
  ) {
    // A file from an old Mac ends its lines with CR alone.
    this.#newline = first.includes(RETURN) && !first.includes(NEWLINE) ? RETURN : NEWLINE;
  }

  feed(chunk: Buffer, last = false): void {
    const bytes = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
    let start = this.#scan(bytes, 0, last);
    while (this.#tooLong(bytes, start) || (last && this.#quoted)) start = this.#scan(bytes, this.#giveUp(bytes, start, last), last);
    if (last && start < bytes.length && !this.#skipping) start = this.#end(bytes, start, bytes.length);
    if (this.#skipping) start = bytes.length; // nothing of such a line is kept
    this.#rest = bytes.subarray(start);
    this.#base += start;
    this.#at = Math.max(0, this.#at - start);
  }

  #tooLong = (bytes: Buffer, start: number) => !this.#skipping && bytes.length - start > LONGEST;

  /** From where it stopped to the end of what is there; returns where the unfinished record begins. */
  #scan(bytes: Buffer, from: number, last: boolean): number {
    const [newline, divided] = [this.#newline, this.grammar.delimiter !== undefined];
    let start = from;
    let i = this.#skipping ? this.#lineEnd(bytes) : this.#at;
    for (; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte > QUOTE) continue;
      if (byte === newline) {
        if (!this.#quoted) start = this.#end(bytes, start, i);
        else if (++this.#inner > MOST_LINES) {
          start = this.#giveUp(bytes, start, last);
          i = start - 1;
        }
      } else if (byte === QUOTE && divided && !this.#skipping) {
        if (!this.#quoted) this.#quoted = this.#opens(bytes, start, i);
        else if (i + 1 === bytes.length && !last) break;
        else if (bytes[i + 1] === QUOTE) i++;
        else this.#quoted = false;
      }
    }
    this.#at = i;
    return start;
  }

  /** A line that is skipped is not looked at byte by byte: it may be gigabytes. */
  #lineEnd(bytes: Buffer): number {
    const end = bytes.indexOf(this.#newline, this.#at);
    return end < 0 ? bytes.length : end;
  }

  /** A quote in the middle of a value (12" vinyl) is a letter like any other. */
  #opens(bytes: Buffer, start: number, at: number): boolean {
    this.audit.quotes = true;
    return at === start || bytes[at - 1] === this.grammar.delimiter || (this.#line === 1 && at === 3 && bytes[0] === 0xef);
  }

  #end(bytes: Buffer, start: number, end: number): number {
    const crlf = this.#newline === NEWLINE && end > start && bytes[end - 1] === RETURN;
    const stop = crlf ? end - 1 : end;
    if (this.#skipping) this.#skipping = false;
    else if (stop - start > LONGEST) this.found.fault('line longer than 1 MB', this.#line);
    else if (stop > start) {
      this.audit.records++;
      if (crlf) this.audit.returns++;
      this.found.record(bytes, start, stop, this.#line, this.#base + start);
    }
    this.#line += this.#inner + 1;
    this.audit.lines = this.#line - 1;
    this.#inner = 0;
    return end + 1;
  }

  /** The record cannot end: its first line is at fault, and what follows is read anew. Returns where. */
  #giveUp(bytes: Buffer, start: number, last: boolean): number {
    const end = this.#quoted ? bytes.indexOf(this.#newline, start) : -1;
    this.found.fault(end >= 0 || (last && this.#quoted) ? 'quote never closed' : 'line longer than 1 MB', this.#line);
    this.#quoted = false;
    this.#inner = 0;
    this.#skipping = end < 0;
    if (end >= 0) this.#line++;
    this.#at = end < 0 ? bytes.length : end + 1;
    return this.#at;
  }
}

/** Reads a file through the scanner. `watch` is told how many bytes of the file on disk have been read. */
export async function scan(path: string, grammar: Grammar, found: Found, watch: (bytes: number) => void = () => {}): Promise<Audit> {
  let scanner: Scanner | undefined;
  try {
    for await (const chunk of pieces(path, watch)) {
      scanner ??= new Scanner(grammar, found, chunk);
      scanner.feed(chunk);
      if (found.done?.()) break;
    }
  } catch (error) {
    throw new Failed(`${path} cannot be read: ${(error as Error).message}. Is it complete, and packed as its name says?`);
  }
  if (!found.done?.()) scanner?.feed(Buffer.alloc(0), true);
  return scanner?.audit ?? { records: 0, lines: 0, returns: 0, quotes: false };
}

/** The first bytes of a file, unpacked. */
export async function head(path: string, most = LONGEST): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of pieces(path, () => {})) {
      parts.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= most) break;
    }
  } catch (error) {
    throw new Failed(`${path} cannot be read: ${(error as Error).message}.`);
  }
  return Buffer.concat(parts).subarray(0, most);
}
