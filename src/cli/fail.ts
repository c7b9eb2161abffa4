/** The call itself is wrong: nothing was read. Exit code 2. */
export class WrongCall extends Error {}

/** The call was right, the work could not be done. Exit code 1. */
export class Failed extends Error {}

/** How many letters apart two names are, case aside. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, x] of [...a.toLowerCase()].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const same = x === b[j]?.toLowerCase();
      next.push(Math.min((next[j] as number) + 1, (row[j + 1] as number) + 1, (row[j] as number) + (same ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] as number;
}

const letters = (name: string) => [...name.toLowerCase()].sort().join('');

/** How far a name is from what was meant: part of it, its letters in another order, or so many letters apart. */
function farness(name: string, known: string): number {
  if (known.toLowerCase().includes(name.toLowerCase()) || letters(known) === letters(name)) return 1;
  return distance(name, known);
}

/** ` Did you mean "…"?`, where one of the names is near enough; otherwise nothing. */
export function didYouMean(name: string, names: readonly string[]): string {
  const near = names.map((known) => ({ known, far: farness(name, known) })).sort((a, b) => a.far - b.far)[0];
  return near && near.far <= (name.length < 3 ? 1 : Math.max(2, name.length / 3)) ? ` Did you mean "${near.known}"?` : '';
}

/** A name or a value as it is shown in a message: on one line and short. */
export const shown = (value: unknown) =>
  JSON.stringify(String(value))
    .slice(0, 80)
    .replace(/(?<!")$/, '…"');
