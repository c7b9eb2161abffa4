import type { Locator, Page } from '@playwright/test';

/** What axe finds on the page, by rule and place. The page must be open with `?csp=off`: axe is a script from elsewhere. */
export async function axe(page: Page, exclude: readonly string[] = []): Promise<string[]> {
  await page.addScriptTag({ url: '/axe.min.js' });
  return page.evaluate(async (exclude) => {
    const { axe } = window as unknown as {
      axe: { run(context: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    };
    const { violations } = await axe.run({ exclude: exclude.map((one) => [one]) });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 150)} ${failureSummary}`).join('\n')}`,
    );
  }, exclude);
}

/** Tab until `target` has the focus; how often it took. */
export async function tabTo(page: Page, target: Locator, most = 40): Promise<number> {
  for (let count = 1; count <= most; count++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((e) => (e.getRootNode() as Document | ShadowRoot).activeElement === e)) return count;
  }
  return Number.POSITIVE_INFINITY;
}
