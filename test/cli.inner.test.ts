import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../src/cli/run.js';
import { problemOf } from '../src/model.js';

// `npx fordi neighbours`, in this process: what it does with files that are not as they should be, and what it leaves on the disk.

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'fordi-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const fresh = () => join(folder, `${++made}`);

function file(name: string, content: string | Buffer): string {
  const place = fresh();
  mkdirSync(place);
  writeFileSync(join(place, name), content);
  return join(place, name);
}

async function call(args: string[]) {
  const said: string[] = [];
  const errors: string[] = [];
  const voices = { out: (line: string) => void said.push(line), err: (text: string) => void errors.push(text), terminal: false };
  const code = await run(args, voices);
  const error =
    errors
      .join('')
      .split('\n')
      .find((line) => line.startsWith('fordi: ')) ?? '';
  return { code, out: said.join('\n'), error };
}

/** Runs on one file with few demands. */
async function build(path: string, ...more: string[]) {
  const out = fresh();
  const result = await call([
    'neighbours',
    path,
    '--visitor',
    'who',
    '--item',
    'what',
    '--out',
    out,
    '--min-visitors',
    '1',
    '--min-buyers',
    '1',
    '--method',
    'cosine',
    ...more,
  ]);
  const model = join(out, 'neighbours.json');
  return { ...result, folder: out, model: existsSync(model) ? JSON.parse(readFileSync(model, 'utf8')) : undefined };
}

/** Sound rows that every file gets, so that a model can be made. */
const rows = (tail = '') => Array.from({ length: 30 }, (_, i) => `v${i % 10},i${(i * 7) % 4}${tail}`).join('\n');

describe('a wrong call ends with 2 and says what to write', () => {
  test.each([
    [[], 'no command is given'],
    [['neighbors'], '"neighbors" is not a command'],
    [['neighbours'], 'no file is named'],
    [['neighbours', 'a.csv', '--item', 'x', '--out', 'o'], '--visitor is missing'],
    [['neighbours', 'a.csv', '--visitor', 'x', '--out', 'o'], '--item is missing'],
    [['neighbours', 'a.csv', '--visitor', 'x', '--item', 'y'], '--out is missing'],
    [['neighbours', 'a.csv', '--vistor', 'x'], 'Did you mean "--visitor"?'],
    [['neighbours', 'a.csv', '--visitor'], '--visitor'],
    ...[
      [['--method', 'eas'], 'Did you mean "ease"?'],
      [['--top', '0'], '--top is "0", expected a whole number from 1 to 1000.'],
      [['--top', '2.5'], 'whole number'],
      [['--top', ''], 'whole number'],
      [['--per-page', '201'], '--per-page is "201", expected a whole number from 1 to 200: a device takes no more of one item.'],
      [['--lambda', '0'], '--lambda is "0", expected a number above 0.'],
      [['--lambda=-1'], 'above 0'],
      [['--since', '2020-01-01'], '--since needs to know when'],
      [['--time', 't', '--until', '2020-02-31'], '--until is "2020-02-31", expected a day'],
      [['--method', 'transitions'], '--method transitions needs to know when'],
      [['--format', 'file,cards'], '--format is "cards", expected one of file, pages, shards'],
      [['--memory', 'much'], '--memory is "much", expected a size'],
      [['--format', 'catalog'], '--catalog FILE.json'],
      [['--items', 'cards.csv'], '--items does nothing without --format pages or --format shards.'],
      [['--per-page', '200', '--catalog', 'c.json'], '--per-page does nothing without --format pages or --format shards.'],
      [['--format', 'pages', '--items', 'c.csv', '--shards', '3'], '--shards does nothing without --format shards.'],
      [['--dates', 'dmy'], '--dates does nothing without --time COLUMN.'],
      [['--format', 'file,pages'], '--format pages needs what a page shows of an item, its title at least: --items FILE or --catalog'],
    ].map(
      ([more, message]) =>
        [['neighbours', 'a.csv', '--visitor', 'x', '--item', 'y', '--out', 'o', ...(more as string[])], message] as const,
    ),
  ] as [string[], string][])('%j', async (args, message) => {
    const { code, error } = await call(args);
    expect(error).toContain(message);
    expect(code).toBe(2);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  test('--help is no error', async () => {
    for (const args of [['--help'], ['neighbours', '--help']]) {
      const { code, out } = await call(args);
      expect(code).toBe(0);
      expect(out).toContain('--min-visitors');
    }
  });
});

describe('a file that cannot be used ends with 1 and says why', () => {
  const cases: [name: string, content: string | Buffer, message: RegExp][] = [
    ['a.csv', 'who,waht\na,b\n', /has no column "what" \(--item\)\. It has: "who", "waht"\. Did you mean "waht"\?/],
    ['a.csv', '', /is empty/],
    ['a.csv', 'who,what\n', /no rows under the header/],
    ['a.csv', 'who,what\n,\n,x\n', /none of 2 rows can be used\. visitor is missing: 2 \(line 2\)/],
    ['a.csv', Buffer.from('\ufeffwho,what\na,b\n', 'utf16le'), /is UTF-16, expected UTF-8/],
    ['a.csv.gz', 'who,what\na,b\n', /cannot be read/],
    ['a.csv.gz', gzipSync('who,what\n'.padEnd(100_000, 'a,b\n')).subarray(0, 100), /cannot be read/],
    ['a.parquet', 'who,what\na,b\n', /DuckDB: .*parquet/i],
    ['a.csv', 'who,what\na,b\n', /one item is left that at least 1 visitors have/],
    ['a.jsonl', '{"who":"a","what":"b"}\n'.repeat(3), /one item is left/],
    [
      'a.jsonl',
      '{"x":1}\n\nno\n{"who":"a","waht":"b"}\n',
      /has no column "what" \(--item\)\. It has: "x", "who", "waht"\. Did you mean "waht"\?/,
    ],
    ['a.jsonl', '{"who":null,"what":"b"}\n', /none of 1 rows can be used\. visitor is missing: 1 \(line 1\)/],
    [
      'a.csv',
      Buffer.from('who,what,h\xe4ndler\na,b,c\n', 'latin1').subarray(4),
      /has no column "who".* They are not UTF-8: --encoding latin-1\./,
    ],
    ['a.jsonl', '[{"who":"a","what":"b"}]\n', /none of 1 rows can be used/],
  ];
  test.each(cases)('%s %j', async (name, content, message) => {
    const { code, error, folder: out } = await build(file(name, content));
    expect(error).toMatch(message);
    expect(code).toBe(1);
    expect(readdirSync(out)).toEqual([]);
  });

  test('a file that is not there, or of no known kind', async () => {
    expect((await build(join(folder, 'none.csv'))).error).toContain('is not there');
    expect((await build(file('a.json', '[]'))).error).toContain('One JSON object per line is .jsonl');
  });
});

describe('bad rows are counted by reason and shown by line', () => {
  const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('  '));

  test('rows of a CSV, with lines as an editor counts them', async () => {
    const text = [
      '\ufeffwho,what,when,much', // 1
      'a,x,2020-01-01,1', // 2
      '', // 3
      'b,"two\nlines",2020-01-02,2', // 4, 5
      ',x,2020-01-02,3', // 6
      'NULL,x,2020-01-02,3', // 7
      'c,,2020-01-02,3', // 8
      'c,y', // 9
      'c,y,2020-01-02,3,4', // 10
      'c,y,2020-13-02,3', // 11
      'c,y,2020-01-02,many', // 12
      'c,y,2020-01-02,-1', // 13
      'c,y,2020-01-02,0', // 14
      `c,${'z'.repeat(201)},2020-01-02,3`, // 15
      'c,"y"y,2020-01-02,3', // 16
      'c,12" vinyl,2020-01-02,3', // 17
      'c,x,2020-01-02,inf', // 18
    ].join('\n');
    const { out, code, model } = await build(file('a.csv', text), '--time', 'when', '--weight', 'much');
    expect(code).toBe(0);
    expect(out).toMatch(/^rows +15$/m);
    expect(lines(out)).toEqual([
      '  visitor is missing: 2 (line 6, line 7)',
      '  weight is not a number: 2 (line 12 "many", line 18 "inf")',
      '  weight is not above 0: 2 (line 13 "-1", line 14 "0")',
      '  item id is over 200 letters: 1 (line 15)',
      '  item is missing: 1 (line 8)',
      '  text beside a quoted value: 1 (line 16)',
      '  time cannot be read: 1 (line 11 "2020-13-02")',
      '  too few columns: 1 (line 9)',
      '  too many columns: 1 (line 10)',
    ]);
    expect(model.ids).toEqual(expect.arrayContaining(['x', 'two\nlines', '12" vinyl']));
  });

  test('an opening quote that never closes costs its own line, not the rest of the file', async () => {
    const text = `who,what\n${rows()}\nlost,"never closed\n${Array.from({ length: 5000 }, (_, i) => `w${i},i${i % 4}`).join('\n')}\nlast,"also\n`;
    const { out } = await build(file('a.csv', text));
    expect(lines(out)).toEqual(['  quote never closed: 2 (line 32, line 5033)']);
    expect(out).toMatch(/^visitors +5,010$/m);
  });

  test('a line of any length', async () => {
    const text = `who,what\n${rows()}\nlong,${'x'.repeat(5e6)}\n${rows()}\n"long,${'x'.repeat(3e6)}\nlong",y\n`;
    const { out } = await build(file('a.csv', text));
    expect(lines(out)).toEqual(['  line longer than 1 MB: 2 (line 32, line 63)']);
  });

  test('a 2 GB line costs a moment and no memory', async () => {
    // Zeros that take no room; where there is a disk in memory, not even to read them.
    const place = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : folder, 'long-line-'));
    onTestFinished(() => rmSync(place, { recursive: true }));
    const path = join(place, 'a.csv');
    writeFileSync(path, `who,what\n${rows()}\nlong,`);
    truncateSync(path, 2 ** 31 + 1000);
    appendFileSync(path, `\n${rows()}\n`);
    const before = process.memoryUsage().rss;
    const { out } = await build(path);
    expect(lines(out)).toEqual(['  line longer than 1 MB: 1 (line 32)']);
    expect(out).toMatch(/^rows +61$/m);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29);
  });

  test('rows of a Parquet file, whose columns have types of their own', async () => {
    const path = join(folder, 'rows.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(`COPY (SELECT CASE WHEN n % 40 = 39 THEN NULL ELSE n % 10 END::BIGINT AS who, (n * 7) % 4 AS what,
      CASE WHEN n % 50 = 20 THEN NULL ELSE TIMESTAMP '2020-01-01' + to_hours(n) END AS "when", n % 3 - 0.5 AS much FROM range(100) r(n)) TO '${path}'`);
    connection.closeSync();
    const { out, model } = await build(path, '--time', 'when', '--weight', 'much', '--until', '2020-01-03');
    expect(lines(out)).toEqual([
      '  weight is not above 0: 33 (row 1 "-0.5", row 4 "-0.5", row 7 "-0.5", …)',
      '  time is missing: 2 (row 21, row 71)',
      '  visitor is missing: 2 (row 40, row 80)',
    ]);
    expect(out).toMatch(/^rows +100, outside the days asked for 17$/m);
    expect(model.ids.sort()).toEqual(['0', '1', '2', '3']);
    const missing = await build(path, '--weight', 'mcuh');
    expect(missing.error).toContain('Did you mean "much"?');
  });

  test('bytes of another encoding', async () => {
    const text = Buffer.concat([Buffer.from(`who,what\n${rows()}\nm,`), Buffer.from([0x63, 0x61, 0x66, 0xe9]), Buffer.from('\nn,café\n')]);
    const path = file('a.csv', text);
    const { out, model } = await build(path);
    expect(lines(out)).toEqual(['  not UTF-8: 1 (line 32)']);
    expect(model.ids).toContain('café');
  });

  test('--encoding latin-1: names of columns, values, and the lines of what is bad', async () => {
    const latin = (name: string, text: string) => file(name, Buffer.from(text, 'latin1'));
    const csv = `hvem,k\xf8bt\n${rows('\xe5')}\nm,caf\xe9\nm\n,\xe5\n`;
    const options = ['--encoding', 'latin-1', '--visitor', 'hvem', '--item', 'købt'];
    const { out, model } = await build(latin('a.csv', csv), ...options);
    expect(model.ids.sort()).toEqual(['café', 'i0å', 'i1å', 'i2å', 'i3å']);
    expect(lines(out)).toEqual(['  too few columns: 1 (line 33)', '  visitor is missing: 1 (line 34)']);
    const copied = await build(latin('a.csv', `${csv}"\xe5,\n\xe5\n`), ...options);
    expect(lines(copied.out)).toEqual([
      '  too few columns: 2 (line 33, line 36)',
      '  quote never closed: 1 (line 35)',
      '  visitor is missing: 1 (line 34)',
    ]);
    const json = [...rows('\xe5').split('\n'), ',caf\xe9', 'm,caf\xe9'].map((row) => row.split(','));
    const jsonl = json.map(([who, what]) => JSON.stringify({ hvem: who, købt: what })).join('\n');
    const also = await build(latin('a.jsonl', `${jsonl}\n`), ...options);
    expect(also.model.ids.sort()).toEqual(model.ids);
    expect(lines(also.out)).toEqual(['  visitor is missing: 1 (line 31)']);
    const parquet = await build(file('a.parquet', ''), '--encoding', 'latin-1');
    expect([parquet.code, parquet.error]).toEqual([2, expect.stringContaining('--encoding latin-1 does nothing for')]);
  });

  test('spaces around an id do not make another visitor or item', async () => {
    const sound = await build(file('a.csv', `who,what\n${rows()}\n`));
    const loose = await build(file('a.csv', `who,what\n${rows().replace('v3,i1', ' v3 , i1').replace('v5,i3\n', 'v5,i3 \n')}\n`));
    expect(loose.model).toEqual(sound.model);
    const json = rows()
      .replace('v3,', 'v3 ,')
      .split('\n')
      .map((row) => JSON.stringify({ who: row.split(',')[0], what: row.split(',')[1] }));
    expect((await build(file('a.jsonl', json.join('\n')))).model).toEqual(sound.model);
  });

  test('line breaks of both kinds, of the old Mac, and none at the end', async () => {
    const sound = await build(file('a.csv', `who,what\n${rows()}`));
    const mixed = `who,what\r\n${rows()}`.replace('v5,', '\nv5,').replace('v6,', '\r\n\r\nv6,');
    for (const text of [mixed, `who,what\r\n${rows().replaceAll('\n', '\r\n')}\r\n`, `who,what\r${rows().replaceAll('\n', '\r')}`]) {
      const { out, model } = await build(file('a.csv', text));
      expect(out).toMatch(/bad rows +none/);
      expect(model).toEqual(sound.model);
    }
  });

  test('lines of a JSONL', async () => {
    const json = rows()
      .split('\n')
      .map((row) => JSON.stringify({ who: row.split(',')[0], what: row.split(',')[1] }));
    const text = [...json, '{"who":"a","what"', '', '{"what":"b"}', '{"who":null,"what":"b"}', '{"who":7,"what":8}', '  '].join('\n');
    const { out, model } = await build(file('a.jsonl.gz', gzipSync(text)));
    expect(lines(out)).toEqual(['  line is not JSON: 2 (line 31, line 36)', '  visitor is missing: 2 (line 33, line 34)']);
    expect(model.ids).toContain('8');
  });

  test('several files: each line with its file', async () => {
    const [a, b] = [file('a.csv', `who,what\n${rows()}\n,x\n`), file('b.csv', `who,what\nc\n${rows()}\n,x\n`)];
    const { out } = await build(a, b);
    expect(lines(out)).toEqual([`  visitor is missing: 2 (${a}:32, ${b}:33)`, `  too few columns: 1 (${b}:2)`]);
    const other = await build(a, file('c.csv', `who,what,when\na,b,c\n`));
    expect(other.error).toContain('has other columns than');
  });

  test('line numbers hold far into a large file', async () => {
    const many = Array.from({ length: 300_000 }, (_, i) =>
      i % 100_000 === 99_999 ? ',i1' : i % 100_000 === 50_000 ? 'x' : `v${i % 1000},i${i % 9}`,
    );
    const { out } = await build(file('a.csv', `who,what\n${many.join('\n')}\n`));
    expect(lines(out)).toEqual([
      '  too few columns: 3 (line 50002, line 150002, line 250002)',
      '  visitor is missing: 3 (line 100001, line 200001, line 300001)',
    ]);
  });
});

describe('dates', () => {
  const dated = async (dates: string[], ...more: string[]) => {
    const text = `who;what;when\n${dates.map((date, i) => `v${i % 3};i${i % 5};${date}`).join('\n')}\n`;
    return build(file('a.csv', text), '--time', 'when', ...more);
  };
  const kept = (out: string) => Number(/^rows +(\d+)/m.exec(out)?.[1]) - Number(/outside the days asked for (\d+)/.exec(out)?.[1] ?? 0);

  test('every usual way of writing one moment', async () => {
    const ways = [
      '2020-11-05',
      '2020-11-05 10:11:12',
      '2020-11-05T10:11',
      '2020-11-05T10:11:12Z',
      '2020-11-05T10:11:12.345Z',
      '2020-11-06T01:00:00+05:00',
      '2020/11/05',
      '20201105',
      '1604571072',
      '1604571072000',
      '1604571072.5',
      '5.11.2020',
      '05.11.2020 10:11',
      '5 Nov 2020',
      'Nov 5, 2020',
      '05-Nov-2020',
      'Thu, 05 Nov 2020 10:11:12 GMT',
      ' 2020-11-05 ',
    ];
    const { out } = await dated(ways, '--since', '2020-11-05', '--until', '2020-11-05');
    expect(out).toMatch(/bad rows +none/);
    expect(kept(out)).toBe(ways.length);
  });

  test('three ways mixed in one column, where the rest of it shows which comes first', async () => {
    const { out } = await dated(
      ['2020-04-05', '05/04/2020', '31/12/2019', '5.4.2020', '05/04/2020 10:11'],
      '--since',
      '2020-04-05',
      '--until',
      '2020-04-05',
    );
    expect(out).toMatch(/bad rows +none/);
    expect(kept(out)).toBe(4);
    const american = await dated(
      ['2020-04-05', '04/05/2020', '12/31/2019', '5.4.2020', '4/5/2020 8:26'],
      '--since',
      '2020-04-05',
      '--until',
      '2020-04-05',
    );
    expect(kept(american.out)).toBe(4);
  });

  test('where nothing shows it, or both, the rows are named, and --dates settles it', async () => {
    const unclear = ['2020-04-05', '05/04/2020', '2020-05-04', '2020-04-07', '01/01/2020'];
    expect((await dated(unclear)).out).toContain('day or month first is not clear: 1 (line 3 "05/04/2020")');
    expect((await dated([...unclear, '31/12/2019', '12/31/2019'])).out).toContain(
      'day or month first is not clear: 1 (line 3 "05/04/2020")',
    );
    const settled = await dated(unclear, '--dates', 'mdy', '--since', '2020-05-04', '--until', '2020-05-04');
    expect(kept(settled.out)).toBe(2);
  });

  test('a month that is spelt, and what cannot be read, show neither way', async () => {
    const odd = ['05-Nov-2020', '31/31/2020', '00/00/0000', '12-31', '1/2/3/4'];
    const { out } = await dated([...Array.from({ length: 30 }, () => '04/05/2020'), '2020-01-01', '2020-01-01', ...odd]);
    expect(out).toContain('day or month first is not clear: 30 (line 2 "04/05/2020", line 3 "04/05/2020", line 4 "04/05/2020", …)');
    expect(out).toContain('time cannot be read: 4 (line 35 "31/31/2020", line 36 "00/00/0000", line 37 "12-31", …)');
  });

  test('what is no time is reported', async () => {
    const none = ['yesterday', '2020-02-30', '31/31/2020', 'infinity', 'epoch', '12', '1e300', '-5', '0001-01-01', '9999-01-01'];
    const good = Array.from({ length: 5 }, () => '2020-01-01');
    for (const some of [none.slice(0, 3), none.slice(3, 6), none.slice(6, 9), none.slice(9)])
      expect((await dated([...good, ...some])).out).toContain(
        `time cannot be read: ${some.length} (${some.map((date, i) => `line ${7 + i} "${date}"`).join(', ')})`,
      );
    expect((await dated([...good, '', ' '])).out).toContain('time is missing: 2 (line 7, line 8 " ")');
  });
});

describe('what is on the disk', () => {
  const path = () => file('a.csv', `who,what\n${rows()}\n`);

  test('the model is sound, the same every time, and the only thing left', async () => {
    const source = path();
    for (const method of ['ease', 'cosine']) {
      const [a, b] = [await build(source, '--method', method), await build(source, '--method', method, '--threads', '1')];
      expect(problemOf(a.model)).toBeUndefined();
      expect(readFileSync(join(a.folder, 'neighbours.json'))).toEqual(readFileSync(join(b.folder, 'neighbours.json')));
      expect(readdirSync(a.folder)).toEqual(['neighbours.json']);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('what an earlier run wrote in another form is said to be of that run', async () => {
    const source = path();
    const items = file('cards.csv', `id,title\n${[0, 1, 2, 3].map((i) => `i${i},Title`).join('\n')}\n`);
    const { folder: out, out: first } = await build(source, '--format', 'file,pages,shards', '--items', items);
    expect(first).not.toContain('not of this run');
    writeFileSync(join(out, 'mine.txt'), 'mine');
    const { out: second } = await build(source, '--format', 'shards', '--out', out);
    expect(second).toMatch(/^note +neighbours\.json, pages\.jsonl beside it: not of this run, and left as it was$/m);
  });

  test('a run that fails leaves the old model alone', async () => {
    const { folder: out } = await build(path());
    const before = readFileSync(join(out, 'neighbours.json'));
    writeFileSync(join(out, 'mine.txt'), 'mine');
    const { code } = await call(['neighbours', file('b.csv', 'who,what\n,\n'), '--visitor', 'who', '--item', 'what', '--out', out]);
    expect(code).toBe(1);
    expect(readFileSync(join(out, 'neighbours.json'))).toEqual(before);
    expect(readdirSync(out).sort()).toEqual(['mine.txt', 'neighbours.json']);
  });
});

describe('--print-sql', () => {
  afterEach(() => void vi.restoreAllMocks());

  /** Everything DuckDB is asked from now on. */
  function asked(): string[] {
    const queries: string[] = [];
    let within = false; // one way of asking goes through another
    for (const way of ['run', 'runAndReadAll', 'stream'] as const) {
      const real = DuckDBConnection.prototype[way];
      vi.spyOn(DuckDBConnection.prototype, way).mockImplementation(function (this: DuckDBConnection, sql: string) {
        if (!within) queries.push(sql);
        within = true;
        try {
          return (real as (sql: string) => never).call(this, sql);
        } finally {
          within = false;
        }
      });
    }
    return queries;
  }

  const dated = rows()
    .split('\n')
    .map((row, i) => `${row},2020-01-0${1 + (i % 9)}`)
    .join('\n');
  const json = dated
    .split('\n')
    .map((row) => JSON.stringify(Object.fromEntries(['who', 'what', 'when'].map((name, i) => [name, row.split(',')[i]]))));
  const cards = file('cards.csv', `id,title\n${[0, 1, 2, 3].map((i) => `i${i},Title`).join('\n')}\n`);
  const table = async () => {
    const path = join(folder, 'dated.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT 'v' || n % 10 AS who, 'i' || n % 7 % 4 AS what, TIMESTAMP '2020-01-01' + to_hours(n) AS "when" FROM range(90) r(n)) TO '${path}'`,
    );
    return path;
  };
  const faulty = `who,what,when\n${dated}\n"v1",i1,04/05/2020\nv1\nlost,"never closed\n`;

  test.each([
    ['ease', async () => file('a.csv', faulty), ['--time', 'when', '--evaluate', '--format', 'pages', '--items', cards]],
    ['cosine', async () => file('a.jsonl', `${json.join('\n')}\nno\n`), ['--time', 'when', '--dates', 'dmy', '--since', '2020-01-02']],
    ['transitions', table, ['--time', 'when', '--evaluate', '--max-items', '2']],
  ] as [string, () => Promise<string>, string[]][])(
    '%s: every query of the run, in its order, and nothing else',
    async (method, source, more) => {
      const path = await source();
      const out = fresh();
      const all = ['--method', method, '--out', out, ...more];
      const queries = asked();
      expect((await build(path, ...all)).code).toBe(0);
      const ran = queries.map((sql) => `${sql};`).join('\n');
      rmSync(out, { recursive: true });
      const { code, out: said } = await build(path, ...all, '--print-sql');
      expect(code).toBe(0);
      const printed = said
        .split('\n')
        .filter((line) => !line.startsWith('-- '))
        .join('\n');
      expect(printed).toBe(ran);
      expect(existsSync(out)).toBe(false);
    },
  );

  test('writes nothing at all: no folder, no file, not even what a killed run left unfinished', async () => {
    const source = file('a.csv', faulty);
    const place = fresh();
    const [deep, out] = [join(place, 'deep'), join(place, 'model')];
    const left = join(place, '.model.fordi-999999999');
    mkdirSync(join(left, 'ready'), { recursive: true });
    writeFileSync(join(left, 'ready', 'neighbours.json'), 'ready');
    const there = () => [place, folder].map((where) => readdirSync(where, { recursive: true }).sort());
    const was = there();
    for (const where of [out, join(deep, 'er', 'model')]) expect((await build(source, '--out', where, '--print-sql')).code).toBe(0);
    expect(there()).toEqual(was);
  });
});

test('progress: each piece of work is counted in something, so that rate and time left can be told', async () => {
  const source = file('a.csv', `who,what\n${rows()}\n`);
  const told: string[] = [];
  for (const method of ['ease', 'cosine'])
    await run(
      [
        'neighbours',
        source,
        '--visitor',
        'who',
        '--item',
        'what',
        '--out',
        fresh(),
        '--min-visitors',
        '1',
        '--min-buyers',
        '1',
        '--evaluate',
        '--method',
        method,
      ],
      { out: () => {}, err: (text) => void told.push(text), terminal: false },
    );
  const counted = told
    .join('')
    .split('\n')
    .filter((line) => line && !line.startsWith('Writing'));
  for (const line of counted) expect(line).toMatch(/^[A-Z][a-z ]+: [\d,]+ (bytes|rows|items|pairs|visitors), \d+\.\d s$/);
  expect(new Set(counted.map((line) => line.split(':')[0]))).toEqual(
    new Set([
      'Checking lines',
      'Reading',
      'Collecting baskets',
      'Sorting items and visitors',
      'Preparing pairs',
      'Counting pairs',
      'Keeping the strongest',
      'Solving',
      'Judging',
    ]),
  );
});
