import type { Page } from '@playwright/test';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * What focus changes on the screen: pixels that differ by three to one or more from what was there without it, as a share of the
 * edge of the control (as far as that is in the window). Takes the focus away. The page must be open with `?csp=off`.
 */
export async function differs(page: Page, { x, y, width, height }: Box): Promise<number> {
  const { width: wide, height: high } = page.viewportSize() as { width: number; height: number };
  const [left, top] = [Math.max(0, x - 5), Math.max(0, y - 5)];
  const clip = { x: left, y: top, width: Math.min(wide, x + width + 5) - left, height: Math.min(high, y + height + 5) - top };
  const shot = async () => (await page.screenshot({ clip, animations: 'disabled', caret: 'hide' })).toString('base64');
  const focused = await shot();
  await page.evaluate(() => {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    (e as HTMLElement).blur();
  });
  const bare = await shot();
  const changed = await page.evaluate(
    async (pictures) => {
      const pixels = async (png: string) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))]));
        const brush = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d') as OffscreenCanvasRenderingContext2D;
        brush.drawImage(bitmap, 0, 0);
        return brush.getImageData(0, 0, bitmap.width, bitmap.height).data;
      };
      const [a, b] = (await Promise.all(pictures.map(pixels))) as [Uint8ClampedArray, Uint8ClampedArray];
      const part = (c: number) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
      const light = (of: Uint8ClampedArray, i: number) =>
        0.2126 * part(of[i] ?? 0) + 0.7152 * part(of[i + 1] ?? 0) + 0.0722 * part(of[i + 2] ?? 0);
      let count = 0;
      for (let i = 0; i < a.length; i += 4) {
        const [low, high] = [light(a, i), light(b, i)].sort((m, n) => m - n) as [number, number];
        if ((high + 0.05) / (low + 0.05) >= 3) count++;
      }
      return count;
    },
    [focused, bare],
  );
  return changed / (2 * (clip.width + clip.height));
}
