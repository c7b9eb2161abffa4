import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readItem } from '../src/catalog.js';
import { at, factor, invert, lengthFor } from '../src/cli/dense.js';
import { run } from '../src/cli/run.js';
import { hashOf } from '../src/cli/write.js';
import { type Model, problemOf } from '../src/model.js';

// What `npx fordi neighbours` computes, beside the textbook way of computing it.

vi.setConfig({ testTimeout: 120_000 });

const folder = mkdtempSync(join(tmpdir(), 'fordi-methods-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Event = { who: string; what: string; when?: string; much?: number };
const chance = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** Visitors with a taste: items of their own group are likelier, and the first items are popular. */
function events(visitors: number, items: number, seed = 1): Event[] {
  const random = chance(seed);
  return Array.from({ length: visitors }, (_, v) =>
    Array.from({ length: 3 + Math.floor(random() * 8) }, (_, n) => {
      const item = Math.floor(random() ** 2 * items);
      const own = random() < 0.7 ? item - (item % 3) + (v % 3) : item;
      return {
        who: `v${v}`,
        what: `i${Math.min(items - 1, own)}`,
        when: `2020-01-${String(n + 1).padStart(2, '0')}`,
        much: 1 + Math.floor(random() * 5),
      };
    }),
  ).flat();
}

let made = 0;
async function model(rows: readonly Event[], ...more: string[]) {
  const place = join(folder, `${++made}`);
  mkdirSync(place);
  const path = join(place, 'rows.csv');
  const quoted = (x: unknown) => `"${String(x ?? '').replaceAll('"', '""')}"`;
  writeFileSync(
    path,
    `who,what,when,much\n${rows.map(({ who, what, when, much }) => [who, what, when, much].map(quoted).join(',')).join('\n')}\n`,
  );
  const said: string[] = [];
  const errors: string[] = [];
  const out = join(place, 'model');
  const args = [
    'neighbours',
    path,
    '--visitor',
    'who',
    '--item',
    'what',
    '--out',
    out,
    '--min-buyers',
    '1',
    '--min-visitors',
    '1',
    ...more,
  ];
  const code = await run(args, { out: (line) => void said.push(line), err: (text) => void errors.push(text), terminal: false });
  const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'));
  const error = errors.find((line) => line.startsWith('fordi: ')) ?? '';
  return {
    code,
    out,
    read,
    said: said.join('\n'),
    error,
    model: code ? (undefined as never as Model) : (read('neighbours.json') as Model),
  };
}

/** target → source → weight. */
function weightsOf({ ids, count, from, weight, scale }: Model): Map<string, Map<string, number>> {
  let k = 0;
  return new Map(
    ids.map((id, j) => {
      let place = 0;
      const links = Array.from({ length: count[j] as number }, () => {
        place += from[k] as number;
        return [ids[place] as string, ((scale[j] as number) * (weight[k++] as number)) / 255] as const;
      });
      return [id, new Map(links)];
    }),
  );
}

/** X by visitor and item, and XᵀX, the slow way. */
function textbook(rows: readonly Event[], ids: readonly string[]) {
  const visitors = [...new Set(rows.map(({ who }) => who))];
  const x = visitors.map((v) => ids.map((id) => (rows.some(({ who, what }) => who === v && what === id) ? 1 : 0)));
  const gram = ids.map((_, i) => ids.map((_, j) => x.reduce((sum, row) => sum + (row[i] as number) * (row[j] as number), 0)));
  return { gram };
}

/** The inverse by Gauss and Jordan. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const a = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const pivot = a.slice(k).reduce((best, row, i) => (Math.abs(row[k] as number) > Math.abs(a[best]?.[k] as number) ? i + k : best), k);
    [a[k], a[pivot]] = [a[pivot] as number[], a[k] as number[]];
    const by = a[k]?.[k] as number;
    a[k] = (a[k] as number[]).map((value) => value / by);
    for (let i = 0; i < n; i++)
      if (i !== k) a[i] = (a[i] as number[]).map((value, j) => value - (a[i]?.[k] as number) * (a[k]?.[j] as number));
  }
  return a.map((row) => row.slice(n));
}

/** Equal up to a common factor and eight bits. */
function expectAlike(got: Map<string, number>, want: Map<string, number>, unit: number): void {
  const strongest = Math.max(...want.values(), 1e-9) / unit;
  for (const [id, weight] of want)
    expect(Math.abs((got.get(id) ?? 0) - Math.min(weight / unit, 1))).toBeLessThan(Math.min(1, strongest) / 200 + 1e-3);
  for (const id of got.keys()) expect(want.has(id)).toBe(true);
}

const unitOf = (want: Map<string, Map<string, number>>) => {
  const strongest = [...want.values()].flatMap((links) => (links.size ? [Math.max(...links.values())] : [])).sort((a, b) => a - b);
  return strongest[Math.ceil(strongest.length * 0.99) - 1] as number;
};

describe('ease', () => {
  test.each([5, 64, 65, 150])('the inverse of %d items times the matrix is one', (n) => {
    const random = chance(n);
    const rows = Array.from({ length: 2 * n }, () => Array.from({ length: n }, () => (random() < 0.3 ? 1 : 0)));
    const g = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => rows.reduce((sum, r) => sum + (r[i] as number) * (r[j] as number), 0) + (i === j ? 3 : 0)),
    );
    const [a, p] = [new Float64Array(lengthFor(n)), new Float32Array(lengthFor(n))];
    for (let i = 0; i < Math.ceil(n / 64) * 64; i++)
      for (let j = 0; j <= i; j++) a[at(i, j)] = i < n ? (g[i]?.[j] as number) : i === j ? 1 : 0;
    const alone = { share: (count: number, work: (i: number) => void) => Array.from({ length: count }, (_, i) => work(i)), meet: () => {} };
    factor(a, n, alone, () => {});
    invert(a, p, n, alone, () => {});
    for (let i = 0; i < n; i += 7)
      for (let j = 0; j < n; j += 5) {
        const product = g.reduce((sum, row, k) => sum + (row[i] as number) * (p[at(k, j)] as number), 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 4);
      }
  });

  test('weights are those of the ridge on the strongest places of the full solution', async () => {
    const rows = events(80, 24);
    const { model: got } = await model(rows, '--lambda', '5', '--top', '6', '--min-visitors', '2');
    const { gram } = textbook(rows, got.ids);
    const p = inverse(gram.map((row, i) => row.map((value, j) => value + (i === j ? 5 : 0))));
    const want = new Map(
      got.ids.map((id, j) => {
        const full = got.ids.map((_, i) => -(p[i]?.[j] as number) / (p[j]?.[j] as number));
        const allowed = got.ids.flatMap((_, i) => (i !== j && (full[i] as number) > 0 && (gram[i]?.[j] as number) >= 2 ? [i] : []));
        let kept = allowed.sort((a, b) => (full[b] as number) - (full[a] as number)).slice(0, 6);
        for (;;) {
          const small = inverse(kept.map((a) => kept.map((b) => (gram[a]?.[b] as number) + (a === b ? 5 : 0))));
          const weights = kept.map((_, a) => kept.reduce((sum, b, k) => sum + (small[a]?.[k] as number) * (gram[b]?.[j] as number), 0));
          if (weights.every((w) => w > 0)) return [id, new Map(kept.map((a, k) => [got.ids[a] as string, weights[k] as number]))] as const;
          kept = kept.filter((_, k) => (weights[k] as number) > 0);
        }
      }),
    );
    const unit = unitOf(want);
    for (const [id, links] of weightsOf(got)) expectAlike(links, want.get(id) as Map<string, number>, unit);
  });

  test('refuses more items than it can solve, and says what can', async () => {
    const rows = Array.from({ length: 20_050 }, (_, i) => ({ who: `v${i % 100}`, what: `i${i}` }));
    const { error } = await model(rows);
    expect(error).toMatch(/--method ease solves at most 20000 items, here are 20050\. Use --method cosine/);
  });
});

test('cosine is co-occurrence over the norms, with shrinkage', async () => {
  const rows = events(60, 15, 2);
  const { model: got } = await model(rows, '--method', 'cosine', '--lambda', '3', '--top', '5', '--min-visitors', '2');
  const { gram } = textbook(rows, got.ids);
  const want = new Map(
    got.ids.map((id, j) => {
      const links = got.ids.flatMap((other, i) => {
        const common = gram[i]?.[j] as number;
        return i !== j && common >= 2
          ? [[other, common / (Math.sqrt((gram[i]?.[i] as number) * (gram[j]?.[j] as number)) + 3)] as const]
          : [];
      });
      const cut = links.sort((a, b) => b[1] - a[1] || got.ids.indexOf(a[0]) - got.ids.indexOf(b[0])).slice(0, 5);
      return [id, new Map(cut)] as const;
    }),
  );
  for (const [id, links] of weightsOf(got)) expectAlike(links, want.get(id) as Map<string, number>, unitOf(want));
});

test('transitions count what comes next, nearer steps more', async () => {
  const visit = (who: string, ...items: string[]) => items.map((what, i) => ({ who, what, when: `2020-01-01 00:00:0${i}` }));
  const rows = [...visit('a', 'x', 'x', 'y', 'z'), ...visit('b', 'x', 'y'), ...visit('c', 'z', 'x')].reverse();
  const { model: got } = await model(rows, '--method', 'transitions', '--time', 'when', '--lambda', '1');
  const log = (x: number) => Math.log2(1 + x);
  // Leaving x: a → y 1 and z ½, b → y 1. Leaving y: a → z 1. Leaving z: c → x 1. Each visitor damped.
  const x = log(1.5) + log(1);
  const want = new Map([
    ['x', new Map([['z', log(1) / (log(1) + 1)]])],
    ['y', new Map([['x', (2 * log(1)) / (x + 1)]])],
    [
      'z',
      new Map([
        ['x', log(0.5) / (x + 1)],
        ['y', log(1) / (log(1) + 1)],
      ]),
    ],
  ]);
  for (const [id, links] of weightsOf(got)) expectAlike(links, want.get(id) as Map<string, number>, unitOf(want));
});

describe.each(['ease', 'cosine', 'transitions'])('%s', (method) => {
  const with2 = ['--method', method, '--time', 'when'];
  /** 12 visitors have a and b, one has c as well. */
  const rows = [
    ...Array.from({ length: 12 }, (_, v) => ['a', 'b'].map((what, n) => ({ who: `v${v}`, what, when: `2020-01-0${n + 1}` }))).flat(),
    { who: 'v0', what: 'c', when: '2020-01-03' },
    ...Array.from({ length: 12 }, (_, v) => ({ who: `w${v}`, what: 'c', when: '2020-01-01' })),
  ];

  test('a pair that too few visitors have in common is dropped, and said to be', async () => {
    const { model: got, said } = await model(rows, ...with2, '--min-visitors', '10', '--lambda', '1');
    expect([...(weightsOf(got).get('b')?.keys() ?? [])]).toEqual(['a']);
    expect([...(weightsOf(got).get('c')?.keys() ?? [])]).toEqual([]);
    expect(said).toMatch(/^pairs +3, dropped 2 that fewer than 10 visitors have in common$/m);
    const all = await model(rows, ...with2, '--lambda', '1');
    expect(weightsOf(all.model).get('c')?.size).toBeGreaterThan(0);
  });

  test('items too few visitors have are left out; prior is popularity; the days asked for are the days counted', async () => {
    const { model: got, said } = await model([...rows, { who: 'z', what: 'rare', when: '2021-01-01' }], ...with2, '--min-buyers', '2');
    expect(got.ids).toEqual(['c', 'a', 'b']);
    expect(got.prior).toEqual([255, 235, 235]);
    expect(got.visitors).toBe(24);
    expect(said).toMatch(/^items +3, left out 1 that fewer than 2 visitors have$/m);
    const early = await model(rows, ...with2, '--until', '2020-01-02');
    expect(early.model.prior).toEqual([255, 255, 255]);
    expect(early.said).toContain('outside the days asked for 1');
  });

  test('a visitor with everything counts with their latest items only', async () => {
    const all = Array.from({ length: 50 }, (_, i) => ({ who: 'bot', what: `x${i}`, when: `2020-01-01 00:00:${10 + i}` }));
    const { said, model: got } = await model([...rows, ...all], ...with2, '--max-items', '10');
    expect(said).toMatch(/^visitors +25, of 1 only the latest 10 items$/m);
    const links = [...weightsOf(got)].flatMap(([id, from]) => [id, ...from.keys()].filter(() => from.size));
    expect(new Set(links.filter((id) => id.startsWith('x')))).toEqual(new Set(all.slice(40).map(({ what }) => what)));
  });

  test('any rows give a sound model, or a plain error', async () => {
    const name = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd'), fc.string({ maxLength: 5, unit: 'grapheme' }));
    const day = fc.oneof(fc.constantFrom('2020-01-01', '2020-01-02', '5/1/2020', '31/1/2020', '1580000000'), fc.string({ maxLength: 6 }));
    const event = fc.record({ who: name, what: name, when: day, much: fc.oneof(fc.integer({ min: -2, max: 9 }), fc.double()) });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), fc.boolean(), async (some, weighted) => {
        const { code, model: got, error, said } = await model(some, ...with2, ...(weighted ? ['--weight', 'much'] : []), '--evaluate');
        if (code) {
          expect(error).toMatch(/^fordi: (.*rows.*|.*item.* left.*)\n$/);
          return;
        }
        expect(problemOf(got)).toBeUndefined();
        const links = [...weightsOf(got)].flatMap(([id, from]) => [...from].map(([other, weight]) => ({ id, other, weight })));
        for (const { id, other, weight } of links) {
          expect(other).not.toBe(id);
          expect(weight).toBeGreaterThan(0);
          expect(weight).toBeLessThanOrEqual(1);
        }
        expect(Number(/^rows +(\d+)/m.exec(said)?.[1])).toBe(some.length);
      }),
      { numRuns: 15 },
    );
  });
});

describe('what is written', () => {
  const rows = events(60, 20, 3);
  const cards = (ids: readonly string[]) => ids.map((id) => ({ id, title: `Title of ${id}`, url: `/${id}`, topics: ['t'], price: 3 }));

  test('pages, shards and a merged catalog say what the file says', async () => {
    const { model: first } = await model(rows);
    const catalog = join(folder, 'catalog.json');
    writeFileSync(catalog, JSON.stringify([...cards(first.ids), { id: 'new', title: 'New' }]));
    const { out, read, model: got, said } = await model(rows, '--format', 'file,pages,shards', '--shards', '3', '--catalog', catalog);
    const want = [...weightsOf(got)]
      .flatMap(([target, links]) => [...links].map(([source, weight]) => `${source} ${target} ${Math.round(weight * 20)}`))
      .sort();
    type Links = Record<string, number> | { id: string; weight: number }[];
    const pairs = (links: Links) => (Array.isArray(links) ? links.map(({ id, weight }) => [id, weight] as const) : Object.entries(links));
    const flat = (blocks: Record<string, { neighbours?: Links }>) =>
      Object.entries(blocks)
        .flatMap(([id, { neighbours = {} }]) => pairs(neighbours).map(([to, weight]) => `${id} ${to} ${Math.round(weight * 20)}`))
        .sort();
    const pages = readFileSync(join(out, 'pages.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(pages).toHaveLength(got.ids.length);
    expect(flat(Object.fromEntries(pages.map((page) => [page.id, page])))).toEqual(want);
    const index = read('shards/index.json');
    expect(index).toMatchObject({ schema: 'fordi.shards/1', shards: 3, hash: 'fnv1a-32' });
    const shards = [0, 1, 2].map((i) => read(`shards/${i}.json`));
    expect(flat(Object.assign({}, ...shards))).toEqual(want);
    for (const id of got.ids) expect(shards[hashOf(id) % 3]).toHaveProperty(id);
    const merged = read('catalog.json') as { id: string; title: string; neighbours?: Record<string, number> }[];
    expect(flat(Object.fromEntries(merged.map((item) => [item.id, item])))).toEqual(want);
    expect(merged.find(({ id }) => id === 'new')).toEqual({ id: 'new', title: 'New' });
    expect(said).toContain(`catalog.json`);
    expect(pages.map(readItem).filter((problem) => typeof problem === 'string')).toEqual([]); // a device takes every one
    const bare = (await model(rows, '--format', 'file,shards', '--shards', '1')).read('shards/0.json');
    expect(flat(bare)).toEqual(want);
    expect(Array.isArray(bare[got.ids[0] as string].neighbours)).toBe(false);
  });

  test('the hash is the published one', () => {
    expect(['', 'a', 'foobar'].map(hashOf)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
  });

  test('with cards a page can show its neighbours without a catalog, the strongest first', async () => {
    const { model: first } = await model(rows);
    const csv = join(folder, 'items.csv');
    const shown = first.ids.slice(0, 10);
    const lines = shown.map((id) => ` ${id} ,"Title, of ${id}",/${id},jazz|piano,3`);
    writeFileSync(csv, `id,title,url,topics,stock\n${lines.join('\n')}\n${first.ids[10]},,/none,,3\n,No id,,,\n`);
    const { out, said } = await model(rows, '--format', 'file,pages', '--items', csv, '--per-page', '4');
    const pages = readFileSync(join(out, 'pages.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const page = pages.find(({ id }) => id === first.ids[0]);
    expect(page).toMatchObject({ id: first.ids[0], title: `Title, of ${first.ids[0]}`, topics: ['jazz', 'piano'], prior: 1 });
    expect(page.neighbours.length).toBeGreaterThan(0);
    expect(page.neighbours.length).toBeLessThanOrEqual(4);
    const weights = page.neighbours.map(({ weight }: { weight: number }) => weight);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(Object.keys(page.neighbours[0])).toEqual(['id', 'title', 'url', 'topics', 'weight']);
    expect(pages.map(({ id }) => id)).toEqual(shown);
    expect(pages.map(readItem).filter((problem) => typeof problem === 'string')).toEqual([]);
    const lost = [...weightsOf(first)].filter(([id]) => !shown.includes(id)).reduce((sum, [, links]) => sum + links.size, 0);
    expect(lost).toBeGreaterThan(0);
    expect(said).toContain(
      `cards          10 of ${first.ids.length} items have one, left out ${first.ids.length - 10} blocks and ${lost} links to the others; 1 cards have no title and were not used`,
    );
  });

  test.each([
    ['cards.jsonl', '{"id":"i0","title":"T"}\n\n{"id":7,"title":"T"}\n', 'item 2 of', 'has the id "7", expected text'],
    ['cards.jsonl', '{"id":"i0","title":"T"}\nnull\n', 'item 2 of', 'has the id "undefined", expected text'],
    ['cards.json', '[{"id":"other","title":"T"}]', 'none of the 1 ids of', 'it has "other", the orders have "i'],
    ['cards.csv', 'id,title\nother,T\n', 'none of the 1 ids of', 'Is --item the right column?'],
    ['cards.csv', 'id,titel\ni0,T\n', 'has no column "title"', 'Did you mean "titel"?'],
    ['cards.jsonl', Buffer.from('{"id":"i0","title":"\xe5"}\n', 'latin1'), 'is not UTF-8', 'iconv -f latin1'],
  ])('cards that cannot be used are an error: %s %j', async (name, content, what, why) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    const { code, error } = await model(rows, '--format', 'pages', '--items', file, '--method', 'cosine');
    expect(error).toContain(what);
    expect(error).toContain(why);
    expect([code, error.trim().split('\n').length]).toEqual([1, 1]);
  });

  test('a catalog that has nothing to do with the orders is an error', async () => {
    const catalog = join(folder, 'other.json');
    writeFileSync(catalog, JSON.stringify([{ id: 'other', title: 'Other' }]));
    expect((await model(rows, '--catalog', catalog)).error).toContain('none of the 1 ids');
    writeFileSync(catalog, '{"items": []}');
    expect((await model(rows, '--catalog', catalog)).error).toContain('expected a list of items');
    writeFileSync(catalog, '[{"id": 5}]');
    expect((await model(rows, '--catalog', catalog)).error).toContain('item 1 of');
  });

  test('--evaluate tells the model from popularity on visitors it has not seen', async () => {
    const { said } = await model(events(1500, 30, 4), '--evaluate', '--time', 'when', '--method', 'cosine');
    const [, ours, popular, visitors] = /^held out +NDCG@10 ([\d.]+), popularity ([\d.]+), on ([\d,]+) visitors/m.exec(said) ?? [];
    expect(Number(visitors)).toBeGreaterThan(50);
    expect(Number(ours)).toBeGreaterThan(Number(popular));
  });
});
