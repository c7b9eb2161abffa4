/** Opens the page's `<fordi-panel>`, and makes one where there is none; focus goes back to `opener`. */
export function openPanel(opener: Element): void {
  const panel = document.querySelector('fordi-panel') ?? document.body.appendChild(document.createElement('fordi-panel'));
  (panel as Partial<{ open(opener: Element): void }> & Element).open?.(opener); // named, for Safari does not focus what is clicked
}
