import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Failed } from './fail.js';

/** The folder where everything is made before it takes its place: beside the model, so that a rename suffices. */
export interface Workplace {
  readonly folder: string;
  /** Moves what was made under `names` to the model's folder. What was there before stays until this moment. */
  publish(names: readonly string[]): void;
  clear(): void;
}

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** What runs that were killed have left behind. */
function sweep(parent: string, prefix: string): void {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (Number.isInteger(pid) && (pid === process.pid || !alive(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function put(from: string, to: string, aside: string): void {
  try {
    renameSync(from, to);
  } catch {
    // A folder does not replace a folder: the old one steps aside first.
    renameSync(to, aside);
    renameSync(from, to);
  }
}

/** `dry`: nothing will be published, so the model's own folder is not made. */
export function openWorkplace(out: string, dry = false): Workplace {
  const place = resolve(out);
  const prefix = `.${basename(place)}.fordi-`;
  const folder = join(dirname(place), `${prefix}${process.pid}`);
  try {
    mkdirSync(dirname(place), { recursive: true });
    sweep(dirname(place), prefix);
    mkdirSync(join(folder, 'made'), { recursive: true });
    if (!dry) mkdirSync(place, { recursive: true });
  } catch (error) {
    throw new Failed(`--out ${out} cannot be written: ${(error as Error).message}.`);
  }
  return {
    folder,
    publish: (names) => {
      for (const name of names) put(join(folder, 'made', name), join(place, name), join(folder, `old-${name}`));
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}
