import { Worker } from 'node:worker_threads';
import type { Crew } from './dense.js';
import { type EaseTask, solve } from './ease.js';
import { Failed } from './fail.js';

/** Everything a worker needs. All of it is shared memory: no message is ever sent. */
export interface Part {
  readonly fordi: 'ease';
  readonly task: EaseTask;
  readonly me: number;
  readonly parties: number;
  /** How many have arrived, which meeting it is, how many steps are done. */
  readonly control: Int32Array;
}

const [ARRIVED, MEETING, STEPS] = [0, 1, 2];

const alone: Crew = {
  share: (count, work) => {
    for (let i = 0; i < count; i++) work(i);
  },
  meet: () => {},
};

const crewOf = ({ me, parties, control }: Part): Crew => ({
  share: (count, work) => {
    for (let i = me; i < count; i += parties) work(i);
  },
  meet: () => {
    const meeting = Atomics.load(control, MEETING);
    if (Atomics.add(control, ARRIVED, 1) < parties - 1) {
      while (Atomics.load(control, MEETING) === meeting) Atomics.wait(control, MEETING, meeting);
      return;
    }
    Atomics.store(control, ARRIVED, 0);
    Atomics.add(control, MEETING, 1);
    Atomics.notify(control, MEETING);
  },
});

/** What a worker does from its first line to its last. */
export const work = (part: Part) => solve(part.task, crewOf(part), () => Atomics.add(part.control, STEPS, 1));

/** Below so many items one thread is done before a second has started. */
const WORTH_IT = 600;

/** Solves with as many threads as are worth it. `entry` is the file that a worker runs; without it one thread does it all. */
export async function solveTogether(
  task: EaseTask,
  threads: number,
  entry: URL | undefined,
  watch: (share: number) => void,
): Promise<void> {
  if (!entry || task.items < WORTH_IT) return solve(task, alone, () => {});
  const control = new Int32Array(new SharedArrayBuffer(12));
  const parts = Array.from({ length: threads }, (_, me): Part => ({ fordi: 'ease', task, me, parties: threads, control }));
  const workers = parts.map((part) => new Worker(entry, { workerData: part }));
  // Each party counts every step of the factor; the columns of the inverse are shared out.
  const steps = Math.ceil(task.items / 64) * (threads + 1);
  const timer = setInterval(() => watch(Math.min(1, Atomics.load(control, STEPS) / steps)), 200);
  const ends = workers.map(
    (worker) =>
      new Promise<void>((resolve, reject) => {
        worker.once('error', reject).once('exit', (code) => (code ? reject(new Error(`a thread ended with ${code}`)) : resolve()));
      }),
  );
  try {
    await Promise.all(ends);
  } catch (error) {
    throw new Failed(`the matrix of ${task.items} items was not solved: ${(error as Error).message}. --method cosine needs less memory.`);
  } finally {
    clearInterval(timer);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
