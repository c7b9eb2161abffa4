import type { ComponentChild } from 'preact';
import type { Imported } from '../types.js';
import type { Base } from './element.js';
import { button } from './pieces.js';
import { say } from './words.js';

/** Handed to the visitor without a request. The link never enters the page, where listeners wait for clicks. */
export function save(data: unknown, name: string): string {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(data)], { type: 'application/json' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 9999);
  return '';
}

/** Bytes of a record as long as one may be, and of all that is ever read about items: no copy made here is larger. */
const [EACH, BESIDE] = [7_000, 60_000_000];
const TOO_LARGE: Imported = { imported: 0, dropped: [{ reason: 'too-many', count: 0 }] };

/** All of it to take along, and what was taken along to bring back. */
export function createCopy(base: Base): () => ComponentChild {
  const { t, fordi, run, word } = base;
  let field: HTMLInputElement | null;
  const seat = (box: HTMLInputElement | null) => {
    field = box;
  };
  const told = ({ imported, dropped }: Imported) => {
    const left = dropped.map(({ reason, count }) => `${word(`left-${reason}`) ?? word(reason) ?? reason}${count > 1 ? ` (${count})` : ''}`);
    return [say(t.imported, imported), left[0] && say(t.left, left.join(', '))].filter(Boolean).join(' ');
  };
  const bring = async () => {
    const file = field?.files?.[0];
    if (!file) return;
    const most = BESIDE + EACH * fordi.options.records;
    const copy = file.size > most ? TOO_LARGE : file.text().then((text) => fordi.import(text));
    run(Promise.resolve(copy).then(told));
    if (field) field.value = ''; // the same file may be chosen again
  };
  return () => [
    button(t.download, () => run(fordi.export().then((all) => save(all, 'fordi.json'))), { id: 'copy' }),
    button(t.bring, () => field?.click(), { id: 'bring' }),
    <input type="file" accept=".json,application/json" hidden aria-label={t.bring} onChange={bring} ref={seat} />,
  ];
}
