import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failed } from './fail.js';

/** The folder where everything is made before it takes its place: beside the model, so that a rename suffices. */
export interface Workplace {
  readonly folder: string;
  /** Where the files of the model are made. */
  readonly made: string;
  /** A run was killed while its files took their places: they have all been put there now. */
  readonly finished: boolean;
  /** Moves everything in `made` to the model's folder. What was there before stays until this moment. */
  publish(): void;
  clear(): void;
}

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

function put(from: string, to: string, aside: string): void {
  try {
    renameSync(from, to);
  } catch {
    // A folder does not replace a folder: the old one steps aside first.
    renameSync(to, aside);
    renameSync(from, to);
  }
}

/**
 * One rename decides: from then on the files in `ready` are the model, whoever moves them. No file system replaces several
 * files at once, and to exchange the whole folder would leave a moment without any, and take along what else is in it.
 */
const readyIn = (folder: string) => join(folder, 'ready');

/** Moves what is ready; begun by one run, it may be ended by another. */
function deliver(folder: string, place: string): void {
  const ready = readyIn(folder);
  mkdirSync(place, { recursive: true });
  for (const name of readdirSync(ready)) put(join(ready, name), join(place, name), join(folder, `old-${name}`));
  rmdirSync(ready);
}

const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });

/** Folders of runs that are no more: their number may be ours by now. */
const deserted = (parent: string, prefix: string): string[] =>
  readdirSync(parent)
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .filter((name) => Number(name.slice(prefix.length)) === process.pid || !alive(Number(name.slice(prefix.length))))
    .map((name) => join(parent, name));

/** What killed runs have left behind: what was ready is moved, the rest removed. Returns whether anything was ready. */
function sweep(folders: readonly string[], place: string): boolean {
  const ready = folders.filter((folder) => existsSync(readyIn(folder)));
  for (const folder of ready) deliver(folder, place);
  for (const folder of folders) remove(folder);
  return ready.length > 0;
}

const writable = (folder: string) => {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Beside the model; in its folder where that is a disk of its own, from which nothing can be renamed, or alone may be written. */
function besides(place: string): string {
  const parent = dirname(place);
  if (!existsSync(place)) return parent;
  return statSync(place).dev === statSync(parent).dev && writable(parent) ? parent : place;
}

function publish(folder: string, place: string, others: () => readonly string[]): void {
  try {
    sweep(others(), place); // what is older must not come after
    renameSync(join(folder, 'made'), readyIn(folder));
    deliver(folder, place);
  } catch (error) {
    const then = existsSync(readyIn(folder)) ? ' What is missing there is kept: the next run puts it in place.' : '';
    throw new Failed(`the model cannot be put in ${place}: ${(error as Error).message}.${then}`);
  }
}

const prefixOf = (place: string) => `.${basename(place)}.fordi-`;

/** Where this process would work on a model; nothing is made. */
export function workFolder(out: string): string {
  const place = resolve(out);
  return join(besides(place), `${prefixOf(place)}${process.pid}`);
}

export function openWorkplace(out: string): Workplace {
  const place = resolve(out);
  const prefix = prefixOf(place);
  try {
    mkdirSync(dirname(place), { recursive: true });
    const folder = workFolder(out);
    const parent = dirname(folder);
    const finished = sweep(deserted(parent, prefix), place);
    mkdirSync(join(folder, 'made'), { recursive: true });
    mkdirSync(place, { recursive: true });
    return {
      folder,
      made: join(folder, 'made'),
      finished,
      publish: () => publish(folder, place, () => deserted(parent, prefix).filter((other) => other !== folder)),
      clear() {
        if (!existsSync(readyIn(folder))) remove(folder);
      },
    };
  } catch (error) {
    throw new Failed(`--out ${out} cannot be written: ${(error as Error).message}.`);
  }
}
