import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// What each entry exports, by name. A new name here is a promise to every site: add it on purpose.
const pinned: [entry: string, load: () => Promise<object>, names: string[]][] = [
  ['fordi', () => import('fordi'), ['FordiError', 'VERBS', 'createFordi']],
  ['fordi/ui', () => import('fordi/ui'), ['defineElements', 'describeParameters']],
  ['fordi/model', () => import('fordi/model'), ['problemOf', 'withNeighbours']],
  [
    'fordi/integrations',
    () => import('fordi/integrations'),
    [
      ...[
        'connectClicks',
        'connectElsewhere',
        'connectEmbeds',
        'connectGoogle',
        'connectItems',
        'connectMedia',
        'connectOpeners',
        'connectPage',
      ],
      ...['connectStored', 'connectTools', 'connectVariants', 'postReceipts'],
      ...['complianz', 'cookiebot', 'cookieinformation', 'cookieyes', 'didomi', 'google', 'gpp', 'klaro', 'onetrust', 'tcf'],
      ...['usercentrics', 'vanilla', 'wordpress'],
    ],
  ],
];

// Not pinned yet: only has to load. Move a line up once its names are settled.
const loaded: [entry: string, load: () => Promise<object>][] = [['fordi/debug', () => import('fordi/debug')]];

test.each(pinned)('%s exports exactly its pinned names', async (_, load, names) => {
  expect(Object.keys(await load()).sort()).toEqual([...names].sort());
});

test.each(loaded)('%s loads on a machine without a browser', async (_, load) => {
  expect(Object.keys(await load())).not.toEqual([]);
});

const languages = readdirSync(join(import.meta.dirname, '../src/locales')).flatMap((file) => file.match(/^(\w\w)\.ts$/)?.[1] ?? []);

test.each(languages)('fordi/locales/%s exports the names of English', async (lang) => {
  const names = Object.keys(await import('fordi/locales/en')).sort();
  expect(names).not.toEqual([]);
  expect(Object.keys(await import(`fordi/locales/${lang}`)).sort()).toEqual(names);
});
