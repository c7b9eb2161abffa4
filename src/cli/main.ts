import { isMainThread, workerData } from 'node:worker_threads';
import { type Part, work } from './crew.js';
import { run } from './run.js';

// The file behind `npx fordi`, and behind each thread that it starts.

const part = workerData as Part | null;
if (!isMainThread && part?.fordi === 'ease') work(part);
else {
  const voices = {
    out: (line: string) => process.stdout.write(`${line}\n`),
    err: (text: string) => process.stderr.write(text),
    terminal: process.stderr.isTTY === true,
  };
  process.exitCode = await run(process.argv.slice(2), voices, new URL(import.meta.url));
}
