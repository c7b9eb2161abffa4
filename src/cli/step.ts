import type { Call } from './call.js';
import type { Duck } from './duck.js';
import type { Progress } from './report.js';

/** What a model is built with. */
export interface Desk {
  readonly call: Call;
  readonly duck: Duck;
  readonly progress: Progress;
  readonly threads: number;
  /** The file that a thread runs; without it there is one thread. */
  readonly entry: URL | undefined;
  /** UTC day. */
  readonly today: string;
}

/** Runs queries, with DuckDB's own progress: of so many units in all, each query the same share of them. */
export async function step({ duck, progress }: Desk, what: string, sql: readonly string[], total: number, unit = 'rows'): Promise<void> {
  progress.begin(what, unit, total);
  let [done, most] = [0, 0];
  const timer = setInterval(() => {
    most = Math.max(most, duck.progress() ?? 0); // at the end of a table DuckDB begins to count anew
    progress.at(((done + most) / sql.length) * total);
  }, 200);
  try {
    for (const query of sql) {
      await duck.run(query);
      [done, most] = [done + 1, 0];
    }
  } finally {
    clearInterval(timer);
  }
  progress.at(total);
}
