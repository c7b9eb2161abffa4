import { expect, test } from 'vitest';
import { granted, page } from './support/world.js';

// A declared topic is the catalog's own, however the visitor spells it: else it would be about nothing.

const kept = async (fordi: Awaited<ReturnType<typeof granted>>, topic: string) => {
  const told = await fordi.declare({ topic, value: -1 });
  return told.kept ? told.evidence.topic : told.reason;
};

test.each([
  ['JAZZ', 'jazz'],
  ['  Hard Bop ', 'hard bop'],
  ['miles davis', 'Miles Davis'],
  ['Polka', 'Polka'],
])('%j is kept as %j', async (given, topic) => {
  expect(await kept(await granted(), given)).toBe(topic);
});

test('of two spellings in one catalog the very one that was given, else the first', async () => {
  const fordi = await granted({ catalog: ['SOUL', 'Soul'].map((topic) => ({ id: topic, title: topic, topics: [topic] })) });
  expect(await kept(fordi, 'Soul')).toBe('Soul');
  expect(await kept(fordi, 'soul')).toBe('SOUL');
});

test('the last word takes the place of the one before in whatever case, and the next answer heeds it', async () => {
  const fordi = await granted();
  await fordi.declare({ topic: 'jazz' });
  expect((await fordi.recommend()).some(({ item }) => item.id === 'moanin')).toBe(true);
  await fordi.declare({ topic: 'Jazz', value: -1 });
  expect((await fordi.evidence()).map(({ topic, value }) => [topic, value])).toEqual([['jazz', -1]]);
  expect((await fordi.explain('moanin')).excluded).toBe('dismissed');
});

test('waits for the catalog: what is said before it is there is spelt by it', async () => {
  let arrive = (_: never[]) => {};
  const fordi = page({ catalog: () => new Promise((resolve) => (arrive = resolve)) });
  await fordi.grant();
  const told = fordi.declare({ topic: 'TRUMPET' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  arrive([{ id: 'a', title: 'A', topics: ['trumpet'] }] as never);
  expect(await told).toMatchObject({ kept: true, evidence: { topic: 'trumpet' } });
});

test.each([undefined, 7, '', '  ', {}])('%j is no topic', async (topic) => {
  expect(await kept(await granted(), topic as never)).toBe('invalid');
});

test('what merely happened stays as the page says it', async () => {
  const fordi = await granted();
  expect(await fordi.observe({ verb: 'search', topic: 'JAZZ' })).toMatchObject({ evidence: { topic: 'JAZZ' } });
});

test('a click that declares is spelt by the catalog too', async () => {
  const fordi = await granted();
  expect(await fordi.observe({ verb: 'declare', topic: 'JAZZ' })).toMatchObject({ kept: true, evidence: { topic: 'jazz' } });
});
