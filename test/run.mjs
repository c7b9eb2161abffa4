// `npm test`: every check, then one closing line that sums the tests of Vitest and of each engine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, firefox, wanted, webkit } from '../e2e/browsers.mjs';

process.chdir(join(import.meta.dirname, '..'));
const reports = mkdtempSync(join(tmpdir(), 'fordi-test-'));
const sum = { passed: 0, failed: 0, skipped: 0 };

/** One line per part; a part that stops without a failed test (a crash, no report, no tests) counts as one failure. */
const count = (name, { passed = 0, failed = 0, skipped = 0 }, ok) => {
  const broken = !ok && failed === 0 ? 1 : 0;
  sum.passed += passed;
  sum.failed += failed + broken;
  sum.skipped += skipped;
  const counts = `${passed} passed, ${failed + broken} failed, ${skipped} skipped`;
  console.log(`${name}: ${counts}${broken ? ' (it broke off, which counts as one failure)' : ''}`);
};

const run = (script, args = [], env = {}) => {
  console.log(`\n== ${script}`);
  const options = { stdio: 'inherit', env: { ...process.env, ...env } };
  return spawnSync('npm', ['run', '--silent', script, '--', ...args], options).status === 0;
};

const stage = (script) => {
  const ok = run(script);
  if (!ok) count(script, {}, false);
  return ok;
};

const readReport = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

const unit = (args) => {
  const file = join(reports, 'unit.json');
  const ok = run('unit', ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args]);
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests, numTodoTests } = readReport(file) ?? {};
  count('vitest', { passed, failed, skipped: (numPendingTests ?? 0) + (numTodoTests ?? 0) }, ok && passed > 0);
};

const outcome = { expected: 'passed', flaky: 'failed', unexpected: 'failed', skipped: 'skipped' };
const results = (suite) => [
  ...(suite.specs ?? []).flatMap(({ title, tests }) => tests.map((test) => ({ ...test, once: /@once/.test(title) }))),
  ...(suite.suites ?? []).flatMap((inner) => results(inner)),
];

const engines = (script, names) => {
  const file = join(reports, `${script.replace(':', '-')}.json`);
  const ok = run(script, [], { FORDI_REPORT: file });
  const tests = results(readReport(file) ?? {});
  const failures = tests.some((test) => outcome[test.status] === 'failed');
  for (const name of names) {
    const counted = { passed: 0, failed: 0, skipped: 0 };
    for (const test of tests) if (test.projectName === name) counted[outcome[test.status]] += 1;
    count(name, counted, (ok || failures) && counted.passed + counted.failed > 0);
  }
  const once = tests.filter((test) => test.once).length;
  if (once) console.log(`left to chromium (@once: the same in every engine): ${once}`);
};

try {
  stage('browsers');
  stage('typecheck');
  stage('lint');
  const built = stage('build');
  unit(built ? [] : ['--project', 'src']);
  const found = Object.entries({ chromium, firefox, webkit }).filter(([, find]) => find());
  const names = found.map(([name]) => name);
  const together = names.filter((name) => name !== 'webkit');
  if (built && together.length) engines('e2e', together);
  if (built && names.includes('webkit')) engines('e2e:webkit', ['webkit']);
  console.log('');
  if (!built) console.log('e2e: nothing was built, not run in any browser');
  if (!names.includes('chromium')) count('chromium', {}, false);
  for (const name of ['chromium', 'firefox', 'webkit'])
    if (!names.includes(name)) console.log(`${name}: ${wanted(name) ? 'not found' : 'left out by FORDI_ENGINES'}, not run`);
} catch (error) {
  console.error(error);
  sum.failed += 1;
}
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = sum.failed ? 1 : 0;
