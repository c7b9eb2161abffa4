import type { Item } from './types.js';

/** How much the maker counts beside topics. */
const BY = 0.5;

/** What an item is about: its topics, each once, and its maker; a maker of the same name as a topic is that topic. */
export function aboutItem({ topics = [], by }: Pick<Item, 'topics' | 'by'>): string[] {
  const names = Array.isArray(topics) ? [...new Set<string>(topics)] : Object.keys(topics);
  if (by !== undefined && !names.includes(by)) names.push(by);
  return names;
}

/** A listed topic weighs 1. */
export const weightIn = ({ topics = [] }: Item, name: string): number => {
  if (Array.isArray(topics)) return topics.includes(name) ? 1 : BY;
  return Object.hasOwn(topics, name) ? ((topics as Record<string, number>)[name] as number) : BY;
};

/** The topic an item is mostly about: that of the greatest weight, of equals the first. */
export function mainTopic(item: Item): string | undefined {
  const names = aboutItem(item);
  return names.reduce<string | undefined>(
    (most, name) => (most === undefined || weightIn(item, name) > weightIn(item, most) ? name : most),
    undefined,
  );
}
