export { FordiError } from './error.js';
export { createFordi } from './fordi.js';
export type * from './types.js';
export { VERBS, type VerbRule } from './verbs.js';
