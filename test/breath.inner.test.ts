import { afterEach, expect, test, vi } from 'vitest';
import { createBreath, pause } from '../src/breath.js';

// How the page gets its turn.

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('where the browser can be asked it is asked, else a timer lets the page have its turn', async () => {
  const asked = vi.fn(async () => {});
  vi.stubGlobal('scheduler', { yield: asked });
  await pause();
  expect(asked).toHaveBeenCalledOnce();
  for (const none of [undefined, {}]) {
    vi.stubGlobal('scheduler', none);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    let had = false;
    const turn = pause().then(() => {
      had = true;
    });
    await Promise.resolve();
    expect(had).toBe(false);
    vi.advanceTimersByTime(0);
    await turn;
    expect(had).toBe(true);
  }
});

test('a page that has called off the task it spoke from breaks nothing: there the browser refuses the turn', async () => {
  vi.stubGlobal('scheduler', { yield: () => Promise.reject(new DOMException('called off', 'AbortError')) });
  await expect(pause()).resolves.toBeUndefined();
});

test('a breath is due after five milliseconds, and begins anew once it is taken', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const breath = createBreath();
  vi.advanceTimersByTime(5);
  expect(breath.isDue()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(breath.isDue()).toBe(true);
  await breath.take();
  expect(breath.isDue()).toBe(false);
});
