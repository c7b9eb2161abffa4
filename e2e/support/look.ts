import type { Locator, Page } from '@playwright/test';

/** How the eye meets one element, as the browser has really drawn it. */
export interface Look {
  readonly name: string;
  readonly role: string;
  /** What makes two buttons look alike. */
  readonly style: string;
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  /** Contrast of the text, and of the edge or the ground, whichever is seen better, with what lies around it. */
  readonly text: number;
  readonly edge: number;
}

/** Looks at each of these, with the real colours: what lies behind is followed through shadow roots, and half colours are mixed. */
export const looks = (targets: Locator): Promise<Look[]> =>
  targets.evaluateAll((elements) => {
    const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
    type Rgb = [number, number, number];
    const mix = (colour: string, under: Rgb): Rgb => {
      brush.fillStyle = `rgb(${under.join()})`;
      brush.fillRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3) as Rgb;
    };
    const above = (e: Element) => e.parentElement ?? ((e.getRootNode() as ShadowRoot).host as Element | undefined);
    const ground = (e: Element | null | undefined): Rgb =>
      e ? mix(getComputedStyle(e).backgroundColor, ground(above(e))) : mix('Canvas', [255, 255, 255]);
    const light = (rgb: Rgb) =>
      rgb
        .map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, i) => sum + c * ([0.2126, 0.7152, 0.0722][i] ?? 0), 0);
    const contrast = (a: Rgb, b: Rgb) => {
      const [low, high] = [light(a), light(b)].sort((x, y) => x - y) as [number, number];
      return (high + 0.05) / (low + 0.05);
    };
    return elements.map((e) => {
      const s = getComputedStyle(e);
      const { width, height, x, y } = e.getBoundingClientRect();
      const [own, around] = [ground(e), ground(above(e))];
      const edge = Number.parseFloat(s.borderTopWidth) ? mix(s.borderTopColor, around) : around;
      return {
        name: `${(e.textContent ?? '').trim().slice(0, 40)} <${e.localName}>`,
        role: e.getAttribute('role') ?? e.localName,
        style: [
          s.fontSize,
          s.fontWeight,
          s.fontFamily,
          s.color,
          s.backgroundColor,
          s.border,
          s.borderRadius,
          s.opacity,
          s.textDecoration,
          s.cursor,
        ].join(' '),
        width,
        height,
        x,
        y,
        text: contrast(mix(s.color, own), own),
        edge: Math.max(contrast(edge, around), contrast(own, around)),
      };
    });
  });

/** What has the focus, however deep, unless it is inside `cover`; and in how many of nine spots it is in the window and not behind that. */
export const focused = (page: Page, cover: string): Promise<{ name: string; seen: number } | undefined> =>
  page.evaluate((cover) => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!at || at === document.body || (at.getRootNode() as ShadowRoot).host?.localName === cover) return undefined;
    const { left, top, width, height } = at.getBoundingClientRect();
    const seen = [0.1, 0.5, 0.9]
      .flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + width * x, top + height * y] as const))
      .map(([x, y]) => document.elementFromPoint(x, y)?.localName)
      .filter((name) => name !== undefined && name !== cover);
    return { name: at.outerHTML.slice(0, 80), seen: seen.length };
  }, cover);
