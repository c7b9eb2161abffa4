import { expect, test } from 'vitest';
import { openChoice } from '../src/storage.js';
import { freshDevice } from './support/world.js';

// The one synchronous record, on a device that takes no more.

const no = (state: string) => ({ v: 1, state });

test('C09 · what waits beside a choice the device did not take leaves another tab’s newer no where it is', () => {
  const shelf = freshDevice();
  const choice = openChoice();
  choice.set(no('granted'));
  shelf.full = true;
  expect(choice.set(no('refused'), true)).toBe(false);
  expect([choice.isLost(), choice.get(), localStorage.getItem('fordi')]).toEqual([true, no('refused'), null]);
  shelf.full = false;
  const theirs = JSON.stringify(no('withdrawn'));
  localStorage.setItem('fordi', theirs);
  shelf.full = true;
  expect(choice.set({ ...no('withdrawn'), due: [{}] })).toBe(false);
  expect([localStorage.getItem('fordi'), choice.isLost(), choice.get()]).toEqual([theirs, false, no('withdrawn')]);
});
