import type { ComponentChild } from 'preact';
import type { Receipt } from '../types.js';
import { when } from './choices.js';
import { save } from './copy.js';
import type { Base } from './element.js';
import { button, fold, row } from './pieces.js';
import { toldOf } from './purposes.js';

/** The proof of each choice, newest first. */
export function receiptsOf(base: Base, receipts: readonly Receipt[]): ComponentChild {
  const { t } = base;
  const line = (receipt: Receipt) => {
    const detail = [when(base, receipt), ...(receipt.purposes ?? []).map((purpose) => toldOf(base, purpose).title)].join(' · ');
    return row(t[receipt.state], detail);
  };
  if (!receipts[0]) return;
  const inside = [
    <ul>{receipts.toReversed().map(line)}</ul>,
    button(t.download, () => save(receipts, 'fordi-receipts.json'), { 'aria-label': `${t.download}: ${t.receipts}` }),
  ];
  return fold(`${t.receipts} (${receipts.length})`, inside);
}
