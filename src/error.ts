/** One line: which option, what it was, what was expected, and the fix. Never anything about the visitor. */
export class FordiError extends Error {
  readonly code = 'E_OPTION';
  constructor(
    readonly path: string,
    readonly got: string,
    readonly expected: string,
    readonly hint: string,
  ) {
    super(`fordi: option ${path} is ${got}, expected ${expected}. ${hint}`.slice(0, 240));
    Object.defineProperty(this, 'name', { value: 'FordiError' }); // assigning throws where intrinsics are frozen
  }
}

function show(x: unknown): string {
  try {
    return JSON.stringify(x) ?? typeof x;
  } catch {
    return typeof x; // a number too big, or an object that contains itself
  }
}

export function wrong(path: string, got: unknown, expected: string, hint = 'See README, Options.'): never {
  throw new FordiError(path.replace(/\s/g, ' ').slice(0, 60), show(got).slice(0, 60), expected, hint);
}

/** Every text that English has, with as many places to fill: one missing would put two languages, or nothing, into a sentence. */
export function checkTexts(given: unknown, english: unknown, path: string): void {
  if (typeof english !== 'string')
    for (const [name, text] of Object.entries(english as object)) checkTexts(Object(given)[name], text, `${path}.${name}`);
  else if (typeof given !== 'string' || !given.trim() || given.split('{x}').length !== english.split('{x}').length)
    wrong(path, given, english.includes('{x}') ? 'a text with one {x}' : 'a text without {x}', `In English: “${english}”.`);
}
