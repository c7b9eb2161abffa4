import type { Item } from './types.js';

/** How much the maker counts beside topics. */
const BY = 0.5;

/** What an item is about: its topics, each once, and its maker; a maker of the same name as a topic is that topic. */
export function aboutItem({ topics = [], by }: Pick<Item, 'topics' | 'by'>): string[] {
  const names = Array.isArray(topics) ? [...new Set<string>(topics)] : Object.keys(topics);
  if (by !== undefined && !names.includes(by)) names.push(by);
  return names;
}

/** How much the kind counts. */
const KIND = 0.25;

/** A listed topic weighs 1. */
export const weightIn = ({ topics = [] }: Item, name: string): number => {
  if (isKind(name)) return KIND;
  if (Array.isArray(topics)) return topics.includes(name) ? 1 : BY;
  return Object.hasOwn(topics, name) ? ((topics as Record<string, number>)[name] as number) : BY;
};

/** What it is about, and what kind of thing it is, as a name that no topic has: kinds make things alike, and are nothing to speak of. */
export function namesOf(item: Item): string[] {
  const names = aboutItem(item);
  if (item.kind !== undefined) names.push(`\n${item.kind}`);
  return names;
}

export const isKind = (name: string) => name[0] === '\n';

/** How much more a name counts where fewer items have it (TF-IDF); a kind that all have counts nothing. */
export const rarity = (name: string, seen = 1, count = 1) => Math.log((isKind(name) ? 0 : 1) + count / seen);

/** The topic an item is mostly about: that of the greatest weight, of equals the first. */
export function mainTopic(item: Item): string | undefined {
  const names = aboutItem(item);
  return names.reduce<string | undefined>(
    (most, name) => (most === undefined || weightIn(item, name) > weightIn(item, most) ? name : most),
    undefined,
  );
}
