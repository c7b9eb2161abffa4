type Dialog = Partial<{ open(opener: Element, ...about: unknown[]): void }> & Element;

/** Opens the page's element of that name, and makes one where there is none; focus goes back to `opener`. */
export function openDialog(name: string, opener: Element, ...about: unknown[]): void {
  const dialog: Dialog = document.querySelector(name) ?? document.body.appendChild(document.createElement(name));
  dialog.open?.(opener, ...about); // named, for Safari does not focus what is clicked
}

export const openPanel = (opener: Element): void => openDialog('fordi-panel', opener);
