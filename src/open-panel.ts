type Dialog = Partial<{ open(opener: Element, ...about: unknown[]): void; withdraw(): void }> & Element;

/** Opens the page's element of that name, and makes one where there is none; focus goes back to `opener`. */
export function openDialog(name: string, opener: Element, ...about: unknown[]): Dialog {
  const dialog: Dialog = document.querySelector(name) ?? document.body.appendChild(document.createElement(name));
  dialog.open?.(opener, ...about); // named, for Safari does not focus what is clicked
  return dialog;
}

/** The page's `<fordi-panel>`; `withdraw`: and takes back every yes with the same press. */
export function openPanel(opener: Element, withdraw?: boolean): void {
  const panel = openDialog('fordi-panel', opener);
  if (withdraw) panel.withdraw?.();
}
