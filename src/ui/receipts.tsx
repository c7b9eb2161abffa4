import type { ComponentChild } from 'preact';
import type { Receipt } from '../types.js';
import { when } from './choices.js';
import { save } from './copy.js';
import type { Base } from './element.js';
import { button, fold, row } from './pieces.js';
import { agreedTo } from './purposes.js';

/** The proof of each choice, newest first. */
export function receiptsOf(base: Base, receipts: readonly Receipt[]): ComponentChild {
  const { t } = base;
  const line = (receipt: Receipt) => {
    // What an earlier release wrote says less.
    const agreed = (receipt.purposes ?? []).flatMap((one) => agreedTo(base, one));
    return row(t[receipt.state], [when(base, receipt), ...agreed].join(' · '));
  };
  if (!receipts[0]) return;
  const inside = [
    <ul>{[...receipts].reverse().map(line)}</ul>,
    button(t.download, () => save(receipts, 'fordi-receipts.json'), { 'aria-label': `${t.download}: ${t.receipts}` }),
  ];
  return fold(`${t.receipts} (${receipts.length})`, inside);
}
