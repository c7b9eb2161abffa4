import { removeStored } from '../stored.js';
import type { Fordi } from '../types.js';
import { onChosen } from './chosen.js';

/** By then a script that still runs has written again what was deleted under it (cookieconsent#249). Milliseconds. */
const AGAIN = 1000;

/**
 * Deletes what is declared of a purpose or service as soon as there is a no to it, here or in another tab, and at the start
 * where a choice has run out; once more a second later. What is then still there is said on the console, by name.
 */
export function connectStored(fordi: Fordi): () => void {
  const { options } = fordi;
  /** A tool that is slow has not said no. */
  const choice: Fordi['choice'] = (purpose = '', service) =>
    fordi.get().silent.includes(purpose) ? 'unset' : fordi.choice(purpose, service);
  if (options.child) return () => {}; // nothing is read either
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = async () => {
    const left = await removeStored(options, choice);
    if (left.length)
      console.warn(
        `fordi: still stored without permission: ${left.map(({ place, name, purpose }) => `${place} ${name} (${purpose})`).join(', ')}. A script that still runs writes it, or another tab holds it: gate the script with data-fordi-purpose.`,
      );
  };
  const off = onChosen(fordi, () => {
    clearTimeout(timer);
    timer = setTimeout(again, AGAIN);
    void removeStored(options, choice);
  });
  return () => {
    clearTimeout(timer);
    off();
  };
}
