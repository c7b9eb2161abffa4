import type { Duck } from './duck.js';
import type { Progress, Voices } from './report.js';

// --print-sql is a run without a database and without a disk: it goes the way of every run and says aloud what it would ask, so
// that what is printed cannot differ from what is done.

/** Looks where it must, to know the columns; all else is printed, and answered with nothing. */
export function printedDuck({ out }: Voices, eyes: Duck): Duck {
  const print = (sql: string) => out(`${sql};`);
  return {
    look: (sql) => {
      print(sql);
      return eyes.look(sql);
    },
    run: async (sql) => print(sql),
    rows: async (sql) => {
      print(sql);
      return [];
    },
    async *blocks(sql) {
      print(sql);
      yield* [];
    },
    progress: () => undefined,
    close: () => eyes.close(),
  };
}

/** What is done, as a comment above its queries. */
export const printedProgress = ({ out }: Voices): Progress => ({
  begin: (what) => out(`-- ${what}`),
  at: () => {},
  end: () => {},
});
