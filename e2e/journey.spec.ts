import { expect, test } from './fixtures.js';
import { heard, journey } from './support/journey.js';
import { accept, because, choice, no, notice, observe, open, PAGES, panel, press, READING, shelf, t, yes } from './support/shop.js';

for (const name of PAGES) test(`L14, R4, R8 · ${name}: from the first visit to the last trace`, ({ page }) => journey(page, name));

test('L5 · a script’s press on yes is not consent, a script’s press on no is a refusal', async ({ page }) => {
  await open(page);
  await expect(yes(page)).toBeVisible();
  await page.waitForTimeout(READING);
  await yes(page).evaluate((button: HTMLElement) => {
    button.click();
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    button.dispatchEvent(new PointerEvent('click', { bubbles: true, composed: true, isPrimary: true }));
  });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
  expect(await choice(page)).toBe('unset');
  await expect(notice(page)).toBeVisible();
  await no(page).evaluate((button: HTMLElement) => button.click());
  await expect.poll(() => choice(page)).toBe('refused');
  await expect(notice(page)).toBeHidden();
});

// @not-webkit: it needs a press that the browser trusts.
test('L5 · a yes before the question could be read is not consent @not-webkit', async ({ page }) => {
  await page.addInitScript(() => {
    const now = performance.now.bind(performance);
    let still: number | undefined = now();
    performance.now = () => still ?? now();
    Object.assign(window, { go: () => (still = undefined) });
  });
  await open(page);
  await press(yes(page));
  await expect(notice(page)).toBeVisible();
  expect(await choice(page)).toBe('unset');
  await page.evaluate(() => (window as unknown as { go(): void }).go());
  await accept(page);
});

test('what is played for long enough is heard; what is only tried is not', async ({ page, browserName }) => {
  await open(page, 'tag', '?csp=off');
  await accept(page);
  const play = (id: string, from: number, to: number) =>
    page.evaluate(
      async ([id, from, to]) => {
        const rate = 8000;
        const data = new DataView(new ArrayBuffer(44 + 3 * rate));
        const words = ['RIFF', 36 + 3 * rate, 'WAVE', 'fmt ', 16, 0x10001, rate, rate, 0x80001, 'data', 3 * rate];
        words.forEach((word, i) => {
          if (typeof word === 'number') data.setUint32(i * 4, word, true);
          else for (let c = 0; c < 4; c++) data.setUint8(i * 4 + c, word.charCodeAt(c));
        });
        for (let i = 44; i < data.byteLength; i++) data.setUint8(i, 128);
        const audio = document.createElement('audio');
        audio.dataset.fordiItem = id as string;
        audio.muted = true;
        audio.src = URL.createObjectURL(new Blob([data], { type: 'audio/wav' }));
        document.body.append(audio);
        const past = (time: number) =>
          new Promise<void>((done) => {
            audio.addEventListener('timeupdate', () => audio.currentTime >= time && done());
          });
        const playing = audio.play().then(() => past(to as number));
        const played = await Promise.race([playing.then(() => 'played'), new Promise((done) => setTimeout(done, 8000, 'stuck'))]).catch(
          String,
        );
        audio.pause();
        return `${played}${from}`.slice(0, -1);
      },
      [id, from, to] as const,
    );
  const tried = await play('horses', 0, 0.3);
  test.skip(tried !== 'played', `${browserName} plays no sound here: ${tried}`);
  expect(await play('closer', 0, 2)).toBe('played');
  const kept = () => page.evaluate(async () => (await (await window.shop).evidence()).map(({ verb, item }) => `${verb} ${item}`));
  await expect.poll(kept).toEqual(['listen closer']);
});

test('clicks on marked elements are kept, others are not, and what is marked wrongly does no harm', async ({ page }) => {
  await open(page);
  await accept(page);
  await page.evaluate(() => {
    const add = (data: Record<string, string>) => {
      const button = document.createElement('button');
      Object.assign(button.dataset, data);
      button.textContent = 'Click';
      document.body.append(button);
      button.click();
    };
    add({ fordiItem: 'horses', fordiVerb: 'like' });
    add({ fordiItem: 'closer', fordiVerb: 'purchase' }); // not in the notice
    add({ fordiItem: 'no-such-record', fordiVerb: 'like' });
    add({ fordiItem: 'closer', fordiVerb: 'steal' });
    add({ fordiItem: 'closer' });
    add({ fordiVerb: 'like' });
  });
  const kept = () => page.evaluate(async () => (await (await window.shop).evidence()).map(({ verb, item }) => `${verb} ${item}`));
  await expect.poll(kept).toEqual(['like horses']);
  await expect(shelf(page).getByText('Because you like Horses').first()).toBeVisible();
});

test('R4, N4 · deleting in the panel changes the shelf at once', async ({ page }) => {
  await open(page);
  await accept(page);
  await observe(page, 'listen', 'kind-of-blue');
  await observe(page, 'listen', 'cello-suites');
  await expect(because(page, 'Cello Suites').first()).toBeVisible();
  await press(page.locator('#data'));
  await press(panel(page).getByRole('button', { name: new RegExp(`${heard('Cello Suites')}$`) }));
  await expect(panel(page).getByText(heard('Cello Suites'))).toHaveCount(0);
  await expect(because(page, 'Cello Suites')).toHaveCount(0);
  await panel(page).getByText(t.quiet, { exact: true }).click();
  await expect(shelf(page).getByText('Because you')).toHaveCount(0); // used, but not mentioned
  await expect.poll(() => page.evaluate(async () => (await window.shop).get().voice)).toBe('quiet');
});
