// Tables as plain text.

const WIDE = 46;
const CELL = 15;

export const number = (x) => x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0);

export const times = ({ p50, p95 }) => `${number(p50)}/${number(p95)}`;
export const ratio = (ours, theirs) => `${number(ours / theirs)}x`;
export const bytes = (n) => (n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(2)} MB`);

export const row = (what, cells) => console.log(what.padEnd(WIDE) + cells.map((cell) => String(cell).padStart(CELL)).join(''));

export function heading(what, columns) {
  console.log(`\n${what}`);
  row('', columns);
}
