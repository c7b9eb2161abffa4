// How good a list is: binary relevance, the ideal list holding as much of what was bought as fits.

const gain = (place) => 1 / Math.log2(place + 2);

/** NDCG@size of a list of ids against what the visitor took next. */
export function ndcg(list, taken, size = 10) {
  let found = 0;
  let ideal = 0;
  for (let place = 0; place < Math.min(size, taken.size); place++) ideal += gain(place);
  for (const [place, id] of list.slice(0, size).entries()) if (taken.has(id)) found += gain(place);
  return found / ideal;
}

export const hit = (list, taken, size = 10) => (list.slice(0, size).some((id) => taken.has(id)) ? 1 : 0);

/** The ids of the greatest scores, in order; of equals the more popular, which comes first. Nothing that is masked. */
export function topOf(scores, ids, masked, size = 10) {
  const top = [];
  for (let i = 0; i < scores.length; i++) {
    if (masked.has(ids[i]) || (top.length === size && scores[i] <= scores[top[size - 1]])) continue;
    let at = top.length;
    while (at > 0 && scores[top[at - 1]] < scores[i]) at--;
    top.splice(at, 0, i);
    if (top.length > size) top.pop();
  }
  return top.map((i) => ids[i]);
}

/** Mean figures over cases, with the standard error of NDCG. */
export function summary(lists, cases) {
  const each = lists.map((list, i) => ndcg(list, cases[i].taken));
  const mean = each.reduce((a, b) => a + b, 0) / each.length;
  const spread = Math.sqrt(each.reduce((a, b) => a + (b - mean) ** 2, 0) / (each.length - 1) / each.length);
  const hits = lists.reduce((all, list, i) => all + hit(list, cases[i].taken), 0) / lists.length;
  return { ndcg: mean, error: spread, hit: hits };
}

/** A table as text; numbers to four digits. */
export function table(head, rows) {
  const text = [head, ...rows.map((row) => row.map((x) => (typeof x === 'number' && !Number.isInteger(x) ? x.toFixed(4) : String(x))))];
  const wide = head.map((_, i) => Math.max(...text.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((x, i) => (i ? x.padStart(wide[i]) : x.padEnd(wide[i]))).join(' | ')} |`;
  return [line(text[0]), `|${wide.map((w) => '-'.repeat(w + 2)).join('|')}|`, ...text.slice(1).map(line)].join('\n');
}
