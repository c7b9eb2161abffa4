/** Where the command speaks: results to `out`, progress and errors to `err`. */
export interface Voices {
  out(line: string): void;
  err(text: string): void;
  /** A terminal: progress may overwrite its own line. */
  readonly terminal: boolean;
}

export interface Progress {
  /** A new piece of work. `total` in `unit`s, where it is known. */
  begin(what: string, unit?: string, total?: number): void;
  /** So many units are done; below 1 and without a unit: that share. */
  at(done: number): void;
  end(): void;
}

const count = (n: number) => (n >= 1e6 ? `${(n / 1e6).toFixed(1)} million` : Math.round(n).toLocaleString('en'));
const time = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;

/** Without a terminal a line now and then, so that a log shows it is alive. Milliseconds. */
const PATIENCE = 15_000;

function lineOf(what: string, done: number, seconds: number, unit?: string, total?: number): string {
  const rate = unit && seconds > 0.5 ? `, ${count(done / seconds)} ${unit}/s` : '';
  const amount = unit ? `: ${count(done)} ${unit}` : '';
  const share = total ? Math.min(1, done / total) : undefined;
  const left = share && share > 0.01 && seconds > 1 && share < 1 ? `, ${time((seconds / share) * (1 - share))} left` : '';
  return `${what}${amount}${share === undefined ? '' : ` (${Math.floor(share * 100)} %)`}${rate}${left}`;
}

export function createProgress({ err, terminal }: Voices, now: () => number): Progress {
  const work = { what: '', unit: undefined as string | undefined, total: undefined as number | undefined, began: 0, told: 0, done: 0 };
  const tell = (end: string) =>
    err(`${terminal ? '\r\u001b[K' : ''}${lineOf(work.what, work.done, (now() - work.began) / 1000, work.unit, work.total)}${end}`);
  const end = () => {
    if (!work.what) return;
    const seconds = ((now() - work.began) / 1000).toFixed(1);
    err(`${terminal ? '\r\u001b[K' : ''}${work.what}: ${work.unit && work.done ? `${count(work.done)} ${work.unit}, ` : ''}${seconds} s\n`);
    work.what = '';
  };
  return {
    begin: (what, unit, total) => {
      end();
      Object.assign(work, { what, unit, total, began: now(), told: now(), done: 0 });
    },
    at: (done) => {
      work.done = done;
      if (now() - work.told < (terminal ? 200 : PATIENCE)) return;
      work.told = now();
      tell(terminal ? '' : '\n');
    },
    end,
  };
}
