import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { GROUPS, ROWS } from './support/conformance.js';

// Binds each row of law and standards to the tests that assert it, and the table (conformance.md) to both.
// FORDI_WRITE=1 npm run unit -- conformance    writes the table anew.

const root = join(import.meta.dirname, '..');
const table = join(import.meta.dirname, 'conformance.md');

const files = ['test', 'e2e'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(test\.tsx?|spec\.ts)$/.test(name))
    .map((name) => join(root, folder, name)),
);

const isTest = (callee: string) => /^test\b(?!\.(skip|todo|fixme|step|describe))/.test(callee);

/** Names of the tests in a file: of `test('…')`, `test.each(…)('…')` and `test.for(…)('…')`. */
function namesIn(file: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression.getText())) {
      const [first] = node.arguments;
      if (first && ts.isStringLiteralLike(first)) names.push(first.text);
      else if (first && ts.isTemplateExpression(first)) names.push(first.getText().slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return names;
}

const tests = files.flatMap((file) => namesIn(file).map((name) => ({ file: relative(root, file), name })));
const idsOf = (name: string) => /^((?:[A-Z]\d+b?)(?:, [A-Z]\d+b?)*) · /.exec(name)?.[1]?.split(', ') ?? [];
/** Faults have ids too (design of the suite: A01 to G09); rows have no zero in front. */
const bound = (id: string) => tests.filter(({ name }) => idsOf(name).includes(id));

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
const line = ([id, { asks, open }]: [string, (typeof ROWS)[string]]) =>
  `| ${id} | ${asks} | ${open ? `open: ${open}` : bound(id).map(({ file, name }) => `${cell(name.replace(/^[^·]*· /, ''))} ([${file}](${relative('test', file)}))`).join('<br>')} |`; // biome-ignore format: one row

const written = () =>
  `# Conformance\n\nEach row of law and standards, and the tests that assert it. Made by \`FORDI_WRITE=1 npm run unit -- conformance\`; a test holds it to the tests there are. This is engineering, not legal advice.\n${Object.entries(
    GROUPS,
  )
    .map(([letter, title]) => {
      const rows = Object.entries(ROWS).filter(([id]) => id.startsWith(letter));
      return `\n## ${title}\n\n| row | asks | asserted by |\n|---|---|---|\n${rows.map(line).join('\n')}\n`;
    })
    .join('')}`;

test('every row is asserted by a test, or open with a reason', () => {
  const without = Object.entries(ROWS).filter(([id, { open }]) => !open && !bound(id).length);
  expect(without.map(([id, { asks }]) => `${id}: ${asks}`)).toEqual([]);
});

test('an id at the front of a name is that of a row or of a fault, and stands as the table reads it', () => {
  const close = tests.filter(({ name }) => /^[LRGCTENAX][1-9]\d?b?\b/.test(name) && !idsOf(name).length);
  expect(close).toEqual([]);
  expect(tests.flatMap(({ name }) => idsOf(name)).filter((id) => !ROWS[id] && !/^[A-G]\d\d$/.test(id))).toEqual([]);
});

test('no row that a test asserts is called open', () => {
  expect(Object.entries(ROWS).filter(([id, { open }]) => open && bound(id).length)).toEqual([]);
});

test('R7b · the README has the entry for the record of processing and the note of screening, to fill in', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const fold = (summary: RegExp) => readme.split('<details>').find((part) => summary.test(part.split('</summary>')[0] ?? '')) ?? '';
  const entry = fold(/record of processing \(GDPR 30\)/);
  for (const field of [
    'Controller',
    'Purpose',
    'Legal basis',
    'Data subjects',
    'Categories of data',
    'Recipients',
    'Time limits',
    'Security',
  ])
    expect(entry).toMatch(new RegExp(`^\\| ${field}`, 'm'));
  expect(entry).toContain('…');
  expect(fold(/GDPR 35/)).toMatch(/price, credit, job, housing, insurance/);
});

test('the table says what the tests say', () => {
  if (process.env.FORDI_WRITE) writeFileSync(table, written());
  expect(readFileSync(table, 'utf8')).toBe(written());
});
