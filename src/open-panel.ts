/**
 * Opens the page's `<fordi-panel>`, and makes one where there is none; focus goes back to `opener`. `withdraw`: and takes back
 * every yes with the same press.
 */
export function openPanel(opener: Element, withdraw?: boolean): void {
  const panel = document.querySelector('fordi-panel') ?? document.body.appendChild(document.createElement('fordi-panel'));
  const { open, withdraw: take } = panel as Partial<{ open(opener: Element): void; withdraw(): void }> & Element;
  open?.(opener); // named, for Safari does not focus what is clicked
  if (withdraw) take?.();
}
