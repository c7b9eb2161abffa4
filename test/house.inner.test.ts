import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix, relative } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

// The house rules: who may import whom, what pure files may touch, what no file may contain, which names reach a page.

const root = join(import.meta.dirname, '..');
const src = join(root, 'src');

/** File or folder → layer. Imports go down only. */
const layers: Record<string, number> = {
  types: 0,
  setup: 0,
  choices: 0,
  answers: 0,
  arena: 0,
  verbs: 0,
  moments: 0,
  about: 0,
  error: 0,
  locales: 0,
  version: 0,
  consent: 1,
  record: 1,
  noes: 1,
  receipt: 1,
  policy: 1,
  neighbours: 1,
  model: 1,
  matrix: 1,
  diversify: 1,
  rank: 1,
  score: 1,
  doubt: 1,
  brought: 1,
  drawers: 1,
  fatigue: 1,
  eligible: 1,
  again: 1,
  explain: 1,
  experiment: 1,
  signals: 1,
  storage: 2,
  stored: 2,
  gate: 2,
  standing: 2,
  held: 2,
  look: 2,
  decision: 2,
  digest: 2,
  ledger: 2,
  keep: 2,
  tabs: 2,
  gpc: 2,
  'open-panel': 2,
  seen: 2,
  breath: 2,
  catalog: 2,
  options: 3,
  permission: 3,
  outbox: 3,
  undo: 3,
  rights: 3,
  copy: 3,
  answer: 3,
  judged: 3,
  shelve: 3,
  choose: 3,
  fordi: 3,
  index: 3,
  integrations: 4,
  ui: 4,
  preact: 4,
  react: 4,
  debug: 4,
  script: 5,
  cli: 5,
};

/** Imports of values inside one layer; types may always be imported from a file of the same layer. */
const sameLayer = new Set([
  'policy → consent',
  'record → consent',
  'moments → verbs',
  'policy → fatigue',
  'policy → signals',
  'matrix → neighbours',
  'diversify → matrix',
  'rank → matrix',
  'again → score',
  'rank → score',
  'rank → doubt',
  'score → matrix',
  'score → eligible',
  'doubt → score',
  'doubt → brought',
  'doubt → drawers',
  'drawers → score',
  'doubt → eligible',
  'doubt → fatigue',
  'doubt → diversify',
  'eligible → matrix',
  'again → fatigue',
  'again → signals',
  'brought → signals',
  'doubt → signals',
  'explain → signals',
  'rank → signals',
  'explain → rank',
  'explain → score',
  'ledger → storage',
  'ledger → gate',
  'gate → storage',
  'gate → held',
  'look → gate',
  'look → held',
  'ledger → look',
  'decision → look',
  'decision → held',
  'held → storage',
  'outbox → held',
  'stored → storage',
  'keep → gate',
  'keep → ledger',
  'fordi → options',
  'fordi → permission',
  'fordi → outbox',
  'receipt → consent',
  'gate → digest',
  'gate → standing',
  'look → standing',
  'decision → standing',
  'ledger → standing',
  'keep → standing',
  'decision → gate',
  'decision → storage',
  'decision → digest',
  'catalog → breath',
  'digest → breath',
  'fordi → rights',
  'permission → undo',
  'rights → copy',
  'fordi → answer',
  'fordi → choose',
  'choose → answer',
  'answer → shelve',
  'answer → judged',
  'index → fordi',
]);

/** Layer 4 receives the instance: from below it takes types, and values only from these. */
const valuesForLayer4 = new Set([
  'types',
  'verbs',
  'locales',
  'signals',
  'about',
  'error',
  'moments',
  'open-panel',
  'seen',
  'stored',
  'breath',
]);

/** A dependency comes in through one door. */
const doors: Record<string, RegExp> = {
  'idb-keyval': /^storage\.ts$/,
  nanoid: /^ledger\.ts$/,
  preact: /^(ui\/.*|preact\.ts)$/,
  react: /^react\.ts$/,
  node: /^cli\//,
  '@duckdb': /^cli\/duck\.ts$/,
};

/** Not in the text of any file, comments aside; `except` names the files that may. */
const banned: { text: RegExp; except?: string }[] = [
  { text: /\binnerHTML\b/ },
  { text: /\bouterHTML\b/ },
  { text: /\binsertAdjacentHTML\b/ },
  { text: /\bdocument\.write/ },
  { text: /\beval\(/ },
  { text: /\bnew Function\b/ },
  { text: /\bDOMParser\b/ },
  { text: /\bdangerouslySetInnerHTML\b/ },
  { text: /\b(setHTMLUnsafe|createContextualFragment|createPolicy)\b/ },
  { text: /\b(draggable|dragstart|pointerdown|pointermove|mousedown|touchstart|touchmove)\b/i }, // A14
  { text: /\bsrcdoc\b/, except: 'integrations/embeds.ts' },
  { text: /\bsetAttribute\(\s*['"`](on|style)/ },
  { text: /\bcreateElement\(\s*['"`]style/ },
  { text: /\bnew (Shared)?Worker\b|\bimportScripts\b/, except: 'cli/crew.ts' },
  { text: /\bstyle=/ },
  { text: /\bdocument\.cookie\b/, except: 'stored.ts' },
  { text: /\bwindow\.name\b/ },
  { text: /\bsendBeacon\b/ },
  { text: /\bpostMessage\(/, except: 'tabs.ts' },
  { text: /\baddEventListener\(\s*['"`]message['"`]|\bonmessage\b/, except: 'tabs.ts' },
  { text: /\bfetch\(/, except: 'catalog.ts integrations/receipts.ts' },
  { text: /\b(localStorage|sessionStorage|indexedDB)\b/, except: 'storage.ts stored.ts' },
  { text: /\bcaches\b/, except: 'stored.ts' },
];

const impure = /^(Date|performance|localStorage|document|window|navigator|crypto|Promise)$/;

/** Filter lists hide or block what carries these names. */
const listed = /cookie|consent|gdpr|privacy|track|analytic|metric|beacon|pixel|telemetry|fingerprint|audience|banner|popup|advert/i;

const walk = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

const files = walk(src)
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    return { name: relative(src, path), text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
  });
type File = (typeof files)[number];

const line = (file: File, position: number) => `src/${file.name}:${file.ast.getLineAndCharacterOfPosition(position).line + 1}`;

const nodes = (node: ts.Node): ts.Node[] => (ts.isJSDoc(node) ? [] : [node, ...node.getChildren().flatMap(nodes)]);

const allNodes = new Map(files.map((file) => [file, nodes(file.ast)]));
const each = (visit: (file: File, node: ts.Node) => string | false | undefined, among = files) =>
  among.flatMap((file) =>
    (allNodes.get(file) ?? []).flatMap((node) => {
      const problem = visit(file, node);
      return problem ? [`${line(file, node.getStart())} ${problem}`] : [];
    }),
  );

/** `src/ui/shelf.tsx` lives in the house as `ui`, `src/rank.ts` as `rank`. */
const room = (name: string) => name.split('/')[0]?.replace(/\.tsx?$/, '') ?? '';
const layer = (name: string) => layers[room(name)] ?? Number.NaN;
const pure = files.filter((file) => layer(file.name) === 1);

const typeOnly = (node: ts.ImportDeclaration | ts.ExportDeclaration) => {
  if (ts.isExportDeclaration(node)) {
    const names = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : undefined;
    return node.isTypeOnly || Boolean(names?.length && names.every((name) => name.isTypeOnly));
  }
  const clause = node.importClause;
  const names = clause?.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : [];
  return Boolean(clause?.isTypeOnly || (!clause?.name && names.length && names.every((name) => name.isTypeOnly)));
};

/** Every import, `export … from`, `import()` and `import('…').Type` with its target. */
const importOf = (node: ts.Node) => {
  const found = (specifier: ts.Node | undefined, types: boolean) =>
    specifier && ts.isStringLiteralLike(specifier) ? { to: specifier.text, types } : undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return found(node.moduleSpecifier, typeOnly(node));
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return found(node.arguments[0], false);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return found(node.argument.literal, true);
  return undefined;
};

const dependencyProblem = (from: string, to: string, types: boolean) => {
  const name = to.startsWith('node:') ? 'node' : (to.split('/')[0] ?? '');
  const door = doors[name];
  if (!door) return types ? undefined : `imports ${to}, a dependency without a door`;
  return door.test(from) ? undefined : `imports ${to}, whose door is ${door.source}`;
};

const layerProblem = (from: string, to: string, types: boolean) => {
  const [a, b] = [room(from), room(to)];
  const [up, down] = [layer(from), layer(to)];
  if (Number.isNaN(down)) return `imports ${to}, which has no layer`;
  if (down > up) return `imports upward: ${a} (L${up}) → ${b} (L${down})`;
  if (types || a === b) return undefined;
  if (down === up) return sameLayer.has(`${a} → ${b}`) ? undefined : `imports inside its layer: ${a} → ${b} (L${up})`;
  return up === 4 && !valuesForLayer4.has(b) ? `imports a value: ${a} (L4) takes only types from ${b}` : undefined;
};

test('the sources are found and each has a layer', () => {
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => Number.isNaN(layer(file.name))).map((file) => `src/${file.name}`)).toEqual([]);
});

test('imports go down the layers, each dependency through its door', () => {
  const problems = each((file, node) => {
    const found = importOf(node);
    if (!found) return undefined;
    if (!found.to.startsWith('.')) return dependencyProblem(file.name, found.to, found.types);
    return layerProblem(file.name, posix.join(posix.dirname(file.name), found.to).replace(/\.js$/, ''), found.types);
  });
  expect(problems).toEqual([]);
});

/** A name that only labels a member (`x.window`, `{ window: 1 }`, `window?: number`) touches nothing. */
const isLabel = (node: ts.Identifier) => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) return parent.name === node;
  return ts.isPropertySignature(parent) || ts.isMethodSignature(parent) || ts.isBindingElement(parent);
};

test('judgement is pure: no clock, no chance, no browser, no waiting in layer 1', () => {
  const problems = each((_, node) => {
    if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) return 'waits';
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random') return 'uses Math.random';
    return ts.isIdentifier(node) && impure.test(node.text) && !isLabel(node) && `uses ${node.text}`;
  }, pure);
  expect(problems).toEqual([]);
});

test('no module keeps changing state at its top level', () => {
  const problems = each(
    (_, node) =>
      ts.isVariableStatement(node) &&
      ts.isSourceFile(node.parent) &&
      !(node.declarationList.flags & ts.NodeFlags.Const) &&
      'declares let or var at module level',
  );
  expect(problems).toEqual([]);
});

test('files have a purpose in their name and at most 400 lines', () => {
  const problems = files.flatMap(({ name, text }) => [
    ...(/^(utils?|helpers?)/i.test(basename(name)) ? [`src/${name} is named after nothing`] : []),
    ...(text.trimEnd().split('\n').length > 400 ? [`src/${name} is longer than 400 lines`] : []),
  ]);
  expect(problems).toEqual([]);
});

/** The text with comments blanked, lines kept. Comments sit before tokens, never inside the text of JSX. */
const withoutComments = (file: File) => {
  const keep = (from: number, to: number) => file.text.slice(from, to).replace(/[^\n]/g, ' ');
  let text = '';
  for (const token of (allNodes.get(file) ?? []).filter((node) => node.getChildCount() === 0)) {
    const start = token.getStart();
    if (start < text.length) continue;
    text += keep(text.length, start) + file.text.slice(start, token.end);
  }
  return text;
};

test('X1 · no file contains what a strict page forbids or a visitor was not told about', () => {
  const problems = files.flatMap((file) =>
    withoutComments(file)
      .split('\n')
      .flatMap((code, index) =>
        banned
          .filter(({ text, except }) => !except?.split(' ').includes(file.name) && text.test(code))
          .map(({ text }) => `src/${file.name}:${index + 1} contains ${text.exec(code)?.[0]}`),
      ),
  );
  expect(problems).toEqual([]);
});

const inClassName = (node: ts.Node): boolean => {
  const owner = node.parent;
  if (ts.isJsxAttribute(owner)) return /^class(Name)?$/.test(owner.name.getText());
  if (ts.isJsxExpression(owner)) return inClassName(owner);
  if (ts.isPropertyAssignment(owner)) return /^class(Name)?$/.test(owner.name.getText());
  return ts.isCallExpression(owner) && /\bclassList\.\w+$/.test(owner.expression.getText());
};

test('A17 · no style knows left from right', () => {
  const styles = files.filter(({ name }) => /^(ui\/.*|debug)\.tsx?$/.test(name));
  const sides = /\b(left|right)\s*[:;]|-(left|right)\b|:\s*(left|right)\b|translateX/;
  expect(styles.some(({ text }) => /margin-inline-end:/.test(text))).toBe(true);
  expect(styles.filter((file) => sides.test(withoutComments(file))).map(({ name }) => name)).toEqual([]);
});

test('A16 · no style keeps its own colours where the visitor’s are forced', () => {
  const shown = files.filter(({ name }) => name.startsWith('ui/')); // the developer’s drawer keeps the colours of its bars
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.filter((file) => /forced-color-adjust/.test(withoutComments(file))).map(({ name }) => name)).toEqual([]);
});

test('names that reach the page are not on filter lists', () => {
  const problems = each((_, node) => {
    if (ts.isPropertyAccessExpression(node) && /\.dataset$/.test(node.expression.getText()))
      return listed.test(node.name.text) && `has the name dataset.${node.name.text}`;
    const text = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ? node.text : undefined;
    if (text === undefined || !listed.test(text)) return undefined;
    return (/^(fordi|data-)/.test(text) || inClassName(node)) && `has the name '${text}'`;
  });
  expect(problems).toEqual([]);
});

test('files a page loads are not on filter lists', () => {
  const shipped = walk(join(root, 'dist')).map((path) => relative(root, path));
  expect(shipped.filter((path) => path.endsWith('.js') && listed.test(path))).toEqual([]);
});

test('functions are short: half of them in ten lines, nine of ten in thirty, none over sixty (a factory of functions: eighty)', () => {
  const lengths = files.flatMap((file) =>
    (allNodes.get(file) ?? []).filter(ts.isFunctionLike).flatMap((node) => {
      if (!('body' in node) || !node.body) return [];
      const at = (position: number) => file.ast.getLineAndCharacterOfPosition(position).line;
      const inner = nodes(node.body).filter((n) => ts.isArrowFunction(n) || ts.isMethodDeclaration(n) || ts.isFunctionDeclaration(n));
      return [{ where: line(file, node.getStart()), lines: at(node.end) - at(node.getStart()) + 1, factory: inner.length > 3 }];
    }),
  );
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(10);
  expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThanOrEqual(30);
  expect(lengths.filter(({ lines, factory }) => lines > (factory ? 80 : 60))).toEqual([]);
});
