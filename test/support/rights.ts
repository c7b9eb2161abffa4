import type { Item, Mode, Provenance, Sensitivity, Signal } from 'fordi';
import { NOW, type Scene } from './chance.js';
import { DAY } from './world.js';

// design.md §3 a second time, written from the text and not from the source: what a test holds fordi against.

export const MODES: readonly Mode[] = ['none', 'implicit', 'explicit'];
export const rankOf = (mode: Mode): number => MODES.indexOf(mode);

const degrees: readonly Sensitivity[] = ['ordinary', 'guarded', 'special'];

export const TABLE: Readonly<Record<Provenance, readonly [ordinary: Mode, guarded: Mode, special: Mode]>> = {
  declared: ['explicit', 'explicit', 'none'], // special: only under its own purpose, which these scenes do not have
  transactional: ['explicit', 'implicit', 'none'],
  engaged: ['explicit', 'implicit', 'none'],
  passive: ['implicit', 'implicit', 'none'],
  inferred: ['implicit', 'none', 'none'],
  acquired: ['none', 'none', 'none'],
  contextual: ['explicit', 'implicit', 'implicit'],
};

export const cell = (provenance: Provenance, sensitivity: Sensitivity): Mode => TABLE[provenance][degrees.indexOf(sensitivity)] as Mode;

const topicsOf = ({ topics = [] }: Item) => (Array.isArray(topics) ? (topics as string[]) : Object.keys(topics));

/** The most that may be done with one piece of stored evidence in this scene. */
export function right(s: Signal, scene: Scene): Mode {
  const item = scene.items.find(({ id }) => id === s.item);
  const about = s.item === undefined ? [s.topic] : [s.item, ...(item ? topicsOf(item) : []), item?.by];
  const called = scene.records.filter((e) => e.verb === 'too-personal' && s.verb !== 'too-personal').map((e) => e.topic ?? e.item);
  const open = scene.audience === 'open' && s.provenance === 'passive' && s.sensitivity === 'ordinary';
  const limits: Mode[] = [open ? 'explicit' : cell(s.provenance, s.sensitivity)];
  if (scene.visibility === 'public' && s.sensitivity !== 'ordinary') limits.push('none');
  if (scene.visibility === 'public' && s.provenance === 'transactional') limits.push('implicit');
  if (scene.audience === 'cautious' && s.provenance === 'engaged' && scene.voice !== 'explained') limits.push('implicit');
  if (scene.voice === 'quiet') limits.push('implicit');
  if (scene.voice === 'off') limits.push('none');
  if (s.notice !== '1' || s.first < NOW - scene.since * DAY) limits.push('implicit');
  if (s.until !== undefined && s.until < NOW) limits.push('none');
  if (about.some((x) => x !== undefined && (scene.paused.includes(x) || called.includes(x)))) limits.push('none');
  if (NOW - s.last > scene.namedDays * DAY) limits.push('implicit');
  return limits.reduce((a, b) => (rankOf(a) < rankOf(b) ? a : b));
}
